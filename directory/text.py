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
    visible = _without(text.casefold(), "Cf")
    # Compose then: an "a" with a separate diaeresis is an umlaut too.
    composed = unicodedata.normalize("NFC", visible)
    plain = unicodedata.normalize("NFKD", composed.translate(UMLAUTS))
    return " ".join(_without(plain, "Mn", "Cf").casefold().split())


def _without(text: str, *categories: str) -> str:
    """Return the text without the characters of these categories; one word of letters has none of them."""
    if text.isalnum():
        return text
    return "".join(char for char in text if unicodedata.category(char) not in categories)
