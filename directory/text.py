"""Text as search compares it."""

import unicodedata

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def fold(text: str) -> str:
    """Return the text in one spelling: lower case, umlauts as two letters, no accents, single spaces.

    „Straße“ and „STRASSE“, „Größe“ and „groesse“ come out equal. Punctuation stays.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    # Invisible signs go first: they may stand between a letter and its mark.
    visible = "".join(char for char in text.casefold() if unicodedata.category(char) != "Cf")
    # Compose then: an "a" with a separate diaeresis is an umlaut too.
    composed = unicodedata.normalize("NFC", visible)
    plain = unicodedata.normalize("NFKD", composed.translate(UMLAUTS))
    kept = "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Cf"))
    return " ".join(kept.casefold().split())
