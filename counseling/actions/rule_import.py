"""Bring rules from files into the database: the first set, or a draft."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit import record, subject_of
from accounts.models import User
from counseling.actions.rules import next_number
from counseling.finder import Rule
from counseling.models import ResponsibilityRule, RuleSet, Scenario
from counseling.models.records import BrokenRecordError, content_print, rule_print, rule_values, scenario_values
from counseling.rule_files import Content, RuleFileError, content_of
from directory.actions import raise_content_version
from directory.models import Agency

FIRST_NOTE = "Erstbestand, ungeprüft"


@dataclass(frozen=True)
class LoadResult:
    """What loading did, or would do: ``rule_set`` is None when nothing would be written."""

    number: int
    action: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    scenarios: int = 0


@transaction.atomic
def load_first(*, content: Content, at: datetime, dry_run: bool = False) -> LoadResult:
    """Make the folder's rules the first set, in force; or bring that set to what the folder says now.

    A set that people changed, or after which they made another one, is left
    alone. Raises RuleFileError; nothing is written then.
    """
    existing = RuleSet.objects.order_by("number").first()
    if existing is None:
        return _load_new(content, at, dry_run=dry_run)
    wanted = content_print(content.rules, content.scenarios)
    number = existing.number
    if wanted == existing.loaded_print and not _edited(existing):
        return LoadResult(number, "gleich", scenarios=len(content.scenarios))
    if RuleSet.objects.count() > 1 or not existing.loaded_print or _edited(existing):
        return LoadResult(number, "übersprungen", scenarios=len(content.scenarios))
    added, changed, removed = _differences(content_of(existing).rules, content.rules)
    with transaction.atomic():
        existing.rules.all().delete()
        existing.scenarios.all().delete()
        _write(existing, content, by=None, at=at)
        existing.loaded_print = wanted
        existing.save(update_fields=["loaded_print"])
        raise_content_version()
        transaction.set_rollback(dry_run)
    return LoadResult(number, "geändert", added, changed, removed, len(content.scenarios))


def _load_new(content: Content, at: datetime, *, dry_run: bool) -> LoadResult:
    added = tuple(rule.key for rule in content.rules)
    if not content.rules:
        return LoadResult(0, "leer")
    with transaction.atomic():
        rule_set = RuleSet.objects.create(
            number=1, status=RuleSet.Status.ACTIVE, active_from=timezone.localdate(at), note=FIRST_NOTE,
            created_at=at, loaded_print=content_print(content.rules, content.scenarios),
        )  # fmt: skip
        _write(rule_set, content, by=None, at=at)
        raise_content_version()
        transaction.set_rollback(dry_run)
    return LoadResult(1, "neu", added, scenarios=len(content.scenarios))


@transaction.atomic
def load_draft(
    *, content: Content, at: datetime, by: User | None = None, note: str = "", dry_run: bool = False
) -> LoadResult:
    """Make a draft with exactly these rules and examples. Raises RuleFileError."""
    newest = RuleSet.objects.newest_released()
    added, changed, removed = _differences(content_of(newest).rules if newest else (), content.rules)
    number = next_number()
    with transaction.atomic():
        draft = RuleSet.objects.create(number=number, note=note, created_at=at, created_by=by)
        _write(draft, content, by=by, at=at)
        transaction.set_rollback(dry_run)
    return LoadResult(number, "Entwurf", added, changed, removed, len(content.scenarios))


def _edited(rule_set: RuleSet) -> bool:
    try:
        content = content_of(rule_set)
    except BrokenRecordError:
        return True
    return content_print(content.rules, content.scenarios) != rule_set.loaded_print


def _differences(
    old: tuple[Rule, ...], new: tuple[Rule, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the keys that are added, changed and removed."""
    before = {(rule.key, rule.valid_from): rule_print(rule) for rule in old}
    after = {(rule.key, rule.valid_from): rule_print(rule) for rule in new}
    return (
        tuple(sorted(key for key, start in after.keys() - before.keys())),
        tuple(sorted(name[0] for name in after.keys() & before.keys() if after[name] != before[name])),
        tuple(sorted(key for key, start in before.keys() - after.keys())),
    )


def _write(rule_set: RuleSet, content: Content, *, by: User | None, at: datetime) -> None:
    agencies = {agency.slug: agency for agency in Agency.objects.all()}
    problems: list[str] = []
    rules = []
    for rule in content.rules:
        if rule.owner and rule.owner not in agencies:
            problems.append(f"{rule.key} › owner: Die Stelle „{rule.owner}“ gibt es nicht.")
        rules.append(ResponsibilityRule(rule_set=rule_set, owner=agencies.get(rule.owner), **rule_values(rule)))
    scenarios = [Scenario(rule_set=rule_set, **scenario_values(scenario)) for scenario in content.scenarios]
    for rule_row in rules:
        problems += _too_long(rule_row)
    for scenario_row in scenarios:
        problems += _too_long(scenario_row)
    if problems:
        raise RuleFileError(problems)
    ResponsibilityRule.objects.bulk_create(rules)
    Scenario.objects.bulk_create(scenarios)
    record(
        actor=by,
        action="ruleset.load",
        subject=subject_of(rule_set),
        at=at,
        detail=f"Regeln: {len(rules)}, Beispiele: {len(scenarios)}",
    )


def _too_long(row: ResponsibilityRule | Scenario) -> list[str]:
    """Return what the columns cannot hold; what the values mean was checked before."""
    try:
        row.clean_fields(exclude=["rule_set", "owner"])
    except ValidationError as error:
        return [f"{row} › {name}: {' '.join(messages)}" for name, messages in error.message_dict.items()]
    return []
