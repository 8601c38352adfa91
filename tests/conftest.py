"""Fixtures for the whole suite: databases, the county's data, the clock.

``region``       the county's data inside the test's own transaction
``live_region``  the same, committed, for tests with a live server
``quick_pages``  pages without ``response.context``, for tests that ask for thousands
``fix_time``     sets the clock to a Berlin wall time
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.template import Template

BERLIN = ZoneInfo("Europe/Berlin")

# Django makes these rows by itself, so their keys may differ from one database to the next.
MADE_BY_DJANGO = {"contenttypes", "auth", "sessions", "admin"}

Snapshot = list[tuple[str, list[str], list[tuple[Any, ...]]]]


class County:
    """The county's rows, kept in an open transaction for as long as one test after the other wants them.

    Each test then works inside a savepoint of that transaction and leaves the rows as they were.
    """

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None
        self.blocker: Any = None
        self.open: transaction.Atomic | None = None

    def hold(self) -> None:
        """Put the rows into an open transaction, unless they are there already or not known yet."""
        if self.open is None and self.snapshot is not None:
            with self.blocker.unblock():
                self.open = transaction.atomic()
                self.open.__enter__()
                _write_tables(self.snapshot)

    def release(self) -> None:
        """Take the rows away again."""
        if self.open is not None:
            with self.blocker.unblock():
                transaction.set_rollback(True)
                self.open.__exit__(None, None, None)
            self.open = None


COUNTY = County()


def pytest_configure() -> None:
    """Parse every template once, as production does, and serve static files from where they lie."""
    options = settings.TEMPLATES[0]["OPTIONS"]
    if isinstance(options["loaders"][0], str):
        options["loaders"] = [("django.template.loaders.cached.Loader", options["loaders"])]
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests with the county together, so that it is loaded once; slow ones first, so that no worker waits.

    Django's own order stays: tests in a transaction, tests that commit, tests without a database.
    """
    turns = {"transactional_db": 2, "region": 1, "db": 0}

    def turn(item: pytest.Item) -> tuple[int, bool]:
        names = getattr(item, "fixturenames", [])
        wanted = next((turns[name] for name in turns if name in names), 3)
        if wanted == 3 and item.get_closest_marker("django_db"):
            wanted = turns["db"]
        return wanted, item.get_closest_marker("slow") is None

    items.sort(key=turn)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture of the test opens its own transaction: the county is there, or it is not."""
    if "region" in getattr(item, "fixturenames", []):
        COUNTY.hold()
    else:
        COUNTY.release()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Keep the SQLite test database in a file, so that a live server's threads see it and WAL is real."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def region_snapshot(django_db_setup: None, django_db_blocker: Any) -> Iterator[Snapshot]:
    """Load the county's folder once per session and keep its rows in memory.

    The load itself is rolled back, so that tests without the county start empty.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_region", str(settings.REGION_DIR), verbosity=0)
        call_command("load_rules", str(settings.REGION_DIR), verbosity=0)
        rows = _read_tables()
        transaction.set_rollback(True)
    COUNTY.snapshot, COUNTY.blocker = rows, django_db_blocker
    yield rows
    COUNTY.release()


@pytest.fixture
def region(db: None, region_snapshot: Snapshot) -> None:
    """The county's data; what the test changes is gone after it."""
    if COUNTY.open is None:  # the first test that wants it
        _write_tables(region_snapshot)


@pytest.fixture
def live_region(transactional_db: None, region_snapshot: Snapshot) -> None:
    """The county's data, committed: for tests with ``live_server``."""
    with transaction.atomic():
        _write_tables(region_snapshot)


@pytest.fixture
def quick_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render pages as in production, without the copies of every context that ``response.context`` needs.

    For tests that ask for thousands of pages and look at status and content only.
    """
    monkeypatch.setattr(Template, "_render", lambda self, context: self.nodelist.render(context))


@pytest.fixture
def fix_time() -> Iterator[Callable[[str], None]]:
    """Return a function that sets the clock: ``fix_time("2026-11-23 09:30")`` is Berlin wall time."""
    travels: list[time_machine.travel] = []

    def set_clock(wall_time: str) -> None:
        moment = datetime.fromisoformat(wall_time).replace(tzinfo=BERLIN)
        travel = time_machine.travel(moment, tick=False)
        travel.start()
        travels.append(travel)

    yield set_clock
    for travel in reversed(travels):
        travel.stop()


def _loaded_models() -> list[Any]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in MADE_BY_DJANGO
    ]


def _read_tables() -> Snapshot:
    """Return (table, columns, rows) of every table that holds anything."""
    tables: Snapshot = []
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in _loaded_models():
            columns = [field.column for field in model._meta.local_concrete_fields]
            cursor.execute(f"SELECT {', '.join(map(quote, columns))} FROM {quote(model._meta.db_table)}")  # noqa: S608 names of our own tables
            rows = cursor.fetchall()
            if rows:
                tables.append((model._meta.db_table, columns, rows))
    return tables


def _write_tables(snapshot: Snapshot) -> None:
    """Insert the rows as they were; foreign keys are checked at the end of the transaction."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, columns, rows in snapshot:
            cursor.execute(f"DELETE FROM {quote(table)}")  # noqa: S608 as above
            places = ", ".join(["%s"] * len(columns))
            insert = f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES ({places})"  # noqa: S608 as above
            cursor.executemany(insert, [[_adapted(value) for value in row] for row in rows])
        for statement in connection.ops.sequence_reset_sql(no_style(), _loaded_models()):
            cursor.execute(statement)


def _adapted(value: Any) -> Any:
    """SQLite's driver knows no time of day."""
    return connection.ops.adapt_timefield_value(value) if isinstance(value, time) else value
