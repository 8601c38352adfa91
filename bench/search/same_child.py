"""Runs in its own process, started by search_speed.py --same: what every query gives on this database."""

import sys
from typing import Any

import django

django.setup()

from bench.search import ours, scratch  # noqa: E402 models come after the settings
from bench.search.measures import read_queries  # noqa: E402

DEPTH = 100
# Pages beyond the candidates that one query puts in their fine order.
LATE_PAGES = (16, 31)


def main(size: int, halves: list[str]) -> None:
    """Answer with total, counts, correction, place, and key and score of the hits, in their order."""
    ours.fill(size)
    scratch.give_back([_answer(judged.query) for half in halves for judged in read_queries(half)])


def _answer(query: str) -> dict[str, Any]:
    listing = ours.page(query)
    hits = listing.hits
    late = [ours.page(query, number) for number in LATE_PAGES if number <= listing.num_pages]
    if listing.num_pages > 1:
        late.append(ours.page(query, listing.num_pages))
    return {
        "query": query,
        "total": listing.total,
        "counts": listing.counts,
        "corrected": hits.query.corrected if hits else None,
        "suggestion": hits.query.suggestion if hits else None,
        "place": hits.query.place.ags if hits and hits.query.place else None,
        "hits": ours.ranked(query, DEPTH),
        "late": [[(card.slug, card.score) for card in page.cards] for page in late],
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
