"""Pictures and links in editors' Markdown: what would not reach the page, or would not help there."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SCHEMES = {"http", "https", "mailto", "tel"}
"""What the portal lets through, as in the filter that shows Markdown."""
EMPTY_WORDS = {"hier", "klick hier", "link", "mehr", "weiter", "hier klicken", "seite", "website"}

_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(\s*<?([^)>\s]*)[^)]*\)")


def problems(text: str) -> Iterator[tuple[str, str, Promise]]:
    """Yield (kind, severity, German sentence) for each sort of problem a text has, once."""
    # The filter that shows Markdown drops pictures with their words, so no alternative text would help.
    if _PICTURE.search(text):
        yield "picture", "reason", _("Das Portal zeigt keine Bilder in Texten. Sagen Sie es in Worten.")
    links = _LINK.findall(text)
    if any(not words.strip() for words, _address in links):
        yield "link", "stop", _("Ein Link hat keinen Text. Schreiben Sie, wohin er führt.")
    if any(not is_possible(address) for _words, address in links):
        yield "link", "stop", _("Ein Link führt nirgendwohin. Er beginnt mit https://, mit / oder mit mailto:.")
    if any(" ".join(words.split()).casefold() in EMPTY_WORDS for words, _address in links):
        yield "link", "hint", _("Ein Link heißt „hier“ oder „mehr“. Schreiben Sie, wohin er führt.")
    if any(address.casefold().startswith("http://") for _words, address in links):
        yield "link", "hint", _("Ein Link beginnt mit http://. Mit https:// liest niemand mit.")


def is_possible(address: str) -> bool:
    """Say whether the portal would show a link to this address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme:
        return parts.scheme.casefold() in SCHEMES and bool(parts.netloc or parts.path)
    return address.startswith(("/", "#")) and not address.startswith("//")
