"""Everything the page of one offer says, in the order people ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from directory.contact import ContactCard, PublicPoints, contact_card, is_public, public_points
from directory.hours import calendar_around
from directory.models import ContactPoint
from directory.places import distance_km
from offers.dates import next_occurrence
from offers.filters import OfferFilters
from offers.fit import NO, UNKNOWN, YES, FitLine, age_text, fit_lines
from offers.models import Deadline, Decider, Offer, OfferAgency, Precondition

RELATED_LIMIT = 4
FIT_FIELDS = ("age_state", "age_min", "age_max", "certificates", "reach")


@dataclass(frozen=True, slots=True)
class DatedLine:
    """A deadline with its next day; ``on`` is None when it depends on the person's own date."""

    on: date | None
    purpose: str
    text: str
    consequence: str


@dataclass(frozen=True, slots=True)
class FitFacts:
    """What decides whether an offer fits a visitor; ``row`` as ``offers.fit`` wants it, ``spots`` where it is."""

    row: dict[str, Any]
    situations: dict[str, str]
    spots: tuple[tuple[float, float], ...]

    def lines(self, filters: OfferFilters) -> list[FitLine]:
        """Return the reasons for what the visitor chose in the list before."""
        place = filters.place
        here = (place.latitude, place.longitude) if place else None
        km = min((distance_km(here, spot) for spot in self.spots), default=None) if here else None
        return fit_lines(self.row, filters, situations=self.situations, km=km)


@dataclass(frozen=True, slots=True)
class OfferPage:
    """The prepared page."""

    offer: Offer
    age: str
    preconditions: list[Precondition]
    steps: list[str]
    to_bring: list[str]
    dates: list[DatedLine]
    deciders: list[tuple[str, str]]
    roles: list[OfferAgency]
    contact: ContactCard | None
    is_fallback_contact: bool
    places: list[str]
    other_points: list[ContactPoint]
    languages: list[str]
    fields: list[str]


def load_offer(slug: str, *, on: date) -> Offer | None:
    """Return the published offer with everything its page shows, in a fixed number of queries."""
    return with_details(Offer.objects.published(on=on)).filter(slug=slug).first()


def with_details(rows: "QuerySet[Offer]") -> "QuerySet[Offer]":
    """Prefetch what the page shows; contact points come from memory."""
    return rows.prefetch_related(
        "situations",
        "municipalities",
        "languages",
        "occupational_fields",
        "legal_bases",
        "preconditions",
        "deadlines",
        Prefetch("roles", OfferAgency.objects.select_related("agency")),
        Prefetch("contact_points", ContactPoint.objects.only("id")),
    )


def offer_page(offer: Offer, *, at: datetime, version: str) -> OfferPage:
    """Prepare the page, the same for every visitor; ``at`` is aware, Europe/Berlin."""
    on = at.date()
    public = public_points(on, version=version)
    points = _points_of(offer, public)
    own, contact = _contact(offer, public, at=at, version=version)
    return OfferPage(
        offer=offer,
        age=age_text(offer.age_min, offer.age_max, offer.age_state),
        preconditions=list(offer.preconditions.all()),
        steps=_lines(offer.steps),
        to_bring=_lines(offer.to_bring),
        dates=_dates(offer.deadlines.all(), on=on),
        deciders=_deciders(offer),
        roles=[role for role in offer.roles.all() if is_public(role.agency, on=on)],
        contact=contact,
        is_fallback_contact=contact is not None and own is None,
        places=[row.name for row in offer.municipalities.all()],
        other_points=[point for point in points if contact is None or point.slug != contact.slug],
        languages=[row.name for row in offer.languages.all()],
        fields=[row.name for row in offer.occupational_fields.all()],
    )


def related_offers(offer: Offer, *, on: date) -> list[Offer]:
    """Return a few other offers of the same kind. One query."""
    rows = Offer.objects.published(on=on).filter(kind=offer.kind).exclude(pk=offer.pk)
    return list(rows.only("slug", "title", "summary", "is_example", "verified")[:RELATED_LIMIT])


def fit_facts(offer: Offer, public: PublicPoints) -> FitFacts:
    """Take what decides whether the offer fits out of a loaded row."""
    spots = [
        (point.latitude, point.longitude)
        for point in _points_of(offer, public)
        if point.latitude is not None and point.longitude is not None
    ]
    spots += [(row.latitude, row.longitude) for row in offer.municipalities.all()]
    return FitFacts(
        row={name: getattr(offer, name) for name in FIT_FIELDS},
        situations={row.slug: row.label for row in offer.situations.all()},
        spots=tuple(spots) if offer.reach == Offer.Reach.PLACES else (),
    )


def verdict_of(fit: list[FitLine]) -> str:
    """One "no" decides; then one "unknown"; without any line nothing is said."""
    verdicts = {line.verdict for line in fit}
    if not verdicts:
        return ""
    return NO if NO in verdicts else UNKNOWN if UNKNOWN in verdicts else YES


def _points_of(offer: Offer, public: PublicPoints) -> list[ContactPoint]:
    wanted = {row.pk for row in offer.contact_points.all()}
    return [point for point in public.points if point.pk in wanted]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _dates(deadlines: Iterable[Deadline], *, on: date) -> list[DatedLine]:
    """Coming dates first by day, then those that depend on the person's own date; past ones are gone."""
    coming = [
        DatedLine(day, row.purpose, row.text, row.consequence)
        for row in deadlines
        if (day := next_occurrence(row, on=on)) is not None
    ]
    relative = [
        DatedLine(None, row.purpose, row.text, row.consequence)
        for row in deadlines
        if row.kind == Deadline.Kind.BEFORE_EVENT
    ]
    return sorted(coming, key=lambda line: (line.on or date.max, line.text)) + relative


def _deciders(offer: Offer) -> list[tuple[str, str]]:
    """Who decides: one row, or two where money from the Jobcenter changes it (§ 22 Abs. 4 SGB III)."""
    without = str(Decider(offer.decides_without_sgb2).label)
    with_sgb2 = str(Decider(offer.decides_with_sgb2).label)
    if without == with_sgb2:
        return [("", without)]
    return [(_("Ohne Geld vom Jobcenter"), without), (_("Mit Geld vom Jobcenter"), with_sgb2)]


def _contact(
    offer: Offer, public: PublicPoints, *, at: datetime, version: str
) -> tuple[ContactPoint | None, ContactCard | None]:
    """The door to knock at first: the offer's own, else the coordination office, else none."""
    own = next((point for point in public.points if point.pk == offer.contact_id), None)
    fallback = public.by_slug.get(settings.REGION["coordination_point"])
    point = own or fallback
    if point is None:
        return None, None
    calendar = calendar_around(at, version=version)
    return own, contact_card(point, at=at, calendar=calendar, fallback=fallback)
