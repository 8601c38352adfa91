"""The measures of the search, by examples calculated by hand."""

from math import log2

import pytest

from bench.search.measures import (
    Judged,
    first_relevant_rank,
    misses,
    ndcg,
    read_queries,
    recall,
    reciprocal_rank,
    summarise,
)

JUDGED = Judged("lehre", "synonym", {"a": 3, "b": 2, "c": 1})


@pytest.mark.parametrize(
    ("found", "rank", "reciprocal"),
    [
        (["a", "x"], 1, 1.0),
        (["x", "b", "a"], 2, 0.5),
        (["c", "x", "y", "a"], 4, 0.25),  # grade 1 is not relevant
        (["x", "c"], None, 0.0),
        ([], None, 0.0),
    ],
)
def test_rank_of_the_first_relevant(found: list[str], rank: int | None, reciprocal: float) -> None:
    assert first_relevant_rank(found, JUDGED) == rank
    assert reciprocal_rank(found, JUDGED) == reciprocal


@pytest.mark.parametrize(
    ("found", "share"),
    [
        (["b", "x", "y", "z", "a"], 1.0),
        (["x", "b", "y", "z", "w", "a"], 0.5),  # the sixth is too late
        (["c"], 0.0),
        ([], 0.0),
    ],
)
def test_recall_looks_at_the_first_five(found: list[str], share: float) -> None:
    assert recall(found, JUDGED) == share


def test_recall_with_more_than_five_relevant_can_be_full() -> None:
    many = Judged("schule", "synonym", dict.fromkeys("abcdefg", 2))
    assert recall(list("abcde"), many) == 1.0
    assert recall(list("abxyz"), many) == pytest.approx(2 / 5)


def test_ndcg_of_the_best_order_is_one() -> None:
    assert ndcg(["a", "b", "c"], JUDGED) == pytest.approx(1.0)
    assert ndcg(["a", "b", "c", "x"], JUDGED) == pytest.approx(1.0)


def test_ndcg_discounts_by_rank() -> None:
    best = 7 / log2(2) + 3 / log2(3) + 1 / log2(4)
    assert best == pytest.approx(9.3928, abs=1e-4)
    assert ndcg(["x", "b", "a"], JUDGED) == pytest.approx((3 / log2(3) + 7 / log2(4)) / best)
    assert ndcg(["x", "b", "a"], JUDGED) == pytest.approx(0.5742, abs=1e-4)
    assert ndcg(["x"] * 10 + ["a"], JUDGED) == 0.0


def test_summary_is_the_mean_and_counts_empty_pages() -> None:
    figures = summarise([(JUDGED, ["a", "b"]), (JUDGED, ["x", "b"]), (JUDGED, ["x"]), (JUDGED, [])])
    assert figures.number == 4
    assert figures.mrr == pytest.approx((1 + 0.5) / 4)
    assert figures.recall == pytest.approx((1 + 0.5) / 4)
    assert figures.zero_rate == 0.25


def test_misses_are_late_or_absent() -> None:
    late, absent, good = (Judged(name, "typo", {"a": 3}) for name in ("late", "absent", "good"))
    results = [(late, [*"vwxyza"]), (absent, ["x"]), (good, [*"wxyza"])]
    assert [(judged.query, rank) for judged, rank in misses(results)] == [("late", 6), ("absent", None)]


def test_open_half_is_read_with_its_grades() -> None:
    queries = {judged.query: judged for judged in read_queries("open")}
    assert len(queries) == 100
    assert queries["inkasso brief"].relevant == {"16a"}
    assert all(1 <= len(judged.relevant) <= 5 for judged in queries.values())
