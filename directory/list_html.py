"""Contact points in the list and on the map as HTML: each prepared once until its door opens or closes."""

from collections.abc import Hashable, Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.urls import reverse

from directory.contact import ContactCard
from directory.map import MapDrawing, Marker
from directory.parts import NOTHING, Html, Part, hole, joined, kept_part
from directory.places import Place
from directory.search import Hit

MARKER_HOLES = ("x", "y", "number", "title", "url", "carried")


def hits_html(
    hits: Iterable[Hit], *, moment: Hashable, place: Place | None, carried: str, keep: str, numbered: bool
) -> Html:
    """Return the hits as list items, numbered as on the map or not.

    ``moment`` is version and end of the moment that the cards' open lines are right for; ``carried`` is the
    query string for the links, ``keep`` what the Merkliste's address needs before the new entry.
    """
    visitor = {"carried": carried, "keep": keep, "elsewhere": place.municipality if place else ""}
    return joined(
        _hit_part(hit, moment, numbered).fill(visitor | {"number": number, "distance": _distance(hit.card)})
        for number, hit in enumerate(hits, start=1)
    )


def map_html(drawing: MapDrawing, *, day: Hashable, carried: str) -> Html:
    """Return the map with its markers; ``day`` is version and day that the drawing was made for."""
    has = {"here": drawing.here is not None, "leaders": bool(drawing.leaders)}

    def cut() -> Part:
        shown = SimpleNamespace(
            width=drawing.width,
            base=drawing.base,
            here=(hole("here_x"), hole("here_y")) if has["here"] else None,
            leaders=hole("leaders") if has["leaders"] else "",
        )
        return Part.of("directory/_map.html", {"map": shown, "markers": hole("markers"), "region": settings.REGION})

    part = kept_part("map-look", day, tuple(has.values()), cut)
    markers = joined(_marker(marker, carried) for marker in drawing.markers)
    x, y = drawing.here or ("", "")
    return part.fill({"markers": markers, "leaders": drawing.leaders, "here_x": x, "here_y": y})


def _marker(marker: Marker, carried: str) -> Html:
    shown = SimpleNamespace(is_open=marker.is_open, **{name: hole(name) for name in MARKER_HOLES})
    context = {"marker": shown, "carried": hole("carried")}
    look = kept_part("map-marker", "", marker.is_open, lambda: Part.of("directory/_map_marker.html", context))
    values: Mapping[str, Any] = {name: getattr(marker, name) for name in ("x", "y", "number", "title", "url")}
    return look.fill({**values, "carried": carried})


def _hit_part(hit: Hit, moment: Hashable, numbered: bool) -> Part:
    card, is_elsewhere = hit.card, hit.serves is False

    def cut() -> Part:
        names = ("carried", "keep", "distance", "number")
        context = {name: hole(name) for name in names} | {"elsewhere": hole("elsewhere") if is_elsewhere else ""}
        if not numbered:
            context["number"] = ""
        return Part.of(
            "directory/_point_hit.html", {**context, "card": card, "bookmarks_url": reverse("offers:bookmarks")}
        )

    return kept_part("point-hits", moment, (card.slug, numbered, is_elsewhere), cut)


def _distance(card: ContactCard) -> Html:
    """How far it is, in whole kilometres as the page says it."""
    if card.km is None:
        return NOTHING
    km = 0 if card.km < 1 else max(1, round(card.km))
    return kept_part("distance", "", km, lambda: Part.of("directory/_point_distance.html", {"km": card.km})).fill({})


def chips_html(chips: Iterable[Mapping[str, str]]) -> Html | None:
    """Return the active filters (label, url) as list items, each with the way to take it away; None without any."""
    context = {name: hole(name) for name in ("label", "remove_url")}
    look = kept_part("chip", "", "", lambda: Part.of("components/chip.html", context))
    items = [f"<li>{look.text({'label': chip['label'], 'remove_url': chip['url']})}</li>" for chip in chips]
    return Html("".join(items)) if items else None
