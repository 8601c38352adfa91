"""Borders come from a file that is checked as a whole, and the map then draws them."""

import io
import json
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command

from directory.boundaries import BoundaryError, read_boundaries, simplify
from directory.models import Municipality
from directory.versions import content_version
from tests.factories.directory import MunicipalityFactory

SQUARE = [[11.2, 52.1], [11.4, 52.1], [11.4, 52.3], [11.2, 52.3], [11.2, 52.1]]


def feature(ags="15083001", ring=None, **geometry):
    shape = {"type": "Polygon", "coordinates": [ring or SQUARE]} | geometry
    return {"type": "Feature", "properties": {"ags": ags}, "geometry": shape}


def collection(*features, **more):
    return {"type": "FeatureCollection", "features": list(features), **more}


@pytest.fixture
def geojson(tmp_path):
    def write(data) -> str:
        path = tmp_path / "grenzen.geojson"
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def town(db) -> Municipality:
    return MunicipalityFactory(ags="15083001", name="Musterstadt")


def run(*args) -> str:
    out = io.StringIO()
    call_command("import_boundaries", *args, stdout=out)
    return out.getvalue()


def test_borders_are_stored_and_drawn(town, geojson, client) -> None:
    before = content_version()
    out = run(geojson(collection(feature())))
    town.refresh_from_db()
    assert town.boundary == [SQUARE]
    assert "Musterstadt (15083001): 1 Flächen, 5 Punkte" in out
    assert "Gespeichert: 1 Gemeinden geändert." in out
    assert content_version() != before
    html = client.get("/anlaufstellen/").content.decode()
    assert 'class="map__borders" d="M103 ' in html


def test_map_without_borders_draws_none(town, client) -> None:
    assert "map__borders" not in client.get("/anlaufstellen/").content.decode()


def test_same_file_again_changes_nothing(town, geojson) -> None:
    path = geojson(collection(feature()))
    run(path)
    version = content_version()
    assert "Gespeichert: 0 Gemeinden geändert." in run(path)
    assert content_version() == version


def test_dry_run_stores_nothing(town, geojson) -> None:
    out = run(geojson(collection(feature())), "--dry-run")
    town.refresh_from_db()
    assert town.boundary is None
    assert "Probelauf" in out


def test_municipality_without_a_border_is_named(town, geojson) -> None:
    MunicipalityFactory(ags="15083002", name="Nebenan")
    assert "Nebenan (15083002): keine Grenze in der Datei" in run(geojson(collection(feature())))


def test_several_areas_of_one_municipality_are_put_together(town) -> None:
    island = [[position[0] + 0.4, position[1]] for position in SQUARE]
    multi = feature(type="MultiPolygon", coordinates=[[SQUARE], [island]])
    assert len(read_boundaries(collection(multi, feature()), known={"15083001"})["15083001"]) == 3


def test_key_may_be_a_number_or_in_capitals(town) -> None:
    data = collection(feature())
    data["features"][0]["properties"] = {"AGS": 15083001}
    assert set(read_boundaries(data, known={"15083001"})) == {"15083001"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "keine GeoJSON-FeatureCollection"),
        ({"type": "Feature"}, "keine GeoJSON-FeatureCollection"),
        (collection(), "enthält keine Grenze"),
        (collection(feature(), crs={"properties": {"name": "EPSG:25832"}}), "WGS 84"),
        (collection(feature(), "x"), "Feature 2: ist kein Feature."),
        (
            collection(feature(), feature(ags="15083999")),
            "Feature 2: Den Gemeindeschlüssel 15083999 gibt es hier nicht.",
        ),
        (collection(feature(ags="")), "Feature 1: Der Gemeindeschlüssel fehlt"),
        (collection(feature(type="Point", coordinates=[1, 2])), "Feature 1: Die Geometrie muss Polygon"),
        (collection(feature(ring=SQUARE[:4])), "Feature 1: Der Ring ist nicht geschlossen"),
        (collection(feature(ring=[[661000, 5780000]] * 5)), "Feature 1: Die Koordinaten sind nicht in Grad"),
        (collection(feature(ring=[["a", 1]] * 5)), "Feature 1: Eine Koordinate ist keine Zahl."),
        (collection(feature(ring=[[1]] * 5)), "Feature 1: Ein Punkt hat keine zwei Koordinaten."),
        (collection(feature(coordinates=None)), "Feature 1: Die Koordinaten fehlen."),
        (collection(feature(coordinates=[])), "Feature 1: Die Koordinaten fehlen."),
        ("{", "Zeile 1: Das ist kein gültiges JSON."),
    ],
)
def test_bad_file_is_refused_with_the_number_of_the_feature(town, geojson, data, message) -> None:
    with pytest.raises(CommandError, match=message.replace("(", r"\(").replace(")", r"\)")):
        run(geojson(data))
    town.refresh_from_db()
    assert town.boundary is None


def test_every_bad_feature_is_named(town) -> None:
    with pytest.raises(BoundaryError) as caught:
        read_boundaries(collection(feature(ags="1"), feature(), feature(ags="2")), known={"15083001"})
    assert [message[:10] for message in caught.value.messages] == ["Feature 1:", "Feature 3:"]


def test_missing_or_strange_file_is_said_in_german(db, tmp_path) -> None:
    with pytest.raises(CommandError, match="lässt sich nicht lesen"):
        run(str(tmp_path / "fehlt.geojson"))
    strange = tmp_path / "latin.geojson"
    strange.write_bytes('{"name": "Börde"}'.encode("latin-1"))
    with pytest.raises(CommandError, match="UTF-8"):
        run(str(strange))


def test_simplifying_drops_points_on_a_line_and_keeps_corners() -> None:
    dense = []
    for start, end in pairwise(SQUARE):
        dense += [
            [start[0] + (end[0] - start[0]) * step / 20, start[1] + (end[1] - start[1]) * step / 20]
            for step in range(20)
        ]
    assert simplify([*dense, SQUARE[0]]) == SQUARE


def test_simplifying_keeps_what_sticks_out() -> None:
    bump = [*SQUARE[:1], [11.3, 52.09], *SQUARE[1:]]
    assert [11.3, 52.09] in simplify(bump)
    assert [11.3, 52.0999] not in simplify([*SQUARE[:1], [11.3, 52.0999], *SQUARE[1:]])
