"""What somebody asked for, once it is understood."""

from dataclasses import dataclass, field

from directory.index.vocabulary import Known
from directory.places import Place


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to fill a slot: all stems must be there. ``factor`` is 1..100, 100 for what was typed.

    ``share`` is how much of it counts for the order, in per cent. For what is a hit ``covers`` counts
    in full, 1..100; without it that is the factor.
    """

    stems: tuple[str, ...]
    factor: int
    is_synonym: bool = False
    share: int = 100
    covers: int = 0


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
    single: frozenset[str] = field(init=False, compare=False, repr=False)
    several: frozenset[tuple[str, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Note what is searched for: single stems, and those that must be there together."""
        ways = {way.stems for slot in self.slots for way in slot.alternatives}
        object.__setattr__(self, "single", frozenset(stems[0] for stems in ways if len(stems) == 1))
        object.__setattr__(self, "several", frozenset(stems for stems in ways if len(stems) > 1))

    def parts_of(self, folded: str) -> tuple[str, ...]:
        """Return the keys of the parts of a compound, as the index has them."""
        return self.known.parts(folded) if self.known else ()
