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
                return PlaceName(_one_of(places, index), text[start:end], start, end, _rest(text, found, first, end))
    return None


def _one_of(places: tuple[Place, ...], index: Gazetteer) -> Place | None:
    """The only place, or the municipality that all of them belong to."""
    if len(places) == 1:
        return places[0]
    municipalities = {place.ags for place in places}
    return index.by_ags.get(municipalities.pop()) if len(municipalities) == 1 else None


def _rest(text: str, found: Sequence[Word], first: int, end: int) -> str:
    """The text without the name and without the little word before it („in“, „bei“)."""
    if first and found[first - 1].is_stop:
        first -= 1
    return " ".join(f"{text[: found[first].start]} {text[end:]}".split())
