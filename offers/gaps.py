"""The gap report: what people look for and hardly find, counted without the people.

A search with at most ``FEW`` hits adds one to its line of the week. What may name
somebody is never kept; a line is shown only from ``SHOWN_FROM`` searches on, and
deleted after twelve months.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict

from dateutil.relativedelta import relativedelta
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, Max, QuerySet, Sum

from directory.words.analyse import words
from offers.filters import OfferFilters
from offers.models import SearchGap

FEW = 2
SHOWN_FROM = 5
KEPT = relativedelta(months=12)
RECENT = timedelta(weeks=4)
MOST_LINES_A_WEEK = 5000
MOST_LINES_SHOWN = 200
LONGEST_SEARCH = 60
LONGEST_QUERY, LONGEST_FILTERS = 80, 200
# A page must not wait for a count; a count that does not get its turn is lost.
PATIENCE_MS = 200
# What a page says of itself that was counted: the visitor's own browser may keep it, nobody in between.
COUNTED = "private, max-age=60"
# Bands as the help itself is cut; an exact age beside a village is nearly a person.
AGE_BANDS = ((14, "unter 15"), (17, "15 bis 17"), (20, "18 bis 20"), (24, "21 bis 24"), (99, "ab 25"))
_PERSONAL = re.compile(r"@|://|\bwww\.|\b[\w-]+\.(?:de|com|net|org|eu|info)\b|(?:[0-9][\s./()-]*){5}", re.IGNORECASE)
_CHOICES = ("decider", "certificate", "situation", "language")
_FLAGS = ("is_free", "without_application", "is_remote", "starts_soon")
logger = logging.getLogger(__name__)


class Key(TypedDict):
    """What makes a line of the week."""

    query: str
    filters: str
    municipality_id: str | None
    week: date


@dataclass(frozen=True, slots=True)
class GapLine:
    """One question in the report; places and filters only where they alone were asked for often enough."""

    query: str
    total: int
    hits: int
    last_week: date
    places: tuple[tuple[str, int], ...] = ()
    filters: tuple[tuple[str, int], ...] = ()


def looks_personal(text: str) -> bool:
    """Say whether a search may hold an address, a number or a whole letter; such a one is never kept."""
    return len(text) > LONGEST_SEARCH or bool(_PERSONAL.search(text))


def normalised(text: str) -> str:
    """Return a search so that equal questions meet: folded, without stop words, in one order."""
    found = sorted({word.folded for word in words(text) if not word.is_stop})
    while found and len(" ".join(found)) > LONGEST_QUERY:
        found.pop()
    return " ".join(found)


def filters_text(filters: OfferFilters) -> str:
    """Return the chosen filters in one short spelling; the place has a column of its own."""
    parts = [f"alter={_band(filters.age)}"] if filters.age is not None else []
    parts += [f"art={kind}" for kind in sorted(filters.kinds)]
    parts += [f"{name}={getattr(filters, name)}" for name in _CHOICES if getattr(filters, name)]
    parts += [name for name in _FLAGS if getattr(filters, name)]
    if filters.radius_km is not None:
        parts.append(f"umkreis={filters.radius_km}")
    return ", ".join(sorted(parts))[:LONGEST_FILTERS]


def _band(age: int) -> str:
    return next(label for highest, label in AGE_BANDS if age <= highest)


def note_gap(text: str, *, filters: str = "", ags: str | None = None, hits: int, on: date) -> bool:
    """Count a search with few hits; do nothing for any other. Return whether it is of the kind that is counted.

    Such a page must not be kept by anybody, else the next visitor's search would not be counted.
    ``text`` is the search without its place, ``ags`` the municipality of that place.
    Never fails and never waits: what the database refuses is not counted.
    """
    if hits > FEW or looks_personal(text):
        return False
    query = normalised(text)
    if not query:
        return False
    key: Key = {"query": query, "filters": filters, "municipality_id": ags, "week": monday(on)}
    try:
        with hurried():
            _count(key, hits)
    except DatabaseError as error:
        logger.info("a search was not counted: %s", type(error).__name__)
    return True


def monday(on: date) -> date:
    """Return the first day of the week."""
    return on - timedelta(days=on.weekday())


def old_gaps(on: date) -> QuerySet[SearchGap]:
    """Return the counts whose time is over on the given day."""
    return SearchGap.objects.filter(week__lt=on - KEPT)


def gap_report(on: date, *, ags: str = "", week: date | None = None) -> list[GapLine]:
    """Return what was asked for often enough to be shown, most often first.

    The limit holds for what is left after ``ags`` and ``week``: a filter never uncovers a
    smaller group. Three queries.
    """
    rows = SearchGap.objects.order_by().filter(week__gte=on - KEPT)
    if ags:
        rows = rows.filter(municipality_id=ags)
    if week:
        rows = rows.filter(week=week)
    lines = (
        rows.values("query")
        .annotate(total=Sum("count"), fewest=Max("hits"), last=Max("week"))
        .filter(total__gte=SHOWN_FROM)
        .order_by("-total", "query")
        .values_list("query", "total", "fewest", "last")
    )[:MOST_LINES_SHOWN]
    places = _often(rows.exclude(municipality=None), "municipality__name")
    filters = _often(rows.exclude(filters=""), "filters")
    return [GapLine(*line, places=tuple(places[line[0]]), filters=tuple(filters[line[0]])) for line in lines]


def recent_gaps(on: date) -> "QuerySet[SearchGap, tuple[str, int]]":
    """Return (search, how often) of the last four weeks, often enough to be shown, most often first."""
    rows = SearchGap.objects.order_by().filter(week__gt=monday(on) - RECENT)
    lines = rows.values("query").annotate(total=Sum("count")).filter(total__gte=SHOWN_FROM)
    return lines.order_by("-total", "query").values_list("query", "total")


def _often(rows: QuerySet[SearchGap], name: str) -> dict[str, list[tuple[str, int]]]:
    """Return for each question the values of one column that alone reach the limit."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    counted = rows.values("query", name).annotate(total=Sum("count")).filter(total__gte=SHOWN_FROM)
    for query, value, total in counted.order_by("-total", name).values_list("query", name, "total"):
        found[query].append((value, total))
    return found


def _count(key: Key, hits: int) -> None:
    """Add one to the line, or begin it while the week has room for another."""
    if _add_one(key, hits):
        return
    if SearchGap.objects.filter(week=key["week"]).count() >= MOST_LINES_A_WEEK:
        return
    try:
        with transaction.atomic():
            SearchGap.objects.create(**key, hits=hits)
    except IntegrityError:
        _add_one(key, hits)  # somebody else began it in this moment


def _add_one(key: Key, hits: int) -> bool:
    return bool(SearchGap.objects.filter(**key).update(count=F("count") + 1, hits=hits))


@contextmanager
def hurried() -> Iterator[None]:
    """A transaction that gives up soon instead of waiting for another one's lock."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            (before,) = cursor.fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            with transaction.atomic():
                yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout = {int(before)}")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE_MS}ms'")
        yield
