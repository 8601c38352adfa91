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

MORE = 3  # what stands there beside the best alternative counts a third


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

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_how: Any, **_more: Any) -> Any:
        """Return the sum; columns have no parameters, numbers stand in the text."""
        term, weight = (compiler.compile(source)[0] for source in self.get_source_expressions())
        # The function that takes the greatest of several values has two names.
        greatest = "MAX" if connection.vendor == "sqlite" else "GREATEST"
        parts = [_slot(slot, term, weight, greatest) for slot in self.slots]
        if self.title:
            parts.append(f"COALESCE(MAX(CASE {term} WHEN {self.title} THEN {self.bonus} END), 0)")
        return f"({' + '.join(parts) or '0'})", []


def _slot(slot: SlotScore, term: str, weight: str, greatest: str) -> str:
    best = []
    value_of = f"({weight} + {int(slot.base)})"
    single = [(terms[0], multiplier) for terms, multiplier in slot.ways if len(terms) == 1]
    if single:
        cases = " ".join(f"WHEN {int(pk)} THEN {int(multiplier)}" for pk, multiplier in single)
        value = f"{value_of} * CASE {term} {cases} END"
        all_of_it = f"({MORE - 1} * MAX({value}) + SUM({value})) / {MORE}" if len(single) > 1 else f"MAX({value})"
        best.append(f"COALESCE({all_of_it}, 0)")
    for terms, multiplier in slot.ways:
        if len(terms) > 1:
            among = f"CASE WHEN {term} IN ({', '.join(str(int(pk)) for pk in terms)}) THEN {value_of} END"
            best.append(
                f"CASE COUNT({among}) WHEN {len(terms)} THEN SUM({among}) / {len(terms)} * {int(multiplier)} ELSE 0 END"
            )
    return best[0] if len(best) == 1 else f"{greatest}({', '.join(best)})"
