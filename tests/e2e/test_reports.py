"""A visitor without script says that a number is wrong; staff answer; the answer stands on the page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from directory.linkcheck.run import note_uses, used_addresses
from directory.models import ContactPoint, GlossaryTerm, LinkCheck, VisitorReport
from tests.e2e.conftest import PHONE, fits
from tests.e2e.test_admin import axe
from tests.factories.accounts import log_in as log_in_client
from tests.factories.accounts import staff
from tests.urls_under_test import POINT

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def log_in(page: Page, client: Client) -> None:
    page.goto("/admin/login/")
    cookie = {"name": "sessionid", "value": client.session.session_key, "domain": urlsplit(page.url).hostname}
    page.context.add_cookies([{**cookie, "path": "/"}])


@pytest.mark.slow
def test_a_report_goes_from_the_phone_to_the_answer(
    new_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.open_forms.SHORTEST_STAY", timedelta(0))
    visitor = new_page(java_script_enabled=False)
    visitor.goto(f"/anlaufstellen/{POINT}/")
    visitor.get_by_role("link", name="Stimmt etwas nicht?").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Stimmt etwas nicht?")
    visitor.get_by_label("Das ist veraltet").check()
    visitor.get_by_label("Willst du etwas dazu sagen?").fill("Ruf an: 0171 2345678")
    visitor.get_by_role("button", name="Hinweis senden").click()
    # Asked once about the number, then free to decide.
    expect(visitor.get_by_role("alert")).to_contain_text("Ist es deine eigene?")
    visitor.get_by_label("Willst du etwas dazu sagen?").fill("Ihr seid umgezogen.")
    visitor.get_by_role("button", name="Hinweis senden").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Danke für deinen Hinweis")
    assert {cookie["name"] for cookie in visitor.context.cookies()} == {"csrftoken"}
    visitor.get_by_role("link", name="Zurück zu").click()

    point = ContactPoint.objects.get(slug=POINT)
    desk = new_page(viewport=PHONE)
    log_in(desk, log_in_client(Client(), staff("redaktion", agency=point.owner)))
    desk.goto("/admin/directory/visitorreport/")
    assert axe(desk) == []
    desk.get_by_role("link", name=point.name).click()
    expect(desk.get_by_text("Ihr seid umgezogen.")).to_be_visible()
    assert fits(desk)
    assert axe(desk) == []
    desk.get_by_label("Ergebnis").select_option(label="erledigt: die Angabe ist jetzt richtig")
    desk.get_by_label("Öffentliche Antwort").fill("Adresse berichtigt")
    desk.get_by_role("button", name="Sichern", exact=True).click()
    desk.wait_for_url("**/admin/directory/visitorreport/")
    assert VisitorReport.objects.get().state == "done"

    visitor.reload()
    expect(visitor.get_by_text("Antwort auf einen Hinweis: Adresse berichtigt")).to_be_visible()


@pytest.mark.slow
def test_a_link_is_replaced_and_uses_are_named(new_page: Callable[..., Page]) -> None:
    point = ContactPoint.objects.get(slug=POINT)
    ContactPoint.objects.filter(pk=point.pk).update(website="https://alt.example.org/", status="draft")
    note_uses(used_addresses())
    link = LinkCheck.objects.get(address="https://alt.example.org/")
    LinkCheck.objects.filter(pk=link.pk).update(
        status="broken", reason="Die Seite gibt es nicht mehr.", failing_since=NOW, is_confirmed=True
    )
    desk = new_page(viewport=PHONE)
    log_in(desk, log_in_client(Client(), staff("koordination", role="coordinator")))
    term = GlossaryTerm.objects.order_by("pk").first()
    assert term
    for path in (
        f"/admin/directory/linkcheck/{link.pk}/change/",
        "/admin/directory/linkcheck/",
        f"/admin/directory/contactpoint/{point.pk}/verwendung/",
        f"/admin/directory/glossaryterm/{term.pk}/delete/",
    ):
        desk.goto(path)
        assert fits(desk), path
        assert axe(desk) == [], path
    desk.goto(f"/admin/directory/linkcheck/{link.pk}/change/")
    desk.get_by_role("link", name="Überall ersetzen").click()
    assert fits(desk)
    assert axe(desk) == []
    desk.get_by_label("Neue Adresse").fill("https://neu.example.org/")
    desk.get_by_label("Neue Adresse").press("Enter")
    expect(desk.get_by_text("1 Eintrag hat die neue Adresse.")).to_be_visible()
    point.refresh_from_db()
    assert point.website == "https://neu.example.org/"
