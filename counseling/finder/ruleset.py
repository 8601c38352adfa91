"""A set of rules, compiled once for each state of the law.

``RuleSet`` keeps what it has worked out: build one per rule set and process,
not one per request. All results depend only on the rules and the date.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from counseling.finder.conditions import Truth, evaluate, facts_used
from counseling.finder.facts import PLACELESS_BODIES
from counseling.finder.rules import Rule, in_order
from counseling.finder.situation import Situation
from counseling.finder.table import ConcernTable


class LiveRules:
    """The rules that are valid on one day, by what they do."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self.doors = tuple(rule for rule in self.rules if rule.role == "door")
        self.places = self._active("place")
        self.views = self._active("view")
        self.protective = self._active("protective")
        self._tables: dict[str, ConcernTable] = {}

    def table(self, concern: str) -> ConcernTable:
        """Return the decision table of one concern."""
        found = self._tables.get(concern)
        if found is None:
            found = ConcernTable(concern, (rule for rule in self.doors if rule.is_about(concern)))
            self._tables[concern] = found
        return found

    def place_fact(self, body: str, situation: Situation) -> tuple[str | None, tuple[str, ...]]:
        """Say whose place names the office of a body, and what decides that.

        Returns the fact (``place`` or ``parents_place``; ``None`` when the body
        is reached the same way everywhere) and the unknown facts on which it
        still depends. Under 18 the Jugendamt goes by the parents (§ 86 SGB VIII);
        which rule says so stands in the rules, not here.
        """
        if body in PLACELESS_BODIES:
            return None, ()
        fitting = self.place_rules(body, situation)
        facts = {rule.place_fact for rule, _ in fitting}
        if len(facts) > 1:
            certain = [rule for rule, truth in fitting if truth is Truth.YES]
            if certain:
                return min(certain, key=lambda rule: (-rule.priority, rule.key)).place_fact, ()
            used = {name for rule, _ in fitting for name in facts_used(rule.condition)}
            return "place", tuple(sorted(used - set(situation.given)))
        fact = next(iter(facts), "place")
        lives_there = situation.living_with_parents == "yes" and situation.parents_place is None
        return "place" if fact == "parents_place" and lives_there else fact, ()

    def place_rules(self, body: str, situation: Situation) -> list[tuple[Rule, Truth]]:
        """Return the place rules for a body that hold, or may hold."""
        return [
            (rule, truth)
            for rule in self.places
            if rule.place_fact and rule.is_with(body) and _concerns(rule, situation)
            if (truth := evaluate(rule.condition, situation.given)) is not Truth.NO
        ]

    def place_notes(self, body: str, situation: Situation) -> tuple[Rule, ...]:
        """Return the place rules that only say something (outside the county)."""
        return tuple(
            rule
            for rule in self.places
            if not rule.place_fact
            and rule.is_with(body)
            and _concerns(rule, situation)
            and evaluate(rule.condition, situation.given) is Truth.YES
        )

    def _active(self, role: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.role == role and rule.is_active)


class RuleSet:
    """All rules with their validity; ``on`` gives those of one day."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = in_order(rules)
        self._live: dict[tuple[int, ...], LiveRules] = {}

    def on(self, day: date) -> LiveRules:
        """Return the rules valid on a calendar day (Europe/Berlin, given by the caller)."""
        if isinstance(day, datetime):
            raise TypeError("on must be a date: the caller knows the time zone")
        live = tuple(index for index, rule in enumerate(self.rules) if rule.is_live(day))
        found = self._live.get(live)
        if found is None:
            found = LiveRules(self.rules[index] for index in live)
            self._live[live] = found
        return found

    def change_dates(self, after: date) -> tuple[date, ...]:
        """Return the days after a date on which another set of rules becomes valid."""
        days = {rule.valid_from for rule in self.rules if rule.valid_from is not None}
        days |= {
            rule.valid_to + timedelta(days=1)
            for rule in self.rules
            if rule.valid_to is not None and rule.valid_to < date.max
        }
        return tuple(sorted(day for day in days if day > after))


def as_rule_set(rules: RuleSet | Iterable[Rule]) -> RuleSet:
    """Accept a compiled rule set or any collection of rules."""
    return rules if isinstance(rules, RuleSet) else RuleSet(rules)


def _concerns(rule: Rule, situation: Situation) -> bool:
    return not rule.concerns or rule.is_about(situation.concern or "")
