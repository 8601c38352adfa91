"""The score of an entry as one expression of the ORM, so that the database ranks in one query.

Case and When would say the same in some hundred objects that Django resolves and copies for every
search, at twenty times the cost of the query itself. Only whole numbers go into the text of the SQL.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler

BASE = 20  # what it counts that a word is there at all, beside the weight of where it stands
MORE = 3  # what stands there beside the best alternative counts a third


@dataclass(frozen=True, slots=True)
class SlotScore:
    """What a slot gives: ``single`` are terms with multipliers, ``together`` terms that must all be there, with one."""

    single: tuple[tuple[int, int], ...] = ()
    together: tuple[tuple[tuple[int, ...], int], ...] = ()

    def terms(self) -> Iterable[int]:
        """All terms that count."""
        yield from (term for term, _multiplier in self.single)
        for terms, _multiplier in self.together:
            yield from terms


class Score(Func):
    """The sum of what the slots give to the postings of an entry, and a bonus for one term: the whole title."""

    contains_aggregate = True

    def __init__(self, slots: Sequence[SlotScore], title: int, bonus: int) -> None:
        super().__init__(F("term_id"), F("weight"), output_field=IntegerField())
        self.slots = tuple(slots)
        self.title, self.bonus = int(title), int(bonus)

    def get_group_by_cols(self) -> list[Any]:
        """Nothing: all columns are inside of aggregates."""
        return []

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_more: Any) -> tuple[str, list[Any]]:
        """Return the sum; columns have no parameters, numbers stand in the text."""
        term, weight = (compiler.compile(source)[0] for source in self.get_source_expressions())
        # The function that takes the greatest of several values has two names.
        greatest = "MAX" if connection.vendor == "sqlite" else "GREATEST"
        parts = [_slot(slot, term, f"({weight} + {BASE})", greatest) for slot in self.slots]
        if self.title:
            parts.append(f"COALESCE(MAX(CASE {term} WHEN {self.title} THEN {self.bonus} END), 0)")
        return f"({' + '.join(parts) or '0'})", []


def _slot(slot: SlotScore, term: str, weight: str, greatest: str) -> str:
    best = []
    if slot.single:
        cases = " ".join(f"WHEN {int(pk)} THEN {int(multiplier)}" for pk, multiplier in slot.single)
        value = f"{weight} * CASE {term} {cases} END"
        if len(slot.single) == 1:
            best.append(f"COALESCE(MAX({value}), 0)")
        else:
            best.append(f"COALESCE(({MORE - 1} * MAX({value}) + SUM({value})) / {MORE}, 0)")
    for terms, multiplier in slot.together:
        among = f"CASE WHEN {term} IN ({', '.join(str(int(pk)) for pk in terms)}) THEN {weight} END"
        best.append(f"CASE COUNT({among}) WHEN {len(terms)} THEN MIN({among}) * {int(multiplier)} ELSE 0 END")
    return best[0] if len(best) == 1 else f"{greatest}({', '.join(best)})"
