"""The form for handing over: to whom, what for, and which of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from counseling.about import LABELS, About
from counseling.actions.handover import ABOUT_FIELDS, MESSAGES
from counseling.models import AgeBand, Consent, Enquiry
from directory.models import Agency


class HandoverForm(forms.Form):
    """Nothing is ticked beforehand; nothing moves before the person says yes."""

    target = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("An welche Stelle?"),
        to_field_name="slug",
        help_text=_("Nur Stellen, in denen gerade jemand Anfragen liest."),
    )
    recipient = forms.CharField(
        label=_("Wer liest es dort?"),
        max_length=80,
        help_text=_("Eine Funktion oder Person, zum Beispiel „Berufsberatung“. Nicht die ganze Behörde."),
    )
    purpose = forms.CharField(
        label=_("Wozu?"),
        max_length=300,
        help_text=_("In du-Form. Die Person liest diesen Satz, zum Beispiel „Damit sie dir freie Plätze zeigen.“"),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    fields_chosen = forms.MultipleChoiceField(
        label=_("Was wird weitergegeben?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte ankreuzen, was weitergegeben wird.")},
    )
    channel = forms.ChoiceField(label=_("Wie fragen wir?"), choices=Consent.Channel.choices)

    def __init__(self, *args: Any, enquiry: Enquiry, about: About, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = agencies  # type: ignore[attr-defined]
        said = [(name, LABELS[name]) for name in ABOUT_FIELDS if getattr(about, name)]
        self.fields["fields_chosen"].choices = [(MESSAGES, _("was die Person geschrieben hat")), *said]  # type: ignore[attr-defined]
        if about.age_band == AgeBand.UNDER_15:
            channel: Any = self.fields["channel"]
            channel.choices = [choice for choice in Consent.Channel.choices if choice[0] != Consent.Channel.ONLINE]
            channel.help_text = _("Unter 15: Das besprechen wir persönlich, nicht auf der Seite.")
