"""The pages of contact points: list, filters, one point, file for the address book."""

import re
from datetime import date

import pytest
from django.conf import settings as site
from django.test import Client

from directory.models import ContactPoint
from directory.search import PointFilters
from offers.models import Offer
from tests.factories.directory import (
    AgencyFactory,
    ContactPointFactory,
    ExceptionFactory,
    LocalityFactory,
    MunicipalityFactory,
    NeighbourPlaceFactory,
    PersonFactory,
    ScheduleFactory,
)
from tests.factories.offers import OfferFactory
from tools.markup import Node, parse

URL = "/anlaufstellen/"


@pytest.fixture(autouse=True)
def monday_at_ten(fix_time) -> None:
    fix_time("2026-11-23 10:00")


def page(client: Client, query: str = "", url: str = URL) -> Node:
    response = client.get(f"{url}{query}")
    assert response.status_code == 200
    return parse(response.content.decode())


def by_class(tree: Node, name: str) -> list[Node]:
    return [node for node in tree.all() if name in node.attributes.get("class", "").split()]


def names(tree: Node) -> list[str]:
    """Names of the hits in their order, without the number of the map."""
    return [
        next(iter(title.all("a"))).text()
        for section in by_class(tree, "points__list")
        for title in by_class(section, "card__title")
    ]


def text(tree: Node) -> str:
    return " ".join(next(iter(tree.all("main"))).text().split())


@pytest.fixture
def three(db) -> None:
    """Near, far and unknown, with different facts."""
    town = MunicipalityFactory(ags="15083270", name="Haldensleben", latitude=52.3006, longitude=11.4303)
    MunicipalityFactory(ags="15083245", name="Gröningen", latitude=51.9374, longitude=11.216)
    ContactPointFactory(
        full=True,
        name="Nah",
        slug="nah",
        owner=AgencyFactory(stelle="jobcenter"),
        serves_whole_county=False,
        serves=[town],
    )
    ContactPointFactory(
        name="Fern",
        slug="fern",
        owner=AgencyFactory(stelle="jugendamt"),
        latitude=51.9374,
        longitude=11.216,
        step_free="no",
        has_video=True,
        languages=["de", "uk"],
        serves_whole_county=True,
    )
    ContactPointFactory(name="Ortlos", slug="ortlos", owner=AgencyFactory(stelle="schule"), serves_whole_county=True)


def test_list_shows_all_by_name(three, client) -> None:
    tree = page(client)
    assert names(tree) == ["Fern", "Nah", "Ortlos"]
    assert by_class(tree, "results")[0].text() == "3 Anlaufstellen"


def test_list_is_nearest_first_with_kilometres(three, client) -> None:
    tree = page(client, "?ort=Haldensleben")
    assert names(tree) == ["Nah", "Fern", "Ortlos"]
    assert [node.text() for node in by_class(tree, "distance")] == ["weniger als 1 km entfernt", "43 km entfernt"]
    assert "nah bei Haldensleben" in by_class(tree, "results")[0].text()


def test_list_says_who_is_not_responsible_for_the_place(three, client) -> None:
    assert "nicht für Gröningen zuständig" in text(page(client, "?ort=Gröningen"))
    assert "nicht für" not in text(page(client, "?ort=Haldensleben"))


@pytest.mark.parametrize(
    ("query", "hits", "maybe"),
    [
        ("?stelle=jobcenter", ["Nah"], []),
        ("?weg=video", ["Fern"], []),
        ("?weg=phone", ["Nah"], []),
        ("?sprache=uk", ["Fern"], ["Ortlos"]),
        ("?sprache=de", ["Fern", "Nah"], ["Ortlos"]),
        ("?stufenlos=1", ["Nah"], ["Ortlos"]),
        ("?offen=1", ["Nah"], ["Fern", "Ortlos"]),
        ("?offen=1&stelle=jugendamt", [], ["Fern"]),
        ("?stelle=kammer", [], []),
    ],
)
def test_filter_never_puts_the_unknown_in_or_out(three, client, query, hits, maybe) -> None:
    tree = page(client, query)
    assert names(tree) == hits + maybe
    assert by_class(tree, "results")[0].text() == f"{len(hits)} Anlaufstelle{'' if len(hits) == 1 else 'n'}"
    assert ("Bei diesen Stellen fehlt uns eine Angabe" in text(tree)) == bool(maybe)


def test_filter_open_now_leaves_out_the_closed(three, client, fix_time) -> None:
    fix_time("2026-11-23 13:00")
    assert names(page(client, "?offen=1")) == ["Fern", "Ortlos"]


def test_active_filters_are_removable_chips(three, client) -> None:
    tree = page(client, "?stelle=jobcenter&offen=1&ort=Haldensleben&ags=15083270")
    links = {
        node.text().split(" – ")[0].split("–")[0].strip(): node.attributes["href"] for node in by_class(tree, "chip")
    }
    assert links == {
        "Jobcenter": "?offen=1&ort=Haldensleben&ags=15083270",
        "jetzt offen": "?stelle=jobcenter&ort=Haldensleben&ags=15083270",
        "nah bei Haldensleben": "?stelle=jobcenter&offen=1",
    }


def test_body_filter_offers_only_bodies_with_a_door(three, client) -> None:
    tree = page(client)
    (select,) = [node for node in tree.all("select") if node.attributes["name"] == "stelle"]
    assert [node.attributes["value"] for node in select.all("option")] == ["", "jobcenter", "jugendamt", "schule"]


def test_empty_list_says_what_to_leave_out_and_whom_to_ask(three, client) -> None:
    ContactPointFactory(full=True, slug=site.REGION["coordination_point"], name="Koordination", step_free="no")
    tree = page(client, "?stelle=jugendamt&weg=written")
    words = text(tree)
    assert "Dazu kennen wir gerade keine Anlaufstelle." in words
    (empty,) = by_class(tree, "empty")
    assert [(node.attributes["href"], node.text()) for node in empty.all("a")] == [("?stelle=jugendamt", "schriftlich")]
    assert "– 1 Treffer" in empty.text()
    assert [node.text() for node in by_class(tree, "contact__name")] == ["Koordination"]


def test_list_without_any_point_sends_to_the_town_hall(db, client) -> None:
    words = text(page(client))
    assert "Noch steht hier keine Anlaufstelle." in words
    assert "Geh zum Rathaus deiner Gemeinde oder frag in der Schule." in words


def test_ambiguous_place_leads_to_a_choice_that_keeps_the_filters(three, client) -> None:
    LocalityFactory(municipality_id="15083270", name="Wellen", postal_code="39343")
    LocalityFactory(municipality_id="15083245", name="Wellen", postal_code="39397")
    tree = page(client, "?ort=Wellen&stelle=jobcenter")
    assert "Welchen Ort meinst du mit „Wellen“?" in text(tree)
    links = [node.attributes["href"] for node in by_class(tree, "place-choices")[0].all("a")]
    assert links == ["?ort=Wellen&stelle=jobcenter&ags=15083245", "?ort=Wellen&stelle=jobcenter&ags=15083270"]
    assert names(page(client, links[0])) == ["Nah"]


def test_place_missing_leads_to_the_municipalities_and_back(three, client) -> None:
    tree = page(client, "?ort=Nirgendwo&stelle=jobcenter")
    (link,) = [n.attributes["href"] for n in tree.all("a") if n.text() == "Gemeinde aus der Liste wählen"]
    assert link == "/orte/?stelle=jobcenter&weiter=anlaufstellen"
    response = client.get(link, headers={"accept": "text/html"})
    back = [n.attributes["href"] for n in parse(response.content.decode()).all("a") if n.text() == "Gröningen"]
    assert back == ["/anlaufstellen/?stelle=jobcenter&ort=Gr%C3%B6ningen&ags=15083245"]


def test_unknown_and_outside_places_get_an_honest_answer(three, client) -> None:
    NeighbourPlaceFactory(name="Magdeburg", county="Landeshauptstadt Magdeburg")
    assert "Den Ort „Nirgendwo“ kennen wir nicht." in text(page(client, "?ort=Nirgendwo"))
    outside = page(client, "?ort=magdeburg")
    assert "Magdeburg gehört zu: Landeshauptstadt Magdeburg." in text(outside)
    assert len(names(outside)) == 3


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("?offen=ja", "Diese Auswahl kennen wir nicht."),
        ("?stelle=zauberer", "Diese Auswahl kennen wir nicht."),
        ("?weg=brieftaube", "Diese Auswahl kennen wir nicht."),
        ("?sprache=tlh", "Diese Auswahl kennen wir nicht."),
        ("?ags=abc", "Diese Gemeinde kennen wir nicht."),
        ("?ags=00000000", "Diese Gemeinde kennen wir nicht."),
        ("?ort=" + "x" * 10_000, "Das ist zu lang für einen Ort."),
    ],
)
def test_bad_value_is_named_and_the_page_stays(three, client, query, hint) -> None:
    tree = page(client, query)
    assert hint in by_class(tree, "error-summary")[0].text()
    assert len(names(tree)) == 3
    assert next(iter(tree.all("title"))).text().startswith("Fehler: ")


@pytest.mark.parametrize(
    "query",
    [
        "?ort=%FF%FE",
        "?ort=%ED%A0%80",
        "?ags=%F0%9F%98%80",
        "?x=1&ort=a&ort=b",
        "?m=%3Cscript%3E",
        "?m=" + "a" * 9000,
        "?seite=-1",
    ],
)
def test_nonsense_in_the_address_is_survived(three, client, query) -> None:
    assert len(names(page(client, query))) == 3


def test_nul_byte_is_refused(three, client) -> None:
    assert client.get(f"{URL}?ort=%00").status_code == 400


@pytest.mark.parametrize("url", [URL, f"{URL}nah/", f"{URL}nah/kontakt.vcf", "/orte/", "/glossar/"])
def test_wrong_method_is_refused(three, client, url) -> None:
    assert client.post(url).status_code == 405


def test_signed_list_travels_with_every_link(three, client) -> None:
    tree = page(client, "?m=abc:def")
    hit = by_class(tree, "card__title")[0]
    assert next(iter(hit.all("a"))).attributes["href"] == "/anlaufstellen/fern/?m=abc%3Adef"
    remember = [n.attributes["href"] for n in tree.all("a") if "data-bookmark-fallback" in n.attributes]
    assert remember[0] == "/merkliste/?m=abc%3Adef&dazu=p:fern"
    assert [n.attributes["value"] for n in tree.all("input") if n.attributes["name"] == "m"] == ["abc:def"]


def test_map_links_are_the_list_in_the_same_numbers(three, client) -> None:
    tree = page(client, "?ort=Haldensleben")
    (svg,) = by_class(tree, "map__svg")
    links = [(next(iter(a.all("title"))).text(), a.attributes["href"]) for a in svg.all("a")]
    assert links == [("1: Nah", "/anlaufstellen/nah/"), ("2: Fern", "/anlaufstellen/fern/")]


def test_map_stays_small(region, client) -> None:
    html = client.get(f"{URL}?ort=Haldensleben").content.decode()
    svg = re.search(r"<svg class=\"map__svg.*?</svg>", html, re.S)
    assert svg and len(svg[0].encode()) <= 8192


def test_example_data_is_marked_in_the_list(db, client) -> None:
    ContactPointFactory(full=True, is_example=True, verified=False)
    ContactPointFactory(full=True, is_example=True, verified=True)
    assert [node.text() for node in by_class(page(client), "tag--example")] == ["Beispieldaten", "Noch nicht bestätigt"]


def fill(count: int) -> None:
    for _ in range(count):
        point = ContactPointFactory(full=True, shared_with=[AgencyFactory()])
        person = PersonFactory(contact_point=point)
        ScheduleFactory(contact_point=point, person=person, kind="consultation")
        offer = OfferFactory(contact=point)
        offer.contact_points.add(point)
        MunicipalityFactory()


@pytest.mark.parametrize("count", [1, 8])
def test_list_costs_the_same_for_any_number_of_points(db, client, django_assert_num_queries, count) -> None:
    fill(count)
    client.get(URL)
    with django_assert_num_queries(1):
        page(client, "?ort=Gemeinde&offen=1&stelle=beratung")


@pytest.mark.parametrize("count", [1, 8])
def test_list_costs_the_same_right_after_a_change(db, client, django_assert_num_queries, count) -> None:
    fill(count)
    # Version; languages; three for places; nine for points; two for the next opening; school holidays; map.
    with django_assert_num_queries(18):
        page(client)


@pytest.mark.parametrize("count", [1, 8])
def test_detail_costs_the_same_for_any_number_of_points_and_offers(
    db, client, django_assert_num_queries, count
) -> None:
    fill(count)
    point = ContactPoint.objects.order_by("name")[0]
    for _ in range(count):
        OfferFactory(contact=point).contact_points.add(point)
    client.get(point.get_absolute_url())
    # Version, and who reads enquiries.
    with django_assert_num_queries(2):
        page(client, url=point.get_absolute_url())


def test_detail_shows_everything(db, client) -> None:
    share = AgencyFactory(name="Jobcenter")
    north = MunicipalityFactory(name="Nordheim")
    point = ContactPointFactory(
        full=True, slug="alles", name="Alles hier", owner=AgencyFactory(name="Amt", slug="amt"),
        serves_whole_county=False, serves=[north], shared_with=[share],
    )  # fmt: skip
    PersonFactory(contact_point=point, name="Erstberatung", topic="Alle Fragen", phone="+493904777")
    ExceptionFactory(contact_point=point, starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 24), reason="Umzug")
    ExceptionFactory(
        contact_point=point,
        kind="message",
        starts_on=date(2026, 11, 25),
        ends_on=date(2026, 11, 25),
        reason="Klopf laut.",
    )
    OfferFactory(title="Reden hilft", contact=point)
    OfferFactory(title="Entwurf", contact=point, status="draft")
    words = text(page(client, url="/anlaufstellen/alles/"))
    for part in (
        "Alles hier", "Jetzt offen bis 12 Uhr · wieder Mittwoch, 9 Uhr", "Hauptstraße 1", "39340 Haldensleben",
        "03904 12340", "stelle@example.org", "Klingle im Hof.", "ohne Stufen: ja", "Aufzug: nein",
        "barrierefreies WC: nicht bekannt", "Erstberatung", "Alle Fragen", "03904 777", "Jobcenter: berät hier dienstags",
        "Nordheim", "Reden hilft", "Klopf laut.", "geprüft am 2. November 2026", "Umzug", "am Telefon", "Deutsch",
    ):  # fmt: skip
        assert part in words, part
    assert "Entwurf" not in words


def test_detail_names_what_is_missing_and_the_next_best_contact(db, client) -> None:
    ContactPointFactory(full=True, slug=site.REGION["coordination_point"], name="Koordination")
    ContactPointFactory(slug="leer", checked_on=None)
    words = text(page(client, url="/anlaufstellen/leer/"))
    assert "Adresse, Telefon, Zeiten: Angabe fehlt – frag am besten telefonisch nach: Koordination 03904 12340" in words
    assert "noch nicht geprüft" in words


def test_detail_without_any_next_best_contact_sends_to_the_town_hall(db, client) -> None:
    ContactPointFactory(slug="leer")
    words = text(page(client, url="/anlaufstellen/leer/"))
    assert "Adresse, Telefon, Zeiten: Angabe fehlt. Geh zum Rathaus deiner Gemeinde" in words


def test_detail_keeps_example_data_from_search_engines(db, client) -> None:
    ContactPointFactory(full=True, slug="beispiel", is_example=True)
    ContactPointFactory(full=True, slug="echt")
    example = client.get("/anlaufstellen/beispiel/").content.decode()
    real = client.get("/anlaufstellen/echt/").content.decode()
    assert ('name="robots" content="noindex"' in example, "application/ld+json" in example) == (True, False)
    assert ('name="robots" content="noindex"' in real, "application/ld+json" in real) == (False, True)


@pytest.mark.parametrize("state", [{"status": "draft"}, {"published_until": date(2026, 11, 22)}])
def test_detail_of_a_hidden_point_is_not_found(db, client, state) -> None:
    ContactPointFactory(slug="weg", **state)
    assert client.get("/anlaufstellen/weg/").status_code == 404
    assert client.get("/anlaufstellen/weg/kontakt.vcf").status_code == 404


def test_production_shows_no_example_anywhere(db, client, settings) -> None:
    ContactPointFactory(full=True, slug="beispiel", name="Beispiel", is_example=True)
    settings.SHOW_EXAMPLE_DATA = False
    assert names(page(client)) == []
    assert client.get("/anlaufstellen/beispiel/").status_code == 404
    assert client.get("/anlaufstellen/beispiel/kontakt.vcf").status_code == 404
    assert client.get("/api/anlaufstellen").json() == []


def test_change_is_public_at_once(db, client) -> None:
    ContactPointFactory(name="Erste")
    assert names(page(client)) == ["Erste"]
    ContactPointFactory(name="Zweite")
    assert names(page(client)) == ["Erste", "Zweite"]


def test_every_point_of_the_county_has_a_page(region, client) -> None:
    for point in ContactPoint.objects.published(on=date(2026, 11, 23)):
        assert client.get(point.get_absolute_url()).status_code == 200, point.slug
    assert Offer.objects.exists()


def test_filters_know_what_leaves_something_out() -> None:
    assert PointFilters().active() == []
    assert PointFilters(open_now=True, language="uk").active() == ["open_now", "language"]


def test_flag_is_shown_as_it_was_sent(three, client) -> None:
    html = client.get(f"{URL}?offen=1&stufenlos=ja").content.decode()
    boxes = {node.attributes["name"]: node.attributes for node in parse(html).all("input")}
    assert ("checked" in boxes["offen"], "checked" in boxes["stufenlos"]) == (True, False)
    assert html.count('value="1"') == 2
