"""The portal with one protection taken away, for control runs: a drill that does not fail then shows nothing."""

import hashlib
import os
import secrets
import time
from typing import Any

from ruemsa_portal.wsgi import application  # first: it makes the models ready

from django.conf import settings
from django.db import connections

from counseling import issuing, sealing
from counseling.actions import bookings, enquiries
from counseling.models import Booking

__all__ = ["application"]


def no_token() -> None:
    """Every form counts as a new one."""
    issuing.token_hash = lambda token: hashlib.sha256(secrets.token_bytes(16)).hexdigest()


def no_outbox() -> None:
    """The notice is sent at once and forgotten when that fails, instead of being promised with its cause."""

    def lost(**promise: Any) -> None:
        return None

    enquiries.enqueue = lost  # type: ignore[assignment]


def default_sqlite() -> None:
    """SQLite as Django sets it up by itself."""
    database = settings.DATABASES["default"]
    database["OPTIONS"] = {"timeout": 0.2}
    connections["default"].settings_dict["OPTIONS"] = database["OPTIONS"]


def no_limit() -> None:
    """Nobody counts."""
    enquiries.take = lambda limits, *, at: None


def no_lock() -> None:
    """Whoever looks first books later, on a seat nobody else can have."""
    store = bookings._store

    def look_then_store(wish: Any, token: str, source: str, at: Any, seat_of: Any) -> Any:
        taken = Booking.objects.taken().filter(rule=wish.rule, starts_at=wish.slot.starts_at).count()
        time.sleep(0.05)
        seat = secrets.randbelow(30_000) + 1 if taken < wish.rule.places else None
        return store(wish, token, source, at, lambda rule, slot: seat)

    bookings._store = look_then_store


def no_encryption() -> None:
    """Texts lie in the database as they were written."""
    sealing.encrypt = lambda text, **_how: text.encode()


BREAK = {
    "token": no_token,
    "outbox": no_outbox,
    "sqlite": default_sqlite,
    "limit": no_limit,
    "lock": no_lock,
    "plain": no_encryption,
}
BREAK[os.environ["FAULTS_BROKEN"]]()
