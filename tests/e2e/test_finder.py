"""The finder in a real browser: by keyboard, without JavaScript, on a phone, and leaving no trace."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, fits, focused, go_on

FINDER = "/zustaendigkeit/"
SECRETS = ("benefit", "sgb2", "homeless", "trouble_at_home", "zuhause", "truancy")


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the focus is on what begins with these words."""
    for _step in range(80):
        page.keyboard.press("Tab")
        if focused(page).replace("\u00ad", "").startswith(words):
            return
    raise AssertionError(f"no way to {words!r} by keyboard on {page.url}")


def watch_addresses(page: Page) -> list[str]:
    """Return a list that fills with every address the browser asks for, and what it sends as referrer."""
    asked: list[str] = []
    page.on("request", lambda request: asked.extend([request.url, request.headers.get("referer", "")]))
    return asked


def neutral_exit(page: Page) -> None:
    """Let the exit end here: where it leads to is another host and has a test of its own."""
    page.route("**/raus/", lambda route: route.fulfill(body="<title>Wetter</title>", content_type="text/html"))


def test_whole_path_by_keyboard_only(page: Page) -> None:
    page.goto(FINDER)
    tab_to(page, "Ausbildung und Arbeit finden")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Was passt zu dir?")
    tab_to(page, "Ich suche eine Ausbildung")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wie alt bist du?")
    tab_to(page, "age")
    page.keyboard.type("17")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kommt bei euch Geld vom Amt?")
    tab_to(page, "Ja, vom Jobcenter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wo wohnst du?")
    tab_to(page, "ort")
    page.keyboard.type("Wolmirstedt")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jobcenter in Wolmirstedt")
    assert page.url.endswith(FINDER)
    tab_to(page, "Warum?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("R-seek-2", exact=True)).to_be_visible()


def test_whole_path_without_javascript(plain_page: Page) -> None:
    page = plain_page
    page.goto(FINDER)
    page.get_by_role("link", name="Schule", exact=False).first.click()
    page.get_by_role("link", name="Ich will wissen").click()
    page.get_by_label("Oder genau").fill("17")
    page.get_by_role("button", name="Weiter").click()
    page.get_by_label("Ort oder Ortsteil").fill("39326")
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("link", name="Colbitz").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Agentur für Arbeit")
    assert "place=15083" in page.url


def test_private_path_without_javascript(plain_page: Page) -> None:
    page = plain_page
    page.goto(FINDER)
    page.get_by_role("button", name="Zuhause und Wohnen").click()
    page.get_by_role("button", name="Zu Hause geht es nicht mehr").click()
    page.get_by_role("button", name="12 bis 17").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jugendamt")
    expect(page.get_by_role("link", name="Seite schnell verlassen")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone(scheme: str, new_page: Callable[..., Page]) -> None:
    page = new_page(color_scheme=scheme)
    for query in (
        "",
        "?tuer=schule",
        "?concern=at_school",
        "?concern=at_school&age=17",
        "?concern=at_school&ort=39326",
    ):
        page.goto(FINDER + query)
        assert fits(page), page.url
    for query in ("?concern=seeking_training&age=17&ergebnis=1", "?concern=at_school&age=17&place=15083270&fuer=beruf"):
        page.goto(FINDER + query)
        for details in page.locator("main details").all():
            details.evaluate("element => element.open = true")
        assert fits(page), page.url


def test_back_button_works_and_keeps_the_answers(page: Page) -> None:
    page.goto(f"{FINDER}?concern=at_school")
    page.get_by_role("link", name="12 bis 17").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wo wohnst du?")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wie alt bist du?")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wo wohnst du?")


def test_place_is_suggested_while_typing(page: Page) -> None:
    page.goto(f"{FINDER}?concern=at_school&age=17")
    page.get_by_label("Ort oder Ortsteil").focus()
    page.keyboard.insert_text("Hörs")  # at once: every letter would bring a new list
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="Weiter").click()
    expect(page.locator(".given")).to_contain_text("Hörsingen")


def test_parents_go_all_the_way(page: Page) -> None:
    page.goto("/eltern/")
    page.locator(f"main a[href='{FINDER}?fuer=kind']").first.click()
    page.get_by_role("link", name="Schule").first.click()
    page.get_by_role("link", name="Mein Kind sucht einen Beruf").click()
    page.get_by_role("link", name="12 bis 17").click()
    page.get_by_role("link", name="Weiß ich nicht").click()
    expect(page.get_by_role("heading", name="Ihre Antworten")).to_be_visible()
    assert "fuer=kind" in page.url


def test_professionals_get_paragraphs_and_a_sheet_of_one_page(new_page: Callable[..., Page]) -> None:
    page = new_page(viewport=DESKTOP)
    for view in ("beruf", "mich"):
        page.goto(f"{FINDER}?concern=at_school&age=17&place=15083270&fuer={view}")
        sheet = page.pdf(format="A4")
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1
    page.emulate_media(media="print")
    expect(page.get_by_role("img", name="QR-Code")).to_be_visible()
    expect(page.get_by_role("link", name="Ändern").first).to_be_hidden()


def test_private_path_leaves_no_trace(page: Page, live_server: Any) -> None:
    asked = watch_addresses(page)
    page.goto(FINDER)
    titles = [page.title()]
    for name in ("Zuhause und Wohnen", "Ich habe keine Wohnung"):
        go_on(page, page.get_by_role("button", name=name))
        titles.append(page.title())
    for _question in range(8):
        if page.locator(".result").count():
            break
        go_on(page, page.locator("button.answer:visible").first)
        titles.append(page.title())
    assert page.locator(".result").count() == 1
    assert page.url == live_server.url + FINDER
    assert [address for address in asked for word in SECRETS if word in address] == []
    assert {title.split(" – ")[0] for title in titles} <= {"Wer ist für mich zuständig?", "Ergebnis"} | {
        f"Frage {number}" for number in range(1, 9)
    }
    assert page.context.cookies() == []
    assert page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))") == []
    assert page.evaluate("history.state") is None


def test_first_private_question_hides_what_the_address_said(page: Page, live_server: Any) -> None:
    asked = watch_addresses(page)
    page.goto(f"{FINDER}?concern=seeking_training&age=17")
    go_on(page, page.get_by_role("button", name="Ja, vom Jobcenter"))
    assert page.url == live_server.url + FINDER
    assert [address for address in asked for word in ("benefit", "sgb2") if word in address] == []
    assert page.title().startswith("Frage ")


def test_quick_exit_leaves_and_back_shows_nothing(page: Page, live_server: Any) -> None:
    neutral_exit(page)
    page.goto(FINDER)
    page.get_by_role("button", name="Ich will nur reden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wie alt bist du?")
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Seite schnell verlassen").click()
    page.wait_for_url("**/raus/")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Worum geht’s bei dir?")


def test_quick_exit_by_three_presses(page: Page) -> None:
    neutral_exit(page)
    page.goto(FINDER)
    page.get_by_role("button", name="Ich will nur reden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wie alt bist du?")
    page.wait_for_load_state("networkidle")
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/raus/")


def test_error_has_the_focus(page: Page) -> None:
    page.goto(f"{FINDER}?concern=at_school&age=abc")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    assert page.title().startswith("Fehler:")


def test_contact_point_goes_on_the_list(page: Page) -> None:
    page.goto(f"{FINDER}?concern=at_school&age=17&place=15083270")
    page.locator(".result__aside [data-bookmark]").click()
    expect(page.locator("[data-bookmark-count]").first).to_have_text("1")


def test_nothing_is_said_in_the_console(new_page: Callable[..., Page]) -> None:
    page = new_page()
    noticed: list[str] = []
    page.on("console", lambda line: noticed.append(line.text))
    page.on("pageerror", lambda error: noticed.append(str(error)))
    page.goto(FINDER)
    page.get_by_role("button", name="Ich will nur reden").click()
    page.get_by_role("button", name="12 bis 17").click()
    expect(page.locator(".result")).to_be_visible()
    assert noticed == []
