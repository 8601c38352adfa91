"""The page of an offer as HTML, prepared once for everybody until the content changes or a door opens or closes.

What belongs to one visitor is filled in for each answer: whether it fits what was chosen before, what
the links carry on, and where one can write now.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from directory.agencies import public_terms
from directory.asking import Ways
from directory.contact import public_points
from directory.freshness.public import confirmed_days
from directory.models import VisitorReport
from directory.moments import moment_end
from directory.pages import Page, filled, json_ld_html, open_html
from directory.parts import NOTHING, Html, Part, Shelf, hole, joined, kept_part, shelf
from directory.reports import public_notes
from offers.cards import fit_line
from offers.detail import FitFacts, OfferPage, fit_facts, load_offer, offer_page, related_offers, verdict_of
from offers.fit import FitLine
from offers.models import Offer

HOLES = ("carried", "keep", "fit", "ask")
# Beside the page itself: what the facts of one offer take.
FACTS_BYTES = 3000


@dataclass(frozen=True, slots=True)
class PreparedOffer:
    """A page without its visitor; ``contact`` is the slug of the contact point to ask."""

    slug: str
    title: str
    summary: str
    is_noindex: bool
    is_private: bool
    json_ld: Html | None
    body: Part
    facts: FitFacts
    contact: str

    def html(self, fit: list[FitLine], *, carried: str, keep: str, ways: Ways) -> Html:
        """Return the page for one visitor."""
        values = {"carried": carried, "keep": keep, "fit": _fit_html(fit), "ask": _ask_html(ways)}
        return self.body.fill(values)


def public_offer(slug: str, *, at: datetime, version: str) -> PreparedOffer | None:
    """Return the page of a published offer. Some twelve queries when it is not kept for this moment, else none."""
    place: Shelf[PreparedOffer] = shelf("offer-pages", (version, moment_end(at=at, version=version)))
    found = place.get(slug)
    if found is None:
        offer = load_offer(slug, on=at.date())
        if offer is None:
            return None
        found = prepare_offer(offer, at=at, version=version)
        place.put(slug, found, size=found.body.size + FACTS_BYTES)
    return found


def prepare_offer(offer: Offer, *, at: datetime, version: str, preview: str = "") -> PreparedOffer:
    """Render the page of a loaded offer; ``preview`` (where to go on) marks it as not public yet. Nothing is kept here."""
    on = at.date()
    page = offer_page(offer, at=at, version=version)
    context = {
        "page": page,
        "offer": offer,
        "related": related_offers(offer, on=on),
        "terms": public_terms(version),
        "notes": public_notes(VisitorReport.Kind.OFFER, offer.pk, version=version, on=on),
        "share_url": settings.BASE_URL + offer.get_absolute_url(),
        "preview": preview,
        "stale": offer.is_stale(on=on),
        "checked": confirmed_days(offer),
    }
    return PreparedOffer(
        slug=offer.slug,
        title=offer.title,
        summary=offer.summary,
        is_noindex=offer.is_example or bool(preview),
        is_private=any(row.slug in settings.REGION.get("private_situations", ()) for row in offer.situations.all()),
        json_ld=json_ld_html(_json_ld(page)),
        body=Part.of("offers/_offer_page.html", context | {name: hole(name) for name in HOLES}),
        facts=fit_facts(offer, public_points(on, version=version)),
        contact=page.contact.slug if page.contact else "",
    )


def filled_page(
    request: HttpRequest,
    offer: PreparedOffer,
    fit: list[FitLine],
    *,
    version: str,
    carried: str,
    keep: str,
    ways: Ways,
) -> Page:
    """Return the whole page for one visitor."""
    shape = {"is_noindex": offer.is_noindex, "is_private": offer.is_private}
    head = {"json_ld": offer.json_ld} if offer.json_ld else {}
    values = {
        "title": offer.title,
        "summary": offer.summary,
        "carried": carried,
        "body": offer.html(fit, carried=carried, keep=keep, ways=ways),
        **head,
    }

    def fixed() -> dict[str, Any]:
        texts = {name: hole(name) for name in ("title", "summary", "carried")}
        return {**texts, **shape, **{name: open_html(name) for name in ("body", *head)}}

    key = (*shape.values(), bool(head))
    context = {**values, "fit_lines": fit}
    template = "offers/offer_detail.html"
    return filled(request, template, version=version, key=key, fixed=fixed, values=values, context=context)


def _fit_html(lines: list[FitLine]) -> Html:
    if not lines:
        return NOTHING
    verdict = verdict_of(lines)
    context = {"verdict": verdict, "lines": hole("lines")}
    look = kept_part("offer-fit", "", verdict, lambda: Part.of("offers/_offer_fit.html", context))
    return look.fill({"lines": joined(map(fit_line, lines))})


def _ask_html(ways: Ways) -> Html:
    if not (ways.write or ways.book):
        return NOTHING
    context = {"write": hole("write") if ways.write else "", "book": hole("book") if ways.book else ""}
    key = (bool(ways.write), bool(ways.book))
    look = kept_part("offers-ask", "", key, lambda: Part.of("offers/_ask.html", context))
    return look.fill({"write": ways.write, "book": ways.book})


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
