"""Taking compounds apart: „Altenpflegehelfer“ is found by „Pflege“ and by „Helfer“.

A word is split only where every part is a known word, or an inflected form of one. Between the parts may stand what
German puts there (s, es, n, en, er, e). Nothing is guessed: an unknown part leaves the word whole.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from directory.words.analyse import words
from directory.words.exceptions import COUPLES, LIGHT_FIRST, LIGHT_LAST, NO_FIRST, NO_LAST, SHORT_PARTS, WHOLE
from directory.words.stemming import stem
from directory.words.stopwords import STOP_WORDS

_HERE = Path(__file__).parent
FILES = ("occupations.txt", "fields.txt", "everyday.txt")
MIN_NESTED = 2  # parts of a compound; one with more may hold another
_MIN_PART = 3
_MIN_COMPOUND = 6
_MAX_COMPOUND = 48
_LINKS = ("s", "es", "n", "en", "er", "e", "ens", "ns")
_RARE_LINKS = ("e", "ens", "ns")
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))

_WHOLE_STEMS = frozenset(map(stem, WHOLE | COUPLES))
_NUMBERED = re.compile(r"(?P<family>sgb|alg|hartz)\d+|(?P<paragraph>§\d+)[a-z]")


class Lexicon:
    """Known words, by which unknown and known compounds are split. Immutable."""

    def __init__(self, known: Iterable[str]) -> None:
        """Take folded words; what cannot be a part of a compound is left out."""
        self.words = frozenset(_usable(known)) | frozenset(COUPLES)
        self._stems = frozenset(map(stem, self.words))
        self._set_up()

    def with_words(self, known: Iterable[str], stem_of: Callable[[str], str] = stem) -> "Lexicon":
        """Return a lexicon that knows these folded words as well; ``stem_of`` where their stems are known already."""
        new = frozenset(_usable(known)) - self.words
        other = object.__new__(Lexicon)
        other.words = self.words | new
        other._stems = self._stems | frozenset(map(stem_of, new))
        other._set_up()
        return other

    def _set_up(self) -> None:
        self._starts = {word[:_MIN_PART] for word in self._stems if len(word) >= _MIN_PART} | SHORT_PARTS
        self.split = lru_cache(maxsize=2**14)(self._split)

    def _split(self, folded: str) -> tuple[str, ...]:
        """Return the simplest known parts of a compound, folded and without linking elements; () when it is none.

        Few long parts are preferred, and parts that are compounds are split again: „berufsausbildungsbeihilfe“
        gives „beruf“, „ausbildung“, „beihilfe“.
        """
        numbered = _NUMBERED.fullmatch(folded)
        if numbered:
            return (numbered["family"] or numbered["paragraph"],)
        if not folded.isascii() or not folded.isalpha() or not _MIN_COMPOUND <= len(folded) <= _MAX_COMPOUND:
            return ()
        if folded in STOP_WORDS or stem(folded) in _WHOLE_STEMS:
            return ()
        best = _Cutter(self, folded).best(0)
        if best is None:
            return self._without_light(folded)
        simple: list[str] = []
        for part in best.parts:
            simple += self.split(part) or (part,)
        return tuple(simple)

    def inner(self, folded: str) -> dict[str, tuple[str, ...]]:
        """Return the compounds inside of a compound with their parts: „krankenhaus“ of „krankenhauspraktikum“."""
        best = _Cutter(self, folded).best(0) if len(self.split(folded)) > MIN_NESTED else None
        return {part: parts for part in (best.parts if best else ()) if (parts := self.split(part))}

    def _without_light(self, folded: str) -> tuple[str, ...]:
        """Return the parts of „feuerwehr“ for „feuerwehrfrau“, of „job“ for „nebenjob“."""
        for ending in LIGHT_LAST:
            rest = folded.removesuffix(ending)
            if rest != folded and len(rest) >= _MIN_PART and (part := self.first(rest)):
                return self.split(part) or (part,)
        for beginning in LIGHT_FIRST:
            rest = folded.removeprefix(beginning)
            if rest != folded and len(rest) >= _MIN_PART and (part := self.last(rest)):
                return self.split(part) or (part,)
        return ()

    def first(self, part: str) -> str | None:
        """Return the plain form of a part that others follow, None when it is unknown."""
        if part in NO_FIRST or not self._knows(part):
            return None
        for link in _LINKS:
            bare = part.removesuffix(link)
            if bare == part:
                continue
            for plain in (bare, bare + "e"):
                if plain != part and (plain in self.words or plain in SHORT_PARTS) and stem(plain) == stem(part):
                    return plain
        if part in self.words:
            return part
        return part + "e" if len(part) > _MIN_PART and part + "e" in self.words else part

    def last(self, part: str) -> str | None:
        """Return a part that ends a word, None when it is unknown."""
        return part if part not in NO_LAST and part not in LIGHT_LAST and self._knows(part) else None

    def may_start(self, start: str) -> bool:
        """Say whether any known word starts with these three letters, umlauts counting as one."""
        return start[:_MIN_PART] in self._starts or _plain(start)[:_MIN_PART] in self._starts

    def _knows(self, part: str) -> bool:
        if part in STOP_WORDS:
            return False
        if len(part) == _MIN_PART:
            return part in SHORT_PARTS
        if part in self.words:
            return True
        key = stem(part)
        return key in self._stems and (len(key) > _MIN_PART or key in SHORT_PARTS or part[:-1] in self.words)


class _Cutter:
    """One word on its way into parts."""

    def __init__(self, lexicon: Lexicon, word: str) -> None:
        self.lexicon = lexicon
        self.word = word
        size = len(word)
        self.cuts = [at for at in range(_MIN_PART, size - _MIN_PART + 1) if lexicon.may_start(word[at : at + 4])]
        self.found: dict[int, _Cut | None] = {}

    def best(self, start: int) -> "_Cut | None":
        """Return the best way to cut the word from here to its end; at the start of the word, into at least two."""
        if start not in self.found:
            whole = self.lexicon.last(self.word[start:]) if start else None
            self.found[start] = _Cut((whole,), whole in self.lexicon.words, 0, ()) if whole else self._best_cut(start)
        return self.found[start]

    def _best_cut(self, start: int) -> "_Cut | None":
        best: _Cut | None = None
        for at in self.cuts:
            if at - start < _MIN_PART:
                continue
            rest = self.best(at)
            head = self.lexicon.first(self.word[start:at]) if rest else None
            if rest and head:
                rare = self.word[start:at].removeprefix(head) in _RARE_LINKS
                cut = _Cut((head, *rest.parts), rest.ends_exactly, rest.rare + rare, (at - start, *rest.heads))
                best = cut if best is None or cut.rank() > best.rank() else best
        return best


@dataclass(frozen=True, slots=True)
class _Cut:
    """One way to take a word apart."""

    parts: tuple[str, ...]
    ends_exactly: bool
    """The last part is a known word as it stands, not only an inflected form of one."""
    rare: int
    """How many of the linking elements are rare ones."""
    heads: tuple[int, ...]
    """Letters up to each cut; a linking element belongs to the part before it."""

    def rank(self) -> tuple[int, bool, int, tuple[int, ...]]:
        """Few parts before many, then what is surer, then the longest first part: „Gesamt-schule“."""
        return -len(self.parts), self.ends_exactly, -self.rare, self.heads


def _plain(folded: str) -> str:
    for pair, letter in _UMLAUTS:
        folded = folded.replace(pair, letter)
    return folded


def _usable(known: Iterable[str]) -> Iterable[str]:
    return (
        word for word in known if len(word) > _MIN_PART and word.isascii() and word.isalpha() and word not in STOP_WORDS
    )


def read_words(path: Path) -> dict[str, str]:
    """Return the folded words of a list with their spelling: one a line, „#“ starts a comment; {} without a list."""
    if not path.exists():
        return {}
    lines = (line.partition("#")[0] for line in path.read_text(encoding="utf-8").splitlines())
    return {word.folded: word.text for line in lines for word in words(line)}


@cache
def shipped_spellings() -> dict[str, str]:
    """Return the words of the lists that come with the portal, folded and as they are written there."""
    found: dict[str, str] = {}
    for name in reversed(FILES):
        found |= read_words(_HERE / name)
    return found


@cache
def shipped_lexicon() -> Lexicon:
    """Return the lexicon of the lists that come with the portal: occupations, fields of work, everyday words."""
    return Lexicon(shipped_spellings())
