"""WSGI entry point for gunicorn: the portal, with its public pages kept in front of it."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruemsa_portal.settings")
portal = get_wsgi_application()

# They need the models, which the line above loads.
from ruemsa_portal import rehearsal  # noqa: E402
from ruemsa_portal.counters import Counting  # noqa: E402
from ruemsa_portal.page_cache import Application, PageCache  # noqa: E402
from ruemsa_portal.web_database import limit_statements  # noqa: E402

limit_statements()
# Views are loaded by the first request otherwise: code that cannot be loaded has to end the start.
get_resolver().url_patterns  # noqa: B018 asked for what it loads

pages: Application = PageCache(portal) if settings.PAGE_CACHE else portal
application: Application = Counting(pages, folder=settings.METRICS_DIR) if settings.METRICS_NETWORKS else pages


def rehearse() -> bool:
    """Load what pages take, without keeping or counting; False when a page breaks.

    Called once by the process that makes the workers.
    """
    return rehearsal.rehearse(portal)
