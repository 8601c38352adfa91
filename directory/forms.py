"""Turns addresses of the directory into typed values. A bad value is named and dropped, the rest counts."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from directory.contact import CHANNELS
from directory.models import Language, Stelle
from directory.places import PlaceAnswer, find_place, gazetteer
from directory.search import PointFilters
from directory.versions import derived

ANY = ("", _("egal"))


class FlagWidget(forms.CheckboxInput):
    """A checkbox that hands on what was really sent, so that nonsense can be named."""

    def format_value(self, value: Any) -> None:
        """The agreed value stands among the attributes already; a second one would be invalid HTML."""
        return

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the raw value."""
        return data.get(name)


class FlagField(forms.BooleanField):
    """True for one agreed value in the address, such as ``offen=1``."""

    def __init__(self, *, value: str, label: Any) -> None:
        self.agreed = value
        widget = FlagWidget(attrs={"value": value}, check_test=lambda given: given == value)
        super().__init__(label=label, required=False, widget=widget)

    def to_python(self, value: Any) -> bool:
        """Return whether the flag is set; another value raises ValidationError."""
        if value in (None, ""):
            return False
        if value != self.agreed:
            raise forms.ValidationError(_("Diese Auswahl kennen wir nicht."))
        return True


class PointFilterForm(forms.Form):
    """GET form of the contact points. Field names are the public parameters.

    Reads only the fields that the address names; ``whole`` has all of them, to be shown.
    """

    ort = forms.CharField(
        label=_("Dein Ort"),
        required=False,
        max_length=100,
        help_text=_("Schreib den Namen vom Ort. Er ist genauer als die Postleitzahl."),
        error_messages={"max_length": _("Das ist zu lang für einen Ort. Schreib nur seinen Namen.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-place-field": ""}),
    )
    ags = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput(attrs={"data-place-ags": ""}))
    stelle = forms.ChoiceField(label=_("Wer soll dir helfen?"), required=False, choices=[ANY, *Stelle.choices])
    weg = forms.ChoiceField(
        label=_("Wie willst du reden?"),
        required=False,
        choices=[ANY, *((value, label) for value, _field, label, _icon in CHANNELS)],
    )
    sprache = forms.ChoiceField(label=_("In welcher Sprache?"), required=False)
    offen = FlagField(value="1", label=_("jetzt offen"))
    stufenlos = FlagField(value="1", label=_("ohne Stufen"))

    def __init__(self, data: QueryDict, *, version: str, whole: bool = False) -> None:
        self.version = version
        if not whole:
            self.base_fields = {name: field for name, field in type(self).base_fields.items() if name in data}  # type: ignore[misc]
        super().__init__(data)
        if "sprache" in self.fields:
            self.fields["sprache"].choices = [ANY, *languages(version)]  # type: ignore[attr-defined]
        for name in {"stelle", "weg", "sprache"} & set(self.fields):
            self.fields[name].error_messages["invalid_choice"] = _("Diese Auswahl kennen wir nicht.")

    def clean_ags(self) -> str:
        """The key of a municipality of this county, or nothing."""
        ags = str(self.cleaned_data["ags"])
        if ags and ags not in gazetteer(self.version).by_ags:
            raise forms.ValidationError(_("Diese Gemeinde kennen wir nicht. Schreib den Namen vom Ort."))
        return ags

    def filters(self) -> tuple[PointFilters, PlaceAnswer]:
        """Return the typed selection, and what the typed place means."""
        self.is_valid()
        given = self.cleaned_data
        answer = find_place(given.get("ort", ""), version=self.version, ags=given.get("ags", ""))
        filters = PointFilters(
            place=answer.place,
            stelle=given.get("stelle", ""),
            open_now=given.get("offen", False),
            channel=given.get("weg", ""),
            step_free=given.get("stufenlos", False),
            language=given.get("sprache", ""),
        )
        return filters, answer

    def value_label(self, name: str) -> str:
        """Return the words for the chosen value of a parameter."""
        field = self.fields.get(name) or self.base_fields[name]
        labels = {str(value): str(label) for value, label in getattr(field, "choices", ())}
        return labels.get(self.data.get(name, ""), str(field.label))

    def offer_bodies(self, present: set[str]) -> None:
        """Offer only bodies that have a contact point, and the one chosen; the address still knows all."""
        kept = present | {self.data.get("stelle", "")}
        self.fields["stelle"].choices = [ANY, *((value, label) for value, label in Stelle.choices if value in kept)]  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """GET form of the place search."""

    q = forms.CharField(
        label=_("Ort oder Postleitzahl"),
        required=False,
        max_length=100,
        error_messages={"max_length": _("Das ist zu lang für einen Ort. Schreib nur seinen Namen.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def languages(version: str) -> list[tuple[str, str]]:
    """Return the languages as choices (one query when the content is new)."""
    return derived("languages", version, lambda: list(Language.objects.values_list("code", "name")))
