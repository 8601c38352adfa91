"""The score of an entry as one expression of the database, so that it ranks in one query.

Case and When would say the same in some hundred objects that Django resolves and copies for every
search, at twenty times the cost of the query itself. The ORM makes the statement once, with marks where
the numbers of a search go; only whole numbers are put there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler

from directory.models import SearchPosting

FEW = 3  # terms that a CASE goes through one by one
MORE = 3  # what stands there beside the best alternative counts a third
TERMS, ENTRIES, SCORE = "{terms}", "{entries}", "{score}"


@dataclass(frozen=True, slots=True)
class SlotScore:
    """What a slot gives: of its alternatives (terms that must all be there, multiplier) the best.

    An alternative gives (base + mean weight of its terms) · multiplier.
    """

    base: int
    ways: tuple[tuple[tuple[int, ...], int], ...]

    def terms(self) -> Iterable[int]:
        """All terms that count."""
        for terms, _multiplier in self.ways:
            yield from terms


class _Mark(Func):
    """A place in the statement that gets its text when somebody searches."""

    def __init__(self, text: str, **more: Any) -> None:
        super().__init__(output_field=BooleanField() if text != SCORE else IntegerField(), **more)
        self.text = text
        self.contains_aggregate = text == SCORE

    def get_group_by_cols(self) -> list[Any]:
        """Nothing: all columns are inside of aggregates."""
        return []

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_how: Any, **_more: Any) -> Any:
        """Return the mark; there are no parameters."""
        return self.text, []


@cache
def _statement(_vendor: str) -> str:
    rows = (
        SearchPosting.objects.filter(_Mark(TERMS), _Mark(ENTRIES))
        .values("entry_id")
        .annotate(score=_Mark(SCORE))
        .order_by("-score", "entry_id")
        .values_list("entry_id", "score")
    )
    sql, _parameters = rows.query.sql_with_params()
    return sql


def ranked(
    slots: Sequence[SlotScore], *, title: int, bonus: int, terms: Iterable[int], entries: Iterable[int]
) -> list[tuple[int, int]]:
    """Return (entry, score) of these entries that have one of these terms, best first. One query.

    The score is the sum of what the slots give, and a bonus for one term: the whole title.
    """
    among = f"{_column('term_id')} IN ({_listed(terms)})"
    sql = _statement(connection.vendor).replace(TERMS, among)
    sql = sql.replace(ENTRIES, f"{_column('entry_id')} IN ({_listed(entries)})")
    with connection.cursor() as cursor:
        cursor.execute(sql.replace(SCORE, _score(slots, title, bonus)))
        return [(int(entry), int(score)) for entry, score in cursor.fetchall()]


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(int(number)) for number in numbers)


@cache
def _column(name: str) -> str:
    # Without the table: the shorter the statement, the sooner it is read.
    return connection.ops.quote_name(name)


def _score(slots: Sequence[SlotScore], title: int, bonus: int) -> str:
    term, weight = _column("term_id"), _column("weight")
    # The function that takes the greatest of several values has two names.
    greatest = "MAX" if connection.vendor == "sqlite" else "GREATEST"
    parts = [_slot(slot, term, weight, greatest) for slot in slots]
    if title:
        parts.append(f"COALESCE(MAX(CASE {term} WHEN {int(title)} THEN {int(bonus)} END), 0)")
    return f"({' + '.join(parts) or '0'})"


def _multiplier(single: Sequence[tuple[int, int]], term: str) -> str:
    """Return the multiplier of a term, NULL for others. Halved again and again: a database reads a CASE from its top."""
    if len(single) > FEW:
        middle = len(single) // 2
        low, high = _multiplier(single[:middle], term), _multiplier(single[middle:], term)
        return f"CASE WHEN {term} < {int(single[middle][0])} THEN {low} ELSE {high} END"
    cases = " ".join(f"WHEN {int(pk)} THEN {int(multiplier)}" for pk, multiplier in single)
    return f"CASE {term} {cases} END"


def _slot(slot: SlotScore, term: str, weight: str, greatest: str) -> str:
    best = []
    value_of = f"({weight} + {int(slot.base)})"
    single = [(terms[0], multiplier) for terms, multiplier in slot.ways if len(terms) == 1]
    if single:
        value = f"{value_of} * {_multiplier(sorted(single), term)}"
        all_of_it = f"({MORE - 1} * MAX({value}) + SUM({value})) / {MORE}" if len(single) > 1 else f"MAX({value})"
        best.append(f"COALESCE({all_of_it}, 0)")
    for terms, multiplier in slot.ways:
        if len(terms) > 1:
            among = f"CASE WHEN {term} IN ({_listed(terms)}) THEN {value_of} END"
            best.append(
                f"CASE COUNT({among}) WHEN {len(terms)} THEN SUM({among}) / {len(terms)} * {int(multiplier)} ELSE 0 END"
            )
    return best[0] if len(best) == 1 else f"{greatest}({', '.join(best)})"
