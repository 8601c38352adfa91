"""What every form to a human asks: how to be reached, and a name if one likes. Nothing here is kept by the browser."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.open_forms import OpenForm
from counseling.about import BY_CODE, BY_MAIL, BY_PHONE, WAYS, About

TOO_LONG = _("Das ist zu lang. Kürz es bitte ein wenig.")
QUIET = {"autocomplete": "off"}
_PHONE = re.compile(r"\+?[0-9][0-9 /()-]{4,28}[0-9]")


class ReachForm(OpenForm):
    """The safest way is chosen beforehand; an address is asked for only where it is used."""

    way = forms.ChoiceField(
        label=_("Wie sollen wir antworten?"),
        choices=WAYS,
        initial=BY_CODE,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Sag uns, wie wir dir antworten sollen."),
            "invalid_choice": _("Diesen Weg kennen wir nicht. Wähl bitte noch einmal."),
        },
    )
    email = forms.EmailField(
        label=_("Deine E-Mail-Adresse"),
        required=False,
        max_length=200,
        help_text=_("Nur wenn wir dir mailen sollen. Liest jemand deine Mails mit? Dann lass sie weg."),
        widget=forms.EmailInput(attrs=QUIET),
        error_messages={"invalid": _("Schau noch einmal nach: So sieht keine E-Mail-Adresse aus.")},
    )
    phone = forms.RegexField(
        _PHONE,
        label=_("Deine Telefonnummer"),
        required=False,
        max_length=30,
        help_text=_("Nur wenn wir dich anrufen sollen."),
        widget=forms.TextInput(attrs={"inputmode": "tel", **QUIET}),
        error_messages={"invalid": _("Schreib die Nummer nur mit Ziffern.")},
    )
    voicemail = forms.BooleanField(label=_("Ihr dürft auf die Mailbox sprechen."), required=False)
    first_name = forms.CharField(
        label=_("Vorname oder Spitzname"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=QUIET),
        error_messages={"max_length": TOO_LONG},
    )

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way needs."""
        data = super().clean() or self.cleaned_data
        if data.get("way") == BY_MAIL and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Schreib deine E-Mail-Adresse dazu. Oder wähl einen anderen Weg."))
        if data.get("way") == BY_PHONE and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Schreib deine Nummer dazu. Oder wähl einen anderen Weg."))
        return data

    @property
    def about(self) -> About:
        """What was said about the person; an address nobody shall use is not kept."""
        data = self.cleaned_data
        used = {BY_CODE: (), BY_MAIL: ("email",), BY_PHONE: ("phone", "call_when", "voicemail")}[data["way"]]
        always = ("way", "first_name", "age_band", "municipality")
        return About(**{name: data[name] for name in (*always, *used) if name in data})
