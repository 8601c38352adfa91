"""Words to choose from while somebody types. Only what is public, and nothing is written down."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from directory.agencies import glossary_terms
from directory.index.keys import MAX_LENGTH
from directory.models import SynonymGroup
from directory.places import gazetteer, place_key
from directory.versions import derived
from offers.models import Offer

MOST = 8
MOST_WORDS = 3
MOST_NAMES = 3
SHORTEST = 2
# Of all words with one beginning only so many are compared.
MOST_LOOKED_AT = 500
# A capital makes a noun, and nouns are what one looks for.
_NOUN = re.compile(r"\b[A-ZÄÖÜ][\wäöüß]{2,}")


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


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is shown; the smallest ``rank`` comes first."""

    shown: str
    rank: tuple[bool, int, int, str]


@dataclass(frozen=True, slots=True)
class Words:
    """Words by their key; ``keys`` are sorted."""

    keys: list[str]
    words: dict[str, Word]


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
    last one is completed. No query once the words are known.
    """
    key = place_key(text[:MAX_LENGTH])
    if len(key) < SHORTEST:
        return []
    head, _blank, last = key.rpartition(" ")
    endings = _endings(last, version=version, on=on, with_names=bool(head)) if len(last) >= SHORTEST else []
    found = [" ".join([*text.split()[:-1], ending]) for ending in endings]
    found += islice(_names(version).matching(key), MOST_NAMES)
    found += islice(_titles(version, on=on).matching(key), MOST)
    unique = {place_key(phrase): phrase for phrase in reversed(found)}
    unique.pop(key, None)
    return list(reversed(unique.values()))[:MOST]


def _endings(start: str, *, version: str, on: date, with_names: bool) -> list[str]:
    """What the last word may become: known words, and after another word a place as well."""
    return [*_words(start, version=version, on=on), *(islice(_names(version).matching(start), 1) if with_names else ())]


def _words(start: str, *, version: str, on: date) -> list[str]:
    """Words with this beginning: what people say first, then what stands in most titles."""
    index = _known(version, on=on)
    at = bisect_left(index.keys, start)
    found = []
    for key in index.keys[at : at + MOST_LOOKED_AT]:
        if not key.startswith(start):
            break
        found.append(key)
    return [index.words[key].shown for key in sorted(found, key=lambda key: index.words[key].rank)[:MOST_WORDS]]


def _known(version: str, *, on: date) -> Words:
    """The nouns of the public titles and of the groups of equal words."""

    def build() -> Words:
        groups = SynonymGroup.objects.filter(is_active=True)
        said = {place_key(word): word for row in groups for word in row.said() if _NOUN.fullmatch(word)}
        titles = Counter(word for title in _titles(version, on=on).shown for word in _NOUN.findall(title))
        shown = {place_key(word): word for word in titles} | said
        shown.pop("", None)
        words = {key: Word(word, (key not in said, -titles[word], len(word), word)) for key, word in shown.items()}
        return Words(sorted(words), words)

    return derived("suggested-words", (version, on), build)


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
