"""Public pages of contact points: load, ask, render."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.agencies import offers_at, public_terms
from directory.contact import agencies_of, contact_card, fallback_of, next_best_text, public_points
from directory.exports import json_ld, vcard
from directory.forms import PointFilterForm
from directory.hours import calendar_around, week_view
from directory.map import base_map, draw_map
from directory.models import ContactPoint
from directory.search import PointFilters, PointList, find_points
from directory.versions import content_version
from directory.views.shared import carried, signed_list, without

PARAMETERS = {
    "stelle": "stelle",
    "open_now": "offen",
    "channel": "weg",
    "step_free": "stufenlos",
    "language": "sprache",
}
"""Which parameter of the address stands for which filter."""


@require_safe
def contact_point_list(request: HttpRequest) -> HttpResponse:
    """All contact points with map and filters, nearest first when a place is given."""
    at = timezone.localtime()
    version = content_version()
    form = PointFilterForm(request.GET, version=version)
    filters, place = form.filters()
    public = public_points(at.date(), version=version)
    calendar = calendar_around(at, version=version)
    found = find_points(filters, public, at=at, calendar=calendar)
    form.offer_bodies({agency.stelle for point in public.points for agency in agencies_of(point)})
    cards = [hit.card for hit in found.hits]
    base = base_map(public, version=version, on=at.date())
    fallback = fallback_of(public)
    context = {
        "form": form,
        "filters": filters,
        "place": place,
        "found": found,
        "chips": _chips(request, form, filters),
        "ways_out": _ways_out(request, form, found),
        "map": draw_map(base, cards, filters.place),
        "is_filtered": bool(filters.active() or form.errors),
        "place_missing_url": _place_missing_url(request),
        "fallback": contact_card(fallback, at=at, calendar=calendar) if fallback else None,
        "next_best_text": next_best_text(),
        "m": signed_list(request),
        "carried": carried(request),
    }
    return render(request, "directory/contact_point_list.html", context)


@require_safe
def contact_point_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One contact point."""
    at = timezone.localtime()
    point = public_points(at.date()).by_slug.get(slug)
    if point is None:
        raise Http404
    return render_contact_point(request, point, at=at)


def render_contact_point(
    request: HttpRequest, point: ContactPoint, *, at: datetime, preview: bool = False
) -> HttpResponse:
    """Render the page of a point loaded with details; ``preview`` marks it as not public yet."""
    version = content_version()
    on = at.date()
    calendar = calendar_around(at, version=version)
    public = public_points(on, version=version)
    card = contact_card(point, at=at, calendar=calendar, fallback=fallback_of(public))
    days = week_view(point, start=on, calendar=calendar)
    url = settings.BASE_URL + point.get_absolute_url()
    context = {
        "point": point,
        "card": card,
        "days": days,
        "messages_of_days": list(dict.fromkeys(text for day in days for text in day.messages)),
        "shares": list(point.shares.all()),
        "area": [municipality.name for municipality in point.service_area.all()],
        "offers": offers_at(point, on=on),
        "terms": public_terms(version),
        "json_ld": None if point.is_example or preview else json_ld(point, card, url=url, calendar=calendar, on=on),
        "share_url": url,
        "m": signed_list(request),
        "carried": carried(request),
        "preview": preview,
    }
    return render(request, "directory/contact_point_detail.html", context)


@require_safe
def contact_point_vcard(request: HttpRequest, slug: str) -> HttpResponse:
    """The contact as a file for the phone's address book; an invented one never gets there."""
    at = timezone.localtime()
    version = content_version()
    point = public_points(at.date(), version=version).by_slug.get(slug)
    if point is None or point.is_invented:
        raise Http404
    card = contact_card(point, at=at, calendar=calendar_around(at, version=version))
    text = vcard(point, card, url=settings.BASE_URL + point.get_absolute_url())
    response = HttpResponse(text, content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{point.slug}.vcf"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _place_missing_url(request: HttpRequest) -> str:
    """The list of all municipalities; it leads back here with the other filters kept."""
    query = request.GET.copy()
    for name in ("ort", "ags"):
        query.pop(name, None)
    query["weiter"] = "anlaufstellen"
    return f"{reverse('directory:places')}?{query.urlencode()}"


def _chips(request: HttpRequest, form: PointFilterForm, filters: PointFilters) -> list[dict[str, str]]:
    """Every active filter with the address that takes it away."""
    chips = [
        {"label": form.value_label(PARAMETERS[name]), "url": without(request, PARAMETERS[name])}
        for name in filters.active()
    ]
    if filters.place:
        label = _("nah bei %(place)s") % {"place": filters.place.name}
        chips.append({"label": label, "url": without(request, "ort", "ags")})
    return chips


def _ways_out(request: HttpRequest, form: PointFilterForm, found: PointList) -> list[dict[str, Any]]:
    """For the empty list: which filter to drop for how many contact points."""
    if found.hits:
        return []
    return [
        {"label": form.value_label(PARAMETERS[name]), "url": without(request, PARAMETERS[name]), "count": count}
        for name, count in found.without.items()
        if count
    ]
