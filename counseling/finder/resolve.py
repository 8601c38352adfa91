"""From a situation to one door.

``resolve`` is total: every situation, with any rules on any day, gets exactly
one door. Where facts are unknown it chooses the door most complete cases lead
to (ties by ``priority``, then by rule key), marks it as probable and names the
question that would settle it. A door no complete case leads to is never named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from counseling.finder.conditions import Truth, evaluate, facts_used
from counseling.finder.facts import FALLBACK, FLOW, REHAB_BODIES, REHAB_CONCERNS, SENTENCES
from counseling.finder.questions import choose_question, place_question
from counseling.finder.rules import Deadline, Helper, NotResponsible, OfferHint, Rule
from counseling.finder.ruleset import LiveRules, RuleSet, as_rule_set
from counseling.finder.situation import Situation
from counseling.finder.table import Decision

FULL_AGE = 18  # § 2 BGB; the sentence of § 8 Abs. 3 SGB VIII is for everybody below


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule behind the result and the known facts that decided it."""

    rule: Rule
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DatedDeadline:
    """A deadline with its next date, if it has one."""

    deadline: Deadline
    date: date | None


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer: one door, who else, who not, why, and what is still open.

    ``alternatives`` are the other doors unknown facts still allow. ``lead`` is
    the rule whose texts speak for the door (``None`` for the fall-back).
    ``place_fact`` names the fact whose place finds the office; ``place_question``
    asks for it even where ``next_question`` has ended, as in urgent concerns.
    """

    situation: Situation
    view: str
    on: date
    body: str
    probable: bool
    alternatives: tuple[str, ...] = ()
    lead: Rule | None = None
    also: tuple[Helper, ...] = ()
    not_: tuple[NotResponsible, ...] = ()
    reasons: tuple[Reason, ...] = ()
    deadlines: tuple[DatedDeadline, ...] = ()
    offers: tuple[OfferHint, ...] = ()
    protective: tuple[str, ...] = ()
    protective_rules: tuple[Rule, ...] = ()
    place_fact: str | None = None
    place_rule: Rule | None = None
    place_notes: tuple[Rule, ...] = ()
    view_rules: tuple[Rule, ...] = ()
    would_change: tuple[str, ...] = ()
    next_question: str | None = None
    place_question: str | None = None
    switched_off: tuple[str, ...] = ()

    @property
    def is_fallback(self) -> bool:
        """Whether no rule named the door and the human first contact steps in."""
        return self.lead is None


def resolve(
    situation: Situation,
    rules: RuleSet | Iterable[Rule],
    on: date,
    *,
    skipped: Collection[str] = (),
    view: str = "mich",
) -> Finding:
    """Find the one door for a situation on a calendar day.

    ``rules`` is a ``RuleSet`` (compiled once, fast) or any collection of rules;
    their order does not matter. ``skipped`` are facts answered with "weiß ich
    nicht". Raises ``TypeError`` when ``on`` is a moment and not a date.
    """
    live = as_rule_set(rules).on(on)
    if situation.concern is None:
        return _without_concern(situation, live, on, view)
    return _decided(situation, live, on, skipped, view)


def _decided(situation: Situation, live: LiveRules, on: date, skipped: Collection[str], view: str) -> Finding:
    decision = live.table(situation.concern or "").decide(situation)
    body = decision.body
    alternatives = tuple(other for other in decision.bodies if other != body)
    view_rules = _view_rules(live, situation, body, view)
    also = _helpers(decision, view_rules)
    sentences, protective_rules = _protective(live, situation, body)
    fact, _ = live.place_fact(body, situation)
    return Finding(
        situation=situation,
        view=view,
        on=on,
        body=body,
        probable=bool(alternatives),
        alternatives=alternatives,
        lead=decision.lead,
        also=also,
        not_=_not_responsible(decision, {helper.body for helper in also}),
        reasons=tuple(Reason(rule, _deciding_facts(rule, situation, decision)) for rule in decision.shown),
        deadlines=_deadlines(decision.shown, on),
        offers=_offers(decision.shown),
        protective=sentences,
        protective_rules=protective_rules,
        place_fact=fact,
        place_rule=_place_rule(live, situation, body, fact),
        place_notes=live.place_notes(body, situation),
        view_rules=view_rules,
        would_change=decision.would_change,
        next_question=choose_question(situation, skipped, live, decision),
        place_question=place_question(situation, skipped, live, body),
        switched_off=decision.switched_off,
    )


def _without_concern(situation: Situation, live: LiveRules, on: date, view: str) -> Finding:
    sentences, protective_rules = _protective(live, situation, FALLBACK)
    return Finding(
        situation=situation,
        view=view,
        on=on,
        body=FALLBACK,
        probable=True,
        protective=sentences,
        protective_rules=protective_rules,
        view_rules=_view_rules(live, situation, FALLBACK, view),
        would_change=("concern",),
        next_question="concern",
    )


def _helpers(decision: Decision, view_rules: Iterable[Rule]) -> tuple[Helper, ...]:
    """Collect who else is involved, each body or named helper once."""
    found: dict[tuple[str, str], Helper] = {}
    for rule in decision.shown:
        for helper in rule.also:
            if helper.body != decision.body or helper.name:
                found.setdefault((helper.body, helper.name), helper)
    for rule in view_rules:
        if rule.body and rule.body != decision.body:
            found.setdefault((rule.body, ""), Helper(rule.body, rule.what_for))
    return tuple(found.values())


def _not_responsible(decision: Decision, helping: set[str]) -> tuple[NotResponsible, ...]:
    """Collect who is not responsible; never a body that is, or still may be."""
    spoken_for = helping | set(decision.bodies)
    found: dict[str, NotResponsible] = {}
    for rule in decision.shown:
        for other in rule.not_:
            if other.body not in spoken_for:
                found.setdefault(other.body, other)
    return tuple(found.values())


def _deciding_facts(rule: Rule, situation: Situation, decision: Decision) -> tuple[str, ...]:
    """Return the known facts of a rule; only those that open another door, if any do."""
    known = facts_used(rule.condition) & set(situation.given)
    pivotal = known & set(decision.would_change)
    return tuple(name for name in FLOW if name in (pivotal or known))


def _deadlines(rules: Iterable[Rule], on: date) -> tuple[DatedDeadline, ...]:
    unique = dict.fromkeys(deadline for rule in rules for deadline in rule.deadlines)
    return tuple(DatedDeadline(deadline, deadline.next_date(on)) for deadline in unique)


def _offers(rules: Iterable[Rule]) -> tuple[OfferHint, ...]:
    found: dict[str, OfferHint] = {}
    for rule in rules:
        for hint in rule.offers:
            found.setdefault(hint.key, hint)
    return tuple(found.values())


def _protective(live: LiveRules, situation: Situation, body: str) -> tuple[tuple[str, ...], tuple[Rule, ...]]:
    """Return the protective sentences and the rules that word them.

    The first three are guaranteed without any rule: § 16 SGB I always, its
    exception of § 14 SGB IX for rehabilitation, § 8 Abs. 3 SGB VIII whenever
    the person may be under 18.
    """
    wanted = {"wrong_door"}
    if body in REHAB_BODIES or situation.concern in REHAB_CONCERNS:
        wanted.add("wrong_door_rehab")
    if situation.age is None or situation.age.lo < FULL_AGE:
        wanted.add("confidential")
    rules = []
    for rule in live.protective:
        about = not rule.concerns or rule.is_about(situation.concern or "")
        if not about or not rule.is_with(body) or evaluate(rule.condition, situation.given) is Truth.NO:
            continue
        if rule.sentence in wanted or rule.sentence not in SENTENCES[:3]:
            rules.append(rule)
    wanted |= {rule.sentence for rule in rules if rule.sentence}
    return tuple(key for key in SENTENCES if key in wanted), tuple(rules)


def _view_rules(live: LiveRules, situation: Situation, body: str, view: str) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule in live.views
        if rule.view == view
        and rule.is_with(body)
        and (not rule.concerns or rule.is_about(situation.concern or ""))
        and evaluate(rule.condition, situation.given) is Truth.YES
    )


def _place_rule(live: LiveRules, situation: Situation, body: str, fact: str | None) -> Rule | None:
    """Return the rule that says whose place counts, once that is certain."""
    if fact is None:
        return None
    certain = [rule for rule, truth in live.place_rules(body, situation) if truth is Truth.YES]
    return min(certain, key=lambda rule: (-rule.priority, rule.key), default=None)
