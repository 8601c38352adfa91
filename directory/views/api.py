"""Contact points for other programs. No cookies, no session."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from directory.contact import contact_card, public_points
from directory.exports import json_row
from directory.hours import calendar_around
from directory.versions import content_version


# A wrong method is answered as JSON, not with the page about an expired form.
@csrf_exempt
def contact_point_api(request: HttpRequest) -> HttpResponse:
    """Return all public contact points as one list; example data carries ``is_example``."""
    if request.method not in ("GET", "HEAD"):
        response = JsonResponse({"error": _("Nur GET ist erlaubt."), "parameter": None, "allowed": ["GET"]}, status=405)
        response["Allow"] = "GET, HEAD"
        return response
    at = timezone.localtime()
    version = content_version()
    calendar = calendar_around(at, version=version)
    rows = [
        json_row(point, contact_card(point, at=at, calendar=calendar), base_url=settings.BASE_URL)
        for point in public_points(at.date(), version=version).points
    ]
    response = JsonResponse(rows, safe=False, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "public, max-age=60"
    if settings.SHOW_EXAMPLE_DATA:
        response["X-Robots-Tag"] = "noindex"
    return response
