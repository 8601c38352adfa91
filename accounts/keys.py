"""The master keys, for enquiries and second factors: read from outside the database, never from it.

A ring is a list of ``name:key`` pairs; the key is 32 random bytes in URL-safe base64. The first one is
in use, the others still open what was made with them. Reading a ring needs no settings, so that the
settings can ask it.
"""

import base64
import binascii
import hmac
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

KEY_BYTES = 32
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,20}")
_SEPARATOR = re.compile(r"[\s,]+")


class BrokenKeysError(ValueError):
    """The text holds no usable ring; the message says why and never shows a key."""


class UnknownKeyError(LookupError):
    """Something was made with a key that is not on the ring."""


class KeyMissingError(Exception):
    """There is no usable master key: nothing can be stored or read, and nothing is stored in plain."""


@dataclass(frozen=True)
class KeyRing:
    """Master keys by name; ``current`` is the name of the one in use."""

    current: str
    keys: Mapping[str, bytes]

    def derive(self, purpose: str, name: str, *, area: str = "enquiry") -> bytes:
        """Return the key for one purpose, so that no two uses share one. Raises UnknownKeyError."""
        if name not in self.keys:
            raise UnknownKeyError(name)
        return hmac.digest(self.keys[name], f"{area} {purpose}".encode(), "sha256")


@lru_cache(maxsize=8)
def parse_ring(text: str) -> KeyRing:
    """Read a ring from its text. Raises BrokenKeysError."""
    keys: dict[str, bytes] = {}
    for number, entry in enumerate(filter(None, _SEPARATOR.split(text)), 1):
        name, _colon, encoded = entry.partition(":")
        if not _NAME.fullmatch(name) or name in keys:
            raise BrokenKeysError(f"Eintrag {number}: Name fehlt, ist doppelt oder hat falsche Zeichen.")
        keys[name] = _decoded(encoded, number)
    if not keys:
        raise BrokenKeysError("Es steht kein Schlüssel darin.")
    return KeyRing(next(iter(keys)), keys)


def key_ring() -> KeyRing:
    """Return the master keys from the environment or the key file. Raises KeyMissingError."""
    try:
        return parse_ring(settings.ENQUIRY_KEYS or Path(settings.ENQUIRY_KEY_FILE).read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError, BrokenKeysError) as error:
        raise KeyMissingError(f"ENQUIRY_KEYS: {error}") from error


def new_entry(name: str) -> str:
    """Return a line with a new random key."""
    return f"{name}:{base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def _decoded(encoded: str, number: int) -> bytes:
    try:
        key = base64.b64decode(encoded.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BrokenKeysError(f"Eintrag {number}: der Schlüssel hat nicht {KEY_BYTES} Byte in Base64.")
    if len(set(key)) < 8:
        raise BrokenKeysError(f"Eintrag {number}: der Schlüssel ist nicht zufällig.")
    return key


if __name__ == "__main__":
    # No command of Django: in production the settings do not load before there is a key.
    sys.stdout.write(new_entry(sys.argv[1] if len(sys.argv) > 1 else "1") + "\n")
