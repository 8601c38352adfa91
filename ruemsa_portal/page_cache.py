"""Anonymous pages kept ready to send, in front of Django.

A page is kept under the version of the public content and under its whole address. Whatever
is published raises the version inside the transaction, so the next request of every worker
misses the old page. What depends on the time of day ends by itself: a page is kept until the
next moment at which a door opens or closes, and never past midnight (Europe/Berlin).

Kept is only what the site itself calls public: ``Cache-Control: public``, status 200, no cookie.
The body is compressed once; the tag that a browser asks with next time is its hash.
"""

import gzip
import hashlib
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import Error, connection

from directory.moments import next_moment
from directory.versions import leased_version
from ruemsa_portal.page_store import Headers, Kept, Key, Ready, Shelf, is_shared, look_up, name_of, put_away, release_of

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# Beyond this nobody asks for it twice; also the longest address of ours is far below.
LONGEST_ADDRESS = 1000
LARGEST_BODY = 512 * 1024
# They have their own rules or their own files; nothing of them is looked up here.
NEVER = ("/admin/", "/static/", "/health/")
COMPRESSED = ("text/", "application/json", "application/xml", "image/svg+xml")
CODE = ("accounts", "counseling", "directory", "offers", "ruemsa_portal", "regions", "static", "templates")
OK, NOT_MODIFIED = (f"{status.value} {status.phrase}" for status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED))


class PageCache:
    """A WSGI application around another one that answers what it has kept."""

    def __init__(self, application: Application, *, clock: Callable[[], float] = time.time) -> None:
        self.application = application
        self.clock = clock
        self.shelf = Shelf()
        self.cookie = f"{settings.SESSION_COOKIE_NAME}="
        self.release = release_of((settings.BASE_DIR / part for part in CODE), settings.BASE_URL) if is_shared() else ""
        # The moment at which all pages of a version end, worked out once.
        self._end: tuple[str, float] = ("", 0.0)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from the cache, or ask the portal and keep the answer when it may be kept."""
        if not self._may_be_kept(environ):
            return self.application(environ, start_response)
        now = self.clock()
        version = current_version()
        if version is None:
            return self.application(environ, start_response)
        key = key_of(environ)
        page = self.shelf.get(key, version)
        if page is None and is_shared():
            page = self._fetched(key, version)
        if page is None or page.until <= now:
            return self._asked(environ, start_response, key, version, now)
        return send(page, environ, start_response, now)

    def _may_be_kept(self, environ: Environ) -> bool:
        """Say whether a request could be answered from what is kept: reading, nobody logged in, a short address."""
        path = environ.get("PATH_INFO", "")
        return (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and not path.startswith(NEVER)
            and self.cookie not in environ.get("HTTP_COOKIE", "")
            and len(path) + len(environ.get("QUERY_STRING", "")) <= LONGEST_ADDRESS
        )

    def _fetched(self, key: Key, version: str) -> Ready | None:
        """Take a page that another process made into this one."""
        kept = look_up(name_of(key, version, self.release))
        if kept is None:
            return None
        page = Ready(kept)
        self.shelf.put(key, version, page)
        return page

    def _asked(
        self, environ: Environ, start_response: StartResponse, key: Key, version: str, now: float
    ) -> Iterable[bytes]:
        """Ask the portal; keep and send the page, or pass on what it said."""
        # A GET is asked for HEAD too, so that both find the same page.
        method = environ["REQUEST_METHOD"]
        answer, body = ask(self.application, {**environ, "REQUEST_METHOD": "GET"})
        if not answer.is_public or len(body) > LARGEST_BODY:
            headers = [*answer.headers, ("X-Accel-Expires", "0")]
            start_response(answer.status, headers)
            return [] if method == "HEAD" else [body]
        kept = keep(answer.headers, body, until=self._end_of(version, now))
        page = Ready(kept)
        self.shelf.put(key, version, page)
        if is_shared():
            put_away(name_of(key, version, self.release), kept, seconds=kept.until - now)
        return send(page, environ, start_response, now)

    def _end_of(self, version: str, now: float) -> float:
        """Return the instant at which the pages of this version end by themselves."""
        known, end = self._end
        if known != version or end <= now:
            end = next_moment(at=datetime.fromtimestamp(now, tz=UTC), version=version).timestamp()
            self._end = (version, end)
        return end


def current_version() -> str | None:
    """Return the version of the content; None without a database: then nobody knows what is true.

    A connection that broke since the last request is replaced.
    """
    for _twice in range(2):
        try:
            return leased_version()
        except Error:
            connection.close()
    return None


class Answer:
    """What the portal said: the status line and the headers."""

    def __init__(self) -> None:
        self.status = "500 Internal Server Error"
        self.headers: Headers = []

    def start(self, status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        """Take the place of WSGI's ``start_response``."""
        self.status, self.headers = status, headers
        return lambda data: None

    @property
    def is_public(self) -> bool:
        """True for a page that is the same for everybody."""
        said = {name.lower(): value for name, value in self.headers}
        return (
            self.status.startswith("200")
            and "public" in said.get("cache-control", "")
            and "set-cookie" not in said
            and said.get("vary", "").lower() in ("", "accept-encoding")
            and "content-encoding" not in said
        )


def ask(application: Application, environ: Environ) -> tuple[Answer, bytes]:
    """Ask an application as a server does; return what it said and the whole body."""
    answer = Answer()
    parts = application(environ, answer.start)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    return answer, body


def key_of(environ: Environ) -> Key:
    """Return what tells one page from another: scheme, host and whole address."""
    return (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_X_FORWARDED_PROTO", ""),
        environ.get("HTTP_HOST", ""),
        environ.get("SCRIPT_NAME", ""),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
    )


def keep(headers: Headers, body: bytes, *, until: float) -> Kept:
    """Return the page as it will be sent from now on."""
    ours = ("content-length", "etag", "vary", "x-accel-expires")
    rest = tuple((name, value) for name, value in headers if name.lower() not in ours)
    kind = next((value for name, value in rest if name.lower() == "content-type"), "")
    is_packed = kind.startswith(COMPRESSED)
    tag = hashlib.blake2b(body, digest_size=12).hexdigest()
    return Kept(rest, gzip.compress(body, 6, mtime=0) if is_packed else body, is_packed, tag, until)


def send(page: Ready, environ: Environ, start_response: StartResponse, now: float) -> Iterable[bytes]:
    """Send the page; only "unchanged" when the browser has it already.

    nginx may keep it until the second ends in which the version was read ("@" is an instant, not a
    length: nginx counts whole seconds, and a length of one would let a page live for nearly two).
    """
    packed = accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    proxy = ("X-Accel-Expires", f"@{int(now)}")
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known and has_it(known, page.tag):
        start_response(NOT_MODIFIED, [*(page.unchanged_packed if packed else page.unchanged), proxy])
        return []
    headers, body = page.answer(packed=packed)
    start_response(OK, [*headers, proxy])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


@lru_cache(maxsize=256)
def accepts_gzip(header: str) -> bool:
    """Say whether the browser unpacks gzip; a weight of zero is a no (RFC 9110, 12.5.3)."""
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.partition("=")[2].strip(" 0.") != "" or "=" not in weight
    return False


def has_it(header: str, tag: str) -> bool:
    """Say whether one of the tags the browser sent is this page, in whatever packing (RFC 9110, 13.1.2)."""
    known = {part.strip().removeprefix("W/").strip('"').removesuffix("-gz") for part in header.split(",")}
    return tag in known or header.strip() == "*"
