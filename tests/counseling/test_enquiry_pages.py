"""The pages of an enquiry, as a browser without script and without cookies uses them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as portal
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from counseling.codes import Code
from counseling.enquiry_forms import signed_token
from counseling.models import DeskVisit, Enquiry, EnquiryDesk, Message, Topic
from counseling.sealing import Keys, unseal
from counseling.sentences import SENTENCES, composed, topic_of
from directory.models import Agency, Role, roles_at
from offers.models import Offer
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory, ContactPointFactory
from tests.factories.enquiries import AT, CANARY, counselor, sent
from tests.naughty import NAUGHTY
from tools.readability import measure, official_names, page_texts

pytestmark = pytest.mark.django_db
FORM, ANSWER = "/beratung/anfrage/", "/antwort/"
NOW = "2026-11-23 09:30"


@pytest.fixture
def clock(fix_time: Any) -> Any:
    fix_time(NOW)
    return fix_time


@pytest.fixture
def reader(clock: Any) -> User:
    return counselor()


@pytest.fixture
def agency(reader: User) -> Agency:
    return reader.membership.agency


def posted(agency: Agency, clock: Any, **changes: Any) -> dict[str, Any]:
    """Return a filled-in form, opened five seconds ago."""
    clock("2026-11-23 09:29:55")
    token = signed_token(at=timezone.now())
    clock(NOW)
    return {"stelle": agency.slug, "token": token, "message": CANARY, "way": "code", "website": "", **changes}


def code_in(page: Any) -> str:
    found = re.search(r"<code[^>]*>([\w-]+)</code>", page.text)
    assert found, page.text
    return found[1]


def field(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found[1]


def test_form_names_receiver_promise_and_sets_no_cookie(client: Client, agency: Agency) -> None:
    EnquiryDesk.objects.create(agency=agency, notice="Hier steht **unser** Hinweis.", answer_within_days=1)
    page = client.get(FORM, {"stelle": agency.slug, "thema": "schule"})
    assert page.status_code == 200 and not page.cookies
    assert page["Cache-Control"] == "no-store"
    assert f"Das liest: {agency.display_name}. Sonst niemand." in page.text
    assert "bis Dienstag, 24. November 2026" in page.text
    assert "<strong>unser</strong> Hinweis" in page.text
    assert "Wir lesen hier nicht rund um die Uhr." in page.text and "116" in page.text
    assert "data-quick-exit" in page.text
    assert page.text.index("Schule und Abschluss") < page.text.index("Wie geht es weiter?")


def test_sensitive_topic_is_not_taken_from_an_address(client: Client, agency: Agency) -> None:
    page = client.get(FORM, {"stelle": agency.slug, "thema": "zuhause"})
    assert field(page, "thema") == ""


def test_message_is_stored_and_the_code_shown_once(client: Client, agency: Agency, clock: Any) -> None:
    data = posted(agency, clock, first_name="Mira", age_band="15-17")
    first = client.post(FORM, data)
    code = code_in(first)
    assert (first.status_code, first["Cache-Control"], bool(first.cookies)) == (200, "no-store", False)
    assert CANARY not in first.text and "Mira" not in first.text
    assert code_in(client.post(FORM, data)) == code
    clock("2026-11-23 09:41")
    late = client.post(FORM, data)
    assert "Das hast du schon gesendet" in late.text and code not in late.text
    assert Enquiry.objects.count() == 1
    shown = client.post(ANSWER, {"code": code.lower().replace("-", " ")})
    assert CANARY in shown.text and code not in shown.text
    assert shown["Cache-Control"] == "no-store" and not shown.cookies


def test_qr_of_the_card_holds_no_secret(
    client: Client, agency: Agency, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    real = __import__("counseling.qr", fromlist=["qr_drawing"]).qr_drawing
    monkeypatch.setattr("counseling.views.enquiries.qr_drawing", lambda text: drawn.append(text) or real(text))
    client.post(FORM, posted(agency, clock))
    assert drawn == ["http://127.0.0.1:8000/antwort/"]


def test_cards_become_a_text_that_can_be_changed(client: Client, agency: Agency, clock: Any) -> None:
    data = posted(agency, clock, message="Hallo.", cards=["s1", "f1"])
    page = client.post(FORM, {**data, "compose": "1"})
    text = "Ich habe keinen Abschluss.\nIch habe Stress zu Hause.\nHallo."
    assert text in page.text and "checked" not in re.sub(r'value="code"[^>]*checked', "", page.text)
    assert "Da fehlt noch etwas" not in page.text and not Enquiry.objects.exists()
    client.post(FORM, posted(agency, clock, message="", cards=["s1", "f1"]))
    assert Enquiry.objects.get().topic == Topic.SCHOOL
    shown = client.post(ANSWER, {"code": code_in(client.post(FORM, posted(agency, clock, message="", cards=["r1"])))})
    assert "Ich will nur reden." in shown.text


def test_there_are_enough_cards_and_each_ends_a_sentence() -> None:
    sentences = [str(text) for cards in SENTENCES.values() for text in cards.values()]
    assert len(sentences) == len(set(sentences)) >= 40
    assert all(text.endswith((".", "?")) for text in sentences)
    assert set(SENTENCES) == set(Topic)
    assert composed("Ich habe Stress zu Hause.", ["f1"]) == "Ich habe Stress zu Hause."
    assert [topic_of(cards, "schule") for cards in (["r1", "g1"], ["r1"], [])] == ["geld", "reden", "schule"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"message": " "}, "Schreib uns kurz, was los ist."),
        ({"message": "x" * 4001}, "Das ist zu lang."),
        ({"way": ""}, "Sag uns, wie wir dir antworten sollen."),
        ({"way": "brieftaube"}, "Diesen Weg kennen wir nicht."),
        ({"way": "mail"}, "Schreib deine E-Mail-Adresse dazu."),
        ({"way": "mail", "email": "kein @"}, "So sieht keine E-Mail-Adresse aus."),
        ({"way": "phone"}, "Schreib deine Nummer dazu."),
        ({"way": "phone", "phone": "ruf an"}, "Schreib die Nummer nur mit Ziffern."),
        ({"cards": ["nix"]}, "Diesen Satz kennen wir nicht."),
        ({"age_band": "99"}, "Wähl dein Alter bitte noch einmal."),
    ],
)
def test_what_is_missing_is_said_kindly_and_nothing_is_lost(
    client: Client, agency: Agency, clock: Any, changes: dict[str, Any], said: str
) -> None:
    page = client.post(FORM, posted(agency, clock, **{"first_name": "Mira", **changes}))
    assert page.status_code == 200 and said in page.text and "<title>Fehler: " in page.text
    assert 'value="Mira"' in page.text
    assert not Enquiry.objects.exists()


def test_address_nobody_shall_use_is_not_kept(client: Client, agency: Agency, clock: Any) -> None:
    code = code_in(client.post(FORM, posted(agency, clock, email="kind@example.org", phone="0171 123456")))
    ticket = field(client.post(ANSWER, {"code": code}), "ticket")
    data = client.post(ANSWER, {"ticket": ticket, "tun": "json"}).json()
    assert (data["about"]["email"], data["about"]["phone"]) == ("", "")


def test_program_and_haste_are_asked_to_press_again(client: Client, agency: Agency, clock: Any) -> None:
    data = posted(agency, clock, website="https://spam.example")
    page = client.post(FORM, data)
    assert "Drück bitte noch einmal" in page.text and CANARY in page.text and not Enquiry.objects.exists()
    hasty = {**data, "website": "", "token": signed_token(at=timezone.now())}
    assert "Drück bitte noch einmal" in client.post(FORM, hasty).text
    clock("2026-11-23 09:30:04")
    assert code_in(client.post(FORM, hasty))


def test_old_or_broken_token_gets_a_new_one_and_keeps_the_text(client: Client, agency: Agency, clock: Any) -> None:
    for token in ("kaputt", "", posted(agency, clock)["token"] + "x"):
        page = client.post(FORM, posted(agency, clock, token=token))
        assert "Die Seite war lange offen" in page.text and CANARY in page.text
        assert field(page, "token") != token
    assert not Enquiry.objects.exists()


def test_thirty_pupils_get_through_and_the_rest_keeps_its_text(client: Client, agency: Agency, clock: Any) -> None:
    answers = [client.post(FORM, posted(agency, clock)) for _pupil in range(41)]
    assert [page.status_code for page in answers] == [200] * 40 + [429]
    assert Enquiry.objects.count() == 40
    assert CANARY in answers[-1].text and "Warte 60 Minuten" in answers[-1].text


def test_flood_gets_503_with_the_text(client: Client, agency: Agency, clock: Any, settings: Any) -> None:
    settings.MOST_WAITING_ENQUIRIES = 0
    page = client.post(FORM, posted(agency, clock))
    assert page.status_code == 503 and CANARY in page.text


def test_without_key_nothing_is_stored_and_the_text_is_kept(
    client: Client, agency: Agency, clock: Any, settings: Any
) -> None:
    settings.ENQUIRY_KEYS, settings.ENQUIRY_KEY_FILE = "", "/gibt/es/nicht"
    page = client.post(FORM, posted(agency, clock))
    assert page.status_code == 503 and CANARY in page.text and not Enquiry.objects.exists()


def test_database_away_gives_the_text_back(
    client: Client, agency: Agency, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = posted(agency, clock, first_name="Mira")

    def away(*_args: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("counseling.views.enquiries.content_version", away)
    page = client.post(FORM, data)
    assert page.status_code == 503 and CANARY in page.text and 'name="first_name" value="Mira"' in page.text
    assert "noch einmal" in page.text


def test_form_of_another_site_is_refused(client: Client, agency: Agency, clock: Any) -> None:
    data = posted(agency, clock)
    for path, sent_data in ((FORM, data), (ANSWER, {"code": "x"})):
        assert client.post(path, sent_data, headers={"origin": "https://evil.example"}).status_code == 403
    assert not Enquiry.objects.exists()
    assert client.post(FORM, data, headers={"origin": "http://testserver"}).status_code == 200


@pytest.mark.parametrize("days", [13, 15])
def test_form_is_offered_only_while_somebody_reads(client: Client, clock: Any, days: int) -> None:
    person = counselor(at=AT - timedelta(days=days))
    point = ContactPointFactory(full=True, owner=person.membership.agency, name="Haus am Markt")
    for name in (person.membership.agency.slug, point.slug):
        page = client.get(FORM, {"stelle": name})
        assert ("Das liest:" in page.text) is (days < 14)
        assert ("Hier liest gerade niemand" in page.text and "Haus am Markt" in page.text) is (days > 14)
    User.objects.update(is_active=False)
    clock("2026-11-23 09:30:10")  # a process looks every ten seconds
    assert "Das liest:" not in client.get(FORM, {"stelle": point.slug}).text


def test_lead_who_looks_does_not_count_as_reader(client: Client, clock: Any) -> None:
    person = counselor()
    person.membership.role = "lead"
    person.membership.save()
    assert "Das liest:" not in client.get(FORM, {"stelle": person.membership.agency.slug}).text


def test_shared_door_asks_first_who_shall_read(client: Client, reader: User, agency: Agency, clock: Any) -> None:
    other = counselor("andere", agency=AgencyFactory(kind="counselling", name="Zweite Stelle")).membership.agency
    point = ContactPointFactory(full=True, owner=agency, shared_with=[other])
    page = client.get(FORM, {"stelle": point.slug, "thema": "schule"})
    assert "Wen willst du fragen?" in page.text and "<textarea" not in page.text
    links = re.findall(r'href="(/beratung/anfrage/\?stelle=[^"]*)"', page.text)
    assert len(links) == 2 and all(f"bei={point.slug}&amp;thema=schule" in link for link in links)
    chosen = client.get(links[1].replace("&amp;", "&"))
    assert "Das liest: Zweite Stelle." in chosen.text and field(chosen, "bei") == point.slug
    DeskVisit.objects.filter(user=reader).delete()
    clock("2026-11-23 09:30:10")
    assert "Das liest: Zweite Stelle." in client.get(FORM, {"stelle": point.slug}).text


def test_intake_of_the_coordination_is_an_agency_of_its_own(client: Client, region: None, clock: Any) -> None:
    intake, office = (Agency.objects.get(slug=portal.REGION[key]) for key in ("intake_agency", "coordination_agency"))
    assert Role.COUNSELOR in roles_at(intake) and roles_at(office) == (Role.COORDINATOR,)
    counselor(agency=intake)
    page = client.get(FORM, {"stelle": portal.REGION["coordination_point"]})
    assert f"Das liest: {intake.display_name}. Sonst niemand." in page.text
    coordinator = staff("koordination", role="coordinator", agency=office)
    enquiry = sent(intake).enquiry
    assert not Enquiry.objects.visible_to(coordinator).exists()
    assert enquiry.public_id not in log_in(Client(), coordinator).get("/admin/wartet/").text


def test_who_is_responsible_is_made_of_the_data(
    client: Client, agency: Agency, clock: Any, django_assert_max_num_queries: Any
) -> None:
    other = counselor("andere", agency=AgencyFactory(kind="counselling", name="Zweite Stelle")).membership.agency
    EnquiryDesk.objects.create(agency=other, notice="Wir **lesen** das.", privacy_contact="Datenschutz, Zimmer 3")
    silent = AgencyFactory(name="Stille Stelle")
    with django_assert_max_num_queries(6):
        text = client.get("/beratung/verantwortlich/").text
    assert all(word in text for word in (agency.display_name, "<strong>lesen</strong>", "Zimmer 3", "Art. 6 Abs. 1 e"))
    assert silent.name not in text
    DeskVisit.objects.all().delete()
    assert "Gerade nimmt keine Stelle Nachrichten an." in client.get("/beratung/verantwortlich/").text


def test_answer_by_get_shows_only_the_form(client: Client, agency: Agency) -> None:
    code = sent(agency).code
    page = client.get(ANSWER, {"code": str(code), "ticket": "x"})
    assert page.status_code == 200 and CANARY not in page.text and str(code) not in page.text
    assert page["Cache-Control"] == "no-store"


def test_wrong_code_and_waiting_time_are_said(client: Client, agency: Agency) -> None:
    code = sent(agency).code
    assert code is not None
    assert "Schreib deinen Code in das Feld." in client.post(ANSWER, {"code": ""}).text
    for _time in range(5):
        assert (
            "Diesen Code kennen wir nicht." in client.post(ANSWER, {"code": str(Code(code.public_id, "2" * 13))}).text
        )
    page = client.post(ANSWER, {"code": str(code)})
    assert page.status_code == 429 and "Warte 60 Minuten." in page.text


def test_code_page_shows_writes_gives_and_deletes(client: Client, agency: Agency, clock: Any) -> None:
    found = sent(agency)
    page = client.post(ANSWER, {"code": str(found.code)})
    ticket = field(page, "ticket")
    assert found.enquiry.public_id not in re.search(r"<title>(.*?)</title>", page.text)[1]  # type: ignore[index]
    missing = client.post(ANSWER, {"ticket": ticket, "tun": "schreiben", "text": " "})
    assert "Schreib kurz, was du sagen willst." in missing.text
    client.post(ANSWER, {"ticket": ticket, "tun": "schreiben", "text": "Noch etwas."})
    assert Message.objects.count() == 2
    data = client.post(ANSWER, {"ticket": ticket, "tun": "daten"})
    assert all(text in data.text for text in (CANARY, "Noch etwas.", found.enquiry.public_id, "Wird gelöscht am"))
    as_json = client.post(ANSWER, {"ticket": ticket, "tun": "json"})
    assert [row["text"] for row in as_json.json()["messages"]] == [CANARY, "Noch etwas."]
    assert as_json["Content-Disposition"] == 'attachment; filename="gespeichert.json"'
    assert "Alles löschen?" in client.post(ANSWER, {"ticket": ticket, "tun": "loeschen"}).text
    assert Enquiry.objects.exists()
    assert "Alles ist gelöscht" in client.post(ANSWER, {"ticket": ticket, "tun": "wirklich"}).text
    assert not Enquiry.objects.exists()
    for again in ({"ticket": ticket, "tun": "daten"}, {"code": str(found.code)}):
        page = client.post(ANSWER, again)
        assert page.status_code == 200 and CANARY not in page.text


def test_ticket_ends_after_half_an_hour_and_cannot_be_made_up(client: Client, agency: Agency, clock: Any) -> None:
    ticket = field(client.post(ANSWER, {"code": str(sent(agency).code)}), "ticket")
    clock("2026-11-23 10:01")
    for value in (ticket, ticket[:-1], str(Enquiry.objects.get().pk), ""):
        page = client.post(ANSWER, {"ticket": value, "tun": "daten"})
        assert "Die Seite war lange offen." in page.text and CANARY not in page.text


def test_late_answer_is_admitted(client: Client, agency: Agency, clock: Any) -> None:
    code = sent(agency).code
    clock("2026-11-26 09:00")
    assert "Das haben wir nicht geschafft." in client.post(ANSWER, {"code": str(code)}).text


@pytest.mark.parametrize("is_read", [True, False])
def test_pages_lead_to_the_form_only_where_somebody_reads(
    client: Client, region: None, clock: Any, is_read: bool
) -> None:
    office = Agency.objects.get(slug=portal.REGION["youth_office_agency"])
    door = portal.REGION["youth_office_point"]
    counselor(agency=office, at=AT if is_read else AT - timedelta(days=20))
    link = f'href="{FORM}?stelle={door}"'
    facts = {"concern": "trouble_at_home", "age": "15", "place": "15083270", "ergebnis": "1"}
    assert (link in client.get(f"/anlaufstellen/{door}/").text) is is_read
    offer = Offer.objects.published(on=AT.date()).filter(contact__slug=door).first()
    assert offer and (link in client.get(offer.get_absolute_url()).text) is is_read
    assert (f"{FORM}?stelle=" in client.post("/zustaendigkeit/", facts).text) is is_read
    assert FORM not in client.post("/zustaendigkeit/", {**facts, "fuer": "kind"}).text


def test_texts_are_easy_enough(client: Client, agency: Agency, clock: Any) -> None:
    ContactPointFactory(full=True, owner=agency)
    code = {"code": str(sent(agency).code)}
    ticket = {"ticket": field(client.post(ANSWER, code), "ticket")}
    pages = [
        client.get(FORM, {"stelle": agency.slug}),
        client.post(FORM, posted(agency, clock)),
        client.post(ANSWER, code),
        *(client.post(ANSWER, {**ticket, "tun": deed}) for deed in ("daten", "loeschen", "wirklich")),
    ]
    texts = [text for page in pages for text in page_texts(FORM, "youth", page.text)]
    assert [str(row) for row in measure(texts, official_names(portal.REGION_DIR)) if row.is_too_hard] == []


@pytest.mark.slow
def test_naughty_values_in_every_field(client: Client, agency: Agency, clock: Any, quick_pages: None) -> None:
    """Stored as they were or refused kindly; every value in the message and in one other field."""
    client.raise_request_exception = False
    names = ["first_name", "email", "phone", "call_when", "municipality", "age_band", "way", "cards", "website"]
    names += ["token", "stelle", "bei", "thema", "compose"]
    wrong = []
    for number, value in enumerate(NAUGHTY):
        data = posted(agency, clock, message=f"a{value}", **{names[number % len(names)]: value})
        page = client.post(FORM, data, REMOTE_ADDR=f"192.0.2.{number}")
        if page.status_code not in (200, 429):
            wrong.append((page.status_code, names[number % len(names)], value))
        for sent_data in ({"code": value}, {"ticket": value, "tun": value}):
            if client.post(ANSWER, sent_data, REMOTE_ADDR=f"192.0.2.{number}").status_code not in (200, 429):
                wrong.append((sent_data, value))
    assert wrong == []
    keys = Keys()
    stored = {unseal(row, "text", keys=keys) for row in Message.objects.all()}
    assert len(stored) > 15
    plain = {f"a{value}".replace("\r\n", "\n").replace("\r", "\n").strip() for value in NAUGHTY}
    assert {text.replace("\r\n", "\n").replace("\r", "\n").strip() for text in stored} <= plain


def test_poster_leads_a_class_to_the_form_and_to_nothing_sensitive(client: Client, agency: Agency, clock: Any) -> None:
    page = client.get("/fachkraefte/aushang/", {"stelle": agency.slug, "thema": "ausbildung"})
    address = f"http://127.0.0.1:8000{FORM}?stelle={agency.slug}&amp;thema=ausbildung"
    assert f"<strong>{address}</strong>" in page.text and "<svg" in page.text and not page.cookies
    assert f"Das liest: {agency.display_name}." in page.text
    assert "Dieses Thema gibt es hier nicht." in client.get("/fachkraefte/aushang/", {"thema": "zuhause"}).text
    DeskVisit.objects.all().delete()
    gone = client.get("/fachkraefte/aushang/", {"stelle": agency.slug})
    assert "Hier liest gerade niemand Anfragen." in gone.text and FORM not in gone.text


def test_receipt_holds_nothing_of_the_person_before(client: Client, agency: Agency, clock: Any) -> None:
    """The page is kept with holes: each gets the own code and the own agency."""
    other = counselor("andere", agency=AgencyFactory(name="Zweite Stelle")).membership.agency
    ContactPointFactory(full=True, owner=other)
    pages = [client.post(FORM, posted(to, clock, message=f"Text {to.pk}")).text for to in (agency, other)]
    codes = [re.findall(r'<code translate="no">([0-9A-Z-]{21})</code>', page) for page in pages]
    assert [len(found) for found in codes] == [1, 1] and codes[0] != codes[1]
    assert codes[0][0] not in pages[1] and f"Text {agency.pk}" not in pages[1]
    assert "Zweite Stelle liest deine Nachricht" in pages[1] and "Zweite Stelle" not in pages[0]
    assert {codes[0][0][:4], codes[1][0][:4]} == set(Enquiry.objects.values_list("public_id", flat=True))
