"""Weekly hours and phone numbers as people write them in a cell.

``09:00–12:00, 13:00–16:00`` is a day. What is special about a slot stands in brackets behind it:
``09:00–12:00 (Sprechzeit, nur mit Termin)``. Slots of one person or of a limited time are not in the
cell and stay as they are.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.exchange.columns import Column, Value
from directory.exchange.known import Known
from directory.exchange.sheets import clean
from directory.exchange.values import CellProblem, quoted
from directory.models import OnPublicHoliday, Phone, Schedule, ScheduleKind, TermTime
from directory.text import fold

CLOSED = "geschlossen"
NOTE = "Hinweis: "
BY_APPOINTMENT = "nur mit Termin"
ON_HOLIDAYS = "an Feiertagen"
SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:[-–—]|bis)\s*(\d{1,2})(?:[:.](\d{2}))?\s*(?:uhr)?", re.I | re.ASCII)
PUNCTUATION = re.compile(r"[\s()/.\-–]+")
ENTRY = re.compile(r"(?:tel(?:efon)?\.?:?)?\s*(?P<number>[+\d][\d\s/.\-–()]*?)\s*(?:\((?P<purpose>[^()]*)\))?", re.I)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A slot of a day, as far as a cell can say it."""

    kind: str = ScheduleKind.OPENING
    opens_at: str = ""
    closes_at: str = ""
    by_appointment: bool = False
    term_time: str = TermTime.ALWAYS
    on_public_holiday: str = OnPublicHoliday.CLOSED
    note: str = ""


def show_slots(slots: Iterable[Slot]) -> str:
    """Return the slots of a day as text of a cell."""
    return ", ".join(_show_slot(slot) for slot in slots)


def _show_slot(slot: Slot) -> str:
    words = []
    if slot.kind != ScheduleKind.OPENING:
        words.append(str(ScheduleKind(slot.kind).label))
    times = f"{slot.opens_at}–{slot.closes_at}" if slot.opens_at else BY_APPOINTMENT
    if slot.by_appointment and slot.opens_at:
        words.append(BY_APPOINTMENT)
    if slot.term_time != TermTime.ALWAYS:
        words.append(str(TermTime(slot.term_time).label))
    if slot.on_public_holiday != OnPublicHoliday.CLOSED:
        words.append(f"{ON_HOLIDAYS} {OnPublicHoliday(slot.on_public_holiday).label}")
    if slot.note:
        words.append(NOTE + slot.note)
    return f"{times} ({', '.join(words)})" if words else times


def read_slots(text: str) -> list[Slot]:
    """Read the slots of a day. Raises CellProblem."""
    if fold(text) in (CLOSED, "zu"):
        return []
    return sorted(_read_slot(part) for part in _parts(text))


def _parts(text: str) -> list[str]:
    """Cut at commas, semicolons, line ends and „und“, except in brackets."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"[()]|[,;\n]|\sund\s", text):
        sign = match[0]
        if sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
        elif depth == 0:
            parts.append(text[start : match.start()])
            start = match.end()
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _read_slot(text: str) -> Slot:
    times, _bracket, rest = text.partition("(")
    values = _read_extras(rest.strip().removesuffix(")")) if rest else {}
    if fold(times) in (fold(BY_APPOINTMENT), "nach vereinbarung", "nach termin"):
        return Slot(**{**values, "by_appointment": True})
    match = SPAN.fullmatch(times.strip())
    if not match:
        raise CellProblem(_("%(text)s ist keine Zeit. So geht es: 09:00–12:00, 13:00–16:00.") % {"text": quoted(text)})
    opens_at, closes_at = _clock(match[1], match[2], text), _clock(match[3], match[4], text)
    if opens_at == closes_at:
        raise CellProblem(_("%(text)s: „von“ und „bis“ sind gleich.") % {"text": quoted(text)})
    return Slot(**{"opens_at": opens_at, "closes_at": closes_at, **values})


def _clock(hour: str, minute: str | None, text: str) -> str:
    hours, minutes = int(hour), int(minute or 0)
    if (hours, minutes) == (24, 0):
        hours = 0  # midnight
    if hours > 23 or minutes > 59:
        raise CellProblem(_("%(text)s ist keine Uhrzeit.") % {"text": quoted(text)})
    return f"{hours:02d}:{minutes:02d}"


def _read_extras(text: str) -> dict[str, Any]:
    words, sign, note = text.partition(NOTE)
    values: dict[str, Any] = {"note": note.strip()} if sign else {}
    known: dict[str, tuple[str, Any]] = {fold(BY_APPOINTMENT): ("by_appointment", True)}
    known |= {fold(str(label)): ("kind", value) for value, label in ScheduleKind.choices}
    known |= {fold(str(label)): ("term_time", value) for value, label in TermTime.choices}
    known |= {fold(f"{ON_HOLIDAYS} {label}"): ("on_public_holiday", value) for value, label in OnPublicHoliday.choices}
    for word in filter(None, (part.strip() for part in words.split(","))):
        if fold(word) not in known:
            allowed = ", ".join([str(label) for _value, label in ScheduleKind.choices] + [BY_APPOINTMENT])
            raise CellProblem(
                _("%(text)s in der Klammer kennen wir nicht. Zum Beispiel geht: %(allowed)s.")
                % {"text": quoted(word), "allowed": allowed}
            )
        name, value = known[fold(word)]
        values[name] = value
    return values


def slot_of(row: Schedule) -> Slot | None:
    """Return a stored slot as a cell can say it; None for what no cell can say."""
    if row.person_id or row.valid_from or row.valid_to:
        return None
    opens_at, closes_at = (f"{value:%H:%M}" if value else "" for value in (row.opens_at, row.closes_at))
    slot = Slot(
        row.kind, opens_at, closes_at, row.by_appointment, row.term_time, row.on_public_holiday, clean(row.note)
    )
    try:
        return slot if read_slots(show_slots([slot])) == [slot] else None
    except CellProblem:
        return None


class HoursColumn(Column):
    """The slots of one weekday."""

    def __init__(self, weekday: int, label: Any, *synonyms: str) -> None:
        super().__init__(f"weekday_{weekday}", label, *synonyms)
        self.weekday = weekday

    def stored(self, row: Any) -> Value:
        """Return the slots a cell can say."""
        return sorted(slot for _row, slot in self._said(row))

    def _said(self, row: Any) -> list[tuple[Schedule, Slot]]:
        if not row.pk:
            return []
        rows = [item for item in row.schedules.all() if item.weekday == self.weekday]
        return [(item, slot) for item in rows if (slot := slot_of(item))]

    def show(self, value: Value, known: Known) -> str:
        """Return the slots as text."""
        return show_slots(value)

    def read(self, text: str, known: Known, row: Any) -> Value:
        """Read the slots and check each."""
        slots = read_slots(text)
        for slot in slots:
            self._check(slot)
        if len(set(slots)) < len(slots):
            raise CellProblem(_("Eine Zeit steht hier doppelt."))
        return slots

    def _check(self, slot: Slot) -> None:
        try:
            self._row(slot).clean_fields(exclude=["contact_point"])
        except ValidationError as error:
            raise CellProblem(" ".join(error.messages)) from error

    def _row(self, slot: Slot, **more: Any) -> Schedule:
        values = {name: getattr(slot, name) for name in Slot.__dataclass_fields__}
        for name in ("opens_at", "closes_at"):
            values[name] = time.fromisoformat(values[name]) if values[name] else None
        return Schedule(weekday=self.weekday, **values, **more)

    def empty(self) -> Value:
        """Return no slot."""
        return []

    def tie(self, row: Any, value: Value) -> None:
        """Make the day what the cell says; slots that are in it already keep their rows."""
        wanted = list(value)
        for item, slot in self._said(row):
            if slot in wanted:
                wanted.remove(slot)
            else:
                item.delete()
        for slot in wanted:
            self._row(slot, contact_point=row).save(force_insert=True)


class PhonesColumn(Column):
    """All numbers of a contact point, each with what it is for in brackets."""

    def stored(self, row: Any) -> Value:
        """Return number and purpose, in order."""
        return [(item.number, _purpose(item.purpose)) for item in row.phones.all()] if row.pk else []

    def show(self, value: Value, known: Known) -> str:
        """Return the numbers so that no spreadsheet takes them for something to calculate."""
        return "; ".join(_show_phone(number, purpose) for number, purpose in value)

    def read(self, text: str, known: Known, row: Any) -> Value:
        """Read numbers in any usual spelling."""
        found = []
        for entry in re.split(r"[;\n]", text):
            if entry.strip():
                found.append(_read_phone(entry.strip()))
        return found

    def empty(self) -> Value:
        """Return no number."""
        return []

    def both(self, one: Value, other: Value) -> Value:
        """Return all numbers, each once."""
        known = {number for number, _purpose in one}
        return [*one, *(entry for entry in other if entry[0] not in known)]

    def tie(self, row: Any, value: Value) -> None:
        """Make the list what the cell says; numbers that are in it already keep their rows."""
        rest = list(row.phones.all())
        for position, (number, purpose) in enumerate(value):
            item = next((phone for phone in rest if phone.number == number), None)
            if item is None:
                item = Phone(contact_point=row, number=number)
            else:
                rest.remove(item)
            item.purpose, item.position = purpose, position
            item.save()
        for item in rest:
            item.delete()


def _show_phone(number: str, purpose: str) -> str:
    plain = f"Tel. 0{number[3:]}" if number.startswith("+49") else f"Tel. 00{number[1:]}"
    return f"{plain} ({purpose})" if purpose else plain


def _purpose(text: str) -> str:
    """The purpose as it can stand in brackets and between semicolons."""
    return " ".join(clean(text).translate(str.maketrans(";()", ",[]")).split())


def _read_phone(text: str) -> tuple[str, str]:
    match = ENTRY.fullmatch(text)
    digits = PUNCTUATION.sub("", match["number"]) if match else ""
    if digits.startswith("+490"):
        digits = f"+49{digits[4:]}"
    elif digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0"):
        digits = f"+49{digits[1:]}"
    phone = Phone(number=digits, purpose=_purpose(match["purpose"] or "") if match else "")
    try:
        phone.clean_fields(exclude=["contact_point"])
    except ValidationError as error:
        if "number" in error.message_dict:
            message = _("%(text)s ist keine Telefonnummer. So geht es: 03904 7240 (Zentrale).")
        else:
            message = _("Hinter %(text)s steht zu viel in der Klammer.")
        raise CellProblem(message % {"text": quoted(text)}) from error
    return phone.number, phone.purpose
