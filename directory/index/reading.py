"""A typed text on its way to a query: its words with what they may stand for, and what is known of the content."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from directory.index.keys import term_key, title_key
from directory.index.masks import Universe
from directory.index.query import Alternative, Slot
from directory.index.vocabulary import Known, Phrase, Synonyms, other_words
from directory.index.weak import ANGRY_STEMS, NEGATIONS
from directory.places import Place
from directory.words.analyse import Word
from directory.words.stemming import infinitive, stem
from directory.words.typos import closest

WHOLE = 100
NEGATED = 90
ANGRY = 80
KIN = 80  # a word that means the same, in an expression: „Papa schlägt“ for „Vater schlägt“
GUESSED = 12  # a correction of a word that the synonyms know as it is: found, but last


@dataclass(slots=True)
class Draft:
    """A slot in the making. ``keys`` are the stems it may stand for, with their factors, as synonyms see it."""

    word: Word
    keys: dict[str, int]
    alternatives: list[Alternative]
    weight: int = WHOLE
    is_unknown: bool = False
    is_guess: bool = False
    kin: dict[str, int] = field(default_factory=dict)  # stems it may stand for inside of an expression

    def factor_in(self, phrase: Phrase) -> int:
        """How well this word stands for one of the expression, 0..100."""
        known = self.kin if len(phrase) > 1 else self.keys
        return max((known.get(key, 0) for key in phrase), default=0)

    def slot(self) -> Slot:
        unique = dict.fromkeys(self.alternatives)
        if self.is_guess:
            unique = {
                way if way.is_synonym or way.factor == WHOLE else replace(way, share=GUESSED): None for way in unique
            }
        return Slot(self.word.text, self.word.start, self.word.end, self.weight, tuple(unique))


@dataclass(slots=True)
class Reading:
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

    def verb(self, word: Word) -> str:
        """Return the key of the verb that a word may be a form of, "" when no such verb is known."""
        found = infinitive(word.folded)
        return term_key(stem(found)) if found in self.known.words or found in self.synonyms.words else ""

    def stands_as_verb(self, word: Word) -> bool:
        """Tell whether that verb stands in something public. Synonyms have no say: they may take no hit away."""
        return infinitive(word.folded) in self.known.words and self.has(self.verb(word))

    def load_corrections(self, text: str, unknown: Sequence[Word]) -> None:
        """Ask at once where all the stems stand that these words may have been meant to be, and what is called so."""
        keys: list[str] = []
        for word in () if self.literal else unknown:
            folded = word.folded
            if len(unknown) == 1:
                right = (self.known.words[near][1] for near, _far in closest(folded, self.known.vocabulary))
                keys += (title_key(text[: word.start] + display + text[word.end :]) for display in right)
            keys += self.known.beginning(folded)
            keys += (self.known.words[near][0] for near, _far in closest(folded, self.known.vocabulary))
            keys += (self.synonyms.written[near][0] for near, _far in closest(folded, self.synonyms.vocabulary))
            for near, _far in closest(folded, other_words(self.version)):
                keys += (term_key(stem(near)), *self.known.parts(near))
        self.load(keys)

    def load(self, keys: list[str], title: str = "") -> None:
        """Ask at once where these stems stand, and those that the synonyms say for them."""
        self.loaded.update(keys)
        kin = {other for key in self.loaded for other in self.kin(key)}
        self.universe.terms(
            {*keys, *self.meant_by(self.synonyms.said_in(self.loaded, kin)), *([title] if title else [])}
        )

    def kin(self, key: str) -> dict[str, int]:
        """Return the stems that one may stand for inside of an expression, 1..100."""
        found = dict.fromkeys(self.synonyms.kin(key), KIN)
        for similar, counts in ((NEGATIONS, NEGATED), (ANGRY_STEMS, ANGRY)):
            found |= dict.fromkeys(sorted(similar), counts) if key in similar else {}
        return found

    def meant_by(self, phrases: Iterable[Phrase]) -> set[str]:
        """Return all the stems and titles that these expressions stand for."""
        found = (meant for phrase in phrases for meant in self.synonyms.meant_by(phrase))
        return {key for meant in found for key in (*meant.phrase, meant.name) if key}
