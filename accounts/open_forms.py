"""Forms that anybody may send: a field people never see, and a signed stamp that says when the form was opened.

Nothing is dropped in silence: whoever is taken for a program is asked to press once more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

SHORTEST_STAY = timedelta(seconds=3)
"""Sooner nobody has read a form."""
_LONGEST_STAMP = 300


class OpenForm(forms.Form):
    """Programs that fill in everything give themselves away in ``website``."""

    website = forms.CharField(
        label=_("Dieses Feld bitte leer lassen"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    @property
    def is_from_a_program(self) -> bool:
        """True when the field nobody sees was filled in."""
        return bool(self.data.get("website"))


@dataclass(frozen=True)
class Stamp:
    """A stamp that came back: the number of its form, and how long that was open."""

    token: str
    stay: timedelta

    @property
    def is_too_fast(self) -> bool:
        """Whether the form comes back sooner than anybody reads it."""
        return self.stay < SHORTEST_STAY


@dataclass(frozen=True)
class Stamps:
    """The stamps of one kind of form; one of another kind does not count."""

    salt: str
    longest: timedelta

    def new(self, token: str, *, at: datetime) -> str:
        """Return what a form carries: a number of its own, and when it was opened. Signed, not secret."""
        return self._signer.sign(f"{token}:{signing.b62_encode(int(at.timestamp()))}")

    def read(self, text: str, *, at: datetime) -> Stamp | None:
        """Return the stamp; None for one that was changed, was made elsewhere or is too old."""
        if len(text) > _LONGEST_STAMP:
            return None
        try:
            token, _colon, opened = self._signer.unsign(text).rpartition(":")
        except signing.BadSignature:
            return None
        stay = timedelta(seconds=int(at.timestamp()) - signing.b62_decode(opened))
        return Stamp(token, stay) if timedelta(0) <= stay <= self.longest else None

    @property
    def _signer(self) -> signing.Signer:
        # The key may change while the process runs (override of settings, rotation of keys).
        return signing.Signer(salt=self.salt)
