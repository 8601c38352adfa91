"""Is the process alive, and may it get visitors? Outside only one word; details are for the log."""

import logging
from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process answers at all; never asks the database."""
    return _answer(ready=True)


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and has every migration, else 503."""
    try:
        missing = known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    except Error as error:
        logger.error("not ready: database: %s", type(error).__name__)
        return _answer(ready=False)
    if missing:
        logger.error("not ready: %d migrations are missing", len(missing))
    return _answer(ready=not missing)


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return (app, name) of every migration on disk; the files do not change while a process runs."""
    return frozenset(MigrationLoader(None).disk_migrations or {})


def _answer(*, ready: bool) -> HttpResponse:
    text, status = ("ok", 200) if ready else ("not ready", 503)
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)
