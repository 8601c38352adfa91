"""The fixtures themselves: the database is the one production uses, and starts empty."""

from django.db import connection

from directory.models import Municipality


def test_database_starts_empty(db: None) -> None:
    assert Municipality.objects.count() == 0


def test_sqlite_test_database_is_a_file_in_wal_mode(db: None) -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
