"""The measurements themselves: what is started, what is asked, and what is kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from bench.serve import wrk
from bench.serve.data import SQLITE, Databases, ask
from bench.serve.pages import NEW_WORDS, PAGES, PLAIN, SEARCH, SECURE
from bench.serve.servers import BARE, PORTAL, Front, Server, gunicorn, nginx, wait_for, workers
from bench.serve.wrk import Run, Target
from bench.visitors import OFFERS

BARE_NAME, STATIC_NAME = "bare Django view", "nginx, static page"
ADMIN = "admin list, 16 rows"
EIGHT, ROUNDS = 8, 3
# The goal of the search is read here, when so many are measured at all.
SEARCHED_AT = 50_000
CONCURRENCIES = (1, 32)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the report: where, what, how, and its runs beside those of what it is compared with."""

    engine: str
    offers: int
    name: str
    cached: bool
    connections: int
    runs: list[Run]
    bare: list[Run]
    static: list[Run] = field(default_factory=list)

    @property
    def middle(self) -> Run:
        """The medians of all rounds."""
        return wrk.middle(self.runs)

    @property
    def to_bare(self) -> float:
        """Answers a second as a share of the bare view's, round by round."""
        return wrk.ratio(self.runs, self.bare)

    @property
    def to_static(self) -> float:
        """The same beside nginx and a static page; 0 when that was not asked in the same run."""
        return wrk.ratio(self.runs, self.static) if self.static else 0.0


@dataclass(frozen=True, slots=True)
class Memory:
    """What two workers hold, in MiB: resident, proportional, and proportional after many searches; and the first process."""

    rss: float
    pss: float
    first: float
    later: float


@dataclass
class Results:
    """Everything that was measured."""

    lines: list[Line] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)
    statements: dict[str, dict[str, int]] = field(default_factory=dict)
    memory: dict[tuple[str, int], Memory] = field(default_factory=dict)
    start: dict[str, tuple[float, float]] = field(default_factory=dict)
    admin_rows: int = 0
    left_out: list[str] = field(default_factory=list)

    def find(self, engine: str, name: str, *, offers: int, cached: bool = False, connections: int = EIGHT) -> Line:
        """Return one line; KeyError when it was not measured."""
        for line in self.lines:
            said = (line.engine, line.name, line.offers, line.cached, line.connections)
            if said == (engine, name, offers, cached, connections):
                return line
        raise KeyError(f"{name}, {engine}, {offers} offers")


@dataclass
class Suite:
    """Goes through engines and sizes with one bare view beside them."""

    databases: Databases
    sizes: Sequence[int]
    end: float
    seconds: int = 1
    peers: dict[str, str] = field(default_factory=dict)
    all_combinations: bool = False
    results: Results = field(default_factory=Results)

    def run(self) -> Results:
        """Measure everything, as far as the time goes; what was left out is named."""
        with gunicorn(BARE, {}, headers={}) as bare:
            for size in self.sizes:
                for engine in self.databases.engines:
                    # One size has the goals in it: it is measured whatever the time, if only in one round.
                    is_full = size == self.goals_at
                    if not is_full and self._is_late(f"{engine}, {size:,} offers"):
                        continue
                    print(f"   {engine}, {size:,} offers", flush=True)
                    self._one(engine, size, self._base(bare), is_full=is_full)
            if self.peers and not self._is_late("peers"):
                self._peers(self._base(bare))
        return self.results

    @property
    def goals_at(self) -> int:
        """The size at which the goals are read: that of the goals, or the largest there is."""
        return OFFERS if OFFERS in self.sizes else self.sizes[-1]

    def _base(self, bare: Server) -> Target:
        return Target(BARE_NAME, bare.url + "/", processes=(bare.process,))

    def _one(self, engine: str, size: int, base: Target, *, is_full: bool) -> None:
        at = self.databases.of(engine, size)
        others = self.databases.processes(engine)
        pages = dict(PAGES)
        headers = {name: dict(PLAIN) for name in pages}
        if is_full:
            self.results.statements[engine] = ask(at, "statements")
            editor = ask(at, "editor")
            self.results.statements[engine][ADMIN] = editor["statements"]
            self.results.admin_rows = editor["rows"]
            pages[ADMIN] = editor["path"]
            headers[ADMIN] = {**PLAIN, "Cookie": editor["cookie"]}
        with gunicorn(PORTAL, {"DATABASE_URL": at, "PAGE_CACHE": "0"}, headers=PLAIN) as portal:
            targets = [
                Target(name, portal.url + path, headers[name], (portal.process, *others))
                for name, path in pages.items()
            ]
            searches = {name: tuple(paths) for name, paths in ask(at, "searches").items()}
            targets += [
                Target(name, portal.url, dict(PLAIN), (portal.process, *others), paths)
                for name, paths in searches.items()
            ]
            for target in targets:
                if target.name != NEW_WORDS:
                    wrk.warm(target)
            times = ROUNDS if is_full or size == SEARCHED_AT or self.all_combinations else 1
            self._lines(engine, size, [base, *targets], cached=False, connections=EIGHT, times=times)
            for connections in CONCURRENCIES if is_full else ():
                chosen = targets if self.all_combinations else [target for target in targets if target.name == "list"]
                self._lines(engine, size, [base, *chosen], cached=False, connections=connections)
        if is_full or self.all_combinations:
            self._cached(engine, size, at, base, others)
        if is_full or size == self.sizes[0]:
            self._memory(engine, size, at, searches[SEARCH])

    def _cached(self, engine: str, size: int, at: str, base: Target, others: tuple[int, ...]) -> None:
        with gunicorn(PORTAL, {"DATABASE_URL": at}, headers=PLAIN) as portal:
            self.results.start[engine] = (portal.seconds, portal.cpu)
            if engine == SQLITE:
                for name, path in PAGES.items():
                    self.results.weights[name] = len(wait_for(portal.url + path, PLAIN))
            with nginx(portal, wait_for(portal.url + "/", PLAIN)) as front:
                self._lines(engine, size, self._front(portal, front, base, others), cached=True, connections=EIGHT)
                for connections in CONCURRENCIES:
                    targets = self._front(portal, front, base, others)
                    self._lines(engine, size, targets, cached=True, connections=connections)

    def _memory(self, engine: str, size: int, at: str, searches: tuple[str, ...]) -> None:
        """Note what is held when every kind of page has been asked of both workers, and after many searches."""
        with gunicorn(PORTAL, {"DATABASE_URL": at}, headers=PLAIN) as portal:
            for name, path in PAGES.items():
                wrk.warm(Target(name, portal.url + path, PLAIN))
            rss, pss = wrk.memory_mib(workers(portal))
            first = wrk.memory_mib([portal.process])[1]
            wrk.warm(Target(SEARCH, portal.url, PLAIN, paths=searches))
            later = wrk.memory_mib(workers(portal))[1]
        self.results.memory[engine, size] = Memory(rss, pss, first, later)

    def _front(self, portal: Server, front: Front, base: Target, others: tuple[int, ...]) -> list[Target]:
        static = Target(STATIC_NAME, front.static + "/", {"Accept-Encoding": "gzip"}, (front.process,))
        alone = Target("gunicorn alone", portal.url + "/", PLAIN, (portal.process, *others))
        behind = Target("behind nginx", front.portal + "/", SECURE, (front.process, portal.process, *others))
        return [base, static, alone, behind]

    def _lines(
        self, engine: str, size: int, targets: list[Target], *, cached: bool, connections: int, times: int = ROUNDS
    ) -> None:
        # At least one round of everything, whatever the time; more as long as there is some.
        runs = wrk.rounds(targets, times=times, connections=connections, seconds=self.seconds, end=self.end)
        for target in targets[1:]:
            bare, static = runs[targets[0].name], runs.get(STATIC_NAME, [])
            line = Line(engine, size, target.name, cached, connections, runs[target.name], bare, static)
            self.results.lines.append(line)
            print(
                f"      {target.name:22} c={connections:<3}{line.middle.rate:>9,.0f}/s {line.to_bare:>7.3f} × bare"
                f"{line.middle.cpu_ms:>9.3f} ms CPU   p99 {line.middle.p99:.1f} ms"
                f"{f'   {line.middle.failed} failed' if line.middle.failed else ''}",
                flush=True,
            )

    def _peers(self, base: Target) -> None:
        targets = [Target(name, url, {"Accept-Encoding": "gzip"}) for name, url in self.peers.items()]
        self._lines("peer", 0, [base, *targets], cached=False, connections=EIGHT)

    def _is_late(self, what: str) -> bool:
        if monotonic() <= self.end:
            return False
        self.results.left_out.append(what)
        return True
