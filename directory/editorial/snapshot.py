"""An item as JSON and back: fields, relations and the rows that live inside it.

``{"fields": {name: value}, "many": {name: [keys]}, "parts": {part: [{"id": key, name: value}]}}``.
Rows that were never saved have a key beyond all real ones: it stays the same from one edit to the next,
and becomes a real one when the change is released.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import CASCADE, Field, ForeignKey, Model

from directory.editorial.shapes import Part, Shape
from directory.versions import on_trial

Snapshot = dict[str, Any]
Row = dict[str, Any]
Keys = dict[tuple[str, Any], Any]
STAND_IN = 2**52
"""Real keys are smaller. They sort after saved rows, as a new row does."""


class Unfit(Exception):
    """The state breaks a rule of the database: two edits that were fine alone are not fine together."""


@contextmanager
def trial() -> Iterator[None]:
    """Do whatever is inside and undo it at the end; what is derived from it is not kept."""
    with on_trial(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def take(shape: Shape, pk: Any) -> Snapshot:
    """Return the saved item as JSON. Queries: one, one a relation, one a part."""
    obj = shape.model._base_manager.get(pk=pk)
    return {
        "fields": {row.name: dump(row, row.value_from_object(obj)) for row in shape.fields()},
        "many": {row.name: sorted(keys_of(obj, row.name), key=str) for row in shape.many()},
        "parts": {
            part.key: [
                {"id": line.pk, **{row.name: dump(row, row.value_from_object(line)) for row in part.fields()}}
                for line in part.rows(pk)
            ]
            for part in shape.parts
        },
    }


def keys_of(obj: Model, name: str) -> list[Any]:
    """Return the keys a relation points to."""
    return list(getattr(obj, name).order_by().values_list("pk", flat=True))


def dump(row: Field, value: Any) -> Any:
    """Return the value of a field as JSON. Line ends of browsers become those of the texts: that is no change."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def load(row: Field, value: Any) -> Any:
    """Return the value of a field from JSON."""
    if value is None or isinstance(value, list | dict):
        return value
    return row.target_field.to_python(value) if isinstance(row, ForeignKey) else row.to_python(value)


def fingerprint(snapshot: Snapshot) -> str:
    """Return the same text for the same content."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def without_persons(shape: Shape, snapshot: Snapshot) -> Snapshot:
    """Return a copy without rows about persons and without rows that point to one."""
    found = deepcopy(snapshot)
    for part in shape.parts:
        lines = found.get("parts", {}).get(part.key)
        if lines is None:
            continue
        found["parts"][part.key] = (
            [] if part.is_personal else [line for line in lines if not is_of_person(shape, part, line)]
        )
    return found


def is_of_person(shape: Shape, part: Part, line: Row) -> bool:
    """Whether a row of a part points to a person."""
    targets = ((row.name, shape.part_of(row)) for row in part.fields())
    return any(target is not None and target.is_personal and line.get(name) is not None for name, target in targets)


def with_stand_ins(shape: Shape, snapshot: Snapshot, *known: Snapshot) -> Snapshot:
    """Give rows that were only saved on trial a key no saved row has; rows of ``known`` keep theirs.

    The keys a trial hands out are real ones, which the next saved row may get.
    """
    found = deepcopy(snapshot)
    new: dict[tuple[str, Any], int] = {}
    for name, lines in found["parts"].items():
        old = {line["id"] for item in known for line in item.get("parts", {}).get(name, [])}
        free = max((key for key in old if is_stand_in(key)), default=STAND_IN + secrets.randbelow(STAND_IN))
        for line in sorted(lines, key=lambda line: line["id"]):
            if line["id"] not in old:
                free += 1
                new[name, line["id"]] = free
    for part in shape.parts:
        inside = {row.name: target.key for row in part.fields() if (target := shape.part_of(row))}
        for line in found["parts"][part.key]:
            line["id"] = new.get((part.key, line["id"]), line["id"])
            for name, owner in inside.items():
                line[name] = new.get((owner, line[name]), line[name])
    return found


def is_stand_in(key: int) -> bool:
    """Whether a row with this key was never saved."""
    return key > STAND_IN


def apply(shape: Shape, obj: Model, snapshot: Snapshot, *, on_trial_only: bool) -> None:
    """Make the saved item what the snapshot says. Call it in a transaction.

    ``on_trial_only``: rows that do not exist get the very keys of the snapshot, so that a form finds
    them again; else they get real ones. What the snapshot points to and is gone meanwhile is left out, and so
    is a short name that another row took. Raises Unfit, and has changed nothing then.
    """
    try:
        with transaction.atomic():
            _apply(shape, obj, snapshot, on_trial_only=on_trial_only)
    except (IntegrityError, ValidationError) as error:
        raise Unfit from error


def _apply(shape: Shape, obj: Model, snapshot: Snapshot, *, on_trial_only: bool) -> None:
    _apply_fields(shape, obj, snapshot.get("fields", {}))
    for relation in shape.many():
        if relation.name in snapshot.get("many", {}):
            _apply_many(obj, relation.name, snapshot["many"][relation.name])
    keys: Keys = {}
    for part in shape.parts:
        if part.key in snapshot.get("parts", {}):
            _apply_part(shape, part, obj, snapshot["parts"][part.key], keys, on_trial_only)


def _apply_fields(shape: Shape, obj: Model, values: Row) -> None:
    for row in shape.fields():
        if row.name not in values or values[row.name] == dump(row, row.value_from_object(obj)):
            continue
        value = load(row, values[row.name])
        if isinstance(row, ForeignKey) and value is not None and not _exists(row, value):
            continue
        if row.unique and type(obj)._base_manager.filter(**{row.name: value}).exclude(pk=obj.pk).exists():
            continue
        setattr(obj, row.attname, value)
    obj.save()


def _exists(row: ForeignKey, key: Any) -> bool:
    model: Any = row.related_model
    return bool(model._base_manager.filter(pk=key).exists())


def _apply_many(obj: Model, name: str, keys: list[Any]) -> None:
    related = getattr(obj, name)
    now = set(keys_of(obj, name))
    if now != set(keys):
        related.set(related.model._base_manager.filter(pk__in=keys))


def _apply_part(shape: Shape, part: Part, obj: Model, lines: list[Row], keys: Keys, on_trial_only: bool) -> None:
    found = {row.pk: row for row in part.rows(obj.pk)}
    changed = [line for line in lines if line["id"] in found and _differs(part, line, found[line["id"]])]
    new = [line for line in lines if line["id"] not in found]
    whole = [line for line in (*changed, *new) if _is_whole(shape, part, line, keys)]
    lost = {line["id"] for line in (*changed, *new)} - {line["id"] for line in whole}
    gone = found.keys() - {line["id"] for line in lines if line["id"] not in lost}
    for line in lines:
        if line["id"] not in lost:
            keys[part.key, line["id"]] = line["id"]
    again = []
    if part.is_unique:
        # Two rows may swap their values; taken out and put back they never meet.
        again = [line for line in whole if line["id"] in found]
        part.model._base_manager.filter(pk__in=gone | {line["id"] for line in again}).delete()
    _create(shape, part, obj, again, keys, keep_keys=True)
    _create(shape, part, obj, [line for line in whole if line["id"] not in found], keys, keep_keys=on_trial_only)
    if not part.is_unique:
        for line in whole:
            if line["id"] in found:
                _filled(shape, part, obj, line, found[line["id"]], keys).save()
        if gone:
            part.model._base_manager.filter(pk__in=gone).delete()


def _create(shape: Shape, part: Part, obj: Model, lines: list[Row], keys: Keys, *, keep_keys: bool) -> None:
    """Insert rows; references among them are set when all of them have their keys."""
    if not lines:
        return
    inside = [row.name for row in part.fields() if shape.part_of(row) is part]
    made = []
    for line in lines:
        alone = {**line, **dict.fromkeys(inside)}
        made.append(_filled(shape, part, obj, alone, part.model(pk=line["id"] if keep_keys else None), keys))
    manager = part.model._base_manager
    for line, row in zip(lines, manager.bulk_create(made), strict=True):
        keys[part.key, line["id"]] = row.pk
    linked = [(line, row) for line, row in zip(lines, made, strict=True) if any(line.get(name) for name in inside)]
    if linked:
        filled = [_filled(shape, part, obj, line, row, keys) for line, row in linked]
        manager.bulk_update(filled, inside)


def _filled(shape: Shape, part: Part, obj: Model, line: Row, target: Model, keys: Keys) -> Model:
    for row in part.fields():
        inside = shape.part_of(row)
        value = line.get(row.name)
        if inside is not None and value is not None:
            value = keys.get((inside.key, value))
        setattr(target, row.attname, load(row, value))
    if "__" not in part.path:
        setattr(target, f"{part.path}_id", obj.pk)
    return target


def _differs(part: Part, line: Row, saved: Model) -> bool:
    return any(line.get(row.name) != dump(row, row.value_from_object(saved)) for row in part.fields())


def _is_whole(shape: Shape, part: Part, line: Row, keys: Keys) -> bool:
    """Whether what the row cannot do without is there: hours of a person who is gone are gone, too."""
    for row in part.fields():
        value = line.get(row.name)
        if not isinstance(row, ForeignKey) or value is None:
            continue
        inside = shape.part_of(row)
        if inside is None:
            if not _exists(row, value):
                return False
        elif inside is not part and (inside.key, value) not in keys and _must_exist(row):
            return False
    return True


def _must_exist(row: ForeignKey) -> bool:
    return row.remote_field.on_delete is CASCADE
