"""Forms of an enquiry and of its code page. Required are a message or a card, and one way to be answered."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.open_forms import Stamps
from counseling.codes import MAX_TYPED, new_token
from counseling.models import HARMLESS_TOPICS, AgeBand, Topic
from counseling.reach_form import QUIET, TOO_LONG, ReachForm
from counseling.sentences import choices, composed, topic_of
from directory.places import gazetteer

LONGEST = 4000
STAMPS = Stamps("counseling.enquiry", longest=timedelta(hours=12))


def signed_token(*, at: datetime) -> str:
    """Return the token of a new form, with the time it was opened."""
    return STAMPS.new(new_token(), at=at)


class AddressForm(forms.Form):
    """What a link to the form may say: whom, from which door, about what. Nonsense counts as not said."""

    stelle = forms.CharField(required=False, max_length=60)
    bei = forms.CharField(required=False, max_length=60)
    thema = forms.CharField(required=False, max_length=20)

    def value(self, name: str) -> str:
        """Return what was said, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def topic(self) -> str:
        """The topic of the link; sensitive ones never stand in an address."""
        return self.value("thema") if self.value("thema") in HARMLESS_TOPICS else ""


class EnquiryForm(ReachForm):
    """What one may say. Nothing here is kept by the browser."""

    message = forms.CharField(
        label=_("Deine Nachricht"),
        required=False,
        max_length=LONGEST,
        help_text=_("Schreib, wie du redest. Nenn keine Namen, auch nicht deinen vollen Namen."),
        widget=forms.Textarea(attrs={"rows": 7, **QUIET}),
        error_messages={"max_length": TOO_LONG},
    )
    cards = forms.MultipleChoiceField(
        label=_("Sätze zum Auswählen"),
        required=False,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Diesen Satz kennen wir nicht. Wähl bitte noch einmal.")},
    )
    call_when = forms.CharField(
        label=_("Wann passt es dir?"),
        required=False,
        max_length=80,
        help_text=_("Zum Beispiel: Dienstag zwischen 15 und 17 Uhr."),
        widget=forms.TextInput(attrs=QUIET),
        error_messages={"max_length": TOO_LONG},
    )
    age_band = forms.ChoiceField(
        label=_("Wie alt bist du?"),
        required=False,
        choices=[(AgeBand.NOT_SAID.value, AgeBand.NOT_SAID.label), *AgeBand.choices[:-1]],
        error_messages={"invalid_choice": _("Wähl dein Alter bitte noch einmal.")},
    )
    municipality = forms.ChoiceField(
        label=_("Wo wohnst du?"),
        required=False,
        error_messages={"invalid_choice": _("Wähl deine Gemeinde bitte noch einmal.")},
    )
    field_order = ("message", "cards", "way", "email", "phone", "call_when")

    def __init__(self, data: QueryDict | None = None, *, version: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        names = [(place.name, place.name) for place in gazetteer(version).municipalities]
        self.fields["municipality"].choices = [("", _("Sag ich nicht")), *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Put the sentences together."""
        data = super().clean() or self.cleaned_data
        data["text"] = composed(data.get("message", ""), data.get("cards", ()))
        if not data["text"].strip() and not {"message", "cards"} & set(self.errors):
            self.add_error("message", _("Schreib uns kurz, was los ist. Oder wähl einen Satz aus."))
        elif len(data["text"]) > LONGEST:
            self.add_error("message", TOO_LONG)
        return data

    def topic(self, linked: str) -> str:
        """What it is about: by the cards, else by the link."""
        return topic_of(self.cleaned_data["cards"], linked or Topic.TALK)


class CodeForm(forms.Form):
    """The code, as somebody types it off a card."""

    code = forms.CharField(
        label=_("Dein Code"),
        max_length=MAX_TYPED,
        help_text=_("18 Zeichen. Groß oder klein ist egal."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={
            "required": _("Schreib deinen Code in das Feld."),
            "max_length": _("Dieser Code stimmt nicht. Schau noch einmal auf deine Karte."),
        },
    )


class ReplyForm(forms.Form):
    """Another text of the person."""

    text = forms.CharField(
        label=_("Schreib zurück"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, **QUIET}),
        error_messages={"required": _("Schreib kurz, was du sagen willst."), "max_length": TOO_LONG},
    )
