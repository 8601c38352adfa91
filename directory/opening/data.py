"""The values that go into the opening-hours rules and the answers that come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum


class Kind(StrEnum):
    """What one can do in these hours."""

    OPENING = "opening"
    CONSULTATION = "consultation"
    PHONE = "phone"


class TermTime(StrEnum):
    """In which part of the school year a weekly row counts."""

    ALWAYS = "always"
    SCHOOL_DAYS = "school_days"
    HOLIDAYS = "holidays"


class OnPublicHoliday(StrEnum):
    """What a weekly row does on a public holiday."""

    CLOSED = "closed"
    OPEN = "open"
    UNKNOWN = "unknown"


class ExceptionKind(StrEnum):
    """What a dated exception does to its dates."""

    CLOSED = "closed"
    HOURS = "hours"
    MESSAGE = "message"


class Owner(StrEnum):
    """Whose hours they are."""

    PLACE = "place"
    PERSON = "person"
    OFFER = "offer"


class State(StrEnum):
    """Whether one can come or call."""

    OPEN = "open"
    CLOSED = "closed"
    BY_APPOINTMENT = "by_appointment"
    UNKNOWN = "unknown"
    HOLIDAY_UNKNOWN = "holiday_unknown"


class Reason(StrEnum):
    """Which rule decided a day; ``DayPlan.text`` holds the name or words that go with it."""

    WEEKLY = "weekly"
    NOT_THAT_DAY = "not_that_day"
    SCHOOL_HOLIDAYS = "school_holidays"
    PUBLIC_HOLIDAY = "public_holiday"
    PERSON_EXCEPTION = "person_exception"
    OFFER_EXCEPTION = "offer_exception"
    PLACE_EXCEPTION = "place_exception"
    ABSENT = "absent"
    ABSENT_SUBSTITUTE = "absent_substitute"
    NO_HOURS = "no_hours"
    TIMES_MISSING = "times_missing"
    TERM_UNKNOWN = "term_unknown"


@dataclass(frozen=True, slots=True)
class WeeklySlot:
    """One row of the weekly plan; ``weekday`` 0 is Monday.

    ``closes_at`` 00:00 means midnight at the end of the day; a closing time not after
    the opening time lies on the next day. A row without times is known to exist: by
    appointment it means "on request", otherwise its times are missing.
    """

    weekday: int
    opens_at: time | None
    closes_at: time | None
    kind: Kind = Kind.OPENING
    by_appointment: bool = False
    term_time: TermTime = TermTime.ALWAYS
    on_public_holiday: OnPublicHoliday = OnPublicHoliday.CLOSED
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    def in_force(self, on: date) -> bool:
        """Both ends of the validity count as valid."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class DatedException:
    """Closed, other hours or a message from ``starts_on`` to ``ends_on``, both included.

    ``reason`` is public text. ``elsewhere`` names another place where the other hours
    are kept; a closure of the own house does not touch them.
    """

    starts_on: date
    ends_on: date
    kind: ExceptionKind
    slots: tuple[tuple[time, time], ...] = ()
    reason: str = ""
    elsewhere: str = ""

    def covers(self, on: date) -> bool:
        return self.starts_on <= on <= self.ends_on


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly rows and dated exceptions of one owner; the order of neither matters."""

    slots: tuple[WeeklySlot, ...] = ()
    exceptions: tuple[DatedException, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """A person is away, both dates included. Why is nobody's business and not stored."""

    starts_on: date
    ends_on: date
    substitute_name: str | None = None
    substitute: Person | None = None

    def covers(self, on: date) -> bool:
        return self.starts_on <= on <= self.ends_on


@dataclass(frozen=True, slots=True)
class Person:
    """A contact person. Two who stand in for each other: build the substitute without absences."""

    hours: Hours = Hours()
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the question is about: a place, an offer at it, a person in it."""

    place: Hours = Hours()
    offer: Hours | None = None
    person: Person | None = None

    def owners(self) -> tuple[tuple[Owner, Hours], ...]:
        """The most specific first."""
        found: list[tuple[Owner, Hours]] = []
        if self.person is not None:
            found.append((Owner.PERSON, self.person.hours))
        if self.offer is not None:
            found.append((Owner.OFFER, self.offer))
        return (*found, (Owner.PLACE, self.place))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Public holidays of the Land by date and school holidays as (first day, last day, name).

    ``school_known_until``: last date for which the school holidays have been entered.
    Rows that depend on term time are unknown after it. ``None`` takes the rows as complete.
    """

    public_holidays: Mapping[date, str] = field(default_factory=dict)
    school_holidays: tuple[tuple[date, date, str], ...] = ()
    school_known_until: date | None = None

    def school_holiday(self, on: date) -> str | None:
        """Name of the school holidays on that date, ``None`` outside of them."""
        names = [(start, name) for start, end, name in self.school_holidays if start <= on <= end]
        return min(names)[1] if names else None

    def in_term_time(self, term_time: TermTime, on: date) -> bool | None:
        """Does a row with this term time count on that date? ``None`` if nobody knows."""
        if term_time == TermTime.ALWAYS:
            return True
        if self.school_known_until is not None and on > self.school_known_until:
            return None
        return (self.school_holiday(on) is not None) == (term_time == TermTime.HOLIDAYS)


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` (inclusive) to ``end`` (exclusive), both aware, Europe/Berlin."""

    start: datetime
    end: datetime
    notes: tuple[str, ...] = ()

    def covers(self, moment: datetime) -> bool:
        at = moment.astimezone(UTC)
        return self.start.astimezone(UTC) <= at < self.end.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One date: what is open, on which ground, and whether the plain week says otherwise.

    ``appointments`` are hours only by appointment; ``on_request`` adds appointments
    without fixed hours. ``text`` is the staff's reason, the holiday's name or the
    substitute's name, as ``reason`` says. ``owner`` is whose hours they are, ``None`` if
    nobody's. ``conflict`` is for staff only.
    """

    on: date
    kind: Kind
    state: State
    reason: Reason
    text: str = ""
    spans: tuple[Span, ...] = ()
    appointments: tuple[Span, ...] = ()
    on_request: bool = False
    owner: Owner | None = None
    elsewhere: str = ""
    absent: bool = False
    substitute: str = ""
    messages: tuple[str, ...] = ()
    differs: bool = False
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class OpenState:
    """The answer for one instant.

    ``until`` is when an ``open`` or ``by_appointment`` ends; ``None`` for every other
    state, for appointments on request, and when no end is in sight (open day and night).
    """

    state: State
    until: datetime | None
    reason: Reason
    text: str = ""
