"""The arithmetic of the measurements of serving, by examples calculated by hand."""

import os
import random
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from datetime import date
from math import nan
from time import process_time

import pytest

from bench.__main__ import command, names, watched
from bench.serve import curves, report, wrk
from bench.serve.goals import Goal, as_rows, number, table
from bench.serve.pages import SEARCH
from bench.serve.suite import Line, Results
from bench.serve.wrk import Run, read_report
from bench.serving import peers_of
from bench.visitors import Crowd, Outcome, way

SAID = """Running 1s test @ http://127.0.0.1:8000/
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.09ms  300.00us   9.10ms   90.00%
    Req/Sec     7.25k   500.00     8.00k    70.00%
  Latency Distribution
     50%    1.02ms
     75%    1.20ms
     90%  890.00us
     99%    1.50s
  7250 requests in 1.10s, 1.25MB read
"""


def run(answers: int, *, p50: float = 1.0, p99: float = 2.0, failed: int = 0, cpu: float = 1.0) -> Run:
    return Run(answers, 2.0, p50, p99, failed, cpu, 0.0)


def test_report_of_wrk_is_read() -> None:
    assert read_report(SAID) == (7250, 1.1, 1.02, 1500.0, 0)
    failed = SAID + "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 50\n"
    assert read_report(failed)[-1] == 60
    with pytest.raises(ValueError):
        read_report("unable to connect")


@pytest.mark.parametrize(("text", "value"), [("250.00us", 0.25), ("1.5ms", 1.5), ("2s", 2000.0), ("1.00m", 60_000.0)])
def test_lengths_of_time(text: str, value: float) -> None:
    assert wrk.milliseconds(text) == value


def test_length_of_time_without_a_unit_is_refused() -> None:
    with pytest.raises(ValueError):
        wrk.milliseconds("12")


def test_ratio_is_the_median_of_the_rounds_and_not_of_the_medians() -> None:
    ours, base = [run(100), run(50), run(400)], [run(1000), run(100), run(1000)]
    assert wrk.ratio(ours, base) == 0.4  # of 0.1, 0.5, 0.4
    with pytest.raises(ValueError):
        wrk.ratio(ours, base[:2])


def test_ratio_of_computed_time() -> None:
    ours, base = [run(100, cpu=1.0), run(100, cpu=2.0)], [run(1000, cpu=2.0), run(1000, cpu=2.0)]
    assert (ours[0].cpu_ms, base[0].cpu_ms) == (10.0, 2.0)
    assert wrk.cpu_ratio(ours, base) == pytest.approx((0.2 + 0.1) / 2)


def test_middle_of_runs() -> None:
    found = wrk.middle(
        [run(100, p50=1, failed=1, cpu=1.0), run(300, p50=5, failed=2, cpu=3.0), run(200, p50=3, cpu=4.0)]
    )
    assert (found.answers, found.rate, found.p50, found.p99, found.failed) == (200, 100.0, 3, 2.0, 3)
    assert found.cpu_ms == pytest.approx(10.0)


def test_every_round_asks_all_and_late_ones_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(wrk, "run", lambda target, **kind: asked.append(target.name) or run(1))
    targets = [wrk.Target("a", ""), wrk.Target("b", "")]
    assert {name: len(runs) for name, runs in wrk.rounds(targets, times=2, connections=8, seconds=1).items()} == {
        "a": 2,
        "b": 2,
    }
    assert asked == ["a", "b", "a", "b"]
    assert len(wrk.rounds(targets, times=3, connections=8, seconds=1, end=0.0)["b"]) == 1


def test_computed_time_and_memory_of_this_process() -> None:
    before = wrk.cpu_seconds([os.getpid()])
    begin = process_time()
    while process_time() - begin < 0.1:
        pass
    assert 0.08 <= wrk.cpu_seconds([os.getpid()]) - before <= 2
    rss, pss = wrk.memory_mib([os.getpid()])
    assert rss >= pss > 1
    assert os.getpid() in wrk.tree([os.getppid()])
    busy, capacity = wrk.machine_seconds()
    assert 0 < busy < capacity


@pytest.mark.parametrize(
    ("value", "at_least", "is_met"), [(1.2, True, True), (1.19, True, False), (1.2, False, True), (1.21, False, False)]
)
def test_goal_holds_on_its_limit(value: float, at_least: bool, is_met: bool) -> None:
    assert Goal("", value, 1.2, at_least).is_met is is_met


def test_table_of_goals() -> None:
    rows = as_rows([Goal("list", 0.1234, 0.12, unit=" × bare", note="n"), Goal("errors", 2, 0, at_least=False)])
    assert rows == [["list", "≥ 0.12 × bare", "0.123 × bare", "met", "n"], ["errors", "≤ 0", "2", "**missed**", ""]]
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
    assert [number(value) for value in (0.0123456, 7.0, 105_000.4, 1.5)] == ["0.0123", "7", "105,000", "1.5"]


def test_nothing_that_came_is_no_goal_met() -> None:
    assert as_rows([Goal("p99", nan, 15, at_least=False), Goal("list", nan, 0.1)]) == [
        ["p99", "≤ 15", "no answer", "**missed**", ""],
        ["list", "≥ 0.1", "no answer", "**missed**", ""],
    ]
    silent = Results(lines=[line("list", 0)])
    assert [goal.is_met for goal in report.goals(silent, None, offers=100)] == [False, False, False]


def test_a_run_with_hardly_an_answer_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    monkeypatch.setattr(wrk, "_once", lambda target, *, connections, seconds: lengths.append(seconds) or run(9))
    wrk.run(wrk.Target("a", ""), connections=8, seconds=1)
    assert lengths == [1, 4]


def test_growth_of_the_search_is_a_goal() -> None:
    sizes = (100, 500, 50_000, 100_000)
    lines = [line(SEARCH, rate, offers=size) for size, rate in zip(sizes, (100, 100, 40, 10), strict=True)]
    (speed, goal) = report.goals(Results(lines=lines), None, offers=100)
    assert speed.name == "uncached search, 200 in turn, 50,000 offers, SQLite"
    assert (goal.value, goal.is_met) == (pytest.approx(2.5), False)
    assert goal.name == "CPU of an uncached search, 200 in turn, at 50,000 offers beside 500, SQLite"


def test_bench_collects_goals_and_ends_in_time() -> None:
    said = "print('goal a ≤ 1: 2 not ok', flush=True); import time; time.sleep(30)"
    assert watched([sys.executable, "-c", said], seconds=1.0) == ("broken off, no time", ["a ≤ 1: 2 not ok"])
    assert watched([sys.executable, "-c", "print('x')"], seconds=30.0) == ("ok", [])


def test_curve_is_drawn_to_scale() -> None:
    drawn = curves.svg("Zeit & Raum", "ms", {"list": [(100, 1.0), (10_000, 10.0)]})
    root = ElementTree.fromstring(drawn)  # noqa: S314 our own text
    line = root.find("{http://www.w3.org/2000/svg}polyline")
    assert line is not None
    first, last = ([float(part) for part in spot.split(",")] for spot in line.attrib["points"].split())
    assert first == [curves.LEFT, curves.HEIGHT - curves.BOTTOM]
    assert last == [curves.WIDTH - curves.RIGHT, curves.TOP]
    assert curves.decades([3.0]) == (0, 1)
    assert curves.decades([100.0]) == (2, 3)
    assert curves.place(1000, 2, 4, 0, 10) == 5


def line(name: str, answers: int, *, offers: int = 100, cached: bool = False) -> Line:
    return Line("SQLite", offers, name, cached, 8, [run(answers)], [run(1000)], [run(2000)] if cached else [])


def test_page_says_what_was_met_and_what_was_left_out() -> None:
    lines = [line("list", 130), line("gunicorn alone", 1100, cached=True), line("behind nginx", 1400, cached=True)]
    results = Results(lines=[*lines, line("list", 65, offers=1000)], weights={"front": 4131}, left_out=["PostgreSQL"])
    results.statements["SQLite"] = {"list": 6, "result": 11}
    crowd = Outcome(Crowd([1.0] * 95 + [200.0] * 5, Counter()), published=60, taken=0.0)
    text = report.page(results, crowd, on=date(2026, 11, 30), offers=100, machine="2 cores", minutes=9.6)
    assert "on 30 November 2026, 2 cores, 10 minutes" in text
    assert "| uncached list, SQLite | ≥ 0.12 × bare | 0.13 × bare | met | 65/s, 7.69 ms CPU; by CPU 0.130 |" in text
    assert "| kept page, gunicorn alone, SQLite | ≥ 1.2 × bare | 1.1 × bare | **missed** |" in text
    assert "| the same behind nginx, SQLite | ≥ 0.65 × static | 0.7 × static | met |" in text
    assert "| statements: result, SQLite | ≤ 10 | 11 | **missed** |" in text
    assert "| 3,000 visitors in a minute: p95 | ≤ 100 ms | 1 ms | met |" in text
    assert "Left out for want of time: PostgreSQL." in text
    assert "![SQLite](performance-sqlite.svg)" in text
    assert "| front | 4,131 |" in text


def test_line_is_found_by_all_it_is() -> None:
    results = Results(lines=[line("list", 1), line("list", 2, offers=1000)])
    assert results.find("SQLite", "list", offers=1000).runs[0].answers == 2
    with pytest.raises(KeyError):
        results.find("SQLite", "list", offers=1000, connections=32)


def test_peers() -> None:
    assert peers_of(["Wagtail=http://127.0.0.1:8100/blog/"]) == {"Wagtail": "http://127.0.0.1:8100/blog/"}
    for text in ("Wagtail", "=http://x", "Wagtail=ftp://x"):
        with pytest.raises(ValueError):
            peers_of([text])


def test_visitors_differ_but_come_again_alike() -> None:
    ways = [way(random.Random(seed)) for seed in (1, 1, 2)]
    assert ways[0] == ways[1] != ways[2]
    assert [len(paths) for paths in ways] == [4, 4, 4]


def test_every_file_is_run_and_the_first_with_the_options() -> None:
    assert names()[0] == "serving"
    assert {"finder", "admin_lists", "search_speed", "search_quality"} <= set(names())
    assert {"crowd", "visitors", "__main__"} & set(names()) == set()
    assert command("serving", ["--long"], has_postgres=True)[:3] == ["sh", "tools/postgres.sh", "run"]
    assert command("serving", ["--long"], has_postgres=False)[-2:] == ["bench/serving.py", "--long"]
    assert command("finder", ["--long"], has_postgres=True)[-1] == "bench/finder.py"


def test_paths_are_asked_in_turn_as_lua_reads_them() -> None:
    script = wrk.in_turn(["/suche/?q=a+b", '/suche/?q="ä'], start=7)
    assert 'local paths = {"/suche/?q=a+b", "/suche/?q=%22%C3%A4"}' in script
    assert "local number = 7" in script
    assert wrk.in_turn([]) == ""


def test_many_paths_are_warm_when_each_was_asked_some_times(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(wrk, "_once", lambda target, *, connections, seconds: asked.append(1) or run(20))
    wrk.warm(wrk.Target("a", "", paths=("/",) * 12))
    assert len(asked) == 3
    wrk.warm(wrk.Target("a", ""))
    assert len(asked) == 4
