"""Everything that must hold before rules may answer, as German sentences.

Runs all examples and the completeness sweep of the finder, and asks whether
every text is there and easy enough. Takes seconds.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from time import perf_counter
from typing import Any, Self

from counseling.finder import Problem, Rule, RuleSet, Scenario, run_scenarios, sweep
from counseling.finder.scenarios import rules_at_work
from counseling.models.records import content_print
from directory.readability import school_class


@dataclass(frozen=True)
class CheckReport:
    """Problems block, hints do not; the figures say how much was looked at. ``seconds`` of wall time."""

    on: date
    fingerprint: str
    problems: tuple[str, ...]
    hints: tuple[str, ...]
    rules: int
    scenarios: int
    cases: int
    paths: int
    questions_median: float
    questions_max: int
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether nothing blocks."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """Return the report as it is stored."""
        return asdict(self) | {"on": self.on.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read a stored report."""
        lists = {"problems": tuple(data["problems"]), "hints": tuple(data["hints"])}
        return cls(**(data | lists | {"on": date.fromisoformat(data["on"])}))


def check_content(
    rules: Iterable[Rule], scenarios: Iterable[Scenario], on: date, *, known_offers: Collection[str] | None = None
) -> CheckReport:
    """Check rules and examples for a day and every later day on which the rules change.

    ``known_offers`` are the keys offers may have; without them offers are not looked up.
    """
    started = perf_counter()
    listed, cases = tuple(rules), tuple(scenarios)
    rule_set = RuleSet(listed)
    report = sweep(rule_set, on, readability=school_class)
    problems = [_sentence(problem) for problem in report.blocking]
    hints = [_sentence(problem) for problem in report.hints]
    failed, hinted = _check_scenarios(listed, cases, rule_set, on)
    return CheckReport(
        on=on,
        fingerprint=content_print(listed, cases),
        problems=(*failed, *problems),
        hints=(*hinted, *_unknown_offers(listed, known_offers), *hints),
        rules=len(listed),
        scenarios=len(cases),
        cases=report.cases,
        paths=report.paths,
        questions_median=report.questions_median,
        questions_max=report.questions_max,
        seconds=round(perf_counter() - started, 2),
    )


def _check_scenarios(
    rules: tuple[Rule, ...], scenarios: tuple[Scenario, ...], rule_set: RuleSet, on: date
) -> tuple[list[str], list[str]]:
    """Return failing examples, and rules that no example turns on."""
    results = run_scenarios(scenarios, rule_set, on)
    failed = [
        f"Beispiel „{result.scenario.name}“: {' '.join(result.failures)}" for result in results if not result.passed
    ]
    shown = {key for result in results for key in rules_at_work(result.finding)}
    missing = sorted({rule.key for rule in rules if rule.is_active} - shown)
    return failed, [f"{key}: Zu dieser Regel gibt es kein Beispiel." for key in missing]


def _unknown_offers(rules: tuple[Rule, ...], known: Collection[str] | None) -> list[str]:
    if known is None:
        return []
    missing = sorted({(rule.key, hint.key) for rule in rules for hint in rule.offers if hint.key not in known})
    return [f"{rule}: Das Angebot „{offer}“ gibt es nicht." for rule, offer in missing]


def _sentence(problem: Problem) -> str:
    more = problem.times - 1
    if not more:
        return str(problem)
    return f"{problem} (und 1 weiterer Fall)" if more == 1 else f"{problem} (und {more} weitere Fälle)"
