"""Rows of the database as a region folder describes them: keyed by names, not by ids."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from directory.models import (
    Agency,
    ContactPerson,
    ContactPoint,
    GlossaryTerm,
    Language,
    Locality,
    Municipality,
    NeighbourPlace,
    Page,
    SchoolHoliday,
    SynonymGroup,
)
from offers.models import LegalBasis, OccupationalField, Offer, Situation
from offers.region.table import Table

Key = tuple[str, ...]
Model = type[models.Model]

# The fields that name a row in a folder. The order is the order of writing: what is pointed at comes first.
KEY_FIELDS: dict[Model, tuple[str, ...]] = {
    Language: ("code",),
    Situation: ("slug",),
    OccupationalField: ("slug",),
    Municipality: ("ags",),
    Locality: ("municipality_id", "name", "postal_code"),
    NeighbourPlace: ("name", "county"),
    SchoolHoliday: ("name", "starts_on"),
    Agency: ("slug",),
    ContactPoint: ("slug",),
    LegalBasis: ("statute", "paragraph"),
    Offer: ("slug",),
    GlossaryTerm: ("slug",),
    Page: ("slug",),
    SynonymGroup: ("name",),
}
# A person is known by name at its contact point only.
LOCAL_KEY_FIELDS: dict[Model, tuple[str, ...]] = {ContactPerson: ("name",)}


def as_key(values: Sequence[object]) -> Key:
    """Names as key. Of a date only the year counts: corrected school holidays stay the same row."""
    return tuple(str(value.year) if isinstance(value, date) else str(value) for value in values)


def key_of(row: models.Model) -> Key:
    """The key of a row of the database."""
    fields = KEY_FIELDS.get(type(row)) or LOCAL_KEY_FIELDS[type(row)]
    return as_key([getattr(row, name) for name in fields])


@dataclass(frozen=True)
class Ref:
    """Points to a row by its key."""

    model: Model
    key: Key

    def __str__(self) -> str:
        return " / ".join(self.key)


@dataclass
class Draft:
    """A row, or a row that belongs to another one, with the place where each field stands."""

    model: Model
    table: Table
    fields: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Ref | None] = field(default_factory=dict)
    many: dict[str, list[Ref]] = field(default_factory=dict)
    parts: dict[str, list["Draft"]] = field(default_factory=dict)
    places: dict[str, tuple[Table, str]] = field(default_factory=dict)

    def put(self, table: Table, *names: str) -> None:
        """Read fields whose key in the file is the name of the field."""
        for name in names:
            self.put_as(table, name, name)

    def put_as(self, table: Table, name: str, key: str) -> None:
        """Read one field from a key with another name. Left out or empty means the field's default."""
        self.places[name] = (table, key)
        self.fields[name] = read_field(table, key, self.model._meta.get_field(name))

    def put_value(self, table: Table, name: str, key: str, value: object) -> None:
        """Set a field whose value was worked out from a key."""
        self.places[name] = (table, key)
        self.fields[name] = value

    def link(self, table: Table, name: str, key: str, model: Model) -> None:
        """Read a foreign key; "" or left out means none."""
        self.places[name] = (table, key)
        value = table.text(key)
        self.links[name] = Ref(model, (value,)) if value else None

    def link_many(self, table: Table, name: str, key: str, model: Model) -> None:
        """Read a many-to-many field."""
        self.places[name] = (table, key)
        self.many[name] = [Ref(model, (value,)) for value in table.words(key)]

    def problem(self, name: str, message: str) -> None:
        """Note what is wrong with a field, at the place where it stands."""
        table, key = self.places.get(name, (self.table, ""))
        table.problem(key, message)

    @property
    def key(self) -> Key:
        """The key of the row; only for models with a key."""
        names = (name.removesuffix("_id") for name in KEY_FIELDS[self.model])
        values: list[object] = []
        for name in names:
            ref = self.links.get(name)
            values.append(ref.key[0] if ref else self.fields.get(name, ""))
        return as_key(values)

    def check(self) -> None:
        """Run the model's own validation, here and in the parts, except what needs other rows."""
        row = self.model(**self.fields)
        left_out = {item.name for item in self.model._meta.concrete_fields} - set(self.fields)
        found = [_refusal(row.clean_fields, exclude=left_out), _refusal(row.clean)]
        found += [
            _refusal(_check_length, self.model._meta.get_field(name), value) for name, value in self.fields.items()
        ]
        # A rule over several fields says nothing when one of them could not even be read.
        if not any(found) and not any(table.has_problem(key) for table, key in self.places.values()):
            found += [
                _refusal(constraint.validate, self.model, row, exclude=left_out)  # type: ignore[attr-defined]
                for _, constraints in row.get_constraints()
                for constraint in constraints
                if isinstance(constraint, models.CheckConstraint)
            ]
        for error in filter(None, found):
            self._note(error)
        for part in chain.from_iterable(self.parts.values()):
            part.check()

    def _note(self, error: ValidationError) -> None:
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in by_field.items():
            table, key = self.places.get(name, (self.table, ""))
            # What could not be read is noted already; that it is now empty is no news.
            if not table.has_problem(key):
                for message in messages:
                    table.problem(key, message)


def _refusal(check: Callable[..., object], *args: object, **options: object) -> ValidationError | None:
    try:
        check(*args, **options)
    except ValidationError as error:
        return error
    return None


def _check_length(item: Any, value: object) -> None:
    """Django checks the length of a TextField in forms only."""
    if isinstance(item, models.TextField) and item.max_length and len(str(value)) > item.max_length:
        raise ValidationError({item.name: f"{len(str(value))} Zeichen; höchstens {item.max_length} sind erlaubt."})


def read_field(table: Table, key: str, item: Any) -> Any:
    """Read a key as what the model field holds."""
    default = item.get_default() if item.has_default() else ("" if not item.null else None)
    if not table.has(key):
        return default
    if item.choices and isinstance(item, models.CharField):
        return table.choice(key, [value for value, _ in item.flatchoices], default or "")
    if isinstance(item, models.BooleanField):
        return table.flag(key)
    if isinstance(item, models.IntegerField):
        return table.whole(key)
    if isinstance(item, models.FloatField):
        return table.number(key)
    if isinstance(item, models.DecimalField):
        return table.amount(key)
    if isinstance(item, models.DateField):
        return table.day(key)
    if isinstance(item, models.TimeField):
        return table.clock(key)
    return table.text(key)
