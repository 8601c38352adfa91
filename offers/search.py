"""Which offers answer the words somebody typed, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from directory.index.bits import bits
from directory.index.masks import universe
from directory.index.query import Query
from directory.index.ranking import Found, find
from directory.index.scoring import fine
from directory.index.vocabulary import Synonyms
from directory.places import Place
from offers.catalogue import Catalogue
from offers.filters import OfferFilters

# Candidates that one query puts in their fine order; a multiple of the page size, so no page lies in two of them.
BLOCK = 40
NEAR_KM = 15
NEAR_SHARE = 4  # being near counts a quarter of the best score


@dataclass(frozen=True, slots=True)
class OfferHits:
    """The public offers that a text finds. ``mask`` has the bits of the catalogue.

    None as mask: nothing but a place was understood, so every offer is shown, near ones first.
    ``found`` also answers for the other kinds (``ranking.find_entries``).
    """

    found: Found
    cat: Catalogue
    mask: int | None

    @property
    def query(self) -> Query:
        """The understood text, and what to say about it."""
        return self.found.query

    def ordered(self, mask: int, filters: OfferFilters, start: int, stop: int) -> list[tuple[int, int]]:
        """Return (id, score) of the hits from ``start`` to ``stop`` in ``mask``, best first. One query.

        By score, then by how well the chosen filters fit, then by id. Beyond BLOCK hits a coarse order
        decides in which block a hit comes. ``start`` and ``stop`` lie in one block.
        """
        near = self._near(filters.place)
        coarse = self.found.scores.coarse.copy()
        coarse.add(near, self.found.scores.coarse_value(self._near_bonus))
        first = start - start % BLOCK
        block = coarse.best(mask, first + BLOCK) & ~coarse.best(mask, first)
        scores = self._scores(block, near)
        fit = {bit: level for level, fitting in enumerate(self.cat.by_fit(block, filters)) for bit in bits(fitting)}
        best = sorted(scores, key=lambda bit: (-scores[bit], fit[bit], self.cat.ids[bit]))
        return [(self.cat.ids[bit], scores[bit]) for bit in best[start - first : stop - first]]

    def scores_of(self, ids: Iterable[int], filters: OfferFilters) -> dict[int, int]:
        """Return the scores of these offers. One query."""
        scores = self._scores(self.cat.mask_of(ids), self._near(filters.place))
        return {self.cat.ids[bit]: score for bit, score in scores.items()}

    def words_of(self, pk: int) -> tuple[str, ...]:
        """Return the typed words that this offer has in some form, in their order; never the place."""
        bit = 1 << self.cat.bit_of[pk] if pk in self.cat.bit_of else 0
        found = (
            slot.typed
            for slot, ways in self.found.scores.slots
            if not slot.is_place and any(way.mask & bit for way in ways)
        )
        return tuple(dict.fromkeys(found))

    @property
    def _near_bonus(self) -> int:
        return self.found.scores.highest // NEAR_SHARE

    def _scores(self, candidates: int, near: int) -> dict[int, int]:
        bonus = self._near_bonus
        found = fine(self.found.scores, candidates)
        return {bit: score + (bonus if near >> bit & 1 else 0) for bit, score in found.items()}

    def _near(self, place: Place | None) -> int:
        """Offers that have a place of their own nearby."""
        return self.cat.near_mask(place, NEAR_KM) & ~self.cat.everywhere & ~self.cat.online if place else 0


def find_offers(
    text: str,
    *,
    cat: Catalogue,
    version: str,
    on: date,
    literal: bool = False,
    places: bool = True,
    groups: Synonyms | None = None,
) -> OfferHits:
    """Return what the text finds among the public offers of the day.

    ``literal`` searches only what was typed (page parameter ``genau=1``), without ``places`` the name of
    a place is a word like others. At most three queries, beside what is read once per content version.
    """
    entries = universe(version, on=on, offers=cat.bit_of)
    found = find(text, entries, version=version, places=places, literal=literal, groups=groups)
    has_words = found.scores.coverage.greatest(cat.everything) > 0
    named = bool(found.query.place_words) and not has_words
    return OfferHits(found, cat, None if named else found.scores.hits(cat.everything))
