"""Pages of agencies, the glossary, the place search and the list for programs."""

import json
from datetime import date

import pytest
from django.conf import settings as site

from directory.models import Agency, GlossaryTerm
from ruemsa_portal.cache_rules import PUBLIC
from tests.directory.test_contact_point_pages import by_class, page, text
from tests.factories.directory import (
    AgencyFactory,
    ContactPointFactory,
    GlossaryTermFactory,
    LocalityFactory,
    MunicipalityFactory,
    NeighbourPlaceFactory,
)
from tests.factories.offers import OfferFactory
from tools.markup import parse

HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture(autouse=True)
def monday_at_ten(fix_time) -> None:
    fix_time("2026-11-23 10:00")


def coordination():
    return ContactPointFactory(full=True, slug=site.REGION["coordination_point"], name="Koordination")


def test_agency_says_what_it_does_and_where(db, client) -> None:
    GlossaryTermFactory(term="BAB", slug="bab")
    parent = AgencyFactory(name="Kreis", slug="kreis")
    agency = AgencyFactory(
        name="Amt für Jugend", short_name="Jugendamt", slug="amt", parent=parent, what_we_do="Wir helfen mit BAB.",
        website="https://example.org/",
    )  # fmt: skip
    AgencyFactory(name="Team Ost", slug="ost", parent=agency)
    AgencyFactory(name="Team Entwurf", parent=agency, status="draft")
    ContactPointFactory(name="Eigene Tür", owner=agency)
    ContactPointFactory(name="Geteilte Tür", shared_with=[agency])
    ContactPointFactory(name="Fremde Tür")
    offer = OfferFactory(title="Hilfe zu Hause")
    for role in ("provider", "funder"):
        offer.roles.create(agency=agency, role=role)
    tree = page(client, url="/stellen/amt/")
    words = text(tree)
    assert next(iter(tree.all("h1"))).text() == "Jugendamt"
    assert [node.text() for node in by_class(tree, "contact__name")] == ["Eigene Tür", "Geteilte Tür"]
    assert [node.text() for node in by_class(tree, "offer-links")] == ["Hilfe zu Hause"]
    assert [node.attributes["href"] for node in by_class(tree, "term")] == ["/glossar/#bab"]
    for part in ("Amt für Jugend", "Wir gehören zu: Kreis", "Zu uns gehört: Team Ost", "Website der Stelle"):
        assert part in words
    assert "Entwurf" not in words


def test_agency_without_a_door_leads_to_the_coordination_point(db, client) -> None:
    coordination()
    AgencyFactory(slug="luecke", is_gap=True)
    tree = page(client, url="/stellen/luecke/")
    assert "Eine eigene Adresse kennen wir noch nicht." in text(tree)
    assert [node.text() for node in by_class(tree, "contact__name")] == ["Koordination"]


def test_agency_without_any_door_leads_to_the_town_hall(db, client) -> None:
    AgencyFactory(slug="luecke", is_gap=True)
    assert "Geh zum Rathaus deiner Gemeinde" in text(page(client, url="/stellen/luecke/"))


def test_agency_that_is_not_public_is_not_found(db, client) -> None:
    AgencyFactory(slug="entwurf", status="draft")
    assert client.get("/stellen/entwurf/").status_code == 404
    assert client.get("/stellen/gibt-es-nicht/").status_code == 404
    assert client.get("/stellen/" + "x" * 10_000 + "/").status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_agency_costs_the_same_for_any_number_of_rows(db, client, django_assert_num_queries, count) -> None:
    agency = AgencyFactory(slug="amt")
    for _ in range(count):
        ContactPointFactory(full=True, owner=agency)
        AgencyFactory(parent=agency)
        OfferFactory().roles.create(agency=agency, role="provider")
    client.get("/stellen/amt/")
    # Version, agency, family, offers.
    with django_assert_num_queries(4):
        page(client, url="/stellen/amt/")


def test_every_agency_of_the_county_has_a_page(region, client) -> None:
    agencies = list(Agency.objects.published(on=date(2026, 11, 23)))
    assert len(agencies) > 20
    for agency in agencies:
        assert client.get(agency.get_absolute_url()).status_code == 200, agency.slug


def test_glossary_is_sorted_as_people_look_it_up(db, client, django_assert_num_queries) -> None:
    for term in ("Zebra", "Übergang", "Umzug", "ärztlich", "Antrag", "31a"):
        GlossaryTermFactory(term=term)
    GlossaryTermFactory(term="Rechtskreis", audience="staff", explanation="Wort der Ämter.", former_name="Bereich")
    tree = page(client, url="/glossar/")
    assert [node.text() for node in tree.all("dt")] == [
        "31a", "ärztlich", "Antrag", "Übergang", "Umzug", "Zebra", "Rechtskreis früher: Bereich",
    ]  # fmt: skip
    assert [node.text() for node in by_class(tree, "glossary__letters")] == ["0–9 A U Z"]
    with django_assert_num_queries(1):
        page(client, url="/glossar/")


def test_glossary_links_lead_to_their_word(region, client) -> None:
    ids = {node.attributes.get("id") for node in page(client, url="/glossar/").all()}
    assert {term.slug for term in GlossaryTerm.objects.all()} <= ids


def test_glossary_without_words_says_so(db, client) -> None:
    assert "Hier steht noch kein Wort." in text(page(client, url="/glossar/"))


@pytest.fixture
def places(db) -> None:
    town = MunicipalityFactory(ags="15083415", name="Oschersleben (Bode)", postal_codes="39387")
    LocalityFactory(municipality=town, name="Klein Oschersleben", postal_code="39398")
    MunicipalityFactory(ags="15083245", name="Gröningen", postal_codes="39397")
    NeighbourPlaceFactory(name="Magdeburg", county="Landeshauptstadt Magdeburg")


def test_script_gets_suggestions_as_json(places, client) -> None:
    response = client.get("/orte/?q=osch", headers={"accept": "application/json"})
    assert response.json() == [
        {"label": "Oschersleben (Bode)", "ort": "Oschersleben (Bode)", "ags": "15083415"},
        {"label": "Klein Oschersleben – Oschersleben (Bode)", "ort": "Klein Oschersleben", "ags": "15083415"},
    ]
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == PUBLIC
    assert "Accept" in response["Vary"]
    assert response.cookies == {}


@pytest.mark.parametrize("query", ["", "?q=", "?q=o", "?q=zzz", "?q=" + "x" * 10_000, "?q=%ED%A0%80"])
def test_script_gets_an_empty_list_for_nothing(places, client, query) -> None:
    assert client.get(f"/orte/{query}").json() == []


def chooser(client, query=""):
    response = client.get(f"/orte/{query}", headers=HTML)
    assert response.status_code == 200
    return parse(response.content.decode())


def choices(tree) -> list[list[tuple[str, str]]]:
    return [[(a.text(), a.attributes["href"]) for a in block.all("a")] for block in by_class(tree, "place-choices")]


def test_browser_gets_a_page_with_a_choice(places, client) -> None:
    found, everything = choices(chooser(client, "?q=39387&weiter=angebote"))
    assert found == [("Oschersleben (Bode)", "/angebote/?ort=Oschersleben+%28Bode%29&ags=15083415")]
    assert [label for label, _url in everything] == ["Gröningen", "Oschersleben (Bode)"]


def test_choice_keeps_the_other_filters_and_stays_on_the_site(places, client) -> None:
    (everything,) = choices(chooser(client, "?weiter=https://evil.example/&stelle=jobcenter&ort=x&ags=1&seite=3"))
    assert everything[0][1] == "/anlaufstellen/?stelle=jobcenter&ort=Gr%C3%B6ningen&ags=15083245"


def test_choice_drops_a_load_of_parameters(places, client) -> None:
    (everything,) = choices(chooser(client, "?a=" + "x" * 5000))
    assert everything[0][1] == "/anlaufstellen/?ort=Gr%C3%B6ningen&ags=15083245"


def test_browser_gets_an_honest_answer(places, client) -> None:
    assert "Magdeburg gehört zu: Landeshauptstadt Magdeburg." in text(chooser(client, "?q=magdeburg"))
    assert "Den Ort „Nirgendwo“ kennen wir nicht." in text(chooser(client, "?q=Nirgendwo"))
    assert "Das ist zu lang für einen Ort." in text(chooser(client, "?q=" + "x" * 10_000))


def test_programs_get_all_points_as_one_list(db, client) -> None:
    share = AgencyFactory(slug="jc")
    point = ContactPointFactory(
        full=True, slug="voll", owner=AgencyFactory(slug="amt", stelle="jugendamt"), shared_with=[share]
    )
    ContactPointFactory(name="Zuletzt", slug="leer")
    response = client.get("/api/anlaufstellen")
    full, empty = response.json()
    assert full["slug"] == "voll"
    assert full["url"] == f"{site.BASE_URL}/anlaufstellen/voll/"
    assert full["agency"] == {"slug": "amt", "name": point.owner.name, "stelle": "jugendamt"}
    assert full["shared_with"] == [{"slug": "jc", "role": "berät hier dienstags"}]
    assert full["address"] == {"street": "Hauptstraße 1", "postal_code": "39340", "town": "Haldensleben"}
    assert (full["phone"], full["open_now"], full["missing"]) == ("+49390412340", True, [])
    assert (full["open_until"], full["next_opening"]) == ("2026-11-23T12:00:00+01:00", "2026-11-24T09:00:00+01:00")
    assert (full["access"]["step_free"], full["access"]["hearing_loop"]) == ("yes", "unknown")
    assert (empty["address"], empty["phone"], empty["open_now"], empty["next_opening"]) == (None, None, None, None)
    assert empty["missing"] == ["address", "phone", "hours"]
    assert (empty["phones"], empty["languages"], empty["service_area"]) == ([], [], [])
    assert response["Cache-Control"] == PUBLIC
    assert response.cookies == {}


def test_programs_see_which_rows_are_examples(db, client) -> None:
    ContactPointFactory(is_example=True)
    response = client.get("/api/anlaufstellen")
    assert [row["is_example"] for row in response.json()] == [True]
    assert response["X-Robots-Tag"] == "noindex"


def test_programs_get_nothing_without_a_source(db, client) -> None:
    ContactPointFactory(full=True, verified=False)
    (row,) = client.get("/api/anlaufstellen").json()
    assert (row["latitude"], row["phone"], row["email"], row["access"]["step_free"]) == (None, None, None, "unknown")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_programs_are_told_the_right_method(db, client, method) -> None:
    response = getattr(client, method)("/api/anlaufstellen")
    assert response.status_code == 405
    assert json.loads(response.content) == {"error": "Nur GET ist erlaubt.", "parameter": None, "allowed": ["GET"]}
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("count", [1, 8])
def test_list_for_programs_costs_one_query(db, client, django_assert_num_queries, count) -> None:
    for _ in range(count):
        ContactPointFactory(full=True)
    client.get("/api/anlaufstellen")
    with django_assert_num_queries(1):
        assert len(client.get("/api/anlaufstellen").json()) == count
