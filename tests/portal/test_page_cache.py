"""Pages kept in front of Django: never stale, never somebody's own, and right for every browser."""

import gzip
import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections
from django.test import Client, RequestFactory
from django.urls import get_resolver

from directory import versions
from directory.actions import raise_content_version
from directory.models import ContactPoint, ContentVersion
from directory.moments import next_of
from directory.versions import LEASE_SECONDS, content_version, forget_lease, leased_version
from offers.gaps import COUNTED
from offers.models import SearchGap
from ruemsa_portal import page_cache
from ruemsa_portal.cache_rules import PRIVATE_PAGES, PUBLIC_PAGES
from ruemsa_portal.page_store import FRAME_BYTES, PLACE, Kept, Ready, Shelf, name_of, release_of
from tests.urls_under_test import PAGES, POINT, PublicPage

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC).timestamp()


class Browser:
    """Asks a WSGI application as a server would, and notes how often the portal behind it was asked."""

    def __init__(self, clock: Callable[[], float]) -> None:
        portal = WSGIHandler()
        self.asked = 0

        def counted(environ: dict[str, Any], start_response: Any) -> Any:
            self.asked += 1
            return portal(environ, start_response)

        self.application = page_cache.PageCache(counted, clock=clock)

    def get(self, path: str, method: str = "GET", **headers: str) -> "Reply":
        environ = RequestFactory(HTTP_HOST="testserver").generic(method, path, headers=headers).environ
        reply = Reply()
        # The end of a request closes connections; the test's own must live on.
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        try:
            parts = self.application(environ, reply.start)
            reply.body = b"".join(parts)
            if hasattr(parts, "close"):
                parts.close()
        finally:
            request_started.connect(close_old_connections)
            request_finished.connect(close_old_connections)
        return reply


class Reply:
    """What came back."""

    body: bytes

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status = int(status.split()[0])
        self.headers = dict(headers)
        assert len(self.headers) == len(headers), "a header came twice"


@pytest.fixture
def browser(region: None) -> Browser:
    forget_lease()
    return Browser(lambda: AT)


def test_second_visitor_gets_the_same_page_without_the_portal(browser: Browser, client: Client) -> None:
    first, second = browser.get("/"), browser.get("/")
    assert browser.asked == 1
    assert (second.status, second.body, second.headers) == (first.status, first.body, first.headers)
    assert second.body.decode() == client.get("/").content.decode()


def test_published_change_is_in_the_next_answer(browser: Browser) -> None:
    path = f"/anlaufstellen/{POINT}/"
    browser.get(path)
    ContactPoint.objects.filter(slug=POINT).update(name="Haus der Antworten")
    assert b"Haus der Antworten" not in browser.get(path).body
    raise_content_version()
    assert b"Haus der Antworten" in browser.get(path).body


def test_every_address_has_its_own_page(browser: Browser) -> None:
    pages = [browser.get(path).body for path in ("/", "/angebote/", "/angebote/?art=training", "/angebote/?alter=15")]
    assert len(set(pages)) == 4


def test_page_ends_when_a_door_opens_or_closes(region: None) -> None:
    now = [datetime(2026, 11, 23, 0, 1, tzinfo=UTC).timestamp()]
    browser = Browser(lambda: now[0])
    forget_lease()
    browser.get("/anlaufstellen/")
    now[0] += 60
    browser.get("/anlaufstellen/")
    assert browser.asked == 1
    now[0] += 24 * 3600
    browser.get("/anlaufstellen/")
    assert browser.asked == 2


def test_browser_that_has_the_page_gets_304(browser: Browser) -> None:
    first = browser.get("/angebote/")
    again = browser.get("/angebote/", **{"if-none-match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert browser.get("/angebote/", **{"if-none-match": '"anders"'}).status == 200


@pytest.mark.parametrize(
    ("says", "packed"),
    [("", False), ("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False), ("gzip; q=0.0", False), ("*", True)],
)
def test_packed_only_for_who_unpacks(says: str, packed: bool, browser: Browser) -> None:
    plain = browser.get("/").body
    reply = browser.get("/", **{"accept-encoding": says})
    assert (reply.headers.get("Content-Encoding") == "gzip") is packed
    assert (gzip.decompress(reply.body) if packed else reply.body) == plain
    assert reply.headers["Vary"] == "Accept-Encoding"
    assert reply.headers["Content-Length"] == str(len(reply.body))
    assert reply.headers["ETag"].endswith('-gz"') is packed


def test_head_is_the_page_without_its_body(browser: Browser) -> None:
    head, page = browser.get("/", method="HEAD"), browser.get("/")
    assert (head.status, head.body, head.headers) == (200, b"", page.headers)
    assert browser.asked == 1


def test_staff_and_forms_always_reach_the_portal(browser: Browser) -> None:
    for _twice in range(2):
        browser.get("/", cookie="sessionid=abc")
        browser.get("/barrierefreiheit/")
        browser.get("/merkliste/")
        browser.get("/admin/login/")
        browser.get("/health/ready")
        browser.get("/gibt-es-nicht/")
    assert browser.asked == 12


@pytest.mark.parametrize("path", ["/suche/?q=xyzzyquux", "/angebote/?q=xyzzyquux", "/api/angebote?q=xyzzyquux"])
def test_search_for_the_gap_report_is_counted_every_time(path: str, browser: Browser) -> None:
    for _twice in range(2):
        assert browser.get(path).headers["Cache-Control"] == COUNTED
    assert SearchGap.objects.get().count == 2


def test_refused_host_is_not_kept(browser: Browser) -> None:
    assert [browser.get("/", host="evil.example.org").status for _twice in range(2)] == [400, 400]
    assert browser.asked == 2


def test_without_database_the_portal_itself_answers(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> str:
        raise OperationalError("away")

    browser.get("/robots.txt")
    dropped: list[bool] = []
    monkeypatch.setattr(page_cache, "leased_version", away)
    # The test's own connection must not be closed for real.
    monkeypatch.setattr(page_cache, "connection", SimpleNamespace(close=lambda: dropped.append(True)))
    assert browser.get("/robots.txt").status == 200
    assert (browser.asked, dropped) == (2, [True, True])


class Shared:
    """A cache that two processes share; it packs and unpacks what it keeps, as Redis does."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[bytes, int]] = {}

    def close(self) -> None: ...

    def get(self, key: str) -> object:
        return pickle.loads(self.rows[key][0]) if key in self.rows else None  # noqa: S301 our own

    def set(self, key: str, value: object, timeout: int) -> None:
        self.rows[key] = (pickle.dumps(value), timeout)


@pytest.fixture
def shared(region: None, settings: Any) -> Iterator[Callable[[Shared], None]]:
    """Let a cache take the place of Redis."""
    settings.CACHES = {**settings.CACHES, PLACE: settings.CACHES["default"]}

    def put(cache: Shared) -> None:
        caches[PLACE] = cache

    yield put
    del caches[PLACE]


def test_silent_shared_cache_costs_only_speed(region: None, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    away = {"BACKEND": "ruemsa_portal.shared_cache.SharedPages", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, PLACE: away}
    browser = Browser(lambda: AT)
    assert [browser.get("/").status for _twice in range(2)] == [200, 200]
    assert browser.asked == 1
    # Once when it was looked for, once when it was put away; the address of the server is nobody's business.
    assert [record.getMessage() for record in caplog.records] == ["page cache: ConnectionError"] * 2


def test_other_process_takes_the_page_from_the_shared_cache(shared: Callable[[Shared], None]) -> None:
    cache = Shared()
    shared(cache)
    one, other = Browser(lambda: AT), Browser(lambda: AT)
    first = one.get("/", **{"accept-encoding": "gzip"})
    second = other.get("/", **{"accept-encoding": "gzip"})
    assert (one.asked, other.asked) == (1, 0)
    assert (second.body, second.headers) == (first.body, first.headers)
    # Kept no longer than until the next door opens or closes.
    assert [timeout for _row, timeout in cache.rows.values()] == [int(one.application._end[1] - AT)]
    raise_content_version()
    other.get("/")
    assert (other.asked, len(cache.rows)) == (1, 2)


def test_other_code_makes_other_pages_of_the_same_content(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("alt")
    old = release_of([tmp_path])
    assert release_of([tmp_path]) == old
    (tmp_path / "a.html").write_text("neu")
    assert len({old, release_of([tmp_path]), release_of([tmp_path], "https://other.example.org")}) == 3
    key = ("https", "", "portal.example.org", "", "/", "")
    assert len({name_of(key, "1", old), name_of(key, "1", "neu"), name_of(key, "2", old)}) == 3


def page(size: int) -> Ready:
    return Ready(Kept((), b"x" * size, False, "tag", AT))


def test_shelf_holds_one_version_and_no_more_than_its_bytes() -> None:
    shelf = Shelf(most_bytes=3 * (1000 + FRAME_BYTES))
    for number in range(5):
        shelf.put((str(number),), "1", page(1000))
    assert [number for number in range(5) if shelf.get((str(number),), "1")] == [2, 3, 4]
    shelf.put(("4",), "1", page(1000))  # the same once more takes no room twice
    assert len(shelf) == 3
    assert shelf.get(("4",), "2") is None
    shelf.put(("0",), "2", page(10))
    assert (len(shelf), shelf.get(("4",), "1"), shelf.get(("4",), "2")) == (1, None, None)
    shelf.put(("groß",), "2", page(10_000))  # larger than all the room: alone rather than never
    assert [key for key in ("0", "groß") if shelf.get((key,), "2")] == ["groß"]


def test_version_is_asked_once_a_lease_and_a_raise_waits_for_its_end(
    db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    clock = [100.0]
    monkeypatch.setattr(versions, "monotonic", lambda: clock[0])
    waited: list[float] = []
    monkeypatch.setattr(versions, "sleep", waited.append)
    forget_lease()
    raise_content_version()
    first = leased_version()
    # Somebody else commits: this process may know for as long as the lease, the other one waits as long.
    ContentVersion.objects.update(stamp="anders")
    clock[0] += LEASE_SECONDS * 0.99
    assert leased_version() == first
    clock[0] += LEASE_SECONDS * 0.02
    assert leased_version() == "1-anders"
    with django_capture_on_commit_callbacks(execute=True):
        raise_content_version()
        assert waited == []
    assert waited == [LEASE_SECONDS]
    assert leased_version() == content_version() != "1-anders"


def test_nginx_keeps_a_page_until_the_second_ends_and_no_form_at_all(browser: Browser) -> None:
    assert browser.get("/").headers["X-Accel-Expires"] == f"@{int(AT)}"
    tag = browser.get("/").headers["ETag"]
    assert browser.get("/", **{"if-none-match": tag}).headers["X-Accel-Expires"] == f"@{int(AT)}"
    assert browser.get("/barrierefreiheit/").headers["X-Accel-Expires"] == "0"


def test_what_does_not_vary_does_not_say_so() -> None:
    kept = page_cache.keep([("Content-Type", "image/png"), ("Vary", "Accept-Encoding")], b"x" * 9, until=AT)
    said = Reply()
    body = page_cache.send(Ready(kept), {"REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "gzip"}, said.start, AT)
    assert list(body) == [b"x" * 9]
    assert said.headers == {
        "Content-Type": "image/png", "ETag": f'"{kept.tag}"', "Content-Length": "9", "X-Accel-Expires": f"@{int(AT)}"
    }  # fmt: skip


def test_every_address_is_classified() -> None:
    """An address without a line would be kept by nobody, and nobody would notice."""
    names = {name for name in route_names(get_resolver()) if not name.startswith("admin:")}
    assert names == PUBLIC_PAGES | PRIVATE_PAGES
    assert set() == PUBLIC_PAGES & PRIVATE_PAGES


def route_names(resolver: Any, space: str = "") -> list[str]:
    names = []
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            names += route_names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            names.append(f"{space}{pattern.name}")
    return names


@pytest.mark.parametrize("page", [page for page in PAGES if page.status != 301], ids=lambda page: page.name)
def test_every_answer_says_who_may_keep_it(page: PublicPage, region: None, client: Client) -> None:
    response = page.open(client)
    rule = response.headers["Cache-Control"]
    is_private = page.form is not None or page.route in PRIVATE_PAGES or page.status != 200 or "private" in page.name
    assert ("no-store" in rule) is is_private
    assert ("public" in rule) is not (is_private or "private" in rule)
    if "public" in rule:
        assert not response.cookies


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23T08:00+00:00", "2026-11-23T08:30+00:00"),  # 9 o'clock: half past is next
        ("2026-11-23T08:30+00:00", "2026-11-23T23:00+00:00"),  # at the moment itself: the next is midnight
        ("2026-10-25T00:10+00:00", "2026-10-25T00:30+00:00"),  # the first pass of half past two …
        ("2026-10-25T00:30+00:00", "2026-10-25T01:30+00:00"),  # … and the second
        ("2027-03-28T00:10+00:00", "2027-03-28T00:30+00:00"),  # half past one; half past two does not exist
    ],
)
def test_next_moment(at: str, expected: str) -> None:
    day = date.fromisoformat(at[:10])
    times = {date(2026, 11, 23): [time(9, 30)], date(2026, 10, 25): [time(2, 30)], date(2027, 3, 28): [time(1, 30)]}
    assert next_of(times[day], at=datetime.fromisoformat(at)) == datetime.fromisoformat(expected)
