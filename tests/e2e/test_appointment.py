"""Book, keep the code, move, cancel: a phone, the keyboard, no script. The list of a day on the same width."""

from collections.abc import Callable
from datetime import time

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from counseling.models import Booking, SlotRule
from directory.actions import raise_content_version
from directory.models import ContactPoint
from tests.e2e.conftest import PHONE, arrived
from tests.e2e.test_admin import WATCH
from tests.e2e.test_enquiry import DOOR, checked, go_to, let_in, mirrored, open_with, press, reader


def times() -> None:
    """An hour in the morning of every day, so that the test does not know what day it is."""
    point = ContactPoint.objects.get(slug=DOOR)
    for weekday in range(7):
        SlotRule.objects.create(
            agency=point.owner, contact_point=point, weekday=weekday, starts_at=time(8), ends_at=time(10), lead_hours=1
        )
    raise_content_version()


def choose(page: Page, number: int, heading: str) -> None:
    """Take one of the free times by keyboard."""
    button = page.locator('button[name="zeit"]').nth(number)
    button.focus()
    page.keyboard.press("Enter")
    arrived(page, heading)


def book(page: Page, mirror: Page) -> str:
    page.goto(f"/anlaufstellen/{DOOR}/")
    press(page, "Termin buchen", "Wann passt es dir?")
    mirrored(page, mirror)
    choose(page, 0, "Noch ein paar Fragen")
    mirrored(page, mirror)
    go_to(page, "id_first_name")
    page.keyboard.type("Mira")
    page.wait_for_timeout(3200)  # nobody is quicker than three seconds
    press(page, "Termin buchen", "Dein Termin steht")
    mirrored(page, mirror)
    return page.locator("[data-code]").inner_text().strip()


@pytest.mark.slow
def test_book_move_and_cancel_by_code(new_page: Callable[..., Page], live_server: object) -> None:
    mine = reader("beratung", settings.REGION["youth_office_agency"])
    times()
    young, mirror, desk = new_page(java_script_enabled=False, viewport=PHONE), new_page(viewport=PHONE), new_page()
    desk.add_init_script(WATCH)
    let_in(desk.context, mine, live_server.url)  # type: ignore[attr-defined]
    code = book(young, mirror)
    assert young.context.cookies() == []
    row = Booking.objects.get()
    open_with(young, code, "Dein Termin")
    mirrored(young, mirror)
    press(young, "Verschieben", "Wann passt es dir besser?")
    mirrored(young, mirror)
    choose(young, 3, "Dein Termin")
    expect(young.get_by_text("Dein Termin ist verschoben.")).to_be_visible()
    moved = Booking.objects.get()
    assert moved.starts_at > row.starts_at
    desk.goto(f"/admin/counseling/booking/tag/?tag={moved.starts_at:%Y-%m-%d}")
    expect(desk.get_by_text("Mira")).to_be_visible()
    checked(desk)
    desk.get_by_role("link", name=moved.public_id).click()
    expect(desk.get_by_role("heading", name="Wer hält den Termin?")).to_be_visible()
    checked(desk)
    press(young, "Absagen", "Termin absagen?")
    mirrored(young, mirror)
    press(young, "Ja, absagen", "Dein Termin ist abgesagt")
    mirrored(young, mirror)
    assert Booking.objects.get().state == "cancelled" and young.context.cookies() == []
