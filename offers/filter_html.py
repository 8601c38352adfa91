"""The filter form of the list as HTML: prepared once per content version, filled with the counts of an address."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string

from directory.form_parts import form_part, given_values, open_choices, open_data
from directory.parts import Html, Part, hole, kept_part
from offers.forms import ANY, SORTS, OfferFilterForm, all_choices

Counts = Mapping[str, Mapping[str, int]]
TEMPLATE = "offers/_filter_fields.html"
FLAGS = ("kosten", "ohne_antrag", "online", "bald")


def fields_html(data: QueryDict, counts: Counts, *, version: str, has_place: bool) -> Html:
    """Return the fields for an address without errors, with the true number behind every choice."""
    asked = tuple(counts["offen"])
    has_key = bool(data.get("ags"))
    part = kept_part(
        "offer-filters", version, (asked, has_place, has_key), lambda: _prepare(asked, has_place, has_key, version)
    )
    choices = _values(version)
    numbers = {f"count.{name}.{value}": 0 for name, values in choices.items() for value in values}
    for name, known in counts.items():
        numbers |= {f"count.{name}.{value}": number for value, number in known.items()}
    place = {"place_text": data.get("ort") or "", "ags": data.get("ags") or ""}
    return part.fill({**given_values(OfferFilterForm, data, choices), **numbers, **place})


def whole_context(form: OfferFilterForm, counts: Counts, *, has_place: bool) -> dict[str, Any]:
    """What the template of the fields needs to show a form as it is, with its errors."""
    return {
        "form": form,
        "place_text": form["ort"].value() or "",
        "ags": form["ags"].value() or "",
        "has_place": has_place or bool(form["umkreis"].errors),
        "asks_unknown": bool(counts["offen"]),
        "is_open": bool(form.errors),
    }


def _values(version: str) -> dict[str, list[str]]:
    found = {name: [value for value, _label in choices] for name, choices in all_choices(version).items()}
    for name in ("umkreis", "abschluss", "situation", "stelle", "sprache"):
        found[name] = [ANY[0], *found[name]]
    return found | {"sort": [value for value, _label in SORTS]} | {name: ["1"] for name in FLAGS}


def _prepare(asked: tuple[str, ...], has_place: bool, has_key: bool, version: str) -> Part:
    form = OfferFilterForm(open_data(OfferFilterForm), version=version, whole=True)
    shown = {**_values(version), "offen": asked}
    form.show_counts({name: {one: hole(f"count.{name}.{one}") for one in values} for name, values in shown.items()})
    open_choices(form)
    context = whole_context(form, {"offen": dict.fromkeys(asked, 0)}, has_place=has_place)
    context |= {"place_text": hole("place_text"), "ags": hole("ags") if has_key else ""}
    return form_part(render_to_string(TEMPLATE, context))
