"""Find a place by its name. A postcode is only a hint, an unknown place gets an honest answer.

Names come first because most postcodes here cover several municipalities.
"""

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from directory.models import Locality, Municipality, NeighbourPlace
from directory.text import fold
from directory.versions import derived

MAX_SUGGESTIONS = 8
MAX_CHOICES = 40
EARTH_RADIUS_KM = 6371.0
_NOT_WORD = re.compile(r"[\W_]+")
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_POSTAL_CODE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, slots=True)
class Place:
    """A place inside the county: a municipality, or one locality of it."""

    name: str
    ags: str
    municipality: str
    latitude: float
    longitude: float
    postal_codes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name as shown in a choice, with the municipality where it differs."""
        return self.name if self.name == self.municipality else f"{self.name} – {self.municipality}"


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """What a typed place means: exactly one place, a choice, outside the county, or unknown."""

    query: str
    place: Place | None = None
    choices: tuple[Place, ...] = ()
    outside_name: str = ""
    outside_county: str = ""

    @property
    def is_unknown(self) -> bool:
        """True when something was typed and nothing is known about it."""
        return bool(self.query) and not (self.place or self.choices or self.outside_name)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All places of the county and the known neighbours, by name key and by postcode."""

    by_name: dict[str, tuple[Place, ...]]
    by_postal_code: dict[str, tuple[Place, ...]]
    by_ags: dict[str, Place]
    outside: dict[str, tuple[str, str]]

    @property
    def municipalities(self) -> tuple[Place, ...]:
        """Every municipality by name, for those whose place is missing."""
        return tuple(sorted(self.by_ags.values(), key=lambda place: fold(place.name)))


def place_key(text: str) -> str:
    """Return the text as place names are compared: folded, punctuation as blanks.

    Names such as „Oschersleben (Bode)“ and „oschersleben bode“ come out equal. Idempotent.
    """
    return " ".join(_NOT_WORD.sub(" ", fold(text)).split())


def gazetteer(version: str) -> Gazetteer:
    """Return the place index for this content version (three queries when it is new)."""
    return derived("gazetteer", version, _build)


def find_place(text: str, *, version: str, ags: str = "") -> PlaceAnswer:
    """Say what ``text`` (a name or postcode) means; ``ags`` narrows it to one municipality.

    A postcode alone is always answered with a choice, an unknown name with similar ones.
    """
    query = " ".join(text.split())[:100]
    index = gazetteer(version)
    chosen = index.by_ags.get(ags)
    key = place_key(query)
    if not key:
        return PlaceAnswer(chosen.name, place=chosen) if chosen and not query else PlaceAnswer(query)
    codes, words = _split(key)
    found = _exact(codes, words, index)
    if chosen and words and (inside := tuple(place for place in found if place.ags == ags)):
        return PlaceAnswer(query, place=inside[0] if len(inside) == 1 else chosen)
    if len(found) == 1 and words:
        return PlaceAnswer(query, place=found[0])
    if found:
        return PlaceAnswer(query, choices=found[:MAX_CHOICES])
    similar = _similar(words, index)
    outside = next((hit for part in (key, words, *codes) if (hit := index.outside.get(part))), None)
    if outside:
        return PlaceAnswer(query, choices=similar, outside_name=outside[0], outside_county=outside[1])
    if len(similar) == 1 and _begins(similar[0], words):
        return PlaceAnswer(query, place=similar[0])
    return PlaceAnswer(query, choices=similar)


def named_exactly(text: str, index: Gazetteer) -> tuple[Place, ...]:
    """Return the places in the county that have exactly this name or postcode; likenesses do not count."""
    return _exact(*_split(place_key(text)), index)


def suggest(text: str, *, version: str) -> tuple[Place, ...]:
    """Return up to eight places whose name or postcode begins with what was typed."""
    start = place_key(text[:60])
    if len(start) < 2:
        return ()
    index = gazetteer(version)
    if start.isdigit():
        hits = [place for code, places in index.by_postal_code.items() if code.startswith(start) for place in places]
    else:
        first = [place for key, places in index.by_name.items() if key.startswith(start) for place in places]
        later = [place for key, places in index.by_name.items() if f" {start}" in key for place in places]
        hits = [*first, *later]
    return _unique(hits)[:MAX_SUGGESTIONS]


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance in kilometres between two (latitude, longitude) pairs in degrees."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def _split(key: str) -> tuple[list[str], str]:
    """Take postcodes out of the key: with a name beside it a postcode is only a hint."""
    parts = key.split()
    codes = [part for part in parts if _POSTAL_CODE.fullmatch(part)]
    return codes, " ".join(part for part in parts if part not in codes)


def _exact(codes: list[str], words: str, index: Gazetteer) -> tuple[Place, ...]:
    """Places of exactly this name, those with the postcode if any; without a name all of the postcode."""
    if not words:
        return _unique(place for code in codes for place in index.by_postal_code.get(code, ()))
    named = index.by_name.get(words, ())
    return tuple(place for place in named if set(codes) & set(place.postal_codes)) or named


def _similar(words: str, index: Gazetteer) -> tuple[Place, ...]:
    """Names that begin with the words, contain them, start the words, or are spelled much like them."""
    if len(words) < 2:
        return ()
    if words.isdigit():
        codes = [code for code in index.by_postal_code if len(words) >= 3 and code.startswith(words)]
        return _unique(place for code in codes for place in index.by_postal_code[code])[:MAX_CHOICES]
    wanted = set(words.split())
    keys = (
        [key for key in index.by_name if len(words) >= 3 and key.startswith(words)]
        or [key for key in index.by_name if wanted <= set(key.split())]
        or [key for key in index.by_name if words.startswith(f"{key} ")]
        or difflib.get_close_matches(words, index.by_name, n=MAX_SUGGESTIONS, cutoff=0.75)
    )
    return _unique(place for key in keys for place in index.by_name[key])[:MAX_CHOICES]


def _begins(place: Place, words: str) -> bool:
    """Tell whether the place's own name begins with what was typed; a likeness alone is only a guess."""
    return len(words) >= 3 and any(key.startswith(words) for key in _keys(place.name))


def _unique(places: Iterable[Place]) -> tuple[Place, ...]:
    """Keep the first of equal places, in order."""
    return tuple(dict.fromkeys(places))


def _keys(*names: str) -> set[str]:
    """Every key under which one would look for these names.

    People leave out the dots of an umlaut, and what stands in brackets.
    """
    spellings = [name for full in names for name in (full, _IN_BRACKETS.sub(" ", full))]
    bare = [
        "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)) for name in spellings
    ]
    return {key for name in (*spellings, *bare) if (key := place_key(name))}


def _build() -> Gazetteer:
    """Read the places once. A locality named like its municipality is that municipality."""
    by_name: dict[str, list[Place]] = {}
    by_postal_code: dict[str, list[Place]] = {}
    by_ags: dict[str, Place] = {}
    seats: dict[str, set[str]] = {}
    for row in Municipality.objects.order_by("name"):
        place = Place(row.name, row.ags, row.name, row.latitude, row.longitude, tuple(row.postal_codes.split()))
        by_ags[row.ags] = place
        seats[row.ags] = _keys(row.name, *row.aliases.split(";"))
        _add(by_name, by_postal_code, place, seats[row.ags])
    for place, aliases in _localities(by_ags):
        is_seat = bool(_keys(place.name) & seats[place.ags])
        _add(by_name, by_postal_code, by_ags[place.ags] if is_seat else place, _keys(place.name, *aliases))
    return Gazetteer(
        {key: _unique(places) for key, places in by_name.items()},
        {code: _unique(places) for code, places in by_postal_code.items()},
        by_ags,
        _outside(),
    )


def _localities(by_ags: dict[str, Place]) -> list[tuple[Place, list[str]]]:
    """One place for all postcodes of a locality, with its aliases."""
    rows: dict[tuple[str, str], list[Locality]] = {}
    for row in Locality.objects.order_by("name", "municipality__name", "postal_code"):
        rows.setdefault((row.municipality_id, row.name), []).append(row)
    found = []
    for (ags, name), same in rows.items():
        first = same[0]
        codes = tuple(row.postal_code for row in same)
        place = Place(name, ags, by_ags[ags].name, first.latitude, first.longitude, codes)
        found.append((place, [alias for row in same for alias in row.aliases.split(";")]))
    return found


def _outside() -> dict[str, tuple[str, str]]:
    """Known places beyond the county by name and postcode."""
    outside: dict[str, tuple[str, str]] = {}
    for row in NeighbourPlace.objects.order_by("name"):
        for key in (*_keys(row.name, *row.aliases.split(";")), *row.postal_codes.split()):
            outside.setdefault(key, (row.name, row.county))
    return outside


def _add(
    by_name: dict[str, list[Place]], by_postal_code: dict[str, list[Place]], place: Place, keys: Iterable[str]
) -> None:
    for key in sorted(keys):
        by_name.setdefault(key, []).append(place)
    for code in place.postal_codes:
        by_postal_code.setdefault(code, []).append(place)
