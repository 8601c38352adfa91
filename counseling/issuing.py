"""Giving a code to a row. The same form gives the same code, for a while; see docs/adr/0007."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from django.db.models import Model, QuerySet

from accounts.keys import KeyRing, key_ring
from counseling.codes import Code, new_public_id, secret_of, stored_hash, token_hash

SAME_CODE_FOR = timedelta(minutes=10)
M = TypeVar("M", bound=Model)


class Coded(Protocol):
    """A row that is found by a code."""

    public_id: Any
    code_key: Any


@dataclass(frozen=True, slots=True)
class Issued:
    """A new code, and the fields in which a row keeps what is needed to know it again."""

    code: Code
    fields: dict[str, str]


def issue(token: str, ring: KeyRing) -> Issued:
    """Return the code that belongs to a form, under four fresh signs."""
    name = ring.current
    code = Code(new_public_id(), secret_of(token, ring.derive("secret", name)))
    fields = {
        "public_id": code.public_id,
        "token_hash": token_hash(token),
        "code_hash": stored_hash(code, ring.derive("code", name)),
        "code_key": name,
    }
    return Issued(code, fields)


def row_of(rows: QuerySet[M], token: str) -> M | None:
    """Return the row this form was stored in before. One query."""
    return rows.filter(token_hash=token_hash(token)).first()


def shown_again(row: Coded, token: str, *, since: datetime, at: datetime) -> Code | None:
    """Return the code of a row for the form it came from; None when that is too long ago. Raises KeyMissingError."""
    ring = key_ring()
    if at - since > SAME_CODE_FOR or row.code_key not in ring.keys:
        return None
    return Code(row.public_id, secret_of(token, ring.derive("secret", row.code_key)))
