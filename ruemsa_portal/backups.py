"""A copy of the database that is whole, made while the portal runs; old copies go.

Enquiries lie in the copy as they lie in the database: as ciphertexts, without their keys. The copy is
readable by the account of the portal only; where it goes from there is the operator's choice.
"""

import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from ruemsa_portal.postgres_tools import NoProgramError, environment, last_line, program

KEPT = timedelta(days=30)
PREFIX = "portal-"


class BackupError(Exception):
    """No copy was made; the text says why."""


def back_up(folder: Path, *, at: datetime) -> Path:
    """Write a copy into the folder and return its path; nothing half stays there. Raises BackupError."""
    folder.mkdir(parents=True, exist_ok=True)
    ending = "sqlite3" if connection.vendor == "sqlite" else "dump"
    path = folder / f"{PREFIX}{timezone.localtime(at):%Y%m%d-%H%M%S}.{ending}"
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    try:
        if connection.vendor == "sqlite":
            _copy_sqlite(half)
        else:
            _dump_postgresql(half)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    return path


def copies_in(folder: Path) -> list[Path]:
    """Return the copies in a folder, the oldest first."""
    return sorted(path for path in folder.glob(f"{PREFIX}*") if path.suffix in (".sqlite3", ".dump"))


def newest_copy(folder: Path) -> Path | None:
    """Return the newest copy in a folder, None when there is none."""
    return next(reversed(copies_in(folder)), None)


def remove_old(folder: Path, *, at: datetime) -> list[Path]:
    """Delete copies older than 30 days, never the newest; return which."""
    old = [
        path
        for path in copies_in(folder)[:-1]
        if at - datetime.fromtimestamp(path.stat().st_mtime, tz=at.tzinfo) > KEPT
    ]
    for path in old:
        path.unlink()
    return old


def _copy_sqlite(path: Path) -> None:
    """Copy page by page; writers go on meanwhile, and the copy is of one moment."""
    connection.ensure_connection()
    source: Any = connection.connection
    with closing(sqlite3.connect(path)) as target:
        source.backup(target)
        (verdict,) = target.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise BackupError(f"Die Kopie ist beschädigt: {verdict}")


def _dump_postgresql(path: Path) -> None:
    """Let pg_dump write its own format, in one snapshot."""
    try:
        command = [program("pg_dump"), "--format=custom", "--no-owner", f"--file={path}"]
    except NoProgramError as error:
        raise BackupError(str(error)) from error
    # Program and options are ours; only a path of our own making is added.
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"pg_dump: {last_line(done.stderr) or done.returncode}")
