"""Text fields that say beside themselves how hard their text is: while it is typed, and after saving."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.db.models import Model
from django.forms.widgets import Script
from django.urls import reverse

from directory.checklist import readers_of
from directory.views.reading import MAX_LENGTH, reading_context


class Measured:
    """What a text field needs to have a place for what is found in its text. Without script saving fills it."""

    template_name = "admin/checklist/measured_text.html"
    plain_template: str

    class Media:
        js = [Script("js/reading.js", type="module")]

    def __init__(self, *, reader: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)  # type: ignore[call-arg]
        self.reader = reader

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add what is found in the text as it stands in the field now."""
        context = super().get_context(name, value, attrs)  # type: ignore[misc]
        text = str(value or "")[:MAX_LENGTH]
        own = {"reader": self.reader, "url": reverse("admin:reading"), "plain_template": self.plain_template}
        return {**context, **reading_context(text, self.reader), **own}


class MeasuredTextarea(Measured, AdminTextareaWidget):
    """A field of several lines."""

    plain_template = "django/forms/widgets/textarea.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the text with the line ends it is stored with; a browser sends others, and that is no change."""
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class MeasuredTextInput(Measured, AdminTextInputWidget):
    """A field of one line, as in the rows inside a page."""

    plain_template = "django/forms/widgets/text.html"


def measured(form: type[forms.ModelForm], model: type[Model], obj: Any) -> type[forms.ModelForm]:
    """Give the texts of a form that somebody will read the field that measures them; return the form."""
    for name, reader in readers_of(model, obj).items():
        field = form.base_fields.get(name)
        if field is not None and isinstance(field.widget, forms.Textarea):
            field.widget = MeasuredTextarea(reader=reader, attrs=field.widget.attrs)
        elif field is not None and type(field.widget) is AdminTextInputWidget:
            field.widget = MeasuredTextInput(reader=reader, attrs=field.widget.attrs)
    return form
