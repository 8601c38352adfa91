"""The words by which compounds are split: those of the content and the lists that ship with the portal."""

from collections.abc import Iterable, Mapping

from directory.versions import derived
from directory.words.compounds import Lexicon, shipped_lexicon


def lexicon_of(words: Iterable[str]) -> Lexicon:
    """Return the lexicon for content with these folded words; the last one is kept."""
    known = frozenset(words)
    return derived("search-lexicon-words", known, lambda: shipped_lexicon().with_words(known))


def lexicon_with(stem_of: Mapping[str, str]) -> Lexicon:
    """Return the lexicon for content with these folded words, whose stems the index has."""
    return shipped_lexicon().with_words(stem_of, stem_of.__getitem__)
