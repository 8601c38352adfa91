"""The form "Stimmt etwas nicht?": no personal data, no puzzle, and nothing is ever dropped in silence."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.open_forms import OpenForm, Stamps
from directory.models import VisitorReport
from directory.models.reports import TEXT_LENGTH

STAMPS = Stamps("directory.report", longest=timedelta(days=1))
_MAIL = re.compile(r"\S+@\S+\.\w")
_DATE_OR_TIME = re.compile(r"\b\d{1,2}[.:]\d{1,2}(?:\.(?:\d{4}|\d{2})?)?\b|\b\d{4}-\d{2}-\d{2}\b")
_NUMBER = re.compile(r"(?:\d[\s/().+\-–]*){6,}")


def looks_personal(text: str) -> bool:
    """Whether a text looks as if it held a phone number or a mail address; dates and times are neither."""
    return bool(_MAIL.search(text) or _NUMBER.search(_DATE_OR_TIME.sub(" ", text)))


def new_stamp(*, at: datetime) -> str:
    """Return what a form carries: when it was opened, and a number of its own."""
    return STAMPS.new(secrets.token_hex(16), at=at)


class ReportForm(OpenForm):
    """A reason and, if one likes, a few words."""

    grund = forms.ChoiceField(
        label=_("Was stimmt nicht?"),
        choices=VisitorReport.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Wähl aus, was nicht stimmt."),
            "invalid_choice": _("Wähl aus, was nicht stimmt."),
        },
    )
    text = forms.CharField(
        label=_("Willst du etwas dazu sagen?"),
        help_text=_("Höchstens 500 Zeichen. Schreib keine Namen, keine Telefonnummer und keine Mail-Adresse von dir."),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _("Das ist zu lang. Es passen nur 500 Zeichen hinein.")},
    )
    stempel = forms.CharField(required=False, widget=forms.HiddenInput)
    gefragt = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, at: datetime) -> None:
        self.at = at
        super().__init__(data, initial={"stempel": new_stamp(at=at)})

    @property
    def helper(self) -> FormHelper:
        """Layout of the form."""
        helper = FormHelper()
        helper.form_class = "form"
        helper.attrs = {"autocomplete": "off"}
        helper.layout = Layout(
            "grund",
            "text",
            Div("website", css_class="honey", aria_hidden="true"),
            "stempel",
            "gefragt",
            Submit("send", _("Hinweis senden")),
        )
        return helper

    @property
    def token(self) -> str:
        """The number of this form; the same form sent twice has the same."""
        stamp = STAMPS.read(self.cleaned_data["stempel"], at=self.at)
        return stamp.token if stamp else ""

    def clean(self) -> dict[str, Any]:
        """Ask to press again where a program may have been at work, and once about what looks personal."""
        data = super().clean() or self.cleaned_data
        self._check_program(data)
        if not self.errors and not data.get("gefragt") and looks_personal(data.get("text", "")):
            self._refill(gefragt="True")
            self.add_error(
                "text",
                _(
                    "Das sieht nach einer Telefonnummer oder Mail-Adresse aus. "
                    "Ist es deine eigene? Dann nimm sie raus. Sonst drück noch einmal auf Senden."
                ),
            )
        return data

    def _check_program(self, data: dict[str, Any]) -> None:
        stamp = STAMPS.read(data.get("stempel", ""), at=self.at)
        if stamp is None:
            self._refill(stempel=new_stamp(at=self.at))
            self.add_error(None, _("Das Formular war zu lange offen. Drück noch einmal auf Senden."))
        elif stamp.is_too_fast:
            self.add_error(None, _("Das ging sehr schnell. Warte kurz. Drück dann noch einmal auf Senden."))
        elif self.is_from_a_program:
            self._refill(website="")
            self.add_error(None, _("Ein Feld muss leer bleiben. Wir haben es geleert. Drück noch einmal auf Senden."))

    def _refill(self, **values: str) -> None:
        """Put other values into the form that goes back to the browser."""
        data: Any = self.data
        self.data = data.copy()
        for name, value in values.items():
            self.data[name] = value  # type: ignore[index]
