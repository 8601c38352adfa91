"""Contact points for other programs. No cookies, no session."""

import json
from datetime import datetime

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from directory.contact import contact_card, public_points
from directory.exports import json_row
from directory.hours import calendar_around
from directory.moments import next_moment
from directory.versions import content_version, derived


# A wrong method is answered as JSON, not with the page about an expired form.
@csrf_exempt
def contact_point_api(request: HttpRequest) -> HttpResponse:
    """Return all public contact points as one list; example data carries ``is_example``."""
    if request.method not in ("GET", "HEAD"):
        response = JsonResponse({"error": _("Nur GET ist erlaubt."), "parameter": None, "allowed": ["GET"]}, status=405)
        response["Allow"] = "GET, HEAD"
        return response
    at, version = timezone.localtime(), content_version()
    # Until the next door opens or closes every answer is the same.
    until = next_moment(at=at, version=version)
    said = (version, until, settings.BASE_URL, settings.SHOW_EXAMPLE_DATA)
    body = derived("contact-points-json", said, lambda: _all_points(at, version))
    answer = HttpResponse(body, content_type="application/json")
    if settings.SHOW_EXAMPLE_DATA:
        answer["X-Robots-Tag"] = "noindex"
    return answer


def _all_points(at: datetime, version: str) -> bytes:
    calendar = calendar_around(at, version=version)
    rows = [
        json_row(point, contact_card(point, at=at, calendar=calendar), base_url=settings.BASE_URL)
        for point in public_points(at.date(), version=version).points
    ]
    return json.dumps(rows, ensure_ascii=False, cls=DjangoJSONEncoder).encode()
