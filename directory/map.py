"""The map of the county, drawn on the server as SVG: no tiles, no third party.

Everything that does not depend on the visitor (labels, places of markers) is worked
out once per content version and day; a request only numbers its own markers.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.conf import settings

from directory.contact import ContactCard, PublicPoints
from directory.hours import facts_shown
from directory.models import Municipality
from directory.places import Place
from directory.versions import derived

WIDTH = 340
"""Width in drawing units; at 360 px a unit is about one pixel, so text of 11 units stays readable."""
MARGIN = 10
RADIUS = 12.5
"""Markers are 24 px wide on the smallest phone, the least that WCAG 2.2 allows."""
TEXT = 11
LETTER = 0.56
GAPS = (4, 7, 11, 16, 22, 30, 40, 50, 60)
"""Distances from the dot at which a name may stand, the near ones first."""
LABEL_TRIES = 12
MAX_MARKERS = 60

Spot = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a municipality; ``anchor`` is the SVG text anchor."""

    x: int
    y: int
    anchor: str
    name: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A contact point: a numbered link."""

    x: int
    y: int
    number: int
    url: str
    title: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class BaseMap:
    """What is the same for every visitor. Paths are SVG path data."""

    height: int
    borders: str
    dots: str
    labels: tuple[Label, ...]
    lines: str
    spots: dict[str, tuple[Spot, Spot]]


@dataclass(frozen=True, slots=True)
class MapDrawing:
    """The map of one request."""

    base: BaseMap
    markers: tuple[Marker, ...]
    leaders: str
    here: tuple[int, int] | None
    width: int = WIDTH


def base_map(public: PublicPoints, *, version: str, on: date) -> BaseMap:
    """Return the base for all public points (one query when the content is new)."""
    key = (version, on, settings.SHOW_EXAMPLE_DATA)
    return derived("map", key, lambda: _draw_base(public))


def draw_map(base: BaseMap, cards: Sequence[ContactCard], place: Place | None) -> MapDrawing:
    """Number the cards' markers in the order of the list; points off the map get none."""
    markers: list[Marker] = []
    leaders = []
    for number, card in enumerate(cards, start=1):
        if card.slug not in base.spots or len(markers) == MAX_MARKERS:
            continue
        true, shown = base.spots[card.slug]
        x, y = round(shown[0]), round(shown[1])
        markers.append(Marker(x, y, number, card.url, f"{number}: {card.name}", card.open_line.is_open))
        if math.dist(true, shown) > 3:
            leaders.append(f"M{round(true[0])} {round(true[1])}L{x} {y}")
    # Drawn from the last to the first: where markers touch, the nearest one lies on top.
    here = project(place.latitude, place.longitude) if place else None
    return MapDrawing(
        base,
        tuple(markers),
        "".join(leaders),
        (round(here[0]), round(here[1])) if here and _inside(here, base.height) else None,
    )


def project(latitude: float, longitude: float) -> Spot:
    """Return drawing units for degrees: flat, true to scale at the county's middle latitude."""
    box = settings.REGION["map"]
    scale = (WIDTH - 2 * MARGIN) / (box["east"] - box["west"])
    stretch = 1 / math.cos(math.radians((box["north"] + box["south"]) / 2))
    return (MARGIN + (longitude - box["west"]) * scale, MARGIN + (box["north"] - latitude) * scale * stretch)


def _draw_base(public: PublicPoints) -> BaseMap:
    height = math.ceil(project(settings.REGION["map"]["south"], settings.REGION["map"]["west"])[1]) + MARGIN
    towns = list(Municipality.objects.order_by("name"))
    true = {
        point.slug: spot
        for point in public.points
        if point.latitude is not None
        and point.longitude is not None
        and facts_shown(point)
        and _inside(spot := project(point.latitude, point.longitude), height)
    }
    shown = dict(zip(true, _spread(list(true.values()), height), strict=True))
    names = [(_short(town.name), project(town.latitude, town.longitude)) for town in towns]
    names = [(name, spot) for name, spot in names if _inside(spot, height)]
    labels, lines = _labels(names, list(shown.values()), height)
    borders = "".join(_ring(ring) for town in towns for ring in (town.boundary or ()))
    return BaseMap(
        height=height,
        borders=borders,
        dots="".join(f"M{round(x)} {round(y)}h0" for _name, (x, y) in names),
        labels=labels,
        lines=lines,
        spots={slug: (true[slug], shown[slug]) for slug in true},
    )


def _inside(spot: Spot, height: int) -> bool:
    return 0 <= spot[0] <= WIDTH and 0 <= spot[1] <= height


def _short(name: str) -> str:
    """Leave out what stands in brackets: room is short."""
    return name.split(" (")[0]


def _spread(spots: list[Spot], height: int) -> list[Spot]:
    """Push markers apart until none covers another, always in the same way."""
    # Neighbours in one street would part along a line; a tiny spiral lets them part in all directions.
    placed = [(x + 3 * math.cos(2.4 * index), y + 3 * math.sin(2.4 * index)) for index, (x, y) in enumerate(spots)]
    for _round in range(300):
        moved = False
        for one in range(len(placed)):
            for other in range(one):
                moved = _push(placed, one, other, height) or moved
        if not moved:
            break
    return placed


def _push(placed: list[Spot], one: int, other: int, height: int) -> bool:
    (ax, ay), (bx, by) = placed[one], placed[other]
    distance = math.hypot(ax - bx, ay - by)
    if distance >= 2 * RADIUS:
        return False
    angle = math.atan2(ay - by, ax - bx) if distance > 0.01 else 2.4 * one
    step = (2 * RADIUS - distance) / 2 + 0.1
    dx, dy = math.cos(angle) * step, math.sin(angle) * step
    placed[one] = _clamp(ax + dx, ay + dy, height)
    placed[other] = _clamp(bx - dx, by - dy, height)
    return True


def _clamp(x: float, y: float, height: int) -> Spot:
    return (min(max(x, RADIUS), WIDTH - RADIUS), min(max(y, RADIUS), height - RADIUS))


def _labels(names: list[tuple[str, Spot]], markers: list[Spot], height: int) -> tuple[tuple[Label, ...], str]:
    """Place the names, and lines to the far ones; whoever found no room comes first in the next try."""
    best: tuple[tuple[Label, ...], str] = ((), "")
    order = sorted(names, key=lambda name: (-len(name[0]), name[0]))
    for _try in range(LABEL_TRIES):
        labels, lines = _place_all(order, markers, height)
        if len(labels) > len(best[0]):
            best = (tuple(labels.values()), "".join(lines))
        if len(labels) == len(order):
            break
        order.sort(key=lambda name: name[0] in labels)
    return best


def _place_all(names: list[tuple[str, Spot]], markers: list[Spot], height: int) -> tuple[dict[str, Label], list[str]]:
    """Give each name the first free place: no marker, dot or other name below it."""
    signs: list[Box] = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in markers]
    dots: list[Box] = [(x - 2, y - 2, x + 2, y + 2) for _name, (x, y) in names]
    texts: list[Box] = []
    labels, lines = {}, []
    for name, spot in names:
        for label, box, end in _places_for(name, spot):
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= height
            if not inside or any(_overlap(box, other) for other in (*signs, *dots, *texts)):
                continue
            if end and _crosses(spot, end, texts):
                continue
            labels[name] = label
            texts.append(box)
            if end:
                lines.append(f"M{round(spot[0])} {round(spot[1])}L{round(end[0])} {round(end[1])}")
            break
    return labels, lines


def _crosses(start: Spot, end: Spot, boxes: list[Box]) -> bool:
    """Tell whether a straight line runs through one of the boxes (looked at in twelve points)."""
    steps = [index / 12 for index in range(13)]
    spots = [(start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])) for part in steps]
    return any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in spots for box in boxes)


def _places_for(name: str, spot: Spot) -> Iterable[tuple[Label, Box, Spot | None]]:
    """Candidate places around the dot, near ones first: label, the box it takes, where its line ends."""
    width = len(name) * TEXT * LETTER
    for gap in GAPS:
        for turn in range(16 if gap > GAPS[0] else 8):
            angle = math.tau * turn / (16 if gap > GAPS[0] else 8)
            x, y = spot[0] + gap * math.cos(angle), spot[1] + gap * math.sin(angle)
            side = math.cos(angle)
            anchor = "middle" if abs(side) < 0.3 else "start" if side > 0 else "end"
            left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
            # The line of text hangs below, above or beside the end of the line.
            down = y + 4 + 4 * math.sin(angle)
            box = (left, down - TEXT + 2, left + width, down + 2)
            yield Label(round(x), round(down), anchor, name), box, (x, y) if gap > 10 else None


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _ring(ring: Sequence[Sequence[float]]) -> str:
    """A closed ring of [longitude, latitude] as path data in whole, relative units."""
    spots = [project(latitude, longitude) for longitude, latitude in ring]
    points = [(round(x), round(y)) for x, y in spots]
    points = [spot for index, spot in enumerate(points) if index == 0 or spot != points[index - 1]]
    if len(points) < 4:
        return ""
    steps = "".join(f"{x - before[0]} {y - before[1]} " for before, (x, y) in pairwise(points[:-1]))
    return f"M{points[0][0]} {points[0][1]}l{steps.strip()}z"
