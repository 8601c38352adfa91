"""The portal's own search as the pages use it, and its scratch database. Needs a set-up Django."""

from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench.search import scratch
from directory.versions import content_version
from offers.filters import OfferFilters
from offers.listing import Listing, list_offers
from offers.models import Offer

ON = date(2026, 12, 1)  # the same offers are public whenever this is measured


def fill(size: int) -> None:
    """Load the county; add generated offers until there are ``size``. What was kept is used as it is."""
    if connection.vendor == scratch.POSTGRESQL and scratch.restore(size):
        return
    if connection.vendor == scratch.SQLITE and "offers_offer" in connection.introspection.table_names():
        return
    call_command("migrate", verbosity=0)
    call_command("load_region", str(settings.REGION_DIR), verbosity=0)
    call_command("load_rules", str(settings.REGION_DIR), verbosity=0)
    missing = size - Offer.objects.count()
    if missing > 0:
        call_command("generate_offers", str(missing), verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    if connection.vendor == scratch.POSTGRESQL:
        scratch.keep(size)


def page(text: str, number: int = 1, **choices: object) -> Listing:
    """One page of the list as a visitor gets it."""
    filters = OfferFilters(text=text, **choices)  # type: ignore[arg-type]
    return list_offers(filters, page=number, version=content_version(), on=ON)


def ranked(text: str, limit: int) -> list[tuple[str, int | None]]:
    """Key and score of up to ``limit`` hits in the order of the pages."""
    found: list[tuple[str, int | None]] = []
    number = 1
    while True:
        listing = page(text, number)
        found += [(card.slug, card.score) for card in listing.cards]
        if len(found) >= limit or number >= listing.num_pages:
            return found[:limit]
        number += 1
