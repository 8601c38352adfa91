"""Forms of the site itself: the accessibility feedback."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.open_forms import OpenForm


class FeedbackForm(OpenForm):
    """Tell us about a barrier. Nothing personal is required."""

    message = forms.CharField(
        label=_("Was hat nicht funktioniert?"),
        help_text=_("Nennen Sie am besten die Seite und was Sie tun wollten."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Schreiben Sie kurz, was nicht funktioniert hat."),
            "max_length": _("Das ist zu lang. Bitte höchstens 4000 Zeichen."),
        },
    )
    reply_to = forms.CharField(
        label=_("Wie dürfen wir Ihnen antworten?"),
        help_text=_("Eine E-Mail-Adresse, eine Telefonnummer oder eine Anschrift. Sie können das Feld leer lassen."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("Das ist zu lang. Bitte höchstens 200 Zeichen.")},
    )

    @property
    def helper(self) -> FormHelper:
        """Layout of the form."""
        helper = FormHelper()
        helper.form_class = "form"
        helper.layout = Layout(
            "message",
            "reply_to",
            Div("website", css_class="honey", aria_hidden="true"),
            Submit("send", _("Nachricht senden")),
        )
        return helper
