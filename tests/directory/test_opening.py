"""Truth table of the opening hours: one row per situation, expected values worked out by hand."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from directory.opening import (
    Calendar,
    Kind,
    OnPublicHoliday,
    Reason,
    State,
    Subject,
    TermTime,
    WeeklySlot,
    next_opening,
    open_at,
)
from tests.factories.opening import (
    APPOINTMENTS,
    CALENDAR,
    FRIDAY,
    LATE,
    MONDAY,
    NIGHT,
    OFFICE,
    ON_REQUEST,
    SATURDAY,
    SILENT,
    SUNDAY,
    SUNDAY_NIGHT,
    THURSDAY,
    TUESDAY,
    at,
    closed,
    holiday_rows,
    message,
    other,
    place,
    same_instant,
    slot,
    t,
    term_rows,
)


@dataclass(frozen=True)
class Row:
    """When asked, what is the answer, until when, since which rule, and when does it open next."""

    name: str
    subject: Subject
    moment: datetime
    state: State
    reason: Reason
    until: datetime | None = None
    opens: datetime | None = None
    calendar: Calendar = field(default=CALENDAR)


OPEN, CLOSED, UNKNOWN = State.OPEN, State.CLOSED, State.UNKNOWN
BY_APPOINTMENT, HOLIDAY_UNKNOWN = State.BY_APPOINTMENT, State.HOLIDAY_UNKNOWN
ASK = OnPublicHoliday.UNKNOWN

# Mondays: 2 March, 4 May, 12 and 19 October, 23 November, 28 December 2026. Clock changes: 29 March, 25 October.
TABLE = [
    # a normal day and its edges
    Row("before opening", place(*OFFICE), at("2026-11-23T07:59:59"), CLOSED, Reason.WEEKLY, None, at("2026-11-23T08:00")),
    Row(
        "opening instant counts", place(*OFFICE), at("2026-11-23T08:00"), OPEN, Reason.WEEKLY,
        at("2026-11-23T12:00"), at("2026-11-23T08:00"),
    ),
    Row(
        "last moment", place(*OFFICE), at("2026-11-23T11:59:59"), OPEN, Reason.WEEKLY,
        at("2026-11-23T12:00"), at("2026-11-23T11:59:59"),
    ),
    Row("closing instant", place(*OFFICE), at("2026-11-23T12:00"), CLOSED, Reason.WEEKLY, None, at("2026-11-23T13:00")),
    Row("lunch gap", place(*OFFICE), at("2026-11-23T12:30"), CLOSED, Reason.WEEKLY, None, at("2026-11-23T13:00")),
    Row("after work", place(*OFFICE), at("2026-11-23T16:00"), CLOSED, Reason.WEEKLY, None, at("2026-11-24T08:00")),
    Row("weekend", place(*OFFICE), at("2026-11-28T10:00"), CLOSED, Reason.NOT_THAT_DAY, None, at("2026-11-30T08:00")),
    Row(
        "other zone asked", place(*OFFICE), datetime(2026, 11, 23, 7, 0, tzinfo=UTC), OPEN, Reason.WEEKLY,
        at("2026-11-23T12:00"), at("2026-11-23T08:00"),
    ),
    Row(
        "touching slots are one", place(slot(MONDAY, "08:00", "10:00"), slot(MONDAY, "10:00", "12:00")),
        at("2026-11-23T09:00"), OPEN, Reason.WEEKLY, at("2026-11-23T12:00"), at("2026-11-23T09:00"),
    ),
    Row(
        "overlapping slots are one", place(slot(MONDAY, "08:00", "11:00"), slot(MONDAY, "10:00", "12:00")),
        at("2026-11-23T09:00"), OPEN, Reason.WEEKLY, at("2026-11-23T12:00"), at("2026-11-23T09:00"),
    ),
    Row(
        "a slot within a slot changes nothing", place(slot(MONDAY, "08:00", "12:00"), slot(MONDAY, "09:00", "10:00")),
        at("2026-11-23T09:00"), OPEN, Reason.WEEKLY, at("2026-11-23T12:00"), at("2026-11-23T09:00"),
    ),
    # public holidays: Friday, 1 May
    Row(
        "holiday closed", holiday_rows(OnPublicHoliday.CLOSED), at("2026-05-01T09:00"), CLOSED, Reason.PUBLIC_HOLIDAY,
        None, at("2026-05-04T08:00"),
    ),
    Row(
        "holiday open", holiday_rows(OnPublicHoliday.OPEN), at("2026-05-01T09:00"), OPEN, Reason.WEEKLY,
        at("2026-05-01T12:00"), at("2026-05-01T09:00"),
    ),
    Row(
        "holiday unknown", holiday_rows(ASK), at("2026-05-01T09:00"), HOLIDAY_UNKNOWN, Reason.PUBLIC_HOLIDAY,
        None, at("2026-05-04T08:00"),
    ),
    Row(
        "holiday on a weekday without rows", place(slot(MONDAY, "08:00", "12:00", on_public_holiday=ASK)),
        at("2026-05-01T09:00"), CLOSED, Reason.NOT_THAT_DAY, None, at("2026-05-04T08:00"),
    ),
    Row("holiday without any rows", SILENT, at("2026-05-01T09:00"), UNKNOWN, Reason.NO_HOURS),
    Row(
        "exception before holiday", place(*OFFICE, exceptions=[other("2026-05-01", ("10:00", "12:00"))]),
        at("2026-05-01T11:00"), OPEN, Reason.PLACE_EXCEPTION, at("2026-05-01T12:00"), at("2026-05-01T11:00"),
    ),
    # school holidays: 19 to 30 October
    Row(
        "school days only, in term", term_rows(TermTime.SCHOOL_DAYS), at("2026-10-12T09:00"), OPEN, Reason.WEEKLY,
        at("2026-10-12T12:00"), at("2026-10-12T09:00"),
    ),
    Row(
        "school days only, in the holidays", term_rows(TermTime.SCHOOL_DAYS), at("2026-10-19T09:00"), CLOSED,
        Reason.SCHOOL_HOLIDAYS, None, at("2026-11-02T08:00"),
    ),
    Row(
        "holidays only, in the holidays", term_rows(TermTime.HOLIDAYS), at("2026-10-26T09:00"), OPEN,
        Reason.SCHOOL_HOLIDAYS, at("2026-10-26T12:00"), at("2026-10-26T09:00"),
    ),
    Row(
        "holidays only, in term", term_rows(TermTime.HOLIDAYS), at("2026-10-12T09:00"), CLOSED, Reason.NOT_THAT_DAY,
        None, at("2026-10-19T08:00"),
    ),
    Row(
        "school holidays not entered yet", term_rows(TermTime.SCHOOL_DAYS), at("2026-10-12T09:00"), UNKNOWN,
        Reason.TERM_UNKNOWN, None, None, Calendar(school_known_until=date(2026, 10, 11)),
    ),
    Row(
        "public holiday, row open, school holidays not entered yet",
        place(slot(FRIDAY, "08:00", "12:00", term_time=TermTime.SCHOOL_DAYS, on_public_holiday=OnPublicHoliday.OPEN)),
        at("2026-05-01T09:00"), HOLIDAY_UNKNOWN, Reason.PUBLIC_HOLIDAY, None, None,
        Calendar({date(2026, 5, 1): "Tag der Arbeit"}, school_known_until=date(2026, 4, 30)),
    ),
    # exceptions of the place
    Row(
        "closure", place(*OFFICE, exceptions=[closed("2026-11-23", "2026-11-24")]), at("2026-11-23T09:00"), CLOSED,
        Reason.PLACE_EXCEPTION, None, at("2026-11-25T08:00"),
    ),
    Row("closure of a place without rows", place(exceptions=[closed("2026-11-23")]), at("2026-11-23T09:00"), CLOSED, Reason.PLACE_EXCEPTION),
    Row(
        "other hours inside closure",
        place(*OFFICE, exceptions=[closed("2026-11-23", "2026-11-27"), other("2026-11-25", ("10:00", "11:00"))]),
        at("2026-11-25T10:30"), OPEN, Reason.PLACE_EXCEPTION, at("2026-11-25T11:00"), at("2026-11-25T10:30"),
    ),
    Row(
        "closure beats other hours of the same dates",
        place(*OFFICE, exceptions=[other("2026-11-25", ("10:00", "11:00")), closed("2026-11-25")]),
        at("2026-11-25T10:30"), CLOSED, Reason.PLACE_EXCEPTION, None, at("2026-11-26T08:00"),
    ),
    Row(
        "other hours with the same dates add up",
        place(*OFFICE, exceptions=[other("2026-11-25", ("17:00", "18:00")), other("2026-11-25", ("10:00", "11:00"))]),
        at("2026-11-25T11:30"), CLOSED, Reason.PLACE_EXCEPTION, None, at("2026-11-25T17:00"),
    ),
    Row(
        "of two equally long exceptions the later start counts",
        place(*OFFICE, exceptions=[other("2026-11-24", ("09:00", "10:00"), last="2026-11-25"), closed("2026-11-23", "2026-11-24")]),
        at("2026-11-24T09:30"), OPEN, Reason.PLACE_EXCEPTION, at("2026-11-24T10:00"), at("2026-11-24T09:30"),
    ),
    Row(
        "message only", place(*OFFICE, exceptions=[message("2026-11-23")]), at("2026-11-23T09:00"), OPEN, Reason.WEEKLY,
        at("2026-11-23T12:00"), at("2026-11-23T09:00"),
    ),
    Row("message at an unknown place", place(exceptions=[message("2026-11-23")]), at("2026-11-23T09:00"), UNKNOWN, Reason.NO_HOURS),
    # by appointment, unknown
    Row("by appointment, in its hours", APPOINTMENTS, at("2026-11-23T10:00"), BY_APPOINTMENT, Reason.WEEKLY, at("2026-11-23T11:00")),
    Row("by appointment, outside", APPOINTMENTS, at("2026-11-23T11:00"), CLOSED, Reason.WEEKLY),
    Row("on request without hours", ON_REQUEST, at("2026-11-23T10:00"), BY_APPOINTMENT, Reason.WEEKLY),
    Row("on request, other day", ON_REQUEST, at("2026-11-24T10:00"), CLOSED, Reason.NOT_THAT_DAY),
    Row(
        "appointments until the door opens",
        place(slot(MONDAY, "08:00", "12:00", by_appointment=True), slot(MONDAY, "10:00", "11:00")),
        at("2026-11-23T09:00"), BY_APPOINTMENT, Reason.WEEKLY, at("2026-11-23T10:00"), at("2026-11-23T10:00"),
    ),
    Row("nothing known", SILENT, at("2026-11-23T09:00"), UNKNOWN, Reason.NO_HOURS),
    Row("only phone hours known", place(slot(MONDAY, "08:00", "12:00", kind=Kind.PHONE)), at("2026-11-23T09:00"), UNKNOWN, Reason.NO_HOURS),
    Row("row without times", place(WeeklySlot(MONDAY, None, None)), at("2026-11-23T09:00"), UNKNOWN, Reason.TIMES_MISSING),
    Row("row without closing time", place(WeeklySlot(MONDAY, t("08:00"), None)), at("2026-11-23T09:00"), UNKNOWN, Reason.TIMES_MISSING),
    # midnight
    Row("until midnight", LATE, at("2026-11-27T23:59:59"), OPEN, Reason.WEEKLY, at("2026-11-28T00:00"), at("2026-11-27T23:59:59")),
    Row("midnight itself", LATE, at("2026-11-28T00:00"), CLOSED, Reason.NOT_THAT_DAY, None, at("2026-12-04T18:00")),
    Row("over midnight, before", NIGHT, at("2026-11-27T23:00"), OPEN, Reason.WEEKLY, at("2026-11-28T02:00"), at("2026-11-27T23:00")),
    Row("over midnight, after", NIGHT, at("2026-11-28T01:59"), OPEN, Reason.WEEKLY, at("2026-11-28T02:00"), at("2026-11-28T01:59")),
    Row("over midnight, end", NIGHT, at("2026-11-28T02:00"), CLOSED, Reason.NOT_THAT_DAY, None, at("2026-12-04T22:00")),
    Row(
        "through midnight into the next day's slot", place(slot(FRIDAY, "18:00", "00:00"), slot(SATURDAY, "00:00", "03:00")),
        at("2026-11-27T20:00"), OPEN, Reason.WEEKLY, at("2026-11-28T03:00"), at("2026-11-27T20:00"),
    ),
    Row(
        "closure of the next day cuts the night", place(*NIGHT.place.slots, exceptions=[closed("2026-11-28")]),
        at("2026-11-27T23:00"), OPEN, Reason.PLACE_EXCEPTION, at("2026-11-28T00:00"), at("2026-11-27T23:00"),
    ),
    Row(
        "after the cut", place(*NIGHT.place.slots, exceptions=[closed("2026-11-28")]),
        at("2026-11-28T00:30"), CLOSED, Reason.PLACE_EXCEPTION, None, at("2026-12-04T22:00"),
    ),
    Row(
        "holiday of the next day does not cut the night", place(slot(THURSDAY, "22:00", "02:00")),
        at("2027-01-01T01:00"), OPEN, Reason.WEEKLY, at("2027-01-01T02:00"), at("2027-01-01T01:00"),
    ),
    # validity
    Row(
        "first valid day", place(slot(MONDAY, "08:00", "12:00", valid_from=date(2026, 11, 23))),
        at("2026-11-23T09:00"), OPEN, Reason.WEEKLY, at("2026-11-23T12:00"), at("2026-11-23T09:00"),
    ),
    Row(
        "before the first valid day", place(slot(MONDAY, "08:00", "12:00", valid_from=date(2026, 11, 24))),
        at("2026-11-23T09:00"), UNKNOWN, Reason.NO_HOURS, None, at("2026-11-30T08:00"),
    ),
    Row(
        "last valid day", place(slot(MONDAY, "08:00", "12:00", valid_to=date(2026, 11, 23))),
        at("2026-11-23T09:00"), OPEN, Reason.WEEKLY, at("2026-11-23T12:00"), at("2026-11-23T09:00"),
    ),
    Row(
        "after the last valid day", place(slot(MONDAY, "08:00", "12:00", valid_to=date(2026, 11, 22))),
        at("2026-11-23T09:00"), UNKNOWN, Reason.NO_HOURS,
    ),
    # turn of the year, leap day
    Row("last of December", place(*OFFICE), at("2026-12-31T16:00"), CLOSED, Reason.WEEKLY, None, at("2027-01-04T08:00")),
    Row(
        "night into the new year", place(slot(THURSDAY, "22:00", "02:00", on_public_holiday=OnPublicHoliday.OPEN)),
        at("2026-12-31T23:30"), OPEN, Reason.WEEKLY, at("2027-01-01T02:00"), at("2026-12-31T23:30"),
    ),
    Row(
        "leap day", place(slot(TUESDAY, "08:00", "12:00")), at("2028-02-29T09:00"), OPEN, Reason.WEEKLY,
        at("2028-02-29T12:00"), at("2028-02-29T09:00"),
    ),
    Row(
        "night into the leap day", place(slot(MONDAY, "22:00", "02:00")), at("2028-02-29T01:00"), OPEN,
        Reason.WEEKLY, at("2028-02-29T02:00"), at("2028-02-29T01:00"),
    ),
    # 29 March 2026: the clock jumps from 02:00 to 03:00
    Row(
        "gap: slot starts inside it", SUNDAY_NIGHT, at("2026-03-29T01:59"), CLOSED, Reason.WEEKLY, None,
        at("2026-03-29T03:00"),
    ),
    Row(
        "gap: first existing instant", SUNDAY_NIGHT, at("2026-03-29T03:00"), OPEN, Reason.WEEKLY,
        at("2026-03-29T05:00"), at("2026-03-29T03:00"),
    ),
    Row(
        "gap: slot ends inside it", place(slot(SUNDAY, "01:00", "02:30")), at("2026-03-29T01:59"), OPEN, Reason.WEEKLY,
        at("2026-03-29T03:00"), at("2026-03-29T01:59"),
    ),
    Row(
        "gap: slot lies inside it", place(slot(SUNDAY, "02:10", "02:50")), at("2026-03-29T03:00"), CLOSED, Reason.WEEKLY,
        None, at("2026-04-05T02:10"),
    ),
    # 25 October 2026: the clock shows 02:00 to 03:00 twice
    Row(
        "fold: first pass", place(slot(SUNDAY, "02:00", "03:00")), at("2026-10-25T02:00"), OPEN, Reason.WEEKLY,
        at("2026-10-25T03:00"), at("2026-10-25T02:00"),
    ),
    Row(
        "fold: second pass", place(slot(SUNDAY, "02:00", "03:00")), at("2026-10-25T02:59", fold=1), OPEN, Reason.WEEKLY,
        at("2026-10-25T03:00"), at("2026-10-25T02:59", fold=1),
    ),
    Row(
        "fold: starts in the first pass", SUNDAY_NIGHT, at("2026-10-25T02:29"), CLOSED, Reason.WEEKLY, None,
        at("2026-10-25T02:30", fold=0),
    ),
    Row(
        "fold: stays open while the clock goes back", SUNDAY_NIGHT, at("2026-10-25T02:10", fold=1), OPEN, Reason.WEEKLY,
        at("2026-10-25T05:00"), at("2026-10-25T02:10", fold=1),
    ),
    Row(
        "fold: ends in the second pass", place(slot(SUNDAY, "01:00", "02:30")), at("2026-10-25T02:45", fold=0), OPEN,
        Reason.WEEKLY, at("2026-10-25T02:30", fold=1), at("2026-10-25T02:45", fold=0),
    ),
    Row(
        "fold: closed after the second pass", place(slot(SUNDAY, "01:00", "02:30")), at("2026-10-25T02:30", fold=1),
        CLOSED, Reason.WEEKLY, None, at("2026-11-01T01:00"),
    ),
    Row(
        "fold: closing as it begins", place(slot(SUNDAY, "01:00", "02:00")), at("2026-10-25T02:00", fold=0), CLOSED,
        Reason.WEEKLY, None, at("2026-11-01T01:00"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_truth_table(row):
    answer = open_at(row.subject, row.moment, row.calendar)
    assert (answer.state, answer.reason) == (row.state, row.reason)
    assert same_instant(answer.until, row.until), answer.until
    opens = next_opening(row.subject, row.moment, row.calendar)
    assert same_instant(opens, row.opens), opens
