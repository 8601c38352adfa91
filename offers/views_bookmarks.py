"""Merkliste: what one wants to keep, without account and without a trace on the server."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory.contact import contact_card, public_points
from directory.hours import calendar_around, week_view
from directory.versions import content_version
from offers.bookmarks import clean_keys, pack, unpack
from offers.detail import OfferPage, offer_page, with_details
from offers.models import Offer


# The POST changes nothing and reads no cookie: it only shows the slugs it was sent.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def bookmarks(request: HttpRequest) -> HttpResponse:
    """Show the list. GET: signed list in ``m``, with ``dazu``/``weg``/``leeren``. POST: keys from the browser."""
    if request.method == "POST":
        keys: list[str] | None = clean_keys(request.POST.getlist("k"))
    else:
        keys = unpack(request.GET.get("m", "")[:4000])
        if change := _changed(request, keys or []):
            return change
    at = timezone.localtime()
    context = {
        "keys": keys or [],
        "is_broken": keys is None,
        "m": pack(keys) if keys else "",
        "is_post": request.method == "POST",
        **_items(keys or [], at=at),
    }
    response = render(request, "offers/bookmarks.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _changed(request: HttpRequest, keys: list[str]) -> HttpResponse | None:
    """Answer a change of the list with the address of the changed list."""
    add, drop = request.GET.get("dazu", ""), request.GET.get("weg", "")
    if request.GET.get("leeren"):
        return HttpResponseRedirect(reverse("offers:bookmarks"))
    if not add and not drop:
        return None
    new = clean_keys([*(key for key in keys if key != drop), *([add] if add else [])])
    query = f"?{urlencode({'m': pack(new)})}" if new else ""
    return HttpResponseRedirect(reverse("offers:bookmarks") + query)


def _items(keys: list[str], *, at: datetime) -> dict[str, Any]:
    """Load the public offers and contact points of the list, in its order."""
    on = at.date()
    offer_slugs = [key[2:] for key in keys if key.startswith("o:")]
    point_slugs = [key[2:] for key in keys if key.startswith("p:")]
    version = content_version()
    rows = with_details(Offer.objects.published(on=on)).filter(slug__in=offer_slugs)
    offers = {row.slug: row for row in rows}
    points = public_points(on, version=version).by_slug
    calendar = calendar_around(at, version=version)
    pages: list[OfferPage] = [
        offer_page(offers[slug], at=at, version=version) for slug in offer_slugs if slug in offers
    ]
    cards = [contact_card(points[slug], at=at, calendar=calendar) for slug in point_slugs if slug in points]
    shown = {card.slug for card in (*cards, *(page.contact for page in pages)) if card and card.slug in points}
    weeks = {slug: week_view(points[slug], start=on, calendar=calendar) for slug in shown}
    dates = sorted(
        ((line.on, page.offer.title, line.text) for page in pages for line in page.dates if line.on),
        key=lambda item: (item[0], item[1]),
    )
    gone = [key for key in keys if key[2:] not in (offers if key.startswith("o:") else points)]
    return {
        "pages": [(page, weeks.get(page.contact.slug, []) if page.contact else []) for page in pages],
        "cards": [(card, weeks[card.slug]) for card in cards],
        "dates": dates,
        "gone": len(gone),
    }
