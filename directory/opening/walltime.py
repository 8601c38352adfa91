"""From clock times to instants and back, across both clock changes; arithmetic of spans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from directory.opening.data import Span

BERLIN = ZoneInfo("Europe/Berlin")
MIDNIGHT = time(0, 0)


def utc(moment: datetime) -> datetime:
    """The same instant in UTC; ``ValueError`` for a naive one, whose zone nobody knows."""
    if moment.tzinfo is None:
        raise ValueError("opening hours need an aware datetime")
    return moment.astimezone(UTC)


def local(moment: datetime) -> datetime:
    return moment.astimezone(BERLIN)


def _exists(wall: datetime) -> bool:
    back = local(wall.astimezone(UTC))
    return back.replace(tzinfo=None) == wall.replace(tzinfo=None)


def _happens_twice(wall: datetime) -> bool:
    return _exists(wall) and wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def instant(on: date, wall: time, *, closing: bool = False) -> datetime:
    """When the clock in Berlin shows this time on this date.

    A time that the clock skips becomes the end of the gap. Of two passes the first
    counts; a ``closing`` time counts in the second pass if the moment before it does.
    """
    moment = datetime.combine(on, wall, tzinfo=BERLIN)
    while not _exists(moment):
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    if closing and _happens_twice(moment - timedelta(microseconds=1)):
        moment = moment.replace(fold=1)
    return moment


def span(on: date, opens_at: time, closes_at: time, note: str = "") -> Span | None:
    """The span of a slot that starts on this date; ``None`` if the clock change swallows it."""
    ends_on = on if closes_at > opens_at else on + timedelta(days=1)
    start = instant(on, opens_at)
    end = instant(ends_on, closes_at, closing=True)
    if utc(end) <= utc(start):
        return None
    return Span(start, end, (note,) if note else ())


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sorted, with touching and overlapping spans made one."""
    result: list[Span] = []
    for item in sorted(spans, key=lambda one: (utc(one.start), utc(one.end), one.notes)):
        if result and utc(item.start) <= utc(result[-1].end):
            last = result[-1]
            notes = tuple(dict.fromkeys(last.notes + item.notes))
            result[-1] = Span(last.start, max(last.end, item.end, key=utc), notes)
        else:
            result.append(item)
    return tuple(result)


def intersection(spans: Iterable[Span], limits: Iterable[Span]) -> tuple[Span, ...]:
    """The parts of the spans that lie within the limits."""
    bounds = tuple(limits)
    parts = (
        Span(max(one.start, bound.start, key=utc), min(one.end, bound.end, key=utc), one.notes)
        for one in spans
        for bound in bounds
    )
    return merged(part for part in parts if utc(part.start) < utc(part.end))
