"""Public pages of offers: load, ask, render."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from directory.agencies import public_terms
from directory.contact import fallback_point
from directory.versions import content_version
from offers.bookmarks import unpack
from offers.detail import OfferPage, load_offer, offer_page, related_offers
from offers.exports import deadlines_ics, qr_svg
from offers.filters import OfferFilters
from offers.forms import OfferFilterForm
from offers.gaps import filters_text, note_gap
from offers.listing import Listing, list_offers
from offers.models import Offer
from offers.notices import hits_of_the_words, notices

# What the visitor said about themself goes along to the detail page.
CARRIED = ("alter", "abschluss", "situation", "ort", "ags", "m")
FILTER_PARAMETERS = {
    "text": "q",
    "kinds": "art",
    "decider": "stelle",
    "age": "alter",
    "certificate": "abschluss",
    "situation": "situation",
    "radius_km": "umkreis",
    "is_free": "kosten",
    "without_application": "ohne_antrag",
    "is_remote": "online",
    "language": "sprache",
    "starts_soon": "bald",
}


@require_safe
def offer_list(request: HttpRequest) -> HttpResponse:
    """The catalogue with filters."""
    version = content_version()
    form = OfferFilterForm(request.GET, version=version)
    filters, place = form.filters()
    on = timezone.localdate()
    listing = list_offers(filters, page=_page(request), version=version, on=on)
    form.show_counts(listing.counts)
    _note_gap(request, listing, filters, on=on)
    context = {
        "form": form,
        "filters": filters,
        "place": place,
        "listing": listing,
        "notices": notices(request, listing.hits, total=listing.total) if listing.hits else None,
        "chips": _chips(request, form, filters),
        "ways_out": _ways_out(request, listing),
        "human": None if listing.total else fallback_point(on, version=version),
        "carried": _carried(request),
        "merk": _shared_list(request),
    }
    return render(request, "offers/offer_list.html", context)


@require_safe
def offer_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One offer."""
    at = timezone.localtime()
    offer = load_offer(slug, on=at.date())
    if offer is None:
        raise Http404
    return render_offer(request, offer, at=at)


def render_offer(request: HttpRequest, offer: Offer, *, at: datetime, preview: bool = False) -> HttpResponse:
    """Render the page of a loaded offer; ``preview`` marks it as not public yet."""
    version = content_version()
    filters, _place = OfferFilterForm(request.GET, version=version).filters()
    page = offer_page(offer, filters, at=at, version=version)
    context = {
        "page": page,
        "offer": offer,
        "related": related_offers(offer, on=at.date()),
        "terms": public_terms(version),
        "json_ld": _json_ld(page),
        "share_url": settings.BASE_URL + offer.get_absolute_url(),
        "carried": _carried(request),
        "merk": _shared_list(request),
        "preview": preview,
    }
    return render(request, "offers/offer_detail.html", context)


@require_safe
def offer_deadlines(request: HttpRequest, slug: str) -> HttpResponse:
    """The coming dates as calendar file; example data never leaves the site as a file.

    Without a coming date there is no file: a calendar must hold at least one entry (RFC 5545, 3.6).
    """
    at = timezone.localtime()
    offer = load_offer(slug, on=at.date())
    if offer is None or offer.is_example:
        raise Http404
    dates = deadlines_ics(offer, url=settings.BASE_URL + offer.get_absolute_url(), on=at.date(), at=at)
    if dates is None:
        raise Http404
    response = HttpResponse(dates, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{offer.slug}-fristen.ics"'
    return response


@require_safe
def offer_qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The address of the offer as QR code."""
    offer = Offer.objects.published(on=timezone.localdate()).filter(slug=slug).only("slug").first()
    if offer is None:
        raise Http404
    response = HttpResponse(qr_svg(settings.BASE_URL + offer.get_absolute_url()), content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=86400"
    return response


@csrf_exempt  # Reads no cookie and changes nothing; a wrong method gets its JSON answer.
def offer_api(request: HttpRequest) -> JsonResponse:
    """The list as JSON: same parameters, same order. Errors name the parameter and what is allowed."""
    if request.method not in ("GET", "HEAD"):
        response = JsonResponse({"error": "Nur GET ist erlaubt.", "parameter": None, "allowed": ["GET"]}, status=405)
        response["Allow"] = "GET, HEAD"
        return response
    version = content_version()
    form = OfferFilterForm(request.GET, version=version)
    filters, _place = form.filters()
    if form.errors:
        return _api_error(form)
    on = timezone.localdate()
    listing = list_offers(filters, page=_page(request), version=version, on=on)
    _note_gap(request, listing, filters, on=on)
    where = filters.place or (listing.hits.place if listing.hits else None)
    response = JsonResponse(
        {
            "query": filters.text,
            "corrected": listing.hits.corrected if listing.hits else None,
            "place": {"name": where.name, "ags": where.ags} if where else None,
            "total": listing.total,
            "next": listing.next_page,
            "results": [
                {"slug": card.slug, "title": card.title, "kind": card.kind, "score": card.score, "because": card.reason}
                for card in listing.cards
            ],
            "facets": _api_facets(form, listing),
        }
    )
    response["Cache-Control"] = "public, max-age=60"
    return response


def _note_gap(request: HttpRequest, listing: Listing, filters: OfferFilters, *, on: date) -> None:
    """Count a search with few hits: the first page of it, and not again when it is taken literally."""
    hits = listing.hits
    if hits is None or request.method != "GET" or listing.page > 1 or filters.literal:
        return
    place = filters.place or hits.place
    note_gap(
        hits.rest,
        filters=filters_text(filters),
        ags=place.ags if place else None,
        hits=hits_of_the_words(hits, listing.total),
        on=on,
    )


def _api_error(form: OfferFilterForm) -> JsonResponse:
    name, errors = next(iter(form.errors.items()))
    field = form.fields[name]
    allowed = [str(value) for value, _label in getattr(field, "choices", []) if value != ""]
    return JsonResponse({"error": str(errors[0]), "parameter": name, "allowed": allowed}, status=400)


def _api_facets(form: OfferFilterForm, listing: Listing) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            {"value": value, "label": str(label), "count": listing.counts[name].get(value, 0)}
            for value, label in choices
            if name != "offen" or value in listing.counts[name]
        ]
        for name, choices in form.base.items()
        if name in listing.counts
    }


def _page(request: HttpRequest) -> int:
    """The page asked for; nonsense is page one. ``nach`` is the name other programs use for it."""
    value = request.GET.get("seite") or request.GET.get("nach") or "1"
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else 1


def _carried(request: HttpRequest) -> str:
    """What goes along to the next page, as a query string with its question mark, or nothing."""
    kept = [(name, request.GET[name][: 100 if name != "m" else 2000]) for name in CARRIED if request.GET.get(name)]
    return f"?{urlencode(kept)}" if kept else ""


def _shared_list(request: HttpRequest) -> dict[str, Any]:
    """The signed Merkliste that travels in the address when there is no JavaScript."""
    packed = request.GET.get("m", "")[:2000]
    keys = unpack(packed) or []
    return {"m": packed if keys else "", "count": len(keys), "url": reverse("offers:bookmarks")}


def _chips(request: HttpRequest, form: OfferFilterForm, filters: OfferFilters) -> list[dict[str, str]]:
    """Every active filter with the address that takes it away."""
    chips = []
    for name in filters.active():
        parameter = FILTER_PARAMETERS[name]
        for value in request.GET.getlist(parameter):
            label = _value_label(form, parameter, value)
            chips.append({"label": label, "url": _address(request, parameter, value)})
    if filters.place:
        chips.append({"label": filters.place.label, "url": _address(request, "ort", None, "ags", "umkreis")})
    return chips


def _value_label(form: OfferFilterForm, parameter: str, value: str) -> str:
    """The chip's words: the choice's label, the flag's label, or the name and what was typed."""
    labels = {str(key): str(label) for key, label in form.base.get(parameter, [])}
    if parameter in labels or value in labels:
        return labels.get(value, value)
    if parameter == "alter":
        return _("%(age)s Jahre alt") % {"age": value[:40]}
    plain = str(form.base_fields[parameter].label)
    if parameter in ("kosten", "ohne_antrag", "online", "bald"):
        return plain
    return f"{plain}: {value[:40]}"


def _address(request: HttpRequest, parameter: str, value: str | None, *also: str) -> str:
    """The present address without one value (or the whole parameter), back on page one."""
    query = request.GET.copy()
    for name in ("seite", "nach", *also):
        query.pop(name, None)
    left = [other for other in query.getlist(parameter) if value is not None and other != value]
    query.setlist(parameter, left)
    return f"?{query.urlencode()}" if query.urlencode() else request.path


def _ways_out(request: HttpRequest, listing: Listing) -> list[dict[str, Any]]:
    """For the empty list: which filter to drop for how many results; an empty name means all of them."""
    found = []
    for way in listing.ways_out:
        if way.name:
            parameter = FILTER_PARAMETERS[way.name]
            label, url = OfferFilterForm.base_fields[parameter].label, _address(request, parameter, None)
        else:
            kept = {"m": request.GET["m"][:2000]} if request.GET.get("m") else {}
            label, url = _("alle Angaben"), f"{request.path}?{urlencode(kept)}" if kept else request.path
        found.append({"label": str(label), "count": way.count, "url": url})
    return found


def _json_ld(page: OfferPage) -> dict[str, Any] | None:
    """schema.org data; none for example data, which search engines must not read."""
    offer = page.offer
    if offer.is_example:
        return None
    kind = (
        "Event"
        if offer.kind == "messe"
        else "EducationalOccupationalProgram"
        if offer.kind in ("ausbildung", "vorbereitung", "schulabschluss")
        else "GovernmentService"
    )
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "name": offer.title,
        "description": offer.summary,
        "url": settings.BASE_URL + offer.get_absolute_url(),
    }
    if page.roles:
        data["provider" if kind != "Event" else "organizer"] = {
            "@type": "Organization",
            "name": page.roles[0].agency.name,
        }
    if kind == "Event":
        days = [line.on for line in page.dates if line.on]
        if not days:
            data["@type"] = "Service"
        else:
            data["startDate"] = days[0].isoformat()
    return data
