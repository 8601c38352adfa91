"""Slows down guessing. Nobody is ever locked out: the waiting time grows, and it ends.

A try is counted before it is judged, under a lock, so that a hundred tries at the same
moment are not all "the first". What is counted are keyed hashes with the random key of
the day: neither an address nor a name is stored.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Throttle, ThrottleKey

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
KEY_KEPT_DAYS = 1


@dataclass(frozen=True, slots=True)
class Scope:
    """What tries are counted for; the first ``free`` failures cost no time."""

    kind: str
    name: str
    free: int


def scopes_of(request: HttpRequest, *, account: str) -> list[Scope]:
    """Return the scopes of a try to log in: the account that is named, and where the try comes from.

    Ten failures an hour for an account, and as many free ones for a whole office behind one address.
    """
    scopes = [Scope("account", account.strip().casefold(), 3)]
    if source := source_of(request):
        scopes.append(Scope("source", source, 10))
    return scopes


def source_of(request: HttpRequest) -> str:
    """Return the address of the visitor; "" when a proxy stands in front and does not say it."""
    name = "HTTP_X_REAL_IP" if settings.BEHIND_PROXY else "REMOTE_ADDR"
    return str(request.META.get(name, ""))


def begin(scopes: Sequence[Scope], *, at: datetime) -> timedelta:
    """Count a try and return 0, or return how long to wait and count nothing.

    Call it before anything is compared, and ``forgive`` when the try was right.
    """
    keys = {_key(scope, on=timezone.localdate(at)): scope for scope in scopes}
    with transaction.atomic():
        for key in sorted(keys):
            Throttle.objects.get_or_create(key=key, defaults={"last_at": at})
        rows = list(Throttle.objects.select_for_update().filter(key__in=keys).order_by("key"))
        wait = max(_wait(row, keys[row.key], at) for row in rows)
        if wait > timedelta(0):
            return wait
        for row in rows:
            row.num_failures = 1 + (row.num_failures if at - row.last_at < FORGOTTEN_AFTER else 0)
            row.last_at = at
            row.save(update_fields=["num_failures", "last_at"])
    return timedelta(0)


def admit(scope: Scope, *, every: timedelta, at: datetime) -> timedelta:
    """Let a form through and return 0, or return how long to wait and count nothing.

    For forms that nobody guesses at: ``scope.free`` at once, then one ``every``, so that a class
    behind one address gets through. Call it when the form is complete; what is refused costs nothing.
    """
    with transaction.atomic():
        key = _key(scope, on=timezone.localdate(at))
        Throttle.objects.get_or_create(key=key, defaults={"last_at": at})
        row = Throttle.objects.select_for_update().get(key=key)
        # The moment at which all that was let through would be used up at the slow pace.
        used_up = max(row.last_at, at) + every
        if used_up - at > scope.free * every:
            return used_up - at - scope.free * every
        row.last_at = used_up
        row.save(update_fields=["last_at"])
    return timedelta(0)


def forgive(scopes: Sequence[Scope], *, at: datetime) -> None:
    """Take the last try back; an account that was opened starts anew."""
    for scope in scopes:
        rows = Throttle.objects.filter(key=_key(scope, on=timezone.localdate(at)))
        if scope.kind == "source":
            with transaction.atomic():
                for row in rows.select_for_update():
                    row.num_failures = max(0, row.num_failures - 1)
                    row.save(update_fields=["num_failures"])
        else:
            rows.delete()


def waiting_time(failures: int, *, free: int) -> timedelta:
    """Return how long after so many failures the next try has to wait."""
    if failures < free:
        return timedelta(0)
    # 2**10 half minutes are far above the longest wait; more would only be a large number.
    doublings = min(failures - free, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _wait(row: Throttle, scope: Scope, at: datetime) -> timedelta:
    if at - row.last_at >= FORGOTTEN_AFTER:
        return timedelta(0)
    return row.last_at + waiting_time(row.num_failures, free=scope.free) - at


def _key(scope: Scope, *, on: date) -> str:
    row, _created = ThrottleKey.objects.get_or_create(day=on, defaults={"key": secrets.token_hex(32)})
    return hmac.digest(bytes.fromhex(row.key), f"{scope.kind}\n{scope.name}".encode(), "sha256").hex()
