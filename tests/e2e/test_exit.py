"""Leaving at once: in reach wherever one has scrolled to, first by keyboard, and nothing to come back to."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from directory.models import Agency
from offers.models import Offer
from tests.e2e.conftest import arrived
from tests.e2e.test_enquiry import reader
from tests.factories.enquiries import CANARY, sent

DOOR, OFFICE = settings.REGION["youth_office_point"], settings.REGION["youth_office_agency"]
FORM, ANSWER = f"/beratung/anfrage/?stelle={OFFICE}", "/antwort/"
EXIT = "Seite schnell verlassen"


@pytest.fixture
def phone(page: Page, live_region: None) -> Page:
    reader("beratung", OFFICE)
    page.route("**/raus/", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Wetter"))
    return page


def in_sight(page: Page) -> bool:
    return bool(
        page.evaluate(
            """() => { const box = document.querySelector(".quick-exit__link").getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return box.top >= 0 && box.bottom <= innerHeight && top.closest("[data-quick-exit]") !== null; }"""
        )
    )


def test_button_is_in_sight_after_scrolling_and_second_by_keyboard(phone: Page) -> None:
    private = Offer.objects.published(on="2026-11-23").filter(situations__slug="home_trouble").first()
    assert private is not None
    pages = [FORM, ANSWER, "/spuren-im-handy/", f"/anlaufstellen/{DOOR}/", f"/stellen/{OFFICE}/"]
    for address in [*pages, private.get_absolute_url()]:
        phone.goto(address)
        assert in_sight(phone), address
        phone.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert in_sight(phone), address
        phone.evaluate("scrollTo(0, 0)")
        phone.keyboard.press("Tab")
        phone.keyboard.press("Tab")
        assert phone.evaluate("document.activeElement.hasAttribute('data-quick-exit')"), address
        assert phone.evaluate("getComputedStyle(document.activeElement).insetBlockStart") != "-160px", address


def leave(page: Page, by: str) -> None:
    if by == "button":
        page.get_by_role("link", name=EXIT).click()
    else:
        for _press in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url("**/raus/")


@pytest.mark.parametrize("by", ["button", "shift"])
def test_back_shows_neither_text_nor_code(phone: Page, by: str) -> None:
    phone.goto("/impressum/")
    phone.goto(FORM)
    phone.get_by_label("Deine Nachricht").fill(CANARY)
    phone.wait_for_load_state("networkidle")
    leave(phone, by)
    phone.go_back()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Impressum")
    phone.go_forward()
    assert CANARY not in phone.content()
    code = str(sent(Agency.objects.get(slug=OFFICE)).code)
    phone.goto(ANSWER)
    phone.get_by_label("Dein Code").fill(code)
    phone.get_by_label("Dein Code").press("Enter")
    expect(phone.get_by_text(CANARY)).to_be_visible()
    phone.wait_for_load_state("networkidle")
    leave(phone, by)
    phone.go_back()
    arrived(phone, "Deine Antwort")
    assert CANARY not in phone.content() and phone.get_by_label("Dein Code").input_value() == ""


def test_shift_slowly_or_between_letters_stays(phone: Page) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(FORM)
    phone.wait_for_load_state("networkidle")
    for key in ("Shift", "Shift", "a", "Shift", "Shift"):
        phone.keyboard.press(key)
    phone.wait_for_timeout(200)
    assert [url for url in asked if url.endswith("/raus/")] == []


def test_help_is_honest_and_works_without_script(new_page: Callable[..., Page]) -> None:
    page: Any = new_page(java_script_enabled=False)
    page.goto("/spuren-im-handy/")
    expect(page.get_by_role("heading", name="Was er nicht kann")).to_be_visible()
    for word in ("Verlauf", "WLAN", "anderen Geräten", "App"):
        expect(page.locator("main").get_by_text(word).first).to_be_visible()
    page.route("**/raus/", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Wetter"))
    page.get_by_role("link", name=EXIT).click()
    page.wait_for_url("**/raus/")
