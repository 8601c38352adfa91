"""One search over everything that has a public page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from directory.models import Agency, ContactPoint, GlossaryTerm
from offers.models import Offer

HITS_PER_GROUP = 10
MAX_WORDS = 8


@dataclass(frozen=True)
class Hit:
    """One line of the result."""

    title: str
    url: str
    text: str
    is_example: bool = False


@dataclass(frozen=True)
class Group:
    """The hits of one kind."""

    title: str
    hits: list[Hit]


def search_site(query: str, *, on: date) -> list[Group]:
    """Return the groups that have hits on the given day; every word of the query must occur."""
    words = query.split()[:MAX_WORDS]
    if not words:
        return []
    offers = Offer.objects.published(on=on).filter(_all(words, "title", "summary", "search_text"))
    points = ContactPoint.objects.published(on=on).filter(_all(words, "name", "summary", "town"))
    agencies = Agency.objects.published(on=on).filter(_all(words, "name", "short_name", "what_we_do"), is_gap=False)
    terms = GlossaryTerm.objects.filter(_all(words, "term", "also", "former_name"))
    groups = [
        Group(_("Angebote"), _hits(offers, "title", "summary")),
        Group(_("Anlaufstellen"), _hits(points, "name", "summary")),
        Group(_("Stellen"), _hits(agencies, "display_name", "what_we_do")),
        Group(_("Wörter erklärt"), _hits(terms, "term", "explanation")),
    ]
    return [group for group in groups if group.hits]


def _all(words: list[str], *fields: str) -> Q:
    found = Q()
    for word in words:
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": word})
        found &= anywhere
    return found


def _hits(rows: Iterable[Offer | ContactPoint | Agency | GlossaryTerm], title: str, text: str) -> list[Hit]:
    limited = rows[:HITS_PER_GROUP]  # type: ignore[index]
    return [
        Hit(getattr(row, title), row.get_absolute_url(), getattr(row, text), getattr(row, "is_example", False))
        for row in limited
    ]
