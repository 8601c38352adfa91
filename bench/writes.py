"""How many enquiries a second are stored while 50 people send, and what readers feel of it.

Usage: python bench/writes.py [--db sqlite|pg] [--seconds 15] [--people 50] [--nginx]. Starts the shipped gunicorn with
two workers on a database of its own that waits for the disk; the people come from many addresses, told by the
header of the declared proxy. With --nginx the shipped nginx stands in front, which holds back who sends. Exit code 1 when a goal is missed: SQLite ≥ 100 a second, PostgreSQL ≥ 150,
p95 ≤ 1 s, 0 × 5xx, and the p95 of a reader at most twice what it is without the writers.
"""

import http.client
import os
import socket
import ssl
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)
os.environ["FAULTS_FSYNC"] = "1"
from tests.faults.stage import parser, set_up  # noqa: E402

STAGE = set_up()

from tests.faults.crowd import FORM, Crowd  # noqa: E402 the stage comes before the models
from tests.faults.records import readers, verdict  # noqa: E402
from tests.faults.server import Server  # noqa: E402
from tools.production import setup  # noqa: E402

GOAL = {"sqlite": 100.0, "pg": 150.0}
MOST_P95, MOST_TIMES = 1.0, 2.0
FLOOD = "1000000"
PAGES = ("/", "/angebote/", "/anlaufstellen/", "/zustaendigkeit/")


Ask = Callable[[str], int]


def p95(times: list[float]) -> float:
    """Return what 95 of 100 did not exceed."""
    return sorted(times)[int(len(times) * 0.95)] if times else float("inf")


def read(ask: Ask, stop: threading.Event) -> list[float]:
    """Read one page after the other until told to stop; return how long each took."""
    took: list[float] = []
    while not stop.is_set():
        begin = time.monotonic()
        status = ask(PAGES[len(took) % len(PAGES)])
        took.append(time.monotonic() - begin)
        if status != 200:
            raise RuntimeError(f"a reader got {status}")
        time.sleep(0.02)
    return took


def reading_for(ask: Ask, seconds: float) -> list[float]:
    """Read for so long, alone."""
    stop = threading.Event()
    threading.Timer(seconds, stop.set).start()
    return read(ask, stop)


def cpu(workers: list[int]) -> float:
    """Return how many seconds of the processor the workers have used."""
    ticks = 0
    for pid in workers:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@dataclass
class SetUp:
    """What is measured: how to read, how people send, and the processes that answer."""

    read: Ask
    crowd: Crowd
    workers: list[int]


@contextmanager
def alone(people: int) -> Iterator[SetUp]:
    """The shipped gunicorn."""
    with Server(MOST_WAITING_ENQUIRIES=FLOOD) as server:
        crowd = Crowd(server.port, readers(), people=people)
        yield SetUp(lambda path: server.ask(path, source="203.0.113.5")[0], crowd, server.workers())


@contextmanager
def behind_nginx(people: int) -> Iterator[SetUp]:
    """The shipped gunicorn behind the shipped nginx, which sees as many addresses as there are in 127.0.0.0/8."""
    setup.certificate()
    with setup.running(MOST_WAITING_ENQUIRIES=FLOOD) as portal:
        trust = ssl.create_default_context(cafile=str(setup.FOLDER / "fullchain.pem"))

        def send(body: bytes, source: str, _cut: bool) -> tuple[int, str]:
            ours = ("127." + source.partition(".")[2], 0)
            with (
                socket.create_connection(("127.0.0.1", portal.https), timeout=30, source_address=ours) as plain,
                trust.wrap_socket(plain, server_hostname=setup.HOST) as link,
            ):
                connection = http.client.HTTPConnection(setup.HOST)
                connection.sock = link
                connection.request("POST", FORM, body, {"Content-Type": "application/x-www-form-urlencoded"})
                answer = connection.getresponse()
                return answer.status, answer.read().decode()

        yield SetUp(lambda path: portal.ask(path).status, Crowd(0, readers(), people=people, to=send), portal.workers())


def main() -> int:
    """Read alone, then read while the crowd writes."""
    options = parser(__doc__ or "")
    options.add_argument("--seconds", type=float, default=15)
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--nginx", action="store_true", help="put the shipped nginx in front")
    given = options.parse_args()
    took: list[float] = []
    with (behind_nginx if given.nginx else alone)(given.people) as here:
        reading_for(here.read, 2)
        idle = reading_for(here.read, 5)
        stop, crowd = threading.Event(), here.crowd
        with crowd.at_work():
            crowd.wait_for(given.people, seconds=30)
            first, begin, used = len(crowd.acknowledged), time.monotonic(), cpu(here.workers)
            crowd.took.clear()
            reader = threading.Thread(target=lambda: took.extend(read(here.read, stop)))
            reader.start()
            time.sleep(given.seconds)
            stop.set()
            done, seconds, used = len(crowd.acknowledged) - first, time.monotonic() - begin, cpu(here.workers) - used
            times = list(crowd.took)
            reader.join()
    found = verdict(crowd.acknowledged)
    refused = sum(number for status, number in crowd.seen.items() if not status.startswith("2"))
    rate, times_slower = done / seconds, p95(took) / p95(idle)
    print(
        f"{STAGE.name}: {given.people} people, {seconds:.0f} s: {rate:.0f} enquiries/s, {used / done * 1000:.1f} ms of a worker each"
    )
    print(
        f"  answer: median {statistics.median(times) * 1000:.0f} ms, p95 {p95(times) * 1000:.0f} ms; {refused} refused or cut"
    )
    print(
        f"  reader: p95 {p95(idle) * 1000:.0f} ms alone, {p95(took) * 1000:.0f} ms meanwhile ({times_slower:.1f} times)"
    )
    print(f"  stored {found.stored}, lost {found.lost}, double {found.double}, half {found.half}")
    missed = [
        text
        for text, held in (
            (f"≥ {GOAL[STAGE.db]:.0f}/s", rate >= GOAL[STAGE.db]),
            ("p95 ≤ 1 s", p95(times) <= MOST_P95),
            ("0 × 5xx", not refused and not crowd.wrong),
            ("reader ≤ 2 ×", times_slower <= MOST_TIMES),
            ("nothing lost", found.holds),
        )
        if not held
    ]
    print(f"  missed: {', '.join(missed)}" if missed else "  every goal is met")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
