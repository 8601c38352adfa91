"""One search over everything that has a public page, ready to show: groups, and the door the words lead to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from counseling.finder.facts import CONCERNS
from counseling.finder.tree import concern_label, door_of
from counseling.ways import DOOR_ICONS, Way, entrance
from directory.agencies import glossary_terms
from directory.contact import public_points
from directory.index.query import Query
from directory.index.ranking import Found, Hit, find_entries, pieces
from directory.index.scoring import TITLE_BONUS
from directory.models import Agency, SearchEntry
from directory.versions import derived
from offers.cards import Card, Pieces

OFFERS_SHOWN = 10
OTHERS_SHOWN = 6
# Per cent: of the words that a concern must cover, and of the best other hit's score that it must reach. Groups of
# words name offers, which lead by that, and no concerns; so a concern is clear far below the best offer.
COVERED, OF_RIVAL, OF_RIVAL_ALONE, OF_CONCERN = 90, 35, 60, 130
KIND = SearchEntry.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """One hit. ``kind`` says what it is, ``place`` where; both may be shown without the heading of the group."""

    title: Pieces
    url: str
    text: Pieces
    kind: str
    place: str = ""
    is_example: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind; ``total`` may be more than are shown, then ``more_url`` has all."""

    key: str
    title: str
    lines: tuple[Line, ...]
    total: int
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the words sound like, and the one way on. A private one has no address: it is sent by POST."""

    label: str
    way: Way

    @property
    def is_private(self) -> bool:
        """Whether the concern may not stand in any address."""
        return not self.way.url


def offer_group(cards: Iterable[Card], *, total: int, query: str) -> Group:
    """Return the first offers; all of them are a link away."""
    lines = tuple(
        Line(
            card.title_pieces,
            card.url,
            card.summary_pieces,
            card.kind_label,
            card.where,
            card.is_example,
            card.found_inside,
        )
        for card in cards
    )
    url = f"{reverse('offers:list')}?{urlencode({'q': query})}"
    return Group("angebote", _("Angebote"), lines, total, url if total > len(lines) else "")


def other_groups(by_kind: dict[str, list[Hit]], query: Query, *, version: str, on: date) -> list[Group]:
    """Return contact points, agencies and explained words, each with its hits. No query once the content is known."""
    found = [
        (
            "anlaufstellen",
            _("Anlaufstellen"),
            _points(by_kind.get(KIND.CONTACT_POINT, []), query, version=version, on=on),
        ),
        ("stellen", _("Stellen"), _agencies(by_kind.get(KIND.AGENCY, []), query, version=version)),
        ("woerter", _("Wörter erklärt"), _terms(by_kind.get(KIND.TERM, []), query, version=version)),
    ]
    return [Group(key, title, tuple(lines), len(lines)) for key, title, lines in found if lines]


def other_hits(found: Found, *, version: str) -> dict[str, list[Hit]]:
    """Return the best hits of every kind but offers, by kind. At most two queries."""
    by_kind: dict[str, list[Hit]] = {}
    kinds = [KIND.CONTACT_POINT, KIND.AGENCY, KIND.TERM, KIND.CONCERN]
    for hit in find_entries(found, kinds, OTHERS_SHOWN, version=version):
        by_kind.setdefault(hit.kind, []).append(hit)
    return by_kind


def answer_of(by_kind: dict[str, list[Hit]], query: Query, *, best_offer: int) -> Answer | None:
    """Return the finder's door for the concern the words clearly name, or None.

    Clear is one of its own phrases; or nearly all of the words, while nothing else fits much
    better. For a single word everything else must fit clearly worse: neither an office's name
    nor "Hilfe" is a concern. ``best_offer`` is the score of the first offer.
    """
    hits = [hit for hit in by_kind.get(KIND.CONCERN, []) if hit.coverage >= COVERED and hit.key in CONCERNS]
    if not hits:
        return None
    first = hits[0]
    rivals = [best_offer, *(found[0].score for kind, found in by_kind.items() if kind != KIND.CONCERN)]
    is_alone = sum(1 for slot in query.slots if not slot.is_place) == 1
    bar = max(rivals) * (OF_RIVAL_ALONE if is_alone else OF_RIVAL)
    if is_alone:
        bar = max([bar, *(OF_CONCERN * hit.score for hit in by_kind[KIND.CONCERN] if hit is not first)])
    if first.score < TITLE_BONUS and 100 * first.score < bar:
        return None
    door = door_of(first.key)
    icon = DOOR_ICONS.get(door.key, "door") if door else "door"
    return Answer(concern_label(first.key, "mich"), entrance(_("Finde deine Stelle"), icon, concern=first.key))


def _points(hits: list[Hit], query: Query, *, version: str, on: date) -> list[Line]:
    if not hits:
        return []
    public = public_points(on, version=version).by_slug
    return [
        _line(hit, query, point.get_absolute_url(), _("Anlaufstelle"), point.town, is_example=point.is_example)
        for hit in hits
        if (point := public.get(hit.key))
    ]


def _agencies(hits: list[Hit], query: Query, *, version: str) -> list[Line]:
    if not hits:
        return []
    examples = derived("example-agencies", version, _example_agencies)
    return [
        _line(hit, query, reverse("directory:agency", args=[hit.key]), _("Stelle"), is_example=hit.key in examples)
        for hit in hits
    ]


def _example_agencies() -> frozenset[str]:
    return frozenset(Agency.objects.filter(is_example=True).values_list("slug", flat=True))


def _terms(hits: list[Hit], query: Query, *, version: str) -> list[Line]:
    if not hits:
        return []
    terms = {term.slug: term for term in glossary_terms(version)}
    return [
        _line(hit, query, term.get_absolute_url(), _("Wort erklärt")) for hit in hits if (term := terms.get(hit.key))
    ]


def _line(hit: Hit, query: Query, url: str, kind: str, place: str = "", *, is_example: bool = False) -> Line:
    return Line(pieces(hit.title, query), url, pieces(hit.summary, query), kind, place, is_example)
