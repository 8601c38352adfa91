"""The page of the list: filled into what was prepared, or rendered whole when there is something rare to say."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.pages import Page, filled, open_html, whole
from directory.parts import Html, Part, hole, kept_part
from directory.places import Place
from offers.addresses import with_values
from offers.listing import Listing
from offers.notices import Notices

TEMPLATE = "offers/offer_list.html"
TEXTS = ("title", "heading", "carried")
BLOCKS = ("fields", "cards", "chips", "notices", "pages")


def list_page(request: HttpRequest, context: Mapping[str, Any], *, version: str) -> Page:
    """Return the page. ``context``: everything the template knows; its blocks are HTML made from parts, or missing."""
    if _is_rare(context):
        return whole(request, TEMPLATE, context)
    has = {name: bool(context[name]) for name in BLOCKS}
    left_out = bool(context["left_out"])

    def fixed() -> dict[str, Any]:
        return {
            **{name: hole(name) for name in TEXTS},
            **{name: open_html(name) for name, is_there in has.items() if is_there},
            "left_out": left_out,
        }

    values = {name: context[name] for name in (*TEXTS, *BLOCKS)}
    key = (*has.values(), left_out)
    return filled(request, TEMPLATE, version=version, key=key, fixed=fixed, values=values, context=context)


def _is_rare(context: Mapping[str, Any]) -> bool:
    """Errors, no result, a place to be chosen, a Merkliste in the address: each has more to say than fits holes."""
    place = context["place"]
    is_open_place = place.choices or place.outside_name or place.is_unknown
    return bool(context["form"].errors or not context["listing"].total or is_open_place or context["merk"]["m"])


def title_of(listing: Listing, *, has_errors: bool) -> str:
    """Say what page this is; an error comes first."""
    said = _("Angebote")
    if listing.page > 1:
        said += ", " + _("Seite %(page)s") % {"page": listing.page}
    return f"{_('Fehler:')} {said}" if has_errors else said


def heading_of(total: int, place: Place | None) -> str:
    """Say how many there are, and for which place."""
    said = ngettext("%(total)s Angebot", "%(total)s Angebote", total) % {"total": total}
    return f"{said} " + _("für %(place)s") % {"place": place.name} if place else said


def notices_html(notices: Notices | None) -> Html | None:
    """Return what was understood in a search; None when there is nothing to say."""
    if notices is None or notices == Notices(notices.typed):
        return None
    return Part.of("offers/_notices.html", {"notices": notices}).fill({})


def pages_html(request: HttpRequest, listing: Listing) -> Html | None:
    """Return the way to the pages before and after; None when this is the only one."""
    if listing.num_pages == 1:
        return None
    urls = {
        f"{name}_url": with_values(request, seite=str(number))
        for name, number in (("previous", listing.previous_page), ("next", listing.next_page))
        if number
    }
    names = ("text", *urls)
    look = kept_part("offer-pages-look", "", names, lambda: Part.of("offers/_pages.html", {n: hole(n) for n in names}))
    text = _("Seite %(page)s von %(pages)s") % {"page": listing.page, "pages": listing.num_pages}
    return look.fill({"text": text, **urls})
