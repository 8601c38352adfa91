"""Changes on their way: propose, submit, send back, give up; and who may release them.

Every function that writes locks the item first, so that two people are one after the other.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.audit import record, subject_of
from accounts.models import User
from directory.editorial.merging import Merged, merge
from directory.editorial.shapes import Shape, has_workflow, shape_of
from directory.editorial.snapshot import Snapshot, apply, take, trial, with_stand_ins, without_persons
from directory.models import Change, Role, Status
from directory.rights import role_of

State = Change.State


class Closed(Exception):
    """The change was released or given up meanwhile."""


def is_public_state(obj: Any) -> bool:
    """Whether there is something public to protect: edits of such a row wait for their release."""
    return has_workflow(type(obj)) and getattr(obj, "status", Status.PUBLISHED) == Status.PUBLISHED


def waits(obj: Model) -> bool:
    """Whether an edit of the item has to wait for its release. One query at most."""
    if is_public_state(obj):
        return True
    change = open_change(obj)
    return bool(change and change.snapshot)


def changes_of(obj: Model) -> QuerySet[Change]:
    """Return all changes of an item, open and closed."""
    return Change.objects.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)


def open_change(obj: Model) -> Change | None:
    """Return the change that is open on an item; rows that simply save never have one. One query at most."""
    if not has_workflow(type(obj)):
        return None
    return changes_of(obj).filter(state__in=Change.OPEN).first()


def item_of(change: Change) -> Any:
    """Return the item as it is saved. Raises DoesNotExist when it was deleted."""
    model: Any = change.content_type.model_class()
    return model._base_manager.get(pk=change.object_id)


def locked(obj: Model) -> Any:
    """Return the row as it is saved now; others wait until this transaction ends."""
    return type(obj)._base_manager.select_for_update().get(pk=obj.pk)


def agency_of(obj: Model) -> int | None:
    """Return the key of the agency that answers for the item; the first where several do."""
    path = shape_of(type(obj)).agency_path
    return type(obj)._base_manager.filter(pk=obj.pk).values_list(path, flat=True).first() if path else None


def asks_four_eyes(obj: Model) -> bool:
    """Whether an agency of the item wants somebody else to release."""
    return bool(asking_four_eyes([obj]))


def asking_four_eyes(rows: Sequence[Model]) -> set[Any]:
    """Return the keys of those saved rows (of one model) whose agency wants somebody else to release. One query."""
    path = shape_of(type(rows[0])).agency_path if rows else None
    if path is None:
        return set()
    asks = "four_eyes" if path == "pk" else f"{path}__four_eyes"
    found = type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows], **{asks: True})
    return set(found.values_list("pk", flat=True))


def may_release(user: Any, obj: Model, change: Change | None = None, *, four_eyes: bool | None = None) -> bool:
    """Tell whether somebody who may edit the item may release it: says nothing about the right to edit.

    With four eyes: Leitung, Koordination and Technik, but nobody who had a hand in the change.
    """
    if not (asks_four_eyes(obj) if four_eyes is None else four_eyes):
        return True
    if change is not None and user.pk in change.authors:
        return False
    return bool(user.is_superuser) or role_of(user) in (Role.LEAD, Role.COORDINATOR)


def effective(shape: Shape, change: Change | None, current: Snapshot) -> Merged:
    """Return the item as it would be with the change, on top of what was saved meanwhile."""
    if change is None or not change.snapshot:
        return Merged(current, ())
    return merge(shape, change.base, change.snapshot, current)


@transaction.atomic
def propose(obj: Model, *, edit: Callable[[Any], None], by: User | None, origin: str, at: datetime) -> Change | None:
    """Make a change without touching the saved item. None: the edit changed nothing.

    ``edit`` gets the item with the open change applied; it may set fields, which are saved afterwards,
    and save or delete rows inside the item. Whatever it does is undone and kept as a change. ``origin``
    is the way it came, such as ``form``, ``import`` or ``confirmation``.
    """
    shape, now = shape_of(type(obj)), locked(obj)
    current = take(shape, now.pk)
    started = effective(shape, open_change(now), current).snapshot
    with trial():
        apply(shape, now, started, on_trial_only=True)
        edit(now)
        now.save()
        after = take(shape, now.pk)
    return keep(obj, with_stand_ins(shape, after, current, started), by=by, origin=origin, at=at)


@transaction.atomic
def keep(obj: Model, after: Snapshot, *, by: User | None, origin: str, at: datetime) -> Change | None:
    """Store how the item should be as its open change; None when that is how it is."""
    shape, now = shape_of(type(obj)), locked(obj)
    current = take(shape, now.pk)
    change = open_change(now)
    if after == current:
        if change is not None and change.snapshot:
            withdraw(change, by=by, at=at)
        return None
    change = _touched(now, change, by=by, origin=origin, at=at)
    change.base, change.snapshot = current, after
    change.save()
    _note("propose", change, by=by, at=at, detail=_names(shape, current, after))
    return change


def _touched(obj: Model, change: Change | None, *, by: User | None, origin: str, at: datetime) -> Change:
    """Return the open change or a new one, one version on, with one author more. Does not save it."""
    if change is None:
        kind = ContentType.objects.get_for_model(obj)
        change = Change(content_type=kind, object_id=obj.pk, agency_id=agency_of(obj), created_at=at, version=0)
    change.version += 1
    change.updated_at, change.origin = at, origin
    if by is not None and by.pk not in change.authors:
        change.authors = [*change.authors, by.pk]
    if change.state == State.SCHEDULED:
        change.state, change.decided_by = State.DRAFT, None
    return change


@transaction.atomic
def note_edit(obj: Model, *, by: User | None, origin: str, at: datetime) -> Change:
    """Note who wrote an item that is not public yet: the second pair of eyes is somebody else's."""
    change = _touched(obj, open_change(obj), by=by, origin=origin, at=at)
    change.save()
    return change


@transaction.atomic
def submit(change: Change, *, by: User | None, at: datetime, comment: str = "", release_on: date | None = None) -> None:
    """Ask for the release, from the day ``release_on`` on if one is given."""
    now = reread(change)
    now.release_on = release_on
    move(now, State.REVIEW, "submit", by=by, at=at, comment=comment)
    _set_status(now, Status.DRAFT, Status.REVIEW, at)


@transaction.atomic
def send_back(change: Change, *, by: User, at: datetime, comment: str) -> None:
    """Give the change back to those who wrote it. Raises ValueError without a comment."""
    if not comment.strip():
        raise ValueError("a change is never sent back without a word")
    now = reread(change)
    move(now, State.SENT_BACK, "send_back", by=by, at=at, comment=comment)
    _set_status(now, Status.REVIEW, Status.DRAFT, at)


def recall(rows: Sequence[Model], *, at: datetime) -> None:
    """Take rows (of one model) that were handed in and are not public out of review: they were hidden or put away."""
    if rows:
        kind = ContentType.objects.get_for_model(rows[0])
        waiting = Change.objects.filter(content_type=kind, object_id__in=[row.pk for row in rows], state=State.REVIEW)
        waiting.filter(snapshot={}).update(state=State.DRAFT, updated_at=at)


@transaction.atomic
def withdraw(change: Change, *, by: User | None, at: datetime) -> None:
    """Give the change up; what is saved stays as it is."""
    now = reread(change)
    close(now, State.WITHDRAWN, at=at)
    _note("withdraw", now, by=by, at=at)
    _set_status(now, Status.REVIEW, Status.DRAFT, at)


@transaction.atomic
def forget_rows(part: type[Model], keys: Collection[Any], items: Sequence[Model]) -> None:
    """Strike rows inside items out of their open changes: they were deleted, and hold names."""
    name = part._meta.model_name
    for item in items:
        change = open_change(item)
        if change is None:
            continue
        for state in (change.base, change.snapshot):
            if name in state.get("parts", {}):
                state["parts"][name] = [line for line in state["parts"][name] if line["id"] not in keys]
        change.save(update_fields=["base", "snapshot"])


def close(change: Change, state: str, *, at: datetime) -> None:
    """Close a change; names, numbers and absences of persons go with it."""
    model: Any = change.content_type.model_class()
    shape = shape_of(model)
    change.state, change.updated_at = state, at
    change.base, change.snapshot = (without_persons(shape, item) for item in (change.base, change.snapshot))
    change.save()


@transaction.atomic
def start(obj: Model, *, by: User | None, at: datetime) -> Change:
    """Open a change that says: the item as it is saved."""
    change = _touched(obj, None, by=by, origin="form", at=at)
    change.save()
    return change


def reread(change: Change) -> Change:
    """Return the change as it is stored, locked. Raises Closed."""
    now = Change.objects.select_for_update().get(pk=change.pk)
    if not now.is_open:
        raise Closed
    return now


def move(change: Change, state: str, action: str, *, by: User | None, at: datetime, comment: str) -> None:
    """Store where the change stands now, and who moved it."""
    change.state, change.comment, change.updated_at = state, comment.strip(), at
    change.version += 1
    change.save()
    _note(action, change, by=by, at=at)


def _set_status(change: Change, before: str, after: str, at: datetime) -> None:
    """Let an item that is not public yet say where it stands."""
    model: Any = change.content_type.model_class()
    if any(row.name == "status" for row in model._meta.concrete_fields):
        model._base_manager.filter(pk=change.object_id, status=before).update(status=after, updated_at=at)


def _note(action: str, change: Change, *, by: User | None, at: datetime, detail: str = "") -> None:
    model: Any = change.content_type.model_class()
    subject = f"{model._meta.label_lower}:{change.object_id}"
    record(
        actor=by,
        action=f"{model._meta.model_name}.{action}",
        subject=subject,
        at=at,
        agency=change.agency_id,
        detail=detail,
    )


def note(action: str, obj: Model, *, by: User | None, at: datetime, detail: str = "") -> None:
    """Write down what somebody did to an item."""
    subject, name = subject_of(obj), obj._meta.model_name
    record(actor=by, action=f"{name}.{action}", subject=subject, at=at, agency=agency_of(obj), detail=detail)


def _names(shape: Shape, before: Snapshot, after: Snapshot) -> str:
    """Return the names of what differs, never a value."""
    found = [
        name
        for kind in ("fields", "many", "parts")
        for name in after[kind]
        if before.get(kind, {}).get(name) != after[kind][name]
    ]
    return ", ".join(found)
