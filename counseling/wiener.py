"""Wiener Sachtextformel 1: which school class a German text is for.

The same figures as ``textstat`` gives, with its syllable dictionary only:
the library itself would bring a language toolkit of 50 MB into every process.
"""

import re
from functools import cache

import pyphen

_HYPHENS = pyphen.Pyphen(lang="de")
_SENTENCE = re.compile(r"\b[^.!?]+[.!?]*")
# An apostrophe stays only where English contracts; so does textstat in every language.
_PUNCTUATION = re.compile(r"'(?![tsd]|ve|ll|re)|[^\w\s']")
_ALL_PUNCTUATION = re.compile(r"[^\w\s]")
LONG_WORD = 6
SHORT_SENTENCE = 2


def school_class(text: str) -> float:
    """Return the class: 4 is very easy, 15 very hard; 0 for a text without words.

    Formula: R. Bamberger, E. Vanecek, "Lesen – Verstehen – Lernen – Schreiben", 1984.
    """
    words = _words(text)
    if not words:
        return 0.0
    share = 100 / len(words)
    syllables = [_syllables(word) for word in words]
    many = share * sum(number >= 3 for number in syllables)
    one = share * sum(number == 1 for number in syllables)
    long = share * sum(len(word) > LONG_WORD for word in _ALL_PUNCTUATION.sub("", text).split())
    return 0.1935 * many + 0.1672 * len(words) / _sentences(text) + 0.1297 * long - 0.0327 * one - 0.875


def _words(text: str) -> list[str]:
    return _PUNCTUATION.sub("", text).split()


def _sentences(text: str) -> int:
    """Count sentences; one of two words or fewer belongs to its neighbour."""
    found = _SENTENCE.findall(text)
    return max(1, sum(len(_words(sentence)) > SHORT_SENTENCE for sentence in found))


@cache
def _syllables(word: str) -> int:
    return len(_HYPHENS.positions(word.lower())) + 1
