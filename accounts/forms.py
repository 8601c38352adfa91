"""Forms of the way in. Passwords and codes may be pasted and filled in by a password manager."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.validators import MAX_LENGTH


def _password_widget(autocomplete: str, **attrs: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": autocomplete, **attrs})


class LoginForm(forms.Form):
    """The first step: name and password."""

    username = forms.CharField(
        label=_("Benutzername"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": ""}),
    )
    password = forms.CharField(
        label=_("Passwort"), max_length=MAX_LENGTH, strip=False, widget=_password_widget("current-password")
    )


class CodeInput(forms.TextInput):
    """Comes back empty: a code that did not pass is only in the way of the next one."""

    def format_value(self, value: Any) -> None:
        """Show nothing."""


class CodeForm(forms.Form):
    """The second step: a code of the app, or one of the recovery codes."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=CodeInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "autofocus": "", "size": 12}
        ),
    )


class AgainForm(CodeForm):
    """Password and code once more, from somebody who is in. Without an app there is no code to ask for."""

    password = forms.CharField(
        label=_("Passwort"),
        max_length=MAX_LENGTH,
        strip=False,
        widget=_password_widget("current-password", autofocus=""),
    )
    field_order = ("password", "code")

    def __init__(self, *args: Any, with_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_code:
            self.fields["code"].widget.attrs.pop("autofocus")
            self.fields["code"].help_text = _("Aus Ihrer App, oder ein Notfallcode.")
        else:
            del self.fields["code"]


class ForgottenForm(forms.Form):
    """Where the link shall go."""

    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": ""}),
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("Neues Passwort"),
        strip=False,
        widget=_password_widget("new-password", autofocus="", **{"aria-describedby": "rules"}),
    )
    again = forms.CharField(label=_("Noch einmal"), strip=False, widget=_password_widget("new-password"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Ask the rules of the settings."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        data = super().clean() or self.cleaned_data
        if {"password", "again"} <= data.keys() and data["password"] != data["again"]:
            self.add_error("again", _("Die beiden Passwörter sind nicht gleich."))
        return data
