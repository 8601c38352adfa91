"""The portal's addresses, and one that fails on purpose: error pages are pages too."""

from typing import NoReturn

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest
from django.urls import path

from ruemsa_portal import urls as portal

RAISED: dict[int, type[Exception]] = {
    400: SuspiciousOperation,
    403: PermissionDenied,
    404: Http404,
    500: RuntimeError,
}


def fail(request: HttpRequest, status: int) -> NoReturn:
    """Raise what the portal answers with this status."""
    raise RAISED.get(status, Http404)("asked for by the audit")


urlpatterns = [path("pruefung/<int:status>/", fail, name="audit_fail"), *portal.urlpatterns]

for _name in ("handler400", "handler403", "handler404", "handler500"):
    if hasattr(portal, _name):
        globals()[_name] = getattr(portal, _name)
