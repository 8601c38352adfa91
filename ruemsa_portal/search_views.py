"""The site-wide search and its suggestions: load, ask, render."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.contact import fallback_point
from directory.versions import content_version
from offers.filters import OfferFilters
from offers.gaps import note_gap
from offers.listing import list_offers
from offers.notices import LITERAL, hits_of_the_words, notices
from ruemsa_portal.search import Group, answer_of, offer_group, other_groups, other_hits
from ruemsa_portal.suggestions import suggestions

PUBLIC, PRIVATE = "public, max-age=60", "no-store"


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One field over offers, contact points, agencies, concerns and explained words."""
    text = " ".join(request.GET.get("q", "").split())
    context = _found(request, text) if text else {"query": ""}
    response = render(request, "ruemsa_portal/search.html", context)
    answer = context.get("answer")
    response["Cache-Control"] = PRIVATE if answer and answer.is_private else PUBLIC
    return response


@require_safe
def search_suggestions(request: HttpRequest) -> JsonResponse:
    """Words to choose from while typing, as a JSON list of at most eight texts."""
    found = suggestions(request.GET.get("q", ""), version=content_version(), on=timezone.localdate())
    response = JsonResponse(found, safe=False, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = PUBLIC
    return response


def _found(request: HttpRequest, text: str) -> dict[str, Any]:
    """What the text finds, and what to say about it."""
    version, on = content_version(), timezone.localdate()
    literal = request.GET.get(LITERAL) == "1"
    listing = list_offers(OfferFilters(text=text, literal=literal), page=1, version=version, on=on)
    hits = listing.hits
    if hits is None:  # a text of blanks, which never comes here
        return {"query": ""}
    groups: list[Group] = []
    if listing.total:
        groups.append(offer_group(listing.cards, total=listing.total, query=text))
    others = other_hits(hits.found)
    groups += other_groups(others, hits.query, version=version, on=on)
    best_offer = max((card.score for card in listing.cards), default=0)
    answer = answer_of(others, hits.query, best_offer=best_offer)
    total = sum(group.total for group in groups)
    if request.method == "GET" and not literal and answer is None:
        number = hits_of_the_words(hits, total)
        note_gap(hits.rest, ags=hits.place.ags if hits.place else None, hits=number, on=on)
    return {
        "query": hits.query.typed,
        "notices": notices(request, hits, total=total),
        "answer": answer,
        "groups": groups,
        "total": total,
        "contact": None if total or answer else fallback_point(on, version=version),
    }
