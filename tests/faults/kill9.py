"""F1, F2: workers, then master and all workers, are killed while people send enquiries.

python tests/faults/kill9.py [--kills 50] [--db sqlite|pg] [--control]
"""

import random
import sys
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import amount, parser, say, set_up

STAGE = set_up()

from tests.faults.crowd import Crowd
from tests.faults.records import readers, verdict
from tests.faults.server import Server


def worker_killed(server: Server, crowd: Crowd, kills: int) -> int:
    """Kill one worker after the other, each while it works."""
    done = 0
    while done < kills and crowd.wait_for(8, seconds=60):
        time.sleep(random.random() * 0.2)
        done += server.kill_worker(random.randrange(2))
    return done


def all_killed(server: Server, crowd: Crowd, kills: int) -> int:
    """Kill everything at once and start it again, as systemd does."""
    done = 0
    while done < kills and crowd.wait_for(8, seconds=60):
        time.sleep(random.random() * 0.2)
        server.kill_all()
        server.start()
        done += 1
    return done


def drill(number: str, kills: int, broken: str) -> bool:
    """Kill so many times; True when everything that was promised is there, once."""
    how = worker_killed if number == "F1" else all_killed
    with Server(broken=broken) as server:
        with Crowd(server.port, AGENCIES, impatient=0.5 if broken else 0.05).at_work() as crowd:
            done = how(server, crowd, kills)
        found = verdict(PROMISED | crowd.acknowledged)
    PROMISED.update(crowd.acknowledged)
    again = crowd.seen["cut"] + crowd.seen["0"]
    text = f"{STAGE.name}: {done} kills, {amount(len(crowd.acknowledged))} acknowledged, {found.lost} lost, {found.double} double"
    text += f", {found.half} half, {again} sent again"
    if crowd.wrong:
        text += f", wrong answers: {sorted(set(crowd.wrong))[:3]}"
    return say(number, text, ok=found.holds and done == kills and not crowd.wrong)


def main() -> int:
    """Both drills; a fifth as many kills of everything, because each costs a start."""
    options = parser(__doc__)
    options.add_argument("--kills", type=int, default=50)
    given = options.parse_args()
    broken = "token" if given.control else ""
    held = [drill("F1", given.kills, broken)]
    if not given.control:
        held.append(drill("F2", max(1, given.kills // 5), broken))
    return 0 if all(held) else 1


AGENCIES = readers()
PROMISED: dict[str, str] = {}

if __name__ == "__main__":
    sys.exit(main())
