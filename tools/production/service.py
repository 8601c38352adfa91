"""gunicorn as systemd runs it: told when another process became the main one, and reloaded by USR2."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import IO

SECONDS = 60.0
PROMOTION = 0.1
_numbers = count()


class Service:
    """A master with its workers. The master is another process after each reload."""

    def __init__(
        self, command: Sequence[str], *, cwd: Path, variables: Mapping[str, str], log: IO[bytes] | IO[str],
        own_session: bool = False,
    ) -> None:  # fmt: skip
        """Start; ``own_session`` for a service that is killed as a whole."""
        self.expected = int(command[command.index("--workers") + 1]) if "--workers" in command else 2
        self.link = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        name = f"portal-{os.getpid()}-{next(_numbers)}"
        self.link.bind(f"\0{name}")
        self.process = subprocess.Popen(
            command, cwd=cwd, env={**variables, "NOTIFY_SOCKET": f"@{name}"}, stdout=log, stderr=log,
            start_new_session=own_session,
        )  # fmt: skip
        self.main = self.process.pid
        self._is_settled = False

    def workers(self) -> list[int]:
        """Return the processes that answer, once those that load nothing more for themselves are there."""
        self.settle()
        return children(self.main)

    def settle(self, *, before: int = 0) -> None:
        """Wait until the start or the reload is over: who served before has ended; RuntimeError after a minute.

        ``before`` is the master that ends.
        """
        if self._is_settled:
            return
        end = time.monotonic() + SECONDS
        elders = self._heard(end, before)
        while any(map(is_there, elders)) or len(children(self.main)) < self.expected:
            self.process.poll()
            if time.monotonic() > end:
                raise RuntimeError(f"{elders} do not end, or there are too few workers of {self.main}")
            time.sleep(0.02)
        self._is_settled = True

    def _heard(self, end: float, before: int) -> list[int]:
        """Wait for "this is the main process now"; note it and return the processes it takes over from."""
        while (left := end - time.monotonic()) > 0 and self.is_running:
            self.link.settimeout(min(left, 0.5))
            with suppress(TimeoutError):
                text = self.link.recv(4096).decode()
                main = re.search(r"^MAINPID=(\d+)$", text, re.M)
                # More than one worker may say it, the last one when everything is over.
                if main and int(main[1]) != before:
                    self.main = int(main[1])
                    return [int(number) for number in re.findall(r"\d+", text.partition("STATUS=")[2])]
        raise RuntimeError(f"process {self.main} has not said that it took over")

    @property
    def is_running(self) -> bool:
        """Say whether there is a master."""
        self.process.poll()
        return is_there(self.main)

    def reload(self) -> None:
        """Load the code anew, as ``systemctl reload`` does, and wait until it serves."""
        self.settle()
        self._is_settled = False
        before = self.main
        os.kill(before, signal.SIGUSR2)
        self.settle(before=before)
        # gunicorn looks once a second whether the master before it has ended, and takes no other reload until then.
        # Any signal makes it look at once; this one means nothing to it.
        os.kill(self.main, signal.SIGWINCH)
        time.sleep(PROMOTION)

    def stop(self) -> None:
        """End it as systemd does, and wait."""
        end = time.monotonic() + SECONDS
        with suppress(ProcessLookupError):
            os.kill(self.main, signal.SIGTERM)
        while self.is_running and time.monotonic() < end:
            time.sleep(0.02)
        self.link.close()

    def kill(self) -> None:
        """End master and workers at the same moment; for a service with a session of its own."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.link.close()


def children(process: int) -> list[int]:
    """Return the children of a process that run; none when it has ended itself."""
    with suppress(OSError):
        text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
        return [number for number in map(int, text.split()) if is_there(number)]
    return []


def is_there(process: int) -> bool:
    """Say whether a process runs; one that has ended and that nobody asked for does not."""
    with suppress(OSError):
        text = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
        return text.rpartition(")")[2].split()[0] != "Z"
    return False
