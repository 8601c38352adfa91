"""By when an answer is promised: so many days on which somebody is there, holidays left out."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from directory.hours import has_hours, subject_of
from directory.models import ContactPoint
from directory.opening import BERLIN, HORIZON_DAYS, Calendar, Kind, day_plan

SATURDAY = 5
END_OF_DAY = time(16)


def promised(points: Iterable[ContactPoint], *, days: int, at: datetime, calendar: Calendar) -> datetime:
    """Return the end of the ``days``-th open day after today.

    ``points`` are the doors of the agency with their hours. Where no hours are known, working days count:
    Monday to Friday, no public holiday, until 16:00.
    """
    known = [point for point in points if has_hours(point)]
    today = at.astimezone(BERLIN).date()
    found = 0
    for offset in range(1, HORIZON_DAYS + 1):
        day = today + timedelta(days=offset)
        end = _end_of(day, known, calendar) if known else _working_day(day, calendar)
        found += end is not None
        if end is not None and found == days:
            return end
    # Closed for longer than the calendar looks ahead, or by appointment only: working days count.
    return promised((), days=days, at=at, calendar=calendar) if known else _at(today + timedelta(days=HORIZON_DAYS))


def _end_of(day: date, points: Iterable[ContactPoint], calendar: Calendar) -> datetime | None:
    """When the last door closes on a day; None when all are shut."""
    ends = [
        span.end for point in points for kind in Kind for span in day_plan(subject_of(point), day, calendar, kind).spans
    ]
    return max(ends, default=None)


def _working_day(day: date, calendar: Calendar) -> datetime | None:
    return _at(day) if day.weekday() < SATURDAY and day not in calendar.public_holidays else None


def _at(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, BERLIN)
