"""The questions: how is a day, is it open now, when next, and until when does that hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from directory.opening.data import Calendar, DayPlan, Kind, OpenState, Span, State, Subject
from directory.opening.precedence import decide, plain
from directory.opening.walltime import MIDNIGHT, instant, local, utc

HORIZON_DAYS = 60
"""How far ahead is looked for an opening or for the end of one."""

ONE_DAY = timedelta(days=1)


def day_plan(subject: Subject, on: date, calendar: Calendar, kind: Kind = Kind.OPENING) -> DayPlan:
    """The plan of one date; ``differs`` tells whether the plain weekly rows say otherwise."""
    plan = decide(subject, on, calendar, kind)
    usual = plain(subject, on, kind)
    differs = (plan.state, _clock(plan)) != (usual.state, _clock(usual))
    return replace(plan, differs=differs)


def week(subject: Subject, start: date, calendar: Calendar, kind: Kind = Kind.OPENING) -> list[DayPlan]:
    """Seven plans from ``start`` on; ``differs``, ``reason`` and ``text`` say what is unusual and why."""
    return [day_plan(subject, start + timedelta(days=offset), calendar, kind) for offset in range(7)]


def open_at(subject: Subject, moment: datetime, calendar: Calendar, kind: Kind = Kind.OPENING) -> OpenState:
    """Can one walk in (or call) at this instant? ``ValueError`` for a naive instant."""
    today = local(utc(moment)).date()
    yesterday_plan = decide(subject, today - ONE_DAY, calendar, kind)
    plan = decide(subject, today, calendar, kind)
    for day in (yesterday_plan, plan):
        if any(one.covers(moment) for one in day.spans):
            until = _end_of_opening(subject, moment, calendar, kind)
            return OpenState(State.OPEN, until, day.reason, day.text)
    for day in (yesterday_plan, plan):
        ends = [one.end for one in day.appointments if one.covers(moment)]
        if ends:
            starts = [one.start for one in plan.spans if utc(one.start) > utc(moment)]
            return OpenState(State.BY_APPOINTMENT, min([*ends, *starts], key=utc), day.reason, day.text)
    only_on_request = plan.state == State.BY_APPOINTMENT and not plan.appointments
    shown = plan.state in {State.UNKNOWN, State.HOLIDAY_UNKNOWN} or only_on_request
    return OpenState(plan.state if shown else State.CLOSED, None, plan.reason, plan.text)


def next_opening(
    subject: Subject,
    moment: datetime,
    calendar: Calendar,
    kind: Kind = Kind.OPENING,
    horizon_days: int = HORIZON_DAYS,
) -> datetime | None:
    """The first instant from ``moment`` on at which one can walk in: ``moment`` itself if open.

    For "open until 16, again Monday 8" ask from ``open_at(…).until``. ``None`` if no
    opening is known within ``horizon_days``; that does not mean closed.
    """
    now = utc(moment)
    today = local(now).date()
    for offset in range(-1, horizon_days + 1):
        for one in decide(subject, today + timedelta(days=offset), calendar, kind).spans:
            if utc(one.end) > now:
                return local(max(utc(one.start), now))
    return None


def next_change(subject: Subject, moment: datetime, calendar: Calendar, kind: Kind = Kind.OPENING) -> datetime:
    """The next instant at which ``open_at`` answers otherwise, at the latest the next midnight.

    An answer computed at ``moment`` may be kept until then.
    """
    now = utc(moment)
    today = local(now).date()
    midnight = instant(today + ONE_DAY, MIDNIGHT)
    current = open_at(subject, moment, calendar, kind)
    edges: set[datetime] = set()
    for on in (today - ONE_DAY, today):
        plan = decide(subject, on, calendar, kind)
        edges |= {utc(edge) for one in plan.spans + plan.appointments for edge in (one.start, one.end)}
    for edge in sorted(edge for edge in edges if now < edge < utc(midnight)):
        if open_at(subject, edge, calendar, kind) != current:
            return local(edge)
    return midnight


def _end_of_opening(subject: Subject, moment: datetime, calendar: Calendar, kind: Kind) -> datetime | None:
    """End of the unbroken opening around ``moment``; ``None`` if it outlasts the horizon."""
    today = local(utc(moment)).date()
    end = moment
    for offset in range(-1, HORIZON_DAYS + 1):
        on = today + timedelta(days=offset)
        spans = decide(subject, on, calendar, kind).spans
        end = max([end, *(one.end for one in spans if _reaches(one, end))], key=utc)
        if utc(end) < utc(instant(on + ONE_DAY, MIDNIGHT)) and on >= today:
            return local(end)
    return None


def _reaches(one: Span, end: datetime) -> bool:
    return utc(one.start) <= utc(end)


def _clock(plan: DayPlan) -> tuple[tuple[tuple[datetime, datetime], ...], ...]:
    return tuple(tuple((utc(one.start), utc(one.end)) for one in spans) for spans in (plan.spans, plan.appointments))
