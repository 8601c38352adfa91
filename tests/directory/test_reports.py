""" "Stimmt etwas nicht?": what visitors send, who reads it, and what the record says afterwards."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import outbox
from accounts.models import AuditEntry, OutboxMessage, Throttle
from directory import reports
from directory.models import ContactPoint, Page, VisitorReport
from directory.report_form import ReportForm, looks_personal, new_stamp
from directory.report_work import REPORTS
from directory.reportable import find
from directory.reports import answer, finished, hand_over, receive, texts_to_empty
from offers.models import OfferAgency
from ruemsa_portal.retention import RULES, purge
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory, ContactPointFactory, GlossaryTermFactory
from tests.factories.offers import OfferFactory
from tests.naughty import NAUGHTY

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
AGO = timedelta(seconds=10)


@pytest.fixture(autouse=True)
def noon(fix_time: Any) -> None:
    fix_time("2026-11-22 10:00")


@pytest.fixture
def point(db: None) -> ContactPoint:
    return ContactPointFactory(slug="haus", name="Haus am Markt")


def send(client: Client, art: str = "anlaufstelle", name: str = "haus", **values: str) -> Any:
    data = {"grund": "telefon", "text": "", "stempel": new_stamp(at=NOW - AGO), **values}
    return client.post(f"/hinweis/?art={art}&name={name}", data)


def test_a_report_is_stored_without_a_person_and_thanked_for(client: Client, point: ContactPoint) -> None:
    response = send(client, text="Da geht niemand ran.")
    assert (response.status_code, response["Location"]) == (302, "/hinweis/danke/?art=anlaufstelle&name=haus")
    page = client.get(response["Location"])
    assert "Danke für deinen Hinweis" in page.text
    row = VisitorReport.objects.get()
    assert (row.kind, row.key, row.title, row.agency, row.reason, row.text, row.state, row.created_at) == (
        "anlaufstelle", str(point.pk), "Haus am Markt", point.owner, "telefon", "Da geht niemand ran.", "open", NOW,
    )  # fmt: skip
    assert {field.name for field in VisitorReport._meta.fields} == {
        "id", "kind", "key", "title", "agency", "reason", "text", "created_at", "token", "state", "closed_at", "note",
        "note_on",
    }  # fmt: skip


def test_every_kind_of_record_goes_to_its_owner(client: Client, point: ContactPoint) -> None:
    maker, payer = AgencyFactory(), AgencyFactory()
    offer = OfferFactory(slug="kurs")
    OfferAgency.objects.create(offer=offer, agency=payer, role="funder")
    OfferAgency.objects.create(offer=offer, agency=maker, role="provider")
    GlossaryTermFactory(slug="amt")
    OfferFactory(slug="allein")
    for art, name in (
        ("angebot", "kurs"),
        ("angebot", "allein"),
        ("stelle", payer.slug),
        ("wort", "amt"),
        ("seite", "impressum"),
        ("seite", "barrierefreiheit"),
    ):
        assert send(client, art, name).status_code == 302, (art, name)
    found = VisitorReport.objects.order_by("pk").values_list("kind", "agency")
    assert list(found) == [
        ("angebot", maker.pk), ("angebot", None), ("stelle", payer.pk), ("wort", None), ("seite", None), ("seite", None),
    ]  # fmt: skip


@pytest.mark.parametrize("query", ["", "?art=angebot", "?art=anlaufstelle&name=geheim", "?art=nix&name=haus"])
def test_what_is_not_public_cannot_be_reported(client: Client, point: ContactPoint, query: str) -> None:
    ContactPointFactory(slug="geheim", status="draft")
    assert client.get(f"/hinweis/{query}").status_code == 404
    assert client.get(f"/hinweis/danke/{query}").status_code == 404
    response = client.post(f"/hinweis/{query}", {"text": "Das bleibt <b>stehen</b>."})
    assert (response.status_code, VisitorReport.objects.count()) == (400, 0)
    assert "Das bleibt &lt;b&gt;stehen&lt;/b&gt;." in response.text


def test_no_cookie_but_the_one_of_the_form_and_no_cache(client: Client, point: ContactPoint) -> None:
    form = client.get("/hinweis/?art=anlaufstelle&name=haus")
    assert set(form.cookies) == {"csrftoken"}
    assert "no-store" in form["Cache-Control"]
    after = Client().get("/hinweis/danke/?art=anlaufstelle&name=haus")
    assert (set(after.cookies), "no-store" in after["Cache-Control"]) == (set(), True)
    page = Client().get(point.get_absolute_url())
    assert 'href="/hinweis/?art=anlaufstelle&amp;name=haus"' in page.text
    assert set(page.cookies) == set()
    strict = Client(enforce_csrf_checks=True)
    assert send(strict).status_code == 403


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"stempel": new_stamp(at=NOW - timedelta(seconds=2))}, "Das ging sehr schnell"),
        ({"stempel": "gefälscht"}, "zu lange offen"),
        ({"stempel": ""}, "zu lange offen"),
        ({"stempel": new_stamp(at=NOW - timedelta(days=2))}, "zu lange offen"),
        ({"stempel": new_stamp(at=NOW + timedelta(minutes=5))}, "zu lange offen"),
        ({"website": "https://spam.example/"}, "Ein Feld muss leer bleiben"),
        ({"grund": ""}, "Wähl aus, was nicht stimmt."),
        ({"grund": "erfunden"}, "Wähl aus, was nicht stimmt."),
        ({"text": "x" * 501}, "Es passen nur 500 Zeichen hinein."),
        ({"text": "Ruf mich an: 0171 2345678"}, "Ist es deine eigene?"),
    ],
)
def test_nothing_is_dropped_in_silence_and_typed_text_stays(
    client: Client, point: ContactPoint, values: dict[str, str], words: str
) -> None:
    response = send(client, **{"text": "Was ich schrieb", **values})
    assert response.status_code == 200
    assert words in response.text
    assert values.get("text", "Was ich schrieb") in response.text
    assert not VisitorReport.objects.exists()


def test_pressing_again_sends_what_was_asked_about(client: Client, point: ContactPoint, fix_time: Any) -> None:
    for number, values in enumerate(
        [{"stempel": new_stamp(at=NOW)}, {"stempel": "x"}, {"website": "x"}, {"text": "Mail an a@b.example"}]
    ):
        fix_time("2026-11-22 10:00")
        form = send(client, **values).context["form"]
        again = {name: form[name].value() or "" for name in form.fields}
        fix_time("2026-11-22 10:01")
        assert client.post("/hinweis/?art=anlaufstelle&name=haus", again).status_code == 302
        assert VisitorReport.objects.count() == number + 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Nummer 03904 7240-14 ist falsch", True),
        ("+49 (0) 171/2345678", True),
        ("schreib an lea.m@schule.example", True),
        ("lea @ schule", False),
        ("Seit 01.09.2026 um 14:30 Uhr zu, auch am 2026-10-01", False),
        ("Haus 12, 3. Etage, 39340 Haldensleben", False),
        ("", False),
    ],
)
def test_what_looks_like_a_number_or_an_address(text: str, expected: bool) -> None:
    assert looks_personal(text) is expected


def test_naughty_texts_are_stored_as_they_are_or_asked_about(client: Client, point: ContactPoint) -> None:
    record = find("anlaufstelle", "haus", on=date(2026, 11, 22))
    assert record
    for value in NAUGHTY:
        data = {"grund": "fehlt", "text": value, "stempel": new_stamp(at=NOW - AGO), "gefragt": "True"}
        form = ReportForm(data, at=NOW)
        if form.is_valid():
            text = form.cleaned_data["text"]
            found = receive(record=record, reason="fehlt", text=text, token=form.token, at=NOW)
            assert VisitorReport.objects.get(pk=found.pk).text == text == value.strip().replace("\r\n", "\n")
        else:
            assert set(form.errors) == {"text"}
    assert VisitorReport.objects.count() > 50
    desk = log_in(Client(), staff("redaktion", agency=point.owner))
    for row in VisitorReport.objects.filter(text__contains="<script")[:20]:
        assert "<script>alert" not in desk.get(f"/admin/directory/visitorreport/{row.pk}/change/").text


def test_the_same_form_twice_is_one_report(client: Client, point: ContactPoint) -> None:
    stamp = new_stamp(at=NOW - AGO)
    assert [send(client, stempel=stamp).status_code for _ in range(3)] == [302, 302, 302]
    assert VisitorReport.objects.count() == 1


def test_a_class_gets_through_and_a_flood_does_not(client: Client, point: ContactPoint, fix_time: Any) -> None:
    codes = [send(client).status_code for _ in range(31)]
    assert codes == [302] * 30 + [429]
    refused = send(client, text="Bleibt stehen")
    assert "Warte 6 Minuten." in refused.text
    assert "Bleibt stehen" in refused.text
    for minute in range(1, 60, 3):
        fix_time(f"2026-11-22 10:{minute:02}")
        send(client, stempel=new_stamp(at=NOW))
    assert VisitorReport.objects.count() <= 40
    assert send(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302
    assert not Throttle.objects.filter(key__contains="192.0.2").exists()


def test_a_full_queue_and_a_lost_database_keep_the_text(
    client: Client, point: ContactPoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "MOST_OPEN", 0)
    full = send(client, text="Bleibt stehen")
    monkeypatch.setattr("directory.views.reports.find", lambda *_args, **_options: raise_(OperationalError()))
    away = send(client, text="Bleibt stehen")
    for response in (full, away):
        assert (response.status_code, response["Retry-After"]) == (503, "60")
        assert re.search(r"<textarea[^>]*>\s*Bleibt stehen</textarea>", response.text)
    assert "Der Fehler liegt bei uns." in full.text and "Bitte noch einmal senden" in away.text


def raise_(error: Exception) -> None:
    raise error


def test_one_mail_a_day_without_content_to_whoever_answers(client: Client, point: ContactPoint) -> None:
    staff("redaktion", agency=point.owner)
    staff("beratung", role="counselor", agency=point.owner)
    staff("fort", agency=point.owner, is_active=False)
    staff("koordination", role="coordinator")
    for _ in range(3):
        send(client, text="Geheimer Text")
    send(client, "seite", "impressum", text="Geheimer Text")
    assert list(OutboxMessage.objects.values_list("subject", flat=True)) == [
        f"{point.owner_id}:2026-11-22",
        "0:2026-11-22",
    ]
    while outbox.deliver_next(at=NOW):
        pass
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["redaktion@example.org"], "Es gibt einen Hinweis"),
        (["koordination@example.org"], "Es gibt einen Hinweis"),
    ]
    for message in mail.outbox:
        assert "/admin/directory/visitorreport/?state__exact=open" in message.body
        assert "Geheim" not in message.body
        assert "Haus am Markt" not in message.body


def test_no_mail_when_everything_is_answered_before_it_leaves(client: Client, point: ContactPoint) -> None:
    lead = staff("leitung", role="lead", agency=point.owner)
    send(client)
    answer(report=VisitorReport.objects.get(), state="fine", note="", by=lead, at=NOW)
    assert outbox.deliver_next(at=NOW) == OutboxMessage.State.NOT_NEEDED
    assert mail.outbox == []


def report_on(point: ContactPoint, **values: Any) -> VisitorReport:
    number = VisitorReport.objects.count()
    fields = {"kind": "anlaufstelle", "key": str(point.pk), "title": point.name, "agency": point.owner, "text": "Text"}
    return VisitorReport.objects.create(
        **{**fields, "reason": "veraltet", "created_at": NOW, "token": f"t{number}", **values}
    )


def test_the_answer_stands_on_the_record_for_90_days(client: Client, point: ContactPoint, fix_time: Any) -> None:
    editor = staff("redaktion", agency=point.owner)
    report = report_on(point)
    assert "Antwort auf einen Hinweis" not in client.get(point.get_absolute_url()).text
    answer(report=report, state="done", note="Telefonnummer <b>berichtigt</b>", by=editor, at=NOW)
    text = client.get(point.get_absolute_url()).text
    assert "Antwort auf einen Hinweis: Telefonnummer &lt;b&gt;berichtigt&lt;/b&gt; (22. November 2026)" in text
    other = ContactPointFactory()
    assert "Antwort auf einen Hinweis" not in client.get(other.get_absolute_url()).text
    for day, is_there in (("2027-02-19 12:00", True), ("2027-02-20 12:00", False)):
        fix_time(day)
        assert ("Antwort auf einen Hinweis" in client.get(point.get_absolute_url()).text) is is_there
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.agency, entry.detail) == (
        "visitorreport.answer", f"directory.visitorreport:{report.pk}", point.owner_id, "done, note",
    )  # fmt: skip


def test_answers_stand_on_every_kind_of_page(client: Client, point: ContactPoint) -> None:
    editor = staff("redaktion", agency=point.owner)
    offer, term = OfferFactory(), GlossaryTermFactory()
    Page.objects.create(slug="impressum", title="Impressum", body="Text.")
    pages = {
        ("angebot", str(offer.pk)): offer.get_absolute_url(),
        ("stelle", str(point.owner_id)): point.owner.get_absolute_url(),
        ("wort", str(term.pk)): "/glossar/",
        ("seite", "impressum"): "/impressum/",
    }
    for number, ((kind, key), path) in enumerate(pages.items()):
        report = report_on(point, kind=kind, key=key)
        answer(report=report, state="done", note=f"Berichtigt {number}", by=editor, at=NOW)
        assert f"Antwort auf einen Hinweis: Berichtigt {number} (22. November 2026)" in client.get(path).text
        assert "Stimmt etwas nicht?" in client.get(path).text


def test_answers_cost_the_pages_no_query_of_their_own(client: Client, point: ContactPoint) -> None:
    path = point.get_absolute_url()
    client.get(path)
    editor = staff("redaktion", agency=point.owner)
    before = reports_queries(client, path)
    answer(report=report_on(point), state="done", note="Berichtigt", by=editor, at=NOW)
    client.get(path)  # fills the memory again after the content changed
    assert reports_queries(client, path) == before


def reports_queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def test_handing_over_moves_the_report_and_tells_the_other(point: ContactPoint) -> None:
    editor, other = staff("redaktion", agency=point.owner), AgencyFactory()
    report = report_on(point)
    hand_over(report=report, to=other, by=editor, at=NOW)
    report.refresh_from_db()
    assert (report.agency, report.state) == (other, "open")
    assert OutboxMessage.objects.get().subject == f"{other.pk}:2026-11-22"
    assert AuditEntry.objects.get().agency == point.owner_id
    with pytest.raises(ValueError, match="open"):
        answer(report=report, state="open", note="", by=editor, at=NOW)


def test_reports_wait_in_the_queue_of_their_agency(point: ContactPoint, django_assert_num_queries: Any) -> None:
    editor = staff("redaktion", agency=point.owner)
    counselor = staff("beratung", role="counselor", agency=point.owner)
    mine = report_on(point, reason="telefon")
    report_on(point, agency=None)
    report_on(point, state="done", closed_at=NOW)
    reach = frozenset([point.owner_id])
    on = date(2026, 11, 22)
    editor.has_perm("directory.change_visitorreport")
    with django_assert_num_queries(1):
        (item,) = REPORTS.waiting(user=editor, agencies=reach, on=on, limit=10)
    assert (item.title, item.agency, item.since, item.urgent, item.url) == (
        "Die Telefonnummer ist falsch: Haus am Markt", point.owner_id, on, True,
        f"/admin/directory/visitorreport/{mine.pk}/change/",
    )  # fmt: skip
    assert list(REPORTS.waiting(user=counselor, agencies=reach, on=on, limit=10)) == []
    with django_assert_num_queries(1):
        assert REPORTS.counts(agencies=None, on=on) == {point.owner_id: 1, None: 1}
    assert REPORTS.counts(agencies=reach, on=on) == {point.owner_id: 1}


def test_texts_and_reports_go_in_time(point: ContactPoint) -> None:
    day = timedelta(days=1)
    kept = report_on(point, created_at=NOW - 170 * day, state="done", closed_at=NOW - 80 * day)
    text_gone = report_on(
        point, created_at=NOW - 182 * day, state="done", closed_at=NOW - 2 * day, note="Gut", note_on=date(2026, 11, 20)
    )
    report_on(point, created_at=NOW - 182 * day)
    report_on(point, created_at=NOW - 100 * day, state="fine", closed_at=NOW - 92 * day)
    open_one = report_on(point, created_at=NOW - 178 * day)
    on = date(2026, 11, 22)
    rules = {rule.name: rule for rule in RULES}
    assert purge(rules["report_texts"], on=on, dry_run=True) == 3
    assert [purge(rules[name], on=on) for name in ("report_texts", "reports")] == [3, 2]
    assert [purge(rules[name], on=on) for name in ("report_texts", "reports")] == [0, 0]
    assert not texts_to_empty(on).exists()
    assert not finished(on).exists()
    left = VisitorReport.objects.order_by("pk").values_list("pk", "text", "note")
    assert list(left) == [(kept.pk, "Text", ""), (text_gone.pk, "", "Gut"), (open_one.pk, "Text", "")]
