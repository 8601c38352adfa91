"""Is the process alive, and may it get visitors? Outside only one word; details are for the log and ``doctor``."""

import logging

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruemsa_portal.condition import bad_for_visitors

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process answers at all; never asks the database."""
    return _answer(ready=True)


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when nothing must be mended before visitors come, else 503."""
    try:
        bad = bad_for_visitors(at=timezone.now())
    except Error as error:
        logger.error("not ready: database: %s", type(error).__name__)
        return _answer(ready=False)
    for line in bad:
        logger.error("not ready: %s: %s", line.name, line.text)
    return _answer(ready=not bad)


def _answer(*, ready: bool) -> HttpResponse:
    text, status = ("ok", 200) if ready else ("not ready", 503)
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)
