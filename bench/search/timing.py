"""Takes times: figures of many calls, and the statements each of them sent. Needs a set-up Django."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from math import inf
from pathlib import Path
from statistics import fmean
from time import perf_counter, process_time
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of a number of calls, and the statements of a call.

    ``cpu`` is what this process computed for a call; a busy machine changes it least.
    """

    calls: int
    p50: float
    p95: float
    most: float
    mean: float
    cpu: float
    statements: float
    most_statements: int

    def as_json(self) -> dict[str, float]:
        """For the process that prints."""
        return asdict(self)


class Counter:
    """Counts statements that reach the database."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Let the statement pass."""
        self.number += 1
        return execute(sql, params, many, context)


@contextmanager
def counted() -> Iterator[Counter]:
    """Count the statements inside."""
    counter = Counter()
    with connection.execute_wrapper(counter):
        yield counter


def timed(find: Callable[[str], object], queries: Sequence[str], seconds: float = inf) -> Times:
    """Call once per query and return the figures; after so many seconds leave out the rest."""
    took: list[float] = []
    sent: list[int] = []
    computed = process_time()
    with counted() as counter:
        for query in queries:
            if sum(took) > seconds * 1000:
                break
            before, started = counter.number, perf_counter()
            find(query)
            took.append((perf_counter() - started) * 1000)
            sent.append(counter.number - before)
    return figures(took, sent, cpu=(process_time() - computed) * 1000)


def figures(took: Sequence[float], sent: Sequence[int], *, cpu: float) -> Times:
    """Return the figures of these times in milliseconds; ``cpu`` is for all of them together."""
    ordered = sorted(took)
    return Times(
        calls=len(ordered),
        p50=percentile(ordered, 50),
        p95=percentile(ordered, 95),
        most=ordered[-1],
        mean=fmean(ordered),
        cpu=cpu / len(ordered),
        statements=fmean(sent),
        most_statements=max(sent),
    )


def percentile(ordered: Sequence[float], share: int) -> float:
    """The smallest value that at least ``share`` percent do not exceed."""
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def memory_mib() -> float:
    """What this process holds in memory, in MiB; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)
