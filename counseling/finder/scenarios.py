"""Named example cases: facts and the answer they must get.

Scenarios are the memory of the rule set. They are kept beside the rules and
run before every activation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from counseling.finder.facts import BODIES, FACTS
from counseling.finder.resolve import Finding, resolve
from counseling.finder.rules import Rule
from counseling.finder.ruleset import RuleSet, as_rule_set
from counseling.finder.situation import Situation, situation_from_dict


@dataclass(frozen=True)
class Scenario:
    """One example: facts as the JSON address takes them, and what must come out.

    ``also``, ``not_``, ``rules`` and ``protective`` must be contained in the
    finding; ``probable`` and ``next_question`` are compared when they are set
    (an empty ``next_question`` means: no question is left).
    """

    name: str
    facts: Mapping[str, object] = field(default_factory=dict)
    door: str = ""
    also: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    protective: tuple[str, ...] = ()
    probable: bool | None = None
    next_question: str | None = None
    view: str = "mich"
    on: date | None = None
    note: str = ""

    def situation(self) -> Situation:
        """Return the situation; raises ``ValueError`` for facts that do not exist."""
        situation, errors = situation_from_dict(self.facts)
        if errors:
            raise ValueError(f"{self.name}: {errors[0].parameter}: {errors[0].message}")
        return situation


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """How one scenario went: no failures means it holds."""

    scenario: Scenario
    finding: Finding
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything expected was found."""
        return not self.failures


def run_scenarios(
    scenarios: Iterable[Scenario], rules: RuleSet | Iterable[Rule], on: date
) -> tuple[ScenarioResult, ...]:
    """Run scenarios on their own date, or on ``on`` when they have none."""
    rule_set = as_rule_set(rules)
    results = []
    for scenario in scenarios:
        finding = resolve(scenario.situation(), rule_set, scenario.on or on, view=scenario.view)
        results.append(ScenarioResult(scenario, finding, tuple(_failures(scenario, finding))))
    return tuple(results)


def rules_at_work(finding: Finding) -> frozenset[str]:
    """Return the keys of all rules that shaped a finding."""
    rules = [*(reason.rule for reason in finding.reasons), *finding.protective_rules]
    rules += [*finding.place_notes, *finding.view_rules]
    if finding.place_rule is not None:
        rules.append(finding.place_rule)
    return frozenset(rule.key for rule in rules)


def _failures(scenario: Scenario, finding: Finding) -> list[str]:
    failures = []
    if finding.body != scenario.door:
        failures.append(f"Tür ist „{_body(finding.body)}“, erwartet war „{_body(scenario.door)}“.")
    if scenario.probable is not None and finding.probable != scenario.probable:
        failures.append("Das Ergebnis ist nur wahrscheinlich." if finding.probable else "Das Ergebnis ist sicher.")
    helping = {helper.body for helper in finding.also} | {helper.name for helper in finding.also}
    failures += [f"„{_body(name)}“ fehlt bei „Auch dabei“." for name in scenario.also if name not in helping]
    excluded = {other.body for other in finding.not_}
    failures += [f"„{_body(name)}“ fehlt bei „Nicht zuständig“." for name in scenario.not_ if name not in excluded]
    deciding = rules_at_work(finding)
    failures += [f"Die Regel {key} wirkt nicht mit." for key in scenario.rules if key not in deciding]
    failures += [f"Der Satz „{key}“ fehlt." for key in scenario.protective if key not in finding.protective]
    if scenario.next_question is not None and (finding.next_question or "") != scenario.next_question:
        failures.append(
            f"Nächste Frage ist {_fact(finding.next_question)}, erwartet war {_fact(scenario.next_question)}."
        )
    return failures


def _body(key: str) -> str:
    return BODIES.get(key, key)


def _fact(name: str | None) -> str:
    if not name:
        return "keine"
    return f"„{FACTS[name].label}“" if name in FACTS else f"„{name}“"
