"""What gunicorn's processes do before they answer, and who ends when they do."""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace

import pytest
from gunicorn.errors import HaltServer

from ruemsa_portal import gunicorn_conf
from ruemsa_portal.gunicorn_conf import elders, on_starting, post_worker_init, pre_fork

MASTER_BEFORE, FIRST = 40, 41


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    """Let the garbage collector and the list forget what a test did."""
    yield
    gc.unfreeze()
    elders.clear()


@pytest.fixture
def rehearsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put an application in place that notes its rehearsals."""
    seen: list[str] = []
    module = ModuleType("some_application")
    module.rehearse = lambda: seen.append("rehearsed") or True  # type: ignore[attr-defined,func-returns-value]
    monkeypatch.setitem(sys.modules, "some_application", module)
    return seen


def master(*, workers: int = 2, running: tuple[int, ...] = (), before: int = 0) -> SimpleNamespace:
    return SimpleNamespace(
        num_workers=workers,
        WORKERS=dict.fromkeys(running),
        master_pid=before,
        app=SimpleNamespace(app_uri="some_application:application"),
    )


def worker(age: int) -> SimpleNamespace:
    return SimpleNamespace(age=age, log=None)


def test_a_worker_does_not_look_through_its_code_for_garbage() -> None:
    post_worker_init(worker(1))
    assert gc.get_freeze_count() > 10_000
    assert gc.isenabled()


def test_first_worker_serves_at_once_and_the_second_one_has_everything_loaded(rehearsed: list[str]) -> None:
    pre_fork(master(), worker(1))
    assert rehearsed == []
    pre_fork(master(running=(FIRST,)), worker(2))
    assert rehearsed == ["rehearsed"]
    assert gc.get_freeze_count() > 10_000
    # The one that takes the place of the first, and every later one.
    pre_fork(master(running=(42,)), worker(3))
    assert (rehearsed, elders) == (["rehearsed"], [])


def test_a_single_worker_is_rehearsed_too(rehearsed: list[str]) -> None:
    pre_fork(master(workers=1, before=MASTER_BEFORE), worker(1))
    assert (rehearsed, elders) == (["rehearsed"], [MASTER_BEFORE])


def test_version_with_a_broken_page_leaves_the_one_before_serving(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("some_application")
    module.rehearse = lambda: False  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "some_application", module)
    with pytest.raises(HaltServer):
        pre_fork(master(before=MASTER_BEFORE), worker(1))
    # At a start there is nobody else: what works is served.
    pre_fork(master(running=(FIRST,)), worker(2))
    assert elders == [FIRST]


def test_application_without_rehearsal_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "some_application", ModuleType("some_application"))
    pre_fork(master(running=(FIRST,)), worker(2))
    assert elders == [FIRST]


def test_who_served_before_ends_when_the_new_worker_is_ready(
    rehearsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[tuple[int, int]] = []
    said: list[str] = []

    def kill(process: int, number: int) -> None:
        ended.append((process, number))
        if process == FIRST:
            raise ProcessLookupError  # it has ended by itself

    monkeypatch.setattr(os, "kill", kill)
    monkeypatch.setattr(gunicorn_conf, "sd_notify", lambda text, log: said.append(text))
    pre_fork(master(running=(FIRST,)), worker(2))
    assert (ended, said) == ([], [])
    post_worker_init(worker(2))
    assert ended == [(FIRST, signal.SIGTERM)]
    assert said[0].splitlines()[0] == f"MAINPID={os.getppid()}"
    # A number that the system gave to another process since is left alone.
    pre_fork(master(running=(42,)), worker(3))
    post_worker_init(worker(3))
    assert (len(ended), len(said)) == (1, 1)


def test_after_a_reload_the_master_before_ends_and_no_worker_serves_unrehearsed(
    rehearsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[int] = []
    monkeypatch.setattr(os, "kill", lambda process, number: ended.append(process))
    monkeypatch.setattr(gunicorn_conf, "sd_notify", lambda text, log: None)
    pre_fork(master(before=MASTER_BEFORE), worker(1))
    post_worker_init(worker(1))
    assert (rehearsed, ended) == (["rehearsed"], [MASTER_BEFORE])
    pre_fork(master(running=(FIRST,), before=MASTER_BEFORE), worker(2))
    assert (rehearsed, elders) == (["rehearsed"], [MASTER_BEFORE])


def test_reload_keeps_the_figures_and_a_start_forgets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[object] = []
    monkeypatch.setattr(gunicorn_conf, "begin_anew", forgotten.append)
    on_starting(master(before=MASTER_BEFORE))
    assert forgotten == []
    on_starting(master())
    assert len(forgotten) == 1
