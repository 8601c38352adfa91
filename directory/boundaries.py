"""Borders of municipalities from a GeoJSON file: checked, simplified, stored.

GeoJSON (RFC 7946) is in degrees, longitude first. Rings are simplified with the
Douglas-Peucker rule; what is left is fine enough for the county's own small map.
"""

import math
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from directory.actions import raise_content_version
from directory.models import Municipality

TOLERANCE = 0.002
"""Degrees of latitude; about 200 m, one unit of the drawing."""
AGS_NAMES = ("ags", "AGS", "Ags")
PLAIN_CRS = ("CRS84", "EPSG::4326", "EPSG:4326")

Ring = list[list[float]]


class BoundaryError(ValueError):
    """The file cannot be used; ``messages`` says why, feature by feature."""

    def __init__(self, messages: list[str]) -> None:
        self.messages = messages
        super().__init__("\n".join(messages))


def read_boundaries(data: Any, *, known: Collection[str]) -> dict[str, list[Ring]]:
    """Return the simplified outer rings by AGS. Raises ``BoundaryError`` with every problem found.

    ``known`` are the keys of the municipalities that exist. Several features of one
    municipality are put together; holes are left out.
    """
    if (
        not isinstance(data, dict)
        or data.get("type") != "FeatureCollection"
        or not isinstance(data.get("features"), list)
    ):
        raise BoundaryError([_("Das ist keine GeoJSON-FeatureCollection.")])
    crs = data.get("crs")
    if crs is not None and not any(name in str(crs) for name in PLAIN_CRS):
        raise BoundaryError([_("Das Koordinatensystem muss WGS 84 in Grad sein (EPSG:4326).")])
    found: dict[str, list[Ring]] = defaultdict(list)
    problems = []
    for number, feature in enumerate(data["features"], start=1):
        try:
            ags = _ags_of(feature, known)
            found[ags] += _rings_of(feature.get("geometry"))
        except ValueError as problem:
            problems.append(_("Feature %(number)d: %(problem)s") % {"number": number, "problem": problem})
    if not found and not problems:
        problems.append(_("Die Datei enthält keine Grenze."))
    if problems:
        raise BoundaryError(problems)
    return dict(found)


@transaction.atomic
def store_boundaries(boundaries: dict[str, list[Ring]]) -> int:
    """Store the borders and return how many changed. Other municipalities keep theirs."""
    changed = []
    for municipality in Municipality.objects.filter(ags__in=boundaries):
        if municipality.boundary != boundaries[municipality.ags]:
            municipality.boundary = boundaries[municipality.ags]
            changed.append(municipality)
    Municipality.objects.bulk_update(changed, ["boundary"])
    if changed:
        raise_content_version()
    return len(changed)


def simplify(ring: Ring, tolerance: float = TOLERANCE) -> Ring:
    """Return the closed ring with fewer points, none of the dropped ones off by more than ``tolerance``."""
    # A closed ring has no ends: cut it at its point farthest from the start.
    far = max(range(len(ring)), key=lambda index: _distance(ring[index], ring[0], ring[0]))
    return [*_thin(ring[: far + 1], tolerance)[:-1], *_thin(ring[far:], tolerance)]


def _ags_of(feature: Any, known: Collection[str]) -> str:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise ValueError(_("ist kein Feature."))
    properties = feature.get("properties") or {}
    value = next((properties[name] for name in AGS_NAMES if properties.get(name)), None)
    if value is None:
        raise ValueError(_("Der Gemeindeschlüssel fehlt (Eigenschaft „ags“)."))
    ags = str(value).strip().zfill(8)
    if ags not in known:
        raise ValueError(_("Den Gemeindeschlüssel %(ags)s gibt es hier nicht.") % {"ags": ags})
    return ags


def _rings_of(geometry: Any) -> list[Ring]:
    """The outer ring of every polygon."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(_("Die Geometrie muss Polygon oder MultiPolygon sein."))
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise ValueError(_("Die Koordinaten fehlen."))
    return [_checked_ring(polygon) for polygon in polygons]


def _checked_ring(polygon: Any) -> Ring:
    if not isinstance(polygon, list) or not polygon or not isinstance(polygon[0], list):
        raise ValueError(_("Die Koordinaten fehlen."))
    ring = [_checked_position(position) for position in polygon[0]]
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise ValueError(_("Der Ring ist nicht geschlossen oder hat weniger als vier Punkte."))
    return [[round(longitude, 4), round(latitude, 4)] for longitude, latitude in simplify(ring)]


def _checked_position(position: Any) -> list[float]:
    if not isinstance(position, list) or len(position) < 2:
        raise ValueError(_("Ein Punkt hat keine zwei Koordinaten."))
    longitude, latitude = position[:2]
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in (longitude, latitude)):
        raise ValueError(_("Eine Koordinate ist keine Zahl."))
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError(_("Die Koordinaten sind nicht in Grad (WGS 84)."))
    return [float(longitude), float(latitude)]


def _thin(line: Ring, tolerance: float) -> Ring:
    """Douglas-Peucker without recursion, so that long lines cannot exhaust the stack."""
    keep = {0, len(line) - 1}
    parts = [(0, len(line) - 1)]
    while parts:
        first, last = parts.pop()
        inner = range(first + 1, last)
        far = max(inner, key=lambda index: _distance(line[index], line[first], line[last]), default=None)
        if far is not None and _distance(line[far], line[first], line[last]) > tolerance:
            keep.add(far)
            parts += [(first, far), (far, last)]
    return [line[index] for index in sorted(keep)]


def _distance(point: list[float], start: list[float], end: list[float]) -> float:
    """Distance of a point from a segment in degrees of latitude."""
    shrink = math.cos(math.radians(start[1]))
    px, py = (point[0] - start[0]) * shrink, point[1] - start[1]
    ex, ey = (end[0] - start[0]) * shrink, end[1] - start[1]
    length = ex * ex + ey * ey
    along = min(max((px * ex + py * ey) / length, 0.0), 1.0) if length else 0.0
    return math.hypot(px - along * ex, py - along * ey)
