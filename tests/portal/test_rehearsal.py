"""The rehearsal makes a page of each kind, and leaves no trace."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections
from django.urls import resolve

from counseling.models import FinderGap
from offers.models import SearchGap
from ruemsa_portal import rehearsal
from ruemsa_portal.cache_rules import PUBLIC_PAGES
from ruemsa_portal.page_cache import Application

# They are made from the same parts as the others, are rare, or would be counted.
NOT_NEEDED = {
    "parents", "professionals", "page", "robots", "sitemap", "search_suggestions",
    "counseling:deadlines", "counseling:api", "counseling:api_questions", "counseling:api_openapi",
    "offers:deadlines", "offers:qr", "offers:api",
    "directory:contact_point_vcard", "directory:agency", "directory:glossary", "directory:places",
}  # fmt: skip


class Seen:
    """The portal, with the status of every answer noted."""

    def __init__(self) -> None:
        # Not that of ``wsgi``: its import limits the statements of this process.
        self.portal = WSGIHandler()
        self.answers: list[tuple[str, str]] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        def note(status: str, headers: Any, exc_info: Any = None) -> Any:
            self.answers.append((environ["PATH_INFO"], status))
            return start(status, headers)

        return self.portal(environ, note)


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note that connections are let go; the test's own must stay, also at the end of a request."""
    done: list[str] = []

    class Connections:
        def close_all(self) -> None:
            done.append("closed")

    monkeypatch.setattr(rehearsal, "connections", Connections())
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield done
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_one_page_of_each_public_kind_is_made_and_nothing_is_counted(
    region: None, closed: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    seen = Seen()
    assert rehearsal.rehearse(seen)
    assert {status for _path, status in seen.answers} == {"200 OK"}
    made = {resolve(path).view_name for path, _status in seen.answers}
    assert made == PUBLIC_PAGES - NOT_NEEDED
    assert closed == ["closed"]
    assert not SearchGap.objects.exists() and not FinderGap.objects.exists()
    assert "rehearsal" not in caplog.text


def answering(line: str) -> Application:
    """Return an application that always answers this."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start(line, [])
        return []

    return answer


def test_page_that_breaks_is_named(region: None, closed: list[str], caplog: pytest.LogCaptureFixture) -> None:
    assert not rehearsal.rehearse(answering("500 Internal Server Error"))
    assert "a page breaks: /angebote/" in caplog.text
    assert closed == ["closed"]


def test_code_that_fails_is_no_database_that_is_away(
    region: None, closed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*asked: object, **more: object) -> None:
        raise TypeError

    monkeypatch.setattr(rehearsal, "list_offers", broken)
    assert not rehearsal.rehearse(answering("200 OK"))


def test_rehearsal_that_fails_says_so_and_ends_nothing(
    db: None, closed: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> str:
        raise OperationalError("/secret/path")

    monkeypatch.setattr(rehearsal, "content_version", away)
    assert rehearsal.rehearse(answering("503 Service Unavailable"))
    assert "the rehearsal ended early: OperationalError" in caplog.text
    assert "secret" not in caplog.text
    assert closed == ["closed"]
