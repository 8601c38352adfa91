"""The page of a contact point as HTML, prepared once for everybody until the content changes or a door opens or closes."""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from directory.agencies import offers_at, public_terms
from directory.asking import Ways
from directory.contact import ContactCard, contact_card, fallback_of, public_points
from directory.exports import json_ld
from directory.freshness.public import confirmed_days
from directory.hours import calendar_around, week_view
from directory.models import ContactPoint, VisitorReport
from directory.moments import moment_end
from directory.pages import Page, filled, json_ld_html, open_html
from directory.parts import NOTHING, Html, Part, Shelf, hole, kept_part, shelf
from directory.reports import public_notes

HOLES = ("carried", "keep", "ask")
# Beside the page itself: what its head takes.
HEAD_BYTES = 4000


@dataclass(frozen=True, slots=True)
class PreparedPoint:
    """A page without its visitor."""

    card: ContactCard
    is_noindex: bool
    is_private: bool
    json_ld: Html | None
    body: Part

    def html(self, *, carried: str, keep: str, ways: Ways) -> Html:
        """Return the page for one visitor."""
        return self.body.fill({"carried": carried, "keep": keep, "ask": _ask_html(ways)})


def public_point(point: ContactPoint, *, at: datetime, version: str) -> PreparedPoint:
    """Return the page of a public point; two queries when it is not kept for this moment."""
    place: Shelf[PreparedPoint] = shelf("point-pages", (version, moment_end(at=at, version=version)))
    found = place.get(point.slug)
    if found is None:
        found = prepare_point(point, at=at, version=version)
        place.put(point.slug, found, size=found.body.size + HEAD_BYTES)
    return found


def prepare_point(point: ContactPoint, *, at: datetime, version: str, preview: str = "") -> PreparedPoint:
    """Render the page of a point loaded with details; ``preview`` marks it as not public yet. Nothing is kept here."""
    on = at.date()
    calendar = calendar_around(at, version=version)
    card = contact_card(point, at=at, calendar=calendar, fallback=fallback_of(public_points(on, version=version)))
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
        "notes": public_notes(VisitorReport.Kind.POINT, point.pk, version=version, on=on),
        "share_url": url,
        "preview": preview,
        "stale": point.is_stale(on=on),
        "checked": confirmed_days(point),
    }
    return PreparedPoint(
        card=card,
        is_noindex=point.is_example or bool(preview),
        is_private=point.owner.is_private,
        json_ld=None
        if point.is_example or preview
        else json_ld_html(json_ld(point, card, url=url, calendar=calendar, on=on)),
        body=Part.of("directory/_point_page.html", context | {name: hole(name) for name in HOLES}),
    )


def filled_page(
    request: HttpRequest, page: PreparedPoint, *, version: str, carried: str, keep: str, ways: Ways
) -> Page:
    """Return the whole page for one visitor."""
    shape = {"is_noindex": page.is_noindex, "is_private": page.is_private}
    head = {"json_ld": page.json_ld} if page.json_ld else {}
    has_summary = bool(page.card.summary)
    values = {
        "name": page.card.name,
        "summary": page.card.summary,
        "carried": carried,
        "body": page.html(carried=carried, keep=keep, ways=ways),
        **head,
    }

    def fixed() -> dict[str, Any]:
        card = SimpleNamespace(name=hole("name"), summary=hole("summary") if has_summary else "")
        blocks = {name: open_html(name) for name in ("body", *head)}
        return {"card": card, "carried": hole("carried"), **shape, **blocks}

    key = (*shape.values(), bool(head), has_summary)
    template = "directory/contact_point_detail.html"
    return filled(request, template, version=version, key=key, fixed=fixed, values=values)


def _ask_html(ways: Ways) -> Html:
    if not (ways.write or ways.book):
        return NOTHING
    context = {"write": hole("write") if ways.write else "", "book": hole("book") if ways.book else ""}
    key = (bool(ways.write), bool(ways.book))
    look = kept_part("directory-ask", "", key, lambda: Part.of("directory/_ask.html", context))
    return look.fill({"write": ways.write, "book": ways.book})
