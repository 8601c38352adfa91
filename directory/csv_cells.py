"""Cells of a CSV file that no spreadsheet takes for a formula."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

# What makes Excel, LibreOffice or Numbers calculate, and the full-width forms they read the same way.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> str:
    """Return the text of a cell; what would begin a formula gets a ' in front. None becomes an empty cell.

    Blanks before the sign do not help: they are looked through.
    """
    text = "" if value is None else str(value)
    return (
        f"'{text}" if text.startswith(DANGEROUS) or text.lstrip(" \u00a0\u3000\ufeff").startswith(DANGEROUS) else text
    )


def write_csv(target: TextIO, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows with every cell safe and quoted, separated by semicolons as German spreadsheets expect."""
    csv.writer(target, delimiter=";", quoting=csv.QUOTE_ALL).writerows(
        [safe_cell(cell) for cell in row] for row in rows
    )
