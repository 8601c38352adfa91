"""Names of places inside a typed text: „praktikum wolmirstedt“, „praktikum 39326“."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.places import Gazetteer, Place, named_exactly
from directory.words.analyse import Word
from directory.words.compounds import shipped_lexicon

MAX_WORDS = 5
MIN_LETTERS = 3


@dataclass(frozen=True, slots=True)
class PlaceName:
    """Words that name a place; ``place`` is None when they name several. ``rest`` is the text without them."""

    place: Place | None
    typed: str
    start: int
    end: int
    rest: str

    def covers(self, word: Word) -> bool:
        """Tell whether a word belongs to the name."""
        return self.start <= word.start and word.end <= self.end


def place_in(text: str, found: Sequence[Word], index: Gazetteer) -> PlaceName | None:
    """Return the longest exact name of a place in the county, or a postcode; of equal ones the first.

    Names that are everyday words as well count only beside their postcode.
    """
    for length in range(min(MAX_WORDS, len(found)), 0, -1):
        for first in range(len(found) - length + 1):
            run = found[first : first + length]
            start, end = run[0].start, run[-1].end
            if length == 1 and (len(run[0].folded) < MIN_LETTERS or run[0].folded in shipped_lexicon().words):
                continue
            places = named_exactly(text[start:end], index)
            if places:
                end += text[start:end].count("(") and text[end : end + 1].count(")")
                return PlaceName(_one_of(places, index), text[start:end], start, end, rest_of(text, found, start, end))
    return None


def _one_of(places: tuple[Place, ...], index: Gazetteer) -> Place | None:
    """The only place, or the municipality that all of them belong to."""
    if len(places) == 1:
        return places[0]
    municipalities = {place.ags for place in places}
    return index.by_ags.get(municipalities.pop()) if len(municipalities) == 1 else None


def rest_of(text: str, found: Sequence[Word], start: int, end: int) -> str:
    """Return the text without what stands there and without the little word before it („in“, „bei“)."""
    before = [word for word in found if word.end <= start]
    if before and before[-1].is_stop:
        start = before[-1].start
    return " ".join(f"{text[:start]} {text[end:]}".split())
