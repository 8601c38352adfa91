"""Free times as plain values: what the row says, what holidays and absences take, and the two nights of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counseling.slots import Pattern, Slot, slots, slots_on
from directory.opening import Absence, Calendar, Hours, Person, Subject, TermTime, WeeklySlot
from directory.opening.walltime import BERLIN
from tests.factories.opening import CALENDAR, MONDAY, SUNDAY, TUESDAY, at, closed, other, slot

HOUSE = Subject()
MONDAYS = slot(MONDAY, "09:00", "10:30")
NIGHT = slot(SUNDAY, "01:00", "04:00")


def words(found: list[Slot]) -> list[str]:
    return [f"{one.starts_at.astimezone(BERLIN):%d.%m. %H:%M}" for one in found]


def on(day: str, row: WeeklySlot = MONDAYS, house: Subject = HOUSE, *, minutes: int = 30) -> list[str]:
    found = slots_on(Pattern(row, minutes), house, CALENDAR, date.fromisoformat(day))
    return [f"{one.starts_at.astimezone(BERLIN):%H:%M}" for one in found]


def place(*exceptions: object) -> Subject:
    return Subject(place=Hours(exceptions=exceptions))  # type: ignore[arg-type]


def person(*exceptions: object, absences: tuple[Absence, ...] = (), house: tuple[object, ...] = ()) -> Subject:
    return Subject(Hours(exceptions=house), person=Person(Hours(exceptions=exceptions), absences))  # type: ignore[arg-type]


def test_row_is_cut_into_whole_appointments() -> None:
    assert on("2026-11-23") == ["09:00", "09:30", "10:00"]
    assert on("2026-11-23", minutes=40) == ["09:00", "09:40"]
    assert on("2026-11-24") == []
    assert on("2026-11-23", minutes=91) == []


def test_what_the_opening_hours_know_takes_times_away_and_never_moves_them() -> None:
    assert on("2027-01-01", slot(4, "09:00", "10:00")) == []  # New Year is a Friday
    assert on("2026-11-23", house=place(closed("2026-11-23"))) == []
    assert on("2026-11-23", house=place(other("2026-11-23", ("09:15", "12:00")))) == ["09:30", "10:00"]
    assert on("2026-11-23", house=place(other("2026-11-23", ("14:00", "18:00")))) == []
    assert on("2026-11-23", house=person(other("2026-11-23", ("08:00", "10:00")))) == ["09:00", "09:30"]
    assert on("2026-11-23", house=person(closed("2026-11-23"))) == []
    assert on("2026-11-30", house=person(closed("2026-11-23"))) == ["09:00", "09:30", "10:00"]


def test_who_is_away_has_no_appointments_whoever_stands_in() -> None:
    stand_in = Person(Hours((slot(MONDAY, "08:00", "18:00"),)))
    for absence in (
        Absence(date(2026, 11, 23), date(2026, 11, 24)),
        Absence(date(2026, 11, 23), date(2026, 11, 24), "Vertretung", stand_in),
    ):
        assert on("2026-11-23", house=person(absences=(absence,))) == []
        assert (
            on("2026-11-23", house=person(absences=(absence,), house=(other("2026-11-23", ("08:00", "18:00")),))) == []
        )
        assert on("2026-11-30", house=person(absences=(absence,))) == ["09:00", "09:30", "10:00"]


def test_term_time_and_validity() -> None:
    school = slot(MONDAY, "09:00", "09:30", term_time=TermTime.SCHOOL_DAYS)
    assert (on("2026-10-19", school), on("2026-11-02", school)) == ([], ["09:00"])
    dated = slot(MONDAY, "09:00", "09:30", valid_from=date(2026, 11, 24), valid_to=date(2026, 11, 30))
    assert [on(day, dated) for day in ("2026-11-23", "2026-11-30", "2026-12-07")] == [[], ["09:00"], []]


def test_lead_time_and_horizon() -> None:
    pattern = Pattern(MONDAYS, 30, timedelta(hours=24), 2)
    assert words(list(slots(pattern, HOUSE, CALENDAR, at=at("2026-11-22 09:30")))) == [
        "23.11. 09:30", "23.11. 10:00", "30.11. 09:00", "30.11. 09:30", "30.11. 10:00",
    ]  # fmt: skip
    assert words(list(slots(pattern, HOUSE, CALENDAR, at=at("2026-11-23 09:30"), first=date(2026, 12, 1)))) == [
        "07.12. 09:00", "07.12. 09:30", "07.12. 10:00",
    ]  # fmt: skip
    assert list(slots(pattern, HOUSE, CALENDAR, at=at("2026-11-23 09:30"), first=date.max)) == []
    with pytest.raises(ValueError, match="aware"):
        list(slots(pattern, HOUSE, CALENDAR, at=datetime(2026, 11, 23)))  # noqa: DTZ001


def test_no_appointment_in_the_hour_that_is_skipped() -> None:
    assert on("2027-03-28", NIGHT) == ["01:00", "01:30", "03:00", "03:30"]
    assert on("2027-03-28", slot(SUNDAY, "02:00", "03:00")) == []
    assert on("2027-03-28", slot(SUNDAY, "02:30", "04:00")) == ["03:00", "03:30"]


def test_two_in_the_hour_that_comes_twice() -> None:
    found = slots_on(Pattern(NIGHT, 60), HOUSE, CALENDAR, date(2027, 10, 31))
    assert [f"{one.starts_at:%H:%M}" for one in found] == ["23:00", "00:00", "01:00", "02:00"]
    assert [f"{one.starts_at.astimezone(BERLIN):%H:%M %z}" for one in found] == [
        "01:00 +0200", "02:00 +0200", "02:00 +0100", "03:00 +0100",
    ]  # fmt: skip


def test_leap_day_and_year_end() -> None:
    assert on("2028-02-29", slot(TUESDAY, "09:00", "10:00")) == ["09:00", "09:30"]
    pattern = Pattern(slot(3, "23:00", "23:59"), 59, timedelta(0), 1)
    assert words(list(slots(pattern, HOUSE, Calendar(), at=at("2026-12-31 12:00")))) == ["31.12. 23:00", "07.01. 23:00"]


minutes_of_day = st.integers(0, 24 * 60 - 1)
around_the_changes = st.sampled_from([date(2027, 3, 27), date(2027, 10, 30), date(2028, 2, 28), date(2026, 12, 30)])


@st.composite
def cases(draw: st.DrawFn) -> tuple[Pattern, Subject, datetime]:
    start = draw(minutes_of_day)
    end = draw(st.integers(start + 1, 24 * 60 - 1)) if start < 24 * 60 - 1 else start
    wall = [time(number // 60, number % 60) for number in (start, max(end, start))]
    day = draw(around_the_changes) + timedelta(days=draw(st.integers(-9, 9)))
    row = WeeklySlot(draw(st.integers(0, 6)), *(wall if start < end else [time(9), time(10)]))
    pattern = Pattern(
        row, draw(st.integers(5, 240)), timedelta(hours=draw(st.integers(0, 60))), draw(st.integers(1, 3))
    )
    exceptions = [
        draw(st.sampled_from([closed, lambda day: other(day, ("01:30", "13:00"))]))(
            (day + timedelta(days=draw(st.integers(0, 9)))).isoformat()
        )
        for _number in range(draw(st.integers(0, 2)))
    ]
    house = draw(st.sampled_from([place, person]))(*exceptions)
    return pattern, house, datetime.combine(day, time(draw(st.integers(0, 23)), 7), BERLIN)


@settings(max_examples=120, deadline=None)
@given(cases())
def test_times_are_whole_apart_and_within_the_row(case: tuple[Pattern, Subject, datetime]) -> None:
    pattern, house, moment = case
    found = list(slots(pattern, house, CALENDAR, at=moment))
    bare = list(slots(pattern, HOUSE, Calendar(), at=moment))
    length = timedelta(minutes=pattern.minutes)
    assert set(found) <= set(bare)
    assert all(one.ends_at - one.starts_at == length and one.starts_at.tzinfo is UTC for one in bare)
    assert all(one.ends_at <= two.starts_at for one, two in pairwise(bare))
    opens, closes = pattern.row.opens_at, pattern.row.closes_at
    for one in bare:
        wall = one.starts_at.astimezone(BERLIN)
        assert wall.astimezone(UTC) == one.starts_at and wall.weekday() == pattern.row.weekday
        assert opens <= wall.time() < closes  # type: ignore[operator]
        assert one.starts_at >= moment.astimezone(UTC) + pattern.lead
        assert wall.date() <= moment.date() + timedelta(weeks=pattern.weeks)
    blocked = {day.starts_on for day in house.place.exceptions if day.kind == "closed"}
    assert not blocked & {one.starts_at.astimezone(BERLIN).date() for one in found}
