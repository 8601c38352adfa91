"""What somebody typed, as slots that the index can answer.

A slot is one thing asked for; its alternatives are the ways an entry can have it: the word itself, the parts
of a compound, the right spelling of a mistyped word, and what the synonyms say. Slots and their weights come
from the typed words alone; synonyms only add alternatives, so a saved group never takes a hit away.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from directory.index.keys import MAX_LENGTH, MAX_TERMS, cut, term_key, title_key
from directory.index.masks import Universe
from directory.index.placenames import PlaceName, place_in, rest_of
from directory.index.vocabulary import Known, Synonyms, known, other_words, synonyms
from directory.index.weak import WEAK_STEMS
from directory.places import Place, gazetteer
from directory.words.analyse import Word, words
from directory.words.common import is_common
from directory.words.stemming import stem
from directory.words.typos import closest

WHOLE = 100
JOINED = 90  # „schul abschluss“ for „Schulabschluss“
TOGETHER = 40  # all parts of a compound somewhere in the text
PREFIX = 50
CORRECTED = {1: 70, 2: 50}
FAR = 40
PART_OF_CORRECTED = 40
PART_WEIGHT, HEAD_WEIGHT = 50, 80  # of the parts of an unknown compound
RARE_SHARE = 100  # a word in fewer than one of so many entries may be a typing error
MANY_MORE = 5
NAMED_PARTS = 40  # of a compound that the synonyms know as a whole, in per cent
GUESSED = 12  # a correction of a word that the synonyms know as it is: found, but last
NEGATIONS = frozenset({"kein", "ohn", "nicht"})  # „ohne Abschluss“, „kein Abschluss“, „Abschluss nicht geschafft“
NEGATED = 90
NO_NOUN, WEAK = 60, 30
MIN_SUGGESTED = 5  # letters


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to fill a slot: all stems must be there. ``factor`` is 1..100, 100 for what was typed.

    ``share`` is how much of it counts for the order, in per cent; for what is a hit it counts in full.
    """

    stems: tuple[str, ...]
    factor: int
    is_synonym: bool = False
    share: int = 100


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing that was asked for. ``weight`` is 1..100; a place counts for the order only."""

    typed: str
    start: int
    end: int
    weight: int
    alternatives: tuple[Alternative, ...]
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """The typed text understood.

    ``typed`` is the part that counts, ``place_words`` the words in it that named a place, ``rest`` the others.
    ``corrected`` is the text that is searched instead because a word in it is unknown, ``suggestion`` one
    that would find clearly more. None where there is none.
    """

    typed: str
    slots: tuple[Slot, ...] = ()
    title_key: str = ""
    place: Place | None = None
    place_words: str = ""
    rest: str = ""
    was_cut: bool = False
    corrected: str | None = None
    suggestion: str | None = None
    known: Known | None = field(default=None, compare=False, repr=False)

    def parts_of(self, folded: str) -> tuple[str, ...]:
        """Return the keys of the parts of a compound, as the index has them."""
        return self.known.parts(folded) if self.known else ()


@dataclass(slots=True)
class _Draft:
    """A slot in the making. ``keys`` are the stems it may stand for, with their factors, as synonyms see it."""

    word: Word
    keys: dict[str, int]
    alternatives: list[Alternative]
    weight: int = WHOLE
    is_unknown: bool = False
    is_guess: bool = False

    def slot(self) -> Slot:
        unique = dict.fromkeys(self.alternatives)
        if self.is_guess:
            unique = {
                way if way.is_synonym or way.factor == WHOLE else replace(way, share=GUESSED): None for way in unique
            }
        return Slot(self.word.text, self.word.start, self.word.end, self.weight, tuple(unique))


@dataclass(frozen=True, slots=True)
class _Guess:
    """What an unknown word may have been meant to be, and how many slips away that is."""

    far: int
    display: str
    place: Place | None = None


@dataclass(slots=True)
class _Reading:
    """What is needed while a text is read."""

    universe: Universe
    version: str
    known: Known
    synonyms: Synonyms
    literal: bool
    places: bool = True
    changes: dict[tuple[int, int], str] = field(default_factory=dict)
    place: Place | None = None
    place_word: Word | None = None
    loaded: set[str] = field(default_factory=set)

    def has(self, key: str) -> bool:
        """Tell whether a stem stands in anything public."""
        return bool(self.universe.terms([key])[key].mask)

    def load_corrections(self, unknown: Iterable[str]) -> None:
        """Ask at once where all the stems stand that these folded words may have been meant to be."""
        keys: list[str] = []
        for folded in () if self.literal else unknown:
            keys += self.known.beginning(folded)
            keys += (self.known.words[word][0] for word, _far in closest(folded, self.known.vocabulary))
            keys += (self.synonyms.written[word][0] for word, _far in closest(folded, self.synonyms.vocabulary))
            for word, _far in closest(folded, other_words(self.version)):
                keys += (term_key(stem(word)), *self.known.parts(word))
        self.load(keys)

    def load(self, keys: list[str], title: str = "") -> None:
        """Ask at once where these stems stand, and those that the synonyms say for them."""
        self.loaded.update(keys)
        others = (phrase for said in self.synonyms.said_in(self.loaded) for phrase, _ in self.synonyms.others[said])
        self.universe.terms({*keys, *(key for phrase in others for key in phrase), *([title] if title else [])})


def understand(
    text: str,
    *,
    universe: Universe,
    version: str,
    places: bool = True,
    literal: bool = False,
    groups: Synonyms | None = None,
) -> Query:
    """Read a typed text of any length. ``literal`` corrects nothing; ``groups`` stand in for the saved ones.

    At most three queries beside what is loaded once per content version; none when all is known.
    """
    kept = cut(text)
    found = words(kept)
    reading = _Reading(
        universe, version, known(version), synonyms(version) if groups is None else groups, literal, places
    )
    name = place_in(kept, found, gazetteer(version)) if places else None
    asked = [word for word in found if not (name and name.covers(word))]
    asked = [word for word in asked if not word.is_stop] or ([] if name else asked)
    drafts = _drafts(asked[:MAX_TERMS], title_key(kept), reading)
    _add_synonyms(drafts, reading.synonyms)
    slots = [draft.slot() for draft in drafts if draft.word is not reading.place_word]
    name = name or _corrected_place(reading, kept, found)
    if name:
        slots.append(_place_slot(name))
    return Query(
        typed=kept,
        slots=tuple(slots),
        title_key=title_key(kept),
        place=name.place if name else None,
        place_words=name.typed if name else "",
        rest=name.rest if name else kept,
        was_cut=len(" ".join(text.split())) > MAX_LENGTH or len(asked) > MAX_TERMS,
        corrected=_replaced(kept, reading.changes) if reading.changes and not literal else None,
        suggestion=_suggestion(kept, asked[:MAX_TERMS], drafts, reading),
        known=reading.known,
    )


def _drafts(asked: list[Word], title: str, reading: _Reading) -> list[_Draft]:
    """Make the slots that the typed words alone give."""
    stems = [term_key(word.stem) for word in asked]
    parts = {word: reading.known.parts(word.folded) for word in asked}
    joined = [term_key(stem(one.folded + two.folded)) for one, two in pairwise(asked)]
    # All of them at once: one query instead of many.
    typed = [*stems, *(key for own in parts.values() for key in own), *joined]
    reading.load(typed, title)
    reading.load_corrections(
        word.folded
        for word, key in zip(asked, stems, strict=True)
        if not (reading.has(key) or any(map(reading.has, parts[word])))
    )
    drafts: list[_Draft] = []
    firsts: list[int] = []
    for word, key in zip(asked, stems, strict=True):
        firsts.append(len(drafts))
        drafts += _of_word(word, key, parts[word], reading)
    for index, key in enumerate(joined):
        if reading.has(key):
            for draft in drafts[firsts[index] : firsts[index + 1] + 1]:
                draft.alternatives.append(Alternative((key,), JOINED))
                draft.keys.setdefault(key, JOINED)
                draft.is_unknown = False
                reading.changes.pop((draft.word.start, draft.word.end), None)
    return drafts


def _of_word(word: Word, key: str, parts: tuple[str, ...], reading: _Reading) -> list[_Draft]:
    """Return the slot of a word, or of each part of a compound nobody knows."""
    draft = _Draft(word, {key: WHOLE}, [Alternative((key,), WHOLE)], _weight(word, reading))
    if reading.has(key):
        if len(parts) > 1:
            draft.alternatives.append(Alternative(parts, TOGETHER))
        return [draft]
    if any(reading.has(part) for part in parts):
        # The last part says what it is, those before it which one.
        weights = [*([PART_WEIGHT] * (len(parts) - 1)), HEAD_WEIGHT]
        share = NAMED_PARTS if (key,) in reading.synonyms.others else 100
        drafts = [
            _Draft(word, {part: WHOLE}, [Alternative((part,), WHOLE, share=share)], weight)
            for part, weight in zip(parts, weights, strict=True)
        ]
        # As a whole it may still be a word of the synonyms.
        for own in drafts:
            own.keys[key] = WHOLE
        return drafts
    draft.is_unknown = True
    if not reading.literal:
        beginning = [start for start in reading.known.beginning(word.folded) if reading.has(start)]
        draft.alternatives += [Alternative((start,), PREFIX) for start in beginning]
        if not beginning:
            _correct(draft, reading)
    return [draft]


def _weight(word: Word, reading: _Reading) -> int:
    """How much a word counts: nouns name the subject."""
    if word.stem in WEAK_STEMS or word.folded.isdigit():
        return WEAK
    return WHOLE if reading.known.is_noun(word.folded) else NO_NOUN


def _correct(draft: _Draft, reading: _Reading) -> None:
    """Add the words that an unknown one was probably meant to be, and note the best for the notice."""
    folded = draft.word.folded
    right = other_words(reading.version)
    # Ordinary words are spelled right, and a year or an age is no slip of another one.
    if draft.word.is_stop or is_common(draft.word.stem) or folded in right or not folded.isalpha():
        return
    guesses = [*_from_index(draft, reading), *_from_other_words(draft, closest(folded, right), reading)]
    nearest = min(guesses, key=lambda guess: (guess.far, guess.place is None), default=None)
    if nearest and nearest.place:
        # Words of the synonyms have no say in this: a new group must not turn a place into something else.
        reading.place, reading.place_word = reading.place or nearest.place, draft.word
    for word, far in closest(folded, reading.synonyms.vocabulary):
        key, display = reading.synonyms.written[word]
        draft.keys.setdefault(key, CORRECTED.get(far, FAR))
        if nearest is None or (far < nearest.far and not nearest.place):
            nearest = _Guess(far, display)
    if folded in reading.synonyms.words and not (nearest and nearest.place):
        draft.is_guess = True
    elif nearest:
        reading.changes[draft.word.start, draft.word.end] = nearest.display


def _from_index(draft: _Draft, reading: _Reading) -> Iterator[_Guess]:
    """Yield corrections that stand in something public."""
    for word, far in closest(draft.word.folded, reading.known.vocabulary):
        key, display = reading.known.words[word]
        if reading.has(key):
            factor = CORRECTED.get(far, FAR)
            draft.alternatives.append(Alternative((key,), factor))
            draft.keys.setdefault(key, factor)
            yield _Guess(far, display)


def _from_other_words(draft: _Draft, near: list[tuple[str, int]], reading: _Reading) -> Iterator[_Guess]:
    """Yield corrections that no entry has as a word: compounds whose parts are there, and places."""
    by_name = gazetteer(reading.version).by_name
    for word, far in near:
        if reading.places and len(places := by_name.get(word, ())) == 1:
            yield _Guess(far, places[0].name, places[0])
            continue
        present = [part for part in reading.known.parts(word) if reading.has(part)]
        draft.alternatives += [Alternative((part,), PART_OF_CORRECTED) for part in present]
        key = term_key(stem(word))
        draft.keys.setdefault(key, CORRECTED.get(far, FAR))
        if present or (key,) in reading.synonyms.others:
            yield _Guess(far, word)


def _corrected_place(reading: _Reading, text: str, found: list[Word]) -> PlaceName | None:
    word = reading.place_word
    if word is None or reading.place is None:
        return None
    rest = rest_of(text, found, word.start, word.end)
    return PlaceName(reading.place, word.text, word.start, word.end, rest)


def _place_slot(name: PlaceName) -> Slot:
    """Entries that name the place come first; nothing is left out for it."""
    names = {name.typed, *((name.place.name, name.place.municipality) if name.place else ())}
    keys = sorted({tuple(term_key(word.stem) for word in words(text)) for text in names} - {()})
    return Slot(name.typed, name.start, name.end, WHOLE, tuple(Alternative(key, WHOLE) for key in keys), is_place=True)


def _add_synonyms(drafts: list[_Draft], groups: Synonyms) -> None:
    """Add to each slot what the groups say for it, alone or together with other slots."""
    for draft in drafts:
        if NEGATIONS & draft.keys.keys():
            draft.keys.update((key, NEGATED) for key in sorted(NEGATIONS - draft.keys.keys()))
    asked = {key for draft in drafts for key in draft.keys}
    for phrase in groups.said_in(asked):
        for draft in drafts:
            factors = [draft.keys[key] for key in phrase if key in draft.keys]
            for other, counts in groups.others[phrase] if factors else ():
                factor = max(1, counts * max(factors) // 100)
                draft.alternatives.append(Alternative(other, factor, is_synonym=True))


def _suggestion(text: str, asked: list[Word], drafts: list[_Draft], reading: _Reading) -> str | None:
    """Return the text with rare words replaced by much more frequent ones that are spelled alike."""
    if reading.literal:
        return _replaced(text, _literal_changes(drafts, reading)) or None
    changes: dict[tuple[int, int], str] = {}
    for word in asked:
        key = term_key(word.stem)
        count = reading.universe.terms([key])[key].mask.bit_count()
        if not 0 < count <= max(1, reading.universe.count // RARE_SHARE) or len(word.folded) < MIN_SUGGESTED:
            continue
        if (key,) in reading.synonyms.others:
            continue
        near = [
            (found, *reading.known.words[found])
            for found, far in closest(word.folded, reading.known.vocabulary)
            if far == 1
        ]
        terms = reading.universe.terms([stem_key for _found, stem_key, _display in near])
        better = [
            (-terms[stem_key].mask.bit_count(), display)
            for _found, stem_key, display in near
            if stem_key != key and terms[stem_key].mask.bit_count() >= MANY_MORE * count
        ]
        if better:
            changes[word.start, word.end] = min(better)[1]
    return _replaced(text, changes) if changes else None


def _literal_changes(drafts: list[_Draft], reading: _Reading) -> dict[tuple[int, int], str]:
    """Return what would be corrected if it were allowed."""
    for draft in drafts:
        if draft.is_unknown:
            _correct(_Draft(draft.word, {}, []), reading)
    return reading.changes


def _replaced(text: str, changes: dict[tuple[int, int], str]) -> str:
    """Return the text with other words at these places; "" without changes."""
    if not changes:
        return ""
    for (start, end), word in sorted(changes.items(), reverse=True):
        text = text[:start] + word + text[end:]
    return text
