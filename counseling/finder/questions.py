"""Which question comes next, and with which bands of age.

Only questions whose answer can still change what the reader gets are asked,
in the order of the flow; the place comes last because it names the office
and changes nothing else. The wording is in ``wording.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from counseling.finder.conditions import Between, atoms
from counseling.finder.facts import AGE_MAX, AGE_MIN, ASKED_ONLY_FOR, CONCERNS, FLOW
from counseling.finder.rules import Rule
from counseling.finder.ruleset import LiveRules, RuleSet, as_rule_set
from counseling.finder.situation import AgeRange, Situation
from counseling.finder.table import Decision

MAX_QUESTIONS = 8
URGENT_QUESTIONS = 2


def next_question(
    situation: Situation,
    skipped: Collection[str],
    rules: RuleSet | Iterable[Rule],
    on: date,
) -> str | None:
    """Return the next fact to ask for, or ``None`` when nothing can change.

    ``skipped`` are the facts answered with "weiß ich nicht"; they stay unknown
    and are not asked again.
    """
    if situation.concern is None:
        return "concern"
    live = as_rule_set(rules).on(on)
    decision = live.table(situation.concern).decide(situation)
    return choose_question(situation, skipped, live, decision)


def choose_question(situation: Situation, skipped: Collection[str], live: LiveRules, decision: Decision) -> str | None:
    """Like ``next_question``, for a situation that is already decided."""
    for name in decision.matters:
        if is_open(name, situation, skipped):
            return name
    if situation.concern is None or CONCERNS[situation.concern].urgent:
        return None
    return place_question(situation, skipped, live, decision.body)


def place_question(situation: Situation, skipped: Collection[str], live: LiveRules, body: str) -> str | None:
    """Return the question that still has to be asked to name the office."""
    fact, depends_on = live.place_fact(body, situation)
    for name in (name for name in FLOW if name in depends_on):
        if is_open(name, situation, skipped):
            return name
    return fact if fact is not None and is_open(fact, situation, skipped) else None


def needs_place(body: str, rules: RuleSet | Iterable[Rule], on: date) -> bool:
    """Say whether a place is needed to name the office of a body."""
    return as_rule_set(rules).on(on).place_fact(body, Situation())[0] is not None


def is_open(name: str, situation: Situation, skipped: Collection[str]) -> bool:
    """Say whether a fact is unknown, not skipped and may be asked at all."""
    if name in situation.given or name in skipped:
        return False
    return situation.concern in ASKED_ONLY_FOR.get(name, (situation.concern,))


def age_bands(rules: RuleSet | Iterable[Rule], on: date, concern: str | None = None) -> tuple[AgeRange, ...]:
    """Return bands of age that no threshold of the live rules cuts.

    With a concern only its rules count (and the place rules), so the bands are
    as wide as they can be.
    """
    live = as_rule_set(rules).on(on)
    starts = {AGE_MIN}
    for rule in (*live.doors, *live.places):
        if rule.role == "door" and concern is not None and not rule.is_about(concern):
            continue
        for atom in atoms(rule.condition):
            if isinstance(atom, Between):
                starts.add(AGE_MIN if atom.low is None else atom.low)
                starts.add(AGE_MIN if atom.high is None else atom.high + 1)
    cuts = sorted(start for start in starts if start <= AGE_MAX)
    ends = [*(start - 1 for start in cuts[1:]), AGE_MAX]
    return tuple(AgeRange(low, high) for low, high in zip(cuts, ends, strict=True))
