"""The fixtures themselves: the database is the one production uses, and starts empty."""

from collections.abc import Callable
from datetime import date, time

from django.conf import settings
from django.db import connection
from django.utils import timezone

from directory.models import Municipality, Schedule, SchoolHoliday, Weekday
from offers.models import Offer


def test_database_starts_empty(db: None) -> None:
    assert Municipality.objects.count() == 0


def test_sqlite_test_database_is_a_file_in_wal_mode(db: None) -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_region_brings_the_rows_of_the_folder(region: None) -> None:
    assert Municipality.objects.count() == 34
    assert sorted(Offer.objects.values_list("slug", flat=True)) == sorted(
        path.stem for path in (settings.REGION_DIR / "offers").glob("*.toml")
    )
    # Wall times and JSON survive the way through memory.
    point = Schedule.objects.get(contact_point__slug="koordination", kind="opening", weekday=Weekday.WEDNESDAY)
    assert (point.opens_at, point.closes_at) == (time(13), time(16))
    assert Offer.objects.get(slug="hze").certificates == ["none", "hsa", "rsa", "abitur"]


def test_new_rows_get_free_keys_after_the_region(region: None) -> None:
    before = set(SchoolHoliday.objects.values_list("pk", flat=True))
    row = SchoolHoliday.objects.create(name="Ferien", starts_on=date(2028, 7, 1), ends_on=date(2028, 7, 2))
    assert row.pk not in before


def test_clock_is_berlin_wall_time(fix_time: Callable[[str], None]) -> None:
    fix_time("2026-11-23 09:30")
    assert timezone.localtime().isoformat() == "2026-11-23T09:30:00+01:00"
    fix_time("2027-07-01 09:30")
    assert timezone.localtime().isoformat() == "2027-07-01T09:30:00+02:00"
