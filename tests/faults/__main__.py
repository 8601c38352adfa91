"""All drills, one line each; ends with 1 when one does not hold.

python -m tests.faults [--long] [--only F1,F12] [--minutes 60]
The short run is bounded to a few minutes. A control run takes a protection away: then the drill has to fail.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.faults.postgres import ENVIRONMENT, Cluster, is_here

FOLDER = Path(__file__).resolve().parent
MOST_SECONDS = 600


@dataclass(frozen=True)
class Drill:
    """A script with its options; ``control``: it has to fail."""

    numbers: str
    script: str
    options: tuple[str, ...] = ()
    control: bool = False

    @property
    def on_postgres(self) -> bool:
        """Whether it needs a PostgreSQL."""
        return "pg" in self.options or self.script in ("pg_crash.py", "archive.py")


PG = ("--db", "pg")
SHORT: tuple[Drill, ...] = (
    Drill("F1 F2", "kill9.py", ("--kills", "6")),
    Drill("F1 F2", "kill9.py", ("--kills", "6", *PG)),
    Drill("F1", "kill9.py", ("--kills", "1"), control=True),
    Drill("F3", "pg_crash.py", ("--away", "1")),
    Drill("F4", "diskfull.py", ("--times", "1")),
    Drill("F5", "writers.py", ("--forms", "2")),
    Drill("F5", "writers.py", ("--forms", "2"), control=True),
    Drill("F6", "mail.py"),
    Drill("F6", "mail.py", (), control=True),
    Drill("F7", "double.py", PG),
    Drill("F8 F15", "slow.py"),
    Drill("F8", "slow.py", (), control=True),
    Drill("F9 F10", "odd.py", PG),
    Drill("F11", "dst.py"),
    Drill("F12", "race.py", ("--people", "20", "--slots", "6")),
    Drill("F12", "race.py", ("--people", "20", "--slots", "6", *PG)),
    Drill("F12", "race.py", ("--people", "20", "--slots", "3", *PG), control=True),
    Drill("F13", "migrate_live.py", PG),
    Drill("F14", "restore.py"),
    Drill("F14", "restore.py", PG),
    Drill("F16", "purge.py", PG),
    Drill("F17", "keys.py"),
    Drill("F18", "tables.py", PG),
    Drill("canary", "canary.py"),
    Drill("canary", "canary.py", PG),
    Drill("canary", "canary.py", (), control=True),
    Drill("spam", "spam.py", ("--posts", "200")),
)


WHOLE_MINUTES = 60
"""So many minutes ask for all of it; fewer for a share of everything, so that the run ends when it was meant to."""


def long_ones(minutes: float) -> tuple[Drill, ...]:
    """Return the drills of a long run: more of everything, on both databases."""

    def share(number: int, least: int) -> str:
        return str(max(least, round(number * min(1.0, minutes / WHOLE_MINUTES))))

    fuzzing = ("--minutes", f"{minutes / 4:g}", "--form-minutes", f"{minutes:g}")
    found = []
    for db in ("sqlite", "pg"):
        both = ("--db", db)
        race = ("--people", "50", "--slots", share(20, 4), *both)
        found += [
            Drill("F1 F2", "kill9.py", ("--kills", share(200, 10), *both)),
            Drill("F1", "kill9.py", ("--kills", share(10, 2), *both), control=True),
            Drill("F7", "double.py", both),
            Drill("F9 F10", "odd.py", both),
            Drill("F12", "race.py", race),
            Drill("F12", "race.py", race, control=True),
            Drill("F13", "migrate_live.py", both),
            Drill("F16", "purge.py", both),
            Drill("F17", "keys.py", both),
            Drill("F18", "tables.py", both),
            Drill("spam", "spam.py", ("--posts", share(1000, 200), *both)),
            Drill("spam", "spam.py", ("--posts", "100", *both), control=True),
            Drill("fuzz", "fuzz.py", ("--cases", share(10_000, 100), *fuzzing, *both)),
        ]
    found += [
        Drill("F3", "pg_crash.py", ("--crashes", share(20, 2))),
        Drill("F4", "diskfull.py", ("--times", share(20, 2))),
        Drill("F5", "writers.py", ("--forms", share(20, 2))),
        Drill("F14", "archive.py"),
        Drill("F14", "archive.py", control=True),
    ]
    return tuple(found)


def most_seconds(minutes: float) -> float:
    """Return when one drill of a long run counts as hanging."""
    return MOST_SECONDS + 60 * minutes


def run(drill: Drill, *, most: float) -> bool:
    """Run one; print its lines, or for a control run how it failed."""
    begin = time.monotonic()
    command = [sys.executable, str(FOLDER / drill.script), *drill.options, *(["--control"] if drill.control else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            said, code = process.communicate(timeout=most)[0], process.returncode
        except subprocess.TimeoutExpired:
            process.terminate()  # it ends what it has started
            said, code = f"{drill.numbers} FAILED  not done after {most:.0f} s\n{process.communicate()[0]}", 1
    took = f"({time.monotonic() - begin:.0f} s)"
    lines = said.strip().splitlines() or [f"{drill.numbers} said nothing"]
    if drill.control:
        failed = code != 0 and " FAILED  " in lines[-1] and "not done after" not in lines[0]
        said_so = lines[-1].replace(" FAILED  ", f" control {'ok' if failed else 'FAILED'}  fails as it must: ")
        print(f"{said_so} {took}", flush=True)
        return failed
    print("\n".join(lines), took, flush=True)
    return code == 0


def run_all(drills: Sequence[Drill], *, most: float) -> list[str]:
    """Run one drill after the other, also after one has failed; return the names of those that did."""
    return [f"{one.numbers} {one.script}{' control' * one.control}" for one in drills if not run(one, most=most)]


def main() -> int:
    """Run all. The drills of one database never wait for those of the other: much of their time is waiting."""
    options = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    options.add_argument("--long", action="store_true", help="hours instead of minutes")
    options.add_argument(
        "--minutes", type=float, default=60, help="length of the long run; 60 or more: 200 kills, 10,000 cases a form"
    )
    options.add_argument("--only", default="", help="numbers of drills, with commas")
    given = options.parse_args()
    wanted = {number for number in given.only.split(",") if number}
    drills = [
        one
        for one in (long_ones(given.minutes) if given.long else SHORT)
        if not wanted or wanted & set(one.numbers.split())
    ]
    postgres = is_here()
    if not postgres:
        print("PostgreSQL is not installed: its drills are left out (Debian: apt-get install postgresql)")
    cluster = Cluster.create() if postgres and any(one.on_postgres for one in drills) else None
    failed = [] if postgres or os.environ.get("CI") != "true" else ["no PostgreSQL"]
    begin = time.monotonic()
    try:
        if cluster is not None:
            os.environ[ENVIRONMENT] = cluster.as_variable()
        most = most_seconds(given.minutes) if given.long else MOST_SECONDS
        lanes = [[one for one in drills if not one.on_postgres]]
        if cluster is not None:
            lanes.append([one for one in drills if one.on_postgres])
        with ThreadPoolExecutor(len(lanes)) as beside:
            for names in beside.map(lambda lane: run_all(lane, most=most), lanes):
                failed += names
    finally:
        if cluster is not None:
            cluster.remove()
    # The names once more at the end: of a long build log often only the end is kept.
    result = f"NOT all hold: {', '.join(failed)}" if failed else "all hold"
    print(f"{len(drills)} drills in {time.monotonic() - begin:.0f} s: {result}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
