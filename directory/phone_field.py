"""Phone numbers as people write them."""

import re
from typing import Any

from django import forms

PUNCTUATION = re.compile(r"[\s()/.\-–]+")


class PhoneField(forms.CharField):
    """A phone number in any usual spelling; the value is E.164 (``03904 7240`` → ``+4939047240``)."""

    def to_python(self, value: Any) -> str:
        """Drop spaces and signs, put the country code in front."""
        text = PUNCTUATION.sub("", super().to_python(value) or "")
        if text.startswith("+490"):
            return f"+49{text[4:]}"
        if text.startswith("00"):
            return f"+{text[2:]}"
        return f"+49{text[1:]}" if text.startswith("0") else text
