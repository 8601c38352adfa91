"""The way in, from the mail to the first page: by keyboard alone, on a phone, with and without script."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import CodeApp, StaffSession, User
from directory.people import add_member, invite
from tests.e2e.conftest import fits
from tests.e2e.test_admin import AXE, AXE_RUN, NOT_NAMED, SETTLED, WATCH
from tests.factories.accounts import agency_for, app_of, code_of, staff

PASSWORD = "Tisch Regen Schraube Mond"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def invited(page: Page, role: str) -> None:
    """Invite somebody and open the link of the mail."""
    membership = add_member(
        username="neu", email="neu@example.org", agency=agency_for(role), role=role, by=None, at=timezone.now()
    )
    assert invite(membership=membership, at=timezone.now())
    (message,) = mail.outbox
    address = re.search(r"https?://\S+\?t=\S+", message.body)
    assert address
    parts = urlsplit(address[0])
    page.goto(f"{parts.path}?{parts.query}")


def where(page: Page) -> str:
    return urlsplit(page.url).path


def checked(page: Page) -> None:
    """Look at a page as axe-core, a narrow screen and the policy do."""
    name = where(page)
    assert fits(page), name
    assert page.evaluate(NOT_NAMED) == [], name
    assert page.evaluate("window.violations") == [], name
    assert len(page.locator("h1:visible").all()) == 1, name
    if not AXE.is_file():
        message = "axe-core fehlt: make audit holt es"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    page.evaluate(SETTLED)
    page.evaluate(Path(AXE).read_text())
    assert page.evaluate(AXE_RUN, TAGS) == [], name


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.innerText.trim()"))


def starts_at(page: Page, name: str) -> None:
    """The field one is asked for first has the focus, as soon as the browser has drawn it."""
    page.wait_for_function("name => document.activeElement.name === name", arg=name)


def tab_to(page: Page, wanted: str) -> None:
    """Press the tab key until something has the focus, as somebody without a mouse does."""
    for _step in range(40):
        if focused(page).casefold() == wanted.casefold():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is out of reach by keyboard")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_invitation_password_app_and_first_page_by_keyboard(new_page: Callable[..., Page], scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    page.add_init_script(WATCH)
    invited(page, "lead")
    # The password: the field has the focus, the secret is gone from the address.
    assert (where(page), "?" in page.url) == ("/admin/zugang/", False)
    starts_at(page, "password")
    checked(page)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    # The app: the picture is there, the key can be typed off.
    page.wait_for_url("**/admin/konto/zweiter-faktor/")
    checked(page)
    assert page.locator("img").evaluate("image => image.complete && image.naturalWidth") > 100
    key = page.locator("#secret").inner_text().replace(" ", "")
    device = CodeApp.objects.get(confirmed=False)
    assert key in device.config_url
    starts_at(page, "code")
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    page.get_by_text("Dieser Code passt nicht.").wait_for()
    checked(page)
    tab_to(page, "code")
    page.keyboard.type(code_of(device))
    page.keyboard.press("Enter")
    # The recovery codes.
    page.get_by_role("heading", name="Ihre Notfallcodes").wait_for()
    checked(page)
    codes = page.locator("li code").all_inner_texts()
    assert len(codes) == 10
    tab_to(page, "Ich habe die Codes")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    # Out, and in again with a recovery code.
    tab_to(page, "Abmelden")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/logout/")
    page.goto("/admin/directory/contactpoint/")
    page.wait_for_url(re.compile(r"/admin/login/\?next="))
    starts_at(page, "username")
    checked(page)
    page.keyboard.type("neu")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/login/code/")
    starts_at(page, "code")
    checked(page)
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/directory/contactpoint/")
    page.get_by_text("Sie haben noch 9 Notfallcodes.").wait_for()


def log_in_by_form(page: Page, name: str) -> None:
    page.goto("/admin/login/?next=/admin/konto/")
    page.get_by_label("Benutzername").fill(name)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()


@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("width", [360, 1280])
def test_logins_are_seen_and_ended(new_page: Callable[..., Page], java_script_enabled: bool, width: int) -> None:
    person = staff("redaktion", password=PASSWORD)
    pages = [new_page(java_script_enabled=java_script_enabled, viewport={"width": width, "height": 740}) for _i in "12"]
    for page in pages:
        log_in_by_form(page, person.username)
        page.wait_for_url("**/admin/konto/")
    here, there = pages
    here.reload()
    expect(here.get_by_text("Chrome unter Linux")).to_have_count(2)
    other = here.locator("li").filter(has_text="Chrome unter Linux").filter(has_not_text="dieses Gerät")
    other.get_by_role("button").click()
    here.get_by_text("Die Anmeldung ist beendet.").wait_for()
    there.reload()
    assert where(there) == "/admin/login/"
    here.get_by_role("button", name="Überall abmelden").click()
    here.get_by_text("Sie sind überall abgemeldet.").wait_for()
    assert not StaffSession.objects.exists()


@pytest.mark.parametrize("width", [360, 1280])
def test_other_pages_of_the_way_in_are_accessible(new_page: Callable[..., Page], width: int) -> None:
    page = new_page(viewport={"width": width, "height": 740})
    page.add_init_script(WATCH)
    for path in ("passwort-vergessen/", "passwort-vergessen/gesendet/", "zugang/"):
        page.goto(f"/admin/{path}")
        checked(page)
    technician = staff("technik", password=PASSWORD, is_superuser=True)
    device = app_of(technician)
    log_in_by_form(page, "technik")
    page.get_by_label("Code").fill(code_of(device))
    page.get_by_role("button", name="Weiter").click()
    page.wait_for_url("**/admin/konto/")
    checked(page)
    for path in ("directory/membership/", "directory/membership/add/"):
        page.goto(f"/admin/{path}")
        checked(page)


def test_wrong_password_is_said_and_nothing_is_lost(page: Page) -> None:
    User.objects.create_user("redaktion")
    page.goto("/admin/login/")
    page.get_by_label("Benutzername").fill("redaktion")
    page.get_by_label("Passwort").fill("falsch")
    page.keyboard.press("Enter")
    page.get_by_text("Benutzername und Passwort passen nicht zusammen.").wait_for()
    assert page.get_by_label("Benutzername").input_value() == "redaktion"
    assert page.get_by_label("Passwort").input_value() == ""


def test_end_of_the_login_is_announced_and_can_be_put_off(page: Page) -> None:
    person = staff("redaktion", password=PASSWORD)
    page.clock.install()
    page.add_init_script(WATCH)
    log_in_by_form(page, person.username)
    page.wait_for_url("**/admin/konto/")
    warning = page.get_by_role("alert")
    page.clock.fast_forward("27:50")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("00:20")
    expect(warning).to_contain_text("endet in weniger als zwei Minuten")
    checked(page)
    with page.expect_response("**/admin/konto/weiter/") as answer:
        page.get_by_role("button", name="Angemeldet bleiben").click()
    assert answer.value.status == 204
    expect(warning).to_be_hidden()
    page.clock.fast_forward("30:10")
    expect(warning).to_contain_text("Ihre Anmeldung ist beendet.")


def test_typing_keeps_the_login(page: Page) -> None:
    person = staff("redaktion", password=PASSWORD)
    page.clock.install()
    log_in_by_form(page, person.username)
    page.wait_for_url("**/admin/konto/")
    page.goto("/admin/offers/offer/add/")
    page.clock.fast_forward("10:00")
    with page.expect_response("**/admin/konto/weiter/") as answer:
        page.get_by_label("Titel").press_sequentially("K")
    assert answer.value.status == 204
    page.clock.fast_forward("25:00")
    expect(page.get_by_role("alert")).to_be_hidden()
