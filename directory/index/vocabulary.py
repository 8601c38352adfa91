"""The words the search knows, kept per content version: those of the index, of the synonyms, and other right ones.

Words of drafts are among them; whoever shows or searches one asks the masks first whether it is public.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from sys import intern
from typing import NamedTuple

from rapidfuzz.distance import OSA

from directory.index.analysis import part_stems
from directory.index.keys import MAX_LENGTH, term_key, title_key, title_key_of
from directory.index.lexicon import lexicon_with
from directory.index.store import chunks
from directory.index.synonyms import Group, groups
from directory.models import SearchTerm, SearchWord
from directory.places import gazetteer
from directory.versions import derived
from directory.words.analyse import content, words
from directory.words.compounds import Lexicon, shipped_lexicon
from directory.words.stemming import stem
from directory.words.typos import Vocabulary

SAME = 80  # how much a synonym counts, in per cent of the word itself
FIRST_MEANT, STEP, LAST_MEANT = 90, 6, 40
MIN_PREFIX = 4
MAX_PREFIXED = 8
MIN_NEARLY, MIN_SAME = 5, 3  # letters of a word that may be shortened, and of those that must agree
MIN_PLACE = 5
MAX_SPLIT = 8_000  # words whose parts are kept
MAX_MEANT = 500  # phrases whose groups are kept together

Phrase = tuple[str, ...]


class Meant(NamedTuple):
    """What is searched for a phrase as well: its stems, its key as a title, and how much it counts (1..100)."""

    phrase: Phrase
    name: str
    counts: int
    is_same: bool  # whether the other leads back


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

    def inner(self, folded: str) -> list[tuple[str, tuple[str, ...]]]:
        """Return the keys of compounds inside of a compound, each with those of its parts."""
        return [
            (term_key(stem(whole)), tuple(part_stems(parts))) for whole, parts in self.lexicon.inner(folded).items()
        ]

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

    def beginning_nearly(self, start: str) -> list[str]:
        """Return the stems of the first few longer words that begin nearly like this: „Depression“ for „Depri“."""
        if len(start) < MIN_NEARLY:
            return []
        same = start[:MIN_SAME]
        found: dict[str, None] = {}
        for word in self.ordered[bisect_left(self.ordered, same) :]:
            if not word.startswith(same) or len(found) == MAX_PREFIXED:
                break
            if len(word) > len(start) and OSA.distance(start, word[: len(start)], score_cutoff=1) <= 1:
                found[self.words[word][0]] = None
        return list(found)


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Which phrases are searched for a phrase as well; a phrase is the stems of its words.

    ``others`` leads from a phrase to its groups, ``containing`` from a stem to the phrases it occurs in,
    ``written`` has the single words as they stand in the groups, by their folded spelling, ``words`` also those in
    phrases, ``names`` the numbers of the titles among them once they are looked up.
    """

    others: dict[Phrase, tuple[tuple[Meant, ...], ...]] = field(default_factory=dict)
    containing: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)
    written: dict[str, tuple[str, str]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary(()))
    lexicon: Lexicon = field(default_factory=lambda: Lexicon(()))
    names: Mapping[str, int] | None = None
    _meant: dict[Phrase, tuple[Meant, ...]] = field(default_factory=dict)

    def meant_by(self, phrase: Phrase) -> tuple[Meant, ...]:
        """Return what all groups of a phrase say for it, each thing once with the best that any of them says."""
        kept = self._meant.get(phrase)
        if kept is None:
            if len(self._meant) >= MAX_MEANT:
                self._meant.clear()
            kept = self._meant[phrase] = self._merged(phrase)
        return kept

    def _merged(self, phrase: Phrase) -> tuple[Meant, ...]:
        own: dict[tuple[Phrase, str], Meant] = {}
        for other in chain.from_iterable(self.others.get(phrase, ())):
            before = own.setdefault((other.phrase, other.name), other)
            if before is not other:
                counts, is_same = max(before.counts, other.counts), before.is_same or other.is_same
                own[other.phrase, other.name] = Meant(other.phrase, other.name, counts, is_same)
        if self.names is None:
            return tuple(own.values())
        named = (other if other.name in self.names else other._replace(name="") for other in own.values())
        return tuple(other for other in named if other.name or other.phrase != phrase)

    def said_in(self, asked: Collection[str], kin: Collection[str] = ()) -> list[Phrase]:
        """Return the phrases all of whose stems are among those asked for, in whatever order.

        The words of a phrase of several may be of the ``kin`` instead.
        """
        typed = set(asked)
        known = typed.union(kin)
        found = {phrase: None for key in sorted(known) for phrase in self.containing.get(key, ())}
        return [phrase for phrase in found if (known if len(phrase) > 1 else typed).issuperset(phrase)]

    def parts(self, folded: str) -> list[str]:
        """Return the keys of those parts of a compound that are said for something."""
        return [key for key in part_stems(self.lexicon.split(folded)) if (key,) in self.others]

    def kin(self, key: str) -> list[str]:
        """Return the single words that mean the same as this one."""
        return [
            meant.phrase[0]
            for meant in self.meant_by((key,))
            if meant.is_same and len(meant.phrase) == 1 and meant.phrase[0] != key
        ]


def known(version: str) -> Known:
    """Return the words of the index (one query when the content is new)."""
    return derived("search-words", version, _known)


def synonyms(version: str) -> Synonyms:
    """Return what the groups in use say (some queries when the content is new)."""
    return derived("search-synonyms", version, lambda: _with_names(_synonyms_of(tuple(groups()))))


def _synonyms_of(found: tuple[Group, ...]) -> Synonyms:
    """Return the same as ``synonyms_of``, made anew only when a group changed: most changes are to offers."""
    return derived("search-groups", found, lambda: synonyms_of(found))


def _with_names(found: Synonyms) -> Synonyms:
    """Note which names something has, with their numbers: no search need ask for the others."""
    names = {meant.name for groups in found.others.values() for group in groups for meant in group}
    numbers: dict[str, int] = {}
    for chunk in chunks(sorted(names)):
        numbers.update(SearchTerm.objects.filter(text__in=chunk).order_by().values_list("text", "pk"))
    return replace(found, names=numbers)


def other_words(version: str) -> Vocabulary:
    """Return words that are right although no entry has them: occupations, everyday words, places."""
    return derived("search-other-words", version, lambda: Vocabulary(_others(version)))


def synonyms_of(found: Iterable[Group]) -> Synonyms:
    """Return these groups as the search uses them."""
    others: dict[Phrase, list[tuple[Meant, ...]]] = {}
    written: dict[str, tuple[str, str]] = {}
    all_words: set[str] = set()
    read = cache(_entry)
    # Databases sort names in different ways; the first group to name a word says how it is written.
    for group in sorted(found, key=lambda group: (group.said, group.meant)):
        is_same = group.said == group.meant
        entries = [read(text) for text in group.meant]
        meant = tuple(
            Meant(entry.phrase, entry.name, _counts(group, i), is_same)
            for i, entry in enumerate(entries)
            if entry.phrase
        )
        for text in group.said:
            said = read(text)
            all_words.update(said.words)
            if len(said.words) == 1:
                written.setdefault(said.words[0], (term_key(stem(said.words[0])), text))
            if said.phrase:
                # What is called like the expression itself is meant as well.
                itself = Meant(said.phrase, said.name, SAME, is_same=False)
                others.setdefault(said.phrase, []).extend((meant, (itself,)))
    containing: dict[str, list[Phrase]] = {}
    for phrase in others:
        for part in dict.fromkeys(phrase):
            containing.setdefault(part, []).append(phrase)
    return Synonyms(
        {said: tuple(groups) for said, groups in others.items()},
        {part: tuple(phrases) for part, phrases in containing.items()},
        written,
        frozenset(all_words),
        Vocabulary(written),
        shipped_lexicon().with_words(all_words),
    )


class _Entry(NamedTuple):
    """One entry of a group, analysed: stems, key as a title, folded words."""

    phrase: Phrase
    name: str
    words: tuple[str, ...]


def _entry(text: str) -> _Entry:
    found = words(text)
    phrase = tuple(intern(term_key(word.stem)) for word in content(found))
    return _Entry(
        phrase,
        title_key_of(found) if len(text) <= MAX_LENGTH else title_key(text),
        tuple(word.folded for word in found),
    )


def _counts(group: Group, index: int) -> int:
    """Words that mean the same count alike; of what a word leads to, the most important stands first."""
    return max(LAST_MEANT, FIRST_MEANT - STEP * index) if group.said != group.meant else SAME


def _known() -> Known:
    rows = SearchWord.objects.order_by().values_list("word", "stem", "display")
    # Many words are their own stem: such a text is kept once.
    found = {word: (word if stem == word else stem, display) for word, stem, display in rows.iterator()}
    lexicon = lexicon_with({word: stem for word, (stem, _display) in found.items()})
    return Known(found, sorted(found), Vocabulary(found), lexicon)


def _others(version: str) -> set[str]:
    places = {key for key in gazetteer(version).by_name if " " not in key and len(key) >= MIN_PLACE}
    return {*shipped_lexicon().words, *places}
