"""How well entries answer a query: what covers enough of it, a coarse order in memory, the fine one by query.

Every number is a whole one, so that both databases give the same scores and the same order.

A word counts by how rare it is (``idf``) and an alternative by its factor. An entry is a hit when
what it covers is at least THRESHOLD per cent of the best that the typed words themselves cover
anywhere. That bar does not depend on synonyms, so a new synonym can only add hits; and it is relative,
so more words never leave nothing where fewer found something.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log

from directory.index.bits import Sums, bits
from directory.index.masks import NOWHERE, Term, Universe
from directory.index.query import Alternative, Query, Slot
from directory.index.score_sql import SlotScore, ranked

THRESHOLD = 40  # per cent
IDF_UNIT = 32
BASE = 20  # what it counts that a word is there at all, beside the weight of where it stands
TITLE_BONUS = 1_000_000
TOGETHER = 100  # per cent that all things asked for add when an entry has all of them; some of them a share of it
COARSE_MAX = 4095
MAX_ALTERNATIVES = 24  # of one slot in the fine order; the set of hits knows them all


@dataclass(frozen=True, slots=True)
class Way:
    """An alternative with where it stands and its multiplier in the score."""

    alternative: Alternative
    terms: tuple[Term, ...]
    mask: int
    multiplier: int


@dataclass(frozen=True, slots=True)
class Scores:
    """A query measured against the universe."""

    universe: Universe
    slots: tuple[tuple[Slot, tuple[Way, ...]], ...]
    title: Term
    coverage: Sums
    typed_coverage: Sums
    coarse: Sums = field(default_factory=Sums)
    total: int = 0  # coverage of an entry that has every typed word
    highest: int = 0  # about the best possible score, without the title's bonus
    unit: int = 1  # of the coarse order
    together: tuple[int, ...] = ()  # entries with at least two of the things asked for, three, and so on

    def hits(self, among: int) -> int:
        """Return which of these entries are hits."""
        bar = max(1, self.typed_coverage.greatest(among) * THRESHOLD // 100)
        found = self.coverage.at_least(bar, among) | (self.title.mask & among)
        return found or self._named(among)

    def _named(self, among: int) -> int:
        """Entries that name the place of the query: all that is left when no other word stands anywhere."""
        mask = 0
        for slot, ways in self.slots:
            for way in ways if slot.is_place else ():
                mask |= way.mask
        return mask & among

    def with_share(self, bit: int, score: int) -> int:
        """Return a score with what it adds that an entry has several of the things asked for. A title counts as it is."""
        number = sum(1 for mask in self.together if mask >> bit & 1)
        if not number:
            return score
        name = TITLE_BONUS if self.title.mask >> bit & 1 else 0
        return score + (score - name) * TOGETHER * number // (100 * len(self.together))

    def coarse_value(self, value: int) -> int:
        """Return a part of a score in the unit of the coarse order."""
        return max(1, value // self.unit) if value else 0

    def matched(self, slot: Slot, among: int) -> bool:
        """Tell whether anything among these entries has this slot."""
        return any(way.mask & among for own, ways in self.slots if own is slot for way in ways)


def idf(count: int, of: int) -> int:
    """Return how much a word counts that stands in ``count`` of ``of`` entries: much when it is rare."""
    return max(1, round(IDF_UNIT * log(1 + (of - count + 0.5) / (count + 0.5))))


def measure(query: Query, universe: Universe) -> Scores:
    """Measure a query. At most one query to the database, none when its masks are kept."""
    keys = {stem for slot in query.slots for way in slot.alternatives for stem in way.stems}
    if query.title_key:
        keys.add(query.title_key)
    terms = universe.terms(keys)
    coverage, typed, coarse = Sums(), Sums(), Sums()
    measured: list[tuple[Slot, tuple[Way, ...]]] = []
    total = 0
    cells: list[tuple[int, int]] = []
    highest = 0
    for slot in query.slots:
        ways = _ways(slot, terms, universe.count)
        measured.append((slot, ways))
        if not slot.is_place:
            total += _cover(slot, ways, universe.count, coverage, typed)
        own = _cells(ways)
        highest += max((value for value, _mask in own), default=0)
        cells += own
    title = terms.get(query.title_key, NOWHERE)
    unit = max(1, 2 * highest // COARSE_MAX + 1)
    together = _together(measured)
    for mask in together:
        # About half of the best score for all of them: few entries have each in its best place.
        coarse.add(mask, max(1, highest * TOGETHER // (200 * len(together) * unit)))
    for value, mask in cells:
        coarse.add(mask, max(1, value // unit))
    coarse.add(title.mask, COARSE_MAX)
    return Scores(universe, tuple(measured), title, coverage, typed, coarse, total, highest, unit, together)


def _together(measured: list[tuple[Slot, tuple[Way, ...]]]) -> tuple[int, ...]:
    """Return the entries that have at least two slots, three, and so on up to all; the place is one of them."""
    at_least = [0] * len(measured)
    for _slot, ways in measured:
        own = 0
        for way in ways:
            own |= way.mask
        for number in range(len(at_least) - 1, 0, -1):
            at_least[number] |= at_least[number - 1] & own
        if at_least:
            at_least[0] |= own
    return tuple(at_least[1:])


def fine(scores: Scores, candidates: int) -> dict[int, int]:
    """Return bit → score of these entries. One query, whole numbers, the same on every database."""
    found = dict.fromkeys(bits(candidates), 0)
    parts = [part for _slot, ways in scores.slots if (part := _part(ways, candidates))]
    title = scores.title.pk if scores.title.mask & candidates else 0
    used = sorted({term for part in parts for term in part.terms()} | ({title} if title else set()))
    if not used:
        return found
    entries = [scores.universe.entry_at[bit] for bit in found]
    rows = ranked(parts, title=title, bonus=TITLE_BONUS, terms=used, entries=entries)
    bit_of = scores.universe.bit_of_entry
    found.update((bit_of[entry], scores.with_share(bit_of[entry], score)) for entry, score in rows)
    return found


def _part(ways: tuple[Way, ...], candidates: int) -> SlotScore | None:
    """Return what of a slot can count for these candidates, None when nothing does."""
    present = sorted((way for way in ways if way.mask & candidates), key=lambda way: -way.multiplier)[:MAX_ALTERNATIVES]
    found: dict[tuple[int, ...], int] = {}
    for way in present:
        found.setdefault(tuple(sorted({term.pk for term in way.terms})), way.multiplier)
    return SlotScore(BASE, tuple(found.items())) if present else None


def _ways(slot: Slot, terms: dict[str, Term], count: int) -> tuple[Way, ...]:
    """Put masks to the alternatives of a slot, best factor first; what stands nowhere is left out.

    What means the same is between as rare as it is itself and as rare as all of it together.
    """
    found: list[Way] = []
    seen = 0
    for alternative in sorted(slot.alternatives, key=lambda way: (-way.factor, way.stems)):
        mask = _all_of(alternative, terms)
        if mask:
            seen |= mask
            rare = (idf(mask.bit_count(), count) + idf(seen.bit_count(), count)) // 2
            multiplier = max(1, rare * alternative.factor * slot.weight * alternative.share // 1_000_000)
            found.append(Way(alternative, tuple(terms[stem] for stem in alternative.stems), mask, multiplier))
    return tuple(found)


def _all_of(alternative: Alternative, terms: dict[str, Term]) -> int:
    mask = -1
    for stem in alternative.stems:
        mask &= terms[stem].mask
    return mask if alternative.stems else 0


def _cover(slot: Slot, ways: tuple[Way, ...], count: int, coverage: Sums, typed: Sums) -> int:
    """Add the slot to what entries cover and return its full value, which synonyms do not change."""
    own = [way for way in ways if not way.alternative.is_synonym]
    base = 0
    for way in own:
        base |= way.mask
    value = max(1, idf(base.bit_count(), count) * slot.weight // 100)
    for sums, counted in ((coverage, ways), (typed, own)):
        seen = 0
        for covers, mask in sorted(
            ((way.alternative.covers or way.alternative.factor, way.mask) for way in counted), reverse=True
        ):
            sums.add(mask & ~seen, max(1, value * covers // 100))
            seen |= mask
    return value


def _cells(ways: tuple[Way, ...]) -> list[tuple[int, int]]:
    """Split the entries of a slot by about how much it gives them: (value, entries), without overlap."""
    rough: list[tuple[int, int]] = []
    for way in ways:
        for level, mask in _levels(way.terms):
            rough.append((way.multiplier * (BASE + (3 << level >> 2)), mask))
    cells: list[tuple[int, int]] = []
    seen = 0
    for value, mask in sorted(rough, reverse=True):
        if new := mask & ~seen:
            cells.append((value, new))
            seen |= new
    return cells


def _levels(terms: tuple[Term, ...]) -> Iterator[tuple[int, int]]:
    """Where all these terms stand, by the lightest of their weights."""
    if len(terms) == 1:
        yield from terms[0].levels
        return
    seen = 0
    for level in sorted({level for term in terms for level, _mask in term.levels}, reverse=True):
        together = -1
        for term in terms:
            heavy = 0
            for own, mask in term.levels:
                heavy |= mask if own >= level else 0
            together &= heavy
        if new := together & ~seen:
            yield level, new
            seen |= new
