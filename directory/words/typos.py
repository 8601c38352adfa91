"""Words like a misspelt one: by edit distance, and closer still when they sound the same."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

# (letters of the word, slips it may have)
_ALLOWED = ((10, 3), (6, 2), (4, 1))
_MIN_ANY_START = 6
_MIN_KNOWN = 3

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
_LETTERS = str.maketrans({"y": "i", "c": "k", "v": "f", "d": "t", "g": "k", "b": "p", "j": "i"})


def sound(folded: str) -> str:
    """Return a folded word as it sounds, roughly: „fisik“ for „physik“, „fater“ for „vatter“."""
    for written, heard in _SOUNDS:
        if written in folded:
            folded = folded.replace(written, heard)
    folded = folded.translate(_LETTERS)
    kept, last = [folded[:1]], folded[:1]
    for char in folded[1:]:
        if char not in ("h", last):
            kept.append(char)
        if char != "h":
            last = char
    return "".join(kept)


def slips_allowed(word: str) -> int:
    """Return how many slips a word of this length may have and still be the same word."""
    return next((slips for letters, slips in _ALLOWED if len(word) >= letters), 0)


class _Shelf:
    """Words by the first letter and the length of one of their forms, so that few are compared."""

    def __init__(self, forms: Iterable[tuple[str, str]]) -> None:
        """Take (form, word) pairs."""
        self._boxes: dict[tuple[str, int], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for form, word in forms:
            keys, words = self._boxes[form[:1], len(form)]
            keys.append(form)
            words.append(word)

    def near(self, form: str, starts: Iterable[str], slips: int) -> Iterator[str]:
        """Yield the words whose form starts with one of these letters and is at most so many slips away."""
        for start in starts:
            for size in range(len(form) - slips, len(form) + slips + 1):
                keys, words = self._boxes.get((start, size), ((), ()))
                if keys:
                    hits = process.extract(form, keys, scorer=OSA.distance, score_cutoff=slips, limit=None)
                    yield from (words[index] for _, _, index in hits)


class Vocabulary:
    """Known folded words, ready to be compared. Immutable."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        long_enough = sorted(word for word in self.words if len(word) >= _MIN_KNOWN)
        self._spelt = _Shelf((word, word) for word in long_enough)
        self._heard = _Shelf((sound(word), word) for word in long_enough)

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
    slips = slips_allowed(word)
    if not slips:
        return []
    heard = sound(word)
    ranked = []
    for known in vocabulary.near(word, heard, slips) - {word}:
        spelt, sounds = OSA.distance(word, known), OSA.distance(heard, sound(known))
        cost = min(spelt, sounds + 1)
        if cost == 1 or sound(known)[:1] == heard[:1]:
            ranked.append((cost, sounds, spelt, known))
    return [(known, cost) for cost, *_, known in sorted(ranked)[:limit]]
