"""A PostgreSQL server for drills. Unlike the one for tests it keeps its promises when it is stopped hard.

What it confirmed has left the process (``synchronous_commit``). It does not wait for the disk unless asked to: the
drills end processes, not machines, and a start after a crash would else wait for every file of the cluster.
"""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

ENVIRONMENT = "FAULTS_POSTGRES"
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def is_here() -> bool:
    """Whether a server is installed."""
    return bool(BINARIES) and (BINARIES[-1] / "initdb").exists()


class Cluster:
    """A server with a data folder of its own; it can be stopped hard and started again."""

    def __init__(self, folder: Path, port: int, *, fsync: bool = False) -> None:
        self.folder, self.port, self.fsync = folder, port, fsync

    @classmethod
    def create(cls, *, fsync: bool = False) -> "Cluster":
        """Make a data folder and start the server."""
        folder = Path(tempfile.mkdtemp(prefix="portal-faults-"))
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            cluster = cls(folder, probe.getsockname()[1], fsync=fsync)
        cluster._run(
            "initdb",
            "-D",
            folder / "data",
            "-U",
            "portal",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-A",
            "trust",
            "--no-sync",
        )
        cluster.start()
        return cluster

    @classmethod
    def given(cls) -> "Cluster | None":
        """Return the server that runs already for all drills of one run."""
        text = os.environ.get(ENVIRONMENT)
        return cls(Path(json.loads(text)["folder"]), json.loads(text)["port"]) if text else None

    def as_variable(self) -> str:
        """Return what ``given`` reads."""
        return json.dumps({"folder": str(self.folder), "port": self.port})

    def start(self) -> None:
        """Start, also after a crash; returns when it takes connections."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        options += " -c max_connections=200 -c logging_collector=off"
        self._run(
            "pg_ctl",
            "-D",
            self.folder / "data",
            "-l",
            self.folder / "server.log",
            "-w",
            "-t",
            "60",
            "-o",
            options,
            "start",
        )

    def crash(self) -> None:
        """Stop at once, without a word to anybody and without a last write."""
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def remove(self) -> None:
        """Stop and delete everything."""
        pid = self.folder / "data" / "postmaster.pid"
        if pid.exists():
            try:
                self.crash()
            except subprocess.CalledProcessError:
                os.kill(int(pid.read_text().splitlines()[0]), signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def create_database(self, name: str, template: str = "template0") -> None:
        """Make a database, empty or as a copy of another one."""
        self._run(*self._client("createdb"), "-T", template, "--strategy=file_copy", name)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever still looks at it."""
        self._run(*self._client("dropdb"), "--if-exists", "--force", name)

    def has_database(self, name: str) -> bool:
        """Whether there is a database of this name."""
        command = self._named(*self._client("psql"), "-tAc", "SELECT datname FROM pg_database", "postgres")
        return name in subprocess.run(command, cwd="/", check=True, capture_output=True, text=True).stdout.split()

    def dump(self, name: str, file: Path, *options: str) -> None:
        """Write a database into a file."""
        with file.open("wb") as target:
            subprocess.run(self._named(*self._client("pg_dump"), *options, name), stdout=target, check=True)

    def restore(self, name: str, file: Path) -> None:
        """Read a file into an empty database."""
        with file.open("rb") as source:
            command = self._named(*self._client("pg_restore"), "--no-owner", "--exit-on-error", "-d", name)
            subprocess.run(command, stdin=source, check=True)

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgres://portal@127.0.0.1:{self.port}/{name}"

    def _client(self, program: str) -> tuple[str, ...]:
        return (program, "-h", str(self.folder), "-p", str(self.port), "-U", "portal")

    def _named(self, *command: object) -> list[str]:
        program, *rest = map(str, command)
        # The server refuses to run as root; the distribution's package brings its own account.
        account = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        return [*account, str(BINARIES[-1] / program), *rest]

    def _run(self, *command: object) -> None:
        subprocess.run(
            self._named(*command),
            check=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
