"""A condition in plain German, for the people who write and sign rules."""

from counseling.finder.conditions import All, AnyOf, Between, Condition, In, Not
from counseling.finder.facts import FACTS, FactKind


def plain(condition: Condition) -> str:
    """Return the condition as one sentence part: "Alter 15 bis 26 und Geld vom Amt: Geld vom Jobcenter"."""
    if isinstance(condition, All):
        return _joined(condition.parts, "und") if condition.parts else "immer"
    if isinstance(condition, AnyOf):
        return _joined(condition.parts, "oder")
    if isinstance(condition, Not):
        return f"nicht ({plain(condition.part)})"
    if isinstance(condition, Between):
        return f"{FACTS[condition.fact].label} {ages(condition.low, condition.high)}"
    return _values(condition)


def ages(low: int | None, high: int | None) -> str:
    """Return a span of years in words; both ends count, ``None`` is open."""
    if low is None:
        return f"höchstens {high}"
    if high is None:
        return f"mindestens {low}"
    return f"genau {low}" if low == high else f"{low} bis {high}"


def _joined(parts: tuple[Condition, ...], word: str) -> str:
    if len(parts) == 1:
        return plain(parts[0])
    return f" {word} ".join(f"({plain(part)})" if _is_compound(part) else plain(part) for part in parts)


def _is_compound(part: Condition) -> bool:
    """Whether the words hold an "und" or "oder" of their own."""
    return isinstance(part, All | AnyOf) or (isinstance(part, In) and len(part.values) > 1)


def _values(test: In) -> str:
    fact = FACTS[test.fact]
    if fact.kind is FactKind.PLACE:
        starts = " oder ".join(test.values)
        return f"{fact.label}: Gemeindeschlüssel beginnt mit {starts}"
    if fact.kind is FactKind.YES_NO and len(test.values) == 1:
        return fact.values[test.values[0]]
    return f"{fact.label}: {' oder '.join(fact.values[value] for value in test.values)}"
