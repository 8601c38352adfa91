"""Public pages of agencies, and the words they use."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.agencies import family, glossary_terms, load_agency, offers_of, points_of, public_terms
from directory.contact import contact_card, fallback_of, next_best_text, public_points
from directory.exchange.merging import moved_to
from directory.hours import calendar_around
from directory.models import Agency, GlossaryTerm, VisitorReport
from directory.reports import PublicNote, public_notes
from directory.text import fold
from directory.versions import content_version
from directory.views.hidden import hidden_page
from directory.views.shared import carried, signed_list


@require_safe
def agency_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What an agency does for young people, and where."""
    at = timezone.localtime()
    agency = load_agency(slug, on=at.date())
    if agency is None:
        moved = moved_to(Agency, slug, on=at.date())
        if moved is not None:
            return redirect(moved, permanent=True)
        return hidden_page(request, Agency, slug, on=at.date())
    return render_agency(request, agency, at=at)


def render_agency(request: HttpRequest, agency: Agency, *, at: datetime, preview: str = "") -> HttpResponse:
    """Render the page of a loaded agency; ``preview`` (where to go back to) marks it as not public yet."""
    version = content_version()
    on = at.date()
    public = public_points(on, version=version)
    calendar = calendar_around(at, version=version)
    fallback = fallback_of(public)
    points = points_of(agency, public)
    above, below = family(agency, on=on)
    instead = fallback if not points else None
    context = {
        "agency": agency,
        "cards": [contact_card(point, at=at, calendar=calendar, fallback=fallback) for point in points],
        "instead": contact_card(instead, at=at, calendar=calendar) if instead else None,
        "next_best_text": next_best_text(),
        "above": above,
        "below": below,
        "offers": offers_of(agency, on=on),
        "terms": public_terms(version),
        "notes": public_notes(VisitorReport.Kind.AGENCY, agency.pk, version=version, on=on),
        "m": signed_list(request),
        "carried": carried(request),
        "preview": preview,
        "stale": agency.is_stale(on=on),
    }
    return render(request, "directory/agency_detail.html", context)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The words of the offices, explained."""
    version = content_version()
    on = timezone.localdate()
    terms = glossary_terms(version)
    for_all = [term for term in terms if term.audience == GlossaryTerm.Audience.ALL]
    for_all.sort(key=lambda term: fold(term.term))

    def with_notes(rows: Iterable[GlossaryTerm]) -> list[tuple[GlossaryTerm, list[PublicNote]]]:
        return [(row, public_notes(VisitorReport.Kind.TERM, row.pk, version=version, on=on)) for row in rows]

    context = {
        "letters": [(letter, with_notes(rows)) for letter, rows in groupby(for_all, key=_letter)],
        "staff_terms": with_notes(term for term in terms if term.audience == GlossaryTerm.Audience.STAFF),
    }
    return render(request, "directory/glossary.html", context)


def _letter(term: GlossaryTerm) -> str:
    first = fold(term.term)[:1].upper()
    return first if first.isalpha() else "0–9"
