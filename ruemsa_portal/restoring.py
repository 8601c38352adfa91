"""A copy of the database put back: whole or not at all, and nothing is touched before the copy proved readable.

SQLite takes the pages of the copy over into the open file, in one transaction. PostgreSQL gets the text that
``pg_restore`` makes of the copy, in one transaction that begins with emptying the schema; it is ended well
only when ``pg_restore`` came to its end. Why: ADR 0037.
"""

import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import IO, Any, cast

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from ruemsa_portal.condition import known_migrations
from ruemsa_portal.postgres_tools import NoProgramError, environment, last_line, program

ENDINGS = {"sqlite": ".sqlite3", "postgresql": ".dump"}
# What a copy of ours can hold: tables with what hangs on them, and the functions of the guarded record.
EMPTY_SCHEMA = """
SET lock_timeout = '60s';
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE 'DROP TABLE ' || name || ' CASCADE';
  END LOOP;
  FOR name IN SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'public'
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE 'DROP FUNCTION ' || name || ' CASCADE';
  END LOOP;
END $$;
"""
CHUNK = 1 << 16


class RestoreError(Exception):
    """The copy was not put back; the database is as it was. The text says why."""


def holds_data() -> bool:
    """Say whether the database in use holds tables of ours already."""
    return MigrationRecorder(connection).has_table()


def look_into(path: Path) -> None:
    """Refuse what is no copy for this database or comes from a newer version; raises RestoreError."""
    wanted = ENDINGS.get(connection.vendor, "")
    if not path.is_file():
        raise RestoreError(f"{path} gibt es nicht.")
    if path.suffix != wanted:
        raise RestoreError(f"{path.name} passt nicht: Diese Datenbank braucht eine Kopie mit der Endung {wanted}.")
    applied = _migrations_of_sqlite(path) if connection.vendor == "sqlite" else _migrations_of_dump(path)
    if not applied:
        raise RestoreError(f"{path.name} ist keine Kopie des Portals.")
    ours = {app for app, _name in known_migrations()}
    newer = sorted(f"{app}.{name}" for app, name in applied - known_migrations() if app in ours)
    if newer:
        raise RestoreError(f"{path.name} ist neuer als dieses Programm: {newer[0]}. Erst das Programm erneuern.")


def put_back(path: Path) -> None:
    """Replace everything in the database by what the copy holds; raises RestoreError."""
    if connection.vendor == "sqlite":
        _put_back_sqlite(path)
    else:
        _put_back_postgresql(path)


def _migrations_of_sqlite(path: Path) -> set[tuple[str, str]]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
            if verdict != "ok":
                raise RestoreError(f"{path.name} ist beschädigt: {verdict}")
            return set(copy.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error as error:
        raise RestoreError(f"{path.name} ist keine Kopie des Portals: {error}") from error


def _migrations_of_dump(path: Path) -> set[tuple[str, str]]:
    done = _run("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(path))
    if done.returncode:
        raise RestoreError(f"{path.name} ist keine Kopie des Portals: {last_line(done.stderr)}")
    return {(app, name) for app, name in re.findall(r"^\d+\t(\w+)\t(\w+)\t", done.stdout, re.MULTILINE)}


def _put_back_sqlite(path: Path) -> None:
    connection.close()
    connection.ensure_connection()
    target: Any = connection.connection
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source:
            source.backup(target)
    except sqlite3.Error as error:
        raise RestoreError(f"SQLite: {error}") from error
    # What was prepared for the old tables must not be used for the new ones.
    connection.close()


def _put_back_postgresql(path: Path) -> None:
    # A connection of ours that waits inside a transaction would wait for psql, and psql for it.
    connection.close()
    command = [_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    reading = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(path)]
    # Programs and options are ours; the path was looked into before.
    with (
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as source,  # noqa: S603
        subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE) as target,  # noqa: S603
    ):
        whole = _pour(source, cast("IO[bytes]", target.stdin))
        said = cast("IO[bytes]", target.stderr).read().decode(errors="replace")
        target.wait()
    if not whole:
        raise RestoreError(f"{path.name} ließ sich nicht zu Ende lesen.")
    if target.returncode:
        raise RestoreError(f"psql: {last_line(said) or target.returncode}")


def _pour(source: "subprocess.Popen[bytes]", target: IO[bytes]) -> bool:
    """Hand the text on between BEGIN and COMMIT; the COMMIT is said only after the reader ended well."""
    output = cast("IO[bytes]", source.stdout)
    try:
        target.write(b"BEGIN;\n" + EMPTY_SCHEMA.encode())
        while chunk := output.read(CHUNK):
            target.write(chunk)
        whole = source.wait() == 0
        target.write(b"\nCOMMIT;\n" if whole else b"\nROLLBACK;\n")
        target.close()
    except BrokenPipeError:
        # psql ended early; it says why. The reader must not wait for it for ever.
        source.kill()
        return True
    return whole


def _program(name: str) -> str:
    try:
        return program(name)
    except NoProgramError as error:
        raise RestoreError(str(error)) from error


def _run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Programs and options are ours.
    return subprocess.run([_program(name), *arguments], capture_output=True, text=True, check=False)  # noqa: S603
