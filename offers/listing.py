"""One page of the list: which offers, in which order, with which reasons and counts.

Page and JSON both come from here, so their order is the same. Statements: the rows of the
page, their situations, their towns; with a text one for the order and at most three more for words
that nobody asked for since the content changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from directory.index.ranking import pieces
from directory.places import distance_km
from offers.catalogue import Catalogue, catalogue
from offers.facets import WayOut, counts, ways_out
from offers.filters import OfferFilters
from offers.fit import YES, FitLine, age_text, fit_lines
from offers.forms import RADII
from offers.models import Offer, OfferKind
from offers.search import OfferHits, find_offers

PAGE_SIZE = 20
Pieces = Sequence[tuple[str, bool]]
CARD_FIELDS = (
    "id", "slug", "title", "summary", "kind", "cost", "cost_text", "age_min", "age_max", "age_state", "certificates",
    "reach", "place_note", "is_remote", "checked_on", "is_example", "verified",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One offer, ready to show."""

    slug: str
    url: str
    title: str
    summary: str
    kind: str
    kind_label: str
    age: str
    cost: str
    where: str
    km: int | None
    because: tuple[FitLine, ...]
    checked_on: date | None
    is_example: bool
    verified: bool
    score: int
    title_pieces: Pieces
    summary_pieces: Pieces
    found: tuple[str, ...] = ()

    @property
    def found_text(self) -> str:
        """The words of the search that it has, as a sentence; empty without a search."""
        return _("Passt zu: %(words)s") % {"words": ", ".join(self.found)} if self.found else ""

    @property
    def found_inside(self) -> str:
        """The same when neither title nor summary shows it."""
        shown = any(is_hit for _part, is_hit in (*self.title_pieces, *self.summary_pieces))
        return "" if shown else self.found_text

    @property
    def reason(self) -> str | None:
        """The best reason why it is there, for the JSON: the words found, else what fits."""
        return self.found_text or next((line.text for line in self.because if line.verdict == YES), None)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of results and what surrounds it."""

    total: int
    page: int
    num_pages: int
    cards: list[Card]
    counts: dict[str, dict[str, int]]
    ways_out: list[WayOut]
    unknown_left_out: dict[str, int]
    hits: OfferHits | None = None

    @property
    def was_cut(self) -> bool:
        """Whether more was typed than counts."""
        return bool(self.hits and self.hits.was_cut)

    @property
    def next_page(self) -> int | None:
        """The next page number, or None on the last one."""
        return self.page + 1 if self.page < self.num_pages else None

    @property
    def previous_page(self) -> int | None:
        """The page before, or None on the first one."""
        return self.page - 1 if self.page > 1 else None


def list_offers(filters: OfferFilters, *, page: int, version: str, on: date) -> Listing:
    """Return the page; a page beyond the end is the last one, one below the start the first.

    A place named in the text sorts and gives distances like one that was chosen; a chosen one wins.
    """
    cat = catalogue(version, on=on)
    hits = _hits(filters, cat, version=version, on=on)
    if hits and hits.place and not filters.place:
        filters = replace(filters, place=hits.place)
    text_mask = hits.mask if hits else None
    mask = cat.select(filters, text_mask)
    total = mask.bit_count()
    num_pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), num_pages)
    scores = _page_of(cat, mask, filters, hits, (page - 1) * PAGE_SIZE)
    facets = counts(cat, filters, text_mask, RADII)
    left_out = {name: count for name, count in facets["offen"].items() if count and name not in filters.include_unknown}
    return Listing(
        total=total,
        page=page,
        num_pages=num_pages,
        cards=cards(scores, filters, cat, scores, hits),
        counts=facets,
        ways_out=[] if total else ways_out(cat, filters, text_mask),
        unknown_left_out=left_out,
        hits=hits,
    )


def _hits(filters: OfferFilters, cat: Catalogue, *, version: str, on: date) -> OfferHits | None:
    if not filters.text:
        return None
    places = filters.place is None
    return find_offers(filters.text, cat=cat, version=version, on=on, literal=filters.literal, places=places)


def _page_of(
    cat: Catalogue, mask: int, filters: OfferFilters, hits: OfferHits | None, start: int
) -> dict[int, int | None]:
    """Return the ids of a page in order, with the score of the text where there is one."""
    by_text = hits is not None and hits.mask is not None
    if hits and by_text and filters.sort == "passend":
        return dict(hits.ordered(mask, filters, start, start + PAGE_SIZE))
    ids = list(islice(cat.ordered(mask, filters), start, start + PAGE_SIZE))
    if not (hits and by_text):
        return dict.fromkeys(ids)
    scores = hits.scores_of(ids, filters)
    return {pk: scores.get(pk) for pk in ids}


def cards(
    ids: Iterable[int],
    filters: OfferFilters,
    cat: Catalogue,
    scores: Mapping[int, int | None] | None = None,
    hits: OfferHits | None = None,
) -> list[Card]:
    """Return the cards of these offers in this order. Three queries.

    ``scores`` are those of the text, ``hits`` what it found; without one the score is how many of the choices fit.
    """
    wanted = list(ids)
    rows = {row["id"]: row for row in Offer.objects.filter(pk__in=wanted).values(*CARD_FIELDS)}
    situations: dict[int, dict[str, str]] = defaultdict(dict)
    towns: dict[int, list[str]] = defaultdict(list)
    if wanted:
        through = Offer.situations.through.objects.filter(offer_id__in=wanted)
        for pk, slug, label in through.values_list("offer_id", "situation__slug", "situation__label"):
            situations[pk][slug] = label
        named = Offer.municipalities.through.objects.filter(offer_id__in=wanted).order_by("municipality__name")
        for pk, name in named.values_list("offer_id", "municipality__name"):
            towns[pk].append(name)
    return [
        card(
            rows[pk],
            filters,
            situations=situations[pk],
            towns=towns[pk],
            km=nearest_km(cat, pk, filters),
            score=(scores or {}).get(pk),
            hits=hits,
        )
        for pk in wanted
        if pk in rows
    ]


def card(
    row: dict[str, Any],
    filters: OfferFilters,
    *,
    situations: dict[str, str],
    towns: list[str],
    km: float | None,
    score: int | None = None,
    hits: OfferHits | None = None,
) -> Card:
    """Prepare one offer for showing: no formatting is left to the template."""
    marks = hits.query if hits else None
    lines = tuple(fit_lines(row, filters, situations=situations, km=km))
    return Card(
        slug=row["slug"],
        url=reverse("offers:detail", args=[row["slug"]]),
        title=row["title"],
        summary=row["summary"],
        kind=row["kind"],
        kind_label=str(OfferKind(row["kind"]).label),
        age=age_text(row["age_min"], row["age_max"], row["age_state"]),
        cost=cost_text(row),
        where=where_text(row, towns),
        km=max(1, round(km)) if km is not None else None,
        because=lines,
        checked_on=row["checked_on"],
        is_example=row["is_example"],
        verified=row["verified"],
        score=sum(1 for line in lines if line.verdict == YES) if score is None else score,
        title_pieces=pieces(row["title"], marks) if marks else [(row["title"], False)],
        summary_pieces=pieces(row["summary"], marks) if marks else [(row["summary"], False)],
        found=hits.words_of(row["id"]) if hits else (),
    )


def cost_text(row: dict[str, Any]) -> str:
    """Say what the offer costs, or that nobody knows; on a card no label stands before it."""
    if row["cost_text"]:
        return str(row["cost_text"])
    return (
        _("Kosten: wissen wir noch nicht") if row["cost"] == Offer.Cost.UNKNOWN else str(Offer.Cost(row["cost"]).label)
    )


def where_text(row: dict[str, Any], towns: list[str]) -> str:
    """Say where the offer is, or that nobody knows."""
    if towns:
        return ", ".join(towns)
    if row["place_note"]:
        return str(row["place_note"])
    if row["reach"] == Offer.Reach.UNKNOWN:
        return _("Ort: wissen wir noch nicht")
    return str(Offer.Reach(row["reach"]).label)


def nearest_km(cat: Catalogue, pk: int, filters: OfferFilters) -> float | None:
    """Distance from the chosen place to the nearest place of the offer in kilometres."""
    if not filters.place or pk not in cat.bit_of:
        return None
    here = (filters.place.latitude, filters.place.longitude)
    bit = 1 << cat.bit_of[pk]
    return min((distance_km(here, point) for point, mask in cat.points.items() if mask & bit), default=None)
