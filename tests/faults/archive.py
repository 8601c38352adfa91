"""F14 with archiving: the disk of PostgreSQL is lost under load; base copy and kept log bring back all but the last seconds.

python tests/faults/archive.py [--seconds 15] [--control]
The commands are those of docs/operations/backup.md, with other folders and a log every two seconds instead of five
minutes. control: the log is not kept
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

sys.argv[1:] = ["--db", "pg", *sys.argv[1:]]
sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.postgres import BINARIES, ENVIRONMENT, Cluster

# A server of its own: its disk is going to be lost.
os.environ.pop(ENVIRONMENT, None)
from tests.faults.stage import ROOT, amount, parser, say, set_up

STAGE = set_up()

from django.db import connections

from tests.faults.crowd import CODE, FORM, Form
from tests.faults.records import readers, verdict
from tests.faults.server import Server

LOG_EVERY = 2
MOST_LOST_SECONDS = LOG_EVERY + 8
"""Eight seconds for a busy machine to copy 16 MB; an installation has five minutes."""
PAGE = (ROOT / "docs" / "operations" / "backup.md").read_text(encoding="utf-8")
KEPT = "/var/backups/portal-wal"


def as_server(*command: object) -> str:
    """Run something as the account of the server; return what it says."""
    account = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*account, *map(str, command)], check=True, cwd="/", stdout=subprocess.PIPE, text=True)
    return done.stdout


def client(cluster: Cluster, program: str, *arguments: object) -> str:
    """Run a program of PostgreSQL that talks to the server; return what it says."""
    return as_server(BINARIES[-1] / program, "-h", cluster.folder, "-p", cluster.port, "-U", "portal", *arguments)


def _writes(cluster: Cluster) -> bool:
    """Say whether the server has read its log; while it starts again for that nobody answers."""
    try:
        return client(cluster, "psql", "-d", "postgres", "-tAc", "SELECT pg_is_in_recovery()").strip() == "f"
    except subprocess.CalledProcessError:
        return False


def keep_log(cluster: Cluster, folder: Path, *, broken: bool) -> None:
    """Let the server keep its log, by the command of the page."""
    found = re.search(r"archive_command = '(.+)'\"", PAGE)
    if found is None or KEPT not in found[1]:
        raise RuntimeError("docs/operations/backup.md says no archive_command")
    command = "/bin/false" if broken else found[1].replace(KEPT, str(folder))
    as_server("install", "-d", "-m", "700", folder)
    settings = {"archive_mode": "on", "archive_timeout": f"{LOG_EVERY}s", "archive_command": command}
    for name, value in settings.items():
        client(cluster, "psql", "-d", "postgres", "-qc", f"ALTER SYSTEM SET {name} = '{value}'")
    cluster.crash()
    cluster.start()


def send_for(server: Server, seconds: float) -> dict[str, tuple[str, float]]:
    """Send one enquiry after the other; return what was promised, and when."""
    promised, agencies, end = {}, readers(), time.monotonic() + seconds
    while time.monotonic() < end:
        form = Form(agencies[0])
        found = CODE.search(server.ask(FORM, form.body(), source=form.source)[1])
        if found:
            promised[form.mark] = (found[1], time.monotonic())
        time.sleep(0.05)
    return promised


def bring_back(cluster: Cluster, base: Path, log: Path) -> None:
    """Put base copy and log into an empty data folder, as the page says."""
    data = cluster.folder / "data"
    as_server("rm", "-rf", data)
    as_server("install", "-d", "-m", "700", data)
    as_server("tar", "-xzf", base / "base.tar.gz", "-C", data)
    as_server("sh", "-c", f"echo \"restore_command = 'cp {log}/%f %p'\" >> {data}/postgresql.auto.conf")
    as_server("touch", data / "recovery.signal")
    cluster.start()


def main() -> int:
    """Copy, send, lose the disk, bring it back, count."""
    options = parser(__doc__ or "")
    options.add_argument("--seconds", type=float, default=15)
    given = options.parse_args()
    cluster = STAGE.cluster
    assert cluster is not None
    base, log = cluster.folder / "base", cluster.folder / "wal"
    keep_log(cluster, log, broken=given.control)
    client(cluster, "pg_basebackup", "-D", base, "-Ft", "-z", "-X", "fetch", "-c", "fast")
    with Server() as server:
        promised = send_for(server, given.seconds)
        cluster.crash()
        lost_at = time.monotonic()
        connections.close_all()
        bring_back(cluster, base, log)
        # It reads the kept log to its end; until then nothing can be written, and reading sees half of it.
        while not _writes(cluster):
            time.sleep(0.1)
        while server.ask("/health/live")[0] != 200 or server.ask("/angebote/")[0] != 200:
            time.sleep(0.1)
        took = time.monotonic() - lost_at
        # Only those that came back: the others are looked at below.
        after = [mark for mark, (code, _at) in promised.items() if not _opens(server, mark, code)]
    missing = max((lost_at - promised[mark][1] for mark in after), default=0.0)
    found = verdict({mark: code for mark, (code, _at) in promised.items() if mark not in after})
    text = f"PostgreSQL with its log kept: {amount(len(promised))} acknowledged, the last {len(after)} of {missing:.1f} s lost"
    text += f" (at most {MOST_LOST_SECONDS}), {found.lost} others lost, {found.double} double, {found.half} half, back after {took:.1f} s"
    good = found.holds and missing <= MOST_LOST_SECONDS and len(promised) > 10 and len(after) < len(promised)
    return 0 if say("F14", text, ok=good) else 1


def _opens(server: Server, mark: str, code: str) -> bool:
    source = f"198.51.{len(mark)}.{sum(code.encode()) % 250 + 1}"
    return mark in server.ask("/antwort/", f"code={code}".encode(), source=source)[1]


if __name__ == "__main__":
    sys.exit(main())
