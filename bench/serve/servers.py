"""Starts what is measured: gunicorn with the shipped configuration, and the shipped nginx with a static page beside it."""

import gzip
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import Request, urlopen

from bench.serve.wrk import cpu_seconds
from tools.audit.server import free_port
from tools.production import setup
from tools.production.service import Service, children

PORTAL, BARE = "ruemsa_portal.wsgi", "bench.serve.bare"
START_SECONDS = 60.0
STATIC = """
  server {{
    listen 127.0.0.1:{port} ssl http2;
    server_name {host};
    ssl_certificate {folder}/fullchain.pem;
    ssl_certificate_key {folder}/privkey.pem;
    access_log {folder}/static.log portal;
    location / {{
      root {folder}/page;
      default_type "text/html; charset=utf-8";
      add_header Content-Encoding gzip;
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens, its first process, and what it took until the first page."""

    url: str
    process: int
    seconds: float
    cpu: float


@contextmanager
def gunicorn(application: str, variables: Mapping[str, str], *, headers: Mapping[str, str]) -> Iterator[Server]:
    """Run gunicorn with two workers by the shipped file; yield it once it has answered ``/``."""
    port = free_port()
    command = [setup.GUNICORN, "-c", "ruemsa_portal/gunicorn_conf.py", application]
    environment = {**setup.environment(port), **variables}
    began = monotonic()
    with (setup.FOLDER / "bench.log").open("a") as log:
        service = Service(command, cwd=setup.ROOT, variables=environment, log=log)
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(url + "/", headers)
            seconds, cpu = monotonic() - began, cpu_seconds([service.main])
            service.settle()
            yield Server(url, service.main, seconds, cpu)
        finally:
            service.stop()


def wait_for(url: str, headers: Mapping[str, str]) -> bytes:
    """Return the first page with status 200; RuntimeError when there is none for a minute."""
    end = monotonic() + START_SECONDS
    while monotonic() < end:
        try:
            with urlopen(Request(url, headers=dict(headers)), timeout=10) as reply:
                body: bytes = reply.read()
                return body
        except (URLError, OSError):
            sleep(0.02)
    raise RuntimeError(f"{url} does not answer, see {setup.FOLDER}/bench.log")


@dataclass(frozen=True, slots=True)
class Front:
    """The running nginx: the portal through it, a static page of the same bytes, and its first process."""

    portal: str
    static: str
    process: int


@contextmanager
def nginx(portal: Server, page: bytes) -> Iterator[Front]:
    """Run the shipped nginx before the portal; ``page`` is what the portal sends for "/", packed."""
    static, http, https = free_port(), free_port(), free_port()
    frame = setup.nginx_files(int(portal.url.rpartition(":")[2]), http, https)
    folder = setup.FOLDER / "page"
    folder.mkdir(exist_ok=True)
    (folder / "index.html").write_bytes(page if page[:2] == b"\x1f\x8b" else gzip.compress(page))
    text = frame.read_text(encoding="utf-8").rstrip().removesuffix("}")
    frame.write_text(text + STATIC.format(port=static, host=setup.HOST, folder=setup.FOLDER), encoding="utf-8")
    with (
        (setup.FOLDER / "bench.log").open("a") as log,
        subprocess.Popen([str(setup.NGINX), "-c", str(frame), "-g", "daemon off;"], stdout=log, stderr=log) as process,
    ):
        try:
            sleep(1)
            yield Front(f"https://127.0.0.1:{https}", f"https://127.0.0.1:{static}", process.pid)
        finally:
            process.terminate()
            process.wait(timeout=20)


def workers(server: Server) -> list[int]:
    """Return the processes that answer."""
    return children(server.process)
