"""A typed place leads somewhere sensible, or to an honest answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.places import PlaceAnswer, distance_km, find_place, gazetteer, place_key, suggest
from directory.versions import content_version
from tests.factories.directory import LocalityFactory, MunicipalityFactory, NeighbourPlaceFactory


@pytest.fixture
def places(db) -> None:
    """A small county: two towns, two villages of one name, one postcode over two municipalities."""
    town = MunicipalityFactory(
        ags="15083415", name="Oschersleben (Bode)", postal_codes="39387 39398", aliases="Stadt Oschersleben"
    )
    LocalityFactory(municipality=town, name="Oschersleben", postal_code="39387")
    LocalityFactory(municipality=town, name="Seehausen", postal_code="39398", latitude=52.05)
    other = MunicipalityFactory(ags="15083245", name="Gröningen", postal_codes="39397")
    LocalityFactory(municipality=other, name="Seehausen", postal_code="39397")
    MunicipalityFactory(ags="15083298", name="Hohe Börde", postal_codes="39326 39167")
    MunicipalityFactory(ags="15083120", name="Burgstall", postal_codes="39517")
    third = MunicipalityFactory(ags="15083130", name="Colbitz", postal_codes="39326", aliases="Neucolbitz")
    LocalityFactory(municipality=third, name="Groß Colbitz", postal_code="39326")
    LocalityFactory(municipality=third, name="Groß Colbitz", postal_code="39327")
    NeighbourPlaceFactory(name="Magdeburg", county="Landeshauptstadt Magdeburg", postal_codes="39104", aliases="MD")
    NeighbourPlaceFactory(name="Burg", county="Landkreis Jerichower Land")


def ask(text: str, ags: str = "") -> PlaceAnswer:
    return find_place(text, version=content_version(), ags=ags)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Oschersleben (Bode)", "Oschersleben (Bode)"),
        ("oschersleben bode", "Oschersleben (Bode)"),
        ("Oschersleben", "Oschersleben (Bode)"),
        ("OSCHERSLEBEN/BODE", "Oschersleben (Bode)"),
        ("  stadt   oschersleben ", "Oschersleben (Bode)"),
        ("Gröningen", "Gröningen"),
        ("Groeningen", "Gröningen"),
        ("groningen", "Gröningen"),
        ("Gro\u0308ningen", "Gröningen"),
        ("Hohe Boerde", "Hohe Börde"),
        ("hohe-börde", "Hohe Börde"),
        ("39326 Hohe Börde", "Hohe Börde"),
        ("Neucolbitz", "Colbitz"),
        ("gross colbitz", "Groß Colbitz"),
        ("Burgsta", "Burgstall"),
    ],
)
def test_name_leads_to_the_place(places, typed, name) -> None:
    answer = ask(typed)
    assert (answer.place and answer.place.name, answer.choices) == (name, ())


@pytest.mark.parametrize("typed", ["39326", "39397", "39387"])
def test_postcode_always_leads_to_a_choice(places, typed) -> None:
    answer = ask(typed)
    assert answer.place is None
    assert answer.choices
    assert all(typed in place.postal_codes for place in answer.choices)


def test_postcode_stays_a_choice_though_a_municipality_is_left_from_before(places) -> None:
    assert ask("39326", ags="15083298").place is None


def test_postcode_names_every_municipality(places) -> None:
    assert [place.label for place in ask("39326").choices] == ["Colbitz", "Hohe Börde", "Groß Colbitz – Colbitz"]


def test_beginning_of_a_postcode_leads_to_a_choice(places) -> None:
    assert {place.municipality for place in ask("3932").choices} == {"Colbitz", "Hohe Börde"}
    assert ask("39").is_unknown


def test_locality_in_several_municipalities_is_a_choice(places) -> None:
    answer = ask("Seehausen")
    assert answer.place is None
    assert [place.label for place in answer.choices] == ["Seehausen – Gröningen", "Seehausen – Oschersleben (Bode)"]


def test_municipality_key_settles_the_choice(places) -> None:
    place = ask("Seehausen", ags="15083415").place
    assert place and (place.label, place.latitude) == ("Seehausen – Oschersleben (Bode)", 52.05)


def test_key_of_another_municipality_does_not_hide_the_typed_name(places) -> None:
    place = ask("Gröningen", ags="15083415").place
    assert place and place.ags == "15083245"


def test_key_alone_is_a_place(places) -> None:
    place = ask("", ags="15083298").place
    assert place and place.name == "Hohe Börde"
    assert ask("", ags="99999999") == PlaceAnswer("")


def test_place_outside_is_named_with_its_county(places) -> None:
    for typed in ("Magdeburg", "magdeburg", "MD", "39104", "39104 Magdeburg"):
        answer = ask(typed)
        assert (answer.outside_name, answer.outside_county) == ("Magdeburg", "Landeshauptstadt Magdeburg")
        assert (answer.place, answer.is_unknown) == (None, False)


def test_town_outside_is_not_taken_for_a_village_that_begins_alike(places) -> None:
    answer = ask("Burg")
    assert answer.outside_county == "Landkreis Jerichower Land"
    assert [place.name for place in answer.choices] == ["Burgstall"]


@pytest.mark.parametrize("typed", ["Berlin", "99999", "...", "☃", "x" * 10_000])
def test_unknown_place_is_said_to_be_unknown(places, typed) -> None:
    answer = ask(typed)
    assert answer.is_unknown
    assert len(answer.query) <= 100


def test_misspelled_name_is_a_choice_and_never_taken_for_granted(places) -> None:
    answer = ask("Oscherslehben")
    assert answer.place is None
    assert [place.name for place in answer.choices] == ["Oschersleben (Bode)"]


def test_street_behind_the_name_does_not_hurt(places) -> None:
    assert [place.name for place in ask("Colbitz, Lange Straße 5").choices] == ["Colbitz"]


def test_empty_text_is_no_question(places) -> None:
    assert ask("  ") == PlaceAnswer("")


def test_locality_keeps_all_its_postcodes(places) -> None:
    place = ask("Groß Colbitz").place
    assert place and place.postal_codes == ("39326", "39327")


def test_suggestions_begin_with_what_was_typed(places) -> None:
    version = content_version()
    assert [place.label for place in suggest("se", version=version)] == [
        "Seehausen – Gröningen",
        "Seehausen – Oschersleben (Bode)",
    ]
    assert [place.name for place in suggest("colb", version=version)] == ["Colbitz", "Groß Colbitz"]
    assert [place.name for place in suggest("3939", version=version)][:1] == ["Gröningen"]
    assert suggest("s", version=version) == ()
    assert suggest("zz", version=version) == ()


def test_suggestions_are_at_most_eight(db) -> None:
    for number in range(12):
        MunicipalityFactory(name=f"Dorf {number}")
    assert len(suggest("dorf", version=content_version())) == 8


def test_index_costs_three_queries_and_none_again(places, django_assert_num_queries) -> None:
    version = content_version()
    with django_assert_num_queries(3):
        gazetteer(version)
    with django_assert_num_queries(0):
        find_place("Gröningen", version=version)


def test_distance_is_the_great_circle() -> None:
    # Haldensleben to Oschersleben: 33 km by the coordinates of both town halls.
    assert distance_km((52.3006, 11.4303), (52.0304, 11.2290)) == pytest.approx(33.0, abs=0.5)
    assert distance_km((52.0, 11.0), (52.0, 11.0)) == 0


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_key_is_stable_and_has_no_punctuation(text) -> None:
    key = place_key(text)
    assert place_key(key) == key
    assert all(char.isalnum() or char == " " for char in key)
    assert key == key.strip()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Neuhaldensleben", "Haldensleben"),
        ("Oebisfelde", "Oebisfelde"),
        ("oschersleben bode", "Oschersleben (Bode)"),
        ("Groeningen", "Gröningen"),
        ("groningen", "Gröningen"),
        ("Hohe Boerde", "Hohe Börde"),
    ],
)
def test_name_leads_to_the_place_in_the_countys_own_data(region, typed, name) -> None:
    place = ask(typed).place
    assert place and place.name == name


def test_shared_postcode_asks_back_in_the_countys_own_data(region) -> None:
    for code in ("39326", "39343", "39365", "39393"):
        assert len({place.ags for place in ask(code).choices}) > 1, code


def test_every_place_of_the_county_finds_itself(region) -> None:
    index = gazetteer(content_version())
    for places in index.by_name.values():
        for place in places:
            answer = ask(place.name, ags=place.ags)
            assert answer.place and answer.place.ags == place.ags, place.label
