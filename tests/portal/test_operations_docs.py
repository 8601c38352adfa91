"""The pages for the people who run the portal name what is really there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
PAGES = sorted((ROOT / "docs" / "operations").glob("*.md"))
# Beside those of the commands: what the shell has in these pages for "manage.py".
OPTIONS_OF_MANAGE = {"shell"}


def test_every_setting_is_on_the_page() -> None:
    text = (ROOT / "docs" / "operations" / "settings.md").read_text()
    table = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    named = [name for cell in table for name in re.findall(r"`([A-Z_]+)`", cell)]
    documented = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)
    assert sorted(named) == sorted(documented)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_leads_to_what_is_there(page: Path) -> None:
    text = page.read_text()
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []
    files = re.findall(r"`((?:docs|tools|regions|tests)/[\w./-]+\.\w+)`", text)
    assert [file for file in files if not (ROOT / file).exists()] == []
    commands = set(re.findall(r"(?:manage\.py|^ {4}manage) ([a-z_]+)", text, re.M)) - OPTIONS_OF_MANAGE
    assert commands <= set(get_commands())
    targets = set(re.findall(r"`make ([a-z-]+)", text))
    assert targets <= set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))


def test_every_page_can_be_found() -> None:
    """From the README or from another page."""
    texts = {page: page.read_text() for page in [*PAGES, ROOT / "README.md"]}
    lost = [
        page.name for page in PAGES if not any(f"{page.name}" in text for other, text in texts.items() if other != page)
    ]
    assert lost == []


def test_figures_on_the_page_are_those_that_are_given() -> None:
    page = (ROOT / "docs" / "operations" / "metrics.md").read_text()
    code = (ROOT / "ruemsa_portal" / "metrics.py").read_text()
    given = set(re.findall(r"# TYPE (portal_\w+)", code))
    assert given and {name for name in given if name not in page} == set()
