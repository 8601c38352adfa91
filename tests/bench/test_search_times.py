"""The figures of the speed measurement, by examples calculated by hand."""

import pytest
from django.db import connection

from bench.search.timing import counted, figures, percentile


@pytest.mark.parametrize(("share", "value"), [(50, 10), (95, 19), (100, 20), (0, 1)])
def test_percentiles_of_twenty(share: int, value: int) -> None:
    assert percentile(range(1, 21), share) == value


def test_percentile_of_one() -> None:
    assert percentile([7.0], 95) == 7.0


def test_figures() -> None:
    times = figures([4.0, 1.0, 2.0, 1.0], [2, 3, 2, 2], cpu=6.0)
    assert (times.calls, times.p50, times.p95, times.most, times.mean) == (4, 1.0, 4.0, 4.0, 2.0)
    assert (times.cpu, times.statements, times.most_statements) == (1.5, 2.25, 3)


@pytest.mark.django_db
def test_statements_are_counted() -> None:
    with counted() as counter, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SELECT 2")
    assert counter.number == 2
