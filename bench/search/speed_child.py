"""Runs in its own process, started by search_speed.py: fills a database, looks at its sizes, has times taken."""

import sys
from collections.abc import Sequence

import django

django.setup()

from django.db import connection  # noqa: E402 models come after the settings

from bench.search import ours, rivals, scratch  # noqa: E402

TIMING = "bench.search.timing_child"
COLD_PROCESSES = 3


def main(size: int) -> None:
    """Answer with what filling took, the sizes on disk in MiB, and the times of other processes."""
    filling = ours.fill(size)
    rivals.prepare()
    scratch.give_back(
        {
            "filling": filling,
            "sizes": sqlite_sizes() if connection.vendor == scratch.SQLITE else postgresql_sizes(),
            "cold": [scratch.ask(TIMING, ["cold", str(turn)]) for turn in range(COLD_PROCESSES)],
            "warm": scratch.ask(TIMING, ["warm", "0"]),
        }
    )


def sqlite_sizes() -> dict[str, float]:
    """Pages that belong to a table and its indexes; the rivals keep theirs in tables beside their own."""
    return {
        "whole database": _sqlite_mib("1 = 1", []),
        "our index": _sqlite_mib(f"tbl_name IN ({', '.join(['%s'] * len(ours.INDEX))})", _tables()),
        "FTS5 unicode61": _sqlite_mib("tbl_name LIKE %s", ["bench_words%"]),
        "FTS5 trigram": _sqlite_mib("tbl_name LIKE %s", ["bench_trigrams%"]),
    }


def _sqlite_mib(condition: str, values: Sequence[str]) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE AND name IN "  # noqa: S608 our own condition
            f"(SELECT name FROM sqlite_master WHERE {condition})",
            values,
        )
        return (cursor.fetchone()[0] or 0) / 2**20


def postgresql_sizes() -> dict[str, float]:
    """Tables with their indexes, and the indexes of the rivals."""
    index = _postgresql_mib(" + ".join(["pg_total_relation_size(%s)"] * len(ours.INDEX)), _tables())
    german = "pg_relation_size('bench_search_words') + (SELECT sum(pg_column_size(words)) FROM bench_search)"
    return {
        "whole database": _postgresql_mib("pg_database_size(current_database())", []),
        "our index": index,
        "PostgreSQL german": _postgresql_mib(german, []),
        "pg_trgm": _postgresql_mib("pg_relation_size('bench_search_text')", []),
    }


def _postgresql_mib(expression: str, values: Sequence[str]) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}", values)
        return float(cursor.fetchone()[0]) / 2**20


def _tables() -> list[str]:
    return [model._meta.db_table for model in ours.INDEX]


if __name__ == "__main__":
    main(int(sys.argv[1]))
