"""Find an offer, keep it, come back: with a keyboard, without JavaScript, on a phone."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import focused


def test_filter_by_keyboard_is_announced_and_keeps_the_focus(page):
    page.goto("/angebote/")
    page.get_by_label("Suchwort").focus()
    page.keyboard.type("praktikum")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("praktikum"))
    expect(page.locator("[data-results-status]")).to_contain_text("Angebote")
    expect(page.locator(".card").first).to_be_visible()


def test_enter_in_a_folded_field_keeps_the_focus_and_the_group_open(page):
    page.goto("/angebote/")
    page.get_by_text("Genauer suchen").click()
    age = page.get_by_label("Wie alt bist du?")
    age.fill("17")
    age.press("Enter")
    page.wait_for_url("**alter=17**")
    page.get_by_role("link", name="17 Jahre alt").wait_for()
    assert page.evaluate("document.activeElement.id") == "id_alter"
    expect(age).to_be_visible()


def test_list_on_a_phone_is_not_pushed_down_by_its_filters(page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/angebote/?alter=17&kosten=frei")
    assert page.locator("#treffer").bounding_box()["y"] < 800


def test_wrong_age_is_said_first_and_focused(page):
    page.goto("/angebote/?alter=siebzehn")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_visible()
    assert "Schreib dein Alter als Zahl" in focused(page)
    page.get_by_role("link", name="Schreib dein Alter als Zahl").click()
    assert page.evaluate("document.activeElement.name") == "alter"
    assert page.get_by_label("Wie alt bist du?").input_value() in ("siebzehn", "")


def test_without_javascript_everything_works(plain_page):
    page = plain_page
    page.goto("/angebote/")
    page.get_by_text("Genauer suchen").click()
    page.get_by_label("Wie alt bist du?").fill("17")
    page.get_by_label("Dein Ort").fill("Wolmirstedt")
    page.get_by_role("button", name="Angebote zeigen").click()
    expect(page).to_have_url(re.compile("alter=17"))
    page.get_by_role("link", name="17 Jahre alt").click()
    expect(page).not_to_have_url(re.compile("alter=17"))
    first = page.locator(".card").first
    title = first.locator("h3").inner_text()
    first.get_by_role("link", name="Merken").click()
    expect(page).to_have_url(re.compile(r"/merkliste/\?m="))
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("link", name="Mehr suchen").click()
    page.locator(".card").nth(1).get_by_role("link", name="Merken").click()
    expect(page.locator(".plan")).to_have_count(2)
    page.get_by_role("link", name="Von der Liste nehmen").first.click()
    expect(page.locator(".plan")).to_have_count(1)
    page.get_by_role("link", name="Liste leeren").click()
    expect(page.get_by_role("heading", name="Hier ist noch nichts.")).to_be_visible()


def test_merkliste_in_the_browser(page):
    page.goto("/angebote/bvj/")
    page.get_by_role("button", name="Merken").click()
    assert page.evaluate("localStorage.getItem('merkliste')") == '["o:bvj"]'
    assert page.context.cookies() == []
    page.goto("/merkliste/")
    page.get_by_role("heading", name="Berufsvorbereitungsjahr (BVJ)").wait_for()
    expect(page.get_by_text("15. März 20").first).to_be_visible()
    page.get_by_role("link", name="Liste leeren").click()
    page.get_by_role("heading", name="Hier ist noch nichts.").wait_for()
    assert page.evaluate("localStorage.getItem('merkliste')") is None


def test_shared_list_is_not_replaced_by_the_own_one(page):
    page.goto("/angebote/bvj/")
    page.get_by_role("button", name="Merken").click()
    page.goto("/merkliste/?dazu=o:fsj")
    expect(page.get_by_role("heading", name="FSJ")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", name="Berufsvorbereitungsjahr (BVJ)")).to_have_count(0)


def test_place_suggestions_by_keyboard(page):
    page.goto("/angebote/")
    field = page.get_by_label("Dein Ort")
    field.focus()
    page.keyboard.insert_text("Hörs")  # at once: every letter would bring a new list
    page.get_by_role("option", name="Hörsingen").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Hörsingen")
    expect(page.locator("input[name=ags]")).to_have_value("15083411")
    page.keyboard.press("Enter")
    page.wait_for_url("**ags=15083411**")


def test_place_is_still_suggested_after_the_list_was_swapped(page):
    page.goto("/angebote/")
    page.get_by_label("Suchwort").fill("praktikum")
    page.get_by_label("Suchwort").press("Enter")
    page.wait_for_url("**praktikum**")
    expect(page.locator("[data-results-status]")).to_contain_text("Angebote")
    field = page.get_by_label("Dein Ort")
    field.focus()
    page.keyboard.insert_text("Hörs")
    page.get_by_role("option", name="Hörsingen").click()
    expect(field).to_have_value("Hörsingen")
    expect(page.locator("input[data-place-field] + .suggestions")).to_have_count(1)


def test_answers_go_along_to_the_offer(page):
    page.goto("/angebote/?alter=12&ort=Barleben&art=vorbereitung&offen=alter")
    page.goto("/angebote/bvj/?alter=12&ort=Barleben")
    expect(page.get_by_text("Es geht erst ab 15. Du bist 12.")).to_be_visible()
