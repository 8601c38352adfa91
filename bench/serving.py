"""How many answers a second, on both databases, uncached and kept, beside a bare Django view and nginx static.

Usage: sh tools/postgres.sh run python bench/serving.py [--long] [--minutes N] [--peer NAME=URL …] [--sizes 100,10000]
[--no-crowd] [--write]. Without DATABASE_URL only SQLite is measured. Everything is started from the shipped
configuration on loopback. ``--write`` puts the result into docs/performance.md. ``--long`` measures 100,000 offers,
all combinations, five seconds a run. A peer is any address that answers 200. Exit code 1 when a goal is missed.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from time import monotonic

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruemsa_portal.settings")

from bench.serve import report
from bench.serve.data import POSTGRESQL, SQLITE, Databases
from bench.serve.goals import as_rows
from bench.serve.pages import PLAIN
from bench.serve.servers import PORTAL, gunicorn
from bench.serve.suite import Suite
from bench.visitors import SECONDS, VISITORS, Outcome, crowd_on

DOCS = Path(__file__).resolve().parent.parent / "docs"
SIZES, LONG_SIZES = (100, 500, 10_000), (100, 500, 10_000, 50_000, 100_000)
MINUTES, LONG_MINUTES = 4.0, 60.0
MACHINE = f"{os.cpu_count()} cores, Debian 12, Python {sys.version_info.major}.{sys.version_info.minor}"


def peers_of(texts: list[str]) -> dict[str, str]:
    """Return name → address; ValueError for a text without both."""
    found = {}
    for text in texts:
        name, sign, url = text.partition("=")
        if not (name and sign and url.startswith(("http://", "https://"))):
            raise ValueError(f"--peer {text}: NAME=http://…")
        found[name] = url
    return found


def crowd(databases: Databases, offers: int) -> Outcome:
    """Let the crowd come to the portal on a database of this size."""
    engine = POSTGRESQL if POSTGRESQL in databases.engines else SQLITE
    at = databases.of(engine, offers)
    with gunicorn(PORTAL, {"DATABASE_URL": at}, headers=PLAIN) as portal:
        return crowd_on(at, portal, databases.processes(engine), visitors=VISITORS, seconds=SECONDS)


def main() -> int:
    """Prepare, measure, print and write; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="also 100,000 offers, all combinations")
    parser.add_argument("--minutes", type=float, help="no further measurement begins after so many")
    parser.add_argument("--seconds", type=int, help="of each run; more on a busy machine")
    parser.add_argument("--sizes", default="", help="numbers of offers, rising, with commas")
    parser.add_argument("--peer", action="append", default=[], help="NAME=URL, as often as wanted")
    parser.add_argument("--no-crowd", action="store_true", help="leave out the 3,000 visitors")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args()
    if which("wrk") is None:
        print("wrk fehlt (Debian: apt-get install wrk)", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    sizes = [int(text) for text in options.sizes.split(",") if text] or (LONG_SIZES if options.long else SIZES)
    minutes = options.minutes or (LONG_MINUTES if options.long else MINUTES)
    began = monotonic()
    databases = Databases(os.environ.get("DATABASE_URL", ""))
    databases.prepare()
    suite = Suite(
        databases,
        sizes,
        end=monotonic() + minutes * 60,
        seconds=options.seconds or (5 if options.long else 1),
        peers=peers_of(options.peer),
        all_combinations=options.long,
    )
    results, outcome = suite.results, None
    try:
        suite.run()
        outcome = None if options.no_crowd else crowd(databases, suite.goals_at)
    except KeyboardInterrupt:
        # Whoever breaks it off keeps what there is.
        results.left_out.append("all that comes after the last line above")
    offers = suite.goals_at
    held = report.goals(results, outcome, offers=offers)
    for row in as_rows(held):
        print(f"goal {row[0]} {row[1]}: {row[2]} {'ok' if row[3] == 'met' else 'not ok'}   {row[4]}")
    spent = (monotonic() - began) / 60
    if options.write:
        on = datetime.now(tz=UTC).date()
        text = report.page(results, outcome, on=on, offers=offers, machine=MACHINE, minutes=spent)
        (DOCS / "performance.md").write_text(text, encoding="utf-8")
        report.draw(results, DOCS)
    return 0 if all(goal.is_met for goal in held) else 1


if __name__ == "__main__":
    raise SystemExit(main())
