"""Folding of German text, so that spelling habits do not decide what is found."""

import re
import unicodedata

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_NOT_WORD = re.compile(r"[^a-z0-9§]+")


def fold(text: str) -> str:
    """Return lower-case text with ä→ae, ß→ss, other marks stripped and punctuation as single blanks.

    Idempotent: ``fold(fold(x)) == fold(x)``.
    """
    composed = unicodedata.normalize("NFKC", text).lower().translate(_GERMAN)
    plain = "".join(char for char in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", plain.lower().translate(_GERMAN)).strip()
