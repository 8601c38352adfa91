"""The secret of a code app, unreadable without a master key that is not in the database.

AES-256-GCM with a key derived from the ring of ``accounts.keys``. The account it belongs to is
authenticated with it, so that nobody with the database alone can put his own secret into the row of
another. The text fits into the 80 signs the library's column has; see docs/adr/0028.
"""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.keys import KeyRing, key_ring

VERSION = "1:"
NONCE = 12


class UnreadableKeyError(Exception):
    """The secret does not open: no key on the ring fits, or it is another account's. The row is left alone."""


def seal(secret: bytes, *, account: int) -> str:
    """Return the secret sealed with the master key in use. Raises KeyMissingError."""
    ring = key_ring()
    nonce = secrets.token_bytes(NONCE)
    return VERSION + b64encode(nonce + _cipher(ring, ring.current).encrypt(nonce, secret, _owner(account))).decode()


def unseal(sealed: str, *, account: int) -> bytes:
    """Return the secret. Raises UnreadableKeyError or KeyMissingError."""
    for _name, secret in _opened(sealed, account):
        return secret
    raise UnreadableKeyError


def is_current(sealed: str, *, account: int) -> bool:
    """Return whether a secret was sealed with the master key in use. Raises as ``unseal`` does."""
    for name, _secret in _opened(sealed, account):
        return name == key_ring().current
    raise UnreadableKeyError


def _opened(sealed: str, account: int) -> Iterator[tuple[str, bytes]]:
    """Yield the name of the master key that opens it, and the secret. A ring has two or three: each is tried."""
    ring = key_ring()
    if not sealed.startswith(VERSION):
        return  # a secret in plain is none of ours and opens nothing
    data = b64decode(sealed.removeprefix(VERSION))
    for name in ring.keys:
        try:
            yield name, _cipher(ring, name).decrypt(data[:NONCE], data[NONCE:], _owner(account))
        except (InvalidTag, ValueError):
            continue


def _cipher(ring: KeyRing, name: str) -> AESGCM:
    return AESGCM(ring.derive("app", name, area="second factor"))


def _owner(account: int) -> bytes:
    return f"accounts.codeapp\n{account}".encode()
