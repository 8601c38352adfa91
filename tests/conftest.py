"""Fixtures for the whole suite: databases, the county's data, the clock.

``region``       the county's data inside the test's own transaction
``live_region``  the same, committed, for tests with a live server
``quick_pages``  pages without ``response.context``, for tests that ask for thousands
``fix_time``     sets the clock to a Berlin wall time
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from django.db.backends.base.operations import BaseDatabaseOperations
from django.template import Template

from accounts.keys import new_entry
from directory import versions
from directory.parts import Shelf

BERLIN = ZoneInfo("Europe/Berlin")

# Django makes these rows by itself, so their keys may differ from one database to the next.
MADE_BY_DJANGO = {"contenttypes", "auth", "sessions", "admin"}
# Nothing may delete from it, so it is no part of what is put in and taken out.
GUARDED = "accounts_auditentry"

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


FLUSH = BaseDatabaseOperations.execute_sql_flush


def _flush_guarded(ops: BaseDatabaseOperations, statements: list[str]) -> None:
    """Empty the tables after a test that commits; the triggers of the audit log step aside meanwhile.

    PostgreSQL makes new files for each of a hundred tables at a TRUNCATE, so most rows are deleted instead.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [GUARDED])
            triggers = dict(cursor.fetchall())
        before, after = [f"DROP TRIGGER {name}" for name in triggers], list(triggers.values())
    else:
        before, after = [WITHOUT_TRIGGERS], [WITH_TRIGGERS]
        statements = [f"DELETE FROM {table}" for table in _named_tables(statements)]  # noqa: S608 names from Django
    FLUSH(ops, [*before, *statements, *after])


# Neither the guard of the audit log nor foreign keys: all rows go, or all come from where they were right.
WITHOUT_TRIGGERS, WITH_TRIGGERS = (f"SET session_replication_role = {role}" for role in ("replica", "origin"))


def _named_tables(statements: list[str]) -> list[str]:
    """Return the quoted tables of Django's TRUNCATE; it would be a mistake to empty fewer than it says."""
    (truncate,) = statements
    tables = re.findall(r'"[a-z0-9_]+"', truncate)
    assert re.sub(r'[\s,;]|"[a-z0-9_]+"', "", truncate) == "TRUNCATE", truncate
    return tables


def pytest_configure() -> None:
    """Parse every template once, as production does, and serve static files from where they lie."""
    options = settings.TEMPLATES[0]["OPTIONS"]
    if isinstance(options["loaders"][0], str):
        options["loaders"] = [("django.template.loaders.cached.Loader", options["loaders"])]
    BaseDatabaseOperations.execute_sql_flush = _flush_guarded
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True
    settings.ENQUIRY_KEYS = new_entry("test")


def pytest_addoption(parser: pytest.Parser) -> None:
    """On the second database only what asks for one has to run again."""
    parser.addoption("--database-only", action="store_true", help="leave out the tests that use no database")


WITHOUT_DATABASE = 3


def _turn(item: pytest.Item) -> int:
    """Return 0 to 2 for what a test wants of the database, WITHOUT_DATABASE for nothing at all."""
    turns = {"transactional_db": 2, "region": 1, "db": 0}
    names = getattr(item, "fixturenames", [])
    wanted = next((turns[name] for name in turns if name in names), WITHOUT_DATABASE)
    return turns["db"] if wanted == WITHOUT_DATABASE and item.get_closest_marker("django_db") else wanted


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep tests with the county together, so that it is loaded once; slow ones first, so that no worker waits.

    Django's own order stays: tests in a transaction, tests that commit, tests without a database.
    """
    if config.getoption("--database-only"):
        plain = [item for item in items if _turn(item) == WITHOUT_DATABASE]
        config.hook.pytest_deselected(items=plain)
        items[:] = [item for item in items if _turn(item) != WITHOUT_DATABASE]
    items.sort(key=lambda item: (_turn(item), item.get_closest_marker("slow") is None))


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


@pytest.fixture(autouse=True)
def nothing_prepared() -> None:
    """Forget the prepared parts of pages: another test may have written content without saying that it is new."""
    for name, (_version, value) in list(versions._kept.items()):
        if isinstance(value, Shelf) or name in ("point-cards", "moment", "reading"):
            del versions._kept[name]


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
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.app_label not in MADE_BY_DJANGO
        and model._meta.db_table != GUARDED
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


# Whether this connection has the copies; they go with it, and with a transaction that is rolled back.
HAS_COPIES = {
    "sqlite": "SELECT count(*) FROM sqlite_temp_master WHERE name = %s",
    "postgresql": "SELECT count(to_regclass('pg_temp.' || %s))",
}


def _write_tables(snapshot: Snapshot) -> None:
    """Put the rows in as they were: copied from tables that only this connection has, so that nothing else sees them.

    On SQLite foreign keys are checked at the end of the transaction, on PostgreSQL not at all.
    """
    with connection.cursor() as cursor:
        cursor.execute(HAS_COPIES[connection.vendor], [f"kept_{snapshot[-1][0]}"])
        if cursor.fetchone() == (0,):
            for table, columns, rows in snapshot:
                cursor.execute(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table} WHERE 1 = 0")  # noqa: S608 our own names
                _insert(cursor, f"kept_{table}", columns, rows)
        with _no_triggers(cursor):
            for table, _columns, _rows in snapshot:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 as above
                cursor.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")  # noqa: S608 as above
        for statement in connection.ops.sequence_reset_sql(no_style(), _loaded_models()):
            cursor.execute(statement)


@contextmanager
def _no_triggers(cursor: Any) -> Iterator[None]:
    if connection.vendor == "postgresql":
        cursor.execute(WITHOUT_TRIGGERS)
    yield
    if connection.vendor == "postgresql":
        cursor.execute(WITH_TRIGGERS)


def _insert(cursor: Any, table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(map(connection.ops.quote_name, columns))
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 names of our own tables
    cursor.executemany(statement, [[_adapted(value) for value in row] for row in rows])


def _adapted(value: Any) -> Any:
    """SQLite's driver knows no time of day."""
    return connection.ops.adapt_timefield_value(value) if isinstance(value, time) else value
