"""The list and the map of contact points for one selection, prepared for everybody until a door opens or closes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from directory.contact import public_points
from directory.hours import calendar_around
from directory.list_html import hits_html, map_html
from directory.map import base_map, draw_map
from directory.moments import moment_end
from directory.parts import Html, Part, Shelf, hole, shelf
from directory.search import PointFilters, cards_now, find_points

# Beside the HTML: what the selection and its counts take.
LIST_BYTES = 2000
CARRIED, KEEP = "carried", "keep"


@dataclass(frozen=True, slots=True)
class PreparedList:
    """Hits and map without their visitor; ``without`` says how many would fit without each filter."""

    total: int
    without: Mapping[str, int]
    hits: Part | None
    maybe: Part | None
    map: Part

    def html(self, *, carried: str, keep: str) -> dict[str, Html | None]:
        """Return the blocks for one visitor: what goes along in links, and what stands before a new entry."""
        values = {CARRIED: carried, KEEP: keep}
        parts = {"hits": self.hits, "maybe": self.maybe, "map": self.map}
        return {name: part.fill(values) if part else None for name, part in parts.items()}


def point_list(filters: PointFilters, *, at: datetime, version: str) -> PreparedList:
    """Return what a selection finds now; no query but for new content."""
    moment = (version, moment_end(at=at, version=version))
    place: Shelf[PreparedList] = shelf("point-lists", moment)
    found = place.get(filters)
    if found is None:
        found = _prepare(filters, at=at, moment=moment)
        sizes = [part.size for part in (found.hits, found.maybe, found.map) if part]
        place.put(filters, found, size=sum(sizes) + LIST_BYTES)
    return found


def _prepare(filters: PointFilters, *, at: datetime, moment: tuple[str, datetime]) -> PreparedList:
    version, _end = moment
    public = public_points(at.date(), version=version)
    calendar = calendar_around(at, version=version)
    found = find_points(filters, public, cards_now(public, at=at, calendar=calendar, moment=moment))
    drawing = draw_map(base_map(public, version=version, on=at.date()), [hit.card for hit in found.hits], filters.place)
    blocks = [
        hits_html(hits, moment=moment, place=filters.place, carried=hole(CARRIED), keep=hole(KEEP), numbered=numbered)
        if hits
        else None
        for hits, numbered in ((found.hits, True), (found.maybe, False))
    ]
    hits, maybe = (Part(block.__html__()) if block else None for block in blocks)
    drawn = Part(map_html(drawing, day=(version, at.date()), carried=hole(CARRIED)).__html__())
    return PreparedList(found.total, found.without, hits, maybe, drawn)
