"""Who may keep which page. One table; an address without a line fails a test and is kept by nobody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

# A browser asks each time, and mostly hears "unchanged" (304): nobody who has just released something, and
# nobody before a door that has closed, sees an old page. Any shared cache may keep it for one second, our own
# nginx no longer than the second in which the version was read (``page_cache``).
PUBLIC = "public, max-age=0, s-maxage=1"
NOBODY = "no-store"

# The same for everybody, as long as the view says nothing else: a sensitive step of the finder, a
# search that is counted for the gap report and a page with a form say so themselves.
PUBLIC_PAGES = frozenset(
    {
        "home", "search", "search_suggestions", "parents", "professionals", "page", "robots", "sitemap",
        "counseling:finder", "counseling:deadlines", "counseling:api", "counseling:api_questions",
        "counseling:api_openapi",
        "offers:list", "offers:detail", "offers:deadlines", "offers:qr", "offers:api",
        "directory:contact_points", "directory:contact_point", "directory:contact_point_vcard", "directory:agency",
        "directory:glossary", "directory:places", "directory:api_contact_points",
    }
)  # fmt: skip
# Personal, with a form, or a state of the moment.
PRIVATE_PAGES = frozenset(
    {
        "accessibility", "exit", "traces", "offers:bookmarks", "directory:report", "directory:report_thanks",
        "counseling:enquiry", "counseling:appointment", "counseling:answer", "counseling:poster",
        "counseling:responsible",
        "directory:confirm", "directory:confirm_done",
        "health_live", "health_ready", "health_metrics",
    }
)  # fmt: skip


class CacheRuleMiddleware:
    """Say on every answer who may keep it. What a view has said already stands."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response and response.status_code not in (301, 308):
            response["Cache-Control"] = PUBLIC if is_public(request, response) else NOBODY
        return response


def is_public(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether an answer is the same for everybody: read, found, and in the table."""
    match = request.resolver_match
    return (
        request.method in ("GET", "HEAD")
        and response.status_code == 200
        and not response.cookies
        and match is not None
        and match.view_name in PUBLIC_PAGES
    )
