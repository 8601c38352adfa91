"""Who is responsible for what young people write: made of the data, so that it is never out of date."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from counseling.desks import general_notice, reading_agencies
from counseling.models import EnquiryDesk
from directory.models import Agency


@dataclass(frozen=True)
class Responsible:
    """One agency that reads, with its own notice (Art. 13 DSGVO)."""

    agency: Agency
    notice: str
    privacy_contact: str


@require_safe
def responsible(request: HttpRequest) -> HttpResponse:
    """List the agencies that take enquiries now. Two queries more for any number of them."""
    at = timezone.localtime()
    agencies = Agency.objects.published(on=at.date()).filter(pk__in=reading_agencies(at=at)).order_by("name")
    desks = {desk.agency_id: desk for desk in EnquiryDesk.objects.filter(agency__in=agencies)}
    rows = []
    for agency in agencies:
        own = desks.get(agency.pk) or EnquiryDesk(agency=agency)
        rows.append(Responsible(agency, own.notice or general_notice(agency), own.privacy_contact))
    response = render(request, "counseling/responsible.html", {"rows": rows, "county": settings.REGION["name"]})
    response["Cache-Control"] = "no-store"  # tomorrow somebody else may read
    return response
