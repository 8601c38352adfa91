"""The desk as pages: the own inbox only, every reading recorded, nothing left in the admin's own records."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from counseling.actions.desk import visit_inbox
from counseling.actions.enquiries import conversation
from counseling.models import DeskVisit, Enquiry, Message, TextBlock
from directory.models import Agency
from directory.versions import content_version
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory, ContactPointFactory
from tests.factories.enquiries import AT, CANARY, counselor, sent

pytestmark = pytest.mark.django_db
INBOX = "/admin/counseling/enquiry/"


@pytest.fixture(autouse=True)
def clock(fix_time: Any) -> None:
    fix_time("2026-11-23 09:30")


@pytest.fixture
def reader() -> User:
    return counselor()


@pytest.fixture
def agency(reader: User) -> Agency:
    return reader.membership.agency


@pytest.fixture
def desk(client: Client, reader: User) -> Client:
    return log_in(client, reader)


def page_of(enquiry: Enquiry) -> str:
    return reverse("admin:counseling_enquiry_change", args=[enquiry.pk])


def test_inbox_shows_own_rows_the_oldest_promise_first(desk: Client, agency: Agency) -> None:
    days = {number: sent(agency, due_at=AT + timedelta(days=number)).enquiry for number in (3, -1, 0)}
    foreign = sent(AgencyFactory()).enquiry
    closed = sent(agency, due_at=AT - timedelta(days=9)).enquiry
    Enquiry.objects.filter(pk=closed.pk).update(status="closed", outcome="talked", closed_at=AT)
    page = desk.get(INBOX)
    order = [page.text.index(f">{days[number].public_id}<") for number in (-1, 0, 3)]
    assert order == sorted(order) and order[-1] < page.text.index(f">{closed.public_id}<")
    assert foreign.public_id not in page.text and CANARY not in page.text
    assert "überfällig seit" in page.text and ">heute<" in page.text


def test_looking_into_the_inbox_opens_the_form(desk: Client, reader: User, agency: Agency) -> None:
    DeskVisit.objects.all().delete()
    form = f"/beratung/anfrage/?stelle={agency.slug}"
    assert "Das liest:" not in Client().get(form).text
    desk.get(INBOX)
    assert "Das liest:" in Client().get(form).text
    assert DeskVisit.objects.get().user == reader


def test_first_look_after_a_silence_renews_the_public_pages(reader: User) -> None:
    """Pages kept by the version would go on saying that nobody reads."""
    DeskVisit.objects.all().delete()
    before = content_version()
    visit_inbox(user=reader, at=AT)
    opened = content_version()
    visit_inbox(user=reader, at=AT + timedelta(days=13))
    assert (opened != before, content_version()) == (True, opened)
    visit_inbox(user=reader, at=AT + timedelta(days=40))
    assert content_version() != opened


def test_reading_answering_and_closing(desk: Client, reader: User, agency: Agency) -> None:
    enquiry = sent(agency).enquiry
    page = desk.get(page_of(enquiry))
    assert page.status_code == 200 and CANARY in page.text and "no-store" in page["Cache-Control"]
    assert not desk.post(page_of(enquiry), {"tun": "antworten", "answer-text": " "}).text.count("Die Antwort ist da.")
    for deed, said in (("fragen", "Wie alt bist du?"), ("antworten", "Komm am Montag.")):
        assert desk.post(page_of(enquiry), {"tun": deed, "answer-text": said}).status_code == 302
    desk.post(page_of(enquiry), {"tun": "notieren", "note-text": "Ruft nie an."})
    texts = [text for _row, text in conversation(enquiry=enquiry, at=AT)]
    assert texts == [CANARY, "Wie alt bist du?", "Komm am Montag."]
    assert "Ruft nie an." in desk.get(page_of(enquiry)).text
    desk.post(page_of(enquiry), {"tun": "abschliessen", "close-outcome": "taken_over"})
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.outcome, enquiry.assigned_to) == ("closed", "taken_over", reader)
    closed = desk.post(page_of(enquiry), {"tun": "antworten", "answer-text": "zu spät"})
    assert closed["Location"] == INBOX
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    wanted = ["open", "open", "ask", "answer", "note", "open", "close"]
    assert list(actions) == [f"enquiry.{name}" for name in wanted]


def test_text_blocks_and_contact_points_are_set_in_without_script(desk: Client, agency: Agency) -> None:
    block = TextBlock.objects.create(agency=agency, title="Gruß", text="Schön, dass du schreibst.")
    foreign = TextBlock.objects.create(agency=AgencyFactory(), title="Fremd", text="Geheim.")
    point = ContactPointFactory(full=True, owner=agency, name="Haus am Markt")
    enquiry = sent(agency).enquiry
    chosen = {"tun": "einsetzen", "answer-text": "Hallo!", "answer-block": block.pk, "answer-point": point.slug}
    text = re.search(
        r"<textarea[^>]*name=\"answer-text\"[^>]*>(.*?)</textarea>", desk.post(page_of(enquiry), chosen).text, re.S
    )
    assert text and "Hallo!\n\nSchön, dass du schreibst.\n\nHaus am Markt\nHauptstraße 1, 39340 Haldensleben" in text[1]
    page = desk.post(page_of(enquiry), {**chosen, "answer-block": foreign.pk})
    assert "Geheim." not in page.text and "Fremd" not in page.text


def test_invitation_is_set_into_the_answer(desk: Client, agency: Agency) -> None:
    point = ContactPointFactory(full=True, owner=agency, name="Haus am Markt")
    page = page_of(sent(agency).enquiry)
    wanted = {"tun": "einladen", "visit-point": point.slug, "visit-day": "2026-12-01", "visit-time": "14:00"}
    text = desk.post(page, wanted).text
    assert "Wir haben Zeit für dich: Dienstag, 1. Dezember um 14:00 Uhr." in text and "Haus am Markt" in text
    assert not Message.objects.filter(kind="answer").exists()
    for wrong in (
        {"visit-day": "2026-11-22"},
        {"visit-day": "2027-11-22"},
        {"visit-point": "fremd"},
        {"visit-time": ""},
    ):
        assert "Wir haben Zeit für dich" not in desk.post(page, {**wanted, **wrong}).text


def test_lead_sees_dates_and_reads_with_a_reason_only(client: Client, agency: Agency, reader: User) -> None:
    lead = log_in(client, staff("leitung", role="lead", agency=agency))
    enquiry = sent(agency).enquiry
    page = lead.get(page_of(enquiry))
    assert page.status_code == 200 and CANARY not in page.text and not AuditEntry.objects.exists()
    assert CANARY not in lead.post(page_of(enquiry), {"tun": "lesen", "reason-reason": " "}).text
    assert CANARY in lead.post(page_of(enquiry), {"tun": "lesen", "reason-reason": "Vertretung"}).text
    assert lead.post(page_of(enquiry), {"tun": "antworten", "answer-text": "x"}).status_code == 404
    assert lead.post(page_of(enquiry), {"tun": "zuweisen", "assign-to": reader.pk}).status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.assigned_to == reader
    assert CANARY not in lead.get(page_of(enquiry)).text


@pytest.mark.parametrize("who", ["technician", "coordinator", "editor", "foreign"])
def test_nobody_else_sees_that_there_is_one(client: Client, agency: Agency, who: str) -> None:
    enquiry = sent(agency).enquiry
    person = {
        "technician": lambda: staff("technik", is_superuser=True),
        "coordinator": lambda: staff("koordination", role="coordinator"),
        "editor": lambda: staff("redaktion", agency=agency),
        "foreign": lambda: counselor("fremd"),
    }[who]()
    log_in(client, person)
    for path in (page_of(enquiry), f"{INBOX}{enquiry.pk}/history/", f"{INBOX}{enquiry.pk}/delete/"):
        assert (
            client.get(path).status_code == client.post(path, {"tun": "lesen", "reason-reason": "x"}).status_code == 404
        )
    listed = client.get(INBOX)
    assert listed.status_code == (200 if who == "foreign" else 403) and enquiry.public_id not in listed.text
    assert enquiry.public_id not in client.get("/admin/").text


def test_youth_office_passes_it_on_and_does_not_see_it_any_more(client: Client) -> None:
    office = AgencyFactory(kind="youth_welfare_office")
    mine, other = counselor("eins", agency=office), counselor("zwei", agency=office)
    enquiry = sent(office).enquiry
    log_in(client, mine)
    assert client.post(page_of(enquiry), {"tun": "zuweisen", "assign-to": other.pk})["Location"] == INBOX
    assert client.get(page_of(enquiry)).status_code == 404


def test_wrong_key_is_said_to_staff(desk: Client, agency: Agency, settings: Any) -> None:
    enquiry = sent(agency).enquiry
    settings.ENQUIRY_KEYS, settings.ENQUIRY_KEY_FILE = "", "/gibt/es/nicht"
    page = desk.get(page_of(enquiry))
    assert page.status_code == 503 and "Der Schlüssel passt nicht oder fehlt." in page.text


def test_nothing_stays_in_history_sessions_or_log(desk: Client, agency: Agency, caplog: Any) -> None:
    enquiry = sent(agency).enquiry
    desk.get(page_of(enquiry))
    desk.post(page_of(enquiry), {"tun": "antworten", "answer-text": CANARY})
    desk.get(INBOX, {"q": CANARY, "status__exact": "x", "agency__name": CANARY})
    assert not LogEntry.objects.exists()
    assert all(CANARY not in str(session.get_decoded()) for session in Session.objects.all())
    assert CANARY not in caplog.text
