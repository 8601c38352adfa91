"""Figures for the monitoring: only for named networks, added up over processes, nothing about visitors."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import JobRun, OutboxMessage
from directory.actions import raise_content_version
from ruemsa_portal import counters, env
from ruemsa_portal.counters import Counting, all_counts, begin_anew

ADDRESS = "/health/metrics"


def figures(client: Client, **headers: str) -> dict[str, float]:
    reply = client.get(ADDRESS, headers=headers)
    assert reply.status_code == 200
    assert reply["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "no-store" in reply["Cache-Control"]
    lines = [line for line in reply.content.decode().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r'\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [0-9.]+', line)] == []
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.mark.parametrize(
    ("networks", "address", "status"),
    [
        ([], "127.0.0.1", 404),
        (["10.20.0.0/16"], "10.20.3.4", 200),
        (["10.20.0.0/16"], "10.21.0.1", 404),
        (["10.20.0.0/16", "2001:db8::/32"], "2001:db8::5", 200),
        (["10.20.0.0/16"], "kaputt", 404),
    ],
)
def test_only_for_named_networks(
    networks: list[str], address: str, status: int, db: None, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.METRICS_NETWORKS, settings.METRICS_DIR = networks, tmp_path
    assert client.get(ADDRESS, REMOTE_ADDR=address).status_code == status
    # Behind nginx its word counts, not what the visitor says in other headers.
    settings.BEHIND_PROXY = True
    reply = client.get(ADDRESS, REMOTE_ADDR="127.0.0.1", headers={"x-real-ip": address, "x-forwarded-for": "10.20.1.1"})
    assert reply.status_code == status
    assert client.post(ADDRESS, REMOTE_ADDR=address).status_code == 405


def test_state_of_the_installation(db: None, client: Client, settings: Any, tmp_path: Path) -> None:
    settings.METRICS_NETWORKS, settings.METRICS_DIR = ["127.0.0.1/32"], tmp_path
    now = timezone.now()
    JobRun.objects.create(name="purge", began_at=now, done_at=now)
    for state in ("waiting", "waiting", "sent"):
        row = {"kind": "x", "created_at": now, "first_due_at": now - timedelta(hours=2), "due_at": now}
        OutboxMessage.objects.create(state=state, done_at=now if state == "sent" else None, **row)
    raise_content_version()
    found = figures(client)
    assert found['portal_job_done_timestamp_seconds{job="purge"}'] == int(now.timestamp())
    assert 7200 <= found["portal_outbox_oldest_seconds"] < 7300
    assert found['portal_outbox_rows{state="waiting"}'] == 2
    assert found["portal_content_version"] == 1
    assert found['portal_condition{name="database"}'] == 0


@pytest.fixture
def asked(settings: Any, tmp_path: Path) -> Callable[..., None]:
    """Ask a worker of its own, with a page cache that has every page already when told so."""
    settings.METRICS_NETWORKS, settings.METRICS_DIR = ["127.0.0.1/32"], tmp_path
    portal = WSGIHandler()

    def ask(worker: Counting, path: str, **headers: str) -> None:
        worker(RequestFactory(HTTP_HOST="testserver").get(path, headers=headers).environ, lambda *said: None)

    ask.portal = portal  # type: ignore[attr-defined]
    return ask


def test_every_process_is_counted_and_nobody_is_named(
    asked: Any, db: None, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.core.signals.request_started.send", lambda *args, **kwargs: [])
    now = [100.0]

    def slow(environ: Any, start: Any) -> Any:
        now[0] += 0.03
        return asked.portal({**environ}, start)

    first, second = (Counting(slow, folder=tmp_path, clock=lambda: now[0]) for _process in range(2))
    for worker in (first, first, second):
        asked(worker, "/health/live?name=Anna", **{"user-agent": "Kanarienvogel"})
    asked(second, "/gibt-es-nicht/Anna/")
    for worker in (first, second):
        worker.write()
    found = figures(client)
    assert found['portal_requests_total{view="health_live",status="200"}'] == 3
    assert found['portal_requests_total{view="none",status="404"}'] == 1
    assert found['portal_request_seconds_bucket{view="health_live",le="0.025"}'] == 0
    assert found['portal_request_seconds_bucket{view="health_live",le="0.05"}'] == 3
    assert found['portal_request_seconds_bucket{view="health_live",le="+Inf"}'] == 3
    assert found['portal_request_seconds_count{view="health_live"}'] == 3
    assert found['portal_request_seconds_sum{view="health_live"}'] == pytest.approx(0.09)
    written = "".join(path.read_text() for path in tmp_path.iterdir())
    assert "Anna" not in written and "Kanarienvogel" not in written


def test_pages_that_were_kept_and_files_are_counted(tmp_path: Path) -> None:
    def kept(environ: Any, start: Any) -> list[bytes]:
        start("304 Not Modified" if environ["PATH_INFO"] == "/" else "200 OK", [])
        return []

    worker = Counting(kept, folder=tmp_path)
    for path in ("/", "/angebote/", "/static/css/base.css"):
        worker({"PATH_INFO": path}, lambda *said: None)
    worker.write()
    assert all_counts(tmp_path).requests == {"kept 304": 1, "kept 200": 1, "static 200": 1}


def test_written_now_and_then_and_gone_with_a_new_start(tmp_path: Path) -> None:
    now = [0.0]
    worker = Counting(lambda environ, start: start("200 OK", []) or [], folder=tmp_path, clock=lambda: now[0])
    worker({"PATH_INFO": "/"}, lambda *said: None)
    assert all_counts(tmp_path).requests == {}
    now[0] = counters.WRITE_EVERY + 1
    worker({"PATH_INFO": "/"}, lambda *said: None)
    (path,) = tmp_path.iterdir()
    assert json.loads(path.read_text())["requests"] == {"kept 200": 2}
    begin_anew(tmp_path)
    assert all_counts(tmp_path).requests == {}


def test_setting_must_be_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_NETWORKS", "10.20.0.0/16,::1/128")
    assert env.networks(environ.Env()) == ["10.20.0.0/16", "::1/128"]
    monkeypatch.setenv("METRICS_NETWORKS", "10.20.0.0/99")
    with pytest.raises(ImproperlyConfigured, match=r"10\.20\.0\.0/99"):
        env.networks(environ.Env())


def test_workers_that_share_an_application_write_files_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The application is made before the processes that answer."""
    counting = Counting(lambda environ, start: start("200 OK", []) or [], folder=tmp_path)
    for process in (101, 102):
        monkeypatch.setattr(counters.os, "getpid", lambda number=process: number)
        list(counting({"PATH_INFO": "/"}, lambda *said: None))
        counting.write()
    assert {path.name.partition("-")[0] for path in tmp_path.glob("*.json")} == {"101", "102"}
