"""What would change: the cases that get another door under new rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from counseling.finder.case_text import case_text
from counseling.finder.facts import CONCERNS
from counseling.finder.resolve import resolve
from counseling.finder.rules import Rule
from counseling.finder.ruleset import RuleSet, as_rule_set
from counseling.finder.scenarios import Scenario
from counseling.finder.situation import Situation
from counseling.finder.table import ConcernTable

CASES_PER_CONCERN = 20_000


@dataclass(frozen=True, slots=True)
class DoorChange:
    """One case whose door would change; ``scenario`` when it has a name."""

    concern: str
    case: str
    before: str
    after: str
    scenario: str | None = None


def diff(
    old_rules: RuleSet | Iterable[Rule],
    new_rules: RuleSet | Iterable[Rule],
    scenarios: Iterable[Scenario],
    on: date,
) -> tuple[DoorChange, ...]:
    """Return scenarios and complete swept cases whose door changes on a day."""
    old, new = as_rule_set(old_rules), as_rule_set(new_rules)
    changes = []
    for scenario in scenarios:
        change = _compare(scenario.situation(), old, new, scenario.on or on, scenario.name)
        changes += [change] if change else []
    for concern in CONCERNS:
        if old.on(on).table(concern).rules != new.on(on).table(concern).rules:
            for situation in _cases(concern, old, new, on):
                change = _compare(situation, old, new, on, None)
                changes += [change] if change else []
    return tuple(changes)


def _compare(situation: Situation, old: RuleSet, new: RuleSet, on: date, name: str | None) -> DoorChange | None:
    before, after = resolve(situation, old, on).body, resolve(situation, new, on).body
    if before == after:
        return None
    return DoorChange(situation.concern or "", case_text(situation), before, after, name)


def _cases(concern: str, old: RuleSet, new: RuleSet, on: date) -> list[Situation]:
    """Return complete cases the old or the new rules tell apart."""
    old_doors, new_doors = old.on(on).table(concern).rules, new.on(on).table(concern).rules
    both = ConcernTable(concern, (*old_doors, *new_doors))
    names = both.facts
    return [
        Situation(concern=concern, **dict(zip(names, values, strict=True)))  # type: ignore[arg-type]
        for values in islice(both.complete_cases(), CASES_PER_CONCERN)
    ]
