"""What was deleted must not stay in a file."""

from django.db import OperationalError, connection


def wipe_deleted() -> bool:
    """Empty SQLite's log, in which deleted text would stay; return whether it is empty.

    ``secure_delete`` overwrites rows in the file itself. Somebody who reads at this moment may keep the
    log open; the nightly purge asks again. Call it outside a transaction.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, _pages, _moved) = cursor.fetchone()
    except OperationalError:
        return False
    return not busy
