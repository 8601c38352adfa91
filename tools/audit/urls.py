"""The portal's addresses, and ones that fail on purpose: error pages are pages too."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from ruemsa_portal import urls as portal
from ruemsa_portal import views

RAISED: dict[str, type[Exception]] = {
    "400": SuspiciousOperation,
    "403": PermissionDenied,
    "500": RuntimeError,
}
ANSWERED: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "403-form": views.csrf_failure,
    "429": views.too_many_requests,
    "503": views.unavailable,
}


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    """Raise or answer what the portal shows for this failure."""
    if kind in ANSWERED:
        return ANSWERED[kind](request)
    raise RAISED.get(kind, Http404)("asked for by the audit")


urlpatterns = [path("pruefung/<slug:kind>/", fail, name="audit_fail"), *portal.urlpatterns]

handler400 = portal.handler400
handler403 = portal.handler403
handler404 = portal.handler404
handler500 = portal.handler500
