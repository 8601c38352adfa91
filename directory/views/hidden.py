"""The page of a record that nobody confirmed for too long: what happened, and whom to ask instead."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from directory.agencies import points_of
from directory.contact import fallback_of, public_points
from directory.freshness.subjects import subject_for
from directory.models import Agency


def hidden_page(request: HttpRequest, model: Any, slug: str, *, on: date) -> HttpResponse:
    """Return a helpful 404 for a hidden record; raises Http404 for one that is not there at all.

    Not 410: the address comes back to life with the first confirmation.
    """
    record = model.objects.hidden(on=on).filter(slug=slug).first()
    if record is None:
        raise Http404
    public = public_points(on)
    agency = _agency(model, record, on)
    points = [point for point in points_of(agency, public) if point.pk != record.pk] if agency else []
    context = {
        "record": record,
        "agency": agency,
        "point": points[0] if points else None,
        "fallback": fallback_of(public),
    }
    return render(request, "directory/hidden.html", context, status=404)


def _agency(model: Any, record: Any, on: date) -> Agency | None:
    """Return the agency that answers for the record, while it is public itself."""
    subject = subject_for(model._meta.label_lower)
    keys = [agency for _pk, agency in subject.owners(model.objects.filter(pk=record.pk))] if subject else []
    found: Agency | None = Agency.objects.published(on=on).filter(pk=keys[0]).first() if keys else None
    return found
