"""A situation in a few German words, for staff: "17, Geld vom Jobcenter"."""

from __future__ import annotations

from counseling.finder.facts import FACTS, FactKind
from counseling.finder.situation import AgeRange, FactValue, Situation


def case_text(situation: Situation) -> str:
    """Describe the known facts, the age first; "nichts bekannt" without any."""
    words = [value_text(name, value) for name, value in situation.given.items()]
    return ", ".join(words) or "nichts bekannt"


def value_text(name: str, value: FactValue) -> str:
    """Return the short words for one value of a fact."""
    fact = FACTS[name]
    if isinstance(value, AgeRange):
        return str(value.lo) if value.lo == value.hi else f"{value.lo} bis {value.hi}"
    if fact.kind is FactKind.PLACE:
        return f"{fact.label} {value}"
    return fact.values[value]
