"""The three answers. Each question is answered once; what changes the public waits for its release."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.audit import record as note
from directory.actions import raise_content_version
from directory.editorial.changes import propose, submit
from directory.freshness import state
from directory.freshness.subjects import GroupForm, subject_for
from directory.models import ConfirmationRequest, GroupCheck

ORIGIN = "confirmation"


class AlreadyAnsweredError(Exception):
    """Somebody answered meanwhile, maybe the same person with a second tap."""


def record_of(request: ConfirmationRequest) -> Any:
    """Return the record a question is about; None when it is gone."""
    subject = subject_for(request.record)
    return subject.model._default_manager.filter(pk=request.object_id).first() if subject else None


def open_groups(request: ConfirmationRequest) -> list[GroupCheck]:
    """Return the groups that still wait for an answer. One query."""
    subject = subject_for(request.record)
    rows = GroupCheck.objects.filter(
        record=request.record, object_id=request.object_id, group__in=request.groups.split(), answered_on=None
    )
    found = {row.group: row for row in rows if row.confirmed_on is None or row.confirmed_on < request.opened_on}
    return [found[group] for group in subject.groups if group in found] if subject else []


@transaction.atomic
def still_right(request: ConfirmationRequest, *, groups: Collection[str], on: date, at: datetime) -> None:
    """Set the day of these groups. Raises AlreadyAnsweredError when one of them was answered."""
    _take(request, groups)
    item = record_of(request)
    state.confirm([item], by=GroupCheck.By.LINK, on=on, groups=groups)
    if all(row.confirmed_on == on for row in state.checks_of(item)):
        _set_checked_on(item, on=on, at=at)
    _note(request, "confirm", groups, at=at)
    raise_content_version()
    _close_if_done(request, on=on)


@transaction.atomic
def changed(request: ConfirmationRequest, *, group: str, form: GroupForm, on: date, at: datetime) -> bool:
    """Propose what was typed and ask for its release; False when it is what is stored: then it is still right."""
    return _propose(request, group, form.write, comment="", on=on, at=at)


@transaction.atomic
def gone(request: ConfirmationRequest, *, group: str, only_group: bool, comment: str, on: date, at: datetime) -> None:
    """Propose to take back the record, or only what the group is about."""
    subject = subject_for(request.record)
    empty = subject.groups[group].empty if subject else None
    edit = empty if only_group and empty is not None else _end(on)
    groups = [group] if only_group else [row.group for row in open_groups(request)]
    _propose(request, group, edit, comment=comment, on=on, at=at, groups=groups)


def _end(on: date) -> Callable[[Any], None]:
    def edit(item: Any) -> None:
        item.published_until = on

    return edit


def _propose(
    request: ConfirmationRequest,
    group: str,
    edit: Callable[[Any], None],
    *,
    comment: str,
    on: date,
    at: datetime,
    groups: Collection[str] = (),
) -> bool:
    groups = groups or [group]
    _take(request, groups)
    change = propose(record_of(request), edit=edit, by=None, origin=ORIGIN, at=at)
    if change is None:
        still_right(request, groups=groups, on=on, at=at)
        return False
    submit(change, by=None, at=at, comment=comment)
    rows = GroupCheck.objects.filter(record=request.record, object_id=request.object_id, group__in=groups)
    rows.update(answered_on=on)
    state.refresh([record_of(request)], on=on)
    _note(request, "answer", groups, at=at)
    raise_content_version()
    _close_if_done(request, on=on)
    return True


def _take(request: ConfirmationRequest, groups: Collection[str]) -> None:
    """Make sure that the question is still open; a second answer at the same moment waits here."""
    locked = ConfirmationRequest.objects.select_for_update().filter(pk=request.pk, closed_on=None)
    if not locked.exists() or not set(groups) <= {row.group for row in open_groups(request)} or not groups:
        raise AlreadyAnsweredError


def _close_if_done(request: ConfirmationRequest, *, on: date) -> None:
    if not open_groups(request):
        ConfirmationRequest.objects.filter(pk=request.pk, closed_on=None).update(closed_on=on)


def _set_checked_on(item: Any, *, on: date, at: datetime) -> None:
    """All groups were confirmed today: that is what "geprüft am" means."""
    item.checked_on = on
    item.set_review_due()
    item.staff_edited_at = item.updated_at = at
    type(item)._default_manager.bulk_update([item], ["checked_on", "review_due_on", "staff_edited_at", "updated_at"])


def _note(request: ConfirmationRequest, action: str, groups: Collection[str], *, at: datetime) -> None:
    name = request.record.rpartition(".")[2]
    note(
        actor=None,
        action=f"{name}.{action}",
        subject=f"{request.record}:{request.object_id}",
        at=at,
        agency=request.agency_id,
        detail=", ".join(groups),
    )
