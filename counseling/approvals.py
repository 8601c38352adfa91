"""What a draft changes, and which agency still has to say that it is right."""

from collections.abc import Iterable
from dataclasses import dataclass

from counseling.finder import Rule
from counseling.models import RuleSet, SignOff
from counseling.models.records import rule_of, rule_print

REMOVED = "entfällt "


@dataclass(frozen=True)
class Change:
    """One rule that differs from the set before, seen by the agency ``owner`` (slug, "" = nobody).

    A rule that passes to another agency is two changes: one gives it up, one takes it.
    ``fingerprint`` is what a sign-off must carry.
    """

    key: str
    what: str
    owner: str
    fingerprint: str


def changes(old: Iterable[Rule], new: Iterable[Rule]) -> list[Change]:
    """Return the rules that are new, different or gone, by key."""
    before = {_identity(rule): rule for rule in old}
    after = {_identity(rule): rule for rule in new}
    keys_before = {rule.key for rule in before.values()}
    found = []
    for identity, rule in after.items():
        if identity in before and rule_print(before[identity]) == rule_print(rule):
            continue
        what = "geändert" if rule.key in keys_before else "neu"
        found.append(Change(rule.key, what, rule.owner, rule_print(rule)))
    for identity, rule in before.items():
        if identity not in after:
            found.append(Change(rule.key, "entfällt", rule.owner, REMOVED + rule_print(rule)))
    return sorted(found, key=lambda change: (change.key, change.what))


def _identity(rule: Rule) -> tuple[object, ...]:
    return rule.key, rule.valid_from, rule.owner


def rules_of(rule_set: RuleSet | None) -> list[Rule]:
    """Return the finder's rules of a set; none without a set."""
    return [rule_of(row) for row in rule_set.rules.select_related("owner")] if rule_set else []


def changes_of(rule_set: RuleSet) -> list[Change]:
    """Return what a draft changes against the set that would go on counting without it."""
    return changes(rules_of(RuleSet.objects.newest_released()), rules_of(rule_set))


def missing_approvals(rule_set: RuleSet) -> list[Change]:
    """Return the changes no sign-off of their agency covers as they stand now."""
    signed = {
        (slug, fingerprint)
        for slug, fingerprints in SignOff.objects.filter(rule_set=rule_set).values_list("agency__slug", "fingerprints")
        for fingerprint in fingerprints
    }
    return [change for change in changes_of(rule_set) if (change.owner, change.fingerprint) not in signed]
