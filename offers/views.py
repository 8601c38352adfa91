"""Public pages of offers: load, ask, render."""

from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from directory.asking import ways_to
from directory.contact import fallback_point, public_points
from directory.exchange.merging import moved_to
from directory.list_html import chips_html
from directory.versions import content_version
from directory.views.hidden import hidden_page
from offers.addresses import with_values
from offers.bookmarks import unpack
from offers.cards import cards_html
from offers.detail import load_offer
from offers.detail_html import PreparedOffer, filled_page, prepare_offer, public_offer
from offers.exports import deadlines_ics, qr_svg
from offers.filter_html import fields_html, whole_context
from offers.filters import OfferFilters
from offers.forms import OfferFilterForm
from offers.gaps import COUNTED, filters_text, note_gap
from offers.list_html import heading_of, list_page, notices_html, pages_html, title_of
from offers.listing import Listing, list_offers
from offers.models import Offer
from offers.notices import hits_of_the_words, notices
from offers.word_pages import Built, Gap, word_page

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
    version, on = content_version(), timezone.localdate()
    if request.GET.get("q"):
        return word_page(request, version=version, on=on, build=lambda: _list(request, version=version, on=on))
    return _list(request, version=version, on=on).page


def _list(request: HttpRequest, *, version: str, on: date) -> Built:
    form = OfferFilterForm(request.GET, version=version)
    filters, place = form.filters()
    listing = list_offers(filters, page=_page(request), version=version, on=on)
    merk, carried = _shared_list(request), _carried(request)
    cards = cards_html(listing.cards, version=version, carried=carried, keep=merk["keep"])
    context = {
        "form": form,
        **_fields(request, form, listing, has_place=bool(filters.place), version=version),
        "filters": filters,
        "place": place,
        "listing": listing,
        "title": title_of(listing, has_errors=bool(form.errors)),
        "heading": heading_of(listing.total, filters.place),
        "left_out": bool(listing.unknown_left_out),
        "cards": cards if listing.cards else None,
        "notices": notices_html(notices(request, listing.hits, total=listing.total) if listing.hits else None),
        "chips": chips_html(_chips(request, form, filters)),
        "pages": pages_html(request, listing),
        "ways_out": _ways_out(request, listing),
        "human": None if listing.total else fallback_point(on, version=version),
        "carried": carried,
        "merk": merk,
    }
    return Built(list_page(request, context, version=version), _gap(listing, filters))


def _fields(
    request: HttpRequest, form: OfferFilterForm, listing: Listing, *, has_place: bool, version: str
) -> dict[str, Any]:
    """The filter form: from its prepared parts, or whole when there are errors to be shown."""
    if not form.errors:
        return {"fields": fields_html(request.GET, listing.counts, version=version, has_place=has_place)}
    whole = OfferFilterForm(request.GET, version=version, whole=True)
    whole.is_valid()  # before choices that would show nothing are taken away
    whole.show_counts(listing.counts)
    return whole_context(whole, listing.counts, has_place=has_place)


@require_safe
def offer_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One offer."""
    at = timezone.localtime()
    version = content_version()
    offer = public_offer(slug, at=at, version=version)
    if offer is None:
        moved = moved_to(Offer, slug, on=at.date())
        if moved is None:
            return hidden_page(request, Offer, slug, on=at.date())
        return redirect(moved, permanent=True)
    return _show(request, offer, at=at, version=version)


def render_offer(request: HttpRequest, offer: Offer, *, at: datetime, preview: str = "") -> HttpResponse:
    """Render the page of a loaded offer; ``preview`` (where to go back to) marks it as not public yet."""
    version = content_version()
    return _show(request, prepare_offer(offer, at=at, version=version, preview=preview), at=at, version=version)


def _show(request: HttpRequest, offer: PreparedOffer, *, at: datetime, version: str) -> HttpResponse:
    filters, _place = OfferFilterForm(request.GET, version=version).filters()
    point = public_points(at.date(), version=version).by_slug.get(offer.contact)
    carried = _carried(request)
    fit = offer.facts.lines(filters)
    keep, ways = _shared_list(request)["keep"], ways_to(point, at=at, version=version)
    return filled_page(request, offer, fit, version=version, carried=carried, keep=keep, ways=ways)


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
    gap = _gap(listing, filters)
    is_counted = gap is not None and request.method == "GET" and note_gap(gap[0], **gap[1], on=on)
    where = filters.place or (listing.hits.query.place if listing.hits else None)
    response = JsonResponse(
        {
            "query": filters.text,
            "corrected": listing.hits.query.corrected if listing.hits else None,
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
    if is_counted:
        response["Cache-Control"] = COUNTED
    return response


def _gap(listing: Listing, filters: OfferFilters) -> Gap | None:
    """What is counted of a search with few hits: the first page of it, and not again when it is taken literally."""
    hits = listing.hits
    if hits is None or listing.page > 1 or filters.literal:
        return None
    place = filters.place or hits.query.place
    return hits.query.rest, {
        "filters": filters_text(filters),
        "ags": place.ags if place else None,
        "hits": hits_of_the_words(hits, listing.total),
    }


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
    keys = (unpack(packed) or []) if packed else []
    m = packed if keys else ""
    # Before what is added to the list by its address.
    keep = f"m={quote(m, safe='/')}&" if m else ""
    return {"m": m, "keep": keep, "count": len(keys), "url": reverse("offers:bookmarks")}


def _chips(request: HttpRequest, form: OfferFilterForm, filters: OfferFilters) -> list[dict[str, str]]:
    """Every active filter with the address that takes it away."""
    chips = []
    for name in filters.active():
        parameter = FILTER_PARAMETERS[name]
        for value in request.GET.getlist(parameter):
            label = _value_label(form, parameter, value)
            left = [other for other in request.GET.getlist(parameter) if other != value]
            chips.append({"label": label, "url": with_values(request, **{parameter: left})})
    if filters.place:
        chips.append({"label": filters.place.label, "url": with_values(request, ort="", ags="", umkreis="")})
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


def _ways_out(request: HttpRequest, listing: Listing) -> list[dict[str, Any]]:
    """For the empty list: which filter to drop for how many results; an empty name means all of them."""
    found = []
    for way in listing.ways_out:
        if way.name:
            parameter = FILTER_PARAMETERS[way.name]
            label, url = OfferFilterForm.base_fields[parameter].label, with_values(request, **{parameter: ""})
        else:
            kept = {"m": request.GET["m"][:2000]} if request.GET.get("m") else {}
            label, url = _("alle Angaben"), f"{request.path}?{urlencode(kept)}" if kept else request.path
        found.append({"label": str(label), "count": way.count, "url": url})
    return found
