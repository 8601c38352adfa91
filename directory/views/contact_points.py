"""Public pages of contact points: load, ask, render."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from directory.asking import ways_to
from directory.contact import ContactCard, agencies_of, contact_card, fallback_of, next_best_text, public_points
from directory.detail_html import PreparedPoint, filled_page, prepare_point, public_point
from directory.exchange.merging import moved_to
from directory.exports import vcard
from directory.filter_html import fields_html
from directory.forms import PointFilterForm
from directory.hours import calendar_around
from directory.list_html import chips_html
from directory.models import ContactPoint
from directory.pages import filled, open_html, whole
from directory.parts import hole
from directory.point_list import PreparedList, point_list
from directory.search import PointFilters
from directory.versions import content_version, derived
from directory.views.hidden import hidden_page
from directory.views.shared import carried, keep, signed_list, without

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
    found = point_list(filters, at=at, version=version)
    links = carried(request)
    context = {
        "form": form,
        **_fields(request, form, on=at.date(), is_filtered=bool(filters.active()), version=version),
        "filters": filters,
        "place": place,
        "title": _title(filters, has_errors=bool(form.errors)),
        "heading": _heading(found.total, filters),
        **found.html(carried=links, keep=keep(request)),
        "chips": chips_html(_chips(request, form, filters)),
        "ways_out": _ways_out(request, form, found),
        "place_missing_url": _place_missing_url(request),
        "fallback": None if found.total else _fallback(at, version=version),
        "next_best_text": next_best_text(),
        "m": signed_list(request),
        "carried": links,
    }
    return _list_page(request, context, version=version)


def _fallback(at: datetime, *, version: str) -> ContactCard | None:
    """Whom to ask when nothing fits."""
    point = fallback_of(public_points(at.date(), version=version))
    return contact_card(point, at=at, calendar=calendar_around(at, version=version)) if point else None


def _list_page(request: HttpRequest, context: Mapping[str, Any], *, version: str) -> HttpResponse:
    """Return the page, whole when it says something rare: errors, no hit, a place to be chosen, a Merkliste."""
    place = context["place"]
    is_open_place = place.choices or place.outside_name or place.is_unknown
    if context["form"].errors or not context["hits"] or is_open_place or context["m"]:
        return whole(request, "directory/contact_point_list.html", context)
    blocks = {name: context[name] for name in ("fields", "chips", "map", "hits", "maybe") if context[name]}
    texts = {name: context[name] for name in ("title", "heading")}

    def fixed() -> dict[str, Any]:
        return {name: hole(name) for name in texts} | {name: open_html(name) for name in blocks}

    return filled(
        request,
        "directory/contact_point_list.html",
        version=version,
        key=tuple(blocks),
        fixed=fixed,
        values=blocks | texts,
        context=context,
    )


def _title(filters: PointFilters, *, has_errors: bool) -> str:
    """Say what page this is; an error comes first."""
    said = _("Anlaufstellen")
    if filters.place:
        said += " " + _("nah bei %(place)s") % {"place": filters.place.name}
    return f"{_('Fehler:')} {said}" if has_errors else said


def _heading(total: int, filters: PointFilters) -> str:
    """Say how many there are, and what they are sorted by."""
    said = ngettext("%(total)s Anlaufstelle", "%(total)s Anlaufstellen", total) % {"total": total}
    return f"{said}, " + _("nah bei %(place)s zuerst") % {"place": filters.place.name} if filters.place else said


def _fields(
    request: HttpRequest, form: PointFilterForm, *, on: date, is_filtered: bool, version: str
) -> dict[str, Any]:
    """The filter form: from its prepared parts, or whole when there are errors to be shown."""
    bodies = _bodies(on, version=version)
    if not form.errors:
        chosen = request.GET.get("stelle", "")
        shown = bodies | {chosen}
        return {"fields": fields_html(request.GET, shown, version=version, is_filtered=is_filtered)}
    whole_form = PointFilterForm(request.GET, version=version, whole=True)
    whole_form.offer_bodies(set(bodies))
    return {"form": whole_form, "is_filtered": True}


def _bodies(on: date, *, version: str) -> frozenset[str]:
    """The bodies that have a contact point."""
    return derived(
        "point-bodies",
        (version, on, settings.SHOW_EXAMPLE_DATA),
        lambda: frozenset(
            agency.stelle for point in public_points(on, version=version).points for agency in agencies_of(point)
        ),
    )


@require_safe
def contact_point_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One contact point."""
    at = timezone.localtime()
    version = content_version()
    point = public_points(at.date(), version=version).by_slug.get(slug)
    if point is None:
        moved = moved_to(ContactPoint, slug, on=at.date())
        if moved is None:
            return hidden_page(request, ContactPoint, slug, on=at.date())
        return redirect(moved, permanent=True)
    return _show(request, point, public_point(point, at=at, version=version), at=at, version=version)


def render_contact_point(request: HttpRequest, point: ContactPoint, *, at: datetime, preview: str = "") -> HttpResponse:
    """Render the page of a point loaded with details; ``preview`` (where to go back to) marks it as not public yet."""
    version = content_version()
    page = prepare_point(point, at=at, version=version, preview=preview)
    return _show(request, point, page, at=at, version=version)


def _show(
    request: HttpRequest, point: ContactPoint, page: PreparedPoint, *, at: datetime, version: str
) -> HttpResponse:
    ways = ways_to(point, at=at, version=version)
    return filled_page(request, page, version=version, carried=carried(request), keep=keep(request), ways=ways)


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


def _ways_out(request: HttpRequest, form: PointFilterForm, found: PreparedList) -> list[dict[str, Any]]:
    """For the empty list: which filter to drop for how many contact points."""
    if found.total:
        return []
    return [
        {"label": form.value_label(PARAMETERS[name]), "url": without(request, PARAMETERS[name]), "count": count}
        for name, count in found.without.items()
        if count
    ]
