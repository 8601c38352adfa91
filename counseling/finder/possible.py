"""Which values an unknown fact can still have.

Some combinations do not exist (nobody of 16 is married) and some concerns
have already said what a question would ask. Knowing this saves questions and
keeps the finder from reckoning with people there are not. An answer a person
really gave always wins over it.

Sets of values are integers used as bit masks: one bit per value of a choice,
one bit per year of age.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from counseling.finder.conditions import Atom, Between, In
from counseling.finder.facts import AGE_MAX, AGE_MIN, CONCERNS, FACTS, FactKind
from counseling.finder.situation import AgeRange, FactValue, Situation

PLACES = frozenset(name for name, fact in FACTS.items() if fact.kind is FactKind.PLACE)


@dataclass(frozen=True, slots=True)
class Impossible:
    """Tests on different facts that never hold together, and by which law."""

    tests: tuple[Atom, ...]
    source: str


def _yes(fact: str) -> In:
    return In(fact, ("yes",))


def _no(fact: str) -> In:
    return In(fact, ("no",))


def _under(age: int) -> Between:
    return Between("age", None, age - 1)


def _from(age: int) -> Between:
    return Between("age", age, None)


_IN_TRAINING = In("status", ("in_training", "training_broken_off", "voluntary_service"))
_WORK = In("status", ("in_training", "training_broken_off", "working", "voluntary_service"))
_SGB2 = In("benefit", ("sgb2", "alg1_and_sgb2"))
_ALG1 = In("benefit", ("alg1", "alg1_and_sgb2"))
_NO_SGB2 = In("residence", ("asylum_procedure", "tolerated", "eu_jobseeking"))
_ALONE = In("residence", ("unaccompanied",))

IMPOSSIBLE: tuple[Impossible, ...] = (
    Impossible((_under(18), _yes("married")), "§ 1303 BGB"),
    Impossible((_under(15), _yes("fulltime_school_done")), "§ 40 SchulG LSA: neun Jahre Vollzeit"),
    Impossible((_under(15), _yes("school_duty_done")), "§ 40 SchulG LSA: zwölf Jahre"),
    Impossible((_from(20), _no("fulltime_school_done")), "§ 40 SchulG LSA"),
    Impossible((_from(20), _no("school_duty_done")), "§ 40 SchulG LSA: endet nach zwölf Jahren"),
    Impossible((_yes("school_duty_done"), _no("fulltime_school_done")), "§ 40 SchulG LSA"),
    Impossible((_IN_TRAINING, _no("fulltime_school_done")), "§§ 2, 7 JArbSchG; § 2 JFDG"),
    Impossible((_WORK, _under(14)), "§ 5 JArbSchG"),
    Impossible((In("certificate", ("rsa", "abitur")), _under(14)), "§ 40 SchulG LSA"),
    Impossible((_NO_SGB2, _SGB2), "§ 7 Abs. 1 Satz 2 SGB II"),
    Impossible((_ALONE, _from(18)), "§ 42a SGB VIII"),
    Impossible((_ALONE, _yes("living_with_parents")), "§ 42a SGB VIII"),
    Impossible((_ALG1, _under(15)), "§ 5 JArbSchG"),
)


@cache
def full(fact: str) -> int:
    """Return the mask of all values of a fact that is not a place."""
    if FACTS[fact].kind is FactKind.AGE:
        return (1 << (AGE_MAX + 1)) - 1
    return (1 << len(FACTS[fact].values)) - 1


@cache
def value_mask(fact: str, value: FactValue) -> int:
    """Return the mask of one value, or of all years of an age band."""
    if isinstance(value, AgeRange):
        return (1 << (value.hi + 1)) - (1 << value.lo)
    return 1 << list(FACTS[fact].values).index(value)


@cache
def atom_mask(atom: Atom) -> int:
    """Return the mask of the values that pass a test (not for places)."""
    if isinstance(atom, Between):
        low = AGE_MIN if atom.low is None else atom.low
        high = AGE_MAX if atom.high is None else atom.high
        return (1 << (high + 1)) - (1 << low)
    mask = 0
    for value in atom.values:
        mask |= value_mask(atom.fact, value)
    return mask


@cache
def concern_mask(concern: str, fact: str) -> int:
    """Return the values a fact can have under a concern."""
    spec = CONCERNS.get(concern)
    if spec is None or fact not in spec.fixes:
        return full(fact)
    return atom_mask(In(fact, tuple(spec.fixes[fact])))


def can_exist(situation: Situation) -> bool:
    """Say whether the known facts contradict neither each other nor the concern."""
    known = {fact: value_mask(fact, value) for fact, value in situation.given.items() if fact not in PLACES}
    if any(not mask & concern_mask(situation.concern or "", fact) for fact, mask in known.items()):
        return False
    return not any(
        all(test.fact in known and not known[test.fact] & ~atom_mask(test) for test in rule.tests)
        for rule in IMPOSSIBLE
    )


def domains(situation: Situation) -> dict[str, int]:
    """Return for every fact but the places the values it can still have.

    Known facts keep what the person said. Unknown ones lose the values the
    concern or the known facts rule out, but never the last one.
    """
    found: dict[str, int] = {}
    for fact in FACTS:
        if fact in PLACES:
            continue
        value = situation.given.get(fact)
        if value is not None:
            found[fact] = value_mask(fact, value)
        else:
            found[fact] = concern_mask(situation.concern or "", fact)
    while _narrow(found, situation.given):
        pass
    return found


def _narrow(found: dict[str, int], given: Mapping[str, FactValue]) -> bool:
    """Apply every rule with just one test left open; say whether anything changed."""
    changed = False
    for rule in IMPOSSIBLE:
        open_tests = [test for test in rule.tests if found[test.fact] & ~atom_mask(test)]
        if len(open_tests) != 1 or open_tests[0].fact in given:
            continue
        test = open_tests[0]
        left = found[test.fact] & ~atom_mask(test)
        if left and left != found[test.fact]:
            found[test.fact] = left
            changed = True
    return changed
