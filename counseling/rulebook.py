"""The rules that answer on a day, compiled once and kept until public content changes.

One query asks for the version of the content; everything else comes from
memory. Switching a rule off raises that version, so every process stops using
the rule with its next question.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.utils import timezone

from counseling import finder
from counseling.models import ResponsibilityRule, RuleSet
from counseling.models.records import rule_of
from directory.versions import content_version, derived


@dataclass(frozen=True)
class Rulebook:
    """One version, ready to answer. ``number`` is None when no version exists."""

    number: int | None
    rules: finder.RuleSet


@dataclass
class _Shelf:
    """All versions known for one state of the content: which from when, compiled when first asked for."""

    starts: list[tuple[date, int]]
    books: dict[int, Rulebook] = field(default_factory=dict)

    def number_on(self, on: date) -> int | None:
        """The latest version that had become active by ``on``; before all of them the first."""
        begun = [number for start, number in self.starts if start <= on]
        if begun:
            return begun[-1]
        return self.starts[0][1] if self.starts else None


def rulebook_on(on: date) -> Rulebook:
    """Return the version in force on a calendar day, for findings of that day.

    Without any version the rules are empty and every question leads to the
    coordination office. One query; more only after public content changed.
    """
    shelf = derived("counseling.rulebook", content_version(), _read_shelf)
    number = shelf.number_on(on)
    if number is None:
        return Rulebook(None, finder.RuleSet(()))
    book = shelf.books.get(number)
    if book is None:
        book = Rulebook(number, finder.RuleSet(_rules(number)))
        shelf.books[number] = book
    return book


def rule_set_on(on: date) -> finder.RuleSet:
    """Return the compiled rules in force on a day."""
    return rulebook_on(on).rules


def rule_set_number(on: date) -> int | None:
    """Return the number of the version in force on a day."""
    return rulebook_on(on).number


def _read_shelf() -> _Shelf:
    released = RuleSet.objects.released().values_list("active_from", "number")
    return _Shelf([(start, number) for start, number in released if start is not None])


def _rules(number: int) -> list[finder.Rule]:
    rows = ResponsibilityRule.objects.filter(rule_set__number=number).select_related("owner")
    return [rule for row in rows for rule in _as_it_was(row)]


def _as_it_was(row: ResponsibilityRule) -> list[finder.Rule]:
    """Return the rule; one that was switched off answers as before for the days before that."""
    rule = rule_of(row)
    if row.switched_off_at is None:
        return [rule]
    day = timezone.localdate(row.switched_off_at)
    parts = []
    if rule.valid_from is None or rule.valid_from < day:
        until = day - timedelta(days=1)
        before = until if rule.valid_to is None else min(rule.valid_to, until)
        parts.append(replace(rule, is_active=True, valid_to=before))
    if rule.valid_to is None or rule.valid_to >= day:
        after = day if rule.valid_from is None else max(rule.valid_from, day)
        parts.append(replace(rule, valid_from=after))
    return parts
