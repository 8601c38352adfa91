"""The publish checklist as a list to look at: every kind of question, with what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.text import capfirst

from directory.checklist import KINDS, REASON, SEVERITIES, STOP, Finding, findings, items


@dataclass(frozen=True, slots=True)
class Place:
    """A finding with the name of its field and where it stands in the form."""

    point: Finding
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of question; ``severity`` is that of the gravest point, empty when all is well."""

    kind: str
    label: Promise
    severity: str
    points: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole list of one record."""

    rows: tuple[Row, ...]

    @property
    def is_stopped(self) -> bool:
        """Whether something keeps the record from becoming public."""
        return any(row.severity == STOP for row in self.rows)

    @property
    def needs_reason(self) -> bool:
        """Whether publishing needs a written reason."""
        return any(row.severity == REASON for row in self.rows)


def overview(obj: Any, *, on: date) -> Overview | None:
    """Return the list of a record; None for records without one. A few queries."""
    listed = [kind for item in items() if item.check and isinstance(obj, item.model) for kind in item.kinds]
    if not listed:
        return None
    found = findings(obj, on=on)
    return Overview(tuple(_row(kind, obj, found) for kind in KINDS if kind in {*listed, *(p.kind for p in found)}))


def places(obj: Any, found: Sequence[Finding]) -> tuple[Place, ...]:
    """Return findings with the names of their fields, for any page that lists them."""
    return tuple(Place(point, *_name_and_anchor(type(obj), point.field)) for point in found)


def _row(kind: str, obj: Any, found: list[Finding]) -> Row:
    points = [point for point in found if point.kind == kind]
    severity = min((point.severity for point in points), key=SEVERITIES.index, default="")
    return Row(kind, KINDS[kind], severity, places(obj, points))


def _name_and_anchor(model: type[Model], name: str) -> tuple[str, str]:
    """Return the German name of a field or of the rows inside a record, and its place in the form of the back office."""
    if not name:
        return "", ""
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return "", ""
    if field.auto_created:
        return capfirst(str(field.related_model._meta.verbose_name_plural)), f"{name}-group"
    return capfirst(str(field.verbose_name)), f"id_{name}"
