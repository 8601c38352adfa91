"""How good the search is: judged queries on the county's own offers, beside what a portal would use instead.

Usage: python bench/search_quality.py [--sealed] [--fresh] [--blind] [--readers] [--last] [--reuse]
Measures the open half of bench/queries; with --sealed both. Exit code 1 when --sealed was given and our
search misses a goal there on either engine: MRR ≥ .90, recall@5 ≥ .93, no page without a hit.

Relevant is grade 2 or 3. Recall@5 is the share of the relevant offers (at most five) among the first five.
nDCG@10 has the gains 2^grade − 1. Rivals see title, summary and description, their words joined by OR:
FTS5 unicode61 with every word as a prefix and bm25 10/5/1, FTS5 trigram with every three letters and the same
bm25, PostgreSQL's german text search with weights A/B/D and ts_rank, pg_trgm with word_similarity per word.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.search import scratch
from bench.search.measures import Figures, Judged, misses, read_queries, summarise

OURS = "ours"
SHIPPED = 0  # no generated offers
CHILD = "bench.search.quality_child"
MRR, RECALL, ZERO_RATE = 0.90, 0.93, 0.0

Found = dict[str, dict[str, list[str]]]  # per method and query: keys of offers, best first
Results = list[tuple[Judged, Sequence[str]]]


def report(engine: str, half: str, found: Found) -> Figures:
    """Print the tables and the misses of one engine and half; return our figures."""
    queries = read_queries(half)
    results: dict[str, Results] = {
        name: [(judged, lists[judged.query]) for judged in queries] for name, lists in found.items()
    }
    print(f"\n== {engine}, {half} half, {len(queries)} queries")
    print(f"{'method':<28}   MRR  nDCG@10  recall@5  zero results")
    for name, rows in results.items():
        figures = summarise(rows)
        print(
            f"{name:<28}  {figures.mrr:.3f}   {figures.ndcg:.3f}     {figures.recall:.3f}      {figures.zero_rate:.2f}"
        )
    print_categories(results)
    missed = misses(results[OURS])
    print(f"\nmisses of ours: {len(missed)} (first relevant offer after rank 5, or none)")
    for judged, rank in missed:
        wanted = ", ".join(sorted(judged.relevant))
        print(f"  {judged.query!r} ({judged.category}): rank {rank or '–'}, wanted {wanted}")
    return summarise(results[OURS])


def print_categories(results: dict[str, Results]) -> None:
    """MRR / recall@5 of every method in every category, and how often it finds nothing."""
    categories = list(dict.fromkeys(judged.category for judged, _found in results[OURS]))
    print(f"\n{'MRR / recall@5 / zero results':<30}" + "".join(f"{name[:22]:>24}" for name in results))
    for category in categories:
        cells = []
        for rows in results.values():
            figures = summarise([row for row in rows if row[0].category == category])
            cells.append(f"{figures.mrr:.2f} / {figures.recall:.2f} / {figures.zero_rate:.2f}")
        print(f"{category:<30}" + "".join(f"{cell:>24}" for cell in cells))


def holds(engine: str, half: str, figures: Figures) -> bool:
    """Print each goal with its verdict; say whether all hold."""
    goals = [
        ("MRR", figures.mrr, "≥", MRR, figures.mrr >= MRR),
        ("recall@5", figures.recall, "≥", RECALL, figures.recall >= RECALL),
        ("zero results", figures.zero_rate, "≤", ZERO_RATE, figures.zero_rate <= ZERO_RATE),
    ]
    for name, value, sign, goal, is_met in goals:
        print(f"goal {name} {sign} {goal:.2f} on the {half} half, {engine}: {value:.3f} {'ok' if is_met else 'not ok'}")
    return all(goal[-1] for goal in goals)


def main() -> int:
    """Measure on both engines, print, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sealed", action="store_true", help="measure the sealed half as well")
    parser.add_argument("--fresh", action="store_true", help="measure the third set, written by somebody else")
    parser.add_argument("--blind", action="store_true", help="measure the blind set, for the end of work on the search")
    parser.add_argument("--readers", action="store_true", help="measure what four readers would type")
    parser.add_argument("--last", action="store_true", help="measure their second set, for the end of the same work")
    parser.add_argument("--reuse", action="store_true", help="use the scratch databases of the last run as they are")
    options = parser.parse_args()
    halves = ["open", *(half for half in ("sealed", "fresh", "blind", "readers", "last") if getattr(options, half))]
    good = True
    for engine in scratch.ENGINES:
        found = scratch.run_on(engine, CHILD, halves, size=SHIPPED, reuse=options.reuse)
        for half in halves if found else []:
            met = holds(engine, half, report(engine, half, found))
            good = good and (met or half == "open")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
