"""People who send enquiries all the time, and remember what they were promised."""

import html
import random
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import urlencode

from django.core import signing
from django.core.signing import b62_encode

from counseling.codes import new_token
from tests.faults.server import ask

FORM = "/beratung/anfrage/"
CODE = re.compile(r'<code translate="no">([0-9A-Z-]{21})</code>')
Ask = Callable[[bytes, str, bool], tuple[int, str]]


class Opened(signing.TimestampSigner):
    """Signs as if the form had been opened some seconds ago: nobody types that fast."""

    def timestamp(self) -> str:
        return b62_encode(int(time.time()) - 10)


SIGNER = Opened(salt="counseling.enquiry")


@dataclass
class Form:
    """One filled-in form; the mark says afterwards which one a stored text came from."""

    agency: str
    token: str = field(default_factory=lambda: SIGNER.sign(new_token()))
    mark: str = field(default_factory=lambda: secrets.token_hex(8))
    source: str = field(default_factory=lambda: ".".join(str(random.randrange(1, 255)) for _part in range(4)))

    def body(self, **more: str) -> bytes:
        """Return what a browser sends."""
        text = f"Ich habe eine Frage. {self.mark}"
        fields = {"stelle": self.agency, "token": self.token, "message": text, "way": "code", "website": "", **more}
        return urlencode(fields).encode()


class Crowd:
    """So many people at once. What each of them was promised is in ``acknowledged``: mark → code."""

    def __init__(
        self,
        port: int,
        agencies: list[str],
        *,
        people: int = 20,
        impatient: float = 0.0,
        pause: float = 0.0,
        to: Ask | None = None,
    ) -> None:
        self.port, self.agencies, self.people, self.impatient, self.pause = port, agencies, people, impatient, pause
        self.acknowledged: dict[str, str] = {}
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.took: list[float] = []
        self.to = to or self._to_gunicorn
        self._stop = threading.Event()

    @contextmanager
    def at_work(self, *, patience: float = 40) -> Iterator["Crowd"]:
        """Let them send; at the end everybody finishes the form in hand."""
        threads = [threading.Thread(target=self._person, args=(patience,), daemon=True) for _one in range(self.people)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(patience + 45)
        if any(thread.is_alive() for thread in threads):
            self.wrong.append("somebody still waits")

    def wait_for(self, more: int, *, seconds: float) -> bool:
        """Return once so many more were promised something; False when it takes too long."""
        wanted, end = len(self.acknowledged) + more, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def _person(self, patience: float) -> None:
        while not self._stop.is_set():
            form = Form(random.choice(self.agencies))
            end: float | None = None
            while not self._send(form):
                if self._stop.is_set():
                    end = end or time.monotonic() + patience
                    if time.monotonic() > end:
                        self.wrong.append("never got through")
                        return
                time.sleep(0.1)
            if self.pause:
                time.sleep(self.pause * random.random() * 2)

    def _send(self, form: Form) -> bool:
        """Send once; say whether the person is content or has to send the same form again."""
        begin = time.monotonic()
        try:
            status, page = self.to(form.body(), form.source, random.random() < self.impatient)
        except (OSError, HTTPException):
            self.seen["cut"] += 1
            return False
        self.took.append(time.monotonic() - begin)
        self.seen[str(status)] += 1
        if found := CODE.search(page):
            self.acknowledged[form.mark] = found[1]
            return True
        if status == 503:
            if not keeps(page, form):
                self.wrong.append("503 without the text")
            return False
        if status != 0:
            self.wrong.append(f"{status}: {headline(page)}")
            return True
        return False

    def _to_gunicorn(self, body: bytes, source: str, cut: bool) -> tuple[int, str]:
        return ask(self.port, FORM, body, source=source, seconds=30, cut=cut)


def keeps(page: str, form: Form) -> bool:
    """Whether a page gives back what was typed, with the same token, and says to send it again."""
    return all(part in html.unescape(page) for part in (form.mark, form.token, "noch einmal"))


def headline(page: str) -> str:
    """Return what a page is about."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)
    return found[1].strip() if found else page[:80]
