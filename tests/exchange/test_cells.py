"""Hours, numbers and lists as people write them; what is shown is read back as it was."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.exchange import values
from directory.exchange.hours_cells import Slot, read_slots, show_slots
from directory.exchange.recognise import recognise
from directory.exchange.registry import kind_of
from directory.exchange.values import CellProblem
from directory.models import ContactPoint, Schedule
from tests.factories.directory import ContactPointFactory

CLOCKS = st.times().map(lambda value: f"{value:%H:%M}")
NOTES = st.text("abc äß,-/:.!()", max_size=20).map(str.strip)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("09:00–12:00, 13:00–16:00", ["09:00–12:00", "13:00–16:00"]),
        ("9-12 und 13.30 bis 16 Uhr", ["09:00–12:00", "13:30–16:00"]),
        ("8:00 - 12:00; 18:00-24:00", ["08:00–12:00", "18:00–00:00"]),
        ("13:00–16:00\n09:00–12:00", ["09:00–12:00", "13:00–16:00"]),
        ("geschlossen", []),
    ],
)
def test_hours_are_read_in_any_usual_spelling(text: str, times: list[str]) -> None:
    assert [f"{slot.opens_at}–{slot.closes_at}" for slot in read_slots(text)] == times


def test_what_is_special_about_a_slot_stands_in_brackets() -> None:
    text = (
        "09:00–12:00 (Sprechzeit, nur mit Termin, Hinweis: bitte klingeln, links), nur mit Termin (nur an Schultagen)"
    )
    first, second = sorted(read_slots(text), key=lambda slot: slot.kind)
    assert first == Slot("consultation", "09:00", "12:00", True, note="bitte klingeln, links")
    assert second == Slot(by_appointment=True, term_time="school_days")


@pytest.mark.parametrize(
    "text", ["abc", "25:00–26:00", "9:00", "09:00–09:00", "9-12 (Quatsch)", "9-12, x", "–", "9–12–13"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(CellProblem):
        read_slots(text)


SLOTS = st.builds(
    Slot,
    kind=st.sampled_from(["opening", "consultation", "phone"]),
    opens_at=CLOCKS,
    closes_at=CLOCKS,
    by_appointment=st.booleans(),
    term_time=st.sampled_from(["always", "school_days", "holidays"]),
    on_public_holiday=st.sampled_from(["closed", "open", "unknown"]),
    note=NOTES,
).filter(lambda slot: slot.opens_at != slot.closes_at)


@settings(max_examples=60, deadline=None)
@given(st.lists(SLOTS, max_size=3, unique=True))
def test_shown_hours_are_read_back_or_stay_out_of_the_cell(slots: list[Slot]) -> None:
    for slot in slots:
        row = Schedule(
            weekday=0,
            **{name: getattr(slot, name) for name in Slot.__dataclass_fields__ if not name.endswith("_at")},
            opens_at=time.fromisoformat(slot.opens_at),
            closes_at=time.fromisoformat(slot.closes_at),
        )
        from_cell = kind_of("anlaufstellen").column("weekday_0")._said(PointWith([row]))
        for _row, said in from_cell:
            assert read_slots(show_slots([said])) == [slot]
    plain = [slot for slot in slots if not set(slot.note) & set("()")]
    assert read_slots(show_slots(plain) or "geschlossen") == sorted(plain)


class PointWith:
    """A contact point as the column sees it."""

    pk = 1

    def __init__(self, rows: list[Schedule]) -> None:
        self.schedules = self
        self.rows = rows

    def all(self) -> list[Schedule]:
        return self.rows


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("03904 7240", [("+49390472400"[:-1], "")]),
        ("Tel. 03904/7240-14 (Zentrale); +49 (0)391 123456", [("+493904724014", "Zentrale"), ("+49391123456", "")]),
        ("0043 1 234567", [("+431234567", "")]),
    ],
)
def test_phone_numbers_are_read_in_any_usual_spelling(text: str, numbers: list[tuple[str, str]]) -> None:
    column = kind_of("anlaufstellen").column("phones")
    assert column.read(text, None, ContactPoint()) == numbers
    assert column.read(column.show(numbers, None), None, ContactPoint()) == numbers


@pytest.mark.parametrize(
    "text", ["abc", "12", "03904 7240 (a) (b)", "03904 7240 Zentrale", "1" * 30, "112 (" + "x" * 81 + ")"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(CellProblem):
        kind_of("anlaufstellen").column("phones").read(text, None, ContactPoint())


def test_heads_are_recognised_by_name_by_other_names_and_by_likeness() -> None:
    kind = kind_of("anlaufstellen")
    header = ["PLZ", "strasse", "E-Mail-Adresse", "Telefone", "Mo", "Bemerkung", "", "Status", "Was ist falsch?"]
    found = [(guess.name, guess.is_sure) for guess in recognise(header, kind)]
    assert found == [
        ("postal_code", True), ("street", True), ("email", True), ("phones", False), ("weekday_0", True), ("", False),
        ("", False), ("", True), ("", True),
    ]  # fmt: skip
    assert [guess.is_sure for guess in recognise(["PLZ", "Postleitzahl"], kind)] == [False, False]


def test_hours_of_a_person_or_a_time_of_year_stay_as_they_are(db: None) -> None:
    point = ContactPointFactory(hours=1)
    person = point.persons.create(name="Beratung")
    for fields in ({"person": person}, {"valid_from": "2026-12-01"}):
        point.schedules.create(weekday=0, opens_at=time(14), closes_at=time(15), **fields)
    column = kind_of("anlaufstellen").column("weekday_0")
    assert column.show(column.stored(point), None) == "09:00–12:00"
    column.tie(point, read_slots("10:00–12:00"))
    assert sorted(f"{row.opens_at:%H:%M}" for row in point.schedules.filter(weekday=0)) == ["10:00", "14:00", "14:00"]
    assert point.schedules.filter(weekday=1).count() == 1


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (values.read_day, "22.11.2026", date(2026, 11, 22)),
        (values.read_day, "2026-11-22", date(2026, 11, 22)),
        (values.read_day, "1.2.26", date(2026, 2, 1)),
        (values.read_flag, "Ja", True),
        (values.read_flag, "x", True),
        (values.read_flag, "0", False),
        (values.read_number, "52,25", 52.25),
        (values.read_amount, "12,50 €", Decimal("12.50")),
        (values.read_whole, "15", 15),
    ],
)
def test_values_are_read_as_people_write_them(read: Any, text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (values.read_day, "31.02.2026"), (values.read_day, "31.12.9999"), (values.read_day, "morgen"),
        (values.read_flag, "vielleicht"), (values.read_number, "1e309"), (values.read_number, "NaN"),
        (values.read_amount, "1.000,00"), (values.read_amount, "-5"), (values.read_whole, "٣٤"),
        (values.read_whole, "9" * 40), (values.read_whole, "²"),
    ],
)  # fmt: skip
def test_what_is_no_such_value_is_refused(read: Any, text: str) -> None:
    with pytest.raises(CellProblem):
        read(text)
