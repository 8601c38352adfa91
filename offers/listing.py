"""One page of the list: which offers, in which order, with which reasons and counts.

Page and JSON both come from here, so their order is the same. Statements: one for the rows that were not
shown before; with a text one for the order and at most three more for words that nobody asked for since the
content changed.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from offers.cards import Card, cards
from offers.catalogue import Catalogue, catalogue
from offers.facets import WayOut, counts, ways_out
from offers.filters import OfferFilters
from offers.forms import RADII
from offers.search import OfferHits, find_offers

PAGE_SIZE = 20


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
        return bool(self.hits and self.hits.query.was_cut)

    @property
    def next_page(self) -> int | None:
        """The next page number, or None on the last one."""
        return self.page + 1 if self.page < self.num_pages else None

    @property
    def previous_page(self) -> int | None:
        """The page before, or None on the first one."""
        return self.page - 1 if self.page > 1 else None


@dataclass(frozen=True, slots=True)
class FirstOffers:
    """The first offers of a list, and how many there are."""

    total: int
    cards: list[Card]
    hits: OfferHits | None


def list_offers(filters: OfferFilters, *, page: int, version: str, on: date) -> Listing:
    """Return the page; a page beyond the end is the last one, one below the start the first.

    A place named in the text sorts and gives distances like one that was chosen; a chosen one wins.
    """
    asked = _ask(filters, version=version, on=on)
    cat, mask, filters = asked.cat, asked.mask, asked.filters
    total = mask.bit_count()
    num_pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), num_pages)
    facets = counts(cat, filters, asked.text_mask, RADII)
    left_out = {name: count for name, count in facets["offen"].items() if count and name not in filters.include_unknown}
    return Listing(
        total=total,
        page=page,
        num_pages=num_pages,
        cards=asked.cards((page - 1) * PAGE_SIZE, PAGE_SIZE, version=version),
        counts=facets,
        ways_out=[] if total else ways_out(cat, filters, asked.text_mask),
        unknown_left_out=left_out,
        hits=asked.hits,
    )


def first_offers(filters: OfferFilters, number: int, *, version: str, on: date) -> FirstOffers:
    """Return the first so many of the list, at most PAGE_SIZE, without what stands around it."""
    asked = _ask(filters, version=version, on=on)
    return FirstOffers(asked.mask.bit_count(), asked.cards(0, number, version=version), asked.hits)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The offers that answer a question, as bits of the catalogue. ``filters`` have the place that the text names."""

    filters: OfferFilters
    cat: Catalogue
    hits: OfferHits | None
    mask: int

    @property
    def text_mask(self) -> int | None:
        return self.hits.mask if self.hits else None

    def cards(self, start: int, number: int, *, version: str) -> list[Card]:
        """Return so many of them in order."""
        scores = _part_of(self.cat, self.mask, self.filters, self.hits, start, number)
        return cards(scores, self.filters, self.cat, scores, self.hits, version=version)


def _ask(filters: OfferFilters, *, version: str, on: date) -> _Asked:
    cat = catalogue(version, on=on)
    hits = _hits(filters, cat, version=version, on=on)
    if hits and hits.query.place and not filters.place:
        filters = replace(filters, place=hits.query.place)
    return _Asked(filters, cat, hits, cat.select(filters, hits.mask if hits else None))


def _hits(filters: OfferFilters, cat: Catalogue, *, version: str, on: date) -> OfferHits | None:
    if not filters.text:
        return None
    places = filters.place is None
    return find_offers(filters.text, cat=cat, version=version, on=on, literal=filters.literal, places=places)


def _part_of(
    cat: Catalogue, mask: int, filters: OfferFilters, hits: OfferHits | None, start: int, number: int
) -> dict[int, int | None]:
    """Return the ids of a part in order, with the score of the text where there is one; it lies in one page."""
    by_text = hits is not None and hits.mask is not None
    if hits and by_text and filters.sort == "passend":
        return dict(hits.ordered(mask, filters, start, start + number))
    ids = list(islice(cat.ordered(mask, filters, start), number))
    if not (hits and by_text):
        return dict.fromkeys(ids)
    scores = hits.scores_of(ids, filters)
    return {pk: scores.get(pk) for pk in ids}
