"""Texts of enquiries, unreadable without a key that is not in the database.

AES-256-GCM. A ciphertext begins with a version and the key's id; what it belongs to (kind of row, its
id, the field) is authenticated with it, so that two ciphertexts cannot be swapped unnoticed.
Each agency has keys of its own, stored wrapped by a master key; see docs/adr/0006.
"""

import secrets
from collections.abc import Callable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.keys import KeyMissingError, KeyRing, UnknownKeyError

VERSION = b"\x01"
NONCE = 12
_HEADER = 1 + 16
_WRAP = "wrap"


class UnreadableError(Exception):
    """The text does not open: another key, another place, or a changed byte. The data is left alone."""


def place_of(label: str, pk: UUID, field: str) -> bytes:
    """Return what ties a ciphertext to its place."""
    return f"{label}\n{pk}\n{field}".encode()


def encrypt(text: str, *, key: bytes, key_id: UUID, place: bytes) -> bytes:
    """Return the ciphertext of a text for one place."""
    header = VERSION + key_id.bytes
    nonce = secrets.token_bytes(NONCE)
    # A lone surrogate cannot come from a browser, but what is stored is what was given.
    return header + nonce + AESGCM(key).encrypt(nonce, text.encode("utf-8", "surrogatepass"), header + place)


def decrypt(sealed: bytes, *, key_of: Callable[[UUID], bytes], place: bytes) -> str:
    """Return the text. Raises UnreadableError or KeyMissingError."""
    key = key_of(key_id_of(sealed))
    nonce = sealed[_HEADER : _HEADER + NONCE]
    try:
        plain = AESGCM(key).decrypt(nonce, sealed[_HEADER + NONCE :], sealed[:_HEADER] + place)
    except (InvalidTag, ValueError) as error:
        raise UnreadableError("a ciphertext does not open") from error
    return plain.decode("utf-8", "surrogatepass")


def key_id_of(sealed: bytes) -> UUID:
    """Return which agency key a ciphertext was made with. Raises UnreadableError."""
    if sealed[:1] != VERSION or len(sealed) < _HEADER + NONCE:
        raise UnreadableError("not a ciphertext of this version")
    return UUID(bytes=sealed[1:_HEADER])


def new_data_key() -> bytes:
    """Return a new random key for an agency."""
    return AESGCM.generate_key(bit_length=256)


def wrap(data_key: bytes, *, key_id: UUID, ring: KeyRing) -> bytes:
    """Return an agency's key encrypted with the master key in use."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(ring.derive(_WRAP, ring.current)).encrypt(nonce, data_key, key_id.bytes)


def unwrap(wrapped: bytes, *, key_id: UUID, master: str, ring: KeyRing) -> bytes:
    """Return an agency's key. Raises KeyMissingError when the master key is another one or gone."""
    try:
        return AESGCM(ring.derive(_WRAP, master)).decrypt(wrapped[:NONCE], wrapped[NONCE:], key_id.bytes)
    except UnknownKeyError as error:
        raise KeyMissingError(f"ENQUIRY_KEYS: der Schlüssel „{master}“ fehlt.") from error
    except (InvalidTag, ValueError) as error:
        raise KeyMissingError(
            f"ENQUIRY_KEYS: der Schlüssel „{master}“ ist nicht der, mit dem gespeichert wurde."
        ) from error
