"""From hours rows to words: the open line of a place and the coming seven days.

Which row wins is decided in ``directory.opening``; this module feeds it with
prefetched rows and says the answer in German. It never queries, except for the
calendar, which is kept per content version. Wall times are Europe/Berlin.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory import opening
from directory.models import AbsentState, ContactPerson, ContactPoint, Schedule, ScheduleException, SchoolHoliday
from directory.opening import BERLIN, HORIZON_DAYS, DayPlan, Kind, Reason, Span, State, Subject
from directory.public_holidays import public_holidays
from directory.versions import content_version, derived

KIND_ORDER = (Kind.OPENING, Kind.CONSULTATION, Kind.PHONE)
EXCEPTION_REASONS = frozenset({Reason.PERSON_EXCEPTION, Reason.OFFER_EXCEPTION, Reason.PLACE_EXCEPTION})
APPOINTMENT_DAYS = 14
"""How far ahead appointments are looked for, before a place without walk-in hours counts as closed."""


@dataclass(frozen=True, slots=True)
class OpenLine:
    """Whether one can come (or call) now, in one line.

    ``until`` is the end of the current opening, ``opens_at`` the next one, ``why`` the
    reason when today is not as usual.
    """

    state: State
    text: str
    until: datetime | None = None
    opens_at: datetime | None = None
    why: str = ""

    @property
    def is_open(self) -> bool:
        """True if one can walk in or call at this moment."""
        return self.state == State.OPEN

    @property
    def open_now(self) -> bool | None:
        """Yes, no, or None when nobody knows."""
        return None if self.state in {State.UNKNOWN, State.HOLIDAY_UNKNOWN} else self.is_open


@dataclass(frozen=True, slots=True)
class KindLine:
    """The hours of one kind on one date, of the place or of one person in it."""

    kind: Kind
    label: str
    text: str
    state: State
    who: str = ""
    notes: tuple[str, ...] = ()
    differs: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One of the coming days; ``lines`` are ready to show, ``rows`` say the same piece by piece."""

    date: date
    name: str
    is_today: bool
    state: str
    lines: tuple[str, ...]
    differs: bool
    reason: str
    messages: tuple[str, ...]
    rows: tuple[KindLine, ...]


def calendar_for(start: date, end: date, *, version: str | None = None) -> opening.Calendar:
    """Return the Land's public holidays and school holidays for these dates.

    One query for the content version unless it is given, one more when it is new.
    School holidays that nobody entered yet are unknown, not school days.
    """
    key = (content_version() if version is None else version, start.year, end.year)
    return derived("calendar", key, lambda: _calendar(start.year, end.year))


def calendar_around(at: datetime, *, version: str | None = None) -> opening.Calendar:
    """Return the calendar for an open line and a week view at this instant."""
    today = at.astimezone(BERLIN).date()
    return calendar_for(today - timedelta(days=1), today + timedelta(days=HORIZON_DAYS + 1), version=version)


def subject_of(point: ContactPoint, person: ContactPerson | None = None) -> Subject:
    """Return the place, and the person in it, as values. Reads prefetched rows only."""
    return Subject(_hours(point, None), person=_person(point, person) if person else None)


def facts_shown(point: ContactPoint) -> bool:
    """Tell whether facts may be shown: backed by a source, or marked as example data."""
    return point.verified or point.is_example


def has_hours(point: ContactPoint) -> bool:
    """Tell whether any hours may be shown, of the place or of a person."""
    return facts_shown(point) and bool(point.schedules.all())


def open_line(point: ContactPoint, *, at: datetime, calendar: opening.Calendar) -> OpenLine:
    """Say whether the place is open at this instant, until when, and when next.

    Raises ``ValueError`` for a naive instant. What nobody knows is never closed.
    """
    if not has_hours(point):
        none = point.hours_state == AbsentState.NONE and facts_shown(point)
        return OpenLine(State.UNKNOWN, _("Keine festen Zeiten") if none else _("Zeiten: Angabe fehlt"))
    kinds = _place_kinds(point)
    if not kinds:
        return OpenLine(State.UNKNOWN, _("Zeiten stehen bei den Ansprechpersonen"))
    subject, kind = subject_of(point), kinds[0]
    now = opening.open_at(subject, at, calendar, kind)
    why = _why(now.reason, now.text)
    following = (
        opening.next_opening(subject, now.until or at, calendar, kind) if now.until or now.state != State.OPEN else None
    )
    if now.state == State.OPEN:
        return OpenLine(now.state, _open_words(kind, now.until, following, at), now.until, following, why)
    state = now.state
    if state == State.CLOSED and following is None and _takes_appointments(subject, at, calendar, kind):
        state = State.BY_APPOINTMENT
    return OpenLine(state, _shut_words(kind, state, following, at), None, following, why)


def week_view(point: ContactPoint, *, start: date, calendar: opening.Calendar) -> list[WeekDay]:
    """Return seven days from ``start`` on, each with every kind of hours; empty if nobody knows any."""
    if not has_hours(point):
        return []
    plans: list[tuple[str, Kind, list[DayPlan]]] = []
    place = subject_of(point)
    plans += [("", kind, opening.week(place, start, calendar, kind)) for kind in _place_kinds(point)]
    for person in point.persons.all():
        subject = subject_of(point, person)
        own = {row.kind for row in point.schedules.all() if row.person_id == person.pk}
        plans += [
            (person.name, kind, opening.week(subject, start, calendar, kind)) for kind in KIND_ORDER if kind in own
        ]
    return [_week_day(start + timedelta(days=index), index == 0, plans, index) for index in range(7)]


def walk_in_words(point: ContactPoint, on: date, calendar: opening.Calendar) -> str:
    """Return ``9 bis 12 Uhr und 13 bis 16 Uhr`` for a day on which one can just come; empty when not, or unknown."""
    if not has_hours(point):
        return ""
    subject = subject_of(point)
    on_site = [kind for kind in _place_kinds(point) if kind != Kind.PHONE]
    spans = (opening.day_plan(subject, on, calendar, kind).spans for kind in on_site)
    return next((_span_words(found) for found in spans if found), "")


def when_words(moment: datetime, *, at: datetime) -> str:
    """Return ``heute um 13 Uhr``, ``Dienstag um 9 Uhr`` or ``Montag, 4. Januar um 9 Uhr``."""
    return _("%(day)s um %(time)s") % {"day": _day_words(moment, at), "time": clock_words(moment)}


def clock_words(moment: datetime | time) -> str:
    """Return ``9 Uhr`` or ``9:30 Uhr``."""
    return _("%(time)s Uhr") % {"time": _clock(moment)}


def _calendar(first_year: int, last_year: int) -> opening.Calendar:
    public: dict[date, str] = {}
    for year in range(first_year, last_year + 1):
        public |= public_holidays(settings.REGION["holiday_subdivision"], year)
    rows = tuple(SchoolHoliday.objects.order_by("starts_on", "name").values_list("starts_on", "ends_on", "name"))
    known_until = max((row[1] for row in rows), default=date.min)
    return opening.Calendar(public, rows, known_until)


def _hours(point: ContactPoint, person_id: int | None) -> opening.Hours:
    return opening.Hours(
        tuple(_slot(row) for row in point.schedules.all() if row.person_id == person_id),
        tuple(_exception(row) for row in point.exceptions.all() if row.person_id == person_id),
    )


def _slot(row: Schedule) -> opening.WeeklySlot:
    return opening.WeeklySlot(
        row.weekday,
        row.opens_at,
        row.closes_at,
        Kind(row.kind),
        row.by_appointment,
        opening.TermTime(row.term_time),
        opening.OnPublicHoliday(row.on_public_holiday),
        row.valid_from,
        row.valid_to,
        row.note,
    )


def _exception(row: ScheduleException) -> opening.DatedException:
    slots = ((row.opens_at, row.closes_at),) if row.opens_at is not None and row.closes_at is not None else ()
    return opening.DatedException(row.starts_on, row.ends_on, opening.ExceptionKind(row.kind), slots, row.reason)


def _person(point: ContactPoint, person: ContactPerson) -> opening.Person:
    """The person with absences; the substitute comes without, so that two can stand in for each other."""
    stand_in = next((one for one in point.persons.all() if one.pk == person.substitute_id), None)
    substitute = opening.Person(_hours(point, stand_in.pk)) if stand_in else None
    name = stand_in.name if stand_in else None
    absences = tuple(opening.Absence(row.starts_on, row.ends_on, name, substitute) for row in person.absences.all())
    return opening.Person(_hours(point, person.pk), absences)


def _place_kinds(point: ContactPoint) -> list[Kind]:
    """The kinds the place itself has rows of, the most telling first."""
    kinds = {row.kind for row in point.schedules.all() if row.person_id is None}
    return [kind for kind in KIND_ORDER if kind in kinds]


def _takes_appointments(subject: Subject, at: datetime, calendar: opening.Calendar, kind: Kind) -> bool:
    today = at.astimezone(BERLIN).date()
    days = (today + timedelta(days=offset) for offset in range(APPOINTMENT_DAYS))
    return any(opening.day_plan(subject, day, calendar, kind).state == State.BY_APPOINTMENT for day in days)


def _open_words(kind: Kind, until: datetime | None, following: datetime | None, at: datetime) -> str:
    if until is None:
        return _("Am Telefon rund um die Uhr") if kind == Kind.PHONE else _("Rund um die Uhr offen")
    words = {"end": _end_words(until, at)}
    now = {
        Kind.OPENING: _("Jetzt offen bis %(end)s"),
        Kind.CONSULTATION: _("Jetzt Sprechzeit bis %(end)s"),
        Kind.PHONE: _("Jetzt am Telefon bis %(end)s"),
    }[kind] % words
    if following is None:
        return now
    again = {"day": _day_words(following, at), "time": clock_words(following)}
    return f"{now} · {_('wieder %(day)s, %(time)s') % again}"


def _shut_words(kind: Kind, state: State, following: datetime | None, at: datetime) -> str:
    if state == State.HOLIDAY_UNKNOWN:
        return _("Feiertag – ruf vorher an")
    if state == State.BY_APPOINTMENT and following is None:
        return _("Nur mit Termin")
    if state == State.UNKNOWN:
        now = _("Zeiten heute: Angabe fehlt") if following else _("Zeiten: Angabe fehlt")
    elif state == State.BY_APPOINTMENT:
        now = _("Gerade nur mit Termin")
    else:
        now = {
            Kind.OPENING: _("Gerade zu"),
            Kind.CONSULTATION: _("Gerade keine Sprechzeit"),
            Kind.PHONE: _("Gerade nicht am Telefon"),
        }[kind]
    if following is None:
        return now
    when = {"when": when_words(following, at=at)}
    later = {
        Kind.OPENING: _("öffnet %(when)s"),
        Kind.CONSULTATION: _("Sprechzeit %(when)s"),
        Kind.PHONE: _("am Telefon %(when)s"),
    }[kind] % when
    return f"{now} · {later}"


def _day_words(moment: datetime, at: datetime) -> str:
    day, today = moment.astimezone(BERLIN).date(), at.astimezone(BERLIN).date()
    ahead = (day - today).days
    if ahead < 2:
        return _("morgen") if ahead == 1 else _("heute")
    name = str(WEEKDAYS[day.weekday()])
    return name if ahead < 7 else f"{name}, {date_format(day, 'j. F')}"


def _end_words(until: datetime, at: datetime) -> str:
    end, today = until.astimezone(BERLIN), at.astimezone(BERLIN).date()
    if end.date() == today:
        return clock_words(end)
    if (end.date() - today).days == 1 and end.time() == time(0, 0):
        return _("24 Uhr")
    return when_words(until, at=at)


def _clock(moment: datetime | time) -> str:
    wall = moment.astimezone(BERLIN) if isinstance(moment, datetime) else moment
    return f"{wall.hour}:{wall.minute:02}" if wall.minute else str(wall.hour)


def _span_words(spans: tuple[Span, ...]) -> str:
    """``9 bis 12 Uhr und 13 bis 17 Uhr``."""
    parts = [
        _("%(start)s bis %(end)s Uhr")
        % {"start": _clock(one.start), "end": "24" if _clock(one.end) == "0" else _clock(one.end)}
        for one in spans
    ]
    return _(" und ").join(parts)


def _week_day(on: date, is_today: bool, plans: list[tuple[str, Kind, list[DayPlan]]], index: int) -> WeekDay:
    rows = [_kind_line(who, kind, days[index]) for who, kind, days in plans]
    shown = [row for place, row in enumerate(rows) if place == 0 or _worth_a_line(row)]
    messages = dict.fromkeys(text for _who, _kind, days in plans for text in days[index].messages)
    return WeekDay(
        date=on,
        name=str(WEEKDAYS[on.weekday()]),
        is_today=is_today,
        state=_css_state(shown[0].state) if shown else "unknown",
        lines=tuple(_line_words(row) for row in shown),
        differs=any(row.differs for row in rows),
        reason="; ".join(dict.fromkeys(row.why for row in rows if row.why and (row.differs or row.who == ""))),
        messages=tuple(messages),
        rows=tuple(rows),
    )


def _worth_a_line(row: KindLine) -> bool:
    """Beside the main hours only what one can use or what is unusual."""
    return row.differs or row.state != State.CLOSED


def _css_state(state: State) -> str:
    known = {State.OPEN: "open", State.CLOSED: "closed", State.BY_APPOINTMENT: "appointment"}
    return known.get(state, "unknown")


def _kind_line(who: str, kind: Kind, plan: DayPlan) -> KindLine:
    label = {
        Kind.OPENING: _("Öffnungszeit"),
        Kind.CONSULTATION: _("Sprechzeit"),
        Kind.PHONE: _("Telefon"),
    }[kind]
    notes = dict.fromkeys(note for one in plan.spans + plan.appointments for note in one.notes)
    away = plan.absent and not plan.substitute
    return KindLine(
        kind=kind,
        label=label,
        text=_("nicht da") if away else _plan_words(kind, plan),
        state=State.CLOSED if away else plan.state,
        who=who,
        notes=tuple(notes),
        differs=plan.differs or plan.absent,
        why="" if away else _why(plan.reason, plan.text),
    )


def _plan_words(kind: Kind, plan: DayPlan) -> str:
    if plan.state == State.HOLIDAY_UNKNOWN:
        return _("Feiertag – ruf vorher an")
    parts = [_span_words(plan.spans)] if plan.spans else []
    if plan.appointments:
        parts.append(_("mit Termin %(hours)s") % {"hours": _span_words(plan.appointments)})
    elif plan.on_request:
        parts.append(_("mit Termin"))
    if parts:
        return ", ".join(parts)
    if plan.state == State.UNKNOWN:
        return _("Angabe fehlt")
    return _("geschlossen") if kind == Kind.OPENING else _("keine")


def _line_words(row: KindLine) -> str:
    """The line with its kind and person in front, and the notes behind."""
    label = "" if row.kind == Kind.OPENING and not row.who else f"{row.label} {row.who}".strip()
    text = f"{label}: {row.text}" if label else row.text
    return f"{text} – {'; '.join(note.rstrip('.') for note in row.notes)}" if row.notes else text


def _why(reason: Reason, text: str) -> str:
    """Say which rule decided, where that is not the plain week."""
    if reason == Reason.PUBLIC_HOLIDAY:
        return _("Feiertag: %(name)s") % {"name": text}
    if reason == Reason.SCHOOL_HOLIDAYS:
        return _("Schulferien: %(name)s") % {"name": text}
    if reason == Reason.ABSENT_SUBSTITUTE:
        return _("Vertretung: %(name)s") % {"name": text} if text else _("Es gibt eine Vertretung.")
    if reason in EXCEPTION_REASONS:
        return text or _("anders als sonst")
    return {
        Reason.ABSENT: _("nicht da"),
        Reason.TIMES_MISSING: _("Die Uhrzeit kennen wir noch nicht."),
        Reason.TERM_UNKNOWN: _("Die Schulferien kennen wir für diesen Tag noch nicht."),
    }.get(reason, "")
