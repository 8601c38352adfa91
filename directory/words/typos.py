"""Words like a misspelt one: by edit distance, and closer still when they sound the same."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache, cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

# (letters of the word, slips it may have)
_ALLOWED = ((10, 3), (6, 2), (4, 1))
_MIN_ANY_START = 6
_MIN_KNOWN = 3
BEGINNING = 3  # letters that decide how a word begins to sound: „sch“
_MAX_ASKED = 500  # misspelt words whose neighbours are kept: one search asks several times, people type alike

# What sounds alike is written alike; order matters: longer groups first.
_SOUNDS = (
    ("sch", "s"),
    ("ch", "X"),
    ("ph", "f"),
    ("ck", "k"),
    ("qu", "kw"),
    ("x", "ks"),
    ("tz", "z"),
    ("dt", "t"),
    ("aeu", "oi"),
    ("eu", "oi"),
    ("ai", "ei"),
    ("ay", "ei"),
    ("ey", "ei"),
    ("ae", "e"),
    ("oe", "o"),
    ("ue", "u"),
    ("ie", "i"),
)
_RUN = re.compile(r"(.)\1+")
_SILENT = re.compile(r"(?<=[^\n])h")
_LETTERS = str.maketrans({"y": "i", "c": "k", "v": "f", "d": "t", "g": "k", "b": "p", "j": "i"})


def sound(folded: str) -> str:
    """Return a folded word as it sounds, roughly: „fisik“ for „physik“, „fater“ for „vatter“."""
    for written, heard in _SOUNDS:
        if written in folded:
            folded = folded.replace(written, heard)
    return _RUN.sub(r"\1", _SILENT.sub("", folded.translate(_LETTERS)))


def sounds(words: Iterable[str]) -> list[str]:
    """Return the sounds of many words, at a tenth of the cost: nothing in ``sound`` reaches beyond a line."""
    return sound("\n".join(words)).split("\n")


def slips_allowed(word: str) -> int:
    """Return how many slips a word of this length may have and still be the same word."""
    return next((slips for letters, slips in _ALLOWED if len(word) >= letters), 0)


class _Shelf:
    """Words by the first letter and the length of one of their forms, so that few are compared.

    A letter's words are put there when the first form with that letter is asked for: all of them at once would be
    most of the first search of a process.
    """

    def __init__(self, words: Iterable[str], forms: Callable[[list[str]], list[str]]) -> None:
        """Take words and what makes their forms; the first letter of a form must follow from three of the word's."""
        self._forms = forms
        self._words: dict[str, list[str]] = defaultdict(list)
        first = cache(lambda beginning: forms([beginning])[0][:1])
        for word in words:
            self._words[first(word[:BEGINNING])].append(word)
        self._boxes: dict[str, dict[int, tuple[list[str], list[str]]]] = {}

    def near(self, form: str, starts: Iterable[str], slips: int) -> Iterator[str]:
        """Yield the words whose form starts with one of these letters and is at most so many slips away."""
        for start in starts:
            boxes = self._boxes.get(start)
            if boxes is None:
                boxes = self._boxes[start] = self._filled(start)
            for size in range(len(form) - slips, len(form) + slips + 1):
                keys, words = boxes.get(size, ((), ()))
                if keys:
                    hits = process.extract(form, keys, scorer=OSA.distance, score_cutoff=slips, limit=None)
                    yield from (words[index] for _, _, index in hits)

    def _filled(self, start: str) -> dict[int, tuple[list[str], list[str]]]:
        boxes: dict[int, tuple[list[str], list[str]]] = {}
        own = self._words.get(start, [])
        for word, form in zip(own, self._forms(own) if own else own, strict=True):
            keys, words = boxes.setdefault(len(form), ([], []))
            keys.append(form)
            words.append(word)
        return boxes


def _as_spelt(words: list[str]) -> list[str]:
    return words


class Vocabulary:
    """Known folded words, ready to be compared: with the first misspelt one, not before. Immutable."""

    def __init__(self, words: Collection[str]) -> None:
        # A set or a dictionary that is kept anyway is not kept twice.
        self.asked: dict[tuple[str, int], list[tuple[str, int]]] = {}
        self.words = words if isinstance(words, (dict, frozenset)) else frozenset(words)

    @cached_property
    def _spelt(self) -> _Shelf:
        return _Shelf(self._long_enough(), _as_spelt)

    @cached_property
    def _heard(self) -> _Shelf:
        return _Shelf(self._long_enough(), sounds)

    def _long_enough(self) -> list[str]:
        return [word for word in self.words if len(word) >= _MIN_KNOWN]

    def __contains__(self, word: object) -> bool:
        return word in self.words

    def __len__(self) -> int:
        return len(self.words)

    def near(self, word: str, heard: str, slips: int) -> set[str]:
        """Return the words within so many slips by spelling, or by sound with one slip less.

        Slips at the first letter are rare; only in long words may it be missing or swapped with the second.
        """
        letters = 2 if len(word) >= _MIN_ANY_START else 1
        spelt = self._spelt.near(word, dict.fromkeys(word[:letters]), slips)
        return {*spelt, *self._heard.near(heard, dict.fromkeys(heard[:letters]), slips - 1)}


def closest(word: str, vocabulary: Vocabulary, limit: int = 3) -> list[tuple[str, int]]:
    """Return the known words nearest to a folded word, with the number of slips (at least 1), best first.

    What sounds the same is one slip away, however it is written. Short words may have fewer slips, words of three
    letters none. Among equals: those that sound nearer, are spelt nearer, then by alphabet.
    """
    kept = vocabulary.asked.get((word, limit))
    if kept is None:
        if len(vocabulary.asked) >= _MAX_ASKED:
            vocabulary.asked.clear()
        kept = vocabulary.asked[word, limit] = _closest(word, vocabulary, limit)
    return kept


def _closest(word: str, vocabulary: Vocabulary, limit: int) -> list[tuple[str, int]]:
    slips = slips_allowed(word)
    if not slips:
        return []
    heard = sound(word)
    # Where no stemmer takes the endings off, what differs is mostly one of them: the first half must agree.
    beginning = "" if word.isascii() else word[: len(word) // 2 + 1]
    ranked = []
    for known in vocabulary.near(word, heard, slips) - {word}:
        if not known.startswith(beginning):
            continue
        spelt, sounds = OSA.distance(word, known), OSA.distance(heard, sound(known))
        cost = min(spelt, sounds + 1)
        if cost == 1 or sound(known)[:1] == heard[:1]:
            ranked.append((cost, sounds, spelt, known))
    return [(known, cost) for cost, *_, known in sorted(ranked)[:limit]]
