"""Hours rows become the right words."""

from datetime import date, datetime, time

import pytest

from directory.contact import contact_points_with_details
from directory.hours import calendar_around, calendar_for, open_line, week_view
from directory.models import ContactPoint
from directory.opening import BERLIN, State
from tests.factories.directory import (
    AbsenceFactory,
    ContactPointFactory,
    ExceptionFactory,
    PersonFactory,
    ScheduleFactory,
    SchoolHolidayFactory,
)

MONDAY = date(2026, 11, 23)


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


def line(point: ContactPoint, moment: datetime):
    loaded = contact_points_with_details().get(pk=point.pk)
    return open_line(loaded, at=moment, calendar=calendar_around(moment))


def days(point: ContactPoint, start: date = MONDAY):
    loaded = contact_points_with_details().get(pk=point.pk)
    moment = datetime.combine(start, time(12), tzinfo=BERLIN)
    return week_view(loaded, start=start, calendar=calendar_around(moment))


@pytest.fixture
def point(db) -> ContactPoint:
    """Monday 9–12 and 13–16:30, Tuesday 9–12."""
    point = ContactPointFactory()
    ScheduleFactory(contact_point=point)
    ScheduleFactory(contact_point=point, opens_at=time(13), closes_at=time(16, 30))
    ScheduleFactory(contact_point=point, weekday=1)
    return point


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (at(23, 8), "Gerade zu · öffnet heute um 9 Uhr"),
        (at(23, 9), "Jetzt offen bis 12 Uhr · wieder heute, 13 Uhr"),
        (at(23, 12), "Gerade zu · öffnet heute um 13 Uhr"),
        (at(23, 14), "Jetzt offen bis 16:30 Uhr · wieder morgen, 9 Uhr"),
        (at(23, 16, 30), "Gerade zu · öffnet morgen um 9 Uhr"),
        (at(24, 11), "Jetzt offen bis 12 Uhr · wieder Montag, 9 Uhr"),
        (at(24, 12), "Gerade zu · öffnet Montag um 9 Uhr"),
    ],
)
def test_open_line_says_until_when_and_when_next(point, moment, text) -> None:
    assert line(point, moment).text == text


def test_open_line_carries_the_instants(point) -> None:
    found = line(point, at(24, 11))
    assert (found.state, found.is_open, found.open_now) == (State.OPEN, True, True)
    assert found.until == at(24, 12)
    assert found.opens_at == at(30, 9)


def test_open_line_names_a_day_beyond_the_week_with_its_date(point) -> None:
    ExceptionFactory(contact_point=point, starts_on=date(2026, 11, 24), ends_on=date(2026, 12, 6), reason="Umbau")
    found = line(point, at(24, 10))
    assert found.text == "Gerade zu · öffnet Montag, 7. Dezember um 9 Uhr"
    assert found.why == "Umbau"


def test_open_line_without_rows_is_missing_and_never_closed(db) -> None:
    found = line(ContactPointFactory(), at(23, 10))
    assert (found.text, found.state, found.open_now) == ("Zeiten: Angabe fehlt", State.UNKNOWN, None)


def test_open_line_says_when_there_are_no_fixed_hours(db) -> None:
    assert line(ContactPointFactory(hours_state="none"), at(23, 10)).text == "Keine festen Zeiten"


def test_open_line_hides_hours_without_a_source(db) -> None:
    point = ContactPointFactory(verified=False)
    ScheduleFactory(contact_point=point)
    assert line(point, at(23, 10)).text == "Zeiten: Angabe fehlt"
    assert days(point) == []


def test_open_line_shows_hours_of_example_data(db) -> None:
    point = ContactPointFactory(verified=False, is_example=True)
    ScheduleFactory(contact_point=point)
    assert line(point, at(23, 10)).is_open


def test_open_line_by_appointment_only(db) -> None:
    point = ContactPointFactory()
    ScheduleFactory(contact_point=point, weekday=2, by_appointment=True)
    for moment in (at(25, 10), at(23, 10)):
        found = line(point, moment)
        assert (found.text, found.state, found.is_open) == ("Nur mit Termin", State.BY_APPOINTMENT, False)


def test_open_line_by_appointment_on_request(db) -> None:
    point = ContactPointFactory()
    ScheduleFactory(contact_point=point, opens_at=None, closes_at=None, by_appointment=True)
    assert line(point, at(23, 10)).text == "Nur mit Termin"


def test_open_line_during_appointments_names_the_walk_in_hours(point) -> None:
    ScheduleFactory(contact_point=point, weekday=2, by_appointment=True)
    assert line(point, at(25, 10)).text == "Gerade nur mit Termin · öffnet Montag um 9 Uhr"


def test_open_line_on_a_holiday_that_closes(db) -> None:
    point = ContactPointFactory(hours=1)
    found = line(point, at(1, 10, month=1, year=2027))
    assert found.text == "Gerade zu · öffnet Montag um 9 Uhr"
    assert found.why == "Feiertag: Neujahr"


def test_open_line_on_a_holiday_nobody_knows_about(db) -> None:
    point = ContactPointFactory()
    ScheduleFactory(contact_point=point, weekday=4, on_public_holiday="unknown")
    found = line(point, at(1, 10, month=1, year=2027))
    assert (found.text, found.open_now) == ("Feiertag – ruf vorher an", None)


def test_open_line_by_phone_only(db) -> None:
    point = ContactPointFactory(has_in_person=False, has_phone=True)
    ScheduleFactory(contact_point=point, kind="phone")
    assert line(point, at(23, 10)).text == "Jetzt am Telefon bis 12 Uhr · wieder Montag, 30. November, 9 Uhr"
    assert line(point, at(24, 10)).text == "Gerade nicht am Telefon · am Telefon Montag um 9 Uhr"


def test_open_line_around_the_clock(db) -> None:
    point = ContactPointFactory()
    for weekday in range(7):
        for opens_at, closes_at in ((time(0), time(12)), (time(12), time(0))):
            ScheduleFactory(
                contact_point=point,
                weekday=weekday,
                opens_at=opens_at,
                closes_at=closes_at,
                on_public_holiday="open",
            )
    assert line(point, at(23, 10)).text == "Rund um die Uhr offen"


def test_open_line_until_midnight_and_beyond(db) -> None:
    until_midnight, beyond = ContactPointFactory(), ContactPointFactory()
    ScheduleFactory(contact_point=until_midnight, opens_at=time(20), closes_at=time(0))
    ScheduleFactory(contact_point=beyond, opens_at=time(20), closes_at=time(2))
    assert line(until_midnight, at(23, 21)).text.startswith("Jetzt offen bis 24 Uhr")
    assert line(beyond, at(23, 21)).text.startswith("Jetzt offen bis morgen um 2 Uhr")


def test_open_line_when_only_persons_have_hours(db) -> None:
    person = PersonFactory()
    ScheduleFactory(contact_point=person.contact_point, person=person, kind="consultation")
    assert line(person.contact_point, at(23, 10)).text == "Zeiten stehen bei den Ansprechpersonen"


def test_open_line_refuses_a_naive_instant(point) -> None:
    loaded = contact_points_with_details().get(pk=point.pk)
    with pytest.raises(ValueError, match="aware"):
        open_line(loaded, at=datetime(2026, 11, 23, 9), calendar=calendar_for(MONDAY, MONDAY))  # noqa: DTZ001


def test_week_view_shows_seven_days_with_what_differs_and_why(point) -> None:
    ExceptionFactory(
        contact_point=point, starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 24), reason="Betriebsausflug"
    )
    week = days(point)
    assert [day.name for day in week] == [
        "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
    ]  # fmt: skip
    assert [day.is_today for day in week] == [True] + [False] * 6
    assert week[0].lines == ("9 bis 12 Uhr und 13 bis 16:30 Uhr",)
    assert (week[0].differs, week[0].reason, week[0].state) == (False, "", "open")
    assert (week[1].lines, week[1].differs, week[1].reason) == (("geschlossen",), True, "Betriebsausflug")
    assert (week[2].lines, week[2].differs, week[2].reason) == (("geschlossen",), False, "")


def test_week_view_shows_other_hours(point) -> None:
    ExceptionFactory(
        contact_point=point,
        kind="hours",
        starts_on=MONDAY,
        ends_on=MONDAY,
        opens_at=time(10),
        closes_at=time(11),
        reason="Fortbildung",
    )
    day = days(point)[0]
    assert (day.lines, day.differs, day.reason) == (("10 bis 11 Uhr",), True, "Fortbildung")


def test_week_view_names_holidays_of_land_and_school(db) -> None:
    point = ContactPointFactory(hours=1)
    ScheduleFactory(contact_point=point, weekday=0, opens_at=time(13), closes_at=time(14), term_time="school_days")
    SchoolHolidayFactory(name="Weihnachtsferien", starts_on=date(2026, 12, 21), ends_on=date(2027, 1, 2))
    week = days(point, date(2026, 12, 21))
    assert (week[0].lines, week[0].reason) == (("9 bis 12 Uhr",), "Schulferien: Weihnachtsferien")
    assert (week[4].lines, week[4].reason) == (("geschlossen",), "Feiertag: Erster Weihnachtstag")


def test_week_view_does_not_guess_school_holidays_nobody_entered(db) -> None:
    point = ContactPointFactory()
    ScheduleFactory(contact_point=point, term_time="school_days")
    day = days(point)[0]
    assert (day.lines, day.state) == (("Angabe fehlt",), "unknown")


def test_week_view_adds_phone_hours_and_persons_only_where_they_say_something(point) -> None:
    ScheduleFactory(contact_point=point, kind="phone", opens_at=time(8), closes_at=time(9))
    person = PersonFactory(contact_point=point, name="Erstberatung")
    ScheduleFactory(
        contact_point=point, person=person, kind="consultation", weekday=1, by_appointment=True, note="Ruf vorher an."
    )
    week = days(point)
    assert week[0].lines == ("9 bis 12 Uhr und 13 bis 16:30 Uhr", "Telefon: 8 bis 9 Uhr")
    assert week[1].lines == ("9 bis 12 Uhr", "Sprechzeit Erstberatung: mit Termin 9 bis 12 Uhr – Ruf vorher an")
    assert week[2].lines == ("geschlossen",)


def test_week_view_says_who_stands_in(point) -> None:
    stand_in = PersonFactory(contact_point=point, name="Zweitberatung")
    person = PersonFactory(contact_point=point, name="Erstberatung", substitute=stand_in)
    ScheduleFactory(contact_point=point, person=person, kind="consultation")
    ScheduleFactory(contact_point=point, person=stand_in, kind="consultation", opens_at=time(14), closes_at=time(15))
    AbsenceFactory(person=person, starts_on=MONDAY, ends_on=MONDAY)
    day = days(point)[0]
    assert "Sprechzeit Erstberatung: 14 bis 15 Uhr" in day.lines
    assert day.reason == "Vertretung: Zweitberatung"


def test_week_view_says_when_nobody_stands_in(point) -> None:
    person = PersonFactory(contact_point=point, name="Erstberatung")
    ScheduleFactory(contact_point=point, person=person, kind="consultation")
    AbsenceFactory(person=person, starts_on=MONDAY, ends_on=MONDAY)
    assert "Sprechzeit Erstberatung: nicht da" in days(point)[0].lines


def test_week_view_shows_a_message_without_changing_hours(point) -> None:
    ExceptionFactory(contact_point=point, kind="message", starts_on=MONDAY, ends_on=MONDAY, reason="Die Tür klemmt.")
    day = days(point)[0]
    assert (day.messages, day.lines, day.differs) == (
        ("Die Tür klemmt.",),
        ("9 bis 12 Uhr und 13 bis 16:30 Uhr",),
        False,
    )


def test_calendar_holds_the_holidays_of_the_land(db) -> None:
    calendar = calendar_for(date(2026, 12, 30), date(2027, 2, 1))
    assert calendar.public_holidays[date(2027, 1, 6)] == "Heilige Drei Könige"
    assert date(2026, 12, 26) in calendar.public_holidays
    assert date(2028, 1, 1) not in calendar.public_holidays


def test_calendar_follows_the_rows(db, django_assert_num_queries) -> None:
    assert calendar_for(MONDAY, MONDAY).school_holidays == ()
    SchoolHolidayFactory(starts_on=date(2026, 10, 19), ends_on=date(2026, 10, 30))
    calendar = calendar_for(MONDAY, MONDAY)
    assert calendar.school_holidays == ((date(2026, 10, 19), date(2026, 10, 30), "Herbstferien"),)
    assert calendar.school_known_until == date(2026, 10, 30)
    with django_assert_num_queries(1):
        calendar_for(MONDAY, MONDAY)
