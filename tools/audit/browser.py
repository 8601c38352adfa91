"""axe-core in Chromium over every page, and the sources of the pages as files."""

import os
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from playwright.sync_api import BrowserContext, Page, Response, Route, sync_playwright

from tests.urls_under_test import PublicPage
from tools.audit.server import FOLDER, ROOT

CHROMIUM = os.environ.get("CHROME_PATH") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (360, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_RUN = """async tags => {
    const result = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
    return result.violations.map(rule => ({
        rule: rule.id, impact: rule.impact,
        nodes: rule.nodes.map(node => node.target.join(" ") + " " + node.failureSummary.replace(/\\s+/g, " ")),
    }));
}"""
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Result:
    """What one checker found: how much it looked at, what is wrong, how long it took."""

    tool: str
    looked_at: str
    findings: list[str] = field(default_factory=list)
    seconds: float = 0.0


def run_axe(address: str, pages: list[PublicPage]) -> Result:
    """Run axe over every page at two widths, light and dark; save each page's source on the way."""
    begin = time.monotonic()
    result = Result("axe-core", f"{len(pages)} pages × {len(WIDTHS) * len(SCHEMES)} views")
    with ThreadPoolExecutor(len(WIDTHS)) as both:
        for findings in both.map(lambda width: _look_at_all(address, pages, width), WIDTHS):
            result.findings += findings
    result.seconds = time.monotonic() - begin
    return result


def _look_at_all(address: str, pages: list[PublicPage], width: int) -> list[str]:
    axe = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
    findings: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(
            base_url=address, locale="de-DE", reduced_motion="reduce", viewport={"width": width, "height": 800}
        )
        problems: list[str] = []
        tab = _watched_tab(context, problems)  # one for all pages: a new window costs more than loading a page
        for page in pages:
            _look(tab, page, axe, problems)
            findings += [f"{page.name} [{width}] {problem}" for problem in problems]
            problems.clear()
        browser.close()
    return findings


def _watched_tab(context: BrowserContext, problems: list[str]) -> Page:
    tab = context.new_page()
    tab.on("console", lambda line: problems.append(f"console: {line.text}") if _is_ours(line.text) else None)
    tab.on("pageerror", lambda error: problems.append(f"script: {error}"))
    return tab


def _look(tab: Page, public: PublicPage, axe: str, problems: list[str]) -> None:
    """Open a page, run axe in every scheme, note what is wrong; leave an empty page behind."""
    tab.emulate_media(color_scheme=SCHEMES[0])
    response = open_page(tab, public)
    if response.status != public.status:
        problems.append(f"status {response.status}, not {public.status}")
    source_file(public).write_bytes(response.body())
    tab.evaluate(axe)
    for scheme in SCHEMES:
        tab.emulate_media(color_scheme=scheme)
        for violation in tab.evaluate(AXE_RUN, AXE_TAGS):
            nodes = " | ".join(violation["nodes"][:3])
            problems.append(f"{scheme}: {violation['rule']} ({violation['impact']}): {nodes}")
    if tab.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        problems.append("the page is wider than the window")
    tab.goto("about:blank")


def _is_ours(line: str) -> bool:
    """Chromium also reports the status of error pages, which are asked for on purpose."""
    return "the server responded with a status of" not in line


def open_page(tab: Page, public: PublicPage) -> Response:
    """Open a page by GET, or by POST with the token of the form on it."""
    if public.form is not None:
        body = urlencode({**public.form, **_token(tab, public.path)}, doseq=True)
        headers = {"content-type": "application/x-www-form-urlencoded"}

        def send(route: Route) -> None:
            route.continue_(method="POST", post_data=body, headers={**route.request.headers, **headers})

        tab.route(f"**{public.path}", send, times=1)
    response = tab.goto(public.path)
    if response is None:
        raise RuntimeError(f"{public.path}: no answer")
    return response


def _token(tab: Page, path: str) -> dict[str, str]:
    """Return the form's token, if the page carries one; its cookie stays in the context."""
    found = _TOKEN.search(tab.context.request.get(path).text())
    return {"csrfmiddlewaretoken": found[1]} if found else {}


def source_file(public: PublicPage) -> Path:
    """Return where the page's source lies for the checkers that read files."""
    folder = FOLDER / "pages"
    folder.mkdir(exist_ok=True)
    return folder / f"{public.name}.html"
