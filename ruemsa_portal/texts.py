"""Texts of the region folder that are read once: page defaults, the pages for parents and for staff."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

PAGE_SLUGS = (
    "impressum",
    "datenschutz",
    "barrierefreiheit",
    "leichte-sprache",
    "gebaerdensprache",
    "ueber",
    "credits",
)


@lru_cache
def region_table(name: str, folder: Path | None = None) -> dict[str, Any]:
    """Return ``<name>.toml`` of the region folder; an absent file is an empty table."""
    path = (folder or settings.REGION_DIR) / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@lru_cache
def default_page(slug: str, folder: Path | None = None) -> tuple[str, str]:
    """Return (title, Markdown) of a page nobody has edited: the region's file, else one honest sentence."""
    path = (folder or settings.REGION_DIR) / "pages" / f"{slug}.md"
    if not path.is_file():
        return _missing_title(slug), _("Dieser Text fehlt noch. Fragen Sie die Koordinierungsstelle.")
    first, _newline, rest = path.read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("#").strip(), rest.strip()


def _missing_title(slug: str) -> str:
    titles = {
        "impressum": _("Impressum"),
        "datenschutz": _("Datenschutz"),
        "barrierefreiheit": _("Erklärung zur Barrierefreiheit"),
        "leichte-sprache": _("Leichte Sprache"),
        "gebaerdensprache": _("Gebärdensprache"),
        "ueber": _("Über dieses Portal"),
        "credits": _("Quellen und Lizenzen"),
    }
    return titles[slug]
