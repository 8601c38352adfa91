"""Free times from a weekly row, as plain values: which exist, not which are taken.

No database and no Django in here. Holidays, exceptions of the house, exceptions and absences of a person are
decided by ``directory.opening``; this module cuts what is left into appointments.

Settled here:

- A row never opens a closed door. Other hours of the house or of the person cut the row and never widen or
  shift it: the appointments keep the times they always have, those outside are left out.
- Is the person away, there is nothing on that day, whoever stands in. On a public holiday there is nothing.
- Lengths are real time. In March no appointment begins in the hour the clock skips; in October a row through
  the hour that happens twice has appointments in both, an hour apart.
- The lead time counts to the start in real time, the horizon in calendar days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from directory.opening import BERLIN, Calendar, Hours, Kind, Person, Span, Subject, WeeklySlot, day_plan
from directory.opening.walltime import merged

KIND = Kind.CONSULTATION
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A weekly row cut into appointments. ``row`` has both times, by appointment, within one day."""

    row: WeeklySlot
    minutes: int
    lead: timedelta = timedelta(0)
    weeks: int = 4


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One appointment that can be given away; both instants in UTC, the end is exclusive."""

    starts_at: datetime
    ends_at: datetime


def slots(
    pattern: Pattern, house: Subject, calendar: Calendar, *, at: datetime, first: date | None = None
) -> Iterator[Slot]:
    """Yield what can still be booked at this instant, in order, from the day ``first`` on.

    ``house`` holds the exceptions of the place, and the person if the row is one's own; its weekly rows do not
    count. Raises ``ValueError`` for a naive instant.
    """
    if at.tzinfo is None:
        raise ValueError("free times need an aware datetime")
    today = at.astimezone(BERLIN).date()
    earliest = at.astimezone(UTC) + pattern.lead
    last = today + timedelta(weeks=pattern.weeks)
    day = max(today, first or today)
    if day > last:
        return
    day += timedelta(days=(pattern.row.weekday - day.weekday()) % 7)
    while day <= last:
        yield from (slot for slot in slots_on(pattern, house, calendar, day) if slot.starts_at >= earliest)
        day += 7 * ONE_DAY


def slots_on(pattern: Pattern, house: Subject, calendar: Calendar, on: date) -> list[Slot]:
    """Return the appointments of one date, whether or not they can still be booked."""
    row = replace(pattern.row, kind=KIND, by_appointment=True)
    own = day_plan(Subject(offer=Hours((row,))), on, calendar, KIND).appointments
    if not own:
        return []
    plan = day_plan(_with_row(house, row), on, calendar, KIND)
    if plan.absent:
        return []
    # Other hours of the person come as hours of the day, those of the house as a cut of the row.
    allowed = merged((*plan.appointments, *plan.spans))
    return [slot for span in own for slot in _cut(span, pattern.minutes) if _is_within(slot, allowed)]


def _with_row(house: Subject, row: WeeklySlot) -> Subject:
    """The row as hours of the person, else of an offer at the place; the hours of the place do not count."""
    place = Hours(exceptions=house.place.exceptions)
    if house.person is None:
        return Subject(place, offer=Hours((row,)))
    exceptions = house.person.hours.exceptions
    return Subject(place, person=Person(Hours((row,), exceptions), house.person.absences))


def _cut(span: Span, minutes: int) -> Iterator[Slot]:
    start, end, length = span.start.astimezone(UTC), span.end.astimezone(UTC), timedelta(minutes=minutes)
    while start + length <= end:
        yield Slot(start, start + length)
        start += length


def _is_within(slot: Slot, spans: tuple[Span, ...]) -> bool:
    return any(
        span.start.astimezone(UTC) <= slot.starts_at and slot.ends_at <= span.end.astimezone(UTC) for span in spans
    )
