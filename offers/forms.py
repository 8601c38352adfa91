"""Turns the address of the list into typed filters. A bad value is named and dropped, the rest counts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from directory.forms import FlagField
from directory.models import Language
from directory.places import PlaceAnswer, find_place
from directory.versions import derived
from offers.filters import OfferFilters
from offers.models import Certificate, Decider, OfferKind, Situation

RADII = (5, 10, 20, 30, 50)
SORTS = [("passend", _("passend zuerst")), ("nah", _("nah zuerst")), ("neu", _("neu zuerst"))]
# Reha is a team of the Agentur: one choice for both, the address still knows it.
DECIDER_CHOICES = [(value, label) for value, label in Decider.choices if value != Decider.AGENTUR_REHA]
UNKNOWN_LABELS = {
    "alter": _("Alter nicht bekannt"),
    "abschluss": _("Abschluss nicht bekannt"),
    "ort": _("Ort nicht bekannt"),
    "kosten": _("Kosten nicht bekannt"),
    "antrag": _("Antrag nicht bekannt"),
    "sprache": _("Sprache nicht bekannt"),
}
ANY = ("", _("egal"))
# The words to choose from come while typing (js/suggest.js); no history of a shared device beside them.
SUGGESTING = {
    "list": "suchwoerter",
    "autocomplete": "off",
    "enterkeyhint": "search",
    "data-suggest": reverse_lazy("search_suggestions"),
}

Choices = list[tuple[str, Any]]


def all_choices(version: str) -> dict[str, Choices]:
    """The choices of every field, by its name; situations and languages take two queries when the content is new."""
    return derived(
        "offer-vocabulary",
        version,
        lambda: {
            "umkreis": [(str(km), format_lazy("{} km", km)) for km in RADII],
            "abschluss": list(Certificate.choices),
            "situation": list(Situation.objects.values_list("slug", "label")),
            "art": list(OfferKind.choices),
            "stelle": list(DECIDER_CHOICES),
            "sprache": list(Language.objects.values_list("code", "name")),
            "offen": list(UNKNOWN_LABELS.items()),
        },
    )


class OfferFilterForm(forms.Form):
    """GET form of the list. Field names are the public parameters.

    Reads only the fields that the address names; ``whole`` has all of them, to be shown.
    """

    # No limit of its own: what is too long is cut with a notice, never refused.
    q = forms.CharField(label=_("Suchwort"), required=False, widget=forms.SearchInput(attrs=SUGGESTING))
    genau = FlagField(value="1", label=_("genau so suchen"))
    ort = forms.CharField(
        label=_("Dein Ort"),
        required=False,
        max_length=100,
        help_text=_("Schreib den Namen vom Ort. Er ist genauer als die Postleitzahl."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-place-field": ""}),
    )
    ags = forms.RegexField(r"^[0-9]{8}$", required=False, widget=forms.HiddenInput(attrs={"data-place-ags": ""}))
    umkreis = forms.ChoiceField(label=_("Wie weit weg?"), required=False)
    alter = forms.IntegerField(
        label=_("Wie alt bist du?"),
        required=False,
        min_value=0,
        max_value=99,
        error_messages={"invalid": _("Schreib dein Alter als Zahl, zum Beispiel 16.")},
        # Not type=number: a browser throws away what is no number, and nobody sees what to mend.
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "3"}),
    )
    abschluss = forms.ChoiceField(label=_("Dein Schulabschluss"), required=False)
    situation = forms.ChoiceField(label=_("Was passt zu dir?"), required=False)
    art = forms.MultipleChoiceField(label=_("Was suchst du?"), required=False, widget=forms.CheckboxSelectMultiple)
    stelle = forms.ChoiceField(label=_("Wer entscheidet?"), required=False)
    kosten = FlagField(value="frei", label=_("kostet nichts"))
    ohne_antrag = FlagField(value="1", label=_("geht ohne Antrag"))
    online = FlagField(value="1", label=_("geht online oder am Telefon"))
    bald = FlagField(value="1", label=_("beginnt bald oder hat bald eine Frist"))
    sprache = forms.ChoiceField(label=_("Hilfe in dieser Sprache"), required=False)
    offen = forms.MultipleChoiceField(
        label=_("Auch Angebote zeigen, bei denen wir etwas nicht wissen?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sort = forms.ChoiceField(label=_("Sortieren"), required=False, choices=SORTS)

    def __init__(self, data: QueryDict | dict[str, Any], *, version: str, whole: bool = False) -> None:
        self.version = version
        if not whole:
            # Copying twenty fields and asking each for nothing takes longer than all the rest of reading.
            self.base_fields = {name: field for name, field in type(self).base_fields.items() if name in data}  # type: ignore[misc]
        super().__init__(data)
        self.base = all_choices(version)
        for name, choices in self.base.items():
            if name in self.fields:
                self._set_choices(name, choices)

    def _set_choices(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        field.error_messages["invalid_choice"] = _("Diese Auswahl kennen wir nicht. Wähl bitte eine aus der Liste.")
        several = isinstance(field, forms.MultipleChoiceField)
        field.choices = choices if several else [ANY, *choices]  # type: ignore[attr-defined]

    def clean_q(self) -> str:
        """One line of text."""
        return " ".join(str(self.cleaned_data["q"]).split())

    def filters(self) -> tuple[OfferFilters, PlaceAnswer]:
        """Return the typed selection, and what the typed place means."""
        self.is_valid()
        given = self.cleaned_data
        answer = find_place(given.get("ort", ""), version=self.version, ags=given.get("ags", ""))
        filters = OfferFilters(
            text=given.get("q", ""),
            literal=given.get("genau", False),
            kinds=tuple(given.get("art", ())),
            decider=given.get("stelle", ""),
            age=given.get("alter"),
            certificate=given.get("abschluss", ""),
            situation=given.get("situation", ""),
            place=answer.place,
            radius_km=int(given["umkreis"]) if given.get("umkreis") and answer.place else None,
            is_free=given.get("kosten", False),
            without_application=given.get("ohne_antrag", False),
            is_remote=given.get("online", False),
            language=given.get("sprache", ""),
            starts_soon=given.get("bald", False),
            include_unknown=frozenset(given.get("offen", ())),
            sort=given.get("sort") or "passend",
        )
        return filters, answer

    def show_counts(self, counts: Mapping[str, Mapping[str, object]]) -> None:
        """Write the true count behind every choice; unknown facts are offered only where they matter."""
        for name, choices in self.base.items():
            known = counts.get(name, {})
            labelled = [(value, format_lazy("{} ({})", label, known.get(value, 0))) for value, label in choices]
            if name == "offen":
                labelled = [(value, label) for value, label in labelled if value in known]
            self._set_choices(name, labelled)
        for name in ("kosten", "ohne_antrag", "online", "bald"):
            # Validation has bound the fields already, and a bound field keeps its own copy of the label.
            bound = self[name]
            bound.label = format_lazy("{} ({})", bound.label, counts.get(name, {}).get("1", 0))
