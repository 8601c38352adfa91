"""Conditions over facts: a small typed grammar and its three-valued evaluation.

A condition is data, never code: ``all``, ``any``, ``not`` and the tests
``eq``, ``in`` and ``between``. It is stored as JSON, read into frozen
dataclasses here and evaluated with Kleene's three values, because every fact
may be unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from counseling.finder.facts import AGE_MAX, AGE_MIN
from counseling.finder.situation import AgeRange, FactValue


class Truth(IntEnum):
    """Kleene's truth values; ``min`` is and, ``max`` is or."""

    NO = 0
    UNKNOWN = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is true; without parts always true."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when the part is false."""

    part: Condition


@dataclass(frozen=True, slots=True)
class In:
    """True when the fact has one of the values.

    For a place the values are prefixes of the municipality key (Land 2,
    Kreis 5, Gemeinde 8 digits). ``eq`` is an ``In`` with one value.
    """

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """True when the age lies between both ends, inclusive; ``None`` is open."""

    fact: str
    low: int | None
    high: int | None


Atom = In | Between
Condition = All | AnyOf | Not | In | Between

ALWAYS = All()


def evaluate(condition: Condition, given: Mapping[str, FactValue]) -> Truth:
    """Evaluate a condition for the known facts (``Situation.given``).

    A fact that is missing makes its test unknown, and so does an age band
    that lies on both sides of a threshold.
    """
    if isinstance(condition, In | Between):
        return _test(condition, given.get(condition.fact))
    if isinstance(condition, Not):
        return Truth(Truth.YES - evaluate(condition.part, given))
    parts = (evaluate(part, given) for part in condition.parts)
    if isinstance(condition, All):
        return min(parts, default=Truth.YES)
    return max(parts, default=Truth.NO)


def _test(atom: Atom, value: FactValue | None) -> Truth:
    if value is None:
        return Truth.UNKNOWN
    if isinstance(atom, In):
        if isinstance(value, AgeRange):
            return Truth.UNKNOWN  # the parser never builds this
        if atom.fact in ("place", "parents_place"):
            return Truth.YES if value.startswith(atom.values) else Truth.NO
        return Truth.YES if value in atom.values else Truth.NO
    if not isinstance(value, AgeRange):
        return Truth.UNKNOWN  # the parser never builds this either
    low = AGE_MIN if atom.low is None else atom.low
    high = AGE_MAX if atom.high is None else atom.high
    if value.hi < low or value.lo > high:
        return Truth.NO
    return Truth.YES if low <= value.lo and value.hi <= high else Truth.UNKNOWN


def atoms(condition: Condition) -> Iterator[Atom]:
    """Yield the tests of a condition from left to right."""
    if isinstance(condition, In | Between):
        yield condition
    elif isinstance(condition, Not):
        yield from atoms(condition.part)
    else:
        for part in condition.parts:
            yield from atoms(part)


def facts_used(condition: Condition) -> frozenset[str]:
    """Return the names of the facts a condition mentions."""
    return frozenset(atom.fact for atom in atoms(condition))


def to_json(condition: Condition) -> dict[str, object]:
    """Write a condition in its one canonical form (``parse`` reads it back)."""
    if isinstance(condition, All):
        return {"all": [to_json(part) for part in condition.parts]}
    if isinstance(condition, AnyOf):
        return {"any": [to_json(part) for part in condition.parts]}
    if isinstance(condition, Not):
        return {"not": to_json(condition.part)}
    if isinstance(condition, Between):
        if condition.low is not None and condition.low == condition.high:
            return {"fact": condition.fact, "eq": condition.low}
        return {"fact": condition.fact, "between": [condition.low, condition.high]}
    if len(condition.values) == 1:
        return {"fact": condition.fact, "eq": condition.values[0]}
    return {"fact": condition.fact, "in": list(condition.values)}
