"""What a portal would use instead of an analyser of its own, each set up as well as it can be.

All of them see title, summary and description. Words are joined by OR and ranked by
the engine's own function, because AND leaves most sentences without any hit.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import add, or_
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, IntegerField, Q, When

from offers.models import Offer

WORDS = re.compile(r"\w+")
FIELDS = ("title", "summary", "description")
TITLE_WEIGHT, SUMMARY_WEIGHT, TEXT_WEIGHT = 10, 5, 1
# From which resemblance on a word counts: the engine's own limit, and the one that finds most.
DEFAULT_LIMIT, LOW_LIMIT = 0.6, 0.3
# With 100,000 offers a sentence would take minutes. Raises OperationalError.
GIVE_UP_SECONDS = 30

Found = tuple[int, list[int]]  # number of hits, ids of the best


@dataclass(frozen=True, slots=True)
class Rival:
    """One way of searching: ``find`` returns the number of hits and the ids of the best ones."""

    name: str
    find: Callable[[str, int], Found]


def prepare() -> None:
    """Build the indexes the rivals need in this database."""
    if connection.vendor == "sqlite":
        _prepare_fts5()
    else:
        _prepare_postgresql()


def rivals() -> list[Rival]:
    """All rivals on this database."""
    plain = [Rival("icontains, all words", _contains_all), Rival("icontains, any word", _contains_any)]
    return [*plain, *indexed_rivals()]


def indexed_rivals() -> list[Rival]:
    """The rivals with an index, whose times can be compared with ours."""
    if connection.vendor == "sqlite":
        return [Rival("FTS5 unicode61", _fts5_words), Rival("FTS5 trigram", _fts5_trigrams)]
    return [
        Rival("PostgreSQL german, OR", _german_or),
        Rival("PostgreSQL german, AND", _german_and),
        Rival(f"pg_trgm from {DEFAULT_LIMIT}", partial(_trigrams, DEFAULT_LIMIT)),
        Rival(f"pg_trgm from {LOW_LIMIT}", partial(_trigrams, LOW_LIMIT)),
    ]


def _contains_all(query: str, limit: int) -> Found:
    rows = Offer.objects.filter(status="published")
    for word in WORDS.findall(query):
        rows = rows.filter(_contains(word))
    rows = rows.order_by("title", "id")
    return rows.count(), list(rows.values_list("pk", flat=True)[:limit])


def _contains_any(query: str, limit: int) -> Found:
    """Most words first: the only rank that ``icontains`` can give."""
    words = WORDS.findall(query)
    if not words:
        return 0, []
    conditions = [_contains(word) for word in words]
    rows = Offer.objects.filter(reduce(or_, conditions), status="published")
    ranked = rows.alias(number=reduce(add, map(_one_if, conditions))).order_by("-number", "title", "id")
    return rows.count(), list(ranked.values_list("pk", flat=True)[:limit])


def _contains(word: str) -> Q:
    return reduce(or_, (Q(**{f"{field}__icontains": word}) for field in FIELDS))


def _one_if(condition: Q) -> Any:  # conditional expressions are added up
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


def _prepare_fts5() -> None:
    tokenizers = {"bench_words": "unicode61 remove_diacritics 2", "bench_trigrams": "trigram"}
    with connection.cursor() as cursor:
        for table, tokenizer in tokenizers.items():
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
            cursor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5(title, summary, description, content='', tokenize='{tokenizer}')"
            )
            cursor.execute(
                f"INSERT INTO {table} (rowid, title, summary, description) "  # noqa: S608 our own table
                "SELECT id, title, summary, description FROM offers_offer WHERE status = 'published'"
            )
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608 our own table


def _fts5_words(query: str, limit: int) -> Found:
    """Every word also as the beginning of a longer one."""
    return _fts5("bench_words", [f'"{word}"*' for word in WORDS.findall(query)], limit)


def _fts5_trigrams(query: str, limit: int) -> Found:
    """Every three letters by themselves: then a misspelt word still shares some of them."""
    words = WORDS.findall(query.casefold())
    pieces = {word[start : start + 3] for word in words for start in range(len(word) - 2)}
    return _fts5("bench_trigrams", [f'"{piece}"' for piece in sorted(pieces)], limit)


def _fts5(table: str, terms: Sequence[str], limit: int) -> Found:
    if not terms:
        return 0, []
    match = " OR ".join(terms)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {table} MATCH %s", [match])  # noqa: S608 our own table
        number = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT rowid FROM {table} WHERE {table} MATCH %s "  # noqa: S608 our own table
            f"ORDER BY bm25({table}, {TITLE_WEIGHT}, {SUMMARY_WEIGHT}, {TEXT_WEIGHT}), rowid LIMIT %s",
            [match, limit],
        )
        return number, [row[0] for row in cursor.fetchall()]


def _prepare_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("DROP TABLE IF EXISTS bench_search")
        cursor.execute(
            "CREATE TABLE bench_search AS SELECT id, title, concat_ws(' ', title, summary, description) AS text, "
            "setweight(to_tsvector('german', title), 'A') || setweight(to_tsvector('german', summary), 'B') || "
            "setweight(to_tsvector('german', description), 'D') AS words FROM offers_offer WHERE status = 'published'"
        )
        cursor.execute("CREATE INDEX bench_search_words ON bench_search USING gin (words)")
        cursor.execute("CREATE INDEX bench_search_text ON bench_search USING gin (text gin_trgm_ops)")
        cursor.execute("ANALYZE bench_search")


def _german_or(query: str, limit: int) -> Found:
    return _german(" or ".join(WORDS.findall(query)), limit)


def _german_and(query: str, limit: int) -> Found:
    return _german(" ".join(WORDS.findall(query)), limit)


def _german(query: str, limit: int) -> Found:
    found = "FROM bench_search, websearch_to_tsquery('german', %s) AS query WHERE words @@ query"
    return _ask(found, [query], "ts_rank(words, query) DESC, id", [], limit)


def _trigrams(similar_from: float, query: str, limit: int) -> Found:
    """Each word against the words of the text: the whole query at once finds nothing scattered.

    Squares and the title once more, because that ranks best of all the formulas that were tried.
    """
    words = WORDS.findall(query)
    if not words:
        return 0, []
    found = "FROM bench_search WHERE " + " OR ".join(["text %%> %s"] * len(words))
    score = " + ".join(["word_similarity(%s, text) ^ 2 + word_similarity(%s, title) ^ 2"] * len(words))
    order_values = [word for word in words for _time in range(2)]
    with transaction.atomic(), connection.cursor() as cursor:
        # The planner takes the operator for cheap and would rather read everything: eight times slower.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"SET LOCAL statement_timeout = '{GIVE_UP_SECONDS}s'")
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(similar_from)])
        return _ask(found, words, f"{score} DESC, id", order_values, limit)


def _ask(found: str, values: Sequence[str], order: str, order_values: Sequence[str], limit: int) -> Found:
    """Number and ids in one statement, so that the condition is looked at once."""
    with connection.cursor() as cursor:
        asked = f"SELECT id, count(*) OVER () {found} ORDER BY {order} LIMIT %s"
        cursor.execute(asked, [*values, *order_values, limit])
        rows = cursor.fetchall()
    return (rows[0][1] if rows else 0), [row[0] for row in rows]
