"""Limits for what anybody may send: counted within an hour, forgotten after it.

Counted are keyed hashes under the random key of the day (``accounts.throttle``): no address, no code.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounts.models import Throttle, ThrottleKey
from directory.parts import shelf

WINDOW = timedelta(hours=1)
_NO_END = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` of a kind within an hour for one name."""

    kind: str
    name: str
    most: int


class TooManyError(Exception):
    """The limit is reached; ``wait`` says for how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait

    @property
    def minutes(self) -> int:
        """Whole minutes to wait, at least one."""
        return max(1, -(-int(self.wait.total_seconds()) // 60))


def take(limits: Sequence[Limit], *, at: datetime) -> None:
    """Count one of each, or raise TooManyError and count nothing."""
    key = _day_key(at)
    wanted = {_hash(limit, key): limit for limit in limits if limit.name}
    counted: list[str] = []
    # One statement counts and compares, so one limit needs no transaction; several are taken in one order.
    for name in sorted(wanted):
        if not _count(name, wanted[name].most, at=at):
            _uncount(counted)
            raise TooManyError(_wait_for(name, at=at))
        counted.append(name)


def tally(kind: str, *, at: datetime) -> int:
    """Count one more of a kind, whoever it was; return how many there were within the hour."""
    return _count(_hash(Limit(kind, "", 0), _day_key(at)), _NO_END, at=at)


def tallied(kind: str, *, at: datetime) -> int:
    """Return how many of a kind were counted within the hour. Writes nothing."""
    row = ThrottleKey.objects.filter(day=timezone.localdate(at)).first()
    if row is None:
        return 0
    name = _hash(Limit(kind, "", 0), bytes.fromhex(row.key))
    found = Throttle.objects.filter(key=name, last_at__gt=at - WINDOW).first()
    return found.num_failures if found else 0


def give_back(limits: Sequence[Limit], *, at: datetime) -> None:
    """Take back what was counted for a try that was right."""
    key = _day_key(at)
    _uncount(sorted(_hash(limit, key) for limit in limits if limit.name))


_COUNT = """
INSERT INTO {table} AS kept (key, num_failures, last_at) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET
    num_failures = CASE WHEN kept.last_at <= %s THEN 1 ELSE kept.num_failures + 1 END,
    last_at = CASE WHEN kept.last_at <= %s THEN excluded.last_at ELSE kept.last_at END
WHERE kept.last_at <= %s OR kept.num_failures < %s
RETURNING num_failures
"""


def _count(name: str, most: int, *, at: datetime) -> int:
    """Count one in the running hour, or begin a new one; return how many those are, 0 when the hour is full.

    One statement on both databases, so that a hundred at the same moment are not all "the first".
    """
    now, over = (connection.ops.adapt_datetimefield_value(moment) for moment in (at, at - WINDOW))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(table=Throttle._meta.db_table), [name, now, over, over, over, most])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _uncount(names: Sequence[str]) -> None:
    for name in names:
        Throttle.objects.filter(key=name, num_failures__gt=0).update(num_failures=F("num_failures") - 1)


def _wait_for(name: str, *, at: datetime) -> timedelta:
    """Return until when the hour of a full limit lasts."""
    row = Throttle.objects.filter(key=name).first()
    return row.last_at + WINDOW - at if row else timedelta(0)


def _day_key(at: datetime) -> bytes:
    """Return the random key of the day; a process asks once a day for it."""
    day = timezone.localdate(at)
    kept = shelf("throttle-key", day)
    found: bytes | None = kept.get("key")
    if found is not None:
        return found
    row, is_new = ThrottleKey.objects.get_or_create(day=day, defaults={"key": secrets.token_hex(32)})
    key = bytes.fromhex(row.key)
    if not is_new:  # the transaction that made it may yet fail
        kept.put("key", key, size=len(key))
    return key


def _hash(limit: Limit, key: bytes) -> str:
    return hmac.digest(key, f"enquiry {limit.kind}\n{limit.name}".encode(), "sha256").hex()
