"""The portal's own search as the pages use it, and its scratch database. Needs a set-up Django."""

import json
from datetime import date
from itertools import islice
from time import perf_counter, process_time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection

from bench.search import scratch
from directory.index.writing import rebuild
from directory.models import SearchEntry, SearchPosting, SearchTerm, SearchWord
from directory.versions import content_version
from offers.catalogue import catalogue
from offers.filters import OfferFilters
from offers.generated import write_offers
from offers.listing import Listing, list_offers
from offers.models import Offer
from offers.search import find_offers

ON = date(2026, 12, 1)  # the same offers are public whenever this is measured
INDEX = (SearchPosting, SearchEntry, SearchTerm, SearchWord)


def fill(size: int) -> dict[str, float]:
    """Load the county, add generated offers until there are ``size``, and index them all from nothing.

    Returns what that took: offers generated per second, milliseconds of the index per entry. What
    was kept is used as it is.
    """
    filling = scratch.filling_file(connection.vendor, size)
    if filling.exists() and (connection.vendor == scratch.SQLITE or scratch.restore(size)):
        kept: dict[str, float] = json.loads(filling.read_text(encoding="utf-8"))
        return kept
    call_command("migrate", verbosity=0)
    call_command("load_region", str(settings.REGION_DIR), verbosity=0)
    call_command("load_rules", str(settings.REGION_DIR), verbosity=0)
    missing = size - Offer.objects.count()
    took = {"generated": float(max(0, missing))}
    if missing > 0:
        started = perf_counter()
        write_offers(missing, on=ON)
        took["generate_ms"] = (perf_counter() - started) * 1000 / missing
    took |= _index()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    if connection.vendor == scratch.POSTGRESQL:
        scratch.keep(size)
    filling.write_text(json.dumps(took), encoding="utf-8")
    return took


def _index() -> dict[str, float]:
    tables = [model._meta.db_table for model in INDEX]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, allow_cascade=False))
    started, computed = perf_counter(), process_time()
    entries = rebuild().written
    return {
        "entries": entries,
        "index_ms": (perf_counter() - started) * 1000 / entries,
        "index_cpu_ms": (process_time() - computed) * 1000 / entries,
    }


def page(text: str, number: int = 1, **choices: Any) -> Listing:
    """One page of the list as a visitor gets it, with the counts beside every filter."""
    filters = OfferFilters(text=text, **choices)
    return list_offers(filters, page=number, version=content_version(), on=ON)


def find(text: str, limit: int) -> tuple[int, list[int]]:
    """The finding alone, as the rivals do it: number of hits, ids of the best."""
    version = content_version()
    cat = catalogue(version, on=ON)
    hits = find_offers(text, cat=cat, version=version, on=ON)
    filters = OfferFilters(text=text, place=hits.query.place)
    if hits.mask is None:
        return cat.everything.bit_count(), list(islice(cat.ordered(cat.everything, filters), limit))
    return hits.mask.bit_count(), [pk for pk, _score in hits.ordered(hits.mask, filters, 0, limit)]


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
