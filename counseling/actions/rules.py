"""The life of a rule set: draft, check, sign-off, active from a day. Old versions stay."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.audit import record, subject_of
from accounts.models import User
from counseling import finder
from counseling.approvals import missing_approvals, rules_of
from counseling.models import ResponsibilityRule, RuleSet, Scenario, SignOff
from counseling.models.records import BrokenRecordError, content_print, rule_of, rule_print, scenario_of
from counseling.rule_check import CheckReport, check_content
from directory.actions import raise_content_version
from directory.models import Agency
from directory.rights import agency_of, reach_of
from offers.models import Offer


class RuleError(Exception):
    """Something that may not happen now; ``sentences`` say why, for the person who asked."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))


@transaction.atomic
def create_draft(*, by: User | None, at: datetime, note: str = "") -> RuleSet:
    """Copy the newest released set (rules and examples) into a draft; an empty one when there is none."""
    source = RuleSet.objects.newest_released()
    draft = RuleSet.objects.create(number=next_number(), note=note, created_at=at, created_by=by)
    if source is not None:
        _copy(ResponsibilityRule, source, draft)
        _copy(Scenario, source, draft)
    return draft


def _note(
    deed: str, rule_set: RuleSet, *, by: User | None, at: datetime, agency: int | None = None, detail: str = ""
) -> None:
    record(actor=by, action=f"ruleset.{deed}", subject=subject_of(rule_set), at=at, agency=agency, detail=detail)


def next_number() -> int:
    """Return the number of the next set."""
    return (RuleSet.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _copy(model: Any, source: RuleSet, target: RuleSet) -> None:
    rows = list(model._default_manager.filter(rule_set=source))
    for row in rows:
        row.pk = None
        row.rule_set = target
    model._default_manager.bulk_create(rows)


def mark_edited(*, rule_set: RuleSet) -> None:
    """Say that rules or examples of a draft changed: what was checked before counts no more."""
    _refuse_released(rule_set)
    RuleSet.objects.filter(pk=rule_set.pk).update(status=RuleSet.Status.DRAFT)
    rule_set.status = RuleSet.Status.DRAFT


@transaction.atomic
def discard_draft(*, rule_set: RuleSet, by: User | None, at: datetime) -> None:
    """Put a draft away that never counted; it can be read but no longer edited."""
    _refuse_released(rule_set)
    rule_set.status = RuleSet.Status.ARCHIVED
    rule_set.save(update_fields=["status"])
    _note("discard", rule_set, by=by, at=at)


def check(*, rule_set: RuleSet, on: date) -> CheckReport:
    """Check a draft for a day, store the report and move the draft to "checked" or back.

    Takes seconds and holds no lock meanwhile.
    """
    _refuse_released(rule_set)
    report = report_on(rule_set=rule_set, on=on)
    rule_set.report = report.to_json()
    rule_set.status = RuleSet.Status.CHECKED if report.passed else RuleSet.Status.DRAFT
    rule_set.save(update_fields=["report", "status"])
    return report


def report_on(*, rule_set: RuleSet, on: date) -> CheckReport:
    """Check any set without storing anything."""
    rules, scenarios, broken = _read(rule_set)
    if broken:
        return CheckReport(on, "", tuple(broken), (), len(rules), len(scenarios), 0, 0, 0.0, 0, 0.0)
    return check_content(rules, scenarios, on, known_offers=set(Offer.objects.values_list("slug", flat=True)))


def _read(rule_set: RuleSet) -> tuple[list[finder.Rule], list[finder.Scenario], list[str]]:
    """Return rules and examples, and what is wrong with rows the finder cannot read."""
    rules, scenarios, broken = [], [], []
    for row in rule_set.rules.select_related("owner"):
        try:
            rules.append(rule_of(row))
        except BrokenRecordError as error:
            broken += [str(problem) for problem in error.errors]
    for scenario in rule_set.scenarios.all():
        try:
            scenarios.append(scenario_of(scenario))
        except BrokenRecordError as error:
            broken += [str(problem) for problem in error.errors]
    return rules, scenarios, broken


@transaction.atomic
def sign_off(
    *,
    rule_set: RuleSet,
    agency: Agency,
    by: User,
    at: datetime,
    keys: Collection[str] | None = None,
    comment: str = "",
) -> SignOff:
    """Record that an agency finds its rules of a checked draft right, exactly as they stand.

    ``keys`` limits it to some rules. The rules lose "Recht wird geprüft" and get
    the day as ``checked_on``. Four eyes: whoever made the draft cannot sign.
    Raises RuleError.
    """
    _refuse_sign_off(rule_set, agency, by)
    rows = list(rule_set.rules.filter(owner=agency).select_related("owner"))
    open_keys = {row.key for row in rows if row.under_review} | _open_changes(rule_set, agency).keys()
    chosen = open_keys if keys is None else open_keys & set(keys)
    if not chosen:
        raise RuleError(f"Für {agency} ist keine Regel zur Freigabe offen.")
    signed = [row for row in rows if row.key in chosen]
    for row in signed:
        row.under_review = False
        row.checked_on = timezone.localdate(at)
    ResponsibilityRule.objects.bulk_update(signed, ["under_review", "checked_on"])
    prints = {rule_print(rule_of(row)) for row in signed}
    for key, found in _open_changes(rule_set, agency).items():
        prints |= found if key in chosen else set()
    _note("sign_off", rule_set, by=by, at=at, agency=agency.pk, detail=", ".join(sorted(chosen)))
    return SignOff.objects.create(
        rule_set=rule_set,
        agency=agency,
        user=by,
        at=at,
        comment=comment,
        rule_keys=sorted(chosen),
        fingerprints=sorted(prints),
    )


def _refuse_sign_off(rule_set: RuleSet, agency: Agency, by: User) -> None:
    if not by.has_perm("counseling.sign_off_rules"):
        raise RuleError("Dieses Konto darf keine Regeln freigeben.")
    if agency_of(by) != agency:
        raise RuleError(f"Die Regeln von „{agency}“ gibt nur diese Stelle selbst frei.")
    if rule_set.created_by_id is not None and rule_set.created_by_id == by.pk:
        raise RuleError("Wer den Entwurf angelegt hat, gibt ihn nicht frei. Bitte eine zweite Person.")
    if rule_set.status != RuleSet.Status.CHECKED:
        raise RuleError(
            "Erst prüfen, dann freigeben: Der Entwurf hat seit der letzten Änderung keine Prüfung bestanden."
        )


def _open_changes(rule_set: RuleSet, agency: Agency) -> dict[str, set[str]]:
    """Return what an agency still has to sign: rule key → fingerprints."""
    found: dict[str, set[str]] = {}
    for change in missing_approvals(rule_set):
        if change.owner == agency.slug:
            found.setdefault(change.key, set()).add(change.fingerprint)
    return found


def activate(*, rule_set: RuleSet, from_: date, by: User, at: datetime) -> CheckReport:
    """Let a draft count from a day on. Raises RuleError with every concrete case that is in the way.

    The day is today or later, and not before the day of a set that is already
    released: what was answered in the past stays recomputable.
    """
    _refuse_activation(rule_set, from_, by, at)
    report = _stored_report(rule_set, from_) or report_on(rule_set=rule_set, on=from_)
    if not report.passed:
        raise RuleError(*report.problems)
    with transaction.atomic():
        locked = RuleSet.objects.select_for_update().get(pk=rule_set.pk)
        _refuse_released(locked)
        rules, scenarios, _broken = _read(locked)
        if content_print(rules, scenarios) != report.fingerprint:
            raise RuleError("Der Entwurf wurde während der Prüfung geändert. Bitte noch einmal.")
        unsigned = missing_approvals(locked)
        if unsigned:
            names = dict(Agency.objects.values_list("slug", "name"))
            raise RuleError(
                *(
                    f"{change.key} ({change.what}): Die Freigabe fehlt. Zuständig: {names.get(change.owner, '–')}."
                    for change in unsigned
                )
            )
        _release(locked, from_, report, at)
        _note("activate", locked, by=by, at=at, detail=from_.isoformat())
    rule_set.refresh_from_db()
    return report


def _refuse_activation(rule_set: RuleSet, from_: date, by: User, at: datetime) -> None:
    if not by.has_perm("counseling.activate_rules"):
        raise RuleError("Dieses Konto darf kein Regelwerk in Kraft setzen.")
    _refuse_released(rule_set)
    if from_ < timezone.localdate(at):
        raise RuleError("Ein Regelwerk gilt ab heute oder später, nie rückwirkend.")
    newest = RuleSet.objects.newest_released()
    if newest is not None and newest.active_from is not None and from_ < newest.active_from:
        raise RuleError(f"{newest} gilt ab {newest.active_from:%d.%m.%Y}. Ein neueres kann nicht davor beginnen.")


def _stored_report(rule_set: RuleSet, on: date) -> CheckReport | None:
    """Return the stored report if it is about this day and about exactly this content."""
    if not rule_set.report:
        return None
    report = CheckReport.from_json(rule_set.report)
    rules, scenarios, broken = _read(rule_set)
    same = not broken and content_print(rules, scenarios) == report.fingerprint
    return report if same and report.on == on else None


def _release(rule_set: RuleSet, from_: date, report: CheckReport, at: datetime) -> None:
    today = timezone.localdate(at)
    rule_set.status, rule_set.active_from, rule_set.report = RuleSet.Status.ACTIVE, from_, report.to_json()
    rule_set.save(update_fields=["status", "active_from", "report"])
    current = RuleSet.objects.in_force(on=today)
    kept = {rule_set.pk, current.pk if current else None}
    RuleSet.objects.filter(status=RuleSet.Status.ACTIVE).exclude(pk__in=kept - {None}).update(
        status=RuleSet.Status.ARCHIVED
    )
    raise_content_version()


def may_switch_off(rule: ResponsibilityRule, by: Any) -> bool:
    """Whether somebody may take this rule out: the coordination every one, an agency those it answers for."""
    if not by.has_perm("counseling.switch_off_rules"):
        return False
    reach = reach_of(by)
    return reach.everything or (rule.owner_id is not None and rule.owner_id == reach.agency)


@transaction.atomic
def switch_off_rule(*, rule: ResponsibilityRule, by: User, at: datetime, reason: str) -> None:
    """Take a wrong rule out at once: its cases go to the coordination office from this day on.

    Findings for earlier days stay as they were. Sets that wait for their day lose
    the same rule too. The way back is a new version. Raises RuleError.
    """
    if not may_switch_off(rule, by):
        raise RuleError("Dieses Konto darf diese Regel nicht abschalten.")
    if not reason.strip():
        raise RuleError("Bitte einen Grund nennen. Er steht später in der neuen Fassung.")
    row = ResponsibilityRule.objects.select_for_update(of=("self",)).select_related("rule_set").get(pk=rule.pk)
    if row.rule_set.status != RuleSet.Status.ACTIVE:
        raise RuleError("Nur Regeln in Kraft werden abgeschaltet. Einen Entwurf kann man ändern.")
    if not row.is_active:
        raise RuleError(f"{row.key} ist schon abgeschaltet.")
    for wrong in (row, *_same_in_later_sets(row)):
        wrong.is_active, wrong.switched_off_at, wrong.switched_off_by = False, at, by
        wrong.switched_off_why = reason.strip()
        wrong.save(update_fields=["is_active", "switched_off_at", "switched_off_by", "switched_off_why"])
        record(
            actor=by,
            action="rule.switch_off",
            subject=subject_of(wrong),
            at=at,
            agency=wrong.owner_id,
            detail=f"{wrong.key}, {wrong.rule_set}",
        )
    raise_content_version()
    rule.refresh_from_db()


def _same_in_later_sets(row: ResponsibilityRule) -> list[ResponsibilityRule]:
    """Return the same rule in sets that wait for their day: it would come back unnoticed.

    A rule that says something else there is a repair and stays; a sign-off alone is none.
    """
    wrong = _said_by(row)
    waiting = ResponsibilityRule.objects.filter(
        key=row.key,
        is_active=True,
        rule_set__status=RuleSet.Status.ACTIVE,
        rule_set__number__gt=row.rule_set.number,
    )
    return [later for later in waiting.select_related("owner") if _said_by(later) == wrong]


def _said_by(row: ResponsibilityRule) -> str:
    """Return a fingerprint of a rule without what a sign-off changes."""
    return rule_print(replace(rule_of(row), under_review=False, checked_on=None))


def diff_of_consequences(*, old: RuleSet | None, new: RuleSet, on: date) -> tuple[finder.DoorChange, ...]:
    """Return the examples and swept cases that get another door on a day. Takes seconds."""
    return finder.diff(rules_of(old), rules_of(new), [scenario_of(row) for row in new.scenarios.all()], on)


def _refuse_released(rule_set: RuleSet) -> None:
    if not rule_set.is_editable:
        raise RuleError(f"{rule_set} ist kein Entwurf mehr und bleibt, wie es ist. Bitte einen neuen Entwurf anlegen.")
