"""What a page costs the server without the page cache: CPU, statements, bytes, and the ratio to a bare view.

Usage: python bench/pages.py [--sizes 100 10000] [--rounds N] [--each N] [--engine sqlite|postgresql] [--freeze] [--reuse]
Calls the WSGI callable in process with the settings of an installation, on both engines. Goals at 10,000
offers: every page ≤ 3 ms in the median; on PostgreSQL the list ≥ 0.12, an offer ≥ 0.13 of a bare Django
view in the same run. Exit code 1 when one is missed.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.search import scratch

CHILD = "bench.speed.pages_child"
BARE = "bare view"
GOAL_MS, GOALS_AT = 3.0, 10_000
RATIOS = {"list": 0.12, "offer, one of 40": 0.13, "search": 0.05}
STATEMENTS = {"list": 6, "offer, one of 40": 6, "contact points": 6, "finder step": 4, "finder result": 10}


def installation(folder: str) -> dict[str, str]:
    """The variables of an installation, with keys of this run."""
    # The name of a day is enough: nothing is sealed with it that anybody keeps.
    return {
        "PRODUCTION": "1",
        "PAGE_CACHE": "0",
        "SECRET_KEY": "".join(chr(33 + (number * 7) % 89) for number in range(64)),
        "ALLOWED_HOSTS": "portal.example.org",
        "BEHIND_PROXY": "1",
        "STATIC_ROOT": f"{folder}/static",
        "ENQUIRY_KEY_FILE": f"{folder}/enquiry.keys",
    }


def show(engine: str, size: int, measured: dict[str, Any]) -> bool:
    """Print one table; say whether the goals hold."""
    pages = measured["pages"]
    bare = pages[BARE]["p50"]
    print(f"\n== {engine}, {size:,} offers, {measured['memory']:.0f} MiB")
    print(f"{'CPU ms':<32}   p50     p99   p99/p50   longest   bare/p50   statements     bytes")
    good = True
    for name, row in pages.items():
        good = holds(name, row, bare, engine=engine, size=size) and good
        print(
            f"{name:<32}{row['p50']:>7.2f}{row['p99']:>8.2f}{row['p99'] / row['p50']:>9.1f}{row['most']:>10.1f}"
            f"{bare / row['p50']:>11.3f}{row['statements']:>12}{row['bytes']:>11,}"
        )
    return good


def holds(name: str, row: dict[str, Any], bare: float, *, engine: str, size: int) -> bool:
    """Say whether one page keeps to the goals."""
    if row["statements"] > STATEMENTS.get(name, 10):
        return False
    if size != GOALS_AT:
        return True
    return row["p50"] <= GOAL_MS and (engine == scratch.SQLITE or bare / row["p50"] >= RATIOS.get(name, 0))


def main() -> int:
    """Measure every size on every engine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 10_000], help="numbers of offers")
    parser.add_argument("--rounds", type=int, default=15, help="interleaved rounds")
    parser.add_argument("--each", type=int, default=10, help="requests of one kind in a round")
    parser.add_argument("--engine", choices=scratch.ENGINES, action="append", help="only this one")
    parser.add_argument("--freeze", action="store_true", help="gc.freeze() after warming up")
    parser.add_argument("--reuse", action="store_true", help="use the databases of the last run")
    options = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= installation(folder)
        from accounts.keys import new_entry  # noqa: PLC0415 plain Python, but below the path set above

        Path(folder, "enquiry.keys").write_text(new_entry("bench"), encoding="ascii")
        arguments = [str(options.rounds), str(options.each), "1" if options.freeze else "0"]
        for size in options.sizes:
            for engine in options.engine or scratch.ENGINES:
                measured = scratch.run_on(engine, CHILD, arguments, size=size, reuse=options.reuse)
                if measured:
                    good = show(engine, size, measured) and good
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
