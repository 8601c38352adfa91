"""A contact point ready to show: what is known, what is missing, and whom to ask then.

Cards are plain values without queries, so that a list of them costs nothing more
than the rows. The public points are kept per content version and day.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from directory.hours import OpenLine, facts_shown, has_hours, open_line
from directory.models import (
    AbsentState,
    Agency,
    ContactPerson,
    ContactPoint,
    ContactPointAgency,
    Municipality,
    PublicQuerySet,
    Publishable,
    Status,
    TriState,
)
from directory.opening import BERLIN, Calendar
from directory.places import Place, distance_km
from directory.versions import content_version, derived

CHANNELS = (
    ("in_person", "has_in_person", _lazy("persönlich"), "person"),
    ("phone", "has_phone", _lazy("am Telefon"), "phone"),
    ("video", "has_video", _lazy("per Video"), "video"),
    ("written", "has_written", _lazy("schriftlich"), "write"),
)
"""Value in the address, field, label, icon."""
ACCESS_FACTS = (
    ("step_free", _lazy("ohne Stufen")),
    ("lift", _lazy("Aufzug")),
    ("accessible_toilet", _lazy("barrierefreies WC")),
    ("accessible_parking", _lazy("Behindertenparkplatz")),
    ("hearing_loop", _lazy("Höranlage")),
)


FACTS = {
    "address": (_lazy("Adresse"), _lazy("keine Adresse")),
    "phone": (_lazy("Telefon"), _lazy("kein Telefon")),
    "hours": (_lazy("Zeiten"), _lazy("keine festen Zeiten")),
}
"""What every contact point should say: the name of the fact, and the words for „there is none“."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A function one can ask for; ``absent_until`` is the last day away."""

    name: str
    topic: str
    phone: str
    absent_until: date | None = None
    substitute: str = ""


@dataclass(frozen=True, slots=True)
class NextBest:
    """Whom to ask when a fact is missing. All but ``text`` may be empty."""

    text: str
    name: str = ""
    url: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ContactCard:
    """Everything the public may know of a contact point.

    ``missing`` names in German what nobody knows yet, ``gaps`` the same for programs
    (``address``, ``phone``, ``hours``); ``none`` says what is known not to exist.
    """

    slug: str
    url: str
    name: str
    summary: str
    owner_name: str
    owner_url: str
    open_line: OpenLine
    channels: tuple[tuple[str, str, str], ...]
    access: tuple[tuple[str, str, str], ...]
    missing: tuple[str, ...]
    gaps: tuple[str, ...]
    none: tuple[str, ...]
    next_best: NextBest | None
    is_example: bool
    verified: bool
    checked_on: date | None
    source_date: str
    km: float | None = None
    address_lines: tuple[str, ...] = ()
    directions: str = ""
    phones: tuple[tuple[str, str], ...] = ()
    email: str = ""
    website: str = ""
    persons: tuple[PersonLine, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The address in one line."""
        return ", ".join(self.address_lines)

    @property
    def first_phone(self) -> str:
        """The first number to call (E.164), else empty."""
        return self.phones[0][0] if self.phones else ""

    @property
    def has_open_line(self) -> bool:
        """True if the open line says more than that hours are missing."""
        return "hours" not in self.gaps

    @property
    def bookmark(self) -> str:
        """The key on the Merkliste."""
        return f"p:{self.slug}"


@dataclass(frozen=True)
class PublicPoints:
    """All contact points that are public on one day, with their details and service areas."""

    points: tuple[ContactPoint, ...]
    by_slug: dict[str, ContactPoint]
    areas: dict[int, frozenset[str]]

    @cached_property
    def by_agency(self) -> dict[int, list[ContactPoint]]:
        """The doors each agency owns, then those it shares, by name. No query."""
        owned: dict[int, list[ContactPoint]] = defaultdict(list)
        shared: dict[int, list[ContactPoint]] = defaultdict(list)
        for point in sorted(self.points, key=lambda point: point.name):
            owned[point.owner_id].append(point)
            for share in point.shares.all():
                if share.agency_id != point.owner_id:
                    shared[share.agency_id].append(point)
        return {agency: [*owned[agency], *shared[agency]] for agency in {*owned, *shared}}

    def serves(self, point: ContactPoint, ags: str) -> bool:
        """Tell whether people from this municipality are at the right door here."""
        return point.serves_whole_county or ags in self.areas[point.pk]


def contact_points_with_details() -> PublicQuerySet[ContactPoint]:
    """Rows with everything a card needs: nine queries for any number of rows."""
    return ContactPoint.objects.select_related("owner", "municipality").prefetch_related(
        "phones",
        Prefetch("persons", ContactPerson.objects.select_related("substitute").prefetch_related("absences")),
        "schedules",
        "exceptions",
        "languages",
        Prefetch("shares", ContactPointAgency.objects.select_related("agency")),
        Prefetch("service_area", Municipality.objects.only("ags", "name").order_by("name")),
    )


def public_points(on: date, *, version: str | None = None) -> PublicPoints:
    """Return what is public on this day, from memory while the content stays the same.

    One query for the content version unless it is given. Treat the rows as read-only.
    """
    key = (content_version() if version is None else version, on, settings.SHOW_EXAMPLE_DATA)
    return derived("contact-points", key, lambda: _load(on))


def _load(on: date) -> PublicPoints:
    points = tuple(contact_points_with_details().published(on=on).order_by("name", "pk"))
    areas = {point.pk: frozenset(row.ags for row in point.service_area.all()) for point in points}
    return PublicPoints(points, {point.slug: point for point in points}, areas)


def fallback_point(on: date, *, version: str | None = None) -> ContactPoint | None:
    """Return the coordination point, which catches every gap, if it is public."""
    return fallback_of(public_points(on, version=version))


def fallback_of(public: PublicPoints) -> ContactPoint | None:
    """Return the coordination point among public points that are loaded already."""
    return public.by_slug.get(settings.REGION["coordination_point"])


def is_public(record: Publishable, *, on: date) -> bool:
    """Say of a loaded row what ``PublicQuerySet.published`` says in the database."""
    return (
        record.status == Status.PUBLISHED
        and (record.published_from is None or record.published_from <= on)
        and (record.published_until is None or record.published_until >= on)
        and (settings.SHOW_EXAMPLE_DATA or not record.is_example)
        and (record.hidden_from is None or record.hidden_from > on)
    )


def next_best_text() -> str:
    """Say where to go when no contact point is public at all."""
    return _("Geh zum Rathaus deiner Gemeinde oder frag in der Schule. Jede Gemeinde nimmt Anträge an.")


def points_for(
    who: str, place: Place | None, on: date, *, version: str | None = None
) -> list[tuple[ContactPoint, float | None]]:
    """Return the public doors of a body: ``who`` is a value of ``stelle`` or an agency's slug.

    With a place only doors that serve its municipality count, nearest first, with
    kilometres as the crow flies; doors without coordinates come last.
    """
    public = public_points(on, version=version)
    found = [point for point in public.points if stands_behind(point, who)]
    if place:
        found = [point for point in found if public.serves(point, place.ags)]
    return nearest_first(found, place)


def stands_behind(point: ContactPoint, who: str) -> bool:
    """Tell whether the body (``stelle`` or slug) owns the point or shares it."""
    return any(who in (agency.slug, agency.stelle) for agency in agencies_of(point))


def agencies_of(point: ContactPoint) -> list[Agency]:
    """Return the owner, then those that share the point."""
    return [point.owner, *(share.agency for share in point.shares.all())]


def nearest_first(points: Iterable[ContactPoint], place: Place | None) -> list[tuple[ContactPoint, float | None]]:
    """Pair points with kilometres from the place, nearest first; without a place keep the order."""
    pairs = [(point, _km(point, place)) for point in points]
    if place:
        pairs.sort(key=lambda pair: (pair[1] is None, pair[1] or 0.0, pair[0].name))
    return pairs


def contact_card(
    point: ContactPoint,
    *,
    at: datetime,
    calendar: Calendar,
    km: float | None = None,
    fallback: ContactPoint | None = None,
) -> ContactCard:
    """Prepare a contact point with prefetched details for showing. No query.

    Facts without a source are left out and named in ``missing``; then ``next_best`` says
    whom to ask: this place by phone, else ``fallback``, else the town hall.
    """
    shown = facts_shown(point)
    on = at.astimezone(BERLIN).date()
    gaps, none = _gaps(point, shown)
    return ContactCard(
        slug=point.slug,
        url=point.get_absolute_url(),
        name=point.name,
        summary=point.summary,
        owner_name=point.owner.display_name,
        owner_url=point.owner.get_absolute_url() if is_public(point.owner, on=on) else "",
        open_line=open_line(point, at=at, calendar=calendar),
        channels=channel_labels(point),
        access=_access(point, shown),
        missing=tuple(str(FACTS[name][0]) for name in gaps),
        gaps=gaps,
        none=tuple(str(FACTS[name][1]) for name in none),
        next_best=_next_best(point, fallback) if gaps else None,
        is_example=point.is_example,
        verified=point.verified,
        checked_on=point.checked_on,
        source_date=point.source_date,
        km=km,
        **(_sourced_facts(point, on) if shown else {}),
    )


def _sourced_facts(point: ContactPoint, on: date) -> dict[str, Any]:
    """The parts of a card that need a source."""
    return {
        "address_lines": _address_lines(point),
        "directions": point.directions,
        "phones": tuple((row.number, row.purpose) for row in point.phones.all()),
        "email": point.email,
        "website": point.website,
        "persons": tuple(_person_line(person, on) for person in point.persons.all()),
        "languages": tuple(language.name for language in point.languages.all()),
    }


def channel_labels(point: ContactPoint) -> tuple[tuple[str, str, str], ...]:
    """Return (value, label, icon) of every way to reach the point."""
    return tuple((value, str(label), icon) for value, field, label, icon in CHANNELS if getattr(point, field))


def visible_phone(point: ContactPoint) -> str:
    """Return the first number that may be shown, else empty."""
    if not facts_shown(point):
        return ""
    numbers = [*(row.number for row in point.phones.all()), *(row.phone for row in point.persons.all())]
    return next((number for number in numbers if number), "")


def _km(point: ContactPoint, place: Place | None) -> float | None:
    if place is None or point.latitude is None or point.longitude is None or not facts_shown(point):
        return None
    return distance_km((place.latitude, place.longitude), (point.latitude, point.longitude))


def _address_lines(point: ContactPoint) -> tuple[str, ...]:
    town = f"{point.postal_code} {point.town}".strip()
    return tuple(line for line in (point.street, town) if line)


def _gaps(point: ContactPoint, shown: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keys of what nobody knows, and of what is known not to exist."""
    states = {
        "address": (bool(point.street) and shown, point.address_state),
        "phone": (bool(visible_phone(point)), point.phone_state),
        "hours": (has_hours(point), point.hours_state),
    }
    absent = {name: state == AbsentState.NONE and shown for name, (known, state) in states.items() if not known}
    return (
        tuple(name for name, is_none in absent.items() if not is_none),
        tuple(name for name, is_none in absent.items() if is_none),
    )


def _access(point: ContactPoint, shown: bool) -> tuple[tuple[str, str, str], ...]:
    """(label, answer, value) of every accessibility fact; unknown is never no."""
    known = [(label, TriState(getattr(point, name)) if shown else TriState.UNKNOWN) for name, label in ACCESS_FACTS]
    return tuple((str(label), str(state.label), str(state)) for label, state in known)


def _person_line(person: ContactPerson, on: date) -> PersonLine:
    away = [row.ends_on for row in person.absences.all() if row.starts_on <= on <= row.ends_on]
    substitute = person.substitute.name if away and person.substitute else ""
    return PersonLine(person.name, person.topic, person.phone, max(away, default=None), substitute)


def _next_best(point: ContactPoint, fallback: ContactPoint | None) -> NextBest:
    if own := visible_phone(point):
        return NextBest(_("Ruf hier an und frag nach."), phone=own)
    if fallback and fallback.pk != point.pk:
        return NextBest(
            _("Frag bei der Koordinierungsstelle nach."),
            fallback.name,
            fallback.get_absolute_url(),
            visible_phone(fallback),
        )
    return NextBest(next_best_text())
