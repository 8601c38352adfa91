"""When the pages next change by themselves: a door opens or closes, or a new day begins."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from directory.models import Schedule, ScheduleException
from directory.opening import BERLIN
from directory.versions import derived


def next_moment(*, at: datetime, version: str) -> datetime:
    """Return the next instant after ``at`` at which a public page may say something else, in UTC.

    Every clock time that any weekly row or exception names counts, on every day: too early does
    no harm, too late would. One query for each version of the content.
    """
    times = derived("moments", version, _clock_times)
    return next_of(times, at=at)


def moment_end(*, at: datetime, version: str) -> datetime:
    """Return the same as ``next_moment``, worked out once for all instants of one moment.

    What a page says of "now" is the same from one call to this end, so it names the moment it is kept for.
    """
    # A list of one, because what is derived is kept by version alone.
    known: list[tuple[datetime, datetime]] = derived("moment", version, list)
    for began, end in known:
        if began <= at < end:
            return end
    end = next_moment(at=at, version=version)
    known[:] = [(at, end)]
    return end


def next_of(times: Iterable[time], *, at: datetime) -> datetime:
    """Return the first instant after ``at`` at which a clock in Berlin shows midnight or one of the times.

    In the night in October that has an hour twice, both passes count; a time that the clock skips
    in March counts as the end of the gap or later. Raises ``ValueError`` for a naive instant.
    """
    if at.tzinfo is None:
        raise ValueError("needs an aware datetime")
    today = at.astimezone(BERLIN).date()
    wall = {time(), *times}
    found = (
        datetime.combine(today + timedelta(days=day), clock, tzinfo=BERLIN).replace(fold=fold).astimezone(UTC)
        for day in (0, 1)
        for clock in wall
        for fold in (0, 1)
    )
    return min(moment for moment in found if moment > at)


def _clock_times() -> frozenset[time]:
    pairs = [
        *Schedule.objects.order_by().values_list("opens_at", "closes_at").distinct(),
        *ScheduleException.objects.order_by().values_list("opens_at", "closes_at").distinct(),
    ]
    return frozenset(clock for pair in pairs for clock in pair if clock is not None)
