"""Scratch databases of the measurements: one SQLite file and one throw-away PostgreSQL, each in its own process.

Both are filled in the same way. What was filled is kept below ``var/bench`` (the
PostgreSQL as a dump) and used again when asked for.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "bench"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
ENGINES = (SQLITE, POSTGRESQL)
# As in service: no debug page, no log of statements.
ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": "ruemsa_portal.settings", "DEBUG": "0"}


def run_on(engine: str, module: str, arguments: Sequence[str], *, size: int, reuse: bool) -> Any:
    """Run ``python -m module SIZE …`` on its own database and return what it answers; None without PostgreSQL.

    The child fills the database (``ours.fill``); with ``reuse`` it finds what was kept, else none.
    Raises CalledProcessError when it fails.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not reuse:
        _forget(engine, size)
    arguments = [str(size), *arguments]
    if engine == SQLITE:
        return ask(module, arguments, database=f"sqlite:///{database_file(size)}")
    if subprocess.run(["/bin/sh", "tools/postgres.sh", "available"], cwd=ROOT, check=False).returncode:
        print("PostgreSQL: not installed, left out")
        return None
    return ask(module, arguments, before=("/bin/sh", "tools/postgres.sh", "run"))


def ask(module: str, arguments: Sequence[str], *, database: str = "", before: Sequence[str] = ()) -> Any:
    """Run ``python -m module …`` and return what it gives back; ``before`` is a command that runs commands."""
    environment = {**os.environ, **ENVIRONMENT}
    if database:
        environment["DATABASE_URL"] = database
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        environment["BENCH_ANSWER"] = str(answer)
        command = [*before, sys.executable, "-m", module, *arguments]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=sys.stderr)
        return json.loads(answer.read_text(encoding="utf-8"))


def give_back(value: Any) -> None:
    """Called by the child: hand the answer to the process that started it."""
    Path(os.environ["BENCH_ANSWER"]).write_text(json.dumps(value), encoding="utf-8")


def database_file(size: int) -> Path:
    """The SQLite file of this size."""
    return FOLDER / f"search-{size}.sqlite3"


def filling_file(engine: str, size: int) -> Path:
    """What filling the database took."""
    return FOLDER / f"filling-{engine}-{size}.json"


def dump_file(size: int) -> Path:
    """The dump of the PostgreSQL database of this size."""
    return FOLDER / f"search-{size}.dump"


def _forget(engine: str, size: int) -> None:
    kept = database_file(size)
    files = [kept, Path(f"{kept}-wal"), Path(f"{kept}-shm")] if engine == SQLITE else [dump_file(size)]
    for path in (*files, filling_file(engine, size)):
        path.unlink(missing_ok=True)


def restore(size: int) -> bool:
    """Put the dump into the empty PostgreSQL; False when there is none."""
    if not dump_file(size).exists():
        return False
    _postgres_tool("pg_restore", "--no-owner", "--jobs=2", "--dbname", os.environ["DATABASE_URL"], str(dump_file(size)))
    return True


def keep(size: int) -> None:
    """Write the dump of the PostgreSQL database."""
    _postgres_tool(
        "pg_dump", "--format=custom", "--compress=1", "--file", str(dump_file(size)), os.environ["DATABASE_URL"]
    )


def _postgres_tool(name: str, *arguments: str) -> None:
    tools = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(tools[-1]) if tools else shutil.which(name)
    subprocess.run([path or name, *arguments], check=True)
