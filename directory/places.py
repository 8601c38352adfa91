"""Find a place by its name. A postcode is only a hint, an unknown place gets an honest answer.

Names come first because most postcodes here cover several municipalities.
"""

import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from directory.models import Locality, Municipality, NeighbourPlace
from directory.text import fold
from directory.versions import derived

MAX_SUGGESTIONS = 8
EARTH_RADIUS_KM = 6371.0


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
    """All places of the county and the known neighbours, by folded name and by postcode."""

    places: tuple[Place, ...]
    by_name: dict[str, tuple[Place, ...]]
    by_postal_code: dict[str, tuple[Place, ...]]
    by_ags: dict[str, Place]
    outside: dict[str, tuple[str, str]]


def gazetteer(version: str) -> Gazetteer:
    """Return the place index for this content version (three queries when it is new)."""
    return derived("gazetteer", version, _build)


def find_place(text: str, *, version: str, ags: str = "") -> PlaceAnswer:
    """Say what ``text`` (a name or postcode) means; ``ags`` narrows it to one municipality."""
    query = " ".join(text.split())[:100]
    index = gazetteer(version)
    if ags and not query:
        place = index.by_ags.get(ags)
        return PlaceAnswer(place.name, place=place) if place else PlaceAnswer("")
    if not query:
        return PlaceAnswer("")
    found = _matches(fold(query), index)
    if ags:
        found = tuple(place for place in found if place.ags == ags) or found
    if len(found) == 1 and not query.isdigit():
        return PlaceAnswer(query, place=found[0])
    if found:
        return PlaceAnswer(query, choices=found)
    name, county = index.outside.get(fold(query), ("", ""))
    if name:
        return PlaceAnswer(query, outside_name=name, outside_county=county)
    close = difflib.get_close_matches(fold(query), index.by_name, n=MAX_SUGGESTIONS, cutoff=0.75)
    return PlaceAnswer(query, choices=_unique(place for key in close for place in index.by_name[key]))


def suggest(text: str, *, version: str) -> tuple[Place, ...]:
    """Return up to eight places whose name or postcode begins with what was typed."""
    start = fold(text)[:60]
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


def _matches(query: str, index: Gazetteer) -> tuple[Place, ...]:
    """Exact name, then postcode, then names that begin with the query or contain its words."""
    if query.isdigit():
        return index.by_postal_code.get(query, ())
    if exact := index.by_name.get(query):
        return exact
    prefix = [place for key, places in index.by_name.items() if key.startswith(query) for place in places]
    if len(query) >= 3 and prefix:
        return _unique(prefix)
    words = query.split()
    hits = [
        place for key, places in index.by_name.items() if all(word in key.split() for word in words) for place in places
    ]
    return _unique(hits)


def _unique(places: Iterable[Place]) -> tuple[Place, ...]:
    """Keep the first of equal places, in order."""
    return tuple(dict.fromkeys(places))


def _build() -> Gazetteer:
    """Read the places once."""
    municipalities = {row.ags: row for row in Municipality.objects.all()}
    by_name: dict[str, list[Place]] = {}
    by_postal_code: dict[str, list[Place]] = {}
    by_ags: dict[str, Place] = {}
    add = partial(_add, by_name, by_postal_code)
    codes: dict[tuple[str, str], set[str]] = {}
    localities: dict[tuple[str, str], Locality] = {}
    for locality in Locality.objects.order_by("name", "postal_code"):
        key = (locality.municipality_id, locality.name)
        localities.setdefault(key, locality)
        codes.setdefault(key, set()).add(locality.postal_code)
    for municipality in municipalities.values():
        place = Place(
            municipality.name,
            municipality.ags,
            municipality.name,
            municipality.latitude,
            municipality.longitude,
            tuple(municipality.postal_codes.split()),
        )
        by_ags[municipality.ags] = place
        add(place, municipality.aliases)
    for (ags, name), locality in localities.items():
        if name == municipalities[ags].name:
            continue
        owner = municipalities[ags]
        place = Place(name, ags, owner.name, locality.latitude, locality.longitude, tuple(sorted(codes[ags, name])))
        add(place, locality.aliases)
    outside: dict[str, tuple[str, str]] = {}
    for neighbour in NeighbourPlace.objects.all():
        for name in (neighbour.name, *neighbour.aliases.split(";"), *neighbour.postal_codes.split()):
            if name.strip():
                outside.setdefault(fold(name), (neighbour.name, neighbour.county))
    frozen_names = {key: tuple(dict.fromkeys(value)) for key, value in by_name.items()}
    frozen_codes = {key: tuple(dict.fromkeys(value)) for key, value in by_postal_code.items()}
    everything = tuple(dict.fromkeys(place for places in frozen_names.values() for place in places))
    return Gazetteer(everything, frozen_names, frozen_codes, by_ags, outside)


def _add(by_name: dict[str, list[Place]], by_postal_code: dict[str, list[Place]], place: Place, aliases: str) -> None:
    for name in (place.name, *aliases.split(";")):
        if name.strip():
            by_name.setdefault(fold(name), []).append(place)
    for code in place.postal_codes:
        by_postal_code.setdefault(code, []).append(place)
