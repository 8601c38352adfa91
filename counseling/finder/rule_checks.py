"""Checks of single rules: texts, readability, names, circles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from counseling.finder.facts import BODIES
from counseling.finder.rules import Rule, Text, Texts
from counseling.finder.ruleset import RuleSet
from counseling.finder.sweep_report import Problem

Readability = Callable[[str], float]

# Wiener Sachtextformel 1, roughly the school class; short texts say nothing about it.
MAX_CLASS_YOUTH = 6.0
MAX_CLASS_PARENTS = 8.0
RUNNING_TEXT = 20


def check_rules(rule_set: RuleSet, on: date, readability: Readability | None = None) -> Iterator[Problem]:
    """Yield what is wrong with rules taken one by one or by name."""
    yield from _names(rule_set.rules, on)
    for rule in rule_set.rules:
        yield from _missing(rule, on)
        if readability is not None:
            yield from _unreadable(rule, on, readability)


def _problem(kind: str, rule: Rule, on: date, message: str, detail: str = "") -> Problem:
    concern = rule.concerns[0] if rule.concerns else ""
    return Problem(kind, concern, "", (rule.key,), on, f"{rule.key}: {message}", detail)


def _names(rules: tuple[Rule, ...], on: date) -> Iterator[Problem]:
    keys = {rule.key for rule in rules}
    for rule in rules:
        for name in rule.overrides:
            if name not in keys or name == rule.key:
                yield _problem(
                    "unknown_override", rule, on, f"Die Regel {name}, die vorgehen soll, gibt es nicht.", name
                )
    for index, rule in enumerate(rules):
        if any(rule.key == other.key and _overlap(rule, other) for other in rules[index + 1 :]):
            yield _problem("duplicate", rule, on, "Diese Regel gilt zur gleichen Zeit zweimal.")
    for rule in rules:
        if rule.key in _overridden(rule, rules):
            yield _problem("override_circle", rule, on, "Diese Regel geht am Ende sich selbst vor.")


def _overlap(one: Rule, other: Rule) -> bool:
    start = max(one.valid_from or date.min, other.valid_from or date.min)
    return start <= min(one.valid_to or date.max, other.valid_to or date.max)


def _overridden(rule: Rule, rules: tuple[Rule, ...]) -> set[str]:
    """Return all keys a rule overrides, directly or through others."""
    reached: set[str] = set()
    todo = [name for name in rule.overrides if name != rule.key]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo += [further for other in rules if other.key == name for further in other.overrides if further != name]
    return reached


def rule_texts(rule: Rule) -> Iterator[tuple[str, Text | Texts, bool]]:
    """Yield every text of a rule with its field name and whether it must be there."""
    yield "what_for", rule.what_for, True
    yield "title", rule.title, False
    yield "why", rule.why, False
    yield "bring", rule.bring, False
    yield "steps", rule.steps, False
    for helper in rule.also:
        yield f"also {helper.name or BODIES.get(helper.body, helper.body)}", helper.text, True
    for other in rule.not_:
        yield f"not {BODIES.get(other.body, other.body)}", other.because, True
    for number, deadline in enumerate(rule.deadlines, 1):
        yield f"deadlines {number}", deadline.text, True
    for hint in rule.offers:
        yield f"offers {hint.key}", hint.because, True


def _missing(rule: Rule, on: date) -> Iterator[Problem]:
    for name, text, required in rule_texts(rule):
        half = bool(text.youth) != bool(text.parents)
        if half or (required and not text.youth):
            reader = "Eltern" if text.youth else "junge Leute"
            yield _problem("missing_text", rule, on, f"Der Text „{name}“ für {reader} fehlt.", name)
    for name, value in (("legal_basis", rule.legal_basis), ("source", rule.source), ("owner", rule.owner)):
        if not value:
            yield _problem("missing_text", rule, on, f"Das Feld „{name}“ ist leer.", name)


def _unreadable(rule: Rule, on: date, readability: Readability) -> Iterator[Problem]:
    for name, text, _ in rule_texts(rule):
        for label, limit, words in (
            ("junge Leute", MAX_CLASS_YOUTH, text.youth),
            ("Eltern", MAX_CLASS_PARENTS, text.parents),
        ):
            for part in _running_texts(words):
                score = readability(part)
                if score > limit:
                    found = f"{score:.1f}".replace(".", ",")
                    yield _problem(
                        "unreadable",
                        rule,
                        on,
                        f"Der Text „{name}“ für {label} ist zu schwer: Klasse {found}, erlaubt {limit:.0f}.",
                        name + label,
                    )


def _running_texts(words: str | tuple[str, ...]) -> Iterable[str]:
    parts = (words,) if isinstance(words, str) else words
    return [part for part in parts if len(part.split()) >= RUNNING_TEXT]
