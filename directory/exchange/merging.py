"""Makes one record of two: values are chosen column by column, everything that points moves, the address stays good.

The fields of a public record change as always: at once where the person may release, else as a change
that waits. What hangs on the other record – offers, persons, exceptions – moves in any case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from directory.actions import raise_content_version
from directory.editorial.changes import open_change, submit
from directory.editorial.releasing import Refused, amend, release, seen
from directory.editorial.shapes import Shape, shape_of
from directory.exchange.columns import Column, FieldColumn, ManyColumn
from directory.exchange.kinds import Kind, NotMergeable
from directory.exchange.known import Known
from directory.index.writing import affected, merged, refresh
from directory.models import Change, MovedAddress, Status, VisitorReport

KEEP, OTHER, BOTH = "keep", "other", "both"


@dataclass(frozen=True, slots=True)
class Side:
    """One possible value of a column as text."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A column of both records: what there is to choose from, and which of it loses nothing."""

    column: Column
    sides: tuple[Side, ...]
    suggested: str

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        return self.sides[0].text != self.sides[1].text


def pairs(kind: Kind, keep: Any, other: Any, known: Known) -> list[Pair]:
    """Return every column that can be chosen, in the order of the file."""
    return [_pair(column, column.stored(keep), column.stored(other), known) for column in _choosable(kind)]


def _pair(column: Column, one: Any, two: Any, known: Known) -> Pair:
    sides = [Side(KEEP, column.show(one, known)), Side(OTHER, column.show(two, known))]
    together = column.both(one, two)
    if together is not None and together not in (one, two):
        sides.append(Side(BOTH, column.show(together, known)))
        return Pair(column, tuple(sides), BOTH)
    richer = together == two if together is not None else bool(sides[1].text and not sides[0].text)
    return Pair(column, tuple(sides), OTHER if richer and one != two else KEEP)


def _chosen(column: Column, side: str, one: Any, two: Any) -> Any:
    if side == BOTH and (together := column.both(one, two)) is not None:
        return together
    return two if side == OTHER else one


def _choosable(kind: Kind) -> list[Column]:
    return [column for column in kind.columns if not column.is_info and column.name not in kind.kept_in_merging]


def check_mergeable(kind: Kind, keep: Any, other: Any) -> None:
    """Raise NotMergeable when an address would lead nowhere, or an open change would be lost."""
    if keep.pk == other.pk:
        raise NotMergeable(_("Das ist zweimal derselbe Eintrag."))
    if other.status == Status.PUBLISHED and keep.status != Status.PUBLISHED:
        raise NotMergeable(_("Der veröffentlichte Eintrag muss bleiben: Auf ihn führt die öffentliche Adresse."))
    if any((change := open_change(record)) and change.snapshot for record in (keep, other)):
        raise NotMergeable(_("Zu einem der Einträge ist noch eine Änderung offen. Bitte zuerst darüber entscheiden."))
    kind.check_merging(keep, other)


@transaction.atomic
def merge_records(
    kind: Kind, keep: Any, other: Any, *, chosen: Mapping[str, str], by: User, on: date, at: datetime
) -> Change | None:
    """Let ``keep`` stay and ``other`` go into it; ``chosen`` names for each column the side that counts.

    Returns the change that waits for its release, None when everything is done. Raises NotMergeable.
    """
    keep, other = _locked(kind, keep.pk, other.pk)
    check_mergeable(kind, keep, other)
    before = affected([keep, other])
    values = []
    for column in _choosable(kind):
        mine = column.stored(keep)
        value = _chosen(column, chosen.get(column.name, KEEP), mine, column.stored(other))
        if value != mine:
            values.append((column, value))
    _move_references(kind, keep, other)
    waiting = _edit(keep, values, by=by, on=on, at=at)
    _archive(kind, keep, other, at=at)
    refresh(merged(before, affected([keep, other])))
    raise_content_version()
    audit.record(
        actor=by,
        action=f"{kind.model._meta.model_name}.merge",
        subject=audit.subject_of(keep),
        at=at,
        agency=kind.agency_of(keep),
        detail=f"{audit.subject_of(other)}; {', '.join(column.name for column, _value in values)}",
    )
    return waiting


def _locked(kind: Kind, *pks: int) -> Sequence[Any]:
    """Both rows in the order of the question; locked in the order of their keys, so that nobody waits for ever."""
    rows = {row.pk: row for row in kind.model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk")}
    if len(rows) < len(set(pks)):
        raise NotMergeable(_("Einen der Einträge gibt es nicht mehr."))
    return [rows[pk] for pk in pks]


def _edit(keep: Any, values: Sequence[tuple[Column, Any]], *, by: User, on: date, at: datetime) -> Change | None:
    """Set the chosen values; public ones are released at once where this person may."""
    if not values:
        return None

    def edit(record: Any) -> None:
        for column, value in values:
            column.put(record, value)
            column.tie(record, value)

    waiting = amend(keep, edit=edit, by=by, origin="merge", at=at)
    if waiting is None:
        return None
    try:
        with transaction.atomic():
            # Both texts stood somewhere before; a reason for each would only be in the way.
            words = _("Zwei Einträge zusammengeführt.")
            # What stays was chosen on a page that shows both, value by value: that is the look at it.
            release(waiting, by=by, at=at, on=on, comment=words, reason=words, previewed=[seen(keep, waiting)])
    except (PermissionDenied, Refused):
        submit(waiting, by=by, at=at, comment=_("Zwei Einträge zusammengeführt."))
        return waiting
    return None


def _archive(kind: Kind, keep: Any, other: Any, *, at: datetime) -> None:
    """Take the other record out of the public; its address leads to the one that stays."""
    record = kind.model._base_manager.get(pk=other.pk)
    record.status, record.staff_edited_at = Status.ARCHIVED, at
    record.save()
    label = kind.model._meta.label_lower
    MovedAddress.objects.filter(kind=label, target=other.pk).update(target=keep.pk)
    MovedAddress.objects.filter(kind=label, slug=keep.slug).delete()
    values = {"target": keep.pk, "at": at}
    MovedAddress.objects.update_or_create(kind=label, slug=other.slug, defaults=values)


def _move_references(kind: Kind, keep: Any, other: Any) -> None:
    """Let everything that points at the other record point at the one that stays."""
    for column in kind.columns:
        # Rows the columns speak of were compared; those that were not chosen go, the others are written anew.
        if not column.is_info and not isinstance(column, FieldColumn | ManyColumn):
            column.tie(other, column.empty())
    for relation in pointing_relations(kind.model):
        if relation.many_to_many:
            _move_links(relation, keep, other)
        else:
            _move_rows(relation, keep, other)
    _move_in_changes(kind.model, keep.pk, other.pk)
    reports = VisitorReport.objects.filter(kind=kind.report_kind, key=str(other.pk))
    reports.update(key=str(keep.pk), title=kind.titled(keep)[:200])


def pointing_relations(model: Any) -> list[Any]:
    """Return every relation of other rows to a model, also those without a name of their own, each once."""
    found = [row for row in model._meta.get_fields(include_hidden=True) if row.auto_created and not row.concrete]
    return [
        row
        for row in found
        # Rows between two records are reached from the record that has the relation, or are rows of their own.
        if (row.through._meta.auto_created if row.many_to_many else not row.related_model._meta.auto_created)
    ]


def _move_rows(relation: Any, keep: Any, other: Any) -> None:
    """Rows with a foreign key; one that would be there twice goes instead."""
    manager, name = relation.related_model._base_manager, relation.field.name
    for row in manager.filter(**{name: other}).order_by("pk"):
        try:
            with transaction.atomic():
                manager.filter(pk=row.pk).update(**{name: keep})
        except IntegrityError:
            row.delete()


def _move_links(relation: Any, keep: Any, other: Any) -> None:
    """Relations from records of another kind, such as offers at a contact point."""
    for row in relation.related_model._base_manager.filter(**{relation.field.name: other}):
        links = getattr(row, relation.field.name)
        links.remove(other)
        links.add(keep)


def _move_in_changes(model: Any, keep: int, other: int) -> None:
    """Changes that wait may want to point at the other record."""
    for change in Change.objects.filter(state__in=Change.OPEN).exclude(snapshot={}).select_related("content_type"):
        shape = shape_of(cast("Any", change.content_type.model_class()))
        found = [_repointed(shape, snapshot, model, keep, other) for snapshot in (change.base, change.snapshot)]
        if any(found):
            change.save(update_fields=["base", "snapshot"])


def _repointed(shape: Shape, snapshot: dict[str, Any], model: Any, keep: int, other: int) -> bool:
    """Replace the key in place; return whether it was there."""
    found = False
    for field in shape.fields():
        if field.related_model is model and snapshot.get("fields", {}).get(field.name) == other:
            snapshot["fields"][field.name], found = keep, True
    for relation in shape.many():
        keys = snapshot.get("many", {}).get(relation.name, [])
        if relation.related_model is model and other in keys:
            snapshot["many"][relation.name] = sorted({keep if key == other else key for key in keys})
            found = True
    return found


def moved_to(model: Any, slug: str, *, on: date) -> Any:
    """Return the public record an old address leads to, None when it leads nowhere."""
    row = MovedAddress.objects.filter(kind=model._meta.label_lower, slug=slug[:80]).first()
    return model._default_manager.published(on=on).filter(pk=row.target).first() if row else None
