"""One header set on every answer, and a clear refusal of input no database can hold."""

import inspect
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.views.defaults import bad_request

GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
        "connect-src 'self'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
# For pages whose address holds a secret; "no-referrer" would take the origin away that the CSRF check asks for.
STRICTER_REFERRER = "strict-origin"
HSTS = "max-age=63072000; includeSubDomains; preload"


class SecurityHeadersMiddleware:
    """Set the same headers on pages, errors, redirects, exports and static files.

    Stands above the static-file middleware, else static answers would lack the set.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.headers = {**HEADERS, "Strict-Transport-Security": HSTS} if settings.PRODUCTION else HEADERS

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            if name != "Referrer-Policy" or response.get(name) != STRICTER_REFERRER:
                response[name] = value
        return response


class CleanInputMiddleware:
    """Answer 400 to a NUL byte in path or query: PostgreSQL raises on it, SQLite stores it silently."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request, ValueError("NUL"))
        return self.get_response(request)


class RefusedMethodMiddleware:
    """Give the empty 405 of Django's decorators a page with a way on.

    Stands above the CSRF check, which would else answer first: "403, your form was open
    too long" on a page that has no form.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return refused(request, response["Allow"]) if isinstance(response, HttpResponseNotAllowed) else response

    def process_view(self, request: HttpRequest, view: View, args: object, kwargs: object) -> HttpResponse | None:
        """Refuse a method that the view's decorator will refuse anyway, before the CSRF check."""
        allowed = allowed_methods(view)
        return refused(request, ", ".join(allowed)) if allowed and request.method not in allowed else None


def refused(request: HttpRequest, allow: str) -> HttpResponse:
    """Return the page for a wrong method; ``allow`` lists the right ones."""
    page = render(request, "405.html", status=405)
    page["Allow"] = allow
    return page


def allowed_methods(view: View) -> list[str]:
    """Return what ``require_http_methods`` and its like let through; empty if the view has none of them.

    Django keeps the list only in the decorator's closure. A test holds that it is found there.
    """
    layer: Any = view
    while layer is not None:
        code = getattr(layer, "__code__", None)
        if code is not None and "request_method_list" in code.co_freevars:
            return list(inspect.getclosurevars(layer).nonlocals["request_method_list"])
        layer = getattr(layer, "__wrapped__", None)
    return []
