"""The site-wide search and its suggestions: load, ask, render."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.contact import fallback_point
from directory.versions import content_version
from offers.filters import OfferFilters
from offers.listing import first_offers
from offers.notices import LITERAL, hits_of_the_words, notices
from offers.word_pages import Built, Gap, word_page
from ruemsa_portal.search import OFFERS_SHOWN, Group, answer_of, offer_group, other_groups, other_hits
from ruemsa_portal.search_html import search_page
from ruemsa_portal.suggestions import suggestions

PRIVATE = "no-store"


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One field over offers, contact points, agencies, concerns and explained words."""
    text = " ".join(request.GET.get("q", "").split())
    version, on = content_version(), timezone.localdate()
    return word_page(request, version=version, on=on, build=lambda: _built(request, text, version=version, on=on))


def _built(request: HttpRequest, text: str, *, version: str, on: date) -> Built:
    context = _found(request, text, version=version, on=on) if text else {"query": ""}
    answer, gap = context.get("answer"), context.pop("gap", None)
    page = search_page(request, context, version=version)
    return Built(page, gap, PRIVATE if answer and answer.is_private else "")


@require_safe
def search_suggestions(request: HttpRequest) -> JsonResponse:
    """Words to choose from while typing, as a JSON list of at most eight texts."""
    found = suggestions(request.GET.get("q", ""), version=content_version(), on=timezone.localdate())
    return JsonResponse(found, safe=False, json_dumps_params={"ensure_ascii": False})


def _found(request: HttpRequest, text: str, *, version: str, on: date) -> dict[str, Any]:
    """What the text finds, and what to say about it."""
    literal = request.GET.get(LITERAL) == "1"
    offers = first_offers(OfferFilters(text=text, literal=literal), OFFERS_SHOWN, version=version, on=on)
    hits = offers.hits
    if hits is None:  # a text of blanks, which never comes here
        return {"query": ""}
    groups: list[Group] = []
    if offers.total:
        groups.append(offer_group(offers.cards, total=offers.total, query=text))
    others = other_hits(hits.found, version=version)
    groups += other_groups(others, hits.query, version=version, on=on)
    best_offer = max((card.score for card in offers.cards), default=0)
    answer = answer_of(others, hits.query, best_offer=best_offer)
    total = sum(group.total for group in groups)
    gap: Gap | None = None
    if not literal and answer is None:
        place = hits.query.place
        gap = hits.query.rest, {"ags": place.ags if place else None, "hits": hits_of_the_words(hits, total)}
    return {
        "query": hits.query.typed,
        "notices": notices(request, hits, total=total),
        "answer": answer,
        "gap": gap,
        "groups": groups,
        "total": total,
        "contact": None if total or answer else fallback_point(on, version=version),
    }
