"""When the database is away or its disk is full: a page that says so without it, and gives back what was typed."""

import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from counseling.views.enquiries import frame, is_foreign

GetResponse = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)

# Staff have drafts of their own, and a password is never sent back.
WITHOUT_TEXT = ("/admin/",)
# What people write themselves stands where it can be read and changed, everything else travels hidden.
WRITTEN_FROM = 40
# People never see this field; filled in it would make a program out of them.
TRAP = "website"
UNDEFINED_TABLE = "42P01"


def is_outage(error: BaseException | None) -> bool:
    """Whether an error means that the database cannot answer now: away, locked, full, or without a table."""
    if isinstance(error, ProgrammingError):
        return getattr(error.__cause__, "sqlstate", None) == UNDEFINED_TABLE
    return isinstance(error, OperationalError | InterfaceError)


class OutageMiddleware:
    """Answer 503 instead of 500 while the database is away."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Take an error of a view."""
        if not is_outage(error):
            return None
        # Never its text: a driver quotes values in it.
        logger.error("database away at %s: %s", request.path, type(error).__name__)
        return away(request)


def is_outage_now() -> bool:
    """Whether the error in hand is one; for the page of last resort."""
    return is_outage(sys.exc_info()[1])


def away(request: HttpRequest) -> HttpResponse:
    """Say that it does not work now; a public form comes back with everything in it."""
    if request.method == "POST" and not request.path.startswith(WITHOUT_TEXT) and not is_foreign(request):
        response = render(request, "503_form.html", {**frame(), **_typed(request)}, status=503)
    else:
        response = render(request, "503.html", status=503)
    response["Retry-After"] = "60"
    response["Cache-Control"] = "no-store"
    return response


def _typed(request: HttpRequest) -> dict[str, list[tuple[str, str]]]:
    fields = [(name, value) for name in request.POST if name != TRAP for value in request.POST.getlist(name)]
    written = [(name, value) for name, value in fields if _is_written(name, value)]
    return {"written": written, "kept": [field for field in fields if field not in written]}


def _is_written(name: str, value: str) -> bool:
    return "\n" in value or (" " in value.strip() and len(value) >= WRITTEN_FROM) or name in ("message", "text")
