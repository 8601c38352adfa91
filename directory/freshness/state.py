"""The rows that remember who confirmed what and when, and the two days on each record derived from them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from directory.contact import is_public
from directory.freshness.dates import due, stale_from
from directory.freshness.subjects import Subject, subject_of, subjects
from directory.models import Agency, Change, GroupCheck, Publishable

STATE_FIELDS = (
    "title", "agency_id", "is_public", "confirmed_on", "confirmed_by", "asked_on", "answered_on", "due_on", "hidden_from",
)  # fmt: skip
Rows = dict[int, list[GroupCheck]]


@transaction.atomic
def refresh_all(*, on: date) -> bool:
    """Bring the state of every record in step; return whether visitors see anything differently.

    Idempotent. Records that are gone lose their rows.
    """
    changed = [_refresh(subject, None, on=on) for subject in subjects()]
    return any(changed)


@transaction.atomic
def refresh(records: Iterable[Model], *, on: date) -> bool:
    """Bring the state of these records in step; call it where one was checked or released. Five queries a model."""
    by_subject: dict[str, tuple[Subject, set[int]]] = {}
    for record in records:
        if subject := subject_of(record):
            by_subject.setdefault(subject.key, (subject, set()))[1].add(record.pk)
    changed = [_refresh(subject, pks, on=on) for subject, pks in by_subject.values()]
    return any(changed)


@transaction.atomic
def confirm(records: Sequence[Model], *, by: str, on: date, groups: Collection[str] | None = None) -> None:
    """Note that these groups (None: all) of the records were confirmed on the day ``on``."""
    known = [record for record in records if subject_of(record)]
    refresh(known, on=on)
    by_model: dict[str, list[int]] = defaultdict(list)
    for record in known:
        by_model[record._meta.label_lower].append(record.pk)
    for key, pks in by_model.items():
        rows = GroupCheck.objects.filter(record=key, object_id__in=pks)
        if groups is not None:
            rows = rows.filter(group__in=groups)
        rows.update(confirmed_on=on, confirmed_by=by, asked_on=None, answered_on=None)
    refresh(known, on=on)


def checks_of(record: Model) -> list[GroupCheck]:
    """Return the state of a record's groups in the order of its page. One query."""
    subject = subject_of(record)
    rows = {row.group: row for row in GroupCheck.objects.filter(record=record._meta.label_lower, object_id=record.pk)}
    return [rows[group] for group in subject.groups if group in rows] if subject else []


def _refresh(subject: Subject, pks: Collection[int] | None, *, on: date) -> bool:
    records = subject.model._default_manager.all() if pks is None else subject.model._default_manager.filter(pk__in=pks)
    owners: dict[int, int] = {}
    for pk, agency in subject.owners(records):
        owners.setdefault(pk, agency)
    known = GroupCheck.objects.filter(record=subject.key)
    rows: Rows = defaultdict(list)
    for row in known if pks is None else known.filter(object_id__in=pks):
        rows[row.object_id].append(row)
    found = list(records)
    _delete_leftovers(subject, rows, {record.pk for record in found})
    before = {row.pk: _values(row) for some in rows.values() for row in some}
    new = [row for record in found for row in _missing(subject, record, rows[record.pk])]
    for row in new:
        rows[row.object_id].append(row)
    exempt = set(Agency.objects.filter(kind=Agency.Kind.COORDINATION).values_list("pk", flat=True))
    _settle_answers(subject, [row for some in rows.values() for row in some if row.answered_on])
    changed = [record for record in found if _bring_up(record, rows[record.pk], owners.get(record.pk), exempt, on)]
    GroupCheck.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    stored = [row for some in rows.values() for row in some if row.pk in before and _values(row) != before[row.pk]]
    fields = [name.removesuffix("_id") for name in STATE_FIELDS]
    GroupCheck.objects.bulk_update(stored, fields, batch_size=200)
    subject.model._default_manager.bulk_update(changed, ["stale_from", "hidden_from"], batch_size=500)
    return bool(changed)


def _missing(subject: Subject, record: Any, rows: list[GroupCheck]) -> list[GroupCheck]:
    have = {row.group for row in rows}
    return [
        GroupCheck(record=subject.key, object_id=record.pk, group=group)
        for group in subject.groups
        if group not in have
    ]


def _bring_up(record: Any, rows: list[GroupCheck], agency: int | None, exempt: set[int], on: date) -> bool:
    """Set what is derived on the rows and on the record; True when the record changed."""
    for row in rows:
        row.title, row.agency_id = str(record)[:200], agency
        row.is_public = _would_be_public(record, on)
        _take_over_check(record, row)
        days = due(
            confirmed_on=row.confirmed_on,
            months=row.months,
            asked_on=row.asked_on,
            is_answered=row.answered_on is not None,
            grace_days=settings.FRESHNESS_GRACE_DAYS,
        )
        row.due_on = days.due_on
        # Whom to ask when all else is gone must never be gone.
        row.hidden_from = None if agency in exempt else days.hidden_from
    hidden = min((row.hidden_from for row in rows if row.hidden_from), default=None)
    derived = (stale_from([row.due_on for row in rows]), hidden)
    if derived == (record.stale_from, record.hidden_from):
        return False
    record.stale_from, record.hidden_from = derived
    return True


def _would_be_public(record: Publishable, on: date) -> bool:
    """Whether visitors see the record, or would see it if it were confirmed: only then somebody has to act."""
    kept, record.hidden_from = record.hidden_from, None
    result = is_public(record, on=on)
    record.hidden_from = kept
    return result


def _take_over_check(record: Publishable, row: GroupCheck) -> None:
    """ "Geprüft am" counts for every group, except on examples: there it only says when somebody looked it up."""
    if record.is_example or record.checked_on is None:
        return
    if row.confirmed_on is None or row.confirmed_on < record.checked_on:
        row.confirmed_on, row.confirmed_by = record.checked_on, GroupCheck.By.STAFF
        row.asked_on = row.answered_on = None


def _settle_answers(subject: Subject, rows: list[GroupCheck]) -> None:
    """An answer counts once its change is released; one that was given up leaves the question open again."""
    if not rows:
        return
    kind = ContentType.objects.get_for_model(subject.model)
    changes: dict[int, list[Change]] = defaultdict(list)
    found = Change.objects.filter(content_type=kind, object_id__in={row.object_id for row in rows})
    for change in found.only("object_id", "state", "updated_at").order_by("updated_at"):
        changes[change.object_id].append(change)
    for row in rows:
        later = [item for item in changes[row.object_id] if row.answered_on and _day(item) >= row.answered_on]
        if any(item.is_open for item in changes[row.object_id]):
            continue
        released = [item for item in later if item.state == Change.State.RELEASED]
        if released:
            row.confirmed_on, row.confirmed_by = _day(released[-1]), GroupCheck.By.STAFF
        row.asked_on = row.answered_on = None


def _day(change: Change) -> date:
    return timezone.localdate(change.updated_at)


def _values(row: GroupCheck) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in STATE_FIELDS)


def _delete_leftovers(subject: Subject, rows: Rows, there: set[int]) -> None:
    gone = [pk for pk in rows if pk not in there]
    for pk in gone:
        del rows[pk]
    if gone:
        GroupCheck.objects.filter(record=subject.key, object_id__in=gone).delete()
