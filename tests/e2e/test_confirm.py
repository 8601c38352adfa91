"""From the link in a mail to corrected opening hours: on a phone, by thumb and by keyboard, with and without script."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.outbox import deliver_next
from directory.editorial.changes import open_change
from directory.freshness.asking import remind
from directory.models import ContactPoint, GroupCheck
from tests.e2e.conftest import PHONE, fits
from tests.e2e.test_admin import log_in
from tests.factories.directory import AgencyFactory, ContactPointFactory

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AXE_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .map(rule => ({id: rule.id, nodes: rule.nodes.slice(0, 4).map(node => node.html.slice(0, 160))}))"""
MOST_TAPS = 6
pytestmark = [pytest.mark.slow]


@pytest.fixture
def point(live_region: None) -> ContactPoint:
    agency = AgencyFactory(office_email="buero@example.org", checked_on=timezone.localdate())
    return ContactPointFactory(owner=agency, full=True, name="Beratung am Markt", checked_on=date(2025, 2, 1))


@pytest.fixture
def link(point: ContactPoint) -> str:
    """The path of the link in the mail to the agency."""
    now = timezone.now()
    remind(on=timezone.localdate(now), at=now)
    while deliver_next(at=now):
        pass
    (text,) = [message.body for message in mail.outbox if message.to == ["buero@example.org"]]
    return "/angaben/" + next(line for line in text.splitlines() if "?t=" in line).split("/angaben/")[1]


def look(page: Page, name: str, text: str, noticed: list[str]) -> None:
    """The page with this text is there; nothing beyond the edge, nothing for axe to say. With a picture if wanted."""
    expect(page.locator("main")).to_contain_text(text)
    assert fits(page), name
    assert noticed == [], name
    page.evaluate(AXE.read_text())
    assert page.evaluate(AXE_RUN) == [], name
    noticed.clear()  # axe-core puts styles into the page, which the policy refuses
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


class Thumb:
    """Counts what a person has to tap; the link in the mail is the first tap."""

    def __init__(self, page: Page, link: str) -> None:
        self.page, self.taps = page, 1
        page.goto(link)

    def tap(self, target: Any) -> None:
        self.taps += 1
        target.tap()


def test_hours_are_corrected_with_a_thumb(new_page: Callable[..., Page], link: str, point: ContactPoint) -> None:
    page = new_page(has_touch=True)
    noticed: list[str] = []
    page.on("console", lambda line: noticed.append(line.text) if "Content Security Policy" in line.text else None)
    thumb = Thumb(page, link)
    look(page, "confirm", "Alles stimmt noch", noticed)
    thumb.tap(page.get_by_role("link", name="Ändern Öffnungszeiten"))
    look(page, "confirm-hours", "Öffnungszeiten ändern", noticed)
    monday = page.get_by_role("group", name="Montag").get_by_label("bis").first
    thumb.tap(monday)
    monday.fill("13:30")
    thumb.tap(page.get_by_role("button", name="Speichern"))
    expect(page.get_by_role("status")).to_be_visible()
    assert thumb.taps <= MOST_TAPS
    look(page, "confirm-thanks", "Danke. Die Änderung wird geprüft", noticed)
    change = open_change(point)
    assert change is not None
    assert next(row["closes_at"] for row in change.snapshot["parts"]["schedule"]) == "13:30:00"
    assert str(point.schedules.get(weekday=0).closes_at) == "12:00:00"

    page.get_by_role("link", name="Gibt es nicht mehr Text und Zugang").tap()
    look(page, "confirm-leave", "Das gibt es nicht mehr?", noticed)
    page.get_by_role("link", name="Zurück zu allen Angaben").tap()
    page.get_by_role("button", name="Alles stimmt noch").tap()
    look(page, "confirm-done", "Danke. Das war alles.", noticed)
    assert page.goto(link).status == 410
    look(page, "confirm-gone", "Dieser Link gilt nicht mehr", noticed)


def test_by_keyboard_and_without_script(new_page: Callable[..., Page], link: str, point: ContactPoint) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(link)

    def walk_to(name: str) -> None:
        for _step in range(60):
            page.keyboard.press("Tab")
            if (
                page.get_by_role("link", name=name)
                .or_(page.get_by_role("button", name=name))
                .and_(page.locator(":focus"))
                .count()
            ):
                return
        raise AssertionError(f"{name} is out of reach of the Tab key")

    walk_to("Ändern Telefon und Adresse")
    page.keyboard.press("Enter")
    page.get_by_label("Telefon (Beratung)").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("kein Telefon")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Da fehlt noch etwas")
    page.get_by_label("Telefon (Beratung)").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("03904 7240 14")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Danke. Die Änderung wird geprüft")).to_be_visible()
    walk_to("Stimmt noch Öffnungszeiten")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Danke, das ist gespeichert.")).to_be_visible()
    check = GroupCheck.objects.get(record="directory.contactpoint", object_id=point.pk, group="hours")
    assert check.confirmed_on == timezone.localdate()


def test_pages_of_the_back_office(new_page: Callable[..., Page], link: str, point: ContactPoint) -> None:
    page = new_page(viewport=PHONE)
    key = GroupCheck.objects.get(record="directory.contactpoint", object_id=point.pk, group="hours").pk
    noticed = log_in(page, f"/admin/directory/groupcheck/{key}/eintrag/")
    page.set_viewport_size(PHONE)
    look(page, "staff-record", "Kreuzen Sie an, was noch stimmt.", noticed)
    page.get_by_label("Stimmt noch").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Danke, das ist bestätigt.")).to_be_visible()
    page.goto("/admin/directory/groupcheck/")
    look(page, "staff-list", "Was bald verborgen wird", noticed)
    GroupCheck.objects.filter(record="directory.contactpoint", object_id=point.pk, group="text").update(
        hidden_from=timezone.localdate() + timedelta(days=20)
    )
    page.goto("/admin/directory/groupcheck/vorschau/")
    look(page, "staff-forecast", "Beratung am Markt", noticed)
