"""Merkliste without account: a signed list of slugs in the address, nothing on the server.

With JavaScript the same keys live in the browser's local storage. A key is
``o:<slug>`` for an offer and ``p:<slug>`` for a contact point.
"""

import re

from django.core import signing

SALT = "merkliste"
MAX_ITEMS = 50
_KEY = re.compile(r"^[op]:[-a-z0-9]{1,80}$")


def clean_keys(keys: list[str]) -> list[str]:
    """Return the well-formed keys once each, in order, at most fifty."""
    return list(dict.fromkeys(key for key in keys if _KEY.match(key)))[:MAX_ITEMS]


def pack(keys: list[str]) -> str:
    """Return the signed list."""
    return signing.dumps(clean_keys(keys), salt=SALT, compress=True)


def unpack(value: str) -> list[str] | None:
    """Return the keys of a signed list, or None when it was changed or broken."""
    if not value:
        return []
    try:
        keys = signing.loads(value, salt=SALT)
    except signing.BadSignature:
        return None
    return clean_keys([str(key) for key in keys]) if isinstance(keys, list) else None
