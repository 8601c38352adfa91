"""What differs between two states of an item: field by field, in the words of the form."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Field, ForeignKey, ManyToManyField, Model
from django.utils.formats import date_format, time_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.editorial import changes
from directory.editorial.shapes import Part, Shape, shape_of
from directory.editorial.snapshot import Row, Snapshot, load, take
from directory.editorial.wording import marked
from directory.models import Change

Names = dict[type[Model], dict[Any, str]]


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One line: ``name`` of the field or part, ``label`` in German, both texts, and one with marks at words."""

    name: str
    label: str
    before: str
    after: str
    marks: SafeString


def diff(change: Change) -> list[FieldDiff]:
    """Return what an open change would do to the item as it is saved now; of a closed one what it did."""
    model: Any = change.content_type.model_class()
    shape = shape_of(model)
    if not change.is_open:
        return differences(shape, change.base, change.snapshot)
    current = take(shape, change.object_id)
    return differences(shape, current, changes.effective(shape, change, current).snapshot)


def differences(shape: Shape, before: Snapshot, after: Snapshot) -> list[FieldDiff]:
    """Return a line for every field, relation and row inside that differs. Queries: one a model that is pointed to."""
    if not before or not after:
        return []
    names = _names(shape, before, after)
    found = []
    for row in shape.fields():
        old, new = before["fields"].get(row.name), after["fields"].get(row.name)
        if old != new:
            found.append(
                _line(row.name, str(row.verbose_name), *(in_words(shape, row, item, names) for item in (old, new)))
            )
    for relation in shape.many():
        found += _relation(relation, before, after, names)
    for part in shape.parts:
        found += _rows(shape, part, before, after, names)
    return found


def _line(name: str, label: str, before: str, after: str) -> FieldDiff:
    return FieldDiff(name, capfirst(label), before, after, marked(before, after))


def _relation(relation: ManyToManyField, before: Snapshot, after: Snapshot, names: Names) -> list[FieldDiff]:
    old, new = (set(item["many"].get(relation.name, [])) for item in (before, after))
    if old == new:
        return []
    known = names.get(_target(relation), {})
    went, came = (", ".join(sorted(known.get(key, "–") for key in keys)) for keys in (old - new, new - old))
    return [_line(relation.name, str(relation.verbose_name), went, came)]


def _rows(shape: Shape, part: Part, before: Snapshot, after: Snapshot, names: Names) -> list[FieldDiff]:
    old, new = ({line["id"]: line for line in item["parts"].get(part.key, [])} for item in (before, after))
    name = str(part.model._meta.verbose_name)
    found = []
    for key in [*old, *(key for key in new if key not in old)]:
        left, right = old.get(key), new.get(key)
        if left == right:
            continue
        texts = [row_in_words(shape, part, line, names) if line else "" for line in (left, right)]
        kind = _("neu") if left is None else _("gelöscht") if right is None else _("geändert")
        found.append(_line(part.key, f"{name} ({kind})", *texts))
    return found


def row_in_words(shape: Shape, part: Part, line: Row, names: Names) -> str:
    """Return what a row inside an item says: label and value of everything that is filled in."""
    texts = ((str(row.verbose_name), in_words(shape, row, line.get(row.name), names)) for row in part.fields())
    return ", ".join(f"{capfirst(label)}: {text}" for label, text in texts if text)


def in_words(shape: Shape, row: Field, value: Any, names: Names) -> str:
    """Return a value as people read it."""
    if value is None or value in ("", []):
        return ""
    if isinstance(row, ForeignKey):
        return names.get(_target(row), {}).get(value, "–")
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    words = {**dict(row.flatchoices), **shape.words.get(row.name, {})}
    if isinstance(value, list):
        return ", ".join(str(words.get(item, item)) for item in value)
    if value in words:
        return str(words[value])
    formats: dict[str, Callable[[Any], str]] = {
        "DateField": lambda item: date_format(item, "SHORT_DATE_FORMAT"),
        "TimeField": lambda item: time_format(item, "H:i"),
    }
    show = formats.get(row.get_internal_type())
    return show(load(row, value)) if show else str(value)


def _target(row: ForeignKey | ManyToManyField) -> type[Model]:
    return cast("type[Model]", row.related_model)


def _names(shape: Shape, *states: Snapshot) -> Names:
    """Return how the rows are called that fields, relations and parts point to."""
    wanted: dict[type[Model], set[Any]] = {}
    for state in states:
        for row in shape.fields():
            _collect(wanted, row, [state["fields"].get(row.name)])
        for relation in shape.many():
            wanted.setdefault(_target(relation), set()).update(state["many"].get(relation.name, []))
        for part in shape.parts:
            for row in part.fields():
                _collect(wanted, row, (line.get(row.name) for line in state["parts"].get(part.key, [])))
    found = {
        model: {key: str(row) for key, row in model._base_manager.in_bulk(keys).items()}
        for model, keys in wanted.items()
        if keys
    }
    for part in shape.parts:
        for state in states:
            lines = state["parts"].get(part.key, [])
            found.setdefault(part.model, {}).update({line["id"]: _name_of(line) for line in lines})
    return found


def _collect(wanted: dict[type[Model], set[Any]], row: Field, values: Iterable[Any]) -> None:
    if isinstance(row, ForeignKey):
        wanted.setdefault(_target(row), set()).update(value for value in values if value is not None)


def _name_of(line: Row) -> str:
    """What a row inside an item is called where another points to it; it may not be saved yet."""
    return str(line.get("name") or _("neu"))
