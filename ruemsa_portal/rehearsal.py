"""One page of each kind, made once before visitors are served.

What it takes to make them is loaded by the process that makes the workers, and they share it: templates,
phrases, the rules, the words of the search, the syllables a text is measured with. Nothing is counted and
nothing is written. Without a database it ends early, and the workers load for themselves. A page that breaks says
that this code cannot serve.
"""

import logging
import sys
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import Error, connections
from django.urls import reverse
from django.utils import timezone

from directory.versions import content_version
from offers.filters import OfferFilters
from offers.listing import list_offers
from offers.models import Offer
from offers.notices import LITERAL
from ruemsa_portal.page_cache import Application, Environ, ask
from ruemsa_portal.suggestions import suggestions

logger = logging.getLogger(__name__)

# The second time a page is filled instead of rendered, and what only that takes is loaded too.
TIMES = 2
# Written wrongly, so that the search looks for what was meant.
WORDS = "pratikum"
COMMON = "ausbildung"
# 503 says that the database is away.
BROKEN = "500"


def rehearse(application: Application) -> bool:
    """Ask for one page of each kind, and search; leave no connection to the database behind.

    Return False when a page breaks; a database that is away breaks none.
    """
    try:
        broken = [address for address in [*_addresses()] * TIMES if _ask(application, address).startswith(BROKEN)]
        version, on = content_version(), timezone.localdate()
        list_offers(OfferFilters(text=WORDS), page=1, version=version, on=on)
        suggestions(WORDS, version=version, on=on)
    except Exception as error:  # whatever it is, the workers will meet it too, and say it to whoever asks
        logger.warning("the rehearsal ended early: %s", type(error).__name__)
        return isinstance(error, Error)
    finally:
        # A connection must not be shared: each worker opens its own.
        connections.close_all()
    for address in broken:
        logger.error("a page breaks: %s", address)
    return not broken


def _addresses() -> Iterator[str]:
    """Yield one address of each kind of page; none of them is counted in a report."""
    yield reverse("home")
    yield reverse("offers:list")
    yield f"{reverse('offers:list')}?alter=17"
    for slug in Offer.objects.published(on=timezone.localdate()).values_list("slug", flat=True)[:1]:
        yield reverse("offers:detail", args=[slug])
    yield reverse("directory:contact_points")
    yield reverse("directory:contact_point", args=[settings.REGION["coordination_point"]])
    yield reverse("directory:api_contact_points")
    yield reverse("counseling:finder")
    yield reverse("search")
    # Taken literally, so that it is not counted either.
    yield f"{reverse('search')}?{urlencode({'q': COMMON, LITERAL: '1'})}"


def _ask(application: Application, address: str) -> str:
    """Ask as nginx does for a visitor; return the status line."""
    path, _sign, query = address.partition("?")
    base = urlsplit(settings.BASE_URL)
    environ: Environ = {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": base.netloc,
        "HTTP_X_FORWARDED_PROTO": base.scheme,
        "HTTP_ACCEPT_ENCODING": "gzip",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.errors": sys.stderr,
    }
    setup_testing_defaults(environ)
    answer, _body = ask(application, environ)
    return answer.status
