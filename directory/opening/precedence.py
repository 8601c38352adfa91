"""Which source decides a date: the five rules of the package's docstring, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta

from directory.opening.data import (
    Absence,
    Calendar,
    DatedException,
    DayPlan,
    ExceptionKind,
    Hours,
    Kind,
    OnPublicHoliday,
    Owner,
    Person,
    Reason,
    Span,
    State,
    Subject,
    TermTime,
    WeeklySlot,
)
from directory.opening.walltime import MIDNIGHT, instant, intersection, merged, span

EXCEPTION_REASON = {
    Owner.PERSON: Reason.PERSON_EXCEPTION,
    Owner.OFFER: Reason.OFFER_EXCEPTION,
    Owner.PLACE: Reason.PLACE_EXCEPTION,
}
RANKS = (Owner.PERSON, Owner.OFFER, Owner.PLACE)
EXCEPTION_REASONS = frozenset(EXCEPTION_REASON.values())


def decide(subject: Subject, on: date, calendar: Calendar, kind: Kind) -> DayPlan:
    """The plan of a date with its messages; ``differs`` is left to the caller."""
    plan = _first_match(subject, on, calendar, kind)
    plan = _cut_at_midnight(plan, subject)
    messages = tuple(dict.fromkeys((*_messages(subject, on), *plan.messages)))
    return replace(plan, messages=messages)


def plain(subject: Subject, on: date, kind: Kind) -> DayPlan:
    """What the weekly rows alone say for a school day without holiday, exception or absence."""
    owner, rows = _deciding_rows(subject, on, kind)
    if owner is None:
        return DayPlan(on, kind, State.UNKNOWN, Reason.NO_HOURS)
    usual = [row for row in rows if row.weekday == on.weekday() and row.term_time != TermTime.HOLIDAYS]
    return _from_rows(DayPlan(on, kind, State.CLOSED, Reason.WEEKLY, owner=owner), usual)


def _first_match(subject: Subject, on: date, calendar: Calendar, kind: Kind) -> DayPlan:
    house = _exception_on(subject.place, on)
    house_closed = house is not None and house.kind == ExceptionKind.CLOSED
    rows_owner, _ = _deciding_rows(subject, on, kind)
    limits: list[tuple[Owner, DatedException]] = []
    for owner, hours in subject.owners():
        exception = _exception_on(hours, on)
        if exception is None:
            absence = _absence_on(subject.person, on) if owner == Owner.PERSON else None
            if absence is not None:
                return _while_absent(absence, subject, on, calendar, kind)
            continue
        if exception.kind == ExceptionKind.CLOSED:
            return _closed(on, kind, owner, exception)
        elsewhere = bool(exception.elsewhere) and _concerns(hours, kind)
        if house is not None and house_closed and not elsewhere:
            return replace(_closed(on, kind, Owner.PLACE, house), conflict=not exception.elsewhere)
        if _concerns(hours, kind) and not _is_under(rows_owner, owner):
            return _cut_to(limits, _replaced(on, kind, owner, exception))
        limits.append((owner, exception))
    return _cut_to(limits, _weekly(subject, on, calendar, kind))


def _closed(on: date, kind: Kind, owner: Owner, exception: DatedException) -> DayPlan:
    return DayPlan(on, kind, State.CLOSED, EXCEPTION_REASON[owner], exception.reason, owner=owner)


def _exception_on(hours: Hours, on: date) -> DatedException | None:
    """The one exception that counts: shortest, then latest start, then closed before hours."""
    live = [one for one in hours.exceptions if one.kind != ExceptionKind.MESSAGE and one.covers(on)]
    if not live:
        return None
    best = min(live, key=lambda one: (one.ends_on - one.starts_on, -one.starts_on.toordinal()))
    same = [one for one in live if (one.starts_on, one.ends_on) == (best.starts_on, best.ends_on)]
    chosen = [one for one in same if one.kind == ExceptionKind.CLOSED] or same
    return replace(
        chosen[0],
        slots=tuple(sorted(slot for one in chosen for slot in one.slots)),
        reason=_joined(one.reason for one in chosen),
        elsewhere=_joined(one.elsewhere for one in chosen),
    )


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(sorted({text for text in texts if text}))


def _absence_on(person: Person | None, on: date) -> Absence | None:
    """Of several absences the shortest, then the latest start, then one with a substitute."""
    live = [one for one in person.absences if one.covers(on)] if person is not None else []
    return min(live, key=_absence_rank, default=None)


def _absence_rank(absence: Absence) -> tuple[timedelta, int, bool, bool, str]:
    return (
        absence.ends_on - absence.starts_on,
        -absence.starts_on.toordinal(),
        absence.substitute is None,
        absence.substitute_name is None,
        repr(absence),
    )


def _while_absent(absence: Absence, subject: Subject, on: date, calendar: Calendar, kind: Kind) -> DayPlan:
    """The substitute's plan, else that of the offer or place; closures and holidays keep their reason."""
    plan = decide(replace(subject, person=absence.substitute), on, calendar, kind)
    name = plan.substitute or absence.substitute_name or ""
    has_substitute = absence.substitute is not None or bool(name)
    plan = replace(plan, absent=True, substitute=name)
    if plan.reason in EXCEPTION_REASONS or plan.reason == Reason.PUBLIC_HOLIDAY:
        return plan
    return replace(plan, reason=Reason.ABSENT_SUBSTITUTE if has_substitute else Reason.ABSENT, text=name)


def _replaced(on: date, kind: Kind, owner: Owner, exception: DatedException) -> DayPlan:
    """Other hours as the hours of the day; without times nobody knows them."""
    spans = _spans(on, exception.slots)
    day = DayPlan(on, kind, State.CLOSED, EXCEPTION_REASON[owner], exception.reason, spans, owner=owner)
    day = replace(day, elsewhere=exception.elsewhere)
    return _with_state(day) if exception.slots else replace(day, state=State.UNKNOWN)


def _cut_to(limits: list[tuple[Owner, DatedException]], plan: DayPlan) -> DayPlan:
    """Other hours of an owner bound what stands under it or beside it, and never widen it."""
    for owner, exception in limits:
        hours = _spans(plan.on, exception.slots)
        spans = intersection(plan.spans, hours)
        appointments = intersection(plan.appointments, hours)
        if (spans, appointments) == (plan.spans, plan.appointments):
            continue
        plan = replace(plan, spans=spans, appointments=appointments)
        plan = replace(plan, reason=EXCEPTION_REASON[owner], text=exception.reason)
        if not exception.slots:
            plan = replace(plan, state=State.UNKNOWN)
        plan = _with_state(plan)
        if plan.state == State.CLOSED and _is_under(plan.owner, owner):
            plan = replace(plan, conflict=True)
    return plan


def _is_under(inner: Owner | None, outer: Owner) -> bool:
    return inner is not None and RANKS.index(inner) < RANKS.index(outer)


def _concerns(hours: Hours, kind: Kind) -> bool:
    """Other hours are told for the door: for the kinds of on-site hours the owner publishes, or any if none."""
    on_site = {slot.kind for slot in hours.slots} - {Kind.PHONE}
    return kind != Kind.PHONE and (kind in on_site or not on_site)


def _deciding_rows(subject: Subject, on: date, kind: Kind) -> tuple[Owner | None, list[WeeklySlot]]:
    for owner, hours in subject.owners():
        rows = [row for row in hours.slots if row.kind == kind and row.in_force(on)]
        if rows:
            return owner, rows
    return None, []


def _weekly(subject: Subject, on: date, calendar: Calendar, kind: Kind) -> DayPlan:
    owner, rows = _deciding_rows(subject, on, kind)
    if owner is None:
        return DayPlan(on, kind, State.UNKNOWN, Reason.NO_HOURS)
    day = DayPlan(on, kind, State.CLOSED, Reason.NOT_THAT_DAY, owner=owner)
    today = [row for row in rows if row.weekday == on.weekday()]
    if not today:
        return day
    matching = [row for row in today if calendar.in_term_time(row.term_time, on)]
    doubtful = [row for row in today if calendar.in_term_time(row.term_time, on) is None]
    holiday = calendar.public_holidays.get(on)
    if holiday is not None:
        day, matching, doubtful = _on_holiday(day, holiday, matching, doubtful)
        if not matching:
            return replace(day, state=State.HOLIDAY_UNKNOWN if doubtful else State.CLOSED)
    if not matching and doubtful:
        return replace(day, state=State.UNKNOWN, reason=Reason.TERM_UNKNOWN)
    school = calendar.school_holiday(on)
    if school is not None and not day.text and any(row.term_time != TermTime.ALWAYS for row in today):
        day = replace(day, reason=Reason.SCHOOL_HOLIDAYS, text=school)
    return _from_rows(day, matching)


def _on_holiday(
    day: DayPlan, name: str, matching: list[WeeklySlot], doubtful: list[WeeklySlot]
) -> tuple[DayPlan, list[WeeklySlot], list[WeeklySlot]]:
    """Rows that stay open, rows nobody can tell about, and the holiday as reason if it took any away."""
    stay = [row for row in matching if row.on_public_holiday == OnPublicHoliday.OPEN]
    unclear = [row for row in matching if row.on_public_holiday == OnPublicHoliday.UNKNOWN]
    unclear += [row for row in doubtful if row.on_public_holiday != OnPublicHoliday.CLOSED]
    if not stay or len(stay) < len(matching):
        day = replace(day, reason=Reason.PUBLIC_HOLIDAY, text=name)
    return day, stay, unclear


def _from_rows(day: DayPlan, rows: list[WeeklySlot]) -> DayPlan:
    """The plan from weekly rows of one weekday, which may be none."""
    walk_in = [row for row in rows if not row.by_appointment]
    by_appointment = [row for row in rows if row.by_appointment]
    plan = _with_state(
        replace(
            day,
            spans=_row_spans(day.on, walk_in),
            appointments=_row_spans(day.on, by_appointment),
            on_request=any(_is_timeless(row) for row in by_appointment),
        )
    )
    if plan.state == State.CLOSED and any(_is_timeless(row) for row in walk_in):
        return replace(plan, state=State.UNKNOWN, reason=Reason.TIMES_MISSING, text="")
    if rows and plan.reason == Reason.NOT_THAT_DAY:
        return replace(plan, reason=Reason.WEEKLY)
    return plan


def _is_timeless(row: WeeklySlot) -> bool:
    return row.opens_at is None or row.closes_at is None


def _with_state(plan: DayPlan) -> DayPlan:
    """State after spans changed; what nobody knows stays unknown."""
    if plan.state in {State.UNKNOWN, State.HOLIDAY_UNKNOWN}:
        return plan
    if plan.spans:
        return replace(plan, state=State.OPEN)
    return replace(plan, state=State.BY_APPOINTMENT if plan.appointments or plan.on_request else State.CLOSED)


def _row_spans(on: date, rows: list[WeeklySlot]) -> tuple[Span, ...]:
    found = (
        span(on, row.opens_at, row.closes_at, row.note)
        for row in rows
        if row.opens_at is not None and row.closes_at is not None
    )
    return merged(one for one in found if one is not None)


def _spans(on: date, slots: tuple[tuple[time, time], ...]) -> tuple[Span, ...]:
    found = (span(on, opens_at, closes_at) for opens_at, closes_at in slots)
    return merged(one for one in found if one is not None)


def _cut_at_midnight(plan: DayPlan, subject: Subject) -> DayPlan:
    """An exception or absence on the next date speaks for that date from its first minute."""
    next_day = plan.on + timedelta(days=1)
    midnight = instant(next_day, MIDNIGHT)
    both = plan.spans + plan.appointments
    if not any(one.covers(midnight) for one in both):
        return plan
    found = [(owner, one) for owner, hours in subject.owners() if (one := _exception_on(hours, next_day))]
    own = plan.owner == Owner.PERSON and not plan.absent
    if not found and not (own and _absence_on(subject.person, next_day)):
        return plan
    day = (Span(instant(plan.on, MIDNIGHT), midnight),)
    cut = replace(plan, spans=intersection(plan.spans, day), appointments=intersection(plan.appointments, day))
    if plan.reason != Reason.WEEKLY:
        return cut
    if not found:
        return replace(cut, reason=Reason.ABSENT)
    owner, exception = found[0]
    return replace(cut, reason=EXCEPTION_REASON[owner], text=exception.reason)


def _messages(subject: Subject, on: date) -> tuple[str, ...]:
    """Most specific owner first, then by date, so that the order of rows does not matter."""
    found: list[str] = []
    for _, hours in subject.owners():
        live = [one for one in hours.exceptions if one.kind == ExceptionKind.MESSAGE and one.covers(on)]
        found += [one.reason for one in sorted(live, key=lambda one: (one.starts_on, one.reason)) if one.reason]
    return tuple(found)
