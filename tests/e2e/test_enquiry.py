"""From the question to the answer and gone again: a phone, the keyboard, no script. The desk on the same width."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from counseling.models import DeskVisit, Enquiry
from directory.models import Agency
from tests.e2e.conftest import PHONE, arrived, fits
from tests.e2e.test_admin import AXE, AXE_RUN, NOT_NAMED, SETTLED, WATCH
from tests.factories.accounts import log_in, staff

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DOOR = settings.REGION["youth_office_point"]


def reader(name: str, agency: str) -> User:
    user = staff(name, role="counselor", agency=Agency.objects.get(slug=agency))
    DeskVisit.objects.create(user=user, opened_at=timezone.now())
    return user


def let_in(context: BrowserContext, user: User, url: str) -> None:
    session = log_in(Client(), user).cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": session.value, "url": url}])


def checked(page: Page) -> None:
    """As axe-core and a narrow screen see it."""
    name = page.locator("h1").first.inner_text()
    assert fits(page), name
    if not AXE.is_file():
        message = "axe-core fehlt: make audit holt es"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    assert page.evaluate(NOT_NAMED) == [], name
    assert page.evaluate("window.violations || []") == [], name
    page.evaluate(SETTLED)
    page.evaluate(Path(AXE).read_text())
    assert page.evaluate(AXE_RUN, TAGS) == [], name


def mirrored(page: Page, mirror: Page) -> None:
    """Look at a page without script in one with it: axe-core is a script itself."""
    mirror.goto("/antwort/")
    mirror.set_content(page.content())
    checked(mirror)


def go_to(page: Page, wanted: str) -> None:
    """Press the tab key until the element with this id, or with this text, has the focus."""
    for _step in range(120):
        here = page.evaluate("[document.activeElement.id, document.activeElement.innerText?.trim()]")
        if wanted in here:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is out of reach by keyboard")


def press(page: Page, wanted: str, heading: str) -> None:
    go_to(page, wanted)
    page.keyboard.press("Enter")
    arrived(page, heading)


def ask(page: Page, mirror: Page) -> str:
    """Ask by a sentence card and two words; return the code."""
    page.goto(f"/anlaufstellen/{DOOR}/")
    press(page, "Schreib uns, ohne Namen", "Frag einen Menschen")
    mirrored(page, mirror)
    go_to(page, "Zuhause und Familie")
    page.keyboard.press("Enter")
    go_to(page, "card_f1")
    page.keyboard.press("Space")
    go_to(page, "Sätze in den Text setzen")
    page.keyboard.press("Enter")
    expect(page.locator("#id_message")).to_have_value("Ich habe Stress zu Hause.")
    go_to(page, "id_message")
    page.keyboard.press("Control+End")
    page.keyboard.type(" Und jetzt?")
    page.wait_for_timeout(3200)  # nobody is quicker than three seconds
    press(page, "Abschicken", "Deine Nachricht ist da")
    mirrored(page, mirror)
    return page.locator("[data-code]").inner_text().strip()


def open_with(page: Page, code: str, heading: str) -> None:
    page.goto("/antwort/")
    go_to(page, "id_code")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    arrived(page, heading)


def answer(page: Page) -> None:
    """The counsellor reads and answers, on a phone too."""
    page.goto("/admin/counseling/enquiry/")
    checked(page)
    page.locator("#result_list tbody th a").click()
    expect(page.get_by_text("Ich habe Stress zu Hause. Und jetzt?")).to_be_visible()
    checked(page)
    page.get_by_label("Text an die Person").fill("Komm am Montag vorbei.")
    page.get_by_role("button", name="Antwort senden").click()
    expect(page.get_by_text("Die Antwort ist da.")).to_be_visible()


def propose(page: Page, slug: str) -> None:
    """The counsellor asks the person whether the message may go to another agency."""
    page.get_by_label("An welche Stelle?").select_option(slug)
    page.get_by_label("Wer liest es dort?").fill("Vermittlung")
    page.get_by_label("Wozu?").fill("Damit du Geld bekommst.")
    page.get_by_label("was die Person geschrieben hat").check()
    page.get_by_label("Wie fragen wir?").select_option("online")
    page.get_by_role("button", name="Vorschlagen").click()
    expect(page.get_by_text("Noch ist nichts weitergegeben.")).to_be_visible()


def agree(page: Page) -> str:
    """The person reads exactly what would move and says yes; return the second code."""
    proposal = page.get_by_role("region", name="Weitergeben")
    expect(proposal).to_contain_text("Dürfen wir das weitergeben an: Jobcenter?")
    expect(proposal.locator("blockquote")).to_have_text("Ich habe Stress zu Hause. Und jetzt?")
    expect(proposal).to_contain_text("Dort liest es: Vermittlung. Sonst niemand.")
    go_to(page, "Ja, gebt es weiter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Weitergegeben an: Jobcenter")).to_be_visible()
    return page.locator(".code code").inner_text().strip()


def foreign_sees_nothing_of(url: str, page: Page) -> None:
    """404 for every way to the row; the list, the search and the queue do not know it."""
    for address in (url, url.replace("/change/", "/history/"), url.replace("/change/", "/delete/")):
        assert page.goto(address).status == 404, address  # type: ignore[union-attr]
    public_id = Enquiry.objects.get(pk=url.rstrip("/").split("/")[-2]).public_id
    for address in (
        "/admin/counseling/enquiry/",
        f"/admin/counseling/enquiry/?q={public_id}",
        "/admin/",
    ):
        assert page.goto(address).status == 200, address  # type: ignore[union-attr]
        assert public_id not in page.locator("#content").inner_text().replace(f"„{public_id}“", ""), address


def test_ask_keep_the_code_read_and_delete(new_page: Callable[..., Page], live_server: object) -> None:
    url = live_server.url  # type: ignore[attr-defined]
    mine, foreign = reader("beratung", settings.REGION["youth_office_agency"]), reader("fremd", "jc-boerde")
    young, mirror = new_page(java_script_enabled=False, viewport=PHONE), new_page(viewport=PHONE)
    desk, other = new_page(), new_page()
    desk.add_init_script(WATCH)
    let_in(desk.context, mine, url)
    let_in(other.context, foreign, url)
    code = ask(young, mirror)
    assert young.context.cookies() == []
    answer(desk)
    foreign_sees_nothing_of(desk.url, other)
    propose(desk, "jc-boerde")
    open_with(young, code, "Es gibt eine Antwort")
    expect(young.get_by_text("Komm am Montag vorbei.")).to_be_visible()
    mirrored(young, mirror)
    second = agree(young)
    mirrored(young, mirror)
    foreign_sees_nothing_of(desk.url, other)
    other.goto("/admin/counseling/enquiry/")
    other.locator("#result_list tbody th a").click()
    expect(other.get_by_text("Ich habe Stress zu Hause. Und jetzt?")).to_be_visible()
    expect(other.get_by_text("Komm am Montag vorbei.")).to_have_count(0)
    foreign_sees_nothing_of(other.url, desk)
    open_with(young, second, "Deine Nachricht ist gelesen")
    open_with(young, code, "Es gibt eine Antwort")
    press(young, "Was ist über mich gespeichert?", "Was ist über mich gespeichert?")
    mirrored(young, mirror)
    press(young, "Jetzt löschen", "Alles löschen?")
    press(young, "Ja, alles löschen", "Alles ist gelöscht")
    # The copy is the other agency's, with a code of its own.
    assert Enquiry.objects.count() == 1 and young.context.cookies() == []
    open_with(young, code, "Deine Antwort")
    expect(young.get_by_text("Diesen Code kennen wir nicht.").first).to_be_visible()
    mirrored(young, mirror)
