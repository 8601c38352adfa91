"""Filter forms as parts: rendered once by their widgets, and filled with what a visitor has typed and chosen.

Widgets render slowly, and a filter form has sixty choices. So it is rendered with a hole wherever an
address changes it: the text in a field, the mark of a chosen choice, the count behind a label. Only for
an address without errors; a form that has something to say about them is rendered anew.
"""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html

from directory.parts import Part, hole

CHOICES = (forms.Select, forms.CheckboxSelectMultiple)
# With the space or the attribute around it: an empty hole leaves nothing behind.
_WITH_FRAME = re.compile(
    " ({})|".format(hole("mark.X").replace("X", r"[\w.-]*?"))
    + ' value="({})"'.format(hole("text.X").replace("X", r"[\w.-]*?"))
)


def open_data(form: type[forms.Form]) -> dict[str, str]:
    """Return data that shows a hole in every text field and chooses nothing."""
    texts = [name for name, field in form.base_fields.items() if not _is_choice(field)]
    return {name: hole(f"text.{name}") for name in texts}


def open_choices(form: forms.Form) -> forms.Form:
    """Put a hole behind every choice of a form made with ``open_data``, and return it. Nothing is checked: nobody has typed a hole."""
    form._errors = forms.utils.ErrorDict()  # type: ignore[attr-defined]
    for name, field in form.fields.items():
        if isinstance(field.widget, CHOICES):
            _open_options(name, field.widget)
        elif _is_choice(field):
            _open_box(name, field.widget)
    return form


def form_part(rendered: str) -> Part:
    """Return the rendered form as a part. Holes: ``text.<field>``, ``mark.<field>.<value>`` and the caller's own."""
    return Part(_WITH_FRAME.sub(lambda hit: hit[1] or hit[2], rendered))


def given_values(form: type[forms.Form], data: QueryDict, choices: Mapping[str, Any]) -> dict[str, Any]:
    """Return what fills the holes for an address that has no errors. ``choices``: values by field, chosen or not."""
    values: dict[str, Any] = {}
    for name, field in form.base_fields.items():
        if isinstance(field.widget, forms.CheckboxSelectMultiple):
            chosen = data.getlist(name)
            values |= {f"mark.{name}.{value}": " checked" if value in chosen else "" for value in choices[name]}
        elif isinstance(field.widget, forms.Select):
            one = data.get(name) or ""
            values |= {f"mark.{name}.{value}": " selected" if value == one else "" for value in choices[name]}
        elif _is_choice(field):
            values[f"mark.{name}"] = " checked" if field.widget.check_test(data.get(name)) else ""
        else:
            text = data.get(name)
            values[f"text.{name}"] = format_html(' value="{}"', text) if text else ""
    return values


def _is_choice(field: forms.Field) -> bool:
    return isinstance(field.widget, (*CHOICES, forms.CheckboxInput))


def _open_options(name: str, widget: Any) -> None:
    make = widget.create_option

    def create_option(field: str, value: object, *rest: Any, **more: Any) -> dict[str, Any]:
        option: dict[str, Any] = make(field, value, *rest, **more)
        marks = ("selected", "checked")
        option["attrs"] = {key: said for key, said in option["attrs"].items() if key not in marks}
        option["attrs"][hole(f"mark.{name}.{value}")] = True
        return option

    widget.create_option = create_option


def _open_box(name: str, widget: Any) -> None:
    make = widget.get_context

    def get_context(field: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = make(field, None, {**(attrs or {}), hole(f"mark.{name}"): True})
        return context

    widget.get_context = get_context
