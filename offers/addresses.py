"""The present address of a list with other values."""

from collections.abc import Sequence

from django.http import HttpRequest

PAGING = ("seite", "nach")


def with_values(request: HttpRequest, **values: str | Sequence[str]) -> str:
    """Return the present address on page one with these values; an empty one takes its parameter away."""
    query = request.GET.copy()
    for name in PAGING:
        query.pop(name, None)
    for name, value in values.items():
        query.setlist(name, [one for one in ([value] if isinstance(value, str) else value) if one])
    return f"?{query.urlencode()}" if query.urlencode() else request.path
