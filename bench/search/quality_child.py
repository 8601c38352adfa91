"""Runs in its own process, started by search_quality.py: every method on every query of the given halves."""

import sys

import django

django.setup()

from bench.search import ours, rivals, scratch  # noqa: E402 models come after the settings
from bench.search.measures import read_queries  # noqa: E402
from offers.models import Offer  # noqa: E402

DEPTH = 200


def main(size: int, halves: list[str]) -> None:
    """Answer with the keys found, best first, per method and query."""
    ours.fill(size)
    rivals.prepare()
    slugs = dict(Offer.objects.values_list("pk", "slug"))
    queries = [judged.query for half in halves for judged in read_queries(half)]
    found = {
        rival.name: {query: [slugs[pk] for pk in rival.find(query, DEPTH)[1]] for query in queries}
        for rival in rivals.rivals()
    }
    found["ours"] = {query: [slug for slug, _score in ours.ranked(query, DEPTH)] for query in queries}
    scratch.give_back(found)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
