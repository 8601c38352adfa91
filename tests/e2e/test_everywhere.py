"""Every page kind in a real browser: private, calm, and never wider than the phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import fits
from tests.urls_under_test import PAGES, PublicPage

# Pages sent by POST are looked at by ``make audit``.
BY_ADDRESS = [page for page in PAGES if page.is_html and page.form is None]
STATUS_LINE = "the server responded with a status of"


def watch(page: Page) -> list[str]:
    """Return a list that fills with everything the page should not do."""
    noticed: list[str] = []
    page.on("console", lambda line: noticed.append(f"console: {line.text}") if STATUS_LINE not in line.text else None)
    page.on("pageerror", lambda error: noticed.append(f"script: {error}"))
    return noticed


TOO_SMALL = """() => [...document.querySelectorAll("button, select, summary, input:not([type=hidden]), a.button, nav a")]
    .filter(element => element.checkVisibility() && !element.closest(".honey, .skip-link"))
    .map(element => [element, (element.closest("label") || element).getBoundingClientRect()])
    .filter(([element, box]) => {
        const label = element.labels && element.labels[0] && element.labels[0].getBoundingClientRect();
        const height = Math.max(box.height, label && element.matches("[type=radio], [type=checkbox]") ? label.height : 0);
        return height < 43.5;
    })
    .map(([element, box]) => `${element.tagName} ${(element.innerText || element.name).slice(0, 30)} ${box.height}`)"""


# One visit for all three, because opening a window costs more than looking at the page.
@pytest.mark.parametrize("public", BY_ADDRESS, ids=lambda public: public.name)
def test_page_is_private_fits_and_begins_with_the_skip_link(public: PublicPage, page: Page, live_server: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    noticed = watch(page)
    # What a script asks for later is seen too: the list is looked at again at the end.
    response = page.goto(public.path, wait_until="load")
    assert response is not None
    assert response.status == public.status
    private(page, asked, noticed, live_server.url)
    targets_are_big_enough_for_a_thumb(page)
    # A page that says what went wrong puts the focus there, so the way begins in the middle.
    if "error" not in public.name:
        skip_link_comes_first_and_leads_to_the_content(page)
    private(page, asked, noticed, live_server.url)


def private(page: Page, asked: list[str], noticed: list[str], own: str) -> None:
    """Nothing foreign asked for, nothing said, nothing kept; and no wider than the phone."""
    assert [url for url in asked if not url.startswith(own)] == []
    assert noticed == []
    has_token = page.locator("input[name=csrfmiddlewaretoken]").count() > 0
    assert {cookie["name"] for cookie in page.context.cookies()} == ({"csrftoken"} if has_token else set())
    assert page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))") == []
    assert fits(page)


def targets_are_big_enough_for_a_thumb(page: Page) -> None:
    """44 px for buttons, fields and links that stand alone; a link inside a sentence is exempt."""
    assert page.evaluate(TOO_SMALL) == []


def skip_link_comes_first_and_leads_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    first = page.locator(":focus")
    expect(first).to_have_text("Zum Inhalt springen")
    expect(first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


FOCUS_SEEN = """() => {
    const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
    const label = element.matches("input, select, textarea")
        ? [element, element.closest("label"), element.nextElementSibling].filter(Boolean) : [element];
    const marked = label.some(node => {
        const css = getComputedStyle(node);
        return (css.outlineStyle !== "none" && parseFloat(css.outlineWidth) >= 2) || css.boxShadow !== "none";
    });
    return {
        tag: element.tagName, text: (element.innerText || element.name || "").trim().slice(0, 40), marked,
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        shown: style.visibility !== "hidden" && box.width > 0,
    };
}"""


@pytest.mark.parametrize("path", ["/", "/angebote/", "/anlaufstellen/", "/barrierefreiheit/", "/merkliste/"])
def test_focus_is_always_visible(path: str, page: Page) -> None:
    page.goto(path)
    for _step in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUS_SEEN)
        if seen["tag"] == "BODY":
            break
        assert seen["marked"] and seen["inside"] and seen["shown"], seen


def test_page_works_in_forced_colours(new_page: Callable[..., Page]) -> None:
    page = new_page(forced_colors="active")
    noticed = watch(page)
    page.goto("/angebote/")
    expect(page.locator("h1")).to_be_visible()
    assert noticed == []
