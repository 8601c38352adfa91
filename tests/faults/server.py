"""gunicorn with the shipped configuration, for a drill that kills it, and one request to it."""

import http.client
import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.audit.server import free_port
from tools.production.setup import FOLDER, GUNICORN, HOST, ROOT, environment
from tools.production.service import Service

START_SECONDS = 60.0
WHOLE = "ruemsa_portal.wsgi"
BROKEN = "tests.faults.broken"


class Server:
    """A master and its workers. ``broken`` names the protection that is taken away for a control run."""

    def __init__(self, *, broken: str = "", options: tuple[str, ...] = (), root: Path = ROOT, **variables: str) -> None:
        self.port = free_port()
        self.root = root
        self.log = FOLDER / "server.log"
        self.variables = {**environment(self.port), **variables, "PYTHONPATH": str(root), "FAULTS_BROKEN": broken}
        application = BROKEN if broken else WHOLE
        self.command = [GUNICORN, "-c", "ruemsa_portal/gunicorn_conf.py", *options, application]
        self.service: Service | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:  # also when the drill is told to end while it starts
            self.kill_all()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill_all()

    def start(self) -> None:
        """Start and return when it answers."""
        with self.log.open("ab") as log:
            self.service = Service(self.command, cwd=self.root, variables=self.variables, log=log, own_session=True)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.service.is_running:
            with suppress(OSError, http.client.HTTPException):
                if self.ask("/health/live")[0] == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-2000:]}")

    def workers(self) -> list[int]:
        """The processes that answer."""
        assert self.service is not None
        return self.service.workers()

    def kill_worker(self, number: int = 0) -> bool:
        """End one worker in the middle of whatever it does."""
        found = self.workers()
        if not found:
            return False
        with suppress(ProcessLookupError):
            os.kill(found[number % len(found)], signal.SIGKILL)
        return True

    def kill_all(self) -> None:
        """End master and workers at the same moment."""
        if self.service is not None:
            self.service.kill()
            self.service = None

    def memory(self) -> int:
        """Return what the workers hold, in bytes."""
        total = 0
        for pid in self.workers():
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            total += next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS")), 0)
        return total

    def ask(
        self,
        path: str,
        body: bytes | None = None,
        *,
        source: str = "192.0.2.1",
        seconds: float = 40,
        cut: bool = False,
        **headers: str,
    ) -> tuple[int, str]:
        """Ask as nginx does; return status and page. ``cut``: hang up without reading the answer (status 0)."""
        return ask(self.port, path, body, source=source, seconds=seconds, cut=cut, **headers)


def ask(
    port: int, path: str, body: bytes | None = None, *, source: str, seconds: float, cut: bool, **headers: str
) -> tuple[int, str]:
    """See ``Server.ask``."""
    said = {"X-Forwarded-Proto": "https", "X-Real-IP": source, "Connection": "close"}
    if body is not None:
        said["Content-Type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection(HOST)
    connection.sock = socket.create_connection(("127.0.0.1", port), timeout=seconds)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("POST" if body is not None else "GET", path, body, {**said, **named})
        if cut:
            return 0, ""
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
