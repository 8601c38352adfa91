"""What was measured, as the page docs/performance.md."""

from collections.abc import Iterator, Sequence
from datetime import date
from math import nan
from pathlib import Path
from statistics import median

from bench.serve import curves, wrk
from bench.serve.data import POSTGRESQL, SQLITE
from bench.serve.goals import Goal, as_rows, number, table
from bench.serve.pages import NEW_WORDS, SEARCH
from bench.serve.suite import ADMIN, BARE_NAME, EIGHT, SEARCHED_AT, STATIC_NAME, Line, Results
from bench.visitors import P95_MS, Outcome

STATEMENTS = {"list": 6, "detail": 6, "contact points": 6, "finder step": 4, "result": 10, ADMIN: 12}
CURVES = ("list", "list, filtered", "detail", SEARCH, NEW_WORDS, "contact points", "result")
GROWTH = 2.0  # times as much CPU for a search in the largest content as in the smallest, of these sizes:
GROWTH_FROM, GROWTH_TO = 500, SEARCHED_AT


def goals(results: Results, crowd: Outcome | None, *, offers: int) -> list[Goal]:
    """Return the table of goals as far as it was measured, each with the slower of both databases named."""
    found: list[Goal] = []
    engines = [engine for engine in (POSTGRESQL, SQLITE) if any(line.engine == engine for line in results.lines)]
    for engine in engines:
        found += _ratios(results, engine, offers)
    for engine, counted in results.statements.items():
        found += [
            Goal(f"statements: {page}, {engine}", counted[page], most, at_least=False)
            for page, most in STATEMENTS.items()
            if page in counted
        ]
    for (engine, size), held in results.memory.items():
        note = f"RSS {held.rss:.0f}; after 200 searches {held.later:.0f}; the first process, which only watches, {held.first:.0f} more"
        what = f"memory of two workers (PSS), {engine}, {size:,} offers"
        found.append(Goal(what, held.pss, 120, at_least=False, unit=" MiB", note=note))
    for engine, (seconds, cpu) in results.start.items():
        note = f"{cpu:.2f} s computed by all three processes"
        found.append(
            Goal(f"cold start until the first page, {engine}", seconds, 1, at_least=False, unit=" s", note=note)
        )
    if crowd is not None:
        p95, note = crowd.crowd.percentile(95), f"{len(crowd.crowd.took):,} answers, published {crowd.published} times"
        found.append(Goal("3,000 visitors in a minute: errors", crowd.errors, 0, at_least=False, note=note))
        found.append(Goal("3,000 visitors in a minute: p95", p95, P95_MS, at_least=False, unit=" ms"))
    return found


def _ratios(results: Results, engine: str, offers: int) -> list[Goal]:
    wanted = [
        ("uncached list", "list", 0.12, False),
        ("uncached detail", "detail", 0.13, False),
        ("uncached search, 200 in turn", SEARCH, 0.05, False),
        ("uncached search, words nobody asked for before", NEW_WORDS, 0.05, False),
        ("/api/anlaufstellen, uncached", "/api/anlaufstellen", 0.04, False),
        ("admin list of the own agency, 16 rows", ADMIN, 0.01, False),
        ("kept page, gunicorn alone", "gunicorn alone", 1.2, True),
    ]
    found = []
    for what, name, limit, cached in wanted:
        # The goal of the search is read in larger content than the others, where that was measured.
        size = max(_cpu_by_size(results, engine, name), default=offers) if name in (SEARCH, NEW_WORDS) else offers
        try:
            line = results.find(engine, name, offers=size, cached=cached)
        except KeyError:
            continue
        what += f", {size:,} offers" if size != offers else ""
        run = line.middle
        ratio = line.to_bare if run.answers else nan
        found.append(Goal(f"{what}, {engine}", ratio, limit, unit=" × bare", note=_note(line)))
        if name == "list":
            found.append(
                Goal(
                    f"p99 / p50 of it, {engine}",
                    run.p99 / run.p50 if run.answers and run.p50 else nan,
                    1.5,
                    at_least=False,
                )
            )
            found.append(Goal(f"p99 of it, {engine}", run.p99 if run.answers else nan, 15, at_least=False, unit=" ms"))
    found += _growth(results, engine)
    try:
        line = results.find(engine, "behind nginx", offers=offers, cached=True)
    except KeyError:
        return found
    static = wrk.middle(line.static).rate
    note = f"{line.middle.rate:,.0f}/s beside {static:,.0f}/s"
    return [*found, Goal(f"the same behind nginx, {engine}", line.to_static, 0.65, unit=" × static", note=note)]


def _growth(results: Results, engine: str) -> list[Goal]:
    """Return how much more a search computes in the largest content than in the smallest that is no toy."""
    return [goal for name in (SEARCH, NEW_WORDS) for goal in _grown(results, engine, name)]


def _cpu_by_size(results: Results, engine: str, asked: str) -> dict[int, float]:
    """Return number of offers → milliseconds of CPU of a search, in content between a county's and a Land's."""
    return {
        line.offers: line.middle.cpu_ms
        for line in results.lines
        if (line.engine, line.name, line.cached, line.connections) == (engine, asked, False, EIGHT)
        and GROWTH_FROM <= line.offers <= GROWTH_TO
        and line.middle.cpu_ms
    }


def _grown(results: Results, engine: str, asked: str) -> Iterator[Goal]:
    found = _cpu_by_size(results, engine, asked)
    if len(found) > 1:
        low, high = min(found), max(found)
        name = f"CPU of an uncached {asked}, at {high:,} offers beside {low:,}, {engine}"
        note = f"{found[high]:.1f} ms beside {found[low]:.1f} ms"
        yield Goal(name, found[high] / found[low], GROWTH, at_least=False, unit=" ×", note=note)


def _note(line: Line) -> str:
    run = line.middle
    by_cpu = wrk.cpu_ratio(line.runs, line.bare)
    return f"{run.rate:,.0f}/s, {run.cpu_ms:.2f} ms CPU; by CPU {by_cpu:.3f}"


def page(results: Results, crowd: Outcome | None, *, on: date, offers: int, machine: str, minutes: float) -> str:
    """Return the whole page."""
    taken = median([run.taken for line in results.lines for run in line.runs] or [0.0])
    worst = max([run.taken for line in results.lines for run in line.runs] or [0.0])
    parts = [
        "# Performance: what was measured",
        f"`make bench` on {on:%-d %B %Y}, {machine}, {minutes:.0f} minutes. Load from one `wrk` thread on the same cores; every"
        " figure stands beside a bare Django view (and nginx with a static page of the same bytes) that was asked in the same"
        f" rounds; medians of {max((len(line.runs) for line in results.lines), default=0)} interleaved rounds. CPU is what gunicorn,"
        " nginx and PostgreSQL computed, and the figure that a neighbour changes least.",
        f"Others took {taken:.0%} of the machine in the median run, {worst:.0%} in the worst."
        + (" That is too much to trust answers a second; the ratios suffer less." if taken > wrk.DISTURBED else ""),
        "## Goals",
        table(["what", "goal", "measured", "", "beside it"], as_rows(goals(results, crowd, offers=offers))),
        "## Every run",
        _runs(results.lines),
        "## Bytes on the wire, packed",
        table(["page", "bytes"], [[name, f"{size:,}"] for name, size in results.weights.items()]),
        "## Growth",
        "CPU of one uncached answer by number of offers:",
        *(f"![{engine}](performance-{engine.lower()}.svg)" for engine in _drawn(results)),
        "What the growth is beyond these sizes, and for the search: `python bench/search_speed.py --full`,"
        " `make bench ARGS=--long`.",
    ]
    if results.left_out:
        parts.append(f"Left out for want of time: {', '.join(results.left_out)}.")
    return "\n\n".join(parts) + "\n"


def _runs(lines: Sequence[Line]) -> str:
    rows = []
    for line in lines:
        run = line.middle
        kind = "kept" if line.cached else "uncached"
        static = f"{line.to_static:.2f}" if line.static and line.name != STATIC_NAME else ""
        where = f"{line.engine}, {line.offers:,}" if line.offers else line.engine
        rows.append(
            [
                *(where, line.name, kind, str(line.connections), f"{run.rate:,.0f}", number(line.to_bare), static),
                *(f"{run.cpu_ms:.3f}" if run.cpu_ms else "", f"{run.p50:.1f}", f"{run.p99:.1f}", str(run.failed)),
            ]
        )
    head = [
        "database, offers",
        "page",
        "",
        "c",
        "answers/s",
        "× bare",
        "× static",
        "CPU ms",
        "p50 ms",
        "p99 ms",
        "failed",
    ]
    return f"{BARE_NAME}: {_base(lines)} answers/s at c = {EIGHT}.\n\n" + table(head, rows)


def _base(lines: Sequence[Line]) -> str:
    rates = [run.rate for line in lines if line.connections == EIGHT for run in line.bare]
    return f"{min(rates):,.0f} to {max(rates):,.0f}" if rates else "no"


def _drawn(results: Results) -> list[str]:
    return [
        engine for engine in (SQLITE, POSTGRESQL) if len({ln.offers for ln in results.lines if ln.engine == engine}) > 1
    ]


def draw(results: Results, folder: Path) -> None:
    """Write a growth curve for each engine that was measured at several sizes."""
    for engine in _drawn(results):
        lines = {
            name: [
                (float(line.offers), line.middle.cpu_ms)
                for line in results.lines
                if (line.engine, line.name, line.cached, line.connections) == (engine, name, False, EIGHT)
                and line.middle.cpu_ms
            ]
            for name in CURVES
        }
        drawn = curves.svg(f"CPU of an uncached answer, {engine}", "ms", {k: v for k, v in lines.items() if v})
        (folder / f"performance-{engine.lower()}.svg").write_text(drawn, encoding="utf-8")
