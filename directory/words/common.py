"""Ordinary words: right as they are, although no entry has them."""

from functools import cache
from pathlib import Path

from directory.words.compounds import read_words
from directory.words.stemming import stem

_LIST = Path(__file__).with_name("common.txt")


@cache
def _stems() -> frozenset[str]:
    return frozenset(map(stem, read_words(_LIST)))


def is_common(key: str) -> bool:
    """Tell whether a stem is that of an ordinary word. „behandelt“ is no slip of „behindert“."""
    return key in _stems()
