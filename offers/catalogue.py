"""The published offers as bit masks: exact counts beside every filter, in microseconds.

Each offer is one bit; each choice ("Kosten: frei") is an integer with the bits of
its offers. Choosing is ``&``, counting is ``bit_count()``. The masks are built once
per content version and day (nine queries) and hold no texts of offers. Why: ADR 0015.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from directory.models import ContactPoint
from directory.places import Place, distance_km
from directory.statements import CHUNK
from directory.versions import derived
from offers.dates import DAY_FIELDS, SOON_DAYS, next_occurrence
from offers.filters import OfferFilters
from offers.models import Certificate, Deadline, Decider, Offer, OfferKind

# Counselling first: who does not know where to begin should meet a person.
FACTS = (
    "kind", "decides_without_sgb2", "decides_with_sgb2", "age_min", "age_max", "age_state", "certificates",
    "application", "cost", "reach", "is_remote",
)  # fmt: skip
KIND_ORDER = [OfferKind.COUNSELLING, *(kind for kind in OfferKind if kind != OfferKind.COUNSELLING)]

Point = tuple[float, float]


@dataclass(slots=True)
class Catalogue:
    """Masks over the published offers of one day. Bit i belongs to ``ids[i]``."""

    ids: list[int] = field(default_factory=list)
    bit_of: dict[int, int] = field(default_factory=dict)
    newest_first: list[int] = field(default_factory=list)
    everything: int = 0
    kinds: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    deciders: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    ages: dict[tuple[int | None, int | None], int] = field(default_factory=lambda: defaultdict(int))
    certificates: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    situations: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    situation_labels: dict[str, str] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    points: dict[Point, int] = field(default_factory=lambda: defaultdict(int))
    towns: dict[str, int] = field(default_factory=dict)  # by name, in its order
    everywhere: int = 0
    online: int = 0
    at_places: int = 0
    free: int = 0
    no_application: int = 0
    remote: int = 0
    soon: int = 0
    no_age_limit: int = 0
    specific_certificate: int = 0
    unknown: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def choice_mask(self, name: str, filters: OfferFilters, text_mask: int | None) -> int:
        """Offers that pass the one filter called ``name``."""
        if name == "text":
            return self.everything if text_mask is None else text_mask
        if name == "kinds":
            return _union(self.kinds.get(kind, 0) for kind in filters.kinds)
        if name == "age":
            return self.age_mask(filters.age) | self.also_unknown("alter", filters)
        if name == "radius_km":
            return self.near_mask(filters.place, filters.radius_km) | self.also_unknown("ort", filters)
        simple = {
            "decider": lambda: self.deciders.get(filters.decider, 0),
            "certificate": lambda: (
                self.certificates.get(filters.certificate, 0) | self.also_unknown("abschluss", filters)
            ),
            "situation": lambda: self.situations.get(filters.situation, 0),
            "is_free": lambda: self.free | self.also_unknown("kosten", filters),
            "without_application": lambda: self.no_application | self.also_unknown("antrag", filters),
            "is_remote": lambda: self.remote,
            "language": lambda: self.languages.get(filters.language, 0) | self.also_unknown("sprache", filters),
            "starts_soon": lambda: self.soon,
        }
        return simple[name]()

    def select(self, filters: OfferFilters, text_mask: int | None = None, *, leave_out: str = "") -> int:
        """Offers that pass every active filter except ``leave_out``."""
        mask = self.everything
        for name in filters.active():
            if name != leave_out:
                mask &= self.choice_mask(name, filters, text_mask)
        return mask

    def age_mask(self, age: int | None) -> int:
        """Offers whose known limits contain ``age``, and those without an age limit."""
        if age is None:
            return self.everything
        fitting = (
            mask
            for (low, high), mask in self.ages.items()
            if (low is None or low <= age) and (high is None or age <= high)
        )
        return _union(fitting) | self.no_age_limit

    def near_mask(self, place: Place | None, radius_km: int | None) -> int:
        """Offers with a place within the radius, everywhere in the county, or online."""
        if place is None or radius_km is None:
            return self.everything
        here = (place.latitude, place.longitude)
        near = _union(mask for point, mask in self.points.items() if distance_km(here, point) <= radius_km)
        return near | self.everywhere | self.online

    def distances(self, place: Place) -> list[tuple[float, int]]:
        """(kilometres, offers with a place there), nearest first."""
        here = (place.latitude, place.longitude)
        return sorted((distance_km(here, point), mask) for point, mask in self.points.items())

    def ordered(self, mask: int, filters: OfferFilters, start: int = 0) -> Iterator[int]:
        """Ids of the selected offers in the order asked for, from ``start`` on; the order of a text is in ``offers.search``."""
        if filters.sort == "neu":
            chosen = f"{mask:b}"[::-1].ljust(len(self.ids), "0")
            yield from islice((pk for pk in self.newest_first if chosen[self.bit_of[pk]] == "1"), start, None)
            return
        near = filters.place if filters.sort == "nah" else None
        for group in self._by_distance(mask, near) if near else self.by_fit(mask, filters):
            size = group.bit_count()
            if start < size:
                yield from self._ids(without_first(group, start))
            start = max(0, start - size)

    def by_fit(self, mask: int, filters: OfferFilters) -> list[int]:
        """Split the selection by how many choices an offer fits *specifically*, best first."""
        specific = []
        if filters.age is not None:
            specific.append(self.age_mask(filters.age) & ~self.no_age_limit)
        if filters.certificate:
            specific.append(self.certificates.get(filters.certificate, 0) & self.specific_certificate)
        if filters.situation:
            specific.append(self.situations.get(filters.situation, 0))
        if filters.place:
            specific.append(self.near_mask(filters.place, 15) & ~self.everywhere & ~self.online)
        at_least = [mask]
        for wanted in specific:
            at_least.append(0)
            for level in range(len(at_least) - 1, 0, -1):
                at_least[level] |= at_least[level - 1] & wanted
        at_least.append(0)
        return [at_least[level] & ~at_least[level + 1] for level in range(len(at_least) - 2, -1, -1)]

    def _by_distance(self, mask: int, place: Place) -> Iterator[int]:
        """Split the selection by distance, near ones first."""
        for _km, here in self.distances(place):
            yield mask & here
            mask &= ~here
        for rest in (self.everywhere, self.online, self.everything):
            yield mask & rest
            mask &= ~rest

    def _ids(self, mask: int) -> Iterator[int]:
        while mask:
            low = mask & -mask
            yield self.ids[low.bit_length() - 1]
            mask ^= low

    def also_unknown(self, facet: str, filters: OfferFilters) -> int:
        """Offers of which this fact is unknown, if the visitor asked to see them as well."""
        return self.unknown[facet] if facet in filters.include_unknown else 0

    def mask_of(self, ids: Iterable[int]) -> int:
        """Mask of the given offers; those that are not public are left out."""
        return _union(1 << self.bit_of[pk] for pk in ids if pk in self.bit_of)


def catalogue(version: str, *, on: date) -> Catalogue:
    """Return the masks for this content version and day."""
    return derived("catalogue", (version, on), lambda: _build(on))


def without_first(mask: int, number: int) -> int:
    """Return the mask without its lowest ``number`` bits that are set, however many those are."""
    low, high = 0, mask.bit_length()
    while low < high:
        middle = (low + high + 1) // 2
        if (mask & ((1 << middle) - 1)).bit_count() <= number:
            low = middle
        else:
            high = middle - 1
    return mask >> low << low


def _union(masks: Iterable[int]) -> int:
    total = 0
    for mask in masks:
        total |= mask
    return total


def _build(on: date) -> Catalogue:
    """Read the facts of all published offers, without their texts."""
    result = Catalogue()
    rows = Offer.objects.published(on=on).order_by()
    rank = {str(kind.value): index for index, kind in enumerate(KIND_ORDER)}
    titles = rows.values_list("id", "title", "kind").iterator(CHUNK)
    for index, (_rank, _title, pk) in enumerate(sorted((rank[kind], title, pk) for pk, title, kind in titles)):
        result.ids.append(pk)
        result.bit_of[pk] = index
    for pk, *values in rows.values_list("id", *FACTS).iterator(CHUNK):
        if pk in result.bit_of:
            _add_facts(result, 1 << result.bit_of[pk], dict(zip(FACTS, values, strict=True)))
    result.everything = (1 << len(result.ids)) - 1
    result.newest_first = sorted(result.ids, reverse=True)
    _add_relations(result, on)
    _add_places(result, on)
    return result


def _add_facts(result: Catalogue, bit: int, row: dict[str, object]) -> None:
    result.kinds[str(row["kind"])] |= bit
    for decider in {str(row["decides_without_sgb2"]), str(row["decides_with_sgb2"])}:
        result.deciders[decider] |= bit
        if decider == Decider.AGENTUR_REHA:
            result.deciders[Decider.AGENTUR] |= bit
    if row["age_state"] == Offer.AgeState.KNOWN:
        result.ages[row["age_min"], row["age_max"]] |= bit  # type: ignore[index]
    elif row["age_state"] == Offer.AgeState.NONE:
        result.no_age_limit |= bit
    else:
        result.unknown["alter"] |= bit
    certificates = row["certificates"]
    if isinstance(certificates, list) and certificates:
        for value in certificates:
            result.certificates[value] |= bit
        if len(certificates) < len(Certificate):
            result.specific_certificate |= bit
    else:
        result.unknown["abschluss"] |= bit
    if row["cost"] == Offer.Cost.FREE:
        result.free |= bit
    elif row["cost"] == Offer.Cost.UNKNOWN:
        result.unknown["kosten"] |= bit
    if row["application"] == "no":
        result.no_application |= bit
    elif row["application"] == "unknown":
        result.unknown["antrag"] |= bit
    if row["reach"] == Offer.Reach.EVERYWHERE:
        result.everywhere |= bit
    elif row["reach"] == Offer.Reach.ONLINE:
        result.online |= bit
    elif row["reach"] == Offer.Reach.PLACES:
        result.at_places |= bit
    if row["is_remote"] or row["reach"] == Offer.Reach.ONLINE:
        result.remote |= bit


def _add_relations(result: Catalogue, on: date) -> None:
    """Situations, languages and coming dates, one query each."""
    told = Offer.situations.through.objects.values_list("offer_id", "situation__slug", "situation__label")
    for pk, slug, label in told.iterator(CHUNK):
        if pk in result.bit_of:
            result.situations[slug] |= 1 << result.bit_of[pk]
            result.situation_labels[slug] = label
    spoken = 0
    for pk, code in Offer.languages.through.objects.values_list("offer_id", "language_id").iterator(CHUNK):
        if pk in result.bit_of:
            result.languages[code] |= 1 << result.bit_of[pk]
            spoken |= 1 << result.bit_of[pk]
    result.unknown["sprache"] = result.everything & ~spoken
    horizon = on + timedelta(days=SOON_DAYS)
    for deadline in Deadline.objects.values_list("offer_id", *DAY_FIELDS, named=True).iterator(CHUNK):
        day = next_occurrence(deadline, on=on)
        if day and day <= horizon and deadline.offer_id in result.bit_of:
            result.soon |= 1 << result.bit_of[deadline.offer_id]


def _add_places(result: Catalogue, on: date) -> None:
    """Where offers are: public contact points, and municipalities named by the offer.

    Where an offer is not known, its contact point is the place to ask, not the place to go.
    """
    public = {
        pk: (lat, lon)
        for pk, lat, lon in ContactPoint.objects.published(on=on).values_list("id", "latitude", "longitude")
        if lat is not None and lon is not None
    }
    placed = 0
    for pk, point_id in Offer.contact_points.through.objects.values_list("offer_id", "contactpoint_id").iterator(CHUNK):
        if point_id in public:
            placed |= _place(result, pk, public[point_id])
    named = Offer.municipalities.through.objects.values_list(
        "offer_id", "municipality__name", "municipality__latitude", "municipality__longitude"
    )
    towns: defaultdict[str, int] = defaultdict(int)
    for pk, name, lat, lon in named.iterator(CHUNK):
        placed |= _place(result, pk, (lat, lon))
        towns[name] |= 1 << result.bit_of[pk] if pk in result.bit_of else 0
    result.towns = dict(sorted(towns.items()))
    # "At certain places" without one we know is an unknown place, not a near one.
    result.unknown["ort"] = result.everything & ~placed & ~result.everywhere & ~result.online


def _place(result: Catalogue, pk: int, point: Point) -> int:
    """Put the offer on the map if it is at certain places; return its bit, else 0."""
    bit = 1 << result.bit_of[pk] if pk in result.bit_of else 0
    bit &= result.at_places
    if bit:
        result.points[point] |= bit
    return bit
