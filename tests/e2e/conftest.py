"""A real Chromium for browser tests: phone and desktop, light and dark, with and without JavaScript."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

# Playwright keeps an event loop in this thread; Django would refuse database work beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

CHROMIUM = os.environ.get("CHROME_PATH") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Where the exit leads to is never reached from a test, and that is known at once.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PHONE = {"width": 360, "height": 640}
DESKTOP = {"width": 1280, "height": 800}
TIMEOUT_MS = 30_000
# How many times slower the browser is made: 10 shows a test that looks at a page before it is there.
SLOWED = int(os.environ.get("BROWSER_SLOWED", "1"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if "/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session. Missing: skipped here, a failure where CI=true."""
    if not os.access(CHROMIUM, os.X_OK):
        message = f"Chromium fehlt: {CHROMIUM} (CHROME_PATH nennt einen anderen Ort)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, live_server: Any, live_region: None) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page on the loaded portal.

    Keywords go to Playwright's ``new_context``: ``color_scheme="dark"``,
    ``java_script_enabled=False``, ``viewport=DESKTOP``, ``forced_colors="active"``.
    ``page.goto("/angebote/")`` works: addresses are relative to the live server.
    """
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(
            **{"base_url": live_server.url, "viewport": PHONE, "locale": "de-DE", "reduced_motion": "reduce", **options}
        )
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        opened = context.new_page()
        if SLOWED > 1:
            context.new_cdp_session(opened).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        return opened

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A phone, 360 × 640, light."""
    return new_page()


@pytest.fixture
def dark_page(new_page: Callable[..., Page]) -> Page:
    """A phone, 360 × 640, dark."""
    return new_page(color_scheme="dark")


@pytest.fixture
def desktop_page(new_page: Callable[..., Page]) -> Page:
    """A wide window, 1280 × 800."""
    return new_page(viewport=DESKTOP)


@pytest.fixture
def plain_page(new_page: Callable[..., Page]) -> Page:
    """A phone without JavaScript."""
    return new_page(java_script_enabled=False)


@pytest.fixture
def press(page: Page) -> Callable[..., str]:
    """Return a function that presses keys one after the other and says what has the focus then."""

    def press_keys(*keys: str) -> str:
        for key in keys:
            page.keyboard.press(key)
        return focused(page)

    return press_keys


def go_on(page: Page, target: Locator) -> None:
    """Click, and wait until another page is there, all of it: by its heading, because a form keeps its address."""
    before = page.locator("h1").inner_text()
    target.click()
    expect(page.locator("h1")).not_to_have_text(before)
    page.wait_for_load_state()


def arrived(page: Page, heading: str) -> None:
    """Wait until the page with this heading is there, all of it."""
    expect(page.locator("h1")).to_have_text(heading)
    page.wait_for_load_state()


def fits(page: Page) -> bool:
    """Say whether the page is no wider than the window; waits until the page that was asked for is there."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def focused(page: Page) -> str:
    """Return the accessible text of the focused element, or its tag when it has none."""
    text: str = page.evaluate(
        """() => {
            const element = document.activeElement;
            const label = element.getAttribute("aria-label") || element.innerText || element.name || "";
            return label.trim() || element.tagName.toLowerCase();
        }"""
    )
    return text
