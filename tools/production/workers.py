"""Which kind of worker, and how many, behind the shipped nginx: ``sh tools/postgres.sh run .venv/bin/python -m tools.production.workers``.

Every page is made anew (no page cache, an address of its own for each request), so that the worker's own work
counts. Rounds of all kinds are interleaved; each round and the medians are printed. Read CPU first on a machine that others use. It decided ADR 0038.
"""

import os
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

from tools.production.setup import HOST, Portal, prepare, running

KINDS: dict[str, tuple[str, ...]] = {
    "2 sync": ("--worker-class", "sync", "--workers", "2"),
    "3 sync": ("--worker-class", "sync", "--workers", "3"),
    "2 x 4 threads": ("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
    "2 x 4 threads, a socket each": ("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--reuse-port"),
}
ROUNDS, SECONDS, WARM_SECONDS, CONNECTIONS = 3, 6, 6, 8
# A number in the address makes each request a page of its own for nginx too.
ASK = """
local n = math.random(1000000000)
function request()
  n = n + 1
  return wrk.format("GET", "/angebote/?n=" .. n, {["Host"] = "%s"})
end
"""


def cpu_of(pids: list[int]) -> float:
    """Seconds of processor the processes have used so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    fields = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in pids]
    return sum((int(field[11]) + int(field[12])) / ticks for field in fields)


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise RuntimeError(f"wrk said something else:\n{text}")
    return match.group(1)


def _wrk(portal: Portal, script: str, seconds: int) -> str:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", script]
    address = f"https://127.0.0.1:{portal.https}"
    return subprocess.run([*command, address], capture_output=True, text=True, check=True).stdout


def one_round(portal: Portal, script: str) -> tuple[float, float, float, int]:
    """Requests a second, p99 in ms, CPU in ms a request, requests without a good answer."""
    # What a worker prepares once, at its first pages, is no part of the figure.
    _wrk(portal, script, WARM_SECONDS)
    workers = portal.workers()
    before = cpu_of(workers)
    said = _wrk(portal, script, SECONDS)
    used = cpu_of(workers) - before
    number = int(_found(r"(\d+) requests in", said))
    p99 = (
        float(_found(r"99%\s+([\d.]+)", said))
        * {"us": 0.001, "ms": 1, "s": 1000}[_found(r"99%\s+[\d.]+(us|ms|s)", said)]
    )
    bad = sum(int(n) for n in re.findall(r"(?:Non-2xx or 3xx responses: |timeout |read |connect )(\d+)", said))
    return number / SECONDS, p99, used * 1000 / max(1, number), bad


def main() -> None:
    """Measure every kind in turn, three times."""
    prepare()
    found: dict[str, list[tuple[float, float, float, int]]] = {kind: [] for kind in KINDS}
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(ASK % HOST)
        script.flush()
        for _round in range(ROUNDS):
            for kind, options in KINDS.items():
                with running(*options, PAGE_CACHE="0", METRICS_NETWORKS="") as portal:
                    found[kind].append(one_round(portal, script.name))
                print(kind, *(f"{value:.2f}" for value in found[kind][-1]), flush=True)
    print(f"{'':30} {'req/s':>8} {'p99 ms':>8} {'CPU ms':>8} {'bad':>5}")
    for kind, rounds in found.items():
        speed, p99, cpu = (statistics.median(values) for values in list(zip(*rounds, strict=True))[:3])
        print(f"{kind:30} {speed:8.0f} {p99:8.0f} {cpu:8.2f} {sum(row[3] for row in rounds):5}")


if __name__ == "__main__":
    main()
