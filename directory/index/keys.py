"""Keys of the index: one way to make them, for what is indexed and for what is asked."""

from collections.abc import Sequence
from hashlib import blake2b

from directory.models.search import MAX_TERM
from directory.words.analyse import Word, words

MAX_LENGTH = 100  # characters of a query that count
MAX_TERMS = 8  # words of a query that count
DIGEST_BYTES = 16
TITLE_MARK = "="


def cut(text: str) -> str:
    """Return the part of a typed text that counts, without spaces around it."""
    return " ".join(text.split())[:MAX_LENGTH].strip()


def term_key(stem: str) -> str:
    """Return the text of the SearchTerm of a stem; what is too long keeps its beginning and a digest."""
    if len(stem) <= MAX_TERM:
        return stem
    digest = blake2b(stem.encode(errors="replace"), digest_size=DIGEST_BYTES).hexdigest()
    return f"{stem[: MAX_TERM - len(digest) - 1]}~{digest}"


def title_key(text: str) -> str:
    """Return the key under which a thing with exactly this title is found; "" when the text has no words.

    Titles and queries go through the same cut, so that any title typed as a query meets its key.
    Stop words count here: „Schule“ is not the title „Muss ich noch zur Schule?“.
    """
    return title_key_of(words(cut(text)))


def title_key_of(found: Sequence[Word]) -> str:
    """Return the same for the words of a text no longer than ``cut`` leaves it."""
    return term_key(TITLE_MARK + " ".join(word.stem for word in found[:MAX_TERMS])) if found else ""
