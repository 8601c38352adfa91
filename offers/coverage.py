"""Which help reaches which place: offers and contact points by municipality, kind and legal area.

Read from the masks of the catalogue and two more queries, never one a cell. An offer reaches a place when it
holds everywhere, online, or has a place within the radius; "near" counts the last sort only.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from directory.models import ContactPoint, LegalArea
from directory.places import Place, gazetteer
from directory.versions import derived
from offers.catalogue import Catalogue, catalogue
from offers.models import Offer, OfferAgency, OfferKind

RADIUS_KM = 15
PlaceKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reached:
    """How many offers reach a place, and how many of them are near."""

    total: int
    near: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole matrix. ``offers`` by (AGS, kind, legal area), ``points`` by (AGS, legal area)."""

    places: tuple[PlaceKey, ...]
    offers: dict[tuple[str, str, str], Reached]
    points: dict[tuple[str, str], int]
    num_without_place: int

    def cell(self, ags: str, kind: str, area: str = "") -> Reached:
        """Return one cell; without an area an offer counts once, however many areas it has."""
        return self.offers.get((ags, kind, area), Reached(0, 0))


def coverage(version: str, *, on: date) -> Coverage:
    """Return the matrix for this content version and day; counted once for both."""
    return derived("coverage", (version, on), lambda: _build(version, on))


def _build(version: str, on: date) -> Coverage:
    masks = catalogue(version, on=on)
    places = gazetteer(version).municipalities
    areas = {"": masks.everything, **_areas(masks)}
    found: dict[tuple[str, str, str], Reached] = {}
    for place in places:
        total = masks.near_mask(place, RADIUS_KM)
        near = total & ~masks.everywhere & ~masks.online
        for kind in OfferKind.values:
            of_kind = masks.kinds.get(kind, 0)
            for area, mask in areas.items():
                both = of_kind & mask
                found[place.ags, kind, area] = Reached((both & total).bit_count(), (both & near).bit_count())
    keys = tuple((place.ags, place.name) for place in places)
    return Coverage(keys, found, _points(places, on), masks.unknown.get("ort", 0).bit_count())


def _areas(masks: Catalogue) -> dict[str, int]:
    """Return legal area → offers: by their legal bases, and without one by who provides them. Two queries."""
    by_area: dict[str, int] = defaultdict(int)
    has_basis = 0
    for pk, area in Offer.legal_bases.through.objects.values_list("offer_id", "legalbasis__legal_area"):
        if pk in masks.bit_of:
            by_area[area] |= 1 << masks.bit_of[pk]
            has_basis |= 1 << masks.bit_of[pk]
    providers = OfferAgency.objects.filter(role=OfferAgency.Role.PROVIDER)
    for pk, area in providers.values_list("offer_id", "agency__legal_area"):
        bit = 1 << masks.bit_of[pk] if pk in masks.bit_of else 0
        by_area[area] |= bit & ~has_basis
    known = 0
    for mask in by_area.values():
        known |= mask
    by_area[LegalArea.OTHER] |= masks.everything & ~known
    return by_area


def _points(places: tuple[Place, ...], on: date) -> dict[tuple[str, str], int]:
    """Return (AGS, legal area) → contact points that answer for the place or stand in it. Two queries."""
    rows = ContactPoint.objects.published(on=on)
    reached: dict[int, set[str]] = {}
    area_of: dict[int, str] = {}
    every = {place.ags for place in places}
    for pk, whole, ags, area in rows.values_list("pk", "serves_whole_county", "municipality_id", "owner__legal_area"):
        reached[pk] = set(every) if whole else {ags} & every
        area_of[pk] = area
    for pk, ags in ContactPoint.service_area.through.objects.values_list("contactpoint_id", "municipality_id"):
        if pk in reached:
            reached[pk].add(ags)
    found: dict[tuple[str, str], int] = defaultdict(int)
    for pk, there in reached.items():
        for ags in there:
            found[ags, ""] += 1
            found[ags, area_of[pk]] += 1
    return found
