"""Whole pages as parts: the frame and all that is the same for everybody are rendered once, and filled for each answer.

``filled`` keeps a page under what decides about its shape (``key``) and the content's version, never under an
address; whatever belongs to one visitor or one record is a hole (``directory.parts``). ``whole`` renders a page
that says something rare, such as errors, as ever. Both take the same template and the same names. ADR 0041.
"""

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from directory.parts import Html, Part, hole, kept_part

NAVIGATION = ("offers:list", "directory:contact_points", "parents", "search", "offers:bookmarks")
"""The pages that the header leads to; there it says that one is there."""
ADDRESS = "canonical_url"


class Page(HttpResponse):
    """An answer that remembers what it was made from, as Django's TemplateResponse does."""

    context_data: Mapping[str, Any] = {}


def frame(path: str) -> dict[str, Any]:
    """Region names from the region file, whether example data is shown, and which page of the navigation this is."""
    return {
        "region": settings.REGION,
        "base_url": settings.BASE_URL,
        ADDRESS: f"{settings.BASE_URL}{path}",
        "shows_example_data": settings.SHOW_EXAMPLE_DATA,
        "nav_page": path if path in _navigation() else "",
    }


def filled(
    request: HttpRequest,
    template: str,
    *,
    version: Hashable,
    key: Hashable,
    fixed: Callable[[], Mapping[str, Any]],
    values: Mapping[str, Any],
    context: Mapping[str, Any] | None = None,
    shelf: str = "pages",
) -> Page:
    """Return the page of this shape, filled with ``values``.

    ``fixed`` returns what the template gets, with a hole for every value; it is called only when the page is not
    kept. ``context`` is what the page was made from, for whoever looks at the answer. ``shelf`` is another place
    for pages of many shapes, which would push out the others.
    """
    here = frame(request.path)

    def cut() -> Part:
        return Part.of(template, {**here, ADDRESS: hole(ADDRESS), **fixed()})

    part = kept_part(shelf, version, (template, key, here["nav_page"]), cut)
    page = Page(part.text({**values, ADDRESS: here[ADDRESS]}))
    page.context_data = context or values
    return page


def whole(request: HttpRequest, template: str, context: Mapping[str, Any]) -> Page:
    """Return the page rendered for this request alone."""
    page = Page(render(request, template, dict(context)).content)
    page.context_data = context
    return page


def open_html(name: str) -> Html:
    """Return a hole that HTML made from parts will fill: what ``{{ name|prepared }}`` takes."""
    return Html(hole(name))


def json_ld_html(data: Mapping[str, Any] | None) -> Html | None:
    """Return schema.org data for the head, or None when there is none."""
    return Part.of("components/json_ld.html", {"data": data}).fill({}) if data else None


@cache
def _navigation() -> frozenset[str]:
    return frozenset(map(reverse, NAVIGATION))
