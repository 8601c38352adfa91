"""The words by which compounds are split: those of the content and the lists that ship with the portal."""

from collections.abc import Iterable

from directory.models import SearchWord
from directory.versions import derived
from directory.words.compounds import Lexicon, shipped_lexicon


def lexicon_of(words: Iterable[str]) -> Lexicon:
    """Return the lexicon for content with these folded words; the last one is kept."""
    known = frozenset(words)
    return derived("search-lexicon-words", known, lambda: shipped_lexicon().with_words(known))


def lexicon(version: str) -> Lexicon:
    """Return the lexicon of the indexed content, from memory while the content stays the same. At most one query."""
    return derived("search-lexicon", version, _stored)


def _stored() -> Lexicon:
    return lexicon_of(SearchWord.objects.order_by().values_list("word", flat=True))
