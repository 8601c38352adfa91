"""Two texts word by word: what went and what came, readable without colour and for screen readers."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WORDS = re.compile(r"\s+|[^\s]+")
TOO_LONG = 4_000_000
"""Beyond so many pairs of words the whole middle counts as replaced: comparing would take seconds."""


def marked(before: str, after: str) -> SafeString:
    """Return the text with ``<del>`` around words that went and ``<ins>`` around those that came; all escaped."""
    return format_html_join("", "{}", ((_piece(kind, text),) for kind, text in _pieces(before, after)))


def _piece(kind: str, text: str) -> SafeString | str:
    if kind == "del":
        return format_html('<del><span class="visually-hidden">{} </span>{}</del>', _("weg:"), text)
    if kind == "ins":
        return format_html('<ins><span class="visually-hidden">{} </span>{}</ins>', _("neu:"), text)
    return text


def _pieces(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    start = _same(old, new)
    end = _same(old[start:][::-1], new[start:][::-1])
    yield "", "".join(old[:start])
    yield from _middle(old[start : len(old) - end], new[start : len(new) - end])
    yield "", "".join(old[len(old) - end :])


def _same(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many words are the same from the beginning on."""
    number = 0
    for left, right in zip(old, new, strict=False):
        if left != right:
            break
        number += 1
    return number


def _middle(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(old) * len(new) > TOO_LONG:
        yield "del", "".join(old)
        yield "ins", "".join(new)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        went, came = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        if kind == "equal":
            yield "", went
            continue
        if went:
            yield "del", went
        if came:
            yield "ins", came
