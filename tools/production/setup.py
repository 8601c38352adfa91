"""Starts gunicorn and nginx with the shipped configuration, on free ports and in a folder of their own."""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from accounts.keys import new_entry
from tools.audit.server import CONFIRM, free_port
from tools.production.service import Service

ROOT = Path(__file__).resolve().parent.parent.parent
# A drill works in a folder of its own.
FOLDER = Path(os.environ.get("PRODUCTION_CHECK_FOLDER") or ROOT / "var" / "production")
DEPLOY = ROOT / "docs" / "deploy"
HOST = "portal.example.org"
START_SECONDS = 40
# A machine of the county's monitoring; an address that nobody has (RFC 5737).
STAFF = "192.0.2.1"
# As the unit names it; a reload starts the very same command.
GUNICORN = str(Path(sys.executable).parent / "gunicorn")
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


class NotHere(Exception):
    """A part of the set-up is not installed; the text says which and how to get it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; the names of the headers in small letters, each value as often as it was sent."""

    status: int
    headers: dict[str, list[str]]
    body: bytes


def _said(link: socket.socket, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Reply:
    connection = http.client.HTTPConnection(HOST)
    connection.sock = link
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body=body, headers={"Connection": "close", **named})
    answer = connection.getresponse()
    found: dict[str, list[str]] = {}
    for name, value in answer.getheaders():
        found.setdefault(name.lower(), []).append(value)
    return Reply(answer.status, found, answer.read())


@dataclass(frozen=True, slots=True)
class Portal:
    """Where the running set-up listens, and the service that is reloaded."""

    https: int
    http: int
    gunicorn: int
    service: Service

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> "Reply":
        """Ask nginx over TLS, with the certificate of this run as the only one that is trusted."""
        trust = ssl.create_default_context(cafile=str(FOLDER / "fullchain.pem"))
        with (
            socket.create_connection(("127.0.0.1", self.https), timeout=30) as plain,
            trust.wrap_socket(plain, server_hostname=HOST) as secure,
        ):
            return _said(secure, method, path, body, headers)

    def ask_plain(self, path: str, *, port: int | None = None, **headers: str) -> "Reply":
        """Ask without TLS: nginx on its first port, or gunicorn itself."""
        with socket.create_connection(("127.0.0.1", port or self.http), timeout=30) as plain:
            return _said(plain, "GET", path, None, headers)

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        return self.service.workers()

    @contextmanager
    def only(self, worker: int) -> Iterator[None]:
        """Inside, every other worker stands still, so that this one answers."""
        others = [number for number in self.workers() if number != worker]
        for number in others:
            os.kill(number, signal.SIGSTOP)
        try:
            yield
        finally:
            for number in others:
                os.kill(number, signal.SIGCONT)

    def reload(self) -> None:
        """Ask gunicorn to load the code anew, as ``systemctl reload`` does."""
        self.service.reload()


def environment(gunicorn: int) -> dict[str, str]:
    """Return the variables of an installation, with the data base of this run."""
    database = os.environ.get("DATABASE_URL") or f"sqlite:///{FOLDER / 'portal.sqlite3'}"
    return {
        **os.environ,
        # The throw-away server speaks on loopback only and has no certificate.
        "DATABASE_URL": database + ("?sslmode=disable" if database.startswith("postgres") else ""),
        "PRODUCTION": "1",
        "SECRET_KEY": "".join(chr(33 + (number * 7) % 89) for number in range(64)),
        "ALLOWED_HOSTS": HOST,
        "BEHIND_PROXY": "1",
        "BIND": f"127.0.0.1:{gunicorn}",
        "WEB_CONCURRENCY": "2",
        "METRICS_NETWORKS": f"{STAFF}/32",
        "BACKUP_DIR": str(FOLDER / "copies"),
        "PYTHONPATH": str(ROOT),
        "STATIC_ROOT": str(FOLDER / "static"),
        "ENQUIRY_KEY_FILE": str(FOLDER / "enquiry.keys"),
    }


def manage(*arguments: str, port: int = 0) -> str:
    """Run a management command of the installation and return what it said; RuntimeError when it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(port), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments[:2])}:\n{done.stdout}{done.stderr}")
    return done.stdout


def prepare() -> None:
    """Do the steps of the README's chapter on production: check, migrate, static files, the county's data."""
    if NGINX is None:
        raise NotHere("nginx fehlt (Debian: apt-get install nginx-light)")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    (FOLDER / "enquiry.keys").write_text(new_entry("check"), encoding="ascii")
    manage("check", "--deploy", "--fail-level", "WARNING")
    manage("migrate", "--verbosity=0")
    manage("collectstatic", "--no-input", "--verbosity=0")
    region = str(next((ROOT / "regions").glob("*/region.toml")).parent)
    manage("load_region", region)
    manage("load_rules", region)
    # Nobody has confirmed anything yet, and what nobody confirmed is not public.
    manage("shell", "--verbosity=0", "-c", CONFIRM)
    certificate()


def certificate() -> None:
    """Make a certificate of our own for the name of the example."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "365", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},DNS:localhost"]
    command += ["-keyout", str(FOLDER / "privkey.pem"), "-out", str(FOLDER / "fullchain.pem")]
    subprocess.run(command, check=True, capture_output=True)


def nginx_files(portal_port: int, http: int, https: int) -> Path:
    """Write the shipped file with other ports and paths, and the frame Debian puts around it."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    replaced = {
        r"listen (\[::\]:)?80;": f"listen 127.0.0.1:{http};",
        r"listen (\[::\]:)?443 ssl http2;": f"listen 127.0.0.1:{https} ssl http2;",
        r"/etc/ssl/portal/": f"{FOLDER}/",
        r"/etc/nginx/portal-headers.conf": f"{DEPLOY}/portal-headers.conf",
        r"/var/log/nginx/": f"{FOLDER}/",
        r"/var/cache/nginx/portal": f"{FOLDER}/kept",
        r"127\.0\.0\.1:8000": f"127.0.0.1:{portal_port}",
    }
    for pattern, value in replaced.items():
        text, number = re.subn(pattern, value, text)
        if not number:
            raise RuntimeError(f"docs/deploy/nginx.conf: nothing looks like {pattern}")
    # Both families of addresses became one.
    seen: set[str] = set()
    lines = []
    for line in text.splitlines():
        if line.strip() == "server {":
            seen.clear()
        if line.strip().startswith("listen ") and line in seen:
            continue
        seen.add(line)
        lines.append(line)
    (FOLDER / "portal.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    frame = FOLDER / "nginx.conf"
    temporary = "\n".join(
        f"  {kind}_temp_path {FOLDER}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    frame.write_text(
        # Started by root, nginx would give its work to an account that cannot read this folder.
        f"{'user root;' if os.geteuid() == 0 else ''}\nworker_processes 2;\npid {FOLDER}/nginx.pid;\nerror_log {FOLDER}/nginx-start.log crit;\n"
        "events { worker_connections 1024; }\n"
        f"http {{\n  include /etc/nginx/mime.types;\n{temporary}\n  include {FOLDER}/portal.conf;\n}}\n",
        encoding="utf-8",
    )
    return frame


@contextmanager
def running(*options: str, **variables: str) -> Iterator[Portal]:
    """Run both servers; yield where they listen. ``options`` and ``variables`` are for gunicorn, beside the shipped ones."""
    gunicorn_port, http, https = free_port(), free_port(), free_port()
    frame = nginx_files(gunicorn_port, http, https)
    command = [GUNICORN, "-c", "ruemsa_portal/gunicorn_conf.py", *options, "ruemsa_portal.wsgi"]
    with (
        (FOLDER / "gunicorn.log").open("a") as log,
        subprocess.Popen([str(NGINX), "-c", str(frame), "-g", "daemon off;"], stdout=log, stderr=log) as nginx,
    ):
        gunicorn = Service(command, cwd=ROOT, variables=environment(gunicorn_port) | variables, log=log)
        portal = Portal(https, http, gunicorn_port, gunicorn)
        try:
            wait_until_ready(portal)
            yield portal
        finally:
            nginx.terminate()
            gunicorn.stop()
            nginx.wait(timeout=20)


def wait_until_ready(portal: Portal) -> None:
    """Return once the portal answers through nginx; RuntimeError when it takes too long."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            if portal.ask("/health/ready").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise RuntimeError(f"the set-up did not start, see {FOLDER}")
