"""Ordinary words: right as they are, although no entry has them."""

from functools import cache
from pathlib import Path

from directory.words.compounds import read_words
from directory.words.stemming import stem

_LIST = Path(__file__).with_name("common.txt")


@cache
def _words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in read_words(_LIST):
        found.setdefault(word[:1], []).append(word)
    return found


@cache
def _stems(letter: str) -> frozenset[str]:
    """Return the stems with this first letter; a stem begins as its word does, and few letters are asked for."""
    return frozenset(map(stem, _words().get(letter, ())))


def is_common(key: str) -> bool:
    """Tell whether a stem is that of an ordinary word. „behandelt“ is no slip of „behindert“."""
    return key in _stems(key[:1])
