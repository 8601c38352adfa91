"""A service goes on until it is told to end, and waits for a database that is away."""

import signal
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError

from accounts import loop


def test_goes_on_after_an_outage_and_ends_when_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told: dict[int, Any] = {}
    closed, pauses, passes = [], [], []
    monkeypatch.setattr(loop.signal, "signal", lambda number, handler: told.update({number: handler}))
    monkeypatch.setattr(loop, "close_old_connections", lambda: closed.append(1))
    monkeypatch.setattr(Event, "wait", lambda self, timeout=None: pauses.append(timeout))

    def one_pass(stop: Event) -> None:
        passes.append(stop.is_set())
        if len(passes) == 1:
            raise OperationalError("connection to server at 10.0.0.1 failed")
        told[signal.SIGINT](signal.SIGINT, None)

    loop.again_and_again(one_pass, pause=7)
    assert (passes, closed, pauses) == ([False, False], [1, 1], [7, 7])
    assert set(told) == {signal.SIGTERM, signal.SIGINT}
    assert caplog.messages == ["database does not answer: OperationalError"]
