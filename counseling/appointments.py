"""Which times are free where, ready to show: rules, holidays, absences and what is taken, put together.

Times are offered only where somebody reads, as the form for questions is. Walk-in hours stand beside them.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _

from counseling.models import Booking, SlotBlock, SlotRule
from counseling.models.appointments import MOST_WEEKS
from counseling.slots import Pattern, Slot, slots
from directory.hours import calendar_for, clock_words, subject_of, walk_in_words
from directory.models import ContactPoint
from directory.opening import BERLIN, HORIZON_DAYS, Calendar, TermTime, WeeklySlot
from directory.versions import derived

DAYS_SHOWN = 7
_STAMP = "%Y%m%dT%H%M"
Taken = tuple[datetime, datetime, int]


@dataclass(frozen=True, slots=True)
class Time:
    """One appointment that can be chosen. ``key`` names it in a form, ``words`` is ``9:30 Uhr``."""

    rule: SlotRule
    slot: Slot
    is_free: bool

    @property
    def key(self) -> str:
        """Name of the time in a form."""
        return f"{self.rule.pk}-{self.slot.starts_at:{_STAMP}}"

    @property
    def starts_at(self) -> datetime:
        """The start in Berlin."""
        return self.slot.starts_at.astimezone(BERLIN)

    @property
    def words(self) -> str:
        """The start in words."""
        return time_words(self.slot.starts_at)


@dataclass(frozen=True, slots=True)
class Day:
    """One day with free times, or a full one. ``walk_in`` says when one may come without any."""

    date: date
    times: tuple[Time, ...]
    walk_in: str


def time_words(moment: datetime) -> str:
    """Return ``9:30 Uhr``; in the hour that the clock shows twice also which of the two."""
    wall = moment.astimezone(BERLIN)
    words = clock_words(wall)
    if wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset():
        return words
    return _("%(time)s Winterzeit") % {"time": words} if wall.fold else _("%(time)s Sommerzeit") % {"time": words}


def giving(*, version: str, on: date) -> frozenset[tuple[int, int]]:
    """Return (agency, contact point) of all rules that give appointments now. A query when the content is new."""
    rows = derived(
        "slot_rules",
        version,
        lambda: list(SlotRule.objects.values_list("agency", "contact_point", "valid_from", "valid_to")),
    )
    last = on + timedelta(weeks=MOST_WEEKS)
    return frozenset(
        (agency, point)
        for agency, point, start, end in rows
        if (start is None or start <= last) and (end is None or end >= on)
    )


def points_giving(*, version: str, on: date, agencies: Iterable[int]) -> frozenset[int]:
    """Return the contact points where one of these agencies gives appointments now."""
    wanted = frozenset(agencies)
    return frozenset(point for agency, point in giving(version=version, on=on) if agency in wanted)


def rules_at(point: ContactPoint, *, on: date, agencies: Iterable[int]) -> list[SlotRule]:
    """Return the rules of these agencies at a contact point. One query."""
    rows = SlotRule.objects.in_force(first=on, last=on + timedelta(weeks=MOST_WEEKS))
    return list(rows.filter(contact_point=point, agency__in=agencies).select_related("agency", "person"))


def free_days(
    rules: Iterable[SlotRule],
    point: ContactPoint,
    *,
    at: datetime,
    version: str,
    first: date | None = None,
    most: int = DAYS_SHOWN,
) -> tuple[list[Day], date | None]:
    """Return the next days with appointments, full ones without a time, and the day to go on with.

    ``point`` comes with its hours, as in ``PublicPoints``. Two queries, and those of the calendar when it is new.
    """
    by_day: dict[date, list[Time]] = {}
    rules, later = list(rules), None
    calendar = _calendar(rules, at=at, version=version)
    for time in _times(rules, point, calendar, at=at, first=first):
        day = time.starts_at.date()
        if day not in by_day and len(by_day) == most:
            later = day
            break
        by_day.setdefault(day, []).append(time)
    days = [
        Day(day, tuple(time for time in times if time.is_free), walk_in_words(point, day, calendar))
        for day, times in by_day.items()
    ]
    return days, later


def find_time(key: str, rules: Iterable[SlotRule], point: ContactPoint, *, at: datetime, version: str) -> Time | None:
    """Return the time with this name if it is offered now, taken or not. At most two queries, as above."""
    number, _dash, stamp = key.partition("-")
    rule = next((rule for rule in rules if str(rule.pk) == number), None)
    try:
        start = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    if rule is None:
        return None
    calendar = _calendar([rule], at=at, version=version)
    found = _times([rule], point, calendar, at=at, first=start.astimezone(BERLIN).date())
    time = next((time for time in found if time.slot.starts_at >= start), None)
    return time if time is not None and time.slot.starts_at == start else None


def _times(
    rules: list[SlotRule], point: ContactPoint, calendar: Calendar, *, at: datetime, first: date | None
) -> Iterator[Time]:
    """Yield every time in order, each once: where two rules give the same one, a free one is better."""
    taken = _taken(rules, at=at)
    closed = list(SlotBlock.objects.of_rules(rules).filter(on__gte=at.astimezone(BERLIN).date()))
    streams = [_stream(rule, point, calendar, taken[rule.pk], closed, at=at, first=first) for rule in rules]
    for _start, group in groupby(heapq.merge(*streams, key=_order), key=_order):
        seen: dict[tuple[object, ...], Time] = {}
        for time in group:
            rule = time.rule
            kind = (time.slot.ends_at, rule.channel, rule.person_id, rule.topic, rule.agency_id)
            if kind not in seen or (time.is_free and not seen[kind].is_free):
                seen[kind] = time
        yield from seen.values()


def _order(time: Time) -> datetime:
    return time.slot.starts_at


def _stream(
    rule: SlotRule,
    point: ContactPoint,
    calendar: Calendar,
    taken: list[Taken],
    closed: list[SlotBlock],
    *,
    at: datetime,
    first: date | None,
) -> Iterator[Time]:
    person = next((one for one in point.persons.all() if one.pk == rule.person_id), None)
    if rule.person_id and person is None:
        return  # the person has left the door
    for slot in slots(_pattern(rule), subject_of(point, person), calendar, at=at, first=first):
        seats = {seat for start, end, seat in taken if start < slot.ends_at and end > slot.starts_at}
        is_free = any(seat not in seats for seat in range(1, rule.places + 1))
        yield Time(rule, slot, is_free and not any(block.closes(rule, slot) for block in closed))


def _taken(rules: list[SlotRule], *, at: datetime) -> dict[int, list[Taken]]:
    """Return what is taken from now on, by rule. One query."""
    rows = Booking.objects.taken().filter(rule__in=rules, ends_at__gt=at)
    found: dict[int, list[Taken]] = defaultdict(list)
    for rule, start, end, seat in rows.values_list("rule", "starts_at", "ends_at", "seat"):
        found[rule].append((start, end, seat or 0))
    return found


def _pattern(rule: SlotRule) -> Pattern:
    row = WeeklySlot(
        rule.weekday,
        rule.starts_at,
        rule.ends_at,
        term_time=TermTime(rule.term_time),
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
    )
    return Pattern(row, rule.minutes, timedelta(hours=rule.lead_hours), rule.horizon_weeks)


def _calendar(rules: list[SlotRule], *, at: datetime, version: str) -> Calendar:
    """The holidays as far as any rule reaches; no nearer than pages for opening hours ask, so that one is kept."""
    today = at.astimezone(BERLIN).date()
    reach = max([HORIZON_DAYS + 1, *(7 * rule.horizon_weeks for rule in rules)])
    return calendar_for(today - timedelta(days=1), today + timedelta(days=reach), version=version)
