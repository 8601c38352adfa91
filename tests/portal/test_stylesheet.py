"""One style sheet for the public pages: what is in it, and that no page's rules reach into another page."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client

from ruemsa_portal.stylesheet import PARTS, WHOLE, PortalStorage, sheets

SOURCES = Path(settings.BASE_DIR, "static")
# Sheets that a page brings beside the one file, after it.
BESIDE = {"css/components/table.css", "css/pages/confirm.css", "css/pages/enquiry.css", "css/pages/result_print.css"}


def test_every_sheet_of_a_public_page_is_in_the_one_file_or_named_beside_it() -> None:
    named = set()
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        if "admin" not in path.parts:
            named |= set(re.findall(r"'(css/[^']+\.css)'", path.read_text(encoding="utf-8")))
    assert named - set(PARTS) == BESIDE
    assert all((SOURCES / name).is_file() for name in PARTS)


def test_no_two_files_of_pages_or_parts_say_something_about_the_same_class() -> None:
    owners = defaultdict(set)
    for name in PARTS[3:]:
        text = re.sub(r"/\*.*?\*/", "", (SOURCES / name).read_text(encoding="utf-8"), flags=re.DOTALL)
        for selector in re.findall(r"(?:^|[},])\s*(\.[\w-]+)", text):
            owners[selector].add(name)
    assert {selector: names for selector, names in owners.items() if len(names) > 1} == {}


def test_collected_files_hold_the_one_sheet_in_order_without_comments(
    tmp_path: Path, settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATIC_ROOT = tmp_path  # type: ignore[attr-defined]
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "ruemsa_portal.stylesheet.PortalStorage"},
    }
    call_command("collectstatic", "--no-input", verbosity=0)
    text = (tmp_path / WHOLE).read_text(encoding="utf-8")
    assert text.startswith(":root")
    assert "/*" not in text
    places = [
        text.index(sign) for sign in ("\n.wrap {", "\n.skip-link {", "\n.button {", "\n.details {", "\n.offer-filter")
    ]
    assert places == sorted(places)
    monkeypatch.setattr("ruemsa_portal.stylesheet.staticfiles_storage", PortalStorage())
    (whole,) = sheets()
    assert re.fullmatch(r"/static/css/portal\.[0-9a-f]{12}\.css", whole)
    assert (tmp_path / f"{whole.removeprefix('/static/')}.gz").is_file()
    assert sheets("css/components/card.css", "css/components/table.css") == [
        PortalStorage().url("css/components/table.css")
    ]


def test_in_development_a_page_names_its_files(client: Client, db: None) -> None:
    html = client.get("/suche/").content.decode()
    wanted = ["css/tokens.css", "css/base.css", "css/components/form.css", "css/components/card.css"]
    places = [html.index(f'<link rel="stylesheet" href="{staticfiles_storage.url(name)}">') for name in wanted]
    assert places == sorted(places)
