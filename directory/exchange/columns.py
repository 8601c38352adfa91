"""Columns of a spreadsheet: how each value of a record is shown, read, compared and stored."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.exchange.known import Known, Names
from directory.exchange.values import (
    CellProblem,
    empty_value,
    join_list,
    quoted,
    read_choice,
    read_field,
    show_field,
    split_list,
    stored_field,
)

Value = Any


class Column:
    """One column. ``synonyms`` are other heads under which people have it; ``fields`` what a refusal may name."""

    is_info = False  # shown in exports, never read
    fields: tuple[str, ...] = ()

    def __init__(self, name: str, label: Any, *synonyms: str) -> None:
        self.name, self._label, self.synonyms = name, label, synonyms

    @property
    def label(self) -> str:
        """The head of the column in German."""
        return capfirst(str(self._label))

    def stored(self, row: Any) -> Value:
        """Return the value a record has, comparable with what ``read`` returns."""
        raise NotImplementedError

    def show(self, value: Value, known: Known) -> str:
        """Return a value as text of a cell."""
        raise NotImplementedError

    def read(self, text: str, known: Known, row: Any) -> Value:
        """Return the value a cell brings to a record. Raises CellProblem."""
        raise NotImplementedError

    def empty(self) -> Value:
        """Return the value that says that there is none. Raises CellProblem where there must be one."""
        raise NotImplementedError

    def both(self, one: Value, other: Value) -> Value:
        """Return what two records have together; None where a value can only be one or the other."""
        return None

    def put(self, row: Any, value: Value) -> None:
        """Set it on a record that will be saved afterwards."""

    def tie(self, row: Any, value: Value) -> None:
        """Store what hangs on a saved record."""


class InfoColumn(Column):
    """Leaves with an export and is left out when it comes back."""

    is_info = True

    def __init__(self, name: str, label: Any, text: Callable[[Any], str], *synonyms: str) -> None:
        super().__init__(name, label, *synonyms)
        self.text = text

    def stored(self, row: Any) -> Value:
        """Return the text itself."""
        return self.text(row)

    def show(self, value: Value, known: Known) -> str:
        """Return the text itself."""
        return str(value)


class FieldColumn(Column):
    """A field of the record."""

    def __init__(self, model: Any, name: str, *synonyms: str, label: Any = None) -> None:
        self.field = model._meta.get_field(name)
        super().__init__(name, label or self.field.verbose_name, *synonyms)
        self.fields = (name,)

    def stored(self, row: Any) -> Value:
        """Return the field's value, texts in one spelling."""
        return stored_field(row, self.field)

    def show(self, value: Value, known: Known) -> str:
        """Return it as people write it."""
        return show_field(value, self.field)

    def read(self, text: str, known: Known, row: Any) -> Value:
        """Read it as people write it."""
        return read_field(text, self.field)

    def empty(self) -> Value:
        """Return the field's default; the record's own check says where there must be a value."""
        return empty_value(self.field)

    def put(self, row: Any, value: Value) -> None:
        """Set the field."""
        setattr(row, self.field.attname, value)


class PostcodeColumn(FieldColumn):
    """Five digits; spreadsheets drop a zero in front."""

    def read(self, text: str, known: Known, row: Any) -> Value:
        """Put the zero back."""
        digits = text.removeprefix("D-").strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) in (4, 5)):
            raise CellProblem(_("%(text)s passt nicht. Gebraucht werden fünf Ziffern.") % {"text": quoted(text)})
        return digits.zfill(5)


class LinkColumn(FieldColumn):
    """Points at one row by its name."""

    def __init__(self, model: Any, name: str, names: Names, *synonyms: str, label: Any = None) -> None:
        super().__init__(model, name, *synonyms, label=label)
        self.names = names

    def show(self, value: Value, known: Known) -> str:
        """Return the name."""
        return "" if value is None else known.show(self.names, value)

    def read(self, text: str, known: Known, row: Any) -> Value:
        """Find the row by name or short name."""
        return known.find(self.names, text, also=[getattr(row, self.field.attname)])

    def empty(self) -> Value:
        """Return none."""
        return None


class OwnerColumn(LinkColumn):
    """Whose the record is: within one's own agency there is no choice."""

    def read(self, text: str, known: Known, row: Any) -> Value:
        """Find the agency; another one than one's own is unknown."""
        pk = known.find(self.names, text)
        if not known.reach.everything and pk != known.reach.agency:
            raise CellProblem(_("Hier steht immer Ihre eigene Stelle."))
        return pk


class ManyColumn(Column):
    """Points at several rows by name."""

    def __init__(self, model: Any, name: str, names: Names, *synonyms: str, label: Any = None) -> None:
        self.field = model._meta.get_field(name)
        super().__init__(name, label or self.field.verbose_name, *synonyms)
        self.names = names

    def stored(self, row: Any) -> Value:
        """Return the keys; a record that is not saved yet has none."""
        return frozenset(item.pk for item in getattr(row, self.name).all()) if row.pk else frozenset()

    def show(self, value: Value, known: Known) -> str:
        """Return the names."""
        return join_list(known.show_all(self.names, value))

    def read(self, text: str, known: Known, row: Any) -> Value:
        """Find every row by name or short name."""
        tied = self.stored(row)
        return frozenset(known.find(self.names, entry, also=tied) for entry in split_list(text))

    def empty(self) -> Value:
        """Return none."""
        return frozenset()

    def both(self, one: Value, other: Value) -> Value:
        """Return all of them."""
        return one | other

    def tie(self, row: Any, value: Value) -> None:
        """Replace the rows."""
        getattr(row, self.name).set(value)


class ChoicesColumn(Column):
    """Several of a few fixed words, kept as a list in one field."""

    def __init__(self, model: Any, name: str, choices: Sequence[tuple[str, Any]], *synonyms: str) -> None:
        self.field = model._meta.get_field(name)
        super().__init__(name, self.field.verbose_name, *synonyms)
        self.choices, self.fields = choices, (name,)

    def stored(self, row: Any) -> Value:
        """Return the values in the order of the choices."""
        return self._ordered(getattr(row, self.name))

    def show(self, value: Value, known: Known) -> str:
        """Return the labels."""
        return join_list(str(dict(self.choices)[item]) for item in value)

    def read(self, text: str, known: Known, row: Any) -> Value:
        """Read labels or values."""
        return self._ordered([read_choice(entry, self.choices) for entry in split_list(text)])

    def empty(self) -> Value:
        """Return none."""
        return []

    def put(self, row: Any, value: Value) -> None:
        """Set the list."""
        setattr(row, self.name, value)

    def _ordered(self, values: Iterable[str]) -> list[str]:
        chosen = set(values)
        return [value for value, _label in self.choices if value in chosen]


class FlagsColumn(Column):
    """Several yes-or-no fields in one cell: those that are named are yes, the others no."""

    def __init__(self, model: Any, name: str, label: Any, fields: Sequence[str], *synonyms: str) -> None:
        super().__init__(name, label, *synonyms)
        self.fields = tuple(fields)
        self.choices = [(field, model._meta.get_field(field).verbose_name) for field in fields]

    def stored(self, row: Any) -> Value:
        """Return the fields that are yes."""
        return [name for name in self.fields if getattr(row, name)]

    def show(self, value: Value, known: Known) -> str:
        """Return their names."""
        return join_list(str(dict(self.choices)[name]) for name in value)

    def read(self, text: str, known: Known, row: Any) -> Value:
        """Read names of fields; commas are as good as semicolons here."""
        chosen = {read_choice(entry, self.choices) for entry in split_list(text.replace(",", ";"))}
        return [name for name in self.fields if name in chosen]

    def empty(self) -> Value:
        """Return none."""
        return []

    def put(self, row: Any, value: Value) -> None:
        """Set all the fields."""
        for name in self.fields:
            setattr(row, name, name in value)
