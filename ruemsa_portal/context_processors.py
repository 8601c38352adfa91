"""What every template knows. Never a query."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """Region names from the region file, and whether example data is shown."""
    return {
        "region": settings.REGION,
        "base_url": settings.BASE_URL,
        "canonical_url": f"{settings.BASE_URL}{request.path}",
        "shows_example_data": settings.SHOW_EXAMPLE_DATA,
    }
