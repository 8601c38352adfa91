"""Three thousand visitors in one minute, through the shipped nginx, while staff publish every five seconds.

Usage: python bench/visitors.py [--visitors 3000] [--seconds 60] [--offers N] [--every 5]. Each opens the front
page, a step of the finder, its result and a contact point, on one connection over TLS. With DATABASE_URL set
(``sh tools/postgres.sh run python bench/visitors.py``) PostgreSQL is used, else SQLite. Goals: no error,
p95 ≤ 100 ms. Exit code 1 when one is missed.
"""

import argparse
import asyncio
import json
import os
import random
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruemsa_portal.settings")

from bench.search.timing import percentile
from bench.serve.data import POSTGRESQL, SQLITE, Databases, child_command, child_environment
from bench.serve.pages import HOST, PLAIN, POINTS, RESULTS, STEPS
from bench.serve.servers import PORTAL, Server, gunicorn, nginx, wait_for
from bench.serve.wrk import machine_seconds, own_seconds

VISITORS, SECONDS, OFFERS = 3000, 60, 10_000
# Sixty offices that correct their hours every five minutes each.
PUBLISH_EVERY = 5.0
P95_MS = 100.0


@dataclass
class Crowd:
    """What the visitors saw: milliseconds of each answer, and what went wrong by name."""

    took: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)

    def percentile(self, share: int) -> float:
        """Return the milliseconds that so many percent of the answers did not exceed."""
        return percentile(sorted(self.took), share) if self.took else 0.0


@dataclass(frozen=True)
class Outcome:
    """The crowd, how often staff published meanwhile, and the share of the machine others took."""

    crowd: Crowd
    published: int
    taken: float

    @property
    def errors(self) -> int:
        """How many answers failed."""
        return self.crowd.wrong.total()


def way(chance: random.Random) -> list[str]:
    """Return the four addresses of a visitor; visitors differ as people do."""
    return ["/", chance.choice(STEPS), chance.choice(RESULTS), chance.choice(POINTS)]


async def visit(paths: Sequence[str], port: int, trust: ssl.SSLContext, wait: float, crowd: Crowd) -> None:
    """Wait for one's turn, then open the pages one after the other on one connection."""
    await asyncio.sleep(wait)
    try:
        begin = monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname=HOST)
        try:
            for path in paths:
                status = await fetch(reader, writer, path)
                crowd.took.append((monotonic() - begin) * 1000)
                if status != 200:
                    crowd.wrong[f"{status} {path}"] += 1
                await asyncio.sleep(1)
                begin = monotonic()
        finally:
            writer.close()
    except (OSError, asyncio.IncompleteReadError, ValueError) as error:
        crowd.wrong[type(error).__name__] += 1


async def fetch(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> int:
    """Ask for one page, read it whole, return its status."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = head.split("\r\n")
    said = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    if "content-length" in said:
        await reader.readexactly(int(said["content-length"]))
    else:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    return int(lines[0].split()[1])


async def come(port: int, trust: ssl.SSLContext, visitors: int, seconds: float) -> Crowd:
    """Let all visitors come, evenly over the time."""
    crowd, chance = Crowd(), random.Random(20261130)
    ways = [way(chance) for _one in range(visitors)]
    pause = seconds / visitors
    await asyncio.gather(*(visit(paths, port, trust, number * pause, crowd) for number, paths in enumerate(ways)))
    return crowd


def crowd_on(
    database: str,
    portal: Server,
    others: Sequence[int],
    *,
    visitors: int,
    seconds: float,
    every: float = PUBLISH_EVERY,
) -> Outcome:
    """Let the crowd come to a running portal while a child publishes on its database."""
    with nginx(portal, wait_for(portal.url + "/", PLAIN)) as front:
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE  # our own, on loopback
        processes = (portal.process, front.process, *others)
        machine, ours = machine_seconds(), own_seconds(processes)
        order = child_command("publish", float(seconds), every)
        with subprocess.Popen(order, env=child_environment(database), stdout=subprocess.PIPE, text=True) as staff:
            crowd = asyncio.run(come(int(front.portal.rpartition(":")[2]), trust, visitors, seconds))
            said, _none = staff.communicate(timeout=60)
        whole = machine_seconds()
        used = own_seconds(processes) - ours
        taken = max(0.0, whole[0] - machine[0] - used) / max(1.0, whole[1] - machine[1])
    return Outcome(crowd, json.loads(said.splitlines()[-1])["published"], taken)


def report(outcome: Outcome) -> bool:
    """Print what was seen; say whether the goals hold."""
    crowd = outcome.crowd
    print(
        f"{len(crowd.took):,} answers, {outcome.errors} errors {dict(crowd.wrong.most_common(3)) or ''}, p50 {crowd.percentile(50):.1f} ms, "
        f"p95 {crowd.percentile(95):.1f} ms, p99 {crowd.percentile(99):.1f} ms, max {crowd.percentile(100):.0f} ms; "
        f"published {outcome.published} times; others took {outcome.taken:.0%} of the machine"
    )
    return outcome.errors == 0 and crowd.percentile(95) <= P95_MS


def main() -> int:
    """Prepare, start, let them come; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=VISITORS, help="how many")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="within how long")
    parser.add_argument("--offers", type=int, default=OFFERS, help="in the database")
    parser.add_argument("--every", type=float, default=PUBLISH_EVERY, help="seconds between two changes by staff")
    options = parser.parse_args()
    databases = Databases(os.environ.get("DATABASE_URL", ""))
    engine = POSTGRESQL if databases.server else SQLITE
    databases.prepare()
    at = databases.of(engine, options.offers)
    with gunicorn(PORTAL, {"DATABASE_URL": at}, headers=PLAIN) as portal:
        others = databases.processes(engine)
        seen = crowd_on(at, portal, others, visitors=options.visitors, seconds=options.seconds, every=options.every)
    return 0 if report(seen) else 1


if __name__ == "__main__":
    raise SystemExit(main())
