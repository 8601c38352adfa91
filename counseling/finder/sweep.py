"""Completeness sweep: every case the rules can tell apart, before they go live.

For each concern all values of the facts its rules mention are combined,
unknown included, ages at every threshold and one year to each side. A second,
simpler evaluation checks the first. Whatever fails is reported as the concrete
case, in words an editor understands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, product
from statistics import median
from time import perf_counter

from counseling.finder.case_text import case_text
from counseling.finder.conditions import Between, Condition, Truth, atoms, evaluate, facts_used
from counseling.finder.facts import AGE_MAX, AGE_MIN, BODIES, CONCERNS, FACTS, FALLBACK, FactKind
from counseling.finder.paths import walk
from counseling.finder.possible import can_exist
from counseling.finder.questions import MAX_QUESTIONS, URGENT_QUESTIONS
from counseling.finder.resolve import Finding, resolve
from counseling.finder.rule_checks import check_rules
from counseling.finder.rules import Rule, defeated
from counseling.finder.ruleset import RuleSet, as_rule_set
from counseling.finder.scenarios import rules_at_work
from counseling.finder.situation import AgeRange, FactValue, Situation
from counseling.finder.sweep_report import Problem, Report
from counseling.finder.table import ELSEWHERE

CASE_LIMIT = 30_000  # per concern; above it one value stands for all the rules cannot tell apart
READERS = AgeRange(12, 26)
MAX_DATES = 12


@dataclass
class _Run:
    """What one sweep collects on its way."""

    problems: dict[tuple[object, ...], Problem]
    at_work: set[str]
    counts: list[int]
    cases: int = 0
    fallbacks: int = 0

    def add(self, problem: Problem) -> None:
        """Keep the first case of each problem and count the others."""
        key = (problem.kind, problem.concern, problem.rules, problem.on, problem.detail)
        known = self.problems.get(key)
        self.problems[key] = replace(known, times=known.times + 1) if known else problem


def sweep(
    rules: RuleSet | Iterable[Rule],
    on: date,
    *,
    concerns: Iterable[str] | None = None,
    readability: Callable[[str], float] | None = None,
) -> Report:
    """Check a whole rule set on a day and on every later day it changes.

    ``readability`` is a function from German text to school class (the core
    brings none); without it only the presence of texts is checked. Takes
    seconds, not a request's time.
    """
    started = perf_counter()
    rule_set = as_rule_set(rules)
    run = _Run({}, set(), [])
    for problem in check_rules(rule_set, on, readability):
        run.add(problem)
    wanted = tuple(concerns) if concerns is not None else tuple(CONCERNS)
    seen: set[tuple[str, tuple[int, ...]]] = set()
    for day in (on, *rule_set.change_dates(on)[:MAX_DATES]):
        for concern in wanted:
            same = (concern, tuple(id(rule) for rule in rule_set.on(day).rules if _touches(rule, concern)))
            if same not in seen:
                seen.add(same)
                _sweep_concern(concern, rule_set, day, run)
    if concerns is None:
        _check_reachable(rule_set, on, run)
    return Report(
        problems=tuple(
            sorted(run.problems.values(), key=lambda problem: (not problem.blocking, problem.kind, problem.concern))
        ),
        rules=len(rule_set.rules),
        cases=run.cases,
        fallbacks=run.fallbacks,
        paths=len(run.counts),
        questions_median=float(median(run.counts)) if run.counts else 0.0,
        questions_max=max(run.counts, default=0),
        seconds=perf_counter() - started,
    )


def swept_situations(concern: str, rules: RuleSet | Iterable[Rule], on: date) -> Iterator[Situation]:
    """Yield the cases of one concern: every combination of values and unknown."""
    live = as_rule_set(rules).on(on)
    conditions = [rule.condition for rule in live.doors if rule.is_about(concern)]
    conditions += [
        rule.condition
        for rule in (*live.places, *live.views, *live.protective)
        if not rule.concerns or rule.is_about(concern)
    ]
    table = live.table(concern)
    values = {fact: _values(fact, conditions) for fact in table.facts}
    if math.prod(len(listed) + 1 for listed in values.values()) > CASE_LIMIT:
        values = {dimension.fact: list(dimension.values) for dimension in table.dimensions}
    for combination in islice(product(*([None, *listed] for listed in values.values())), CASE_LIMIT):
        known = {fact: value for fact, value in zip(values, combination, strict=True) if value is not None}
        yield Situation(concern=concern, **known)  # type: ignore[arg-type]


def _values(fact: str, conditions: Iterable[Condition]) -> list[FactValue]:
    tests = [atom for condition in conditions for atom in atoms(condition) if atom.fact == fact]
    if FACTS[fact].kind is FactKind.AGE:
        return list(threshold_ages(test for test in tests if isinstance(test, Between)))
    if FACTS[fact].kind is FactKind.PLACE:
        prefixes = {value for test in tests if not isinstance(test, Between) for value in test.values}
        return [*sorted({prefix.ljust(8, "0") for prefix in prefixes}), ELSEWHERE]
    return list(FACTS[fact].values)


def threshold_ages(tests: Iterable[Between]) -> tuple[AgeRange, ...]:
    """Return every threshold of the tests and one year to each side."""
    edges = {edge for test in tests for edge in (test.low, test.high) if edge is not None}
    around = {edge + step for edge in edges for step in (-1, 0, 1)}
    return tuple(AgeRange.exactly(age) for age in sorted(around) if AGE_MIN <= age <= AGE_MAX)


def _touches(rule: Rule, concern: str) -> bool:
    return not rule.concerns or rule.is_about(concern)


def _sweep_concern(concern: str, rule_set: RuleSet, on: date, run: _Run) -> None:
    table = rule_set.on(on).table(concern)
    doors = table.rules
    if table.size > CASE_LIMIT:
        run.add(
            Problem(
                "too_wide",
                concern,
                "",
                (),
                on,
                f"Die Regeln unterscheiden {table.size} Fälle, erlaubt sind {CASE_LIMIT}.",
            )
        )
    if not doors:
        run.add(Problem("dead_end", concern, "", (), on, "Keine Regel führt hier zu einer Tür."))
    for situation in swept_situations(concern, rule_set, on):
        run.cases += 1
        finding = resolve(situation, rule_set, on)
        if can_exist(situation):
            run.at_work |= rules_at_work(finding)
        _check_case(finding, doors, run)
    _check_paths(concern, rule_set, on, run)


def _check_case(finding: Finding, doors: tuple[Rule, ...], run: _Run) -> None:
    """Compare a finding with a plain evaluation that knows no classes."""
    situation, on = finding.situation, finding.on
    concern = situation.concern or ""
    truths = {rule.key: evaluate(rule.condition, situation.given) for rule in doors}
    sure = [rule for rule in doors if truths[rule.key] is Truth.YES]
    lost = defeated(sure)
    standing = [rule for rule in sure if rule.key not in lost]
    keys = tuple(sorted(rule.key for rule in standing))
    if Truth.UNKNOWN in truths.values():
        possible = {rule.door for rule in doors if truths[rule.key] is not Truth.NO} | {FALLBACK}
        if finding.body not in possible:
            run.add(Problem("wrong_door", concern, case_text(situation), keys, on, "Diese Tür ist nicht möglich."))
        return
    if not all(rule.is_active for rule in standing):
        return
    if finding.body not in ({rule.door for rule in standing} or {FALLBACK}):
        run.add(Problem("wrong_door", concern, case_text(situation), keys, on, "Die Tür passt nicht zur Regel."))
    if not can_exist(situation):
        return  # rules need not tell apart people there are not
    if len({rule.door for rule in standing}) > 1:
        run.add(Problem("two_doors", concern, case_text(situation), keys, on, f"zwei Türen: {_join(keys)}"))
    _check_contradiction(situation, standing, on, run)
    if not standing:
        run.fallbacks += 1
        if doors and (situation.age is None or READERS.lo <= situation.age.lo <= READERS.hi):
            run.add(
                Problem(
                    "no_rule",
                    concern,
                    case_text(situation),
                    (),
                    on,
                    "Keine Regel passt. Die Koordinierungsstelle hilft.",
                )
            )


def _check_contradiction(situation: Situation, standing: list[Rule], on: date, run: _Run) -> None:
    """Report a body that is responsible or helps and is also said not to be responsible."""
    spoken = {helper.body for rule in standing for helper in rule.also if not helper.name}
    denied = {other.body for rule in standing for other in rule.not_}
    both = denied & (spoken | {rule.door for rule in standing})
    if both:
        bodies = ", ".join(sorted(BODIES[body] for body in both))
        keys = tuple(sorted(rule.key for rule in standing))
        message = f"{bodies}: dabei und zugleich nicht zuständig: {_join(keys)}"
        run.add(Problem("contradiction", situation.concern or "", case_text(situation), keys, on, message))


def _check_paths(concern: str, rule_set: RuleSet, on: date, run: _Run) -> None:
    most = URGENT_QUESTIONS if CONCERNS[concern].urgent else MAX_QUESTIONS
    asked: set[str] = set()
    for path in walk(concern, rule_set, on):
        run.counts.append(path.questions)
        run.at_work |= path.rules
        asked |= {name for name, _ in path.answers}
        text = case_text(path.situation)
        if path.questions > most:
            kind = "late_human" if CONCERNS[concern].urgent else "too_many_questions"
            run.add(
                Problem(kind, concern, text, (), on, f"{path.questions} Fragen, erlaubt sind {most}.", detail="count")
            )
        for name in path.useless:
            label = FACTS[name].label
            run.add(
                Problem(
                    "useless_question",
                    concern,
                    text,
                    (),
                    on,
                    f"Die Frage „{label}“ kann nichts mehr ändern.",
                    detail=name,
                )
            )
    for name in _never_mattering(concern, rule_set, on):
        label = FACTS[name].label
        run.add(
            Problem(
                "idle_fact", concern, "", (), on, f"„{label}“ steht in einer Regel, ändert aber nie etwas.", detail=name
            )
        )


def _never_mattering(concern: str, rule_set: RuleSet, on: date) -> list[str]:
    table = rule_set.on(on).table(concern)
    decision = table.decide(Situation(concern=concern))
    fixed = CONCERNS[concern].fixes
    return [name for name in table.facts if name not in decision.matters and name not in fixed]


def _check_reachable(rule_set: RuleSet, on: date, run: _Run) -> None:
    for rule in rule_set.rules:
        ended = rule.valid_to is not None and rule.valid_to < on
        reached = rule.key in run.at_work if rule.role == "door" else _can_hold(rule)
        if not ended and rule.is_active and not reached:
            concern = rule.concerns[0] if rule.concerns else ""
            run.add(
                Problem("unreachable", concern, "", (rule.key,), on, f"Die Regel {rule.key} entscheidet keinen Fall.")
            )


def _can_hold(rule: Rule) -> bool:
    """Say whether the condition of a rule beside the doors is ever true."""
    values = {fact: _values(fact, [rule.condition]) for fact in facts_used(rule.condition)}
    return any(
        evaluate(rule.condition, dict(zip(values, combination, strict=True))) is Truth.YES
        for combination in product(*values.values())
    )


def _join(keys: tuple[str, ...]) -> str:
    return keys[0] if len(keys) == 1 else f"{', '.join(keys[:-1])} und {keys[-1]}"
