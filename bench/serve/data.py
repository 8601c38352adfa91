"""Databases of every size, on both engines: each is a copy of the next smaller one, topped up."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tools.production import setup

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
FOLDER = setup.ROOT / "var" / "bench"


class Databases:
    """The databases of this run. ``server`` is the address of a PostgreSQL of its own, or empty."""

    def __init__(self, server: str) -> None:
        self.server = server.partition("?")[0]
        self.engines = [SQLITE, *([POSTGRESQL] if self.server else [])]
        self._newest: dict[str, str] = {}
        self._made: dict[tuple[str, int], str] = {}

    def prepare(self) -> None:
        """Take the steps of an installation once: static files and keys, then the county on both engines."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        # As in an installation, where the code was compiled once; the folder of the code stays as it is.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(FOLDER / "compiled")
        os.environ.pop("DATABASE_URL", None)
        setup.prepare()
        self._newest[SQLITE] = f"sqlite:///{setup.FOLDER / 'portal.sqlite3'}"
        if self.server:
            os.environ["DATABASE_URL"] = self.server
            region = str(next((setup.ROOT / "regions").glob("*/region.toml")).parent)
            for order in (("migrate", "--verbosity=0"), ("load_region", region), ("load_rules", region)):
                setup.manage(*order)
            self._newest[POSTGRESQL] = self.server
            os.environ.pop("DATABASE_URL")

    def of(self, engine: str, size: int) -> str:
        """Return the address of a database with so many offers; new sizes are asked for in rising order."""
        at = self._made.get((engine, size))
        if at is None:
            before = self._newest[engine]
            at = self._sqlite_copy(before, size) if engine == SQLITE else self._postgresql_copy(before, size)
            ask(at, "fill", size)
            self._newest[engine] = self._made[engine, size] = at
        return at if engine == SQLITE else f"{at}?sslmode=disable"

    def processes(self, engine: str) -> tuple[int, ...]:
        """Return the first process of the database server, whose children answer; none for SQLite."""
        if engine == SQLITE:
            return ()
        with psycopg.connect(self.server) as link:
            row = link.execute("SELECT pg_backend_pid()").fetchone()
            backend = int(row[0]) if row else 0
            fields = Path(f"/proc/{backend}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[1]),)

    def _sqlite_copy(self, at: str, size: int) -> str:
        copy = FOLDER / f"serving-{size}.sqlite3"
        for path in (copy, Path(f"{copy}-wal"), Path(f"{copy}-shm")):
            path.unlink(missing_ok=True)
        old = Path(at.removeprefix("sqlite:///"))
        with sqlite3.connect(old) as link:
            link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(old, copy)
        return f"sqlite:///{copy}"

    def _postgresql_copy(self, at: str, size: int) -> str:
        name = f"serving_{size}"
        with psycopg.connect(urlsplit(self.server)._replace(path="/postgres").geturl(), autocommit=True) as link:
            link.execute(f'DROP DATABASE IF EXISTS "{name}"')  # type: ignore[arg-type]
            link.execute(f'CREATE DATABASE "{name}" TEMPLATE "{urlsplit(at).path[1:]}"')  # type: ignore[arg-type]
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()


def ask(database: str, *order: object) -> Any:
    """Run ``bench.serve.child`` on a database and return its answer; RuntimeError when it fails."""
    done = subprocess.run(
        child_command(*order),
        cwd=setup.ROOT,
        env=child_environment(database),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{order}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def child_command(*order: object) -> list[str]:
    """Return the command that runs an order of the child."""
    return [sys.executable, "-m", "bench.serve.child", *(str(part) for part in order)]


def child_environment(database: str) -> dict[str, str]:
    """Return the variables of the installation with another database."""
    found = {**setup.environment(0), "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "ruemsa_portal.settings"}
    if database.startswith("postgres") and "sslmode" not in database:
        found["DATABASE_URL"] = f"{database}?sslmode=disable"
    return found
