"""Release: the one place where a change reaches the public. And the way back to what was public before."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.models import User
from directory.actions import raise_content_version
from directory.editorial import changes
from directory.editorial.checks import Finding, findings_of, needs_reason, stops
from directory.editorial.merging import merge
from directory.editorial.shapes import Shape, shape_of
from directory.editorial.snapshot import Snapshot, Unfit, apply, fingerprint, is_of_person, take, without_persons
from directory.freshness import state as freshness
from directory.index.writing import affected, merged, refresh
from directory.models import Change, Revision, Status
from directory.versions import on_trial

State = Change.State
FORGOTTEN_AFTER = timedelta(days=90)
"""A change nobody touched for so long is given up: it may hold names."""


class Refused(Exception):
    """The checks speak against it; ``findings`` says what, ``needs_reason`` whether a written reason would do."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(str(finding.text) for finding in findings))
        self.findings = list(findings)
        self.needs_reason = not stops(findings)


class NotPreviewed(Exception):
    """Nobody else looks at it, and the person has not looked at the preview of exactly this version."""


class Moved(Exception):
    """The item or the change is not what the person looked at."""


def seen(obj: Model, change: Change | None) -> str:
    """Return a mark for what somebody looks at: the item as it is saved and as it would be."""
    shape = shape_of(type(obj))
    current = take(shape, obj.pk)
    return fingerprint({"now": current, "then": changes.effective(shape, change, current).snapshot})


@transaction.atomic
def release(
    change: Change,
    *,
    by: User | None,
    at: datetime,
    on: date,
    comment: str = "",
    reason: str = "",
    mark: str | None = None,
    is_approved: bool = False,
    previewed: Collection[str] = (),
) -> Change:
    """Make the change public, or from the day ``change.release_on`` on if that is to come.

    ``mark``: what ``seen`` said when the person looked. ``is_approved``: somebody who may has said yes before.
    ``previewed``: what ``seen`` said of every version whose preview the person has looked at.
    ``by`` None is a program or a person without account, which never counts as second pair of eyes.
    Raises PermissionDenied, Refused by the checks, NotPreviewed, Moved, Closed, Unfit.
    """
    obj = changes.locked(changes.item_of(change))
    now = changes.reread(change)
    if not is_approved and not _may(by, obj, now):
        raise PermissionDenied
    if mark is not None and mark != seen(obj, now):
        raise Moved
    now.comment, now.reason, now.decided_by = comment.strip() or now.comment, reason.strip(), by
    is_seen = is_approved or not needs_preview(obj, by) or seen(obj, now) in previewed
    if now.release_on is not None and now.release_on > on:
        _look(obj, now, on=on, reason=reason)
        if not is_seen:
            raise NotPreviewed
        changes.move(now, State.SCHEDULED, "schedule", by=by, at=at, comment=now.comment)
        return now
    _make_public(obj, now, by=by, at=at, on=on, is_seen=is_seen)
    # "Geprüft am" may have changed with it, or a question been answered.
    freshness.refresh([obj], on=on)
    raise_content_version()
    return now


def needs_preview(obj: Model, by: User | None) -> bool:
    """Whether who releases must have looked at the preview: where no second pair of eyes looks at the change."""
    return by is not None and not changes.asks_four_eyes(obj)


def _may(by: User | None, obj: Model, change: Change) -> bool:
    if by is None:
        return not changes.asks_four_eyes(obj)
    return changes.may_release(by, obj, change)


@transaction.atomic
def _look(obj: Any, change: Change, *, on: date, reason: str) -> None:
    """Ask the checks about the item as it would be, and undo it. Raises Refused."""
    shape = shape_of(type(obj))
    with on_trial(), transaction.atomic():
        apply(shape, obj, changes.effective(shape, change, take(shape, obj.pk)).snapshot, on_trial_only=True)
        found = findings_of(obj, on)
        transaction.set_rollback(True)
    _refuse(found, reason)


def _refuse(found: Sequence[Finding], reason: str) -> None:
    if stops(found) or (needs_reason(found) and not reason.strip()):
        raise Refused(found)


def _make_public(obj: Any, change: Change, *, by: User | None, at: datetime, on: date, is_seen: bool) -> None:
    shape = shape_of(type(obj))
    current = take(shape, obj.pk)
    before = affected([obj])
    if changes.is_public_state(obj) and not revisions_of(obj).exists():
        _keep_revision(obj, current, by=None, at=_since(obj, at))
    apply(shape, obj, changes.effective(shape, change, current).snapshot, on_trial_only=False)
    _stamp(obj, at)
    with on_trial():
        found = findings_of(obj, on)
    _refuse(found, change.reason)
    if not is_seen:
        raise NotPreviewed
    refresh(merged(before, affected([obj])))
    _keep_revision(obj, take(shape, obj.pk), by=by, at=at)
    detail = "with a reason" if needs_reason(found) else ""
    changes.close(change, State.RELEASED, at=at)
    changes.note("release", obj, by=by, at=at, detail=detail)


def _stamp(obj: Any, at: datetime) -> None:
    names = {row.name for row in obj._meta.concrete_fields}
    if "status" in names:
        obj.status = Status.PUBLISHED
    if "staff_edited_at" in names:
        obj.staff_edited_at = at
    obj.save()


def _since(obj: Any, at: datetime) -> datetime:
    """When the state before the first release was saved, as far as anybody knows."""
    return getattr(obj, "updated_at", None) or getattr(obj, "staff_edited_at", None) or at


def _keep_revision(obj: Model, snapshot: Snapshot, *, by: User | None, at: datetime) -> None:
    Revision.objects.create(
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        snapshot=without_persons(shape_of(type(obj)), snapshot),
        released_at=at,
        released_by=by,
    )


@transaction.atomic
def publish(
    obj: Model, *, by: User | None, at: datetime, on: date, reason: str = "", previewed: Collection[str] = ()
) -> Change:
    """Make an item public that was not, as it is saved or with the change that is open on it. Raises as ``release``."""
    change = changes.open_change(obj) or changes.start(obj, by=None, at=at)
    return release(change, by=by, at=at, on=on, reason=reason, previewed=previewed)


@transaction.atomic
def publish_all(
    rows: Sequence[Model], *, by: User, at: datetime, on: date, previewed: Collection[str] = ()
) -> tuple[list[Model], list[Model], list[tuple[Model, Refused | NotPreviewed]]]:
    """Publish what may be published; return that, what was handed in for others to release, and what is refused."""
    done: list[Model] = []
    handed_in: list[Model] = []
    refused: list[tuple[Model, Refused | NotPreviewed]] = []
    for row in rows:
        try:
            with transaction.atomic():
                now = changes.locked(row)
                change = changes.open_change(now) or changes.start(now, by=None, at=at)
                if changes.may_release(by, now, change):
                    change.decided_by = by
                    is_seen = not needs_preview(now, by) or seen(now, change) in previewed
                    _make_public(now, change, by=by, at=at, on=on, is_seen=is_seen)
                    done.append(row)
                else:
                    changes.submit(change, by=by, at=at)
                    handed_in.append(row)
        except Unfit:
            refused.append((row, Refused([])))
        except (Refused, NotPreviewed) as error:
            refused.append((row, error))
    if done:
        raise_content_version()
    return done, handed_in, refused


@transaction.atomic
def amend(obj: Model, *, edit: Callable[[Any], None], by: User | None, origin: str, at: datetime) -> Change | None:
    """Change an item: at once while it is not public, else as a change that waits for its release.

    ``edit`` as in ``propose``. None: it is saved (or nothing was changed).
    """
    now = changes.locked(obj)
    waiting = changes.open_change(now)
    if changes.is_public_state(now) or (waiting is not None and waiting.snapshot):
        return changes.propose(now, edit=edit, by=by, origin=origin, at=at)
    before = affected([now])
    edit(now)
    if hasattr(now, "staff_edited_at"):
        now.staff_edited_at = at
    now.save()
    if waiting is not None or changes.asks_four_eyes(now):
        changes.note_edit(now, by=by, origin=origin, at=at)
    refresh(merged(before, affected([now])))
    raise_content_version()
    return None


def revisions_of(obj: Model) -> QuerySet[Revision]:
    """Return what was public, newest first."""
    return Revision.objects.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)


def restored(shape: Shape, revision: Revision, current: Snapshot) -> Snapshot:
    """Return the item with what the revision holds; persons, and rows about one, stay as they are now."""
    old = revision.snapshot
    fields = {
        **current["fields"],
        **{name: value for name, value in old["fields"].items() if name in current["fields"]},
    }
    many = {name: old["many"].get(name, keys) for name, keys in current["many"].items()}
    parts = {}
    for part in shape.parts:
        now = current["parts"][part.key]
        if part.is_personal or part.key not in old["parts"]:
            parts[part.key] = now
        else:
            parts[part.key] = [*old["parts"][part.key], *(line for line in now if is_of_person(shape, part, line))]
    return {"fields": fields, "many": many, "parts": parts}


@transaction.atomic
def restore(revision: Revision, *, by: User, at: datetime) -> Change | None:
    """Propose a state that was public before; None when it is public now."""
    model: Any = revision.content_type.model_class()
    obj = changes.locked(model._base_manager.get(pk=revision.object_id))
    shape = shape_of(model)
    after = restored(shape, revision, take(shape, obj.pk))
    change = changes.keep(obj, after, by=by, origin="restore", at=at)
    changes.note("restore", obj, by=by, at=at)
    return change


def release_due(*, on: date, at: datetime) -> tuple[int, int]:
    """Release what was approved for today or before; return how many, and how many need another look.

    Each is a transaction of its own. What was changed meanwhile, or what the checks refuse now, goes
    back to review.
    """
    done = again = 0
    for change in Change.objects.filter(state=State.SCHEDULED, release_on__lte=on).order_by("release_on", "pk"):
        if _release_one(change, on=on, at=at):
            done += 1
        else:
            again += 1
    return done, again


@transaction.atomic
def _release_one(change: Change, *, on: date, at: datetime) -> bool:
    obj = changes.item_of(change)
    shape = shape_of(type(obj))
    clashes = bool(change.snapshot) and merge(shape, change.base, change.snapshot, take(shape, obj.pk)).clashes
    if not clashes:
        try:
            release(change, by=change.decided_by, at=at, on=on, reason=change.reason, is_approved=True)
        except (Refused, Unfit):
            pass
        else:
            return True
    changes.submit(change, by=None, at=at, comment=change.comment)
    return False


def give_up_forgotten(*, at: datetime) -> int:
    """Give up changes that nobody touched for 90 days and nobody reviews; return how many."""
    old = Change.objects.filter(state__in=(State.DRAFT, State.SENT_BACK), updated_at__lt=at - FORGOTTEN_AFTER)
    old = old.exclude(snapshot={})  # the row itself: it is no secret copy, and knows its authors
    for change in old:
        changes.withdraw(change, by=None, at=at)
    return len(old)


@transaction.atomic
def forget(obj: Model) -> None:
    """Delete changes and former states of an item that is being deleted."""
    changes.changes_of(obj).delete()
    revisions_of(obj).delete()
