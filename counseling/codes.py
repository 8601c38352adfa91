"""The follow-up code: the only way back to an enquiry. ``7KQ4M-XR3VT-9HWPA-N6D``

Four signs name the enquiry, thirteen are the secret (64 bits), the last one catches typing mistakes.
The secret follows from the form's own token, so that a lost answer does not cost the code: the same
form sent again shows the same code. Stored is a keyed hash; see docs/adr/0007.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

# Without 0 O, 1 I L. 31 is prime: the check sign catches every wrong sign and every swap of two.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
ID_LENGTH, SECRET_LENGTH, GROUP = 4, 13, 5
LENGTH = ID_LENGTH + SECRET_LENGTH + 1
MAX_TYPED = 60
_VALUES = {sign: value for value, sign in enumerate(SIGNS)}
_IGNORED = str.maketrans("", "", "-–—_.\u00ad \t\r\n\u00a0\u2009")


@dataclass(frozen=True, slots=True)
class Code:
    """A code whose check sign is right. That says nothing about an enquiry behind it."""

    public_id: str
    secret: str

    def __str__(self) -> str:
        body = self.public_id + self.secret
        signs = body + _check_sign(body)
        return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))

    def __repr__(self) -> str:
        return f"Code({self.public_id})"


def new_public_id() -> str:
    """Return the part of a code that may be named: in a mail, in a log, on the phone."""
    return "".join(secrets.choice(SIGNS) for _sign in range(ID_LENGTH))


def new_token() -> str:
    """Return the random token of one form, 128 bits."""
    return secrets.token_urlsafe(16)


def secret_of(token: str, key: bytes) -> str:
    """Return the secret that belongs to a form, in 13 signs."""
    number = int.from_bytes(hmac.digest(key, token.encode(), "sha256")[:8])
    signs = []
    for _sign in range(SECRET_LENGTH):
        number, value = divmod(number, len(SIGNS))
        signs.append(SIGNS[value])
    return "".join(reversed(signs))


def read_code(text: str) -> Code | None:
    """Return the code somebody typed, however it is spaced; None when it cannot be one."""
    signs = text[:MAX_TYPED].upper().translate(_IGNORED)
    if len(signs) != LENGTH or any(sign not in _VALUES for sign in signs):
        return None
    if _check_sign(signs[:-1]) != signs[-1]:
        return None
    return Code(signs[:ID_LENGTH], signs[ID_LENGTH:-1])


def stored_hash(code: Code, key: bytes) -> str:
    """Return what is kept of a code. It is worth nothing without the key, which is not in the database."""
    return hmac.digest(key, f"{code.public_id}\n{code.secret}".encode(), "sha256").hex()


def token_hash(token: str) -> str:
    """Return what is kept of a form's token; 128 random bits need no key."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _check_sign(body: str) -> str:
    total = sum(weight * _VALUES[sign] for weight, sign in enumerate(body, 1))
    return SIGNS[total % len(SIGNS)]
