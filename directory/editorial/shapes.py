"""What belongs to an item with a workflow. This module knows no models, so that an app may import it early."""

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Field, ForeignKey, ManyToManyField
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that live inside an item. ``path`` leads from the row to the item, such as ``person__contact_point``.

    ``is_personal``: about a person; such rows, and rows that point to them, never enter a ``Revision``.
    """

    model: "type[Model]"
    path: str
    is_personal: bool = False

    @property
    def key(self) -> str:
        """The name of the rows in a snapshot."""
        return str(self.model._meta.model_name)

    def rows(self, pk: Any) -> "QuerySet[Any]":
        """Return the rows of one item in the order of their keys."""
        return self.model._base_manager.filter(**{self.path: pk}).order_by("pk")

    def fields(self) -> list[Field]:
        """Return what is kept of a row: all but its key and the way to the item."""
        return [row for row in self.model._meta.concrete_fields if not row.primary_key and row.name != self.path]

    @property
    def is_unique(self) -> bool:
        """Whether two rows may clash half-way through an update."""
        return any(hasattr(constraint, "fields") for constraint in self.model._meta.constraints)


@dataclass(frozen=True, slots=True)
class Shape:
    """An item with its parts, those first that others point to. ``agency_path``: as on its page of the back office.

    ``skip`` names fields that are no content: where the item stands is decided elsewhere. ``words`` says what
    the values of a list mean.
    """

    model: "type[Model]"
    parts: tuple[Part, ...] = ()
    agency_path: str | None = None
    skip: frozenset[str] = field(default_factory=lambda: frozenset({"status"}))
    words: dict[str, dict[Any, Any]] = field(default_factory=dict)

    def fields(self) -> list[Field]:
        """Return the fields that people edit; derived ones and time stamps are not among them."""
        return [
            row
            for row in self.model._meta.concrete_fields
            if row.editable and not row.primary_key and row.name not in self.skip
        ]

    def many(self) -> list[ManyToManyField]:
        """Return the relations to several rows that have no fields of their own."""
        found = self.model._meta.many_to_many
        return [row for row in found if cast("Any", row.remote_field).through._meta.auto_created]

    def part_of(self, row: Field) -> Part | None:
        """Return the part a foreign key of a part points to; None for rows outside of the item."""
        if not isinstance(row, ForeignKey):
            return None
        return next((part for part in self.parts if part.model is row.related_model), None)


_paths: list[str] = []


def register(path: str) -> None:
    """Add a shape by its dotted path ``app.module.NAME``; it is imported when first used."""
    if path not in _paths:
        _paths.append(path)


@cache
def _registered(paths: tuple[str, ...]) -> "dict[type[Model], Shape]":
    found = [cast("Shape", import_string(path)) for path in paths]
    return {shape.model: shape for shape in found}


def shapes() -> list[Shape]:
    """Return the shapes of all items with a workflow."""
    return list(_registered(tuple(_paths)).values())


def has_workflow(model: "type[Model]") -> bool:
    """Whether edits of a public row of this model wait for their release."""
    return model in _registered(tuple(_paths))


def shape_of(model: "type[Model]") -> Shape:
    """Return the shape of a model; one that simply saves is its fields and relations."""
    return _registered(tuple(_paths)).get(model) or Shape(model, skip=frozenset())
