"""Back office of the directory: places, agencies, contact points, texts."""

from directory.admin import agencies, audit, contact_points, freshness, links, memberships, places, reports, texts
from directory.admin.exchange import imports

__all__ = [
    "agencies",
    "audit",
    "contact_points",
    "freshness",
    "imports",
    "links",
    "memberships",
    "places",
    "reports",
    "texts",
]
