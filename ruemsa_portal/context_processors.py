"""What every template knows. Never a query."""

from typing import Any

from django.http import HttpRequest

from directory.pages import frame


def portal(request: HttpRequest) -> dict[str, Any]:
    """What the frame of a page says: the same for a page that is rendered whole and for one from parts."""
    return frame(request.path)
