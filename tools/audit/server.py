"""A portal on loopback with the county's data, for as long as a check runs."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "var" / "audit"
START_SECONDS = 30
# Example data carries noindex; for the search marks of Lighthouse every record counts as confirmed.
CONFIRM = """
from django.apps import apps
from django.utils import timezone
for model in apps.get_models():
    names = {field.name for field in model._meta.concrete_fields}
    if "is_example" in names:
        model.objects.update(is_example=False, verified=True, checked_on=timezone.localdate())
"""


def environment(database: str) -> dict[str, str]:
    """Return the variables of a server without debug pages, on a database of its own."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tools.audit.settings",
        "DATABASE_URL": f"sqlite:///{FOLDER / database}",
        "DEBUG": "0",
        # As visitors get them, pages are kept and packed; unpacked, a list is a quarter of a second slower.
        "PAGE_CACHE": "1",
        "PYTHONPATH": str(ROOT),
    }


def manage(database: str, *arguments: str) -> None:
    """Run a management command; its output appears only when it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(database), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments[:2])} failed:\n{done.stdout}{done.stderr}")


def prepare() -> None:
    """Build two databases: as the demo shows it, and with every record confirmed."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    manage("example.sqlite3", "migrate", "--verbosity=0")
    region = str(next((ROOT / "regions").glob("*/region.toml")).parent)
    manage("example.sqlite3", "load_region", region)
    manage("example.sqlite3", "load_rules", region)
    manage("example.sqlite3", "collectstatic", "--no-input", "--verbosity=0")
    shutil.copy(FOLDER / "example.sqlite3", FOLDER / "confirmed.sqlite3")
    manage("confirmed.sqlite3", "shell", "--verbosity=0", "-c", CONFIRM)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serve(database: str) -> Iterator[str]:
    """Run gunicorn with the shipped configuration; yield its address."""
    address = f"http://127.0.0.1:{free_port()}"
    variables = {**environment(database), "BIND": address.removeprefix("http://"), "BASE_URL": address}
    command = [sys.executable, "-m", "gunicorn", "-c", "ruemsa_portal/gunicorn_conf.py", "ruemsa_portal.wsgi"]
    with (
        (FOLDER / "server.log").open("a") as log,
        subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log) as process,
    ):
        try:
            _wait_until_ready(address)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=40)


def _wait_until_ready(address: str) -> None:
    """Return once the portal says it is ready; RuntimeError after half a minute."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start, see {FOLDER / 'server.log'}")
