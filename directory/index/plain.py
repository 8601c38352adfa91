"""Editors' texts without their markup."""

import re

LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
BESIDE = re.compile(r"\s[–-]\s|:\s|\s/\s|[„“”?]")
MARKS = re.compile(r"[*#`]+")


def plain(text: str) -> str:
    """Return the words of a text: links by what they are called, no addresses, no marks, single spaces."""
    return " ".join(MARKS.sub(" ", ADDRESS.sub(" ", LINK.sub(r"\1", text))).split())


def names_in(title: str) -> tuple[str, ...]:
    """Return the other names in a title: what stands in brackets, before them, beside a dash, colon, slash, in quotes.

    „Beihilfe (BAB)“ is also „Beihilfe“ and „BAB“, „Zukunftstag – Girls' Day“ also „Zukunftstag“ and „Girls' Day“.
    """
    names: dict[str, None] = {}
    before, bracket, rest = title.partition("(")
    inside, closing, after = rest.partition(")")
    if bracket and closing and before.strip() and inside.strip():
        title = f"{before} {after}"
        names = dict.fromkeys((title, inside))
    parts = [part for part in BESIDE.split(title) if part.strip()]
    if len(parts) > 1:
        names |= dict.fromkeys(parts)
    return tuple(filter(None, (" ".join(name.split()) for name in names)))
