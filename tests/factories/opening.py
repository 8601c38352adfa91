"""Short words for opening hours in tests: slots, exceptions, instants in Berlin."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from directory.opening import (
    Calendar,
    DatedException,
    ExceptionKind,
    Hours,
    Subject,
    WeeklySlot,
)

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)

CALENDAR = Calendar(
    public_holidays={
        date(2026, 1, 1): "Neujahr",
        date(2026, 5, 1): "Tag der Arbeit",
        date(2026, 12, 25): "1. Weihnachtstag",
        date(2027, 1, 1): "Neujahr",
    },
    school_holidays=(
        (date(2026, 10, 19), date(2026, 10, 30), "Herbstferien"),
        (date(2026, 12, 21), date(2027, 1, 2), "Weihnachtsferien"),
    ),
)


def t(text):
    return time.fromisoformat(text)


def at(text, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


def slot(weekday, opens, closes, **more):
    return WeeklySlot(weekday, t(opens), t(closes), **more)


def closed(first, last=None, reason="Betriebsferien"):
    return DatedException(
        date.fromisoformat(first), date.fromisoformat(last or first), ExceptionKind.CLOSED, reason=reason
    )


def other(first, *pairs, last=None, reason="Teamtag", elsewhere=""):
    slots = tuple((t(opens), t(closes)) for opens, closes in pairs)
    return DatedException(
        date.fromisoformat(first), date.fromisoformat(last or first), ExceptionKind.HOURS, slots, reason, elsewhere
    )


def message(first, last=None, reason="Bitte den Hintereingang nehmen"):
    return DatedException(
        date.fromisoformat(first), date.fromisoformat(last or first), ExceptionKind.MESSAGE, reason=reason
    )


def place(*slots, exceptions=()):
    return Subject(place=Hours(slots, tuple(exceptions)))


def same_instant(left, right):
    """Equality in UTC: in one zone Python compares the clock on the wall only."""
    if left is None or right is None:
        return left is right
    return left.astimezone(UTC) == right.astimezone(UTC)


def clock(spans):
    return [(span.start.strftime("%H:%M"), span.end.strftime("%H:%M")) for span in spans]


OFFICE = tuple(
    row
    for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
    for row in (slot(day, "08:00", "12:00"), slot(day, "13:00", "16:00"))
)
SILENT = Subject()
APPOINTMENTS = place(slot(MONDAY, "09:00", "11:00", by_appointment=True))
ON_REQUEST = place(WeeklySlot(MONDAY, None, None, by_appointment=True))
NIGHT = place(slot(FRIDAY, "22:00", "02:00"))
LATE = place(slot(FRIDAY, "18:00", "00:00"))
SUNDAY_NIGHT = place(slot(SUNDAY, "02:30", "05:00"))


def holiday_rows(value):
    return place(slot(FRIDAY, "08:00", "12:00", on_public_holiday=value), slot(MONDAY, "08:00", "12:00"))


def term_rows(value):
    return place(slot(MONDAY, "08:00", "12:00", term_time=value))
