"""Makes the pictures of the staff handbook anew: ``make handbook``.

Loads the county's data into a data base of its own, serves it, and drives Chromium over the pages
the handbook shows. Pictures are cut to what the text speaks of and stay small.
"""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import FloatRect, Page, ViewportSize, sync_playwright

from accounts.keys import new_entry
from tools.audit.browser import ARGUMENTS, CHROMIUM
from tools.audit.server import ROOT, START_SECONDS, free_port
from tools.handbook_words import SHOWN

PICTURES_FOLDER = ROOT / "docs" / "handbuch" / "bilder"
DATABASE = ROOT / "var" / "handbook.sqlite3"
# Second factors are sealed; the data base goes at the end, and the key with it.
KEYS = new_entry("handbook")
WINDOW: ViewportSize = {"width": 760, "height": 900}
HARD_TEXT = (
    "Die Inanspruchnahme berufsvorbereitender Bildungsangebote setzt die Erfüllung der Schulpflicht voraus. "
    "Die Antragstellung erfolgt bei der zuständigen Arbeitsverwaltung. "
)
EASY_TEXT = "Komm zu uns. Wir hören dir zu. Dann suchen wir mit dir einen Platz."
# Days and times as a German browser shows them; the one that takes the pictures may know English only.
AS_IN_GERMANY = """() => {
    document.activeElement.blur();
    for (const input of document.querySelectorAll("input[type=time], input[type=date]")) {
        const said = input.value;
        input.type = "text";
        input.value = said.replace(/^(\\d{4})-(\\d\\d)-(\\d\\d)$/, "$3.$2.$1");
    }
}"""
# Prints the cookie of somebody of the coordination who has just come in, and the keys of the rows shown.
PREPARE = """
from django.test import Client
from directory.models import Agency, ContactPoint
from offers.models import Offer
from tests.factories.accounts import log_in, staff
agency = Agency.objects.filter(kind="coordination").order_by("pk").first()
client = log_in(Client(), staff("koordination", role="coordinator", agency=agency))
point = ContactPoint.objects.filter(schedules__isnull=False).order_by("pk").first()
gap = ContactPoint.objects.filter(schedules__isnull=True, phones__isnull=True).order_by("pk").first()
print(client.session.session_key, Offer.objects.get(slug="bvj").pk, point.pk, gap.pk)
"""


@dataclass(frozen=True)
class Picture:
    """A part of a page (``SHOWN``), after something was done on ``path``. ``height`` cuts what is longer."""

    name: str
    act: Callable[[Page], None] | None = None
    height: int = 640
    path: str = ""


def type_hard_text(page: Page) -> None:
    """Write a text that is too hard and wait for what is said about it."""
    page.locator("#id_summary").fill(HARD_TEXT + EASY_TEXT)
    page.locator("#id_summary_reading li li").first.wait_for()


def change_summary(page: Page) -> None:
    """Save another text of a public offer and open the page that shows what is new."""
    page.locator("#id_summary").fill("Im BVJ lernst du neue Berufe kennen. " + EASY_TEXT)
    page.locator("input[name=_continue]").click()
    page.get_by_role("link", name="Prüfen und freigeben").first.click()
    page.locator(".editorial").wait_for()


PICTURES = (
    Picture("start"),
    Picture("zeiten", height=520),
    Picture("liste"),
    Picture("text", type_hard_text),
    Picture("import"),
    Picture("ueberblick"),
    Picture("termine", height=900),
    Picture("freigeben", change_summary, path="/admin/offers/offer/{offer}/change/"),
)


def forget_database() -> None:
    """Remove the data base with its side files; an old log beside a new one would spoil it."""
    for path in DATABASE.parent.glob(f"{DATABASE.name}*"):
        path.unlink()


def manage(*arguments: str) -> str:
    """Run a management command on the data base of the handbook and return what it prints."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments[:2])} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _environment() -> dict[str, str]:
    keys = {"ENQUIRY_KEYS": KEYS, "DATABASE_URL": f"sqlite:///{DATABASE}"}
    return {**os.environ, **keys, "PYTHONPATH": str(ROOT)}


@contextmanager
def serve() -> Iterator[str]:
    """Serve the portal for as long as the block runs; yield its address."""
    port = str(free_port())
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with subprocess.Popen(
        command, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield _ready(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(timeout=20)


def _ready(address: str) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/health/live", timeout=5):
                return address
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def take(page: Page, picture: Picture, rows: dict[str, str]) -> Path:
    """Open the page, do what is to be done and save the picture."""
    shown, selector = SHOWN[picture.name]
    page.goto((picture.path or shown).format(**rows), wait_until="networkidle")
    if picture.act:
        picture.act(page)
    part = page.locator(selector).first
    part.scroll_into_view_if_needed()
    page.evaluate(AS_IN_GERMANY)
    box = part.bounding_box()
    if box is None:
        raise RuntimeError(f"{picture.name}: {selector} is not to be seen")
    top = page.evaluate("window.scrollY")
    clip: FloatRect = {
        "x": 0,
        "y": box["y"] + top,
        "width": WINDOW["width"],
        "height": min(box["height"], picture.height),
    }
    path = PICTURES_FOLDER / f"{picture.name}.png"
    page.screenshot(path=str(path), clip=clip, full_page=True, animations="disabled")
    return path


def main() -> None:
    """Make every picture and say how large they are."""
    DATABASE.parent.mkdir(exist_ok=True)
    forget_database()
    shutil.rmtree(PICTURES_FOLDER, ignore_errors=True)
    PICTURES_FOLDER.mkdir(parents=True)
    region = str(next((ROOT / "regions").glob("*/region.toml")).parent)
    manage("migrate", "--verbosity=0")
    manage("load_region", region)
    manage("load_rules", region)
    key, offer, point, gap = manage("shell", "--verbosity=0", "-c", PREPARE).split()[-4:]
    with serve() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(base_url=address, viewport=WINDOW, locale="de-DE", reduced_motion="reduce")
        context.add_cookies([{"name": "sessionid", "value": key, "url": address}])
        page = context.new_page()
        for picture in PICTURES:
            path = take(page, picture, {"offer": offer, "point": point, "gap": gap})
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB")
        browser.close()
    forget_database()
    record_words()


def record_words() -> None:
    """Keep the words of the pages beside the pictures, for the test that says when a picture is too old."""
    test = ("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "tests/admin/test_handbook_pictures.py")
    environment = {**os.environ, "HANDBOOK_RECORD": "1"}
    subprocess.run([sys.executable, *test], cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    main()
