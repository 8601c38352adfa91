"""Editors' texts without their markup."""

import re

LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
MARKS = re.compile(r"[*#`]+")


def plain(text: str) -> str:
    """Return the words of a text: links by what they are called, no addresses, no marks, single spaces."""
    return " ".join(MARKS.sub(" ", ADDRESS.sub(" ", LINK.sub(r"\1", text))).split())


def names_in(title: str) -> tuple[str, ...]:
    """Return the other names in a title with brackets: „Beihilfe (BAB)“ is also „Beihilfe“ and „BAB“."""
    before, bracket, rest = title.partition("(")
    inside, closing, after = rest.partition(")")
    if not (bracket and closing and before.strip() and inside.strip()):
        return ()
    return (" ".join(f"{before} {after}".split()), inside.strip())
