"""Runs in its own process, as a worker does: takes times on a filled database, cold or warm."""

import sys
from contextlib import suppress
from functools import partial
from itertools import cycle
from time import perf_counter
from typing import Any

import django

django.setup()

from django.db import OperationalError  # noqa: E402 models come after the settings

from bench.search import mix, ours, rivals, scratch, timing  # noqa: E402
from directory.places import find_place  # noqa: E402
from directory.versions import content_version  # noqa: E402
from offers.models import OfferKind  # noqa: E402
from ruemsa_portal.gunicorn_conf import post_worker_init  # noqa: E402

SHOWN = 20
NUM_COLD = 5
MOST_SECONDS = 20.0  # for one rival; a slow one gets fewer queries of the mix


def cold(turn: int) -> list[float]:
    """Milliseconds of the first searches of a new process; the first one builds what all others use."""
    queries = mix.queries()
    took = []
    for query in queries[turn * NUM_COLD : (turn + 1) * NUM_COLD]:
        started = perf_counter()
        ours.page(query)
        took.append((perf_counter() - started) * 1000)
    return took


def warm() -> dict[str, Any]:
    """Times of the whole mix, first seen and seen again, and the worker's memory before and after."""
    queries = mix.queries()
    ours.page("")
    before = timing.memory_mib()
    times = {
        "list, words not seen before": timing.timed(ours.page, queries),
        "list": timing.timed(ours.page, queries),
        "list with filters": timing.timed(_Filtered(), queries),
        "finding alone": timing.timed(partial(_find, ours.find), queries),
    }
    after = timing.memory_mib()
    for rival in rivals.indexed_rivals():
        # Once before, as for ours: what the database holds in memory is the same for all.
        timing.timed(partial(_find, rival.find), queries, MOST_SECONDS / 4)
        times[rival.name] = timing.timed(partial(_find, rival.find), queries, MOST_SECONDS)
    return {
        "times": {name: row.as_json() for name, row in times.items()},
        "memory": [before, after],
        "queries": len(queries),
    }


def _find(find: Any, query: str) -> None:
    """What is given up counts with the time until then."""
    with suppress(OperationalError):
        find(query, SHOWN)


class _Filtered:
    """The list with a different set of filters each time."""

    def __init__(self) -> None:
        place = find_place("Wolmirstedt", version=content_version()).place
        choices: list[dict[str, Any]] = [
            {"age": 17, "is_free": True},
            {"kinds": (OfferKind.TRAINING, OfferKind.INTERNSHIP, OfferKind.PREPARATION)},
            {"place": place, "radius_km": 20},
            {"situation": "at_school", "certificate": "hsa", "include_unknown": frozenset({"abschluss", "ort"})},
            {"place": place, "radius_km": 30, "age": 16, "without_application": True, "language": "de"},
        ]
        self._choices = cycle(choices)

    def __call__(self, query: str) -> None:
        ours.page(query, **next(self._choices))


if __name__ == "__main__":
    post_worker_init(None)
    scratch.give_back(cold(int(sys.argv[2])) if sys.argv[1] == "cold" else warm())
