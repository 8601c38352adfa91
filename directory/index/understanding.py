"""What somebody typed, as slots that the index can answer. Signatures first; the body follows."""

from dataclasses import dataclass

from directory.places import Place

MAX_LENGTH = 100
MAX_TERMS = 8


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to fill a slot: all stems must be there. ``factor`` is 1..100, 100 for what was typed."""

    stems: tuple[str, ...]
    factor: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing that was asked for: a word, or words that belong together. ``weight`` is 1..100."""

    typed: str
    start: int
    end: int
    weight: int
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """The typed text understood. ``place_words`` are the words that named ``place``, as typed; ``rest`` the others."""

    typed: str
    slots: tuple[Slot, ...] = ()
    title_key: str = ""
    place: Place | None = None
    place_words: str = ""
    rest: str = ""
    was_cut: bool = False
