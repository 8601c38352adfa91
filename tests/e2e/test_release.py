"""A reviewer releases a change in a real browser: on a phone, by keyboard, with nothing axe objects to."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from directory.models import Agency, Change, ContactPoint
from tests.e2e.conftest import fits
from tests.e2e.test_admin import WATCH, axe
from tests.factories.accounts import log_in, staff
from tests.factories.directory import ContactPointFactory


def enter(page: Page, user: User) -> None:
    """Come in as this person; whoever was there before is out."""
    client = log_in(Client(), user)
    page.goto("/admin/login/")
    cookie = {"name": "sessionid", "value": client.session.session_key, "domain": urlsplit(page.url).hostname}
    page.context.clear_cookies()
    page.context.add_cookies([{**cookie, "path": "/"}])


def fine(page: Page) -> None:
    """Nothing refused by the policy, nothing wider than the phone, nothing axe objects to."""
    assert fits(page), page.url
    assert page.evaluate("window.violations") == [], page.url
    assert axe(page) == [], page.url


@pytest.mark.slow
def test_an_editor_proposes_and_a_reviewer_releases_the_diff(page: Page) -> None:
    agency = Agency.objects.create(slug="amt", name="Amt für Jugend", kind="job_centre", four_eyes=True)
    point = ContactPointFactory(full=True, name="Jugendbüro Nord", owner=agency, source="Auskunft der Stelle")
    editor, lead = staff("anna", agency=agency), staff("lena", role="lead", agency=agency)
    change_page = f"/admin/directory/contactpoint/{point.pk}/change/"
    page.add_init_script(WATCH)
    enter(page, editor)
    page.goto(change_page)
    page.get_by_label("Was hier passiert:").fill("Komm mit allen Fragen <script>window.bad = 1</script> her.")
    week = page.get_by_role("group", name="Zeiten in der Woche")
    week.get_by_label("Von:", exact=True).first.fill("10:15")
    page.get_by_role("button", name="Zur Prüfung geben").click()
    page.wait_for_url("**/pruefung/")
    expect(page.get_by_text("Diese Seite zeigt die Änderung: in Prüfung")).to_be_visible()
    expect(page.get_by_role("button", name="Freigeben und veröffentlichen")).to_have_count(0)
    fine(page)
    assert ContactPoint.objects.get(pk=point.pk).summary == "Komm mit deinen Fragen her."

    enter(page, lead)
    page.goto("/admin/")
    page.get_by_role("link", name="Jugendbüro Nord – bitte prüfen").click()
    page.wait_for_url("**/pruefung/")
    assert page.locator("del").first.inner_text().endswith("deinen")
    assert "10:15" in page.locator("ins").all_inner_texts()[-1]
    page.get_by_role("link", name="Vorschau", exact=True).click()
    expect(page.get_by_text("Vorschau – noch nicht öffentlich.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Komm mit allen Fragen")
    page.go_back()
    page.get_by_role("button", name="Freigeben und veröffentlichen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Änderung freigegeben: veröffentlicht.")).to_be_visible()
    assert page.evaluate("window.bad") is None
    fine(page)
    assert Change.objects.get().state == "released"
    page.get_by_role("link", name="Frühere Fassungen").click()
    page.locator(".editorial-ways a").last.click()
    expect(page.get_by_role("button", name="Diese Fassung vorschlagen")).to_be_visible()
    fine(page)

    page.goto(change_page)
    page.get_by_label("Straße und Hausnummer:").fill("Neuer Weg 2")
    ContactPoint.objects.filter(pk=point.pk).update(street="Alter Weg 1")
    page.get_by_role("button", name="Speichern (noch nicht öffentlich)").click()
    expect(page.get_by_role("heading", name="Das haben Sie geändert")).to_be_visible()
    fine(page)
    page.get_by_role("button", name="Beides speichern, dort gilt meine Eingabe").click()
    page.wait_for_url("**/pruefung/")
    assert ContactPoint.objects.get(pk=point.pk).street == "Alter Weg 1"
