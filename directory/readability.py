"""How hard a German text is to read, and which of its sentences make it so.

The same figures as ``textstat`` gives, with its syllable dictionary only: the library itself
would bring a language toolkit of 50 MB into every process. Plain Python.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Self

import pyphen

YOUTH, PARENTS, STAFF = "youth", "parents", "staff"
LIMITS = {YOUTH: 6.0, PARENTS: 8.0, STAFF: 8.0}
"""Highest class of the Wiener Sachtextformel 1 for each sort of readers."""
LONGEST = {YOUTH: 15, PARENTS: 20, STAFF: 20}
"""Words a sentence may have before we say that it is long."""
MIN_WORDS = 20
"""A shorter text is no running text: one word more or less would turn the figure over."""
LONG_WORD = 6
MANY_SYLLABLES = 3
SHORT_SENTENCE = 2
SHOWN = 5

_SENTENCE = re.compile(r"\b[^.!?]+[.!?]*")
# An apostrophe stays only where English contracts; so does textstat in every language.
_PUNCTUATION = re.compile(r"'(?![tsd]|ve|ll|re)|[^\w\s']")
_ALL_PUNCTUATION = re.compile(r"[^\w\s]")
_WORD = re.compile(r"[^\W\d_]+")

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_LIST_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+", re.MULTILINE)
_MARKS = re.compile(r"[*_`#>]+")
_LINE = re.compile(r"\n\s*\n|\n(?=\s*[-*\d])|\n")
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)")
_END = (".", "!", "?", ":", "…")
# A sentence as people see it: „am 15. März“, „§ 22 Abs. 4“ and „z. B.“ are not its end.
_BREAK = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"“”«»’)]))\s+(?=[^\sa-zäöüß])|(?<=[,;]\.)\s+")
_NO_END = re.compile(r"\b(?:Abs|Nr|Art|bzw|ca|ggf|Tel|Str|usw|Dr|St|vgl|[A-Za-zÄÖÜäöü])\.$")
_ORDINAL = re.compile(r"\d\.$")
_COUNTED = re.compile(
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    r"Klasse|Schuljahr|Lehrjahr|Halbjahr|Lebensjahr|Geburtstag|Woche|Tag|Mal)\b"
)


@cache
def _hyphens() -> pyphen.Pyphen:
    # Nearly 20 MiB and a second: only in a process that measures a text, and equal values only once.
    hyphens = pyphen.Pyphen(lang="de")
    once: dict[object, object] = {}
    hyphens.hd.patterns = {letters: once.setdefault(at, at) for letters, at in hyphens.hd.patterns.items()}
    return hyphens


@dataclass(frozen=True, slots=True)
class Counts:
    """What the formulas count. Counts of sentences add up to the counts of their text."""

    words: int = 0
    sentences: int = 0
    syllables: int = 0
    many: int = 0
    one: int = 0
    long: int = 0

    def without(self, other: Self) -> "Counts":
        """Return the counts of the text without a part of it."""
        return Counts(
            self.words - other.words,
            max(1, self.sentences - other.sentences),
            self.syllables - other.syllables,
            self.many - other.many,
            self.one - other.one,
            self.long - other.long,
        )

    @property
    def wiener(self) -> float:
        """Wiener Sachtextformel 1, a school class: 4 is very easy, 15 very hard; 0 without words.

        Source: R. Bamberger, E. Vanecek, "Lesen – Verstehen – Lernen – Schreiben", 1984.
        """
        if not self.words:
            return 0.0
        share = 100 / self.words
        return (
            0.1935 * share * self.many
            + 0.1672 * self.words / self.sentences
            + 0.1297 * share * self.long
            - 0.0327 * share * self.one
            - 0.875
        )

    @property
    def amstad(self) -> float:
        """Flesch's reading ease with the numbers of T. Amstad for German, 1978: 100 is very easy, 0 very hard."""
        if not self.words:
            return 0.0
        return 180 - self.words / self.sentences - 58.5 * self.syllables / self.words

    @property
    def lix(self) -> float:
        """Läsbarhetsindex of C.-H. Björnsson, 1968: below 40 is easy, above 60 very hard."""
        return self.words / self.sentences + 100 * self.long / self.words if self.words else 0.0


def count(text: str) -> Counts:
    """Count words, sentences and syllables of a text without markup."""
    words = _words(text)
    if not words:
        return Counts()
    syllables = [_syllables(word) for word in words]
    return Counts(
        words=len(words),
        sentences=_sentences(text),
        syllables=sum(syllables),
        many=sum(number >= MANY_SYLLABLES for number in syllables),
        one=sum(number == 1 for number in syllables),
        long=sum(len(word) > LONG_WORD for word in _ALL_PUNCTUATION.sub("", text).split()),
    )


def school_class(text: str) -> float:
    """Return the class of the Wiener Sachtextformel 1; 0 for a text without words."""
    return count(text).wiener


def is_running(text: str) -> bool:
    """Say whether a text without markup is long enough to be judged."""
    return len(_WORD.findall(text)) >= MIN_WORDS


def sentences(text: str) -> list[str]:
    """Return the sentences of a text without markup, as people would part them."""
    found: list[str] = []
    for piece in filter(None, map(str.strip, _BREAK.split(text))):
        if found and _goes_on(found[-1], piece):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return [re.sub(r"([,;])\.$", r"\1", sentence) for sentence in found]


def _goes_on(before: str, after: str) -> bool:
    return bool(_NO_END.search(before) or (_ORDINAL.search(before) and _COUNTED.match(after)))


def length(sentence: str) -> int:
    """Return how many words a sentence has."""
    return len(_words(sentence))


def hard_sentences(text: str, limit: float, *, names: tuple[str, ...] = ()) -> list[str]:
    """Return the sentences that lift a text above the limit, the hardest first, at most five.

    Without them the text would keep the limit; a text that keeps it has none. Official names count
    for nothing, but stand in what is returned.
    """
    left = count(without_names(text, names))
    counted = [(count(without_names(sentence, names)), sentence) for sentence in sentences(text)]
    found: list[str] = []
    while counted and left.wiener > limit and len(found) < SHOWN:
        hardest = min(counted, key=lambda row: left.without(row[0]).wiener)
        counted.remove(hardest)
        left = left.without(hardest[0])
        found.append(hardest[1])
    return found


def hard_words(sentence: str) -> list[str]:
    """Return the words of a sentence that are long and have many syllables, once each."""
    found = (word for word in _words(sentence) if len(word) > LONG_WORD and _syllables(word) > MANY_SYLLABLES)
    return list(dict.fromkeys(found))


def plain(markdown: str) -> str:
    """Return Markdown as sentences: every paragraph and list item ends like one."""
    return " ".join(lines(markdown))


def lines(markdown: str) -> list[str]:
    """Return the lines of Markdown without its marks, each ending like a sentence."""
    text = _LIST_ITEM.sub("", _LINK.sub(r"\1", _IMAGE.sub("", markdown)))
    found = [_MARKS.sub("", line).strip() for line in _LINE.split(text)]
    return [line if line.endswith(_END) else f"{line}." for line in found if line]


def paragraphs(markdown: str) -> Iterator[str]:
    """Yield paragraphs and list items of Markdown as sentences."""
    for part in _PARAGRAPH.split(markdown):
        if words := plain(part):
            yield words


def listed_names(text: str) -> tuple[str, ...]:
    """Return the official names in the words of ``official_names.txt``; lines that start with # are remarks."""
    rows = map(str.strip, text.splitlines())
    return tuple(row for row in rows if row and not row.startswith("#"))


def without_names(text: str, names: Iterable[str]) -> str:
    """Return the text without the official names, longest first and as whole words only."""
    for pattern in _patterns(tuple(names)):
        text = pattern.sub("", text)
    return " ".join(text.split())


@lru_cache(maxsize=4)
def _patterns(names: tuple[str, ...]) -> list[re.Pattern[str]]:
    longest_first = sorted(names, key=len, reverse=True)
    return [re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") for name in longest_first]


def _words(text: str) -> list[str]:
    return _PUNCTUATION.sub("", text).split()


def _sentences(text: str) -> int:
    """Count sentences as textstat does; one of two words or fewer belongs to its neighbour."""
    found = _SENTENCE.findall(text)
    return max(1, sum(len(_words(sentence)) > SHORT_SENTENCE for sentence in found))


@lru_cache(maxsize=2**15)
def _syllables(word: str) -> int:
    return len(_hyphens().positions(word.lower())) + 1
