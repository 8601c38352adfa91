"""What ``manage.py doctor`` says, for a technician in the back office."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ruemsa_portal.condition import Grade, Line, condition

WORDS = {Grade.OK: _("in Ordnung"), Grade.LOOK: _("bitte ansehen"), Grade.BAD: _("muss behoben werden")}


@require_safe
def condition_page(request: HttpRequest, site: Any) -> HttpResponse:
    """Show a line a thing and what helps; outside, ``/health/ready`` says one word only."""
    if not request.user.is_superuser:
        raise PermissionDenied
    at = timezone.now()
    try:
        lines = condition(at=at)
    except Error as error:
        lines = [Line("database", Grade.BAD, type(error).__name__, "manage.py doctor")]
    # What is bad comes first.
    lines.sort(key=lambda line: -list(Grade).index(line.grade))
    context = {
        **site.each_context(request),
        "title": _("Zustand der Installation"),
        "lines": [(line, WORDS[line.grade]) for line in lines],
        "at": at,
    }
    return TemplateResponse(request, "admin/condition.html", context)
