"""Runs in its own process with the settings of the set-up: fills a database, counts statements, logs somebody in.

``python -m bench.serve.child fill SIZE | statements | searches | editor | publish SECONDS EVERY``; the answer is one line of JSON.
"""

import json
import sys
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote_plus

import django

django.setup()

from django.conf import settings  # noqa: E402 the models come after the settings
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.search.mix import fresh, queries  # noqa: E402
from bench.serve.pages import HOST, NEW_WORDS, PAGES, SEARCH  # noqa: E402
from directory.actions import raise_content_version  # noqa: E402
from directory.index.writing import rebuild  # noqa: E402
from directory.models import Agency, ContactPoint  # noqa: E402
from offers.generated import write_offers  # noqa: E402
from offers.models import Offer, OfferAgency  # noqa: E402
from tests.factories.accounts import log_in, staff  # noqa: E402
from tools.audit.server import CONFIRM  # noqa: E402

ROWS = 16
# More than are answered in all rounds together.
FRESH = 5000


def fill(size: int) -> dict[str, Any]:
    """Top up to so many offers, all of them public, and bring the index in step."""
    write_offers(size - Offer.objects.exclude(slug__startswith="gen-").count(), on=timezone.localdate())
    exec(CONFIRM, {})  # noqa: S102 the text that the audit uses, ours
    rebuild()
    raise_content_version()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"offers": Offer.objects.published(on=timezone.localdate()).count()}


def statements() -> dict[str, Any]:
    """Return how often each page asks the database the second time it is opened."""
    client = Client(SERVER_NAME=HOST, headers={"host": HOST, "x-forwarded-proto": "https"})
    found = {}
    for name, path in PAGES.items():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            status = client.get(path).status_code
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
        found[name] = len(queries)
    return found


def searches() -> dict[str, list[str]]:
    """Return the addresses of searches that are asked again and again, and of those that come once."""
    asked = {SEARCH: queries(), NEW_WORDS: fresh(FRESH)}
    return {name: [f"/suche/?q={quote_plus(text)}" for text in texts] for name, texts in asked.items()}


def editor() -> dict[str, Any]:
    """Give an agency sixteen offers and log one of its people in; return the cookie and the address of the list."""
    agency = Agency.objects.create(
        slug="bench-agency", name="Bench", kind=Agency.Kind.EDUCATION_PROVIDER, checked_on=timezone.localdate()
    )
    first = list(Offer.objects.filter(slug__startswith="gen-").order_by("slug").values_list("pk", flat=True)[:ROWS])
    OfferAgency.objects.filter(offer__in=first).update(agency=agency)
    client = log_in(Client(SERVER_NAME=HOST), staff("bench-editor", agency=agency))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    secure = {"host": HOST, "x-forwarded-proto": "https"}
    path = "/admin/offers/offer/"
    client.get(path, headers=secure)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(path, headers=secure)
    if page.status_code != 200:
        raise RuntimeError(f"{path}: {page.status_code}")
    rows = page.content.decode().count('class="action-select"')
    return {
        "cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}",
        "path": path,
        "rows": rows,
        "statements": len(queries),
    }


def publish(seconds: float, every: float) -> dict[str, Any]:
    """Edit and publish a contact point every so many seconds, as staff do, for so long."""
    end, number = monotonic() + seconds, 0
    point = ContactPoint.objects.order_by("slug").first()
    while point is not None and monotonic() < end:
        number += 1
        with transaction.atomic():
            ContactPoint.objects.filter(pk=point.pk).update(updated_at=timezone.now())
            raise_content_version()
        sleep(every)
    return {"published": number}


if __name__ == "__main__":
    orders = {"fill": fill, "statements": statements, "searches": searches, "editor": editor, "publish": publish}
    order, *rest = sys.argv[1:]
    print(json.dumps(orders[order](*(float(text) if "." in text else int(text) for text in rest))))
