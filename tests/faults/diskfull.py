"""F4: the disk is full. Sending answers 503 with the text, reading goes on, and it heals without a restart.

python tests/faults/diskfull.py [--db sqlite|pg] [--times 1]   (root, to mount a small file system)
"""

import atexit
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import RUN, amount, parser, say, set_up, skip

SMALL = RUN / "small"
SPACE = {"sqlite": "40m", "pg": "0"}


def mount() -> None:
    """Put a small file system under the database; without the right to do so the drill is skipped."""
    SMALL.mkdir(parents=True)
    if os.geteuid() != 0:
        skip("F4", "needs root to mount a small file system", must_work=False)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SPACE['sqlite']}", "tmpfs", SMALL], check=False, capture_output=True
    )
    if done.returncode:
        # A container may be root and still not be allowed to mount; nothing of ours is wrong then.
        skip("F4", f"mounting is not allowed here: {done.stderr.decode().strip()}", must_work=False)
    atexit.register(subprocess.run, ["umount", "-l", SMALL], check=False)


RUN.mkdir(parents=True, exist_ok=True)
mount()
STAGE = set_up(folder=SMALL)

from tests.faults.crowd import FORM, Crowd, Form, keeps
from tests.faults.records import readers, verdict
from tests.faults.server import Server

READ = ("/", "/angebote/", "/anlaufstellen/", FORM)


def fill() -> None:
    """Take what space is left."""
    with suppress_full(), (SMALL / "filler").open("ab", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with suppress_full():
                while file.write(b"x" * size) == size:
                    pass


class suppress_full:
    """Go on when the disk is full."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        return isinstance(error, OSError)


def full(server: Server, crowd: Crowd) -> list[str]:
    """Fill the disk while people send; return what was wrong with the answers."""
    fill()
    for _time in range(60):
        # Each from another address: after forty an hour one is asked to wait.
        form = Form(AGENCIES[0])
        if server.ask(FORM, form.body(), source=form.source)[0] == 503:
            break
        fill()
    wrong = []
    form = Form(AGENCIES[0])
    status, page = server.ask(FORM, form.body(), source=form.source)
    if status != 503 or not keeps(page, form):
        wrong.append(f"sending: {status}, the text is {'kept' if keeps(page, form) else 'lost'}")
    wrong += [f"{path}: {status}" for path in READ if (status := server.ask(path)[0]) != 200]
    (SMALL / "filler").unlink()
    if not crowd.wait_for(20, seconds=30):
        wrong.append("nothing was stored once there was space again")
    return wrong


def main() -> int:
    """Fill the disk so many times, each under load."""
    options = parser(__doc__)
    options.add_argument("--times", type=int, default=2)
    given = options.parse_args()
    wrong = []
    with (
        Server(broken="token" if given.control else "") as server,
        Crowd(server.port, AGENCIES, people=6, impatient=0.05).at_work() as crowd,
    ):
        for _time in range(given.times):
            crowd.wait_for(10, seconds=60)
            wrong += full(server, crowd)
    found = verdict(crowd.acknowledged)
    with closing(sqlite3.connect(STAGE.sqlite)) as database:
        (whole,) = database.execute("PRAGMA integrity_check").fetchone()
    wrong += crowd.wrong + ([] if whole == "ok" else [f"integrity: {whole}"])
    text = f"{given.times} × full, {amount(len(crowd.acknowledged))} acknowledged, {found.lost} lost, {found.double} double"
    text += f", {found.half} half, {crowd.seen['503']} × 503 with the text, integrity {whole}"
    text += "".join(f"; {problem}" for problem in sorted(set(wrong))[:5])
    return 0 if say("F4", text, ok=found.holds and not wrong and crowd.seen["503"] > 0) else 1


AGENCIES = readers()

if __name__ == "__main__":
    sys.exit(main())
