"""The drawing: nothing covers anything, every name stands, links carry the numbers of the list."""

import math
from datetime import date, datetime

import pytest

from directory.contact import contact_card, public_points
from directory.hours import calendar_around
from directory.map import RADIUS, TEXT, WIDTH, base_map, draw_map, project
from directory.models import Municipality
from directory.opening import BERLIN
from directory.places import Place
from directory.versions import content_version
from tests.factories.directory import ContactPointFactory, MunicipalityFactory

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, tzinfo=BERLIN)


def base():
    version = content_version()
    return base_map(public_points(TODAY, version=version), version=version, on=TODAY)


def drawing(place=None):
    version = content_version()
    points = public_points(TODAY, version=version).points
    cards = [contact_card(point, at=NOW, calendar=calendar_around(NOW, version=version)) for point in points]
    return draw_map(base(), cards, place)


def test_every_municipality_of_the_county_is_named_and_on_the_sheet(region) -> None:
    drawn = base()
    names = {name.split(" (")[0] for name in Municipality.objects.values_list("name", flat=True)}
    assert {label.name for label in drawn.labels} == names
    assert drawn.dots.count("M") == len(names)
    assert all(0 <= label.x <= WIDTH and TEXT - 2 <= label.y <= drawn.height for label in drawn.labels)


def test_no_marker_covers_another(region) -> None:
    shown = [spot for _true, spot in base().spots.values()]
    nearest = min(math.dist(one, other) for index, one in enumerate(shown) for other in shown[:index])
    assert nearest >= 2 * RADIUS - 0.5
    assert len(shown) > 10


def test_markers_at_one_address_part_within_the_sheet(db) -> None:
    for _ in range(20):
        ContactPointFactory(full=True)
    shown = [spot for _true, spot in base().spots.values()]
    assert len(shown) == 20
    assert min(math.dist(one, other) for index, one in enumerate(shown) for other in shown[:index]) > 2 * RADIUS - 1
    assert all(RADIUS <= x <= WIDTH - RADIUS for x, _y in shown)


def test_marker_far_from_its_place_gets_a_line(db) -> None:
    for _ in range(5):
        ContactPointFactory(full=True)
    assert drawing().leaders.startswith("M")


def test_numbers_are_those_of_the_list(db) -> None:
    ContactPointFactory(full=True, name="Erste", slug="erste")
    ContactPointFactory(name="Ohne Ort")
    ContactPointFactory(full=True, name="Zweite", slug="zweite")
    markers = drawing().markers
    assert [(marker.number, marker.title, marker.url) for marker in markers] == [
        (1, "1: Erste", "/anlaufstellen/erste/"),
        (3, "3: Zweite", "/anlaufstellen/zweite/"),
    ]


def test_open_points_are_marked(db) -> None:
    ContactPointFactory(full=True)
    assert [marker.is_open for marker in drawing().markers] == [True]


@pytest.mark.parametrize("hidden", [{"verified": False}, {"latitude": 48.1, "longitude": 11.5}, {"status": "draft"}])
def test_point_without_a_place_to_show_is_not_drawn(db, hidden) -> None:
    ContactPointFactory(full=True, **hidden)
    assert drawing().markers == ()


def test_chosen_place_is_marked_on_the_sheet_only(db) -> None:
    inside, outside = Place("A", "1", "A", 52.2, 11.4), Place("B", "2", "B", 48.0, 11.4)
    assert drawing(inside).here == tuple(map(round, project(52.2, 11.4)))
    assert drawing(outside).here is None


def test_projection_is_true_to_scale() -> None:
    """One degree of latitude is as long on the sheet as on the ground, compared with longitude."""
    x0, y0 = project(52.2, 11.3)
    x1, y1 = project(52.3, 11.4)
    assert (x1 - x0) / (y0 - y1) == pytest.approx(math.cos(math.radians(52.2)), rel=0.01)


def test_base_is_drawn_once_per_content(db, django_assert_num_queries) -> None:
    MunicipalityFactory()
    version = content_version()
    public = public_points(TODAY, version=version)
    with django_assert_num_queries(1):
        base_map(public, version=version, on=TODAY)
        base_map(public, version=version, on=TODAY)
