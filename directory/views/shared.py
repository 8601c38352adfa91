"""What several pages of the directory take from the address."""

import re
from urllib.parse import quote

from django.http import HttpRequest
from django.utils.http import urlencode

_SIGNED = re.compile(r"[-\w:.=]{1,2000}", re.ASCII)


def signed_list(request: HttpRequest) -> str:
    """Return the Merkliste that travels in the address without JavaScript, or nothing if it is broken."""
    value = request.GET.get("m", "")
    return value if _SIGNED.fullmatch(value) else ""


def carried(request: HttpRequest) -> str:
    """Return the query string that keeps the Merkliste on the next page, with its question mark."""
    packed = signed_list(request)
    return f"?{urlencode({'m': packed})}" if packed else ""


def keep(request: HttpRequest) -> str:
    """Return what stands in the Merkliste's address before the entry that is added to it."""
    packed = signed_list(request)
    return f"m={quote(packed)}&" if packed else ""


def without(request: HttpRequest, *names: str) -> str:
    """Return the present address without these parameters."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return f"?{query.urlencode()}" if query else request.path
