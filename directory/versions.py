"""What is derived from public content, kept in the process until the content changes.

One query asks for the version; everything else comes from memory. A restored or
rolled-back database has another stamp, so nothing derived from it can be stale.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic, sleep
from typing import TypeVar, cast

from django.db import connection

T = TypeVar("T")

# Asked by nearly every request: the ORM takes twenty times as long to put this sentence together.
ASK = "SELECT number, stamp FROM directory_contentversion WHERE id = 1"
NOTHING_LOADED = "0"

# A question to the database costs as much as a kept page; at full load one answer serves fifty requests.
LEASE_SECONDS = 0.02

_lease: tuple[str, float] = ("", 0.0)
_kept: dict[str, tuple[Hashable, object]] = {}
_on_trial: ContextVar[bool] = ContextVar("on_trial", default=False)


@contextmanager
def on_trial() -> Iterator[None]:
    """Inside, nothing derived is kept: the rows are not what the public sees, and will be undone."""
    token = _on_trial.set(True)
    try:
        yield
    finally:
        _on_trial.reset(token)


def content_version() -> str:
    """Return the version of the public content; "0" before anything was loaded. One query."""
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        row = cursor.fetchone()
    return f"{row[0]}-{row[1]}" if row else NOTHING_LOADED


def leased_version() -> str:
    """Return the same for the page cache, asked anew when the last answer is ``LEASE_SECONDS`` old.

    Nobody sees an old page for that: whoever raises the version waits as long before saying so
    (``let_leases_end``). Raises ``django.db.Error`` without a database.
    """
    global _lease
    # From before the question is sent, so that an answer older than that is never used.
    now = monotonic()
    version, end = _lease
    if now >= end:
        # What is answered from the cache never passes Django's own look at the age of a connection.
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        version = content_version()
        _lease = (version, now + LEASE_SECONDS)
    return version


def forget_lease() -> None:
    """Ask anew at the next request of this process."""
    global _lease
    _lease = ("", 0.0)


def let_leases_end() -> None:
    """Wait until no process takes the old version for the newest any more. To be called after the commit."""
    forget_lease()
    sleep(LEASE_SECONDS)


def derived(name: str, version: Hashable, build: Callable[[], T]) -> T:
    """Return what ``build`` made for this version; only the newest version per name is kept."""
    kept = _kept.get(name)
    if kept is None or kept[0] != version:
        kept = (version, build())
        if not _on_trial.get():
            _kept[name] = kept
    return cast("T", kept[1])
