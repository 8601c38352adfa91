"""Form fields for lists: one entry a line, checkboxes, small tables, and conditions."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.widgets import CheckboxGroup
from counseling.plain_json import is_storable, read_json

EMPTY_ROWS = 2
MAX_ROWS = 40


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(widget=forms.Textarea(attrs={"rows": 3, "cols": 80}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Return the lines without blanks around them; empty ones do not count."""
        text = super().clean(value)
        return [" ".join(line.split()) for line in text.splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the lists."""
        return bool(self.clean(data) != (initial or []))


class ChecksField(forms.MultipleChoiceField):
    """A list of keys as checkboxes."""

    def __init__(self, *, choices: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(choices=choices, label=label, required=False, widget=CheckboxGroup(legend=label), **kwargs)


class JsonField(forms.JSONField):
    """JSON that people write: shown with indents, mistakes named with their line."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"rows": 10, "cols": 80, "spellcheck": "false", "class": "vLargeTextField code"}
        super().__init__(widget=forms.Textarea(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show the stored value over several lines; what somebody typed stays as typed."""
        if isinstance(value, Mapping | list):
            return json.dumps(value, ensure_ascii=False, indent=2)
        return super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        """Say where the JSON breaks."""
        if value in self.empty_values or not isinstance(value, str) or not value.strip():
            return None
        try:
            return read_json(value)
        except json.JSONDecodeError as error:
            text = _now("Zeile %(line)d ist kein gültiges JSON. Fehlt ein Komma, eine Klammer, ein Anführungszeichen?")
            raise ValidationError(text % {"line": error.lineno}) from error
        except ValueError as error:
            raise ValidationError(_("Das lässt sich so nicht speichern.")) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Show again what was typed, also when it is no JSON."""
        return initial if self.disabled else data

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the values, not their spelling."""
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


@dataclass(frozen=True)
class Column:
    """One column of a small table; ``choices`` make it a list to choose from."""

    key: str
    label: Any
    choices: tuple[tuple[str, Any], ...] = ()
    is_number: bool = False
    is_long: bool = False


class PartsWidget(forms.Widget):
    """A table with one row an entry and a few empty ones; needs no script."""

    template_name = "admin/counseling/parts_widget.html"

    def __init__(self, columns: Iterable[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)

    def use_required_attribute(self, initial: Any) -> bool:
        """Empty rows are fine."""
        return False

    def id_for_label(self, id_: str) -> str:
        """No single control belongs to the label."""
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give every cell its name and its value."""
        context = super().get_context(name, value, attrs)
        entries = [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
        rows = [*entries, *({} for _number in range(EMPTY_ROWS))]
        context["columns"] = self.columns
        context["rows"] = [
            [
                {"column": column, "name": f"{name}-{number}-{column.key}", "value": row.get(column.key, "")}
                for column in self.columns
            ]
            for number, row in enumerate(rows)
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Collect the rows in which anything stands."""
        entries = []
        for number in range(MAX_ROWS):
            cells = {column.key: data.get(f"{name}-{number}-{column.key}", "").strip() for column in self.columns}
            entry = {column.key: self._value(column, cells[column.key]) for column in self.columns if cells[column.key]}
            if entry:
                entries.append(entry)
        return entries

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Say whether the table was not in the form at all."""
        return not any(key.startswith(f"{name}-") for key in data)

    def _value(self, column: Column, text: str) -> object:
        return int(text) if column.is_number and text.isascii() and text.isdigit() and len(text) < 4 else text


class PartsField(forms.Field):
    """A list of entries with the same few fields; the finder says what is wrong with them."""

    def __init__(self, *, columns: Iterable[Column], **kwargs: Any) -> None:
        super().__init__(required=False, widget=PartsWidget(columns), **kwargs)

    def clean(self, value: Any) -> Any:
        """Refuse characters no database holds."""
        if not is_storable(value):
            raise ValidationError(_("Das lässt sich so nicht speichern."))
        return super().clean(value) or []

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the lists."""
        return bool((data or []) != (initial or []))
