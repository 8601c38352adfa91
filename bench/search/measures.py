"""How good a ranked list is, by the judged queries. Counted as bench/queries/README.md says."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

QUERIES = Path(__file__).resolve().parent.parent / "queries"
RELEVANT_FROM = 2  # a grade of 2 or 3 is relevant; 1 only counts for nDCG
TOP = 5
DEPTH = 10
LAST_GOOD_RANK = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """One query, its category, and the offers that answer it with their grades 1 to 3."""

    query: str
    category: str
    grades: Mapping[str, int]

    @property
    def relevant(self) -> frozenset[str]:
        """The offers that count as found."""
        return frozenset(slug for slug, grade in self.grades.items() if grade >= RELEVANT_FROM)


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over queries, each between 0 and 1."""

    number: int
    mrr: float
    ndcg: float
    recall: float
    zero_rate: float


def read_queries(half: str) -> list[Judged]:
    """Return the queries of ``open`` or ``sealed``."""
    rows = tomllib.loads((QUERIES / f"{half}.toml").read_text(encoding="utf-8"))["queries"]
    return [Judged(row["query"], row["category"], row["relevant"]) for row in rows]


def first_relevant_rank(found: Sequence[str], judged: Judged) -> int | None:
    """Rank of the first relevant offer, from 1; None when there is none."""
    return next((rank for rank, slug in enumerate(found, start=1) if slug in judged.relevant), None)


def reciprocal_rank(found: Sequence[str], judged: Judged) -> float:
    """One divided by the rank of the first relevant offer, 0 without one."""
    rank = first_relevant_rank(found, judged)
    return 1 / rank if rank else 0.0


def recall(found: Sequence[str], judged: Judged) -> float:
    """Share of the relevant offers (at most five each) among the first five found."""
    return len(judged.relevant & set(found[:TOP])) / min(TOP, len(judged.relevant))


def ndcg(found: Sequence[str], judged: Judged) -> float:
    """Gain 2^grade − 1 of the first ten, discounted by log2(rank + 1), as share of the best order."""
    best = _discounted(sorted(judged.grades.values(), reverse=True))
    return _discounted([judged.grades.get(slug, 0) for slug in found]) / best


def summarise(results: Sequence[tuple[Judged, Sequence[str]]]) -> Figures:
    """Return the means over the queries and what each of them found."""
    number = len(results)
    return Figures(
        number=number,
        mrr=sum(reciprocal_rank(found, judged) for judged, found in results) / number,
        ndcg=sum(ndcg(found, judged) for judged, found in results) / number,
        recall=sum(recall(found, judged) for judged, found in results) / number,
        zero_rate=sum(not found for _judged, found in results) / number,
    )


def misses(results: Sequence[tuple[Judged, Sequence[str]]]) -> list[tuple[Judged, int | None]]:
    """Queries whose first relevant offer comes after rank 5 or not at all, with that rank."""
    ranked = [(judged, first_relevant_rank(found, judged)) for judged, found in results]
    return [(judged, rank) for judged, rank in ranked if rank is None or rank > LAST_GOOD_RANK]


def _discounted(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades[:DEPTH], start=1))
