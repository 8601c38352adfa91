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

    chosen = {name: cat.choice_mask(name, filters, text_mask) for name in filters.active()}

    def rest(left_out: str) -> int:
        mask = cat.everything
        for name, choice in chosen.items():
            if name != left_out:
                mask &= choice
        return mask

    result = {
        "art": _by_value(cat.kinds, rest("kinds")),
        "stelle": _by_value(cat.deciders, rest("decider")),
        "situation": _by_value(cat.situations, rest("situation")),
        # With the offers of unknown fact that the visitor asked to see as well.
        "sprache": _by_value(cat.languages, rest("language"), cat.also_unknown("sprache", filters)),
        "abschluss": _by_value(cat.certificates, rest("certificate"), cat.also_unknown("abschluss", filters)),
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
        facet: (rest(name) & cat.unknown[facet]).bit_count() for facet, name in UNKNOWN_OF.items() if name in chosen
    }
    return result


def ways_out(cat: Catalogue, filters: OfferFilters, text_mask: int | None) -> list[WayOut]:
    """Return the filters whose removal brings results, most results first.

    Where no single one helps, the way out is to drop them all: a name that is empty.
    """
    found = [WayOut(name, cat.select(filters, text_mask, leave_out=name).bit_count()) for name in filters.active()]
    useful = sorted((way for way in found if way.count), key=lambda way: (-way.count, way.name))
    return useful or [WayOut("", cat.everything.bit_count())]


def _by_value(masks: dict[str, int], rest: int, also: int = 0) -> dict[str, int]:
    return {value: (rest & (mask | also)).bit_count() for value, mask in masks.items()}
