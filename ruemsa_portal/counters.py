"""How many requests, with which answer and how fast: counted in each process, added up when somebody asks.

A process writes its counts into a file of its own, at most every few seconds and at its end; who answers the
question adds up the files of all. Files of processes that ended stay until the service starts anew, so a sum
never falls while it runs. Counted are the name of the view, the status and the time; nothing about visitors.
"""

import atexit
import json
import os
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# Upper ends in seconds, as Prometheus counts them: each includes all below.
BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
WRITE_EVERY = 5.0
# Where the middleware leaves the name of the view; the page cache hands on copies of the rest.
SEEN = "portal.seen"
KEPT, STATIC, NONE = "kept", "static", "none"


class Counts:
    """The numbers of one process or of all: requests by (view, status), times by (view, bucket), seconds by view."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.times: Counter[str] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def note(self, view: str, status: str, seconds: float) -> None:
        """Count one answer."""
        self.requests[f"{view} {status}"] += 1
        self.times[f"{view} {bisect_left(BUCKETS, seconds)}"] += 1
        self.seconds[view] += seconds

    def add(self, other: dict[str, dict[str, Any]]) -> None:
        """Add what another process wrote."""
        self.requests.update(other["requests"])
        self.times.update(other["times"])
        for view, seconds in other["seconds"].items():
            self.seconds[view] += seconds

    def plain(self) -> dict[str, dict[str, Any]]:
        """Return what is written."""
        return {"requests": dict(self.requests), "times": dict(self.times), "seconds": dict(self.seconds)}


class Counting:
    """A WSGI application around another one that counts its answers."""

    def __init__(
        self, application: Application, *, folder: Path, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.application = application
        self.clock = clock
        self.counts = Counts()
        self.folder, self.born = folder, time.time_ns()
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        self.written = clock()
        atexit.register(self.write)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass on and count."""
        began = self.clock()
        seen: dict[str, str] = {}
        environ[SEEN] = seen
        status = ""

        def start(line: str, headers: Any, exc_info: Any = None) -> Any:
            nonlocal status
            status = line[:3]
            return start_response(line, headers, exc_info) if exc_info else start_response(line, headers)

        answer = self.application(environ, start)
        now = self.clock()
        self.counts.note(seen.get("view") or _without_view(environ, status), status, now - began)
        if now - self.written > WRITE_EVERY or environ.get("PATH_INFO") == "/health/metrics":
            self.written = now
            self.write()
        return answer

    def write(self) -> None:
        """Replace the file of this process; a full disk costs the figures, not the page."""
        # Named only now: the application is made before the processes that answer.
        path = self.folder / f"{os.getpid()}-{self.born}.json"
        half = path.with_suffix(".half")
        try:
            half.write_text(json.dumps(self.counts.plain()), encoding="utf-8")
            half.replace(path)
        except OSError:
            with suppress(OSError):
                half.unlink(missing_ok=True)


class ViewNameMiddleware:
    """Tell the counter which view was asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if SEEN in request.META and request.resolver_match is not None:
            request.META[SEEN]["view"] = request.resolver_match.view_name or NONE
        return response


def _without_view(environ: Environ, status: str) -> str:
    """Name an answer that no view gave: a file, a page that was kept, or an address that nobody knows."""
    if environ.get("PATH_INFO", "").startswith("/static/"):
        return STATIC
    return KEPT if status in ("200", "304") else NONE


def begin_anew(folder: Path) -> None:
    """Forget what processes of an earlier start wrote. Called once, before the first worker."""
    for path in folder.glob("*.json"):
        path.unlink(missing_ok=True)


def all_counts(folder: Path) -> Counts:
    """Return the sum over every process since the service started."""
    total = Counts()
    for path in folder.glob("*.json"):
        try:
            total.add(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError):
            continue  # it is just being taken away
    return total
