"""The handbook of the back office: short pages in ``docs/handbuch``, one for every kind of work.

A page is Markdown with pictures of our own, made by ``make handbook``. Every address of the back
office names its page here; a test holds that none is forgotten and that what the steps name is
really there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

FOLDER = Path(settings.BASE_DIR) / "docs" / "handbuch"
# Page → the kinds of rows it is about, and single pages by name. The order is that of the contents.
CONTENTS: dict[str, tuple[str, ...]] = {
    "start": ("index", "queue_counts", "app_list", "handbook", "handbook_page"),
    "zugang": (
        "account", "recovery_codes", "second_factor", "password_change", "password_change_done", "login", "login_code",
        "shown_again", "password_forgotten", "password_forgotten_done", "one_time_link", "logout",
    ),
    "anlaufstellen": ("directory_contactpoint", "directory_contactperson"),
    "stellen": ("directory_agency",),
    "angebote": ("offers_offer",),
    "texte": (),
    "freigeben": ("_review", "_revision", "_revisions"),
    "aktuell": ("directory_groupcheck",),
    "hinweise": ("directory_visitorreport", "directory_linkcheck"),
    "tabellen": ("directory_import",),
    "woerter": (
        "directory_synonymgroup", "directory_glossaryterm", "offers_searchgap", "offers_situation",
        "offers_occupationalfield", "offers_legalbasis",
    ),
    "seiten": ("directory_page",),
    "orte": (
        "directory_municipality", "directory_locality", "directory_neighbourplace", "directory_schoolholiday",
        "directory_language",
    ),
    "regeln": ("counseling_ruleset", "counseling_responsibilityrule", "counseling_scenario"),
    "termine": ("counseling_booking", "counseling_slotrule", "counseling_slotblock"),
    "anfragen": ("counseling_enquiry", "counseling_textblock", "counseling_deskabsence", "counseling_enquirydesk"),
    "personen": ("directory_membership", "accounts_user", "auth_user"),
    "ueberblick": ("overview",),
    "protokoll": ("accounts_auditentry",),
    "zustand": ("condition",),
}  # fmt: skip
_PICTURE = re.compile(r"^!\[([^\]]+)\]\(bilder/([a-z0-9-]+)\.png\)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page: Markdown, or a picture with the words for whoever does not see it."""

    markdown: str = ""
    picture: str = ""
    words: str = ""


def page_for(name: str) -> str | None:
    """Return the handbook page for the URL name of a page of the back office; None where there is none."""
    parts = name.split("_")
    for wanted in (name, f"_{parts[-1]}", "_".join(parts[:2])):
        for slug, names in CONTENTS.items():
            if wanted in names:
                return slug
    return None


def help_url(request: HttpRequest) -> str:
    """Return the address of the handbook for the page that was asked for."""
    match = request.resolver_match
    slug = page_for(match.url_name or "") if match else None
    return reverse("admin:handbook_page", args=[slug]) if slug else reverse("admin:handbook")


@lru_cache(maxsize=len(CONTENTS))
def source(slug: str) -> tuple[str, str]:
    """Return title and Markdown of a page."""
    first, _newline, rest = (FOLDER / f"{slug}.md").read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("#").strip(), rest.strip()


def blocks(markdown: str) -> Iterator[Block]:
    """Yield the texts and pictures of a page in their order."""
    end = 0
    for hit in _PICTURE.finditer(markdown):
        yield Block(markdown=markdown[end : hit.start()])
        yield Block(picture=hit[2], words=hit[1])
        end = hit.end()
    yield Block(markdown=markdown[end:])


@require_safe
def contents(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """List the pages of the handbook."""
    pages = [(slug, source(slug)[0]) for slug in CONTENTS]
    context = {**site.each_context(request), "title": _("Handbuch"), "pages": pages}
    return TemplateResponse(request, "admin/handbook/contents.html", context)


@require_safe
def page(request: HttpRequest, slug: str, site: AdminSite) -> HttpResponse:
    """Show one page of the handbook."""
    if slug not in CONTENTS:
        raise Http404
    title, text = source(slug)
    context: dict[str, Any] = {**site.each_context(request), "title": title, "blocks": list(blocks(text))}
    return TemplateResponse(request, "admin/handbook/page.html", context)


@require_safe
def picture(request: HttpRequest, name: str, site: AdminSite) -> HttpResponse:
    """Send a picture that a page of the handbook shows."""
    shown = {block.picture for slug in CONTENTS for block in blocks(source(slug)[1])}
    if name not in shown or not (FOLDER / "bilder" / f"{name}.png").is_file():
        raise Http404
    return HttpResponse((FOLDER / "bilder" / f"{name}.png").read_bytes(), content_type="image/png")
