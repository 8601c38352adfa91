"""Which public entries answer a text, best first, and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from directory.index.masks import Universe
from directory.index.query import Query
from directory.index.scoring import Scores, fine, measure
from directory.index.understanding import understand
from directory.index.vocabulary import Synonyms
from directory.models import SearchEntry
from directory.parts import Shelf, shelf
from directory.statements import Statement
from directory.words.analyse import words

SHOWN = ("pk", "kind", "object_id", "key", "title", "summary")
ENTRIES = Statement(lambda numbers: SearchEntry.objects.filter(pk__in=numbers).order_by().values_list(*SHOWN))
TEXTS_BYTES = 500  # of the objects, beside the texts
POOL = 3  # times as many candidates as hits wanted go into the fine order


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry ready to show. ``coverage`` is 0..100: how much of what was asked for it has."""

    kind: str
    object_id: int
    key: str
    title: str
    summary: str
    score: int
    coverage: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a text finds among all public entries, and what to say about it."""

    query: Query
    scores: Scores

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The typed words that stand nowhere, in any form."""
        everything = (1 << self.scores.universe.size) - 1
        return tuple(
            dict.fromkeys(slot.typed for slot in self.query.slots if not self.scores.matched(slot, everything))
        )


def find(
    text: str,
    universe: Universe,
    *,
    version: str,
    places: bool = True,
    literal: bool = False,
    groups: Synonyms | None = None,
) -> Found:
    """Understand a text and measure all entries against it. At most three queries when nothing of it is kept."""
    query = understand(text, universe=universe, version=version, places=places, literal=literal, groups=groups)
    return Found(query, measure(query, universe))


def find_entries(found: Found, kinds: Collection[str], limit: int, *, version: str) -> list[Hit]:
    """Return for each of these kinds its ``limit`` best public entries, all by score, then by kind and id.

    One query, and one more for entries that were not shown before.

    Kinds are those of SearchEntry but offers, which ``offers.search`` finds.
    """
    universe, scores = found.scores.universe, found.scores
    candidates = 0
    for kind in kinds:
        candidates |= scores.coarse.best(scores.hits(universe.kinds.get(kind, 0)), limit * POOL)
    score_of = {universe.entry_at[bit]: (score, bit) for bit, score in fine(scores, candidates).items()}
    hits = [
        Hit(*texts, score, _percent(scores, bit))
        for pk, texts in _texts_of(score_of, version=version).items()
        for score, bit in [score_of[pk]]
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.kind, hit.object_id))
    left = dict.fromkeys(kinds, limit)
    kept = []
    for hit in hits:
        if left[hit.kind]:
            left[hit.kind] -= 1
            kept.append(hit)
    return kept


def _texts_of(entries: Collection[int], *, version: str) -> dict[int, tuple[str, int, str, str, str]]:
    """Return kind, object, key, title and summary of these entries by their number."""
    place: Shelf[tuple[str, int, str, str, str]] = shelf("search-entry-texts", version)
    found = {pk: texts for pk in entries if (texts := place.get(pk)) is not None}
    missing = [pk for pk in entries if pk not in found]
    for pk, kind, number, key, title, summary in ENTRIES.rows(missing):
        found[pk] = kind, number, key, title, summary
        place.put(pk, found[pk], size=TEXTS_BYTES + 2 * (len(title) + len(summary)))
    return found


def pieces(text: str, query: Query) -> Sequence[tuple[str, bool]]:
    """Split a text into (piece, is a hit), for ``<mark>``; joined again the pieces are the text.

    A word is a hit when it is one of the words searched for, or a compound of one.
    """
    if not (query.single or query.several):
        return [(text, False)]
    parts_of = query.parts_of
    found = [(start, end, {key, *parts_of(folded)}) for start, end, key, folded in _read(text)]
    present = {key for _start, _end, keys in found for key in keys}
    marked = present & query.single
    marked.update(key for stems in query.several if present.issuperset(stems) for key in stems)
    result: list[tuple[str, bool]] = []
    at = 0
    for start, end, keys in found:
        if keys & marked:
            if start > at:
                result.append((text[at:start], False))
            result.append((text[start:end], True))
            at = end
    if at < len(text) or not result:
        result.append((text[at:], False))
    return result


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[tuple[int, int, str, str], ...]:
    """The words of a text that is shown again and again: (start, end, key, folded)."""
    return tuple((word.start, word.end, word.stem, word.folded) for word in words(text))


def _percent(scores: Scores, bit: int) -> int:
    return min(100, 100 * scores.coverage.of(bit) // scores.total) if scores.total else 0
