"""How a value is written in a cell and read from it. What is shown can be read again: nothing changes on the way."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from directory.exchange.sheets import clean
from directory.text import fold

YES = frozenset({"ja", "j", "x", "1", "wahr", "true", "yes", "y"})
NO = frozenset({"nein", "n", "0", "falsch", "false", "no"})
DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y")
SHOWN = 60  # characters of a wrong value that a message quotes


class CellProblem(Exception):
    """What is wrong with a cell, in German."""


def quoted(text: str) -> str:
    """Return the text as a message quotes it."""
    return f"„{text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}“"


def read_flag(text: str) -> bool:
    """Read yes or no."""
    word = fold(text)
    if word in YES or word in NO:
        return word in YES
    raise CellProblem(_("%(text)s passt nicht. Gebraucht wird ja oder nein.") % {"text": quoted(text)})


def read_whole(text: str) -> int:
    """Read a whole number ≥ 0, not longer than any database column takes."""
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return int(text)
    raise CellProblem(_("%(text)s passt nicht. Gebraucht wird eine ganze Zahl.") % {"text": quoted(text)})


def read_number(text: str) -> float:
    """Read a number with comma or point."""
    if re.fullmatch(r"-?\d{1,9}([.,]\d{1,15})?", text, re.ASCII):
        return float(text.replace(",", "."))
    raise CellProblem(_("%(text)s passt nicht. Gebraucht wird eine Zahl.") % {"text": quoted(text)})


def read_amount(text: str) -> Decimal:
    """Read an amount of money such as ``12,50 €``."""
    plain = text.removesuffix("€").removesuffix("Euro").strip().replace(",", ".")
    try:
        amount = Decimal(plain) if re.fullmatch(r"\d{1,9}(\.\d{1,2})?", plain, re.ASCII) else None
    except InvalidOperation:
        amount = None
    if amount is None:
        raise CellProblem(_("%(text)s passt nicht. Gebraucht wird ein Betrag wie 12,50.") % {"text": quoted(text)})
    return amount


def read_day(text: str) -> date:
    """Read a day as 22.11.2026 or 2026-11-22."""
    for pattern in DAY_FORMATS:
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
        if 1900 <= day.year < 2200:
            return day
    raise CellProblem(_("%(text)s passt nicht. Gebraucht wird ein Datum wie 22.11.2026.") % {"text": quoted(text)})


def read_choice(text: str, choices: Iterable[tuple[Any, Any]]) -> Any:
    """Read one of the labels (or stored values), however it is written."""
    pairs = [(value, str(label)) for value, label in choices]
    word = fold(text)
    for value, label in pairs:
        if word in (fold(label), fold(str(value))):
            return value
    allowed = ", ".join(label for _value, label in pairs)
    raise CellProblem(
        _("%(text)s ist nicht erlaubt. Erlaubt ist: %(allowed)s.") % {"text": quoted(text), "allowed": allowed}
    )


def split_list(text: str) -> list[str]:
    """Return the entries of a cell with several: one a line, or with semicolons between."""
    return [entry for entry in (part.strip() for part in re.split(r"[;\n]", text)) if entry]


def join_list(entries: Iterable[str]) -> str:
    """Return a cell with several entries."""
    return "; ".join(entries)


def read_field(text: str, field: Any) -> Any:
    """Read what a model field holds."""
    if field.choices:
        return read_choice(text, field.flatchoices)
    if isinstance(field, models.BooleanField):
        return read_flag(text)
    if isinstance(field, models.DecimalField):
        return read_amount(text)
    if isinstance(field, models.IntegerField):
        return read_whole(text)
    if isinstance(field, models.FloatField):
        return read_number(text)
    if isinstance(field, models.DateField):
        return read_day(text)
    return text


def stored_field(row: Any, field: Any) -> Any:
    """Return the value of a row as a file could bring it: texts in one spelling."""
    value = getattr(row, field.attname)
    return clean(value) if isinstance(value, str) else value


def show_field(value: Any, field: Any) -> str:
    """Return the text of a cell."""
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return str(value).replace(".", ",") if isinstance(value, float | Decimal) else str(value)


def empty_value(field: Any) -> Any:
    """Return what the field holds when nothing is known."""
    if field.has_default():
        return field.get_default()
    return None if field.null else ""
