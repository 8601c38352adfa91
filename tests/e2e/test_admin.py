"""The back office in a real browser: a new contact point with hours, by phone, by keyboard, without script."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from directory.models import ContactPoint
from offers.models import Offer
from tests.e2e.conftest import fits
from tests.factories.accounts import log_in as log_in_client
from tests.factories.accounts import staff

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
NAME = "Jugendhaus am Testweg"
WATCH = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", event => {
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
"""
# Links of the back office change their colour slowly; half-way it is no colour of either scheme.
SETTLED = """async () => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    await Promise.allSettled(document.getAnimations().map(animation => animation.finished));
}"""
AXE_RUN = """async tags => (await axe.run(document, {runOnly: tags, resultTypes: ["violations"]})).violations
    .map(rule => ({id: rule.id, nodes: rule.nodes.slice(0, 4).map(node => node.html.slice(0, 160))}))"""
NOT_NAMED = """() => [...document.querySelectorAll("input, select, textarea, button, summary")]
    .filter(element => element.checkVisibility() && element.type !== "hidden")
    .filter(element => !(element.labels && element.labels.length) && !element.getAttribute("aria-label")
        && !element.innerText.trim() && !(element.type === "submit" && element.value))
    .map(element => element.outerHTML.slice(0, 120))"""


def log_in(page: Page, path: str) -> list[str]:
    """Come in with both factors shown and open the page; the list fills with what scripts and policies refuse."""
    noticed: list[str] = []
    page.on("pageerror", lambda error: noticed.append(f"script: {error}"))
    page.on("console", lambda line: noticed.append(line.text) if "Content Security Policy" in line.text else None)
    page.add_init_script(WATCH)
    client = log_in_client(Client(), staff("redaktion", is_superuser=True))
    page.goto("/admin/login/")
    cookie = {"name": "sessionid", "value": client.session.session_key, "domain": urlsplit(page.url).hostname}
    page.context.add_cookies([{**cookie, "path": "/"}])
    page.goto(path)
    assert urlsplit(page.url).path == path
    return noticed


def fill_contact_point(page: Page) -> None:
    """Do what somebody does who reads the labels from top to bottom."""
    page.get_by_label("Name:", exact=True).fill(NAME)
    page.get_by_label("Verantwortliche Stelle:").select_option(index=1)
    page.get_by_label("Straße und Hausnummer:").fill("Testweg 5")
    page.get_by_label("Postleitzahl:").fill("39340")
    page.get_by_label("Ort:", exact=True).fill("Haldensleben")
    page.get_by_role("group", name="Telefonnummern").get_by_label("Nummer:").first.fill("03904 12345")
    week = page.get_by_role("group", name="Zeiten in der Woche")
    week.get_by_label("Von:", exact=True).nth(1).fill("09:00")
    week.get_by_label("Bis:", exact=True).nth(1).fill("12:30")
    page.get_by_label("Belegt").check()
    page.get_by_label("Quelle:", exact=True).fill("Auskunft der Stelle")
    page.get_by_label("Status:").select_option(label="veröffentlicht")


@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_new_contact_point_is_public_after_a_look_at_it(
    new_page: Callable[..., Page], java_script_enabled: bool, width: int
) -> None:
    page = new_page(java_script_enabled=java_script_enabled, viewport={"width": width, "height": 740})
    noticed = log_in(page, "/admin/directory/contactpoint/add/")
    # 1: the form
    fill_contact_point(page)
    page.get_by_role("button", name="Sichern", exact=True).click()
    # 2: the list asks for a look at the page as it will be
    page.wait_for_url("**/admin/directory/contactpoint/")
    expect(page.get_by_text("Bitte sehen Sie sich zuerst an")).to_be_visible()
    assert ContactPoint.objects.get(name=NAME).status == "draft"
    page.get_by_role("link", name="Vorschau ansehen").first.click()
    # 3: the preview leads to the release
    page.get_by_role("link", name="Weiter zu „Prüfen und freigeben“").click()
    page.get_by_role("button", name="Freigeben und veröffentlichen").click()
    expect(page.get_by_text("veröffentlicht.").first).to_be_visible()
    # 4: the public page
    page.goto(ContactPoint.objects.get(name=NAME).get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    text = page.locator("main").inner_text()
    assert "Testweg 5" in text
    assert "12345" in text
    assert "12:30" in text.replace(".", ":")
    assert noticed == []
    slots = ContactPoint.objects.get(name=NAME).schedules.all()
    assert [(slot.weekday, f"{slot.opens_at:%H:%M}–{slot.closes_at:%H:%M}") for slot in slots] == [(1, "09:00–12:30")]


def test_another_slot_can_be_added_and_a_mistake_is_explained(page: Page) -> None:
    log_in(page, "/admin/directory/contactpoint/add/")
    fill_contact_point(page)
    week = page.get_by_role("group", name="Zeiten in der Woche")
    week.get_by_role("button", name="Zeit in der Woche hinzufügen").click()
    expect(week.locator("tr.form-row:visible")).to_have_count(6)
    week.get_by_label("Wochentag:").nth(5).select_option(label="Samstag")
    week.get_by_label("Von:", exact=True).nth(5).fill("10:00")
    page.get_by_role("button", name="Sichern", exact=True).click()
    expect(page.get_by_text("Bitte „von“ und „bis“ eintragen")).to_be_visible()
    assert not ContactPoint.objects.filter(name=NAME).exists()
    page.get_by_role("group", name="Zeiten in der Woche").get_by_label("Bis:", exact=True).nth(5).fill("13:00")
    page.get_by_role("button", name="Sichern", exact=True).click()
    page.wait_for_url("**/admin/directory/contactpoint/")
    assert sorted(ContactPoint.objects.get(name=NAME).schedules.values_list("weekday", flat=True)) == [1, 5]


def pages_of_the_back_office() -> list[str]:
    point = ContactPoint.objects.order_by("pk").first()
    offer = Offer.objects.filter(deadlines__isnull=False).order_by("pk").first()
    assert point
    assert offer
    return [
        "/admin/",
        "/admin/directory/contactpoint/",
        "/admin/directory/contactpoint/add/",
        f"/admin/directory/contactpoint/{point.pk}/change/",
        f"/admin/directory/contactpoint/{point.pk}/delete/",
        f"/admin/directory/contactpoint/{point.pk}/history/",
        f"/admin/directory/contactpoint/{point.pk}/pruefung/",
        "/admin/directory/agency/add/",
        "/admin/directory/page/",
        "/admin/offers/offer/",
        "/admin/offers/offer/add/",
        f"/admin/offers/offer/{offer.pk}/change/",
        "/admin/offers/situation/",
        "/admin/accounts/user/add/",
        "/admin/accounts/user/",
        "/admin/password_change/",
        "/admin/konto/",
        "/admin/handbuch/texte/",
        "/admin/konto/zweiter-faktor/",
    ]


# Two halves, so that two workers share the longest of all tests.
@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize(("width", "schemes"), [(360, ["light"]), (1280, ["light", "dark"])], ids=["phone", "desktop"])
def test_policy_labels_width_and_axe_hold_on_every_page(
    new_page: Callable[..., Page], width: int, schemes: list[Literal["light", "dark"]], half: int
) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    noticed = log_in(page, "/admin/")
    found = {}
    for path in pages_of_the_back_office()[half::2]:
        page.emulate_media(color_scheme=schemes[0])
        page.goto(path, wait_until="networkidle")
        assert page.evaluate("window.violations") == [], path
        assert page.evaluate(NOT_NAMED) == [], path
        assert fits(page), path
        assert noticed == [], path
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            found[f"{path} {scheme}"] = axe(page)
        noticed.clear()  # axe-core puts styles into the page, which the policy refuses
    assert {path: violations for path, violations in found.items() if violations} == {}


def axe(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules of WCAG 2.2 AA that the open page breaks, each with where."""
    if not AXE.is_file():
        message = "axe-core fehlt: make audit holt es"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    page.evaluate(SETTLED)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    result = page.evaluate(AXE_RUN, tags)
    return [(rule["id"], rule["nodes"]) for rule in result]


def test_the_form_can_be_filled_in_by_keyboard_alone(page: Page) -> None:
    def press(*keys: str) -> str:
        for key in keys:
            page.keyboard.press(key)
        return page.evaluate("document.activeElement.name || document.activeElement.tagName")

    log_in(page, "/admin/directory/contactpoint/add/")
    assert press() == "name"
    page.keyboard.type(NAME)
    assert press("Tab") == "owner"
    page.keyboard.press("ArrowDown")
    reached = []
    for _step in range(200):
        reached.append(press("Tab"))
        if reached[-1] == "website":
            page.keyboard.type("https://example.org/")
        if reached[-1] == "status":
            break
    assert reached[-1] == "status"
    assert {"schedules-0-weekday", "schedules-0-opens_at", "phones-0-number", "persons-0-name"} <= set(reached)
    page.keyboard.press("v")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sichern", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/directory/contactpoint/")
    # Nobody else releases it: first the preview, then the release, still by keyboard.
    for role, name, place in (
        ("link", "Vorschau ansehen", "**/vorschau/"),
        ("link", "Weiter zu „Prüfen und freigeben“", "**/pruefung/"),
    ):
        page.get_by_role(role, name=name).first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(place)
    page.get_by_role("button", name="Freigeben und veröffentlichen").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Änderung freigegeben").wait_for()
    assert ContactPoint.objects.get(name=NAME).status == "published"


def test_rows_of_hours_are_cards_on_a_phone(page: Page) -> None:
    log_in(page, "/admin/directory/contactpoint/add/")
    page.locator("#schedules-0").scroll_into_view_if_needed()
    for name in ("weekday", "opens_at", "closes_at", "kind", "note"):
        box = page.locator(f"#id_schedules-0-{name}").bounding_box()
        label = page.locator(f"label[for=id_schedules-0-{name}]").bounding_box()
        assert box, name
        assert label, name
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= 360, name
        assert box["height"] >= 44, name
        assert label["height"] > 10, name
