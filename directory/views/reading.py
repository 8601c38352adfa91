"""How hard a text is, for the field it is being typed into."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from directory.checklist import read, text_findings
from directory.readability import LIMITS

MAX_LENGTH = 20_000
"""Characters of a text that is measured while somebody types; no field of the portal needs more."""


def reading_context(text: str, reader: str) -> dict[str, Any]:
    """Return what the part beside a text field shows; nothing for an empty text."""
    if not text.strip():
        return {"reading": None, "points": []}
    return {"reading": read(text, reader), "points": text_findings(text, reader, field="")}


@require_POST
def reading(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Return the part beside a text field for what has been typed so far. Stores nothing."""
    text, reader = request.POST.get("text", ""), request.POST.get("reader", "")
    if reader not in LIMITS or len(text) > MAX_LENGTH:
        return HttpResponse(status=400)
    return render(request, "admin/checklist/_reading.html", reading_context(text, reader))
