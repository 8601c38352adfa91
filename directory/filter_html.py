"""The filter form of contact points as HTML, prepared once per content version."""

from django.http import QueryDict
from django.template.loader import render_to_string

from directory.form_parts import form_part, given_values, open_choices, open_data
from directory.forms import PointFilterForm
from directory.parts import Html, Part, kept_part
from directory.versions import derived

TEMPLATE = "directory/_point_fields.html"


def fields_html(data: QueryDict, bodies: frozenset[str], *, version: str, is_filtered: bool) -> Html:
    """Return the fields for an address without errors; ``bodies`` are those one can choose."""
    part = kept_part("point-filters", version, (bodies, is_filtered), lambda: _prepare(bodies, is_filtered, version))
    return part.fill(given_values(PointFilterForm, data, choices_of(version)))


def choices_of(version: str) -> dict[str, list[str]]:
    """Every value of every field of choices (one query when the content is new)."""
    return derived(
        "point-choices", version, lambda: _choices(PointFilterForm(QueryDict(), version=version, whole=True))
    )


def _choices(form: PointFilterForm) -> dict[str, list[str]]:
    names = ("stelle", "weg", "sprache")
    return {name: [str(value) for value, _label in form.fields[name].choices] for name in names}  # type: ignore[attr-defined]


def _prepare(bodies: frozenset[str], is_filtered: bool, version: str) -> Part:
    data = QueryDict(mutable=True)
    for name, text in open_data(PointFilterForm).items():
        data[name] = text
    form = PointFilterForm(data, version=version, whole=True)
    form.offer_bodies(set(bodies))
    open_choices(form)
    return form_part(render_to_string(TEMPLATE, {"form": form, "is_filtered": is_filtered}))
