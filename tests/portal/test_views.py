"""Front, parents, staff, law pages, feedback, exit, error pages, sitemap."""

from datetime import date
from pathlib import Path
from smtplib import SMTPException
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse

from directory.actions import raise_content_version
from directory.models import ContactPoint, Page, Phone
from offers.models import Deadline, Situation
from ruemsa_portal import views
from ruemsa_portal.texts import PAGE_SLUGS, default_page, region_table
from tests.factories.directory import ContactPointFactory
from tests.factories.offers import OfferFactory
from tools.markup import Node, parse

TODAY = "2026-11-22 10:00"
EMERGENCY = [f"tel:{number['phone']}" for number in settings.REGION["emergency"]]


@pytest.fixture(autouse=True)
def now(fix_time: Any) -> None:
    fix_time(TODAY)


@pytest.fixture
def coordination(db: None, settings: Any) -> ContactPoint:
    point = ContactPointFactory(slug=settings.REGION["coordination_point"], name="Koordinierungsstelle Test")
    Phone.objects.create(contact_point=point, number="+493904724014")
    return point


def page(client: Client, path: str, status: int = 200) -> Node:
    response = client.get(path)
    assert response.status_code == status
    return parse(response.content.decode())


def links(tree: Node) -> list[str]:
    return [node.attributes["href"] for node in tree.all("a")]


def main(tree: Node) -> Node:
    return next(tree.all("main"))


# --- front ---------------------------------------------------------------------------


def test_front_has_one_door_a_situation_in_order(client: Client, db: None) -> None:
    Situation.objects.create(slug="new_here", label="Ich bin neu hier", position=2)
    Situation.objects.create(slug="parent", label="Ich bin Mutter oder Vater", position=3)
    Situation.objects.create(slug="at_school", label="Ich gehe noch zur Schule", position=1)
    doors = [
        (node.text(), node.attributes.get("href") or f"{node.attributes['name']}={node.attributes['value']}")
        for node in main(page(client, "/")).all("a", "button")
        if node.attributes.get("class") == "door"
    ]
    assert doors == [
        ("Ich gehe noch zur Schule", "/zustaendigkeit/?tuer=schule"),
        ("Ich bin neu hier", "tuer=neu-hier"),
        ("Ich bin Mutter oder Vater", "/eltern/"),
    ]


def test_front_shows_the_next_dates(client: Client, db: None) -> None:
    offer = OfferFactory(slug="bvj", title="Das Jahr")
    Deadline.objects.create(offer=offer, kind="yearly", month=3, day=15, text="Melde dich an.")
    tree = page(client, "/")
    assert [node.attributes["datetime"] for node in tree.all("time")] == ["2027-03-15"]
    assert "/angebote/bvj/" in links(main(tree))


def test_front_without_dates_has_no_block_for_them(client: Client, db: None) -> None:
    assert [node.text() for node in main(page(client, "/")).all("h2")] == [
        "Was ist gerade los?",
        "Du weißt schon, was du suchst?",
        "Lieber mit einem Menschen reden?",
        "Es ist dringend?",
    ]


def test_front_gives_the_number_of_the_coordination(client: Client, coordination: ContactPoint) -> None:
    tree = main(page(client, "/"))
    assert "tel:+493904724014" in links(tree)
    assert coordination.get_absolute_url() in links(tree)


def test_front_without_a_number_says_where_help_always_is(client: Client, db: None) -> None:
    tree = main(page(client, "/"))
    assert [href for href in links(tree) if href.startswith("tel:")] == EMERGENCY
    assert "Geh zum Rathaus deiner Gemeinde" in tree.text()


def test_front_does_not_publish_an_example_number_in_production(
    client: Client, coordination: ContactPoint, settings: Any
) -> None:
    coordination.is_example = True
    coordination.save()
    assert "diese Nummer gibt es so nicht" in main(page(client, "/")).text()
    settings.SHOW_EXAMPLE_DATA = False
    assert [href for href in links(main(page(client, "/"))) if href.startswith("tel:")] == EMERGENCY


def test_front_needs_the_same_queries_with_much_data(
    client: Client, coordination: ContactPoint, django_assert_num_queries: Any
) -> None:
    def fill(number: int) -> None:
        for i in range(number):
            Situation.objects.create(slug=f"s{Situation.objects.count()}", label=f"Lage {i}")
            Deadline.objects.create(
                offer=OfferFactory(), kind="fixed", date=date(2026, 12, 1), text=f"Termin {i}", purpose="start"
            )
        raise_content_version()

    for number in (1, 20):
        fill(number)
        with django_assert_num_queries(5):
            client.get("/")
        with django_assert_num_queries(1):
            client.get("/")


# --- parents and staff ---------------------------------------------------------------


def test_parents_page_shows_every_row_of_the_table(client: Client, db: None) -> None:
    table = region_table("parents")
    text = main(page(client, "/eltern/")).text()
    wanted = [row["text"] for block in table["who"] for row in block["rows"]]
    wanted += [row["what"] for row in table["alone"]]
    wanted += [row["name"] for row in table["money"] + table["deadlines"]]
    wanted += [row["question"] for row in table["questions"]]
    assert [words for words in wanted if words not in text] == []


def test_parents_page_links_public_offers_only(client: Client, db: None) -> None:
    OfferFactory(slug="kindergeld")
    OfferFactory(slug="but", status="draft")
    hrefs = links(main(page(client, "/eltern/")))
    assert [href for href in hrefs if href.startswith("/angebote/")] == ["/angebote/kindergeld/"]


def test_parents_page_names_missing_amounts(client: Client, db: None) -> None:
    gaps = [row for row in region_table("parents")["money"] if not row["amount"]]
    assert main(page(client, "/eltern/")).text().count("Angabe fehlt") == len(gaps) > 0


def test_parents_are_addressed_formally(client: Client, db: None) -> None:
    words = main(page(client, "/eltern/")).text().split()
    quoted = " ".join(row["question"] for row in region_table("parents")["questions"]).split()
    assert [word for word in words if word in ("du", "dein", "deine", "dir", "dich") and word not in quoted] == []


def test_staff_page_shows_areas_and_sections(client: Client, db: None) -> None:
    table = region_table("professionals")
    tree = main(page(client, "/fachkraefte/"))
    assert [node.text() for node in tree.all("h2")] == [section["title"] for section in table["sections"]]
    assert [row["decides"] for row in table["areas"] if row["decides"] not in tree.text()] == []


def test_pages_work_for_a_county_without_these_files(client: Client, db: None, settings: Any, tmp_path: Path) -> None:
    settings.REGION_DIR = tmp_path
    region_table.cache_clear()
    default_page.cache_clear()
    try:
        for path in ("/eltern/", "/fachkraefte/", *(f"/{slug}/" for slug in PAGE_SLUGS)):
            assert len(list(page(client, path).all("h1"))) == 1
        assert "Dieser Text fehlt noch." in main(page(client, "/impressum/")).text()
    finally:
        region_table.cache_clear()
        default_page.cache_clear()


# --- law pages -----------------------------------------------------------------------


@pytest.mark.parametrize("slug", PAGE_SLUGS)
def test_law_page_has_a_working_default(client: Client, db: None, slug: str) -> None:
    title, body = default_page(slug)
    tree = main(page(client, f"/{slug}/"))
    assert [node.text() for node in tree.all("h1")] == [title]
    assert len(tree.text()) > len(body) * 0.6


def test_edited_page_wins_over_the_default(client: Client, db: None) -> None:
    Page.objects.create(slug="impressum", title="Neu", body="Von **Hand**.", checked_on=date(2026, 11, 1))
    tree = main(page(client, "/impressum/"))
    assert [node.text() for node in tree.all("h1")] == ["Neu"]
    assert "Von Hand." in tree.text()
    assert "geprüft am 1. November 2026" in tree.text()


def test_every_page_leads_to_the_law_pages(client: Client, db: None) -> None:
    footer = next(page(client, "/").all("footer"))
    assert {reverse("page", args=[slug]) for slug in PAGE_SLUGS} - set(links(footer)) == set()


# --- feedback ------------------------------------------------------------------------


def test_feedback_is_sent_and_the_page_says_so(client: Client, db: None, settings: Any) -> None:
    response = client.post("/barrierefreiheit/", {"message": "Der Knopf ist zu klein.", "reply_to": "0391 1"})
    assert (response.status_code, response["Location"]) == (302, "/barrierefreiheit/?gesendet=1")
    (sent,) = mail.outbox
    assert sent.to == [settings.DEFAULT_FROM_EMAIL]
    assert "Der Knopf ist zu klein." in sent.body
    assert "Antwort an: 0391 1" in sent.body
    assert "Danke für Ihre Nachricht." in main(page(client, response["Location"])).text()


def test_feedback_goes_to_the_coordination_when_it_has_a_mailbox(client: Client, coordination: ContactPoint) -> None:
    coordination.email = "stelle@example.org"
    coordination.save()
    client.post("/barrierefreiheit/", {"message": "Hallo"})
    assert mail.outbox[0].to == ["stelle@example.org"]


def test_feedback_cannot_write_headers(client: Client, db: None) -> None:
    client.post("/barrierefreiheit/", {"message": "x\r\nBcc: a@example.org", "reply_to": "y\r\nBcc: b@example.org"})
    for sent in mail.outbox:
        assert sent.recipients() == sent.to
        assert "Bcc" not in str(sent.message()).split("\n\n", 1)[0]


def test_feedback_without_text_explains_and_keeps_what_was_written(client: Client, db: None) -> None:
    response = client.post("/barrierefreiheit/", {"message": "", "reply_to": "meine Nummer"})
    tree = parse(response.content.decode())
    assert response.status_code == 200
    assert next(tree.all("title")).text().startswith("Fehler:")
    assert [node.attributes["href"] for node in tree.all("a") if "#id" in node.attributes["href"]] == ["#id_message"]
    assert next(node for node in tree.all("input") if node.attributes["name"] == "reply_to").attributes["value"] == (
        "meine Nummer"
    )
    assert mail.outbox == []


def test_feedback_from_a_program_is_not_sent(client: Client, db: None) -> None:
    assert client.post("/barrierefreiheit/", {"message": "Kauf", "website": "https://spam"}).status_code == 302
    assert mail.outbox == []


def test_feedback_that_fails_is_admitted_and_kept(client: Client, db: None, monkeypatch: Any) -> None:
    def refuse(self: Any, fail_silently: bool = False) -> int:
        raise SMTPException

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    response = client.post("/barrierefreiheit/", {"message": "Mein langer Text"})
    text = parse(response.content.decode()).text()
    assert response.status_code == 503
    assert "Die Nachricht ging nicht hinaus." in text
    assert "Mein langer Text" in text


def test_production_without_mailbox_offers_no_form(client: Client, db: None, settings: Any) -> None:
    settings.PRODUCTION = True
    tree = main(page(client, "/barrierefreiheit/"))
    assert list(tree.all("form")) == []
    assert "Ein Postfach für das Formular ist noch nicht eingerichtet." in tree.text()
    client.post("/barrierefreiheit/", {"message": "Hallo"})
    assert mail.outbox == []


def test_feedback_needs_its_token(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/barrierefreiheit/", {"message": "Hallo"})
    assert response.status_code == 403
    assert "Das Formular war zu lange offen" in response.content.decode()


# --- exit ----------------------------------------------------------------------------


def test_exit_forgets_and_leaves(client: Client) -> None:
    response = client.get("/raus/")
    assert response.status_code == 302
    assert response["Location"].startswith("https://www.dwd.de/")
    assert response["Clear-Site-Data"] == '"cookies", "storage"'
    assert response["Cache-Control"] == "no-store"


# --- errors --------------------------------------------------------------------------


def test_unknown_address_helps(client: Client, db: None) -> None:
    tree = page(client, "/gibt-es-nicht/", 404)
    assert [node.text() for node in tree.all("h1")] == ["Hier ist keine Tür"]
    assert {"/", "/suche/"} <= set(links(main(tree)))
    assert [node.attributes["content"] for node in tree.all("meta") if node.attributes.get("name") == "robots"] == [
        "noindex"
    ]


def test_nul_byte_is_refused_with_a_page(client: Client, db: None) -> None:
    assert [node.text() for node in page(client, "/suche/?q=%00", 400).all("h1")] == [
        "Diese Adresse verstehen wir nicht"
    ]


def test_our_own_fault_needs_no_database() -> None:
    response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert [node.text() for node in parse(response.content.decode()).all("h1")] == ["Da ist bei uns etwas kaputt"]


@pytest.mark.parametrize(("view", "status"), [(views.too_many_requests, 429), (views.unavailable, 503)])
def test_busy_pages_say_when_to_come_back(view: Any, status: int, rf: RequestFactory) -> None:
    response = view(rf.get("/"))
    assert (response.status_code, response["Retry-After"]) == (status, "60")


# --- search engines ------------------------------------------------------------------


def test_sitemap_names_confirmed_records_with_the_configured_address(client: Client, db: None, settings: Any) -> None:
    settings.BASE_URL = "https://portal.example.org"
    OfferFactory(slug="echt")
    OfferFactory(slug="beispiel", is_example=True)
    OfferFactory(slug="entwurf", status="draft")
    ContactPointFactory(slug="haus", is_example=True)
    text = client.get("/sitemap.xml").content.decode()
    addresses = [part.split("</loc>")[0] for part in text.split("<loc>")[1:]]
    assert "https://portal.example.org/angebote/echt/" in addresses
    assert [url for url in addresses if "beispiel" in url or "entwurf" in url or "haus" in url] == []
    assert [url for url in addresses if not url.startswith("https://portal.example.org/")] == []


def test_robots_points_to_the_sitemap(client: Client, settings: Any) -> None:
    settings.BASE_URL = "https://portal.example.org"
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: https://portal.example.org/sitemap.xml" in text
    assert "Disallow: /raus/" in text


@pytest.mark.parametrize(
    ("path", "href"),
    [
        ("/", "/zustaendigkeit/"),
        ("/eltern/", "/zustaendigkeit/?fuer=kind"),
        ("/fachkraefte/", "/zustaendigkeit/?fuer=beruf"),
    ],
)
def test_every_reader_has_a_door_to_the_finder(client: Client, db: None, path: str, href: str) -> None:
    assert href in links(main(page(client, path)))
