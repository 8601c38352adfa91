"""Reading agencies and words for public pages."""

from datetime import date
from typing import Any

from django.db.models import Q

from directory.contact import PublicPoints
from directory.models import Agency, ContactPoint, GlossaryTerm
from directory.text import fold
from directory.versions import derived

MOST_OFFERS = 60


def load_agency(slug: str, *, on: date) -> Agency | None:
    """Return a public agency. One query."""
    found: Agency | None = Agency.objects.published(on=on).filter(slug=slug).first()
    return found


def family(agency: Agency, *, on: date) -> tuple[Agency | None, list[Agency]]:
    """Return the public agency above and the public ones below. One query."""
    rows = Agency.objects.published(on=on).filter(Q(pk=agency.parent_id) | Q(parent=agency)).order_by("name")
    above = next((row for row in rows if row.pk == agency.parent_id), None)
    return above, [row for row in rows if row.parent_id == agency.pk]


def points_of(agency: Agency, public: PublicPoints) -> list[ContactPoint]:
    """Return the public doors the agency owns or shares, its own first. No query."""
    return list(public.by_agency.get(agency.pk, ()))


def offers_at(point: ContactPoint, *, on: date) -> list[Any]:
    """Return the public offers one finds here or asks for here first, by title. Two queries.

    At most ``MOST_OFFERS`` of each; nobody reads a list that is longer.
    """
    # Offers live in an app above this one; only their reverse names are known here.
    related: Any = point
    here = {offer.pk: offer for offer in _first(related.offers.published(on=on))}
    here |= {offer.pk: offer for offer in _first(related.first_contact_for.published(on=on))}
    return sorted(here.values(), key=lambda offer: fold(offer.title))


def offers_of(agency: Agency, *, on: date) -> list[Any]:
    """Return the public offers the agency takes part in, by title, at most ``MOST_OFFERS``. One query."""
    related: Any = agency
    return _first(related.offers.published(on=on).distinct())


def _first(offers: Any) -> list[Any]:
    return list(offers.order_by("title", "pk")[:MOST_OFFERS])


def glossary_terms(version: str) -> list[GlossaryTerm]:
    """Return all terms by name (one query when the content is new)."""
    return derived("glossary", version, lambda: list(GlossaryTerm.objects.all()))


def public_terms(version: str) -> list[GlossaryTerm]:
    """Return the terms that texts for everybody link to."""
    return [term for term in glossary_terms(version) if term.audience == GlossaryTerm.Audience.ALL]
