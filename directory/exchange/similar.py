"""Finds records that may be the same one: by name, and by postcode and street."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from directory.text import fold

ALIKE = 85
"""Names this similar (0–100) are asked about, unless the addresses contradict each other."""
ALIKE_ELSEWHERE = 97
"""… and this similar also at another address."""
ALIKE_HERE = 65
"""At the same door a name may differ more."""
OFFERED = 5
ENDINGS = (("strasse", "str"), ("straße", "str"), ("str.", "str"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as far as it is compared. ``name`` has its words in the order of the alphabet."""

    pk: int
    name: str
    place: tuple[str, ...]


def entry_of(pk: int, name: str, place: Iterable[str]) -> Entry:
    """Return what is compared of a record."""
    return Entry(pk, " ".join(sorted(fold(name).split())), tuple(_street(fold(part)) for part in place))


def _street(text: str) -> str:
    for long, short in ENDINGS:
        text = text.replace(long, short)
    return text.replace(" ", "")


@dataclass
class Likeness:
    """All records that a new one may be the same as."""

    entries: Sequence[Entry]
    _by_place: dict[tuple[str, ...], list[Entry]] = field(init=False)
    _names: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self._by_place = defaultdict(list)
        for entry in self.entries:
            if all(entry.place) and entry.place:
                self._by_place[entry.place].append(entry)
        self._names = [entry.name for entry in self.entries]

    def same(self, wanted: Entry) -> list[int]:
        """Return the records with the same name and the same place."""
        return [entry.pk for entry in self.entries if (entry.name, entry.place) == (wanted.name, wanted.place)]

    def alike(self, wanted: Entry) -> list[int]:
        """Return the records that may be the same, the most alike first."""
        found: dict[int, float] = {}
        hits: Any = process.extract(wanted.name, self._names, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=50)
        for _name, score, index in hits:
            entry = self.entries[index]
            if score >= ALIKE_ELSEWHERE or not _contradict(wanted.place, entry.place):
                found[entry.pk] = score
        for entry in self._by_place.get(wanted.place, ()) if all(wanted.place) else ():
            score = fuzz.ratio(wanted.name, entry.name)
            if score >= ALIKE_HERE:
                found[entry.pk] = max(score, found.get(entry.pk, 0))
        return sorted(found, key=lambda pk: (-found[pk], pk))[:OFFERED]


def _contradict(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether both say where they are, and differ in it."""
    return any(left and right and left != right for left, right in zip(one, other, strict=True))
