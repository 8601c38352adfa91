"""Words like a misspelt one: by edit distance, and closer still when they sound the same."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

# (letters of the word, slips it may have)
_ALLOWED = ((10, 3), (6, 2), (4, 1))
_MIN_ANY_START = 6

# What sounds alike is written alike; order matters: longer groups first.
_SOUNDS = (
    ("tsch", "C"),
    ("sch", "S"),
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


class Vocabulary:
    """Known folded words, sorted by sound and length so that few are compared. Immutable."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        groups: dict[tuple[str, int], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for word in sorted(self.words):
            if len(word) >= _ALLOWED[-1][0] - 1:
                heard = sound(word)
                sounds, spelt = groups[heard[0], len(heard)]
                sounds.append(heard)
                spelt.append(word)
        self._groups = dict(groups)

    def __contains__(self, word: object) -> bool:
        return word in self.words

    def __len__(self) -> int:
        return len(self.words)

    def near(self, heard: str, starts: Iterable[str], slips: int) -> list[str]:
        """Return the words with one of these first sounds that are at most so many slips from a sound."""
        found = []
        for start in starts:
            for size in range(len(heard) - slips, len(heard) + slips + 1):
                sounds, spelt = self._groups.get((start, size), ((), ()))
                if sounds:
                    hits = process.extract(heard, sounds, scorer=OSA.distance, score_cutoff=slips, limit=None)
                    found += [spelt[index] for _, _, index in hits]
        return found


def closest(word: str, vocabulary: Vocabulary, limit: int = 3) -> list[tuple[str, int]]:
    """Return the known words nearest to a folded word, with the number of slips (at least 1), best first.

    What sounds the same is one slip away, however it is written. Short words may have fewer slips, words of three
    letters none. Among equals: those that sound nearer, are spelt nearer, begin alike, then by alphabet.
    """
    slips = slips_allowed(word)
    if not slips:
        return []
    heard = sound(word)
    # Slips at the first letter are rare; in long words it may be missing or swapped with the second.
    starts = dict.fromkeys(heard[: 2 if len(word) >= _MIN_ANY_START else 1])
    ranked = []
    for known in vocabulary.near(heard, starts, slips):
        if known == word:
            continue
        spelt, sounds = OSA.distance(word, known), OSA.distance(heard, sound(known))
        cost = min(spelt, sounds + 1)
        if cost <= slips and (cost == 1 or sound(known)[0] == heard[0]):
            ranked.append((cost, sounds, spelt, known[0] != word[0], known))
    return [(known, cost) for cost, *_, known in sorted(ranked)[:limit]]
