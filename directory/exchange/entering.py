"""Enters rows that are right: new ones as drafts, changes of what is public as changes that wait for release."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from directory.actions import raise_content_version
from directory.editorial.changes import asking_four_eyes, note_edit, submit
from directory.editorial.releasing import amend
from directory.exchange.checking import Finding, Outcome
from directory.exchange.columns import Column
from directory.exchange.kinds import Kind
from directory.index.writing import changed
from directory.models import Change, ImportRow
from directory.rights import Reach

ORIGIN = "import"
Result = ImportRow.Result


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the file with what it would do."""

    row: ImportRow
    finding: Finding


@transaction.atomic
def enter(entries: Sequence[Entry], kind: Kind, *, reach: Reach, by: User, at: datetime) -> None:
    """Write what the findings say and note it on the rows, which the caller saves."""
    created = []
    for entry in entries:
        try:
            with transaction.atomic():
                record = _enter_one(entry, kind, reach=reach, by=by, at=at)
        except (IntegrityError, DataError):
            # The database knows better than the check: this row waits, the others go on.
            entry.row.result = Result.REFUSED
        else:
            created += [record] if record is not None else []
    if created:
        _log(created, ADDITION, by=by)
        rows = [(audit.subject_of(record), kind.agency_of(record)) for record in created]
        audit.record_rows(actor=by, action=f"{_name(kind)}.add", rows=rows, at=at)
        asking = asking_four_eyes(created)
        for record in created:
            if record.pk in asking:
                note_edit(record, by=by, origin=ORIGIN, at=at)
        changed(created)
        raise_content_version()


def _enter_one(entry: Entry, kind: Kind, *, reach: Reach, by: User, at: datetime) -> Any:
    """Write one row and return the record if it is a new one."""
    if entry.finding.outcome != Outcome.NEW:
        entry.row.result = _change(entry.finding, kind, by=by, at=at)
        return None
    record = _create(entry.finding, kind, reach=reach, at=at)
    entry.row.target, entry.row.result = record.pk, Result.ENTERED
    return record


def _create(finding: Finding, kind: Kind, *, reach: Reach, at: datetime) -> Any:
    """Save a draft: nobody sees it before somebody has looked at it."""
    record = finding.row
    record.slug, record.staff_edited_at = kind.free_slug(record), at
    record.save()
    for column, value in finding.values:
        column.tie(record, value)
    kind.keep_within(record, reach)
    return record


def _change(finding: Finding, kind: Kind, *, by: User, at: datetime) -> str:
    """Change a record, or what waits for its release; one that is gone meanwhile is refused."""
    target = kind.model._default_manager.filter(pk=finding.target).first()
    if target is None:
        return str(Result.REFUSED)
    waiting = amend(target, edit=_edit(finding.values), by=by, origin=ORIGIN, at=at)
    if waiting is None:
        _log([target], CHANGE, by=by)
        audit.record(
            actor=by,
            action=f"{_name(kind)}.change",
            subject=audit.subject_of(target),
            at=at,
            agency=kind.agency_of(target),
            detail="import: " + ", ".join(column.name for column, _value in finding.values),
        )
        return str(Result.ENTERED)
    if waiting.state == Change.State.DRAFT:
        submit(waiting, by=by, at=at, comment=_("Aus einer Tabelle übernommen."))
    return str(Result.PROPOSED)


def _name(kind: Kind) -> str:
    return str(kind.model._meta.model_name)


def _edit(values: Sequence[tuple[Column, Any]]) -> Callable[[Any], None]:
    def edit(record: Any) -> None:
        for column, value in values:
            column.put(record, value)
            column.tie(record, value)

    return edit


def _log(records: Sequence[Any], flag: int, *, by: User) -> None:
    LogEntry.objects.log_actions(
        user_id=by.pk,
        queryset=records,
        action_flag=flag,
        change_message=[{"changed" if flag == CHANGE else "added": {"fields": [_("Import")]}}],
    )
