"""How fast the search is, and that SQLite and PostgreSQL find the same.

Usage: python bench/search_speed.py [--size N | --full] [--same] [--reuse]
Times on both engines with 10,000 offers (--size N: with N; --full: with 10,000 and 100,000), the county's own
and generated ones: the whole list as a page needs it (hits, counts beside every filter, cards), the finding
alone (number of hits and the 20 best), and the same from the engines' own full text and trigram search in the
same process. The mix: 100 judged queries, 60 titles or their beginnings, the 40 most common words.
Goals at 10,000: p95 ≤ 10 ms on SQLite, ≤ 20 ms on PostgreSQL; at 100,000 ≤ 100 ms; index ≤ 2 ms per entry;
finding no slower than twice FTS5 and pg_trgm, on average and in the p95. Exit code 1 when one is missed.

--same compares instead: lists, scores, counts, corrections of all open queries (--sealed: of both halves) on
both engines at 70 and 10,000 (--full: and 100,000) offers. Exit code 1 when anything differs.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.search import scratch

SMALL, MEDIUM, LARGE = 70, 10_000, 100_000
SPEED, SAME = "bench.search.speed_child", "bench.search.same_child"
P95_MS = {scratch.SQLITE: 10.0, scratch.POSTGRESQL: 20.0}
P95_LARGE_MS, INDEX_MS, MOST_TIMES = 100.0, 2.0, 2.0
LISTS = ("list, words not seen before", "list", "list with filters")
FINDING = "finding alone"
SHOWN_DIFFERENCES = 10


def speed(size: int, *, reuse: bool) -> bool:
    """Measure one size on both engines and print it; say whether the goals hold."""
    good = True
    for engine in scratch.ENGINES:
        measured = scratch.run_on(engine, SPEED, [], size=size, reuse=reuse)
        if measured:
            print(f"\n== {engine}, {size:,} offers, {measured['warm']['queries']} queries")
            print_filling(measured)
            print_times(measured)
            verdicts = [verdict(*goal) for goal in goals(engine, size, measured)]
            good = good and all(verdicts)
    return good


def print_filling(measured: dict[str, Any]) -> None:
    """What it took to fill the database, what it takes on disk and in memory."""
    filling = measured["filling"]
    if filling["generated"]:
        print(f"generated: {filling['generated']:,.0f} offers, {1000 / filling['generate_ms']:,.0f} in a second")
    print(
        f"index built from nothing: {filling['entries']:,} entries, {filling['index_ms']:.2f} ms each ({filling['index_cpu_ms']:.2f} computed here)"
    )
    print("on disk: " + ", ".join(f"{name} {mib:.1f} MiB" for name, mib in measured["sizes"].items()))
    before, after = measured["warm"]["memory"]
    print(f"memory of the worker: {before:.0f} MiB before the first search, {after:.0f} MiB after the last")
    for took in measured["cold"]:
        print("new process, first searches: " + ", ".join(f"{milliseconds:.0f}" for milliseconds in took) + " ms")


def print_times(measured: dict[str, Any]) -> None:
    """The table of times."""
    print(f"{'milliseconds':<28}  calls     p50      p95       max     mean   mean CPU   statements (max)")
    for name, row in measured["warm"]["times"].items():
        print(
            f"{name:<28}{row['calls']:>7}{row['p50']:>8.1f}{row['p95']:>9.1f}{row['most']:>10.1f}{row['mean']:>9.1f}{row['cpu']:>11.1f}"
            f"{row['statements']:>9.1f} ({row['most_statements']})"
        )


def goals(engine: str, size: int, measured: dict[str, Any]) -> list[tuple[str, float, float, str]]:
    """Name, value, limit and unit of every goal."""
    times = measured["warm"]["times"]
    p95 = P95_MS[engine] if size <= MEDIUM else P95_LARGE_MS
    found = [(f"p95 of {name}", times[name]["p95"], p95, "ms") for name in LISTS]
    found.append(("index per entry", measured["filling"]["index_ms"], INDEX_MS, "ms"))
    rivals = [name for name in times if name.startswith(("FTS5", "pg_trgm"))]
    for share in ("mean", "p95"):
        found += [
            (f"{share} of finding beside {name}", times[FINDING][share] / times[name][share], MOST_TIMES, "times")
            for name in rivals
        ]
    return found


def verdict(name: str, value: float, limit: float, unit: str) -> bool:
    """Print one goal; say whether it holds."""
    print(f"goal {name} ≤ {limit:g} {unit}: {value:.2f} {'ok' if value <= limit else 'not ok'}")
    return value <= limit


def same(size: int, halves: list[str], *, reuse: bool) -> bool:
    """Compare what both engines find; print the differences by name."""
    answers = [scratch.run_on(engine, SAME, halves, size=size, reuse=reuse) for engine in scratch.ENGINES]
    if None in answers:
        return True
    different = [(one, other) for one, other in zip(*answers, strict=True) if one != other]
    lists = sum(len(one["hits"]) + sum(map(len, one["late"])) for one in answers[0])
    print(f"{size:,} offers: {len(answers[0])} queries, {lists:,} places compared, {len(different)} queries differ")
    for one, other in different[:SHOWN_DIFFERENCES]:
        for name in [name for name in one if one[name] != other[name]]:
            print(f"  {one['query']!r}, {name}: {first_difference(one[name], other[name])}")
    return not different


def first_difference(one: Any, other: Any) -> str:
    """Where two answers differ first."""
    if isinstance(one, list) and isinstance(other, list):
        for position, pair in enumerate(zip(one, other, strict=False)):
            if pair[0] != pair[1]:
                return f"[{position}] {first_difference(*pair)}"
    return f"{one!r} – {other!r}"[:200]


def main() -> int:
    """Measure or compare, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, help="number of offers")
    parser.add_argument("--full", action="store_true", help="also with 100,000 offers")
    parser.add_argument("--same", action="store_true", help="compare what both engines find")
    parser.add_argument("--sealed", action="store_true", help="compare the sealed half as well")
    parser.add_argument("--reuse", action="store_true", help="use the scratch databases of the last run as they are")
    options = parser.parse_args()
    sizes = [options.size] if options.size else [MEDIUM, LARGE] if options.full else [MEDIUM]
    if options.same:
        sizes = sizes if options.size else [SMALL, *sizes]
        halves = ["open", "sealed"] if options.sealed else ["open"]
        held = [same(size, halves, reuse=options.reuse) for size in sizes]
    else:
        held = [speed(size, reuse=options.reuse) for size in sizes]
    return 0 if all(held) else 1


if __name__ == "__main__":
    raise SystemExit(main())
