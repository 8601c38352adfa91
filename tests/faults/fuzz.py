"""Random texts in every form, then random requests for so many minutes: never 5xx, nothing hangs.

python tests/faults/fuzz.py [--db sqlite|pg] [--cases 100] [--form-minutes N] [--minutes 1] [--seed N]
"""

import random
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlencode

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import amount, parser, say, set_up

STAGE = set_up()

from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as rules
from hypothesis import strategies as st

from tests.faults.crowd import SIGNER, headline
from tests.faults.records import readers
from tests.faults.server import Server
from tests.naughty import NAUGHTY
from tests.urls_under_test import PAGES, PublicPage

T = TypeVar("T")
MOST_SECONDS = 2.0
AT_ONCE = 250
"""After so many cases it looks whether there is time for more."""
TEXT = st.one_of(st.text(max_size=200), st.sampled_from(NAUGHTY), st.from_regex(r"[0-9A-Z-]{0,25}", fullmatch=True))
# What the pages under test do not name themselves.
MORE = {
    "/beratung/anfrage/": (
        "message",
        "way",
        "email",
        "phone",
        "call_when",
        "first_name",
        "age_band",
        "municipality",
        "cards",
        "bei",
        "thema",
        "token",
    ),
    "/beratung/termin/": ("zeit", "topic", "way", "email", "phone", "first_name", "bei", "thema", "token"),
    "/antwort/": ("code", "ticket", "tun", "text"),
}


def shortest(ask: Callable[[], T]) -> tuple[T, float]:
    """Ask, and ask again when it took long; return the answer and the shortest time.

    A text that makes a page hang does so each time; a busy machine does not.
    """
    times: list[float] = []
    while not times or (min(times) > MOST_SECONDS and len(times) < 3):
        begin = time.monotonic()
        answer = ask()
        times.append(time.monotonic() - begin)
    return answer, min(times)


def post(client: Client, path: str, body: str, source: str) -> int:
    """Send a form from an address; return the status."""
    form = "application/x-www-form-urlencoded"
    return int(client.post(path, body, content_type=form, headers={"x-real-ip": source}).status_code)


def one_form(page: PublicPage, cases: int, number: int, end: float) -> tuple[Counter[int], float]:
    """Send so many random fillings of a form, as far as the time goes; return the statuses and the longest answer."""
    client = Client(
        headers={"host": settings.ALLOWED_HOSTS[0], "x-forwarded-proto": "https"}, raise_request_exception=False
    )
    names = [*(page.form or {}), *MORE.get(page.path, ())]
    seen: Counter[int] = Counter()
    longest = [0.0]

    @rules(
        max_examples=min(cases, AT_ONCE),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(TEXT, min_size=len(names), max_size=len(names)), st.booleans(), st.integers(0, 2**32 - 1))
    def fill(texts: list[str], signed: bool, source: int) -> None:
        fields = dict(zip(names, texts, strict=True))
        if signed:
            fields |= {"token": SIGNER.sign(secrets.token_urlsafe(16)), "stelle": AGENCY, "way": "code", "website": ""}
        body = urlencode(fields, errors="replace")
        address = f"10.{source >> 16 & 255}.{source >> 8 & 255}.{source & 255}"
        status, took = shortest(lambda: post(client, page.path, body, address))
        longest[0] = max(longest[0], took)
        seen[status] += 1

    while sum(seen.values()) < cases and (not seen or time.monotonic() < end):
        seed(number + sum(seen.values()))(fill)()
    return seen, longest[0]


def forms(cases: int, number: int, minutes: float) -> bool:
    """Every public form, each for its share of the time."""
    held = True
    found = {page.path: page for page in PAGES if page.form is not None}.values()
    for page in found:
        seen, longest = one_form(page, cases, number, time.monotonic() + minutes * 60 / len(found))
        bad = sum(count for status, count in seen.items() if status >= 500)
        text = f"{STAGE.name}: {page.path.partition('?')[0]} {amount(sum(seen.values()))} cases, {bad} × 5xx, longest {longest:.2f} s"
        held = say("fuzz", text, ok=not bad and longest < MOST_SECONDS) and held
    return held


def address(dice: random.Random) -> str:
    """Return an address of ours with something wrong in it."""
    path, _question, query = dice.choice(PAGES).path.partition("?")
    junk = "".join(
        chr(dice.choice((dice.randrange(1, 128), dice.randrange(128, 0xD800)))) for _sign in range(dice.randrange(20))
    )
    value = dice.choice([*NAUGHTY, junk, str(dice.randrange(-(10**20), 10**20))])
    if dice.random() < 0.3:
        place = dice.randrange(1, len(path) + 1)
        path = path[:place] + quote(value, safe="") + path[place:]
    names = [
        "q",
        "seite",
        "sort",
        "alter",
        "ort",
        "ags",
        "stelle",
        "thema",
        "nach",
        "umkreis",
        "concern",
        "age",
        "place",
        "tag",
        "woche",
    ]
    extra = urlencode({dice.choice(names): value, dice.choice(names): dice.choice(NAUGHTY)}, errors="replace")
    return f"{path}?{query}&{extra}"


def requests(minutes: float, number: int) -> bool:
    """Ask a running server for so long."""
    dice = random.Random(number)
    seen: Counter[int] = Counter()
    wrong: list[str] = []
    end = time.monotonic() + minutes * 60
    with Server() as server:
        while time.monotonic() < end:
            target = address(dice)
            body = (
                urlencode({"message": dice.choice(NAUGHTY), "q": "x"}, errors="replace").encode()
                if dice.random() < 0.2
                else None
            )
            try:
                (status, page), took = shortest(partial(server.ask, target, body, seconds=20))
            except (OSError, HTTPException, ValueError) as error:
                wrong.append(f"{type(error).__name__} {target[:80]}")
                continue
            seen[status] += 1
            if status >= 500 or took > MOST_SECONDS:
                wrong.append(f"{status} {took:.1f} s {target[:80]} {headline(page)}")
    text = f"{STAGE.name}: {minutes:g} minutes, {amount(sum(seen.values()))} random requests, {len(wrong)} wrong {wrong[:3] or ''}"
    return say("fuzz", text, ok=not wrong and sum(seen.values()) > 0)


def main() -> int:
    """Forms first, then the whole site."""
    options = parser(__doc__)
    options.add_argument("--cases", type=int, default=100)
    options.add_argument("--minutes", type=float, default=1, help="minutes of random requests")
    options.add_argument("--form-minutes", type=float, default=24 * 60, help="end with fewer cases after so long")
    options.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = options.parse_args()
    print(f"fuzz seed {asked.seed}")
    return 0 if all([forms(asked.cases, asked.seed, asked.form_minutes), requests(asked.minutes, asked.seed)]) else 1


AGENCY = readers()[0]
# Each case may be stored; what a flood does is another drill.
settings.MOST_WAITING_ENQUIRIES = 10**9

if __name__ == "__main__":
    sys.exit(main())
