"""What a document gives to the index: its words, and how much each stem counts."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from directory.index.keys import term_key, title_key
from directory.index.sources import MAX_SUMMARY, Document
from directory.models.search import MAX_TERM
from directory.words.analyse import Word, tokens, word_of, words
from directory.words.compounds import Lexicon

TITLE_KEY_WEIGHT = 100
WHOLE = 100  # a word that stands in a field, in percent of the field's weight
PART = 50  # the same for a part of a compound
MOST = 150  # what repeats can add up to
REPEAT_SHARE = 4  # each repeat counts a quarter
MAX_WEIGHT = 32_000  # what the column holds
NO_WORD = -1
MAX_LABEL, MAX_SHORT = 200, 5_000  # letters of a text, and texts: labels and names come again and again


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word of the content: folded, as it is written, and its key in the index."""

    word: str
    display: str
    stem: str


@dataclass(slots=True)
class Vocabulary:
    """The different words of some documents, numbered in the order in which they come."""

    spellings: list[Spelling] = field(default_factory=list)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _tokens: dict[tuple[str, str], int] = field(default_factory=dict)
    _short: dict[str, "array[int]"] = field(default_factory=dict)

    def numbers(self, text: str) -> "array[int]":
        """Return the numbers of the words of a text; stop words have no place in the index."""
        kept = self._short.get(text)
        if kept is None:
            kept = array("L")
            for token in tokens(text):
                number = self._tokens.get(token)
                if number is None:
                    word = word_of(*token)
                    number = self._tokens[token] = self.number(word) if word and not word.is_stop else NO_WORD
                if number != NO_WORD:
                    kept.append(number)
            if len(text) <= MAX_LABEL:
                if len(self._short) >= MAX_SHORT:
                    self._short.clear()
                self._short[text] = kept
        return kept

    def number(self, word: Word) -> int:
        """Return the number of a word; of several spellings the plainest is kept for showing."""
        key = (word.folded, word.stem)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.spellings)
            stem = term_key(word.stem)
            self.spellings.append(Spelling(term_key(word.folded), word.text[:MAX_TERM], stem))
        elif word.text != (known := self.spellings[number]).display:
            self.spellings[number] = Spelling(known.word, plainest(known.display, word.text[:MAX_TERM]), known.stem)
        return number

    def by_word(self) -> dict[str, Spelling]:
        """Return one spelling a word, by word; should a word have several stems, the first in the alphabet."""
        found: dict[str, Spelling] = {}
        for spelling in self.spellings:
            known = found.get(spelling.word)
            if known is None:
                found[spelling.word] = spelling
            else:
                display = plainest(known.display, spelling.display)
                found[spelling.word] = Spelling(spelling.word, display, min(known.stem, spelling.stem))
        return found


def plainest(first: str, second: str) -> str:
    """Return the spelling with fewer capitals: a verb at the start of a sentence is written small."""
    return min(first, second, key=lambda text: (sum(map(str.isupper, text)), text))


@dataclass(frozen=True, slots=True)
class Analysed:
    """A document with the words of its fields as numbers of a vocabulary."""

    document: Document
    fields: tuple[tuple[int, "array[int]"], ...]
    title_keys: tuple[str, ...]


def analyse(document: Document, vocabulary: Vocabulary) -> Analysed:
    """Find the words of a document."""
    fields = tuple((weight, vocabulary.numbers(text)) for text, weight in document.fields if text)
    keys = {title_key(title) for title in (document.title, *document.names)}
    return Analysed(document, fields, tuple(sorted(keys - {""})))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as the index holds it. ``weights`` are by term, ``words`` as SearchEntry keeps them."""

    document: Document
    words: str
    weights: dict[str, int]
    fingerprint: str


class Weigher:
    """Turns analysed documents into postings; the lexicon says which words have parts."""

    def __init__(self, vocabulary: Vocabulary, lexicon: Lexicon) -> None:
        self._vocabulary = vocabulary
        self._lexicon = lexicon
        self._gives: dict[int, list[tuple[str, int]]] = {}

    def prepare(self, analysed: Analysed) -> Prepared:
        """Return what is written for a document. The same text always gives the same."""
        weights = self._weights(analysed)
        used = {number for _, numbers in analysed.fields for number in numbers}
        listed = " ".join(sorted({self._vocabulary.spellings[number].word for number in used}))
        document = _shortened(analysed.document)
        return Prepared(document, f" {listed} ", weights, _fingerprint(document, listed, weights))

    def _weights(self, analysed: Analysed) -> dict[str, int]:
        total: dict[str, int] = {}
        for weight, numbers in analysed.fields:
            strength: dict[str, int] = {}
            for number in numbers:
                for stem, counts in self._gives.get(number) or self._given_by(number):
                    strength[stem] = strength.get(stem, 0) + counts
            for stem, value in strength.items():
                total[stem] = total.get(stem, 0) + weight * _saturated(value)
        weights = {stem: max(1, min(value // WHOLE, MAX_WEIGHT)) for stem, value in total.items()}
        return weights | dict.fromkeys(analysed.title_keys, TITLE_KEY_WEIGHT)

    def _given_by(self, number: int) -> list[tuple[str, int]]:
        """Return the stem of a word and those of the parts of a compound, each with how much it counts."""
        spelling = self._vocabulary.spellings[number]
        parts = dict.fromkeys(part_stems(self._lexicon.split(spelling.word)))
        self._gives[number] = given = [(spelling.stem, WHOLE), *((part, PART) for part in parts)]
        return given


def part_stems(parts: Iterable[str]) -> Iterator[str]:
    """Yield the index keys of the parts of a compound."""
    for part in parts:
        for word in words(part):
            yield term_key(word.stem)


def _saturated(strength: int) -> int:
    """The first time counts in full, repeats count less, and from the third on nothing is added."""
    return strength if strength <= WHOLE else min(MOST, WHOLE + (strength - WHOLE) // REPEAT_SHARE)


def _shortened(document: Document) -> Document:
    if len(document.title) <= 200 and len(document.summary) <= MAX_SUMMARY:
        return document
    return Document(
        document.kind, document.object_id, document.key, document.title[:200], document.summary[:MAX_SUMMARY], ()
    )


def _fingerprint(document: Document, listed: str, weights: dict[str, int]) -> str:
    """A digest of all that is written: another text, another analysis or another lexicon gives another one."""
    digest = blake2b(digest_size=32)
    for text in (document.key, document.title, document.summary, listed):
        digest.update(text.encode(errors="replace") + b"\0")
    digest.update(repr(sorted(weights.items())).encode(errors="replace"))
    return digest.hexdigest()
