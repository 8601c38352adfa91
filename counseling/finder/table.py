"""Everything the rules of one concern can lead to.

The values of each fact fall into classes the rules cannot tell apart. A
situation with unknown facts stands for all combinations of classes it leaves
open ("cases"); each case is complete and has one outcome. So nothing is ever
concluded from an unknown fact that some real person would contradict.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from counseling.finder.conditions import Atom, In, Truth, atoms, evaluate
from counseling.finder.facts import FACTS, FALLBACK, FLOW, FactKind
from counseling.finder.possible import IMPOSSIBLE, PLACES, atom_mask, concern_mask, domains, full
from counseling.finder.rules import Rule, defeated
from counseling.finder.situation import AgeRange, FactValue, Situation

# Unknown ages are weighed as if people of the portal's age asked.
READER_AGES = AgeRange(12, 27)
MEMO_LIMIT = 20_000
ELSEWHERE = "99999999"

Case = tuple[int, ...]
Choice = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One fact the rules turn on, cut into classes of values.

    ``masks`` are the classes as bit masks; for a place they are empty and
    ``samples`` holds the prefixes of the municipality key, longest first.
    """

    fact: str
    samples: tuple[FactValue, ...]
    masks: tuple[int, ...]
    weights: tuple[int, ...]

    @property
    def values(self) -> tuple[FactValue, ...]:
        """One value of each class; for a place a whole municipality key."""
        if self.fact not in PLACES:
            return self.samples
        return tuple(str(start).ljust(8, "0") if start else ELSEWHERE for start in self.samples)

    def classes_of(self, value: FactValue | None, domain: int) -> tuple[int, ...]:
        """Return the classes that are open for a value or, unknown, a domain."""
        if self.fact not in PLACES:
            return tuple(index for index, mask in enumerate(self.masks) if mask & domain)
        if not isinstance(value, str):
            return tuple(range(len(self.samples)))
        return (next(index for index, start in enumerate(self.samples) if value.startswith(str(start))),)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one complete case leads to."""

    body: str
    deciding: tuple[Rule, ...]
    rivals: tuple[Rule, ...]
    switched_off: tuple[str, ...]
    signature: Hashable

    @property
    def is_fallback(self) -> bool:
        """Whether no rule said anything about this case."""
        return not self.deciding and not self.switched_off


@dataclass(frozen=True, slots=True)
class Decision:
    """What all open cases of a situation say together."""

    body: str
    bodies: tuple[str, ...]
    lead: Rule | None
    shown: tuple[Rule, ...]
    switched_off: tuple[str, ...]
    matters: tuple[str, ...]
    would_change: tuple[str, ...]
    variants: int
    rivals: tuple[Rule, ...]
    is_fallback: bool


class ConcernTable:
    """The live door rules of one concern, ready to decide situations."""

    def __init__(self, concern: str, rules: Iterable[Rule]) -> None:
        self.concern = concern
        self.rules = tuple(rules)
        self.dimensions = _dimensions(concern, self.rules)
        self.facts = tuple(dimension.fact for dimension in self.dimensions)
        self._outcomes: dict[Case, Outcome] = {}
        self._possible: dict[Case, bool] = {}
        self._decisions: dict[tuple[Choice, tuple[bool, ...]], Decision] = {}
        self._excluded = _excluded_pairs(self.dimensions)

    def decide(self, situation: Situation) -> Decision:
        """Weigh all cases a situation leaves open."""
        open_values = domains(situation)
        given = situation.given
        choice = tuple(
            dimension.classes_of(given.get(dimension.fact), open_values.get(dimension.fact, 0))
            for dimension in self.dimensions
        )
        known = tuple(dimension.fact in given for dimension in self.dimensions)
        decision = self._decisions.get((choice, known))
        if decision is None:
            if len(self._decisions) >= MEMO_LIMIT:
                self._decisions.clear()
            decision = self._weigh(choice, known)
            self._decisions[choice, known] = decision
        return decision

    @property
    def size(self) -> int:
        """How many complete cases the rules can tell apart."""
        return math.prod(len(dimension.samples) for dimension in self.dimensions)

    def complete_cases(self) -> Iterator[tuple[FactValue, ...]]:
        """Yield the possible complete cases, one value for each of ``facts``."""
        open_values = domains(Situation(concern=self.concern))
        choice = tuple(dimension.classes_of(None, open_values.get(dimension.fact, 0)) for dimension in self.dimensions)
        for case in product(*choice):
            if self._is_possible(case):
                yield tuple(axis.values[index] for axis, index in zip(self.dimensions, case, strict=True))

    def cases(self, choice: Choice) -> list[Case]:
        """List the cases of a choice of classes, without impossible ones if any other is left."""
        every = list(product(*choice))
        return [case for case in every if self._is_possible(case)] or every

    def outcome(self, case: Case) -> Outcome:
        """Return what a complete case leads to."""
        found = self._outcomes.get(case)
        if found is None:
            found = self._decide_case(case)
            self._outcomes[case] = found
        return found

    def _is_possible(self, case: Case) -> bool:
        found = self._possible.get(case)
        if found is None:
            found = not any(all(case[axis] in classes for axis, classes in pair) for pair in self._excluded)
            self._possible[case] = found
        return found

    def _decide_case(self, case: Case) -> Outcome:
        given = {axis.fact: axis.samples[index] for axis, index in zip(self.dimensions, case, strict=True)}
        matching = [rule for rule in self.rules if evaluate(rule.condition, given) is Truth.YES]
        lost = defeated(matching)
        standing = [rule for rule in matching if rule.key not in lost]
        off = tuple(rule.key for rule in standing if not rule.is_active)
        if off or not standing:
            return Outcome(FALLBACK, (), (), off, (FALLBACK, off))
        first = min(standing, key=lambda rule: (-rule.priority, rule.key))
        deciding = tuple(rule for rule in standing if rule.door == first.door)
        rivals = tuple(rule for rule in standing if rule.door != first.door)
        return Outcome(first.door, deciding, rivals, (), _signature(first.door, deciding))

    def _weigh(self, choice: Choice, known: tuple[bool, ...]) -> Decision:
        cases = self.cases(choice)
        outcomes = [self.outcome(case) for case in cases]
        weights = [self._weight(case) for case in cases]
        body, is_fallback = _choose_body(outcomes, weights)
        mine = [
            (outcome, weight)
            for outcome, weight in zip(outcomes, weights, strict=True)
            if outcome.body == body and (is_fallback or outcome.deciding)
        ]
        lead, shown = _leading(mine)
        signatures = [outcome.signature for outcome in outcomes]
        doors = [outcome.body for outcome in outcomes]
        matters = self._differing(cases, signatures)
        changes = set(self._differing(cases, doors)) | self._changed_by(cases, body, known)
        return Decision(
            body=body,
            bodies=tuple(sorted(set(doors))),
            lead=lead,
            shown=shown,
            switched_off=tuple(sorted({key for outcome in outcomes for key in outcome.switched_off})),
            matters=self._in_flow(matters or self._open_axes(choice, signatures)),
            would_change=self._in_flow(changes),
            variants=len(set(signatures)),
            rivals=next((outcome.rivals for outcome in outcomes if outcome.rivals), ()),
            is_fallback=is_fallback,
        )

    def _weight(self, case: Case) -> int:
        weight = 1
        for axis, index in zip(self.dimensions, case, strict=True):
            weight *= axis.weights[index]
        return weight

    def _differing(self, cases: Sequence[Case], results: Sequence[Hashable]) -> set[str]:
        """Return the facts that alone make a difference between two open cases."""
        found = set()
        for axis, dimension in enumerate(self.dimensions):
            seen: dict[Case, Hashable] = {}
            for case, result in zip(cases, results, strict=True):
                rest = case[:axis] + case[axis + 1 :]
                if seen.setdefault(rest, result) != result:
                    found.add(dimension.fact)
                    break
        return found

    def _open_axes(self, choice: Choice, signatures: Sequence[Hashable]) -> set[str]:
        # Facts that only matter together: no single one differs, so any open one helps.
        if len(set(signatures)) < 2:
            return set()
        return {axis.fact for axis, classes in zip(self.dimensions, choice, strict=True) if len(classes) > 1}

    def _changed_by(self, cases: Sequence[Case], body: str, known: tuple[bool, ...]) -> set[str]:
        """Return the known facts whose other value would open another door.

        A change to the fall-back is not counted, and an age only grows: what
        counts is the next class of ages, not every other age.
        """
        found = set()
        for axis, dimension in enumerate(self.dimensions):
            if not known[axis] or dimension.fact in PLACES:
                continue
            for case in cases:
                if self._other_door(case, axis, body):
                    found.add(dimension.fact)
                    break
        return found

    def _other_door(self, case: Case, axis: int, body: str) -> bool:
        dimension = self.dimensions[axis]
        indexes: Iterable[int] = range(len(dimension.samples))
        if dimension.fact == "age":
            indexes = (case[axis] + 1,) if case[axis] + 1 < len(dimension.samples) else ()
        possible = concern_mask(self.concern, dimension.fact)
        for index in indexes:
            other = (*case[:axis], index, *case[axis + 1 :])
            if index == case[axis] or not dimension.masks[index] & possible or not self._is_possible(other):
                continue
            outcome = self.outcome(other)
            if outcome.deciding and outcome.body != body:
                return True
        return False

    def _in_flow(self, facts: set[str]) -> tuple[str, ...]:
        return tuple(name for name in FLOW if name in facts)


def _signature(body: str, deciding: tuple[Rule, ...]) -> Hashable:
    """Tell results apart by what a reader gets, not by the rule behind it."""
    return (
        body,
        frozenset(helper for rule in deciding for helper in rule.also),
        frozenset(other for rule in deciding for other in rule.not_),
        frozenset(
            (rule.what_for, rule.why, rule.bring, rule.steps, rule.deadlines, rule.offers, rule.act_alone)
            for rule in deciding
        ),
    )


def _choose_body(outcomes: Sequence[Outcome], weights: Sequence[int]) -> tuple[str, bool]:
    """Choose the door most answers lead to; ties by priority, then by rule key."""
    votes: Counter[str] = Counter()
    best: dict[str, tuple[int, str]] = {}
    for outcome, weight in zip(outcomes, weights, strict=True):
        for rule in outcome.deciding:
            rank = (-rule.priority, rule.key)
            best[outcome.body] = min(rank, best.get(outcome.body, rank))
        if outcome.deciding:
            votes[outcome.body] += weight
    if not best:
        return FALLBACK, True
    return min(best, key=lambda body: (-votes[body], best[body])), False


def _leading(mine: Sequence[tuple[Outcome, int]]) -> tuple[Rule | None, tuple[Rule, ...]]:
    """Return the rule that speaks for the door and all rules that hold in every case."""
    votes: Counter[str] = Counter()
    times: Counter[str] = Counter()
    rules: dict[str, Rule] = {}
    for outcome, weight in mine:
        for rule in outcome.deciding:
            rules[rule.key] = rule
            votes[rule.key] += weight
            times[rule.key] += 1
    if not rules:
        return None, ()
    certain = [key for key in rules if times[key] == len(mine)]
    lead = min(certain or rules, key=lambda key: (-rules[key].priority, -votes[key], key))
    shown = [key for key in certain if key != lead]
    return rules[lead], (rules[lead], *(rules[key] for key in sorted(shown)))


def _dimensions(concern: str, rules: Sequence[Rule]) -> tuple[Dimension, ...]:
    tests: dict[str, list[Atom]] = {}
    for rule in rules:
        for atom in atoms(rule.condition):
            tests.setdefault(atom.fact, []).append(atom)
    for impossible in IMPOSSIBLE:
        if all(atom.fact in tests for atom in impossible.tests):
            for atom in impossible.tests:
                tests[atom.fact].append(atom)
    return tuple(_dimension(fact, tests[fact]) for fact in FLOW if fact in tests)


def _dimension(fact: str, tests: Sequence[Atom]) -> Dimension:
    if fact in PLACES:
        prefixes = sorted({value for test in tests if isinstance(test, In) for value in test.values}, key=_longest)
        return Dimension(fact, (*prefixes, ""), (), (1,) * (len(prefixes) + 1))
    masks = [atom_mask(test) for test in tests]
    groups: dict[tuple[bool, ...], int] = {}
    for bit in range(full(fact).bit_length()):
        pattern = tuple(bool(mask >> bit & 1) for mask in masks)
        if FACTS[fact].kind is FactKind.AGE:
            # Each stretch of ages is its own class, so that ages can only grow.
            pattern = (*pattern, *_stretch(bit, masks))
        groups[pattern] = groups.get(pattern, 0) | 1 << bit
    found = tuple(groups.values())
    return Dimension(
        fact, tuple(_sample(fact, mask) for mask in found), found, tuple(_weight(fact, mask) for mask in found)
    )


def _stretch(age: int, masks: Sequence[int]) -> tuple[bool, ...]:
    """Mark on which side of every threshold an age lies."""
    marks = []
    for mask in masks:
        start = (mask & -mask).bit_length() - 1
        marks += [age < start, age >= mask.bit_length()]
    return tuple(marks)


def _sample(fact: str, mask: int) -> FactValue:
    first = (mask & -mask).bit_length() - 1
    if FACTS[fact].kind is FactKind.AGE:
        return AgeRange.exactly(first)
    return tuple(FACTS[fact].values)[first]


def _weight(fact: str, mask: int) -> int:
    if FACTS[fact].kind is FactKind.AGE:
        return sum(1 for age in range(READER_AGES.lo, READER_AGES.hi + 1) if mask >> age & 1)
    return mask.bit_count()


def _longest(prefix: str) -> tuple[int, str]:
    return (-len(prefix), prefix)


def _excluded_pairs(dimensions: Sequence[Dimension]) -> list[list[tuple[int, frozenset[int]]]]:
    """Translate impossible combinations into classes of this table."""
    axis_of = {dimension.fact: axis for axis, dimension in enumerate(dimensions)}
    found = []
    for impossible in IMPOSSIBLE:
        if all(test.fact in axis_of for test in impossible.tests):
            found.append(
                [
                    (
                        axis_of[test.fact],
                        frozenset(
                            index
                            for index, mask in enumerate(dimensions[axis_of[test.fact]].masks)
                            if not mask & ~atom_mask(test)
                        ),
                    )
                    for test in impossible.tests
                ]
            )
    return found
