"""What a password may not be. Long is good; no rules about signs, no forced change (ASVS 6.2)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 128


class LongestPassword:
    """Refuses texts that only cost computing time."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError above the limit."""
        if len(password) > MAX_LENGTH:
            raise ValidationError(_("Das Passwort hat mehr als %(n)d Zeichen."), params={"n": MAX_LENGTH})

    def get_help_text(self) -> str:
        """Say the rule."""
        return gettext("Höchstens %(n)d Zeichen.") % {"n": MAX_LENGTH}


class LocalWords:
    """Refuses passwords made of the names everybody here would try first."""

    left_over = 6

    def __init__(self, words: Iterable[str]) -> None:
        parts = {part for word in words for part in _letters(word).split()}
        self.words = sorted((part for part in parts if len(part) > 3), key=len, reverse=True)

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when hardly a letter is left without these names, numbers and signs."""
        rest = _letters(password)
        if not any(word in rest for word in self.words):
            return
        for word in self.words:
            rest = rest.replace(word, " ")
        if len(rest.replace(" ", "")) < self.left_over:
            raise ValidationError(_("Das Passwort besteht fast nur aus Namen von hier. Die probieren andere zuerst."))

    def get_help_text(self) -> str:
        """Say the rule."""
        return gettext("Kein Name von Ort, Landkreis oder Portal mit ein paar Zahlen.")


def _letters(text: str) -> str:
    folded = text.casefold()
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        folded = folded.replace(letter, plain)
    return "".join(sign if sign.isalpha() else " " for sign in folded)
