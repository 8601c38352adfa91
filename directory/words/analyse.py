"""From a text to the words search compares: the same for what is stored and for what is typed."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from directory.text import fold
from directory.words.patterns import CAMEL_WOMAN, LAW_NUMBERS, LETTERS, TOKEN
from directory.words.stemming import stem
from directory.words.stopwords import STOP_WORDS

# Longer than any German word in use; a key must fit its column, and work per word must have a bound.
MAX_WORD = 64
_SHOUTED = re.compile(r"([^\W\d_])\1{2,}")
# „SGB II“ is letters alone, and one word.
_FAMILY = re.compile("sgb|alg|hartz|sozialgesetzbuch", re.IGNORECASE)
_LINKING_S = re.compile(r".*(?:ung|heit|keit|schaft|taet|ion|beruf|arbeit|um|ling|recht)s")


class Word(NamedTuple):
    """One word of a text, with the place where it stands. A tuple: an index is made of millions."""

    text: str
    """As written: `source[start:end]`, with a gender ending („Erzieher:in“)."""
    folded: str
    """One spelling, letters and digits only, without the gender ending: „erzieher“, „sgb2“, „§13“."""
    stem: str
    """Key in the index."""
    start: int
    end: int
    is_stop: bool
    """Carries no subject. Never so for „ohne“, „nicht“, „kein“."""


def words(text: str) -> list[Word]:
    """Return the words of any text in their order; „(m/w/d)“ and signs are none."""
    if text.replace(" ", "").isalpha() and not _FAMILY.search(text):
        return list(_plain_words(text))
    found = []
    for match in TOKEN.finditer(text):
        kind, written = match.lastgroup or "", match[0]
        folded, key, is_stop = _analysed(kind, written) if len(written) <= MAX_WORD else _analyse(kind, written)
        if folded:
            found.append(Word(written, folded, key, match.start(), match.end(), is_stop))
    return found


def _plain_words(text: str) -> Iterator[Word]:
    """Yield the words of a text of letters and spaces: most of what is typed, and of what stands in lists.

    The pattern would find the same, at three times the cost.
    """
    at = 0
    for written in text.split(" "):
        end = at + len(written)
        if written:
            folded, key, is_stop = _analysed("word", written) if len(written) <= MAX_WORD else _analyse("word", written)
            if folded:
                yield Word(written, folded, key, at, end, is_stop)
        at = end + 1


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield kind and writing of every token of a text; ``word_of`` makes the word. For those who see millions."""
    for match in TOKEN.finditer(text):
        yield match.lastgroup or "", match[0]


def word_of(kind: str, written: str) -> Word | None:
    """Return the word of a token without its place in the text; None when it is none."""
    folded, key, is_stop = _analyse(kind, written)
    return Word(written, folded, key, 0, 0, is_stop) if folded else None


def content(found: Sequence[Word]) -> list[Word]:
    """Return the words that carry a subject; when none does, all of them."""
    return [word for word in found if not word.is_stop] or list(found)


def stems(text: str) -> list[str]:
    """Return the keys of the words that carry a subject, in their order; when none does, of all words."""
    return [word.stem for word in content(words(text))]


def fold_word(text: str) -> str:
    """Return one word in the spelling of `Word.folded`: letters, digits and § only, at most MAX_WORD."""
    folded = fold(text[:MAX_WORD])
    if not folded.isalnum():
        folded = "".join(char for char in folded if char.isalnum() or char == "§")
    folded = folded[:MAX_WORD]
    # „hilfeeee“ is „hilfe“; „schifffahrt“ and „schiffahrt“ are one word. „www“ stays something.
    return _SHOUTED.sub(lambda run: run[1] if len(run[0]) > 3 else run[1] * 2, folded)


def _analyse(kind: str, text: str) -> tuple[str, str, bool]:
    """Return folded spelling, key and whether it is a stop word, for one token of the pattern."""
    folded = _READERS.get(kind, fold_word)(text)
    return folded, stem(folded), folded in STOP_WORDS


_analysed = lru_cache(maxsize=2**13)(_analyse)


def _without(text: str) -> str:
    return ""


def _gendered(text: str) -> str:
    """Return the word without the part that names the other gender: „Schüler:innenrat“ is „schuelerrat“."""
    base = LETTERS.match(text)
    last = LETTERS.search(text, text.rfind("innen")) if base else None
    rest = last[0][5:] if last and last[0].startswith("innen") and last.end() == len(text) else ""
    return fold_word((base[0] if base else text) + rest)


def _plain(text: str) -> str:
    camel = CAMEL_WOMAN.fullmatch(text[:MAX_WORD]) if "In" in text else None
    if camel:
        return fold_word(camel["base"] + (camel["rest"] or ""))
    # „geht's“ is „geht“; in „п'ять“ the sign belongs to the word.
    head, sign, tail = text[:MAX_WORD].replace("’", "'").rpartition("'")
    return fold_word(head if sign and tail in ("s", "n", "ne", "nen") else text)


def _half(text: str) -> str:
    """Return the first half of „Ausbildungs- und Jobbörse“ without the s that links."""
    folded = fold_word(text)
    return folded[:-1] if _LINKING_S.fullmatch(folded) else folded


def _law(text: str) -> str:
    """Return „sgb2“ for „SGB II“, „sgb 2“, „Sozialgesetzbuch 2“ and „Zweites Buch Sozialgesetzbuch“."""
    folded = fold(text)
    family = next((name for name in ("alg", "hartz") if folded.startswith(name)), "sgb")
    digits = re.search(r"\d+", folded)
    if digits:
        return f"{family}{int(digits[0])}"
    rest = re.sub(r"sozialgesetzbuch(?:e?s)?|sgb|alg|hartz|buch(?:e?s)?|\bdes\b|[^a-z]", "", folded)
    number = re.sub(r"(?<=t)e[srnm]?$", "", rest)
    return f"{family}{LAW_NUMBERS.get(number, '')}"


def _number(text: str) -> str:
    """Return the digits: „10.000“ and „10000“, „10te“ and „10“ are equal."""
    return "".join(char for char in fold(text[:MAX_WORD]) if char.isdecimal())


def _paragraph(text: str) -> str:
    return "§" + re.sub(r"^\D+", "", fold_word(text))


_READERS: dict[str, Callable[[str], str]] = {
    "genders": _without,
    "gendered": _gendered,
    "word": _plain,
    "half": _half,
    "law": _law,
    "number": _number,
    "paragraph": _paragraph,
}
