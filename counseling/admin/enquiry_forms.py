"""Forms of the desk: answer, note, who works on it, how it ended."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from counseling.actions.desk import colleagues
from counseling.models import Booking, Enquiry, TextBlock
from directory.models import ContactPoint

LONGEST = 4000
VISIT_WITHIN = timedelta(days=60)


class PersonField(forms.ModelChoiceField):
    """A counsellor, by the name of the login."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the login."""
        return str(obj.get_username())


class AnswerForm(forms.Form):
    """An answer or a question, with ready-made sentences to set in."""

    text = forms.CharField(
        label=_("Text an die Person"),
        max_length=LONGEST,
        help_text=_("In du-Form, kurz. Keine Links zu fremden Diensten, keine Daten anderer Menschen."),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
    )
    block = forms.ModelChoiceField(TextBlock.objects.none(), label=_("Textbaustein"), required=False)
    point = forms.ModelChoiceField(
        ContactPoint.objects.none(),
        label=_("Anlaufstelle nennen"),
        required=False,
        to_field_name="slug",
        help_text=_("Verweis: Die Person meldet sich dort selbst. Es gehen keine Daten weiter."),
    )

    def __init__(self, *args: Any, enquiry: Enquiry, points: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["block"].queryset = TextBlock.objects.filter(agency_id=enquiry.agency_id)  # type: ignore[attr-defined]
        self.fields["point"].queryset = points  # type: ignore[attr-defined]


class VisitForm(forms.Form):
    """When and where somebody could come by."""

    point = forms.ModelChoiceField(ContactPoint.objects.none(), label=_("Wo?"), to_field_name="slug")
    day = forms.DateField(label=_("Tag"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    time = forms.TimeField(label=_("Uhrzeit"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))

    def __init__(self, *args: Any, points: Iterable[ContactPoint], today: date, first: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [point.pk for point in points]
        doors = ContactPoint.objects.filter(pk__in=keys).order_by("name")
        self.fields["point"].queryset = doors  # type: ignore[attr-defined]
        self.fields["point"].initial = next((row.slug for row in doors if row.pk == first or len(keys) == 1), None)
        self.today = today

    def clean_day(self) -> date:
        """Not yesterday, and not next year."""
        day: date = self.cleaned_data["day"]
        if not self.today <= day <= self.today + VISIT_WITHIN:
            raise forms.ValidationError(_("Bitte ein Tag von heute an, höchstens in 60 Tagen."))
        return day


class NoteForm(forms.Form):
    """A note for colleagues that the person may read as well."""

    text = forms.CharField(
        label=_("Notiz"),
        max_length=LONGEST,
        help_text=_("Die Person kann diese Notiz mit ihrem Code lesen."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    """Why somebody reads who does not work on it."""

    reason = forms.CharField(
        label=_("Grund"),
        max_length=500,
        help_text=_("Der Grund wird gespeichert. Die Person kann ihn mit ihrem Code lesen."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


class AssignForm(forms.Form):
    """Who works on it, and who stands in."""

    to = PersonField(User.objects.none(), label=_("Bearbeitet"), required=False, empty_label=_("niemand"))
    deputy = PersonField(User.objects.none(), label=_("Vertretung"), required=False, empty_label=_("niemand"))

    def __init__(self, *args: Any, enquiry: Enquiry | Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(pk__in=[person.pk for person in colleagues(enquiry)]).order_by("username")
        for name in ("to", "deputy"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nobody stands in for themselves."""
        data = super().clean() or self.cleaned_data
        if data.get("deputy") and data.get("deputy") == data.get("to"):
            self.add_error("deputy", _("Die Vertretung ist eine andere Person."))
        return data


class CloseForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(
        label=_("Ausgang"),
        choices=[choice for choice in Enquiry.Outcome.choices if choice[0] not in ("silent", "withdrawn")],
    )
