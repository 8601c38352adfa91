"""True counts beside every choice, and what to drop when nothing is left."""

from dataclasses import dataclass, replace

from offers.catalogue import Catalogue
from offers.filters import OfferFilters

# Public parameter → name in OfferFilters.
FLAGS = {"kosten": "is_free", "ohne_antrag": "without_application", "online": "is_remote", "bald": "starts_soon"}
UNKNOWN_OF = {
    "alter": "age",
    "abschluss": "certificate",
    "ort": "radius_km",
    "kosten": "is_free",
    "antrag": "without_application",
    "sprache": "language",
}


@dataclass(frozen=True, slots=True)
class WayOut:
    """A filter that could be dropped, and how many offers that would bring."""

    name: str
    count: int


def counts(
    cat: Catalogue, filters: OfferFilters, text_mask: int | None, radii: tuple[int, ...]
) -> dict[str, dict[str, int]]:
    """Return for each parameter how many offers each choice would show, all other filters kept."""

    def rest(name: str) -> int:
        return cat.select(filters, text_mask, leave_out=name)

    result = {
        "art": _by_value(cat.kinds, rest("kinds")),
        "stelle": _by_value(cat.deciders, rest("decider")),
        "situation": _by_value(cat.situations, rest("situation")),
        "sprache": _with_choice(cat, filters, "language", cat.languages, text_mask),
        "abschluss": _with_choice(cat, filters, "certificate", cat.certificates, text_mask),
    }
    if filters.place:
        without = rest("radius_km")
        result["umkreis"] = {
            str(km): (without & cat.choice_mask("radius_km", replace(filters, radius_km=km), text_mask)).bit_count()
            for km in radii
        }
    for parameter, name in FLAGS.items():
        wanted = cat.choice_mask(name, filters, text_mask)
        result[parameter] = {"1": (rest(name) & wanted).bit_count()}
    result["offen"] = {
        facet: (rest(name) & cat.unknown[facet]).bit_count()
        for facet, name in UNKNOWN_OF.items()
        if name in filters.active()
    }
    return result


def ways_out(cat: Catalogue, filters: OfferFilters, text_mask: int | None) -> list[WayOut]:
    """Return the filters whose removal brings results, most results first.

    Where no single one helps, the way out is to drop them all: a name that is empty.
    """
    found = [WayOut(name, cat.select(filters, text_mask, leave_out=name).bit_count()) for name in filters.active()]
    useful = sorted((way for way in found if way.count), key=lambda way: (-way.count, way.name))
    return useful or [WayOut("", cat.everything.bit_count())]


def _by_value(masks: dict[str, int], rest: int) -> dict[str, int]:
    return {value: (rest & mask).bit_count() for value, mask in masks.items()}


def _with_choice(
    cat: Catalogue, filters: OfferFilters, name: str, masks: dict[str, int], text_mask: int | None
) -> dict[str, int]:
    """As ``_by_value``, with the offers of unknown fact that the visitor asked to see as well."""
    rest = cat.select(filters, text_mask, leave_out=name)
    return {
        value: (rest & cat.choice_mask(name, replace(filters, **{name: value}), text_mask)).bit_count()  # type: ignore[arg-type]
        for value in masks
    }
