"""F5: 20 and 50 people write into SQLite at the same moment, each with a thread of their own.

python tests/faults/writers.py [--forms 4] [--control]   control: SQLite as Django sets it up by itself
"""

import sys
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import amount, parser, say, set_up

STAGE = set_up()

from tests.faults.crowd import Crowd
from tests.faults.records import readers, verdict
from tests.faults.server import Server

THREADS = ("--worker-class", "gthread", "--threads", "25", "--workers", "2")
CONTROL_SECONDS = 120


def refused(crowd: Crowd) -> int:
    """Count the answers that said the server had failed."""
    return sum(number for status, number in dict(crowd.seen).items() if status.startswith("5"))


def drill(people: int, forms: int, broken: str) -> bool:
    """Let so many people send; True when nobody met a lock."""
    with Server(broken=broken, options=THREADS) as server:
        before = server.log.stat().st_size
        with Crowd(server.port, AGENCIES, people=people).at_work() as crowd:
            crowd.wait_for(people * forms, seconds=90)
            # How soon two writers meet is chance: a control run goes on until they have.
            end = time.monotonic() + CONTROL_SECONDS
            while broken and not refused(crowd) and time.monotonic() < end:
                time.sleep(0.1)
        with server.log.open("rb") as log:
            log.seek(before)
            # The portal says the kind of an error, never its text.
            locked = log.read().count(b"OperationalError")
    PROMISED.update(crowd.acknowledged)
    found = verdict(PROMISED)
    text = f"{people} writers, {amount(len(crowd.acknowledged))} stored, {locked} × locked, {refused(crowd)} × 5xx"
    text += f", {found.lost} lost, {found.double} double"
    done = len(crowd.acknowledged) >= people * forms
    return say("F5", text, ok=found.holds and done and not (locked or refused(crowd) or crowd.wrong))


def main() -> int:
    """Both crowds; the control run needs only the larger one."""
    options = parser(__doc__)
    options.add_argument("--forms", type=int, default=4, help="how many forms a person sends")
    given = options.parse_args()
    sizes = (50,) if given.control else (20, 50)
    return 0 if all(drill(people, given.forms, "sqlite" if given.control else "") for people in sizes) else 1


AGENCIES = readers()
PROMISED: dict[str, str] = {}

if __name__ == "__main__":
    sys.exit(main())
