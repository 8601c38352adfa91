"""``make bench``: everything that is measured here, one after the other, in bounded time.

``python -m bench [--long] [--minutes N] [--only serving,finder] [--peer NAME=URL] [--write]``. First how the portal
serves (``serving.py``, with the crowd), then every other file of this folder that can be called alone. What
is not done when the time is over is named. At the end stands every goal that was measured, met or missed.
Ends with 1 when one was missed.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Timer
from time import monotonic

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
FIRST = "serving"
MINUTES, LONG_MINUTES = 10.0, 120.0
# Parts of other measurements: the crowd comes within the first one.
NOT_ALONE = ("crowd", "visitors", "__main__")
SHARE = 0.4  # of the time, for the rounds of the first; databases and the crowd take about as long
GRACE = 60.0  # seconds in which what was broken off stops its servers
POSTGRES = ("sh", "tools/postgres.sh")


def names() -> list[str]:
    """Return what can be measured, in the order it is."""
    others = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in (FIRST, *NOT_ALONE))
    return [FIRST, *others]


def command(name: str, rest: Sequence[str], *, has_postgres: bool) -> list[str]:
    """Return the command for one of them; the first gets the options and a PostgreSQL of its own."""
    if name != FIRST:
        return [sys.executable, f"bench/{name}.py"]
    before = [*POSTGRES, "run"] if has_postgres else []
    return [*before, sys.executable, f"bench/{name}.py", *rest]


def watched(order: Sequence[str], *, seconds: float) -> tuple[str, list[str]]:
    """Run a command and show what it says; return its verdict and the lines with its goals.

    When the time is over it and what it has started are asked to end, as by Ctrl-C: servers are stopped, files closed.
    """
    goals: list[str] = []
    is_over = []
    with subprocess.Popen(order, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as child:

        def stop(how: signal.Signals) -> None:
            is_over.append(True)
            if child.poll() is None:
                os.killpg(child.pid, how)

        timers = [Timer(seconds, stop, [signal.SIGINT]), Timer(seconds + GRACE, stop, [signal.SIGKILL])]
        for timer in timers:
            timer.daemon = True
            timer.start()
        for line in child.stdout or ():
            print(line, end="", flush=True)
            if line.startswith("goal "):
                goals.append(line.strip().removeprefix("goal "))
        status = child.wait()
        for timer in timers:
            timer.cancel()
    return "broken off, no time" if is_over else "ok" if status == 0 else "missed", goals


def main() -> int:
    """Run all of them; return 1 when one missed a goal or failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--long", action="store_true", help="also 100,000 offers and all combinations")
    parser.add_argument("--minutes", type=float, help="how long at most")
    parser.add_argument("--only", default="", help="names of files, with commas")
    options, rest = parser.parse_known_args()
    if options.long:
        rest.append("--long")
    end = monotonic() + 60 * (options.minutes or (LONG_MINUTES if options.long else MINUTES))
    has_postgres = subprocess.run([*POSTGRES, "available"], cwd=ROOT, check=False).returncode == 0
    chosen = [name for name in names() if not options.only or name in options.only.split(",")]
    said: dict[str, str] = {}
    goals: list[str] = []
    for name in chosen:
        left = end - monotonic()
        if left <= 0:
            said[name] = "left out, no time"
            continue
        print(f"== bench/{name}.py", flush=True)
        began = monotonic()
        more = [*rest, "--minutes", f"{left * SHARE / 60:.1f}"]
        said[name], own = watched(command(name, more, has_postgres=has_postgres), seconds=left)
        goals += own
        said[name] += f", {monotonic() - began:.0f} s"
    print("== goals")
    for goal in goals:
        print(f"  {goal}")
    missed = sum(" not ok" in goal for goal in goals)
    print(f"  {len(goals) - missed} met, {missed} missed")
    print("== together")
    for name, verdict in said.items():
        print(f"  {name:16} {verdict}")
    return 0 if all(verdict.startswith(("ok", "left out", "broken")) for verdict in said.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
