"""How much a page weighs: said on the page itself, because data costs money where it is read.

Counted is what a phone loads that has never been here: the page as it goes over the wire,
compressed, and every style, script and picture it names, as they are sent. Not counted are the
headers of the answers, and the QR code that is fetched only when somebody scrolls down to it.
"""

import gzip
import re
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from directory.parts import Shelf

MARK = b"<!--page-weight-->"
"""Stands in the page where its weight is to be said; without the middleware nobody sees it."""
# What a browser loads by itself; a link it only leads to.
_NAMED = re.compile(rb"""<(?:link|script|use|img)\b[^>]*?\b(?:href|src)=["']([^"'#?]+)""")
KILOBYTE = 1000


class PageWeightMiddleware:
    """Put the weight of a page where the page asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.streaming and MARK in response.content:
            said = gettext("%(number)d KB") % {"number": known_kilobytes(response.content)}
            response.content = response.content.replace(MARK, f"{said} · ".encode())
        return response


KNOWN: Shelf[int] = Shelf(400_000)
"""The weight of some two thousand pages by the hash of their text: packing one takes longer than making it."""


def known_kilobytes(html: bytes) -> int:
    """Return the weight of a page, from memory when the very same page was weighed before."""
    key = blake2b(html, digest_size=16).digest()
    found = KNOWN.get(key)
    if found is None:
        found = kilobytes(html)
        KNOWN.put(key, found, size=200)
    return found


def kilobytes(html: bytes) -> int:
    """Return the weight of a page with all it names, in whole kilobytes of 1000 bytes, rounded up."""
    prefix = settings.STATIC_URL.encode()
    names = {name.removeprefix(prefix).decode() for name in _NAMED.findall(html) if name.startswith(prefix)}
    total = len(gzip.compress(html, 6)) + sum(map(size_of, names))
    return -(-total // KILOBYTE)


@lru_cache(maxsize=512)
def size_of(name: str) -> int:
    """Return the bytes of a static file as it is sent: packed where that is smaller; 0 when it does not exist."""
    found = Path(settings.STATIC_ROOT) / name
    packed = found.with_name(f"{found.name}.gz")
    if packed.is_file():
        return packed.stat().st_size
    if not found.is_file():
        found = Path(finders.find(name) or "")
    if not found.is_file():
        return 0
    data = found.read_bytes()
    return min(len(data), len(gzip.compress(data, 9)))
