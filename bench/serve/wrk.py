"""One run of ``wrk`` on loopback, and what it and the processes of the servers say afterwards."""

import json
import os
import re
import resource
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import NamedTemporaryFile
from time import monotonic
from urllib.parse import quote

TICKS = os.sysconf("SC_CLK_TCK")
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0, "h": 3_600_000.0}
# A run that a neighbour took this share of the machine from says little about requests a second.
DISTURBED = 0.10
# Fewer answers are no figure: a busy machine, or a page that takes long. Such a run is made again, longer.
FEW, LONGER = 10, 4
# Each run begins elsewhere, so that what is to be asked for once is not asked for again in the next round.
STRIDE = 701
_started = count()
# Before a page is measured both workers have read what they keep in memory.
WARM_RUNS, WARM_ANSWERS, WARM_TIMES = 20, 10, 5


@dataclass(frozen=True, slots=True)
class Run:
    """What one run showed: answers, seconds, milliseconds at two percentiles, failures, computed seconds."""

    answers: int
    seconds: float
    p50: float
    p99: float
    failed: int
    cpu: float
    taken: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds the servers computed for an answer; 0 where nothing was counted."""
        return self.cpu * 1000 / self.answers if self.answers else 0.0


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked: a name, an address, the headers, and the processes that answer (their children too).

    With ``paths`` these are asked in turn instead of the path of the address.
    """

    name: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    processes: tuple[int, ...] = ()
    paths: tuple[str, ...] = ()


def warm(target: Target) -> None:
    """Ask until pages come quickly. With as many connections as workers, so that nothing waits in a queue afterwards."""
    answers = 0
    for _number in range(WARM_RUNS):
        last = _once(target, connections=2, seconds=1).answers
        answers += last
        # Of many addresses each worker gets every one, more or less.
        if last >= WARM_ANSWERS and answers >= WARM_TIMES * len(target.paths):
            return


def run(target: Target, *, connections: int, seconds: int) -> Run:
    """Let ``wrk`` ask for some seconds, and longer when hardly anything came; RuntimeError when nothing listens."""
    found = _once(target, connections=connections, seconds=seconds)
    if found.answers < FEW:
        return _once(target, connections=connections, seconds=seconds * LONGER)
    return found


def _once(target: Target, *, connections: int, seconds: int) -> Run:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
    for name, value in target.headers.items():
        command += ["-H", f"{name}: {value}"]
    script = in_turn(target.paths, start=next(_started) * STRIDE)
    machine, ours, before = machine_seconds(), own_seconds(target.processes), cpu_seconds(target.processes)
    with NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        if script:
            command += ["-s", file.name]
        done = subprocess.run([*command, target.url], capture_output=True, text=True, check=False)
    cpu = cpu_seconds(target.processes) - before
    whole = machine_seconds()
    busy, capacity = whole[0] - machine[0], whole[1] - machine[1]
    used = own_seconds(target.processes) - ours
    if done.returncode or "requests in" not in done.stdout:
        raise RuntimeError(f"{target.name}: {done.stdout}{done.stderr}")
    said = read_report(done.stdout)
    # A machine that was stopped for a moment counts more work than it can do.
    return Run(*said, cpu, min(1.0, max(0.0, busy - used) / capacity) if capacity else 0.0)


def in_turn(paths: Sequence[str], *, start: int = 0) -> str:
    """Return the script by which ``wrk`` asks these paths one after the other; empty without any."""
    if not paths:
        return ""
    # JSON writes a text as Lua reads it, as long as it is plain.
    listed = ", ".join(json.dumps(quote(path, safe="/?=&%+-_.~")) for path in paths)
    return f"""local paths = {{{listed}}}
local number = {start}
function request()
  number = number + 1
  return wrk.format("GET", paths[number % #paths + 1])
end
"""


def read_report(text: str) -> tuple[int, float, float, float, int]:
    """Return answers, seconds, p50 and p99 in ms, and failures out of what ``wrk --latency`` prints."""
    found = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s|m|h)", text)
    if found is None:
        raise ValueError(text)
    shares = {share: milliseconds(value) for share, value in re.findall(r"^\s+(50|99)%\s+(\S+)", text, re.M)}
    failed = sum(
        int(number)
        for number in re.findall(r"(?:Non-2xx or 3xx responses: |(?:connect|read|write|timeout) )(\d+)", text)
    )
    return int(found[1]), milliseconds(found[2] + found[3]) / 1000, shares["50"], shares["99"], failed


def milliseconds(text: str) -> float:
    """Return a length of time as ``wrk`` writes it, in milliseconds."""
    found = re.fullmatch(r"([\d.]+)(us|ms|s|m|h)", text)
    if found is None:
        raise ValueError(text)
    return float(found[1]) * UNITS[found[2]]


def rounds(
    targets: Sequence[Target], *, times: int, connections: int, seconds: int, end: float = float("inf")
) -> dict[str, list[Run]]:
    """Ask all targets in turn, as often as said: what disturbs a round falls on all of them.

    After the instant ``end`` (``monotonic``) no further round begins, but one is always made.
    """
    found: dict[str, list[Run]] = {target.name: [] for target in targets}
    for number in range(times):
        if number and monotonic() > end:
            break
        for target in targets:
            found[target.name].append(run(target, connections=connections, seconds=seconds))
    return found


def ratio(runs: Sequence[Run], base: Sequence[Run]) -> float:
    """Return how many times the answers a second of the base, round by round, in the median."""
    found = [one.rate / other.rate if other.rate else 0.0 for one, other in zip(runs, base, strict=True)]
    return median(found) if found else 0.0


def cpu_ratio(runs: Sequence[Run], base: Sequence[Run]) -> float:
    """Return the same by computed time, which a neighbour changes least: base divided by ours."""
    found = [other.cpu_ms / one.cpu_ms for one, other in zip(runs, base, strict=True) if one.cpu_ms]
    return median(found) if found else 0.0


def middle(runs: Sequence[Run]) -> Run:
    """Return a run made of the medians; failures are added up."""
    return Run(
        answers=round(median(run.answers for run in runs)),
        seconds=median(run.seconds for run in runs),
        p50=median(run.p50 for run in runs),
        p99=median(run.p99 for run in runs),
        failed=sum(run.failed for run in runs),
        cpu=median(run.cpu_ms for run in runs) * round(median(run.answers for run in runs)) / 1000,
        taken=median(run.taken for run in runs),
    )


def tree(processes: Sequence[int]) -> set[int]:
    """Return the processes with all their children."""
    found: set[int] = set()
    waiting = list(processes)
    while waiting:
        number = waiting.pop()
        found.add(number)
        for children in Path(f"/proc/{number}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in children.read_text(encoding="ascii").split()]
            except OSError:
                continue
    return found


def cpu_seconds(processes: Sequence[int]) -> float:
    """Return what the processes and their children have computed so far."""
    ticks = 0
    for number in tree(processes):
        try:
            said = Path(f"/proc/{number}/stat").read_text(encoding="ascii", errors="replace")
        except OSError:
            continue
        fields = said.rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def own_seconds(processes: Sequence[int]) -> float:
    """Return what the servers, this process and the ``wrk`` runs before have computed."""
    used = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return used + cpu_seconds(processes)


def machine_seconds() -> tuple[float, float]:
    """Return the seconds all cores have worked since the start of the machine, and those they could have."""
    numbers = [int(part) for part in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    idle = numbers[3] + numbers[4]
    return (sum(numbers) - idle) / TICKS, sum(numbers) / TICKS


def memory_mib(processes: Sequence[int]) -> tuple[float, float]:
    """Return the resident and the proportional memory of the processes together, in MiB; children not included."""
    rss = pss = 0
    for number in processes:
        said = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii")
        rss += int(re.findall(r"^Rss:\s+(\d+)", said, re.M)[0])
        pss += int(re.findall(r"^Pss:\s+(\d+)", said, re.M)[0])
    return rss / 1024, pss / 1024
