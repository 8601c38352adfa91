"""What somebody typed, as slots that the index can answer.

A slot is one thing asked for; its alternatives are the ways an entry can have it: the word itself, the parts
of a compound, the right spelling of a mistyped word, and what the synonyms say. Slots and their weights come
from the typed words alone; synonyms only add alternatives, so a saved group never takes a hit away.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from directory.index.expressions import add_synonyms
from directory.index.keys import MAX_LENGTH, MAX_TERMS, cut, term_key, title_key
from directory.index.masks import Universe
from directory.index.placenames import PlaceName, place_in, rest_of
from directory.index.query import Alternative, Query, Slot
from directory.index.reading import WHOLE, Draft, Reading
from directory.index.vocabulary import Synonyms, known, other_words, synonyms
from directory.index.weak import NEGATIONS, RUDE_STEMS, WEAK_STEMS
from directory.places import Place, gazetteer
from directory.text import fold
from directory.words.analyse import Word, words
from directory.words.common import is_common
from directory.words.compounds import shipped_spellings
from directory.words.stemming import stem
from directory.words.typos import closest

JOINED = 90  # „schul abschluss“ for „Schulabschluss“
TOGETHER = 40  # all parts of a compound somewhere in the text
PREFIX = 50
VERB = 80  # another form of the verb: „schwänzt“ for „schwänzen“
CORRECTED = {1: 70, 2: 50}
FAR = 40
PART_OF_CORRECTED = 40
PART_WEIGHT, HEAD_WEIGHT = 50, 80  # of the parts of an unknown compound
RARE_SHARE = 100  # a word in fewer than one of so many entries may be a typing error
MANY_MORE = 5
NAMED_PARTS = 40  # of a compound that the synonyms know as a whole, in per cent
SAID_IN_PART = 60  # of a compound whose part only the synonyms know: „Kummerkasten“
NO_NOUN, WEAK, RUDE, NUMBER = 60, 30, 15, 15
MIN_SUGGESTED = 5  # letters
MIN_EDGE = 6
ENDING = 2


@dataclass(frozen=True, slots=True)
class _Guess:
    """What an unknown word may have been meant to be, how many slips away that is, and its stem."""

    far: int
    display: str
    key: str = ""
    place: Place | None = None


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
    reading = Reading(
        universe, version, known(version), synonyms(version) if groups is None else groups, literal, places
    )
    universe.know(reading.synonyms.names or {})
    name = place_in(kept, found, gazetteer(version)) if places else None
    asked = _asked([word for word in found if not (name and name.covers(word))], is_whole=name is None)
    drafts = _drafts(asked[:MAX_TERMS], kept, reading)
    add_synonyms(drafts, reading)
    slots = [draft.slot() for draft in drafts if draft.word is not reading.place_word]
    name = name or _corrected_place(reading, kept, found)
    if name:
        slots.append(_place_slot(name))
    corrected = _replaced(kept, reading.changes) if reading.changes and not literal else None
    return Query(
        typed=kept,
        slots=tuple(slots),
        title_key=_title(kept, corrected, reading),
        place=name.place if name else None,
        place_words=name.typed if name else "",
        rest=name.rest if name else kept,
        was_cut=len(" ".join(text.split())) > MAX_LENGTH or len(asked) > MAX_TERMS,
        corrected=corrected,
        suggestion=_suggestion(kept, asked[:MAX_TERMS], drafts, reading),
        known=reading.known,
    )


def _title(text: str, corrected: str | None, reading: Reading) -> str:
    """Return the key of what is called exactly so; when nothing is, of what is called as the corrected text."""
    key = title_key(text)
    right = title_key(corrected or "")
    return right if right in reading.loaded and not reading.has(key) else key


def _asked(found: list[Word], *, is_whole: bool) -> list[Word]:
    """Return the words that carry a subject. When none does, all of them say something together."""
    subjects = [word for word in found if not word.is_stop]
    if is_whole and all(word.stem in NEGATIONS for word in subjects):
        # „ich weiß nicht was ich werden soll“
        unique: dict[str, Word] = {}
        for word in found:
            unique.setdefault(word.stem, word)
        return list(unique.values())
    return subjects


def _drafts(asked: list[Word], text: str, reading: Reading) -> list[Draft]:
    """Make the slots that the typed words alone give."""
    stems = [term_key(word.stem) for word in asked]
    parts = {word: reading.known.parts(word.folded) for word in asked}
    joined = [term_key(stem(one.folded + two.folded)) for one, two in pairwise(asked)]
    # All of them at once: one query instead of many.
    typed = [*stems, *(key for own in parts.values() for key in own), *joined, *filter(None, map(reading.verb, asked))]
    reading.load(typed, title_key(text))
    unknown = [
        word
        for word, key in zip(asked, stems, strict=True)
        if not (reading.has(key) or any(map(reading.has, parts[word])))
    ]
    reading.load_corrections(text, unknown)
    drafts: list[Draft] = []
    firsts: list[int] = []
    for word, key in zip(asked, stems, strict=True):
        firsts.append(len(drafts))
        drafts += _of_word(word, key, parts[word], reading)
    for index, key in enumerate(joined):
        for draft in drafts[firsts[index] : firsts[index + 1] + 1]:
            draft.keys.setdefault(key, JOINED)
            if reading.has(key):
                draft.alternatives.append(Alternative((key,), JOINED))
                draft.is_unknown = False
                reading.changes.pop((draft.word.start, draft.word.end), None)
    return drafts


def _of_word(word: Word, key: str, parts: tuple[str, ...], reading: Reading) -> list[Draft]:
    """Return the slot of a word, or of each part of a compound nobody knows."""
    draft = Draft(word, {key: WHOLE}, [Alternative((key,), WHOLE)], _weight(word, reading))
    if (verb := reading.verb(word)) and verb != key:
        draft.keys[verb] = VERB
        if reading.stands_as_verb(word):
            draft.alternatives.append(Alternative((verb,), VERB))
            return [draft]
    if reading.has(key):
        if len(parts) > 1:
            draft.alternatives.append(Alternative(parts, TOGETHER))
        return [draft]
    if any(reading.has(part) for part in parts):
        return _in_parts(word, key, parts, reading)
    _guess(draft, reading)
    return [draft]


def _in_parts(word: Word, key: str, parts: tuple[str, ...], reading: Reading) -> list[Draft]:
    """Return a slot for each part of a compound that stands nowhere as a whole."""
    # The last part says what it is, those before it which one.
    weights = [*([PART_WEIGHT] * (len(parts) - 1)), HEAD_WEIGHT]
    share = NAMED_PARTS if (key,) in reading.synonyms.others else 100
    drafts = [
        Draft(word, {part: WHOLE}, [Alternative((part,), WHOLE, share=share)], weight)
        for part, weight in zip(parts, weights, strict=True)
    ]
    # As a whole it may still be a word of the synonyms.
    for own in drafts:
        own.keys |= {
            whole: WHOLE for whole, inside in reading.known.inner(word.folded) if own.keys.keys() & set(inside)
        }
        own.keys[key] = WHOLE
    return drafts


def _guess(draft: Draft, reading: Reading) -> None:
    """Add what a word that stands nowhere may be: a part the synonyms know, a beginning, a slip, an edge."""
    word = draft.word
    draft.is_unknown = True
    draft.is_guess = len(draft.keys) > 1
    if said := reading.synonyms.parts(word.folded):
        draft.is_guess = True
        draft.keys |= dict.fromkeys(said, SAID_IN_PART)
    if not reading.literal:
        beginning = [start for start in reading.known.beginning(word.folded) if reading.has(start)]
        draft.alternatives += [Alternative((start,), PREFIX) for start in beginning]
        draft.keys |= dict.fromkeys(beginning, PREFIX) if len(beginning) == 1 else {}
        if not beginning:
            _correct(draft, reading)
        if len(draft.alternatives) == 1:
            _read_edges(draft, reading)
        if len(draft.alternatives) == len(draft.keys) == 1:
            nearly = reading.known.beginning_nearly(word.folded)
            reading.load(nearly)
            draft.alternatives += [Alternative((start,), FAR) for start in nearly if reading.has(start)]


def _read_edges(draft: Draft, reading: Reading) -> None:
    """Take what an unknown word begins or ends with: „Kummer“ of „Kummerkasten“, better than nothing."""
    folded, known = draft.word.folded, reading.known.words
    edges = [edge for at in range(MIN_EDGE, len(folded)) for edge in (folded[:at], folded[-at:])]
    keys = [known[edge][0] for edge in edges if edge in known]
    draft.keys |= {reading.synonyms.written[edge][0]: FAR for edge in edges if edge in reading.synonyms.written}
    if keys or len(draft.keys) > 1:
        reading.load([*keys, *draft.keys])
        draft.alternatives += [Alternative((key,), FAR) for key in keys if reading.has(key)]


def _weight(word: Word, reading: Reading) -> int:
    """How much a word counts: nouns name the subject."""
    if word.stem in RUDE_STEMS:
        return RUDE
    if word.folded.isdigit():
        return NUMBER
    if word.stem in WEAK_STEMS:
        return WEAK
    return WHOLE if reading.known.is_noun(word.folded) else NO_NOUN


def _correct(draft: Draft, reading: Reading) -> None:
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
            nearest = _Guess(far, display, key)
    if (draft.is_guess or folded in reading.synonyms.words) and not (nearest and nearest.place):
        draft.is_guess = True
    elif nearest and nearest.key != term_key(draft.word.stem) and not _is_ending(folded, nearest.display):
        # Another ending or the woman in the same job is no mistake.
        reading.changes[draft.word.start, draft.word.end] = nearest.display


def _is_ending(folded: str, display: str) -> bool:
    """Tell whether a word in a script without a stemmer only ends otherwise: „мову“ is no slip of „мови“."""
    other = fold(display)
    return not folded.isascii() and folded[:-ENDING] == other[: len(folded) - ENDING]


def _from_index(draft: Draft, reading: Reading) -> Iterator[_Guess]:
    """Yield corrections that stand in something public."""
    for word, far in closest(draft.word.folded, reading.known.vocabulary):
        key, display = reading.known.words[word]
        if reading.has(key):
            factor = CORRECTED.get(far, FAR)
            draft.alternatives.append(Alternative((key,), factor))
            draft.keys.setdefault(key, factor)
            yield _Guess(far, display, key)


def _from_other_words(draft: Draft, near: list[tuple[str, int]], reading: Reading) -> Iterator[_Guess]:
    """Yield corrections that no entry has as a word: compounds whose parts are there, and places."""
    by_name = gazetteer(reading.version).by_name
    for word, far in near:
        if reading.places and len(places := by_name.get(word, ())) == 1:
            yield _Guess(far, places[0].name, place=places[0])
            continue
        present = [part for part in reading.known.parts(word) if reading.has(part)]
        draft.alternatives += [Alternative((part,), PART_OF_CORRECTED) for part in present]
        key = term_key(stem(word))
        draft.keys.setdefault(key, CORRECTED.get(far, FAR))
        if present or (key,) in reading.synonyms.others:
            display = reading.synonyms.written[word][1] if word in reading.synonyms.written else ""
            yield _Guess(far, display or shipped_spellings().get(word, word), key)


def _corrected_place(reading: Reading, text: str, found: list[Word]) -> PlaceName | None:
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


def _suggestion(text: str, asked: list[Word], drafts: list[Draft], reading: Reading) -> str | None:
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


def _literal_changes(drafts: list[Draft], reading: Reading) -> dict[tuple[int, int], str]:
    """Return what would be corrected if it were allowed."""
    for draft in drafts:
        if draft.is_unknown:
            _correct(Draft(draft.word, {}, []), reading)
    return reading.changes


def _replaced(text: str, changes: dict[tuple[int, int], str]) -> str:
    """Return the text with other words at these places; "" without changes."""
    if not changes:
        return ""
    for (start, end), word in sorted(changes.items(), reverse=True):
        text = text[:start] + word + text[end:]
    return text
