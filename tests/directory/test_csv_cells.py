"""No cell of a CSV file becomes a formula, and every cell can be read back."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.csv_cells import DANGEROUS, safe_cell, write_csv


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠A",
        "  =1",
        "\u00a0=1",
        "\ufeff=1",
    ],
)
def test_formulas_become_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Beratung", "a=b", "0391 123", "'=1", "", None, 12, 'ä;"ö"\n=x'])
def test_other_cells_stay(value: object) -> None:
    assert safe_cell(value) == ("" if value is None else str(value))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("=+-@\t\r\n＝ ;\"'"))), min_size=1
        ),
        min_size=1,
        max_size=5,
    )
)
def test_every_row_comes_back_and_none_calculates(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    write_csv(out, rows)
    read = list(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=";"))
    assert read == [[safe_cell(cell) for cell in row] for row in rows]
    assert not any(cell.startswith(DANGEROUS) for row in read for cell in row)
    assert all(line.startswith('"') for line in out.getvalue().split("\r\n")[:1])
