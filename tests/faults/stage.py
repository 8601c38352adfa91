"""The installation a drill works on: the shipped code with production settings, in a folder and a database of its own.

``set_up()`` prepares it and Django in this process, so it comes before any import of a model. What takes long
(migrations, the county's data, static files) is prepared once for a state of the files and kept in ``var/faults``.
Everything that was started ends with the process.
"""

import argparse
import atexit
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "var" / "faults"
RUN = KEPT / f"run-{os.getpid()}"
os.environ["PRODUCTION_CHECK_FOLDER"] = str(RUN)

import django

from tests.faults.postgres import Cluster, is_here
from tools.production import setup

DATABASES = ("sqlite", "pg")
NAMES = {"sqlite": "SQLite", "pg": "PostgreSQL"}


@dataclass
class Stage:
    """Where everything lies."""

    db: str
    folder: Path
    url: str
    cluster: Cluster | None
    prepared: Path

    @property
    def name(self) -> str:
        """What the database is called in a report."""
        return NAMES[self.db]

    @property
    def sqlite(self) -> Path:
        """The file of the database."""
        return Path(self.url.removeprefix("sqlite:///"))


def parser(description: str) -> argparse.ArgumentParser:
    """Return a parser that knows the options of every drill."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--db", choices=DATABASES, default="sqlite", help="database to work on")
    made.add_argument("--control", action="store_true", help="break the protection first: the drill must then fail")
    return made


def set_up(*, folder: Path | None = None, django_too: bool = True) -> Stage:
    """Prepare an installation for the database named by ``--db``; ``folder`` holds the file of SQLite."""
    db = parser("").parse_known_args()[0].db
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    RUN.mkdir(parents=True, exist_ok=True)
    atexit.register(shutil.rmtree, RUN, ignore_errors=True)
    cluster = _cluster() if db == "pg" else None
    prepared = _prepared(db, cluster)
    url = _database(db, cluster, prepared, folder or RUN)
    os.environ["DATABASE_URL"] = url
    for name, value in setup.environment(0).items():
        os.environ[name] = value
    # ``environment`` adds an option to the address; given twice it would be there twice.
    os.environ["DATABASE_URL"] = url
    if django_too:
        os.environ["DATABASE_URL"] = url + ("?sslmode=disable" if cluster else "")
        django.setup()
        os.environ["DATABASE_URL"] = url
    return Stage(db, RUN, url, cluster, prepared)


def say(number: str, text: str, *, ok: bool) -> bool:
    """Print the line of a drill and return whether it held."""
    print(f"{number} {'ok' if ok else 'FAILED'}  {text}", flush=True)
    return ok


def skip(number: str, reason: str, *, must_work: bool) -> NoReturn:
    """End a drill that this machine cannot do; in continuous integration that is a failure when it should have worked."""
    failed = must_work and os.environ.get("CI") == "true"
    print(f"{number} {'FAILED' if failed else 'skipped'}  {reason}", flush=True)
    sys.exit(1 if failed else 0)


def amount(number: int) -> str:
    """Return a number as it is read aloud: 3 838."""
    return f"{number:,}".replace(",", " ")


def _cluster() -> Cluster:
    if not is_here():
        skip("PostgreSQL", "not installed (Debian: apt-get install postgresql)", must_work=True)
    given = Cluster.given()
    if given:
        return given
    # A bench waits for the disk, as a real server does.
    cluster = Cluster.create(fsync=bool(os.environ.get("FAULTS_FSYNC")))
    atexit.register(cluster.remove)
    return cluster


def _database(db: str, cluster: Cluster | None, prepared: Path, folder: Path) -> str:
    if cluster is None:
        shutil.copy(prepared / "portal.sqlite3", folder / "portal.sqlite3")
        return f"sqlite:///{folder / 'portal.sqlite3'}"
    name = f"drill_{os.getpid()}"
    cluster.create_database(name, template="prepared")
    atexit.register(_drop, cluster, name)
    return cluster.url(name)


def _drop(cluster: Cluster, name: str) -> None:
    if cluster.folder.exists():
        cluster.drop_database(name)


@cache
def _state() -> str:
    """Return a hash over what the prepared database depends on."""
    found = hashlib.sha256()
    for pattern in (
        "*/migrations/*.py",
        "regions/**/*",
        "static/**/*",
        "*/models/*.py",
        "tests/faults/st*.py",
        "tests/faults/seed.py",
    ):
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _prepared(db: str, cluster: Cluster | None) -> Path:
    """Return the folder with everything that takes long, made now if it is not there."""
    folder = KEPT / _state()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"lock-{db}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _keys_and_files(folder)
        if cluster is None:
            if not (folder / "portal.sqlite3").exists():
                _load(f"sqlite:///{folder / 'half.sqlite3'}")
                (folder / "half.sqlite3").rename(folder / "portal.sqlite3")
        elif not cluster.has_database("prepared"):
            cluster.create_database("half")
            if (folder / "portal.dump").exists():
                cluster.restore("half", folder / "portal.dump")
            else:
                _load(cluster.url("half"))
                cluster.dump("half", folder / "half.dump", "--format=custom")
                (folder / "half.dump").rename(folder / "portal.dump")
            cluster.create_database("prepared", template="half")
    for name in ("enquiry.keys", "static"):
        (RUN / name).unlink(missing_ok=True)
        (RUN / name).symlink_to(folder / name)
    return folder


def _keys_and_files(folder: Path) -> None:
    """Make the key of enquiries and collect the static files, once for both databases."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "enquiry.keys").exists():
            (folder / "enquiry.keys").write_text(setup.new_entry("drill"), encoding="ascii")
        if not (folder / "static").exists():
            shutil.rmtree(folder / "half", ignore_errors=True)
            _manage(
                folder,
                "sqlite://:memory:",
                "collectstatic",
                "--no-input",
                "--verbosity=0",
                STATIC_ROOT=str(folder / "half"),
            )
            (folder / "half").rename(folder / "static")


def _load(url: str) -> None:
    """Do the steps of the README: migrate, the county's data, the rules; then people who read enquiries."""
    folder = KEPT / _state()
    region = str(next((ROOT / "regions").glob("*/region.toml")).parent)
    _manage(folder, url, "migrate", "--verbosity=0")
    _manage(folder, url, "load_region", region)
    _manage(folder, url, "load_rules", region)
    _manage(folder, url, "shell", "--verbosity=0", "-c", "from tests.faults.seed import plant; plant()")


def _manage(folder: Path, url: str, *arguments: str, **more: str) -> None:
    os.environ["DATABASE_URL"] = url
    environment = {
        **setup.environment(0),
        "ENQUIRY_KEY_FILE": str(folder / "enquiry.keys"),
        "STATIC_ROOT": str(folder / "static"),
        **more,
    }
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"manage.py {arguments[0]}:\n{done.stdout}{done.stderr}")


@contextmanager
def patience(seconds: float, what: str) -> Iterator[None]:
    """Measure a step; RuntimeError when it took longer than it may."""
    begin = time.monotonic()
    yield
    took = time.monotonic() - begin
    if took > seconds:
        raise RuntimeError(f"{what}: {took:.1f} s")
