"""Responsibility rules as data.

A rule is a reading of the law: for whom it holds, which body it names and
what it says to young people and to parents. Nothing here reads a clock; the
date is always an argument.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from counseling.finder.conditions import ALWAYS, Condition
from counseling.finder.facts import FALLBACK

EVERY = "*"
ROLES = ("door", "protective", "place", "view")
ACT_ALONE = ("alone", "from_15", "parents", "unknown")


@dataclass(frozen=True, slots=True)
class Text:
    """One text twice: for young people (du) and for parents and staff (Sie)."""

    youth: str = ""
    parents: str = ""

    def for_view(self, view: str) -> str:
        """Return the wording for a reader; young people read ``mich``."""
        return self.youth if view == "mich" else self.parents

    def __bool__(self) -> bool:
        return bool(self.youth or self.parents)


NO_TEXT = Text()


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of short texts, again twice."""

    youth: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()

    def for_view(self, view: str) -> tuple[str, ...]:
        """Return the list for a reader."""
        return self.youth if view == "mich" else self.parents


NO_TEXTS = Texts()


@dataclass(frozen=True, slots=True)
class Helper:
    """Who else is involved and for what; ``name`` when no body key fits exactly."""

    body: str
    text: Text
    name: str = ""


@dataclass(frozen=True, slots=True)
class NotResponsible:
    """Who is not responsible, and why, as a full sentence."""

    body: str
    because: Text


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline: a sentence, and for yearly dates month and day."""

    text: Text
    month: int | None = None
    day: int | None = None

    def next_date(self, on: date) -> date | None:
        """Return the next time the date comes round, the day itself included."""
        if self.month is None or self.day is None:
            return None
        for year in range(on.year, on.year + 9):  # 29 February can be eight years away
            try:
                found = date(year, self.month, self.day)
            except ValueError:
                continue
            if found >= on:
                return found
        return None


@dataclass(frozen=True, slots=True)
class OfferHint:
    """An offer that fits, by its key, and why."""

    key: str
    because: Text


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with its condition, its body, its texts and its legal evidence.

    ``valid_from`` and ``valid_to`` are inclusive dates, ``None`` is open.
    ``is_active`` is the emergency switch: a rule that is switched off still
    matches, but the cases it would decide go to the coordination office.
    """

    key: str
    concerns: tuple[str, ...] = ()
    condition: Condition = ALWAYS
    role: str = "door"
    body: str = ""
    also: tuple[Helper, ...] = ()
    not_: tuple[NotResponsible, ...] = ()
    overrides: tuple[str, ...] = ()
    priority: int = 0
    valid_from: date | None = None
    valid_to: date | None = None
    legal_basis: str = ""
    source: tuple[str, ...] = ()
    legal_state: str = ""
    checked_on: date | None = None
    owner: str = ""
    under_review: bool = False
    is_active: bool = True
    title: Text = NO_TEXT
    what_for: Text = NO_TEXT
    why: Text = NO_TEXT
    bring: Texts = NO_TEXTS
    steps: Texts = NO_TEXTS
    deadlines: tuple[Deadline, ...] = ()
    offers: tuple[OfferHint, ...] = ()
    act_alone: str = "unknown"
    bodies: tuple[str, ...] = ()
    place_fact: str | None = None
    sentence: str | None = None
    view: str | None = None

    @property
    def door(self) -> str:
        """The body this rule leads to; the human while it is switched off."""
        return self.body if self.is_active else FALLBACK

    def is_live(self, on: date) -> bool:
        """Say whether the rule is valid on a day (both ends inclusive)."""
        after_start = self.valid_from is None or self.valid_from <= on
        return after_start and (self.valid_to is None or on <= self.valid_to)

    def is_about(self, concern: str) -> bool:
        """Say whether the rule speaks about a concern."""
        return concern in self.concerns or EVERY in self.concerns

    def is_with(self, body: str) -> bool:
        """Say whether a place, view or protective rule applies to a door."""
        return not self.bodies or EVERY in self.bodies or body in self.bodies


def sort_key(rule: Rule) -> tuple[str, date, date, str]:
    """Order rules for good, whatever order they arrive in."""
    return (rule.key, rule.valid_from or date.min, rule.valid_to or date.max, rule.body)


def in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Sort rules so that the order they were read in never matters."""
    listed = tuple(rules)
    if len({sort_key(rule) for rule in listed}) < len(listed):
        return tuple(sorted(listed, key=lambda rule: (sort_key(rule), repr(rule))))
    return tuple(sorted(listed, key=sort_key))


def defeated(matching: Iterable[Rule]) -> frozenset[str]:
    """Return the keys that lose among rules that all match (lex specialis).

    A rule loses when a rule that overrides it by name matches and is not
    itself defeated; a defeated rule defeats nobody. Rules that override each
    other in a circle all stay, and the sweep reports them.
    """
    rules = tuple(matching)
    keys = {rule.key for rule in rules}
    attackers = {
        rule.key: {other.key for other in rules if rule.key in other.overrides and other.key != rule.key}
        for rule in rules
    }
    kept: set[str] = set()
    lost: set[str] = set()
    while True:
        new_kept = {key for key in keys - kept - lost if attackers[key] <= lost}
        new_lost = {key for key in keys - kept - lost - new_kept if attackers[key] & (kept | new_kept)}
        if not new_kept and not new_lost:
            return frozenset(lost)
        kept |= new_kept
        lost |= new_lost
