"""The words the search knows, kept per content version: those of the index, of the synonyms, and other right ones.

Words of drafts are among them; whoever shows or searches one asks the masks first whether it is public.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from directory.index.analysis import part_stems
from directory.index.keys import term_key
from directory.index.lexicon import lexicon
from directory.index.synonyms import Group, groups
from directory.models import SearchWord
from directory.places import gazetteer
from directory.versions import derived
from directory.words.analyse import stems, words
from directory.words.compounds import Lexicon, shipped_lexicon
from directory.words.typos import Vocabulary

SAME = 80  # how much a synonym counts, in per cent of the word itself
FIRST_MEANT, STEP, LAST_MEANT = 90, 6, 40
MIN_PREFIX = 4
MAX_PREFIXED = 8
MIN_PLACE = 5
MAX_SPLIT = 20_000  # words whose parts are kept

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Words of the index: folded word → (stem, as written); ``ordered`` for beginnings of words."""

    words: dict[str, tuple[str, str]]
    ordered: list[str]
    vocabulary: Vocabulary
    lexicon: Lexicon
    _parts: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def parts(self, folded: str) -> tuple[str, ...]:
        """Return the keys of the parts of a compound, as the index has them; () for a simple word."""
        kept = self._parts.get(folded)
        if kept is None:
            if len(self._parts) >= MAX_SPLIT:
                self._parts.clear()
            kept = self._parts[folded] = tuple(dict.fromkeys(part_stems(self.lexicon.split(folded))))
        return kept

    def is_noun(self, folded: str) -> bool:
        """Tell whether a word may be a noun: one that stands nowhere, or nowhere with a small letter."""
        known = self.words.get(folded)
        return known is None or known[1][:1].isupper() or not known[1][:1].isalpha()

    def beginning(self, start: str) -> list[str]:
        """Return the stems of the first few words that begin like this."""
        if len(start) < MIN_PREFIX:
            return []
        found: dict[str, None] = {}
        for word in self.ordered[bisect_left(self.ordered, start) :]:
            if not word.startswith(start) or len(found) == MAX_PREFIXED:
                break
            found[self.words[word][0]] = None
        return list(found)


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Which phrases are searched for a phrase as well; a phrase is the stems of its words.

    ``others`` gives them with how much they count (1..100), ``containing`` the phrases a stem occurs in,
    ``written`` the single words as they stand in the groups, by their folded spelling, ``words`` also those in phrases.
    """

    others: dict[Phrase, tuple[tuple[Phrase, int], ...]] = field(default_factory=dict)
    containing: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)
    written: dict[str, tuple[str, str]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary(()))

    def said_in(self, asked: Iterable[str]) -> list[Phrase]:
        """Return the phrases all of whose stems are among those asked for, in whatever order."""
        known = set(asked)
        found = {phrase: None for stem in sorted(known) for phrase in self.containing.get(stem, ())}
        return [phrase for phrase in found if known.issuperset(phrase)]


def known(version: str) -> Known:
    """Return the words of the index (two queries when the content is new)."""
    return derived("search-words", version, lambda: _known(version))


def synonyms(version: str) -> Synonyms:
    """Return what the groups in use say (two queries when the content is new)."""
    return derived("search-synonyms", version, lambda: synonyms_of(groups()))


def other_words(version: str) -> Vocabulary:
    """Return words that are right although no entry has them: occupations, everyday words, places."""
    return derived("search-other-words", version, lambda: Vocabulary(_others(version)))


def synonyms_of(found: Iterable[Group]) -> Synonyms:
    """Return these groups as the search uses them."""
    others: dict[Phrase, dict[Phrase, int]] = {}
    written: dict[str, tuple[str, str]] = {}
    all_words: set[str] = set()
    # Databases sort names in different ways; the first group to name a word says how it is written.
    for group in sorted(found, key=lambda group: (group.said, group.meant)):
        meant = [(_phrase(text), _counts(group, index)) for index, text in enumerate(group.meant)]
        for text in group.said:
            said = _phrase(text)
            own = others.setdefault(said, {})
            for other, counts in meant:
                if other and other != said:
                    own[other] = max(counts, own.get(other, 0))
            single = words(text)
            all_words.update(word.folded for word in single)
            if len(single) == 1:
                written.setdefault(single[0].folded, (term_key(single[0].stem), text))
    others.pop((), None)
    containing: dict[str, list[Phrase]] = {}
    for phrase in others:
        for stem in set(phrase):
            containing.setdefault(stem, []).append(phrase)
    return Synonyms(
        {phrase: tuple(more.items()) for phrase, more in others.items()},
        {stem: tuple(phrases) for stem, phrases in containing.items()},
        written,
        frozenset(all_words),
        Vocabulary(written),
    )


def _counts(group: Group, index: int) -> int:
    """Words that mean the same count alike; of what a word leads to, the most important stands first."""
    return max(LAST_MEANT, FIRST_MEANT - STEP * index) if group.said != group.meant else SAME


def _phrase(text: str) -> Phrase:
    return tuple(term_key(stem) for stem in stems(text))


def _known(version: str) -> Known:
    rows = SearchWord.objects.order_by().values_list("word", "stem", "display")
    found = {word: (stem, display) for word, stem, display in rows}
    return Known(found, sorted(found), Vocabulary(found), lexicon(version))


def _others(version: str) -> set[str]:
    places = {key for key in gazetteer(version).by_name if " " not in key and len(key) >= MIN_PLACE}
    return {*shipped_lexicon().words, *places}
