"""How fast the finder is: resolve over the whole sweep, pages and JSON with their queries.

Usage: python bench/finder.py [--pages N] [--only-core]. Builds its own database in memory from the
region folder. Exit code 1 when a goal is missed: resolve ≤ 1 ms in the median, a question page
≤ 4 queries, the result page ≤ 10.
"""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
FOLDER = tempfile.TemporaryDirectory()
os.environ["DJANGO_SETTINGS_MODULE"] = "ruemsa_portal.settings"
os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER.name}/bench.sqlite3"

import django  # noqa: E402 the settings come first

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from counseling.finder import resolve, situation_from_dict, swept_situations  # noqa: E402
from counseling.finder.facts import CONCERNS  # noqa: E402
from counseling.flow import Answers, seal  # noqa: E402
from counseling.rulebook import rule_set_on  # noqa: E402

RESOLVE_MS, QUESTION_QUERIES, RESULT_QUERIES = 1.0, 4, 10
PAGE = "/zustaendigkeit/"


def bench_core() -> bool:
    """Time every case of the sweep once; say whether the goal holds."""
    on = timezone.localdate()
    rules = rule_set_on(on)
    times: list[float] = []
    for concern in CONCERNS:
        cases = list(swept_situations(concern, rules, on))
        resolve(cases[0], rules, on)
        for case in cases:
            started = perf_counter()
            resolve(case, rules, on)
            times.append((perf_counter() - started) * 1000)
    times.sort()
    median = statistics.median(times)
    print(
        f"resolve: {len(times)} cases, median {median:.3f} ms, p95 {times[int(len(times) * 0.95)]:.3f} ms, max {times[-1]:.2f} ms (goal {RESOLVE_MS} ms)"
    )
    return median <= RESOLVE_MS


def bench_page(name: str, ask: Callable[[], object], times: int, most: int) -> bool:
    """Time one kind of request and count its queries; say whether the goal holds."""
    ask()
    with CaptureQueriesContext(connection) as queries:
        ask()
    num_queries = len(queries)  # the log is emptied by the next request
    took = []
    for _time in range(times):
        started = perf_counter()
        ask()
        took.append((perf_counter() - started) * 1000)
    print(
        f"{name}: median {statistics.median(took):.1f} ms, p95 {sorted(took)[int(times * 0.95)]:.1f} ms, {num_queries} queries (goal {most})"
    )
    return num_queries <= most


def bench_pages(times: int) -> bool:
    """Time the pages and the JSON."""
    client = Client()
    answers = Answers(situation_from_dict({"concern": "homeless", "age": "17", "place": "15083270"})[0])
    facts = {"concern": "seeking_training", "age": 17, "benefit": "sgb2", "place": "15083270"}
    result = f"{PAGE}?concern=at_school&age=17&place=15083270"
    kinds: list[tuple[str, Callable[[], object], int]] = [
        ("first page", lambda: client.get(PAGE), QUESTION_QUERIES),
        ("question page", lambda: client.get(f"{PAGE}?concern=at_school"), QUESTION_QUERIES),
        ("place question", lambda: client.get(f"{PAGE}?concern=at_school&age=17"), QUESTION_QUERIES),
        ("private question", lambda: client.post(PAGE, {"stand": seal(answers), "frage": "age"}), QUESTION_QUERIES),
        ("result page", lambda: client.get(result), RESULT_QUERIES),
        ("private result", lambda: client.post(PAGE, {"stand": seal(answers), "ergebnis": "1"}), RESULT_QUERIES),
        ("JSON", lambda: client.post("/api/zustaendigkeit", facts, content_type="application/json"), RESULT_QUERIES),
    ]
    held = [bench_page(name, ask, times, most) for name, ask, most in kinds]
    return all(held)


def cache_templates() -> None:
    """Parse every template once, as in service."""
    template_options = settings.TEMPLATES[0]["OPTIONS"]
    if isinstance(template_options["loaders"][0], str):
        template_options["loaders"] = [("django.template.loaders.cached.Loader", template_options["loaders"])]


def main() -> int:
    """Load the region, measure, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100, help="requests per kind of page")
    parser.add_argument("--only-core", action="store_true", help="only resolve")
    options = parser.parse_args()
    cache_templates()
    call_command("migrate", verbosity=0)
    call_command("load_region", str(settings.REGION_DIR), verbosity=0)
    call_command("load_rules", str(settings.REGION_DIR), verbosity=0)
    setup_test_environment()
    good = bench_core()
    if not options.only_core:
        good = bench_pages(options.pages) and good
    connection.close()
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
