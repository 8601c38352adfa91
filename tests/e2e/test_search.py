"""Search with suggestions, without JavaScript, by keyboard, on a phone, in the dark; nothing private in an address."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import fits

PRIVATE = "stress zu hause"


@pytest.mark.parametrize("path", ["/", "/suche/", "/angebote/"])
def test_typing_brings_suggestions(page, path):
    problems = []
    page.on("console", lambda line: problems.append(line.text))
    page.goto(path)
    with page.expect_response("**/suche/vorschlaege/**") as answer:
        page.get_by_role("combobox", name="Suchwort").press_sequentially("prakt")
    page.locator("#suchwoerter option[value=Praktikum]").wait_for(state="attached")
    assert parse_qs(urlsplit(answer.value.url).query) == {"q": ["prakt"]}
    assert problems == []
    assert page.context.cookies() == []


def test_one_letter_asks_nothing_and_fast_typing_asks_once(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "vorschlaege" in request.url else None)
    page.goto("/suche/")
    field = page.get_by_role("combobox", name="Suchwort")
    field.press_sequentially("p")
    page.wait_for_timeout(500)
    assert asked == []
    with page.expect_response("**/suche/vorschlaege/**"):
        field.press_sequentially("raktikum", delay=10)
    assert len(asked) == 1


def test_suggestions_still_come_after_the_list_was_filtered(page):
    page.goto("/angebote/")
    field = page.get_by_role("combobox", name="Suchwort")
    field.fill("geld")
    field.press("Enter")
    page.wait_for_url("**q=geld**")
    page.locator("mark").first.wait_for()
    field.fill("")
    field.press_sequentially("prakt")
    page.locator("#suchwoerter option[value=Praktikum]").wait_for(state="attached")


def test_suggestions_that_fail_leave_a_plain_search(page):
    page.route("**/suche/vorschlaege/**", lambda route: route.abort())
    page.goto("/suche/")
    field = page.get_by_role("combobox", name="Suchwort")
    field.press_sequentially("praktikum")
    field.press("Enter")
    page.wait_for_url("**/suche/?q=praktikum")
    expect(page.get_by_role("heading", name="Angebote")).to_be_visible()


def test_search_works_without_javascript(plain_page):
    page = plain_page
    page.goto("/")
    page.get_by_label("Suchwort").fill("pratikum wolmirstedt")
    page.get_by_role("search").get_by_role("button", name="Suchen").click()
    page.get_by_role("link", name="Ort weglassen").click()
    expect(page).to_have_url(re.compile(r"\?q=pratikum$"))
    page.get_by_role("link", name="Nur nach „pratikum“ suchen").click()
    expect(page.get_by_role("heading", name="Dazu haben wir nichts gefunden")).to_be_visible()
    page.get_by_label("Suchwort").fill("ausbildung")
    page.get_by_role("search").get_by_role("button", name="Suchen").click()
    page.get_by_role("link", name="Alle").click()
    expect(page).to_have_url(re.compile(r"/angebote/\?q=ausbildung"))
    expect(page.locator("mark").first).to_be_visible()


def test_keyboard_alone_leads_from_the_word_to_the_hit(page, press):
    page.goto("/suche/")
    page.get_by_role("combobox", name="Suchwort").focus()
    page.keyboard.type("pratikum")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/?q=pratikum")
    page.locator("#q").focus()
    assert "Suchen" in press("Tab")
    assert "Nur nach „pratikum“ suchen" in press("Tab")
    title = press("Tab")
    assert title == page.locator(".card h3").first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/angebote/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_place_is_taken_away_in_the_list_too(page):
    page.goto("/angebote/?q=praktikum+wolmirstedt")
    expect(page.get_by_text("Wir zeigen zuerst, was bei Wolmirstedt liegt.")).to_be_visible()
    page.get_by_role("link", name="Ort weglassen").click()
    page.wait_for_url("**/angebote/?q=praktikum")
    expect(page.locator(".card").first).to_be_visible()
    expect(page.get_by_text("bei Wolmirstedt liegt")).to_have_count(0)


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_private_concern_is_in_no_address(new_page, java_script_enabled):
    page = new_page(java_script_enabled=java_script_enabled)
    page.goto("/suche/?q=" + PRIVATE.replace(" ", "+"))
    addresses = []
    page.on("request", lambda request: addresses.append((request.method, request.url)))
    expect(page.get_by_text("Das klingt nach: Zu Hause geht es nicht mehr")).to_be_visible()
    expect(page.get_by_role("link", name="Seite schnell verlassen").first).to_be_visible()
    assert "hause" not in page.title()
    page.get_by_role("button", name="Finde deine Stelle").click()
    page.get_by_text("Frage 2 von").wait_for()
    assert ("POST", page.url) in addresses
    assert urlsplit(page.url).query == ""
    assert [url for _method, url in addresses if "trouble" in url or "concern" in url] == []
    assert page.context.cookies() == []


@pytest.mark.parametrize("path", [
    "/suche/?q=pratikum", "/suche/?q=praktikum+wolmirstedt", "/suche/?q=stress+zu+hause", "/suche/?q=xyzzyquux",
    "/suche/?q=" + "donaudampfschifffahrtsgesellschaftskapitaen" * 2, "/angebote/?q=pratikum+altenpflge",
])  # fmt: skip
def test_nothing_scrolls_sideways_on_a_phone(page, path):
    page.goto(path)
    assert fits(page)


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_mark_is_seen_without_its_colour(new_page, options):
    page = new_page(**options)
    page.goto("/suche/?q=praktikum")
    style = page.locator(".card__text mark").first.evaluate(
        "mark => { const s = getComputedStyle(mark); return [s.textDecorationLine, s.color, s.backgroundColor]; }"
    )
    assert style[0] == "underline"
    assert style[1] != style[2]
