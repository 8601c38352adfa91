"""Words to choose from while somebody types. Only what is public, and nothing is written down."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from directory.agencies import glossary_terms
from directory.index.keys import MAX_LENGTH
from directory.index.masks import universe
from directory.index.vocabulary import known
from directory.places import gazetteer, place_key
from directory.versions import derived
from offers.catalogue import catalogue
from offers.models import Offer

MOST = 8
MOST_WORDS = 3
MOST_NAMES = 3
SHORTEST = 2
# Of words with one beginning only so many are asked whether they are public.
MOST_ASKED = 40


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases that are found by the beginning of any of their words.

    All of them stand in one string, each on its own line: looking through it is faster and
    smaller than any tree of them. Line *i* begins at ``starts[i]`` and is shown as ``shown[i]``.
    """

    shown: tuple[str, ...]
    starts: tuple[int, ...]
    lines: str

    def matching(self, key: str) -> Iterator[str]:
        """Yield phrases that begin with the key, then those with a later word that does."""
        for before in ("\n", " "):
            at = self.lines.find(before + key)
            while at >= 0:
                number = bisect_right(self.starts, at + 1) - 1
                yield self.shown[number]
                at = self.lines.find(before + key, self.lines.index("\n", at + 1))


def phrases(texts: Iterable[str]) -> Phrases:
    """Return these texts ready to be searched; equal ones once."""
    keys = {place_key(text): text for text in texts}
    keys.pop("", None)
    starts, at = [], 1
    for key in keys:
        starts.append(at)
        at += len(key) + 1
    return Phrases(tuple(keys.values()), tuple(starts), "\n" + "".join(f"{key}\n" for key in keys))


def suggestions(text: str, *, version: str, on: date) -> list[str]:
    """Return up to eight searches that begin with, or hold a word that begins with, what was typed.

    Words first, then places and explained words, then titles of offers. After several words the
    last one is completed. One query once the words are known; three more when the content is new.
    """
    key = place_key(text[:MAX_LENGTH])
    if len(key) < SHORTEST:
        return []
    head, _blank, last = key.rpartition(" ")
    before = text.split()[:-1] if head else []
    found = (
        [" ".join([*before, word]) for word in _words(last, version=version, on=on)] if len(last) >= SHORTEST else []
    )
    found += islice(_names(version).matching(key), MOST_NAMES)
    found += islice(_titles(version, on=on).matching(key), MOST)
    unique = {place_key(phrase): phrase for phrase in reversed(found)}
    unique.pop(key, None)
    return list(reversed(unique.values()))[:MOST]


def _words(start: str, *, version: str, on: date) -> list[str]:
    """Known words with this beginning that stand in something public, shortest first."""
    index = known(version)
    at = bisect_left(index.ordered, start)
    candidates = []
    for word in index.ordered[at : at + MOST_ASKED]:
        if not word.startswith(start):
            break
        candidates.append(word)
    everything = universe(version, on=on, offers=catalogue(version, on=on).bit_of)
    terms = everything.terms([index.words[word][0] for word in candidates])
    public = [word for word in candidates if terms[index.words[word][0]].mask]
    return [index.words[word][1] for word in sorted(public, key=lambda word: (len(word), word))[:MOST_WORDS]]


def _names(version: str) -> Phrases:
    """Places and explained words."""

    def build() -> Phrases:
        terms = [row.term for row in glossary_terms(version)]
        places = sorted({place.name for found in gazetteer(version).by_name.values() for place in found})
        return phrases([*places, *terms])

    return derived("suggested-names", version, build)


def _titles(version: str, *, on: date) -> Phrases:
    def build() -> Phrases:
        return phrases(Offer.objects.published(on=on).order_by("title", "pk").values_list("title", flat=True))

    return derived("suggested-titles", (version, on), build)
