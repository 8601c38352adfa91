"""Which column of a file is which of ours: by name, by other names for it, by likeness."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from directory.exchange.kinds import Kind
from directory.text import fold

SURE_ENOUGH = 80
"""A head this similar (0–100) is suggested, and asked about."""
# Columns that our own files carry beside the content.
ROW_HEAD, PROBLEM_HEAD = _("Zeile"), _("Was ist falsch?")
LEFT_OUT = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column of the file may be. ``name`` "" means that it is left out."""

    name: str
    is_sure: bool


def recognise(header: Sequence[str], kind: Kind) -> list[Guess]:
    """Return a guess for each column of the file; two that would be the same are both unsure."""
    words = _words(kind)
    guesses = [_guess(head, words) for head in header]
    names = [guess.name for guess in guesses]
    return [
        Guess(guess.name, guess.is_sure and (guess.name == LEFT_OUT or names.count(guess.name) == 1))
        for guess in guesses
    ]


def _guess(head: str, words: dict[str, str]) -> Guess:
    word = _plain(head)
    if not word:
        return Guess(LEFT_OUT, is_sure=False)
    if word in words:
        return Guess(words[word], is_sure=True)
    best = process.extractOne(word, words.keys(), scorer=fuzz.ratio, score_cutoff=SURE_ENOUGH)
    return Guess(words[best[0]] if best else LEFT_OUT, is_sure=False)


def _words(kind: Kind) -> dict[str, str]:
    """Every head we know with the column it means; labels win over other words."""
    words = {_plain(str(head)): LEFT_OUT for head in (ROW_HEAD, PROBLEM_HEAD)}
    for column in kind.columns:
        for word in column.synonyms:
            words.setdefault(_plain(str(word)), LEFT_OUT if column.is_info else column.name)
    for column in kind.columns:
        words[_plain(str(column.label))] = LEFT_OUT if column.is_info else column.name
        words.setdefault(_plain(column.name), LEFT_OUT if column.is_info else column.name)
    return words


def _plain(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())
