"""Runs in its own process, started by pages.py: asks the portal for its pages as a server does, and takes times.

The WSGI callable is called in process, with the settings of an installation and without the page
cache. Taken is the CPU of this process, so a busy neighbour changes little; what the database
server computes is not in it. Beside the pages stands a view that returns a constant: once
without any middleware, once with the portal's own.
"""

import gc
import os
import random
import statistics
import sys
from collections.abc import Callable, Iterable
from io import BytesIO
from itertools import cycle
from time import process_time
from typing import Any

if os.environ["DATABASE_URL"].startswith("postgres"):
    os.environ["DATABASE_URL"] += "?sslmode=disable"  # the throw-away server speaks on loopback only

import django

django.setup()

from django.conf import settings  # noqa: E402 the settings come first
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.urls import path  # noqa: E402

from bench.search import ours, scratch  # noqa: E402
from directory.models import ContactPoint  # noqa: E402
from offers.models import Offer  # noqa: E402

# Generated offers are example data; an installation hides them, this one shall show ten thousand.
settings.SHOW_EXAMPLE_DATA = True

# Kinds of up to so many addresses are asked for all of them before times are taken; the others meet new ones.
WARM = 100
BARE, WRAPPED = "bare view", "bare view, our middleware"
WORDS = ("wohnung", "ausbildung", "praktikum", "schulabschluss", "geld", "beratung", "bewerbung", "sprache", "job")
ANSWERS = ("concern=at_school", "concern=at_school&age=17", "concern=seeking_training&age=16&place=15083270")
RESULTS = ("concern=at_school&age=17&place=15083270", "concern=at_school&age=15&place=15083040")

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


def constant(request: HttpRequest) -> HttpResponse:
    """The least that Django can do."""
    return HttpResponse("Hello, World!")


urlpatterns = [path("", constant)]


def addresses() -> dict[str, list[str]]:
    """Every kind of page with its addresses, taken one after the other, round and round."""
    chance = random.Random(7)
    offers = list(Offer.objects.order_by("pk").values_list("slug", flat=True))
    points = list(ContactPoint.objects.order_by("pk").values_list("slug", flat=True))
    some = chance.sample(offers, 40)
    return {
        "list": ["/angebote/"],
        "list, 60 choices of filters": filtered(chance),
        "list, pages 2 to 40": [f"/angebote/?seite={number}" for number in range(2, 41)],
        "list, any page": [f"/angebote/?seite={chance.randint(1, 499)}" for _time in range(2000)],
        "offer, one of 40": [f"/angebote/{slug}/" for slug in some],
        "offer, one of 40, with answers": [f"/angebote/{slug}/?alter=17&ort=Burg" for slug in some],
        "offer, any": [f"/angebote/{slug}/" for slug in chance.sample(offers, len(offers))],
        "contact points": ["/anlaufstellen/"],
        "contact points, filtered": [
            "/anlaufstellen/?offen=1",
            "/anlaufstellen/?ort=Burg",
            "/anlaufstellen/?weg=phone",
        ],
        "contact point": [f"/anlaufstellen/{slug}/" for slug in points],
        "finder step": ["/zustaendigkeit/", *(f"/zustaendigkeit/?{answers}" for answers in ANSWERS[:2])],
        "finder result": [f"/zustaendigkeit/?{answers}" for answers in RESULTS],
        "search": [f"/suche/?q={word}" for word in WORDS],
        "list with a word": [f"/angebote/?q={word}" for word in WORDS],
        "front page": ["/"],
    }


def filtered(chance: random.Random) -> list[str]:
    """Sixty selections as visitors make them: one to four filters."""
    choices = {
        "art": ("beratung", "praktikum", "ausbildung", "geld"),
        "alter": ("15", "16", "17", "19"),
        "kosten": ("frei",),
        "online": ("1",),
        "bald": ("1",),
        "ort": ("Haldensleben", "Wolmirstedt", "Oschersleben"),
        "abschluss": ("hsa", "rsa"),
        "sprache": ("ar", "uk", "en"),
    }
    found = []
    for _time in range(60):
        names = chance.sample(sorted(choices), chance.randint(1, 4))
        found.append("/angebote/?" + "&".join(f"{name}={chance.choice(choices[name])}" for name in names))
    return found


def ask(application: Application, address: str) -> tuple[str, int]:
    """One request as gunicorn makes it; return the status line and the bytes of the body."""
    place, _mark, query = address.partition("?")
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": place,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": settings.ALLOWED_HOSTS[0],
        "HTTP_ACCEPT": "text/html",
        "HTTP_ACCEPT_ENCODING": "gzip, br",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
        "HTTP_X_FORWARDED_PROTO": "https",
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    answer = application(environ, lambda status, headers, exc_info=None: said.append(status))
    size = sum(map(len, answer))
    answer.close()
    return said[0], size


def taken(application: Application, asked: Iterable[str]) -> list[float]:
    """Milliseconds of CPU of each request."""
    times = []
    for address in asked:
        began = process_time()
        ask(application, address)
        times.append((process_time() - began) * 1000)
    return times


def statements_of(application: Application, address: str) -> int:
    """How many statements a page needs whose content is known."""
    count = 0

    def counting(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal count
        count += 1
        return execute(sql, *rest)

    ask(application, address)
    with connection.execute_wrapper(counting):
        ask(application, address)
    return count


def measure(rounds: int, each: int, freeze: bool) -> dict[str, Any]:
    """Interleave everything, round after round, and sum up."""
    portal = get_wsgi_application()
    known = addresses()
    with override_settings(MIDDLEWARE=[]):
        bare = get_wsgi_application()
    kinds = {name: cycle(found) for name, found in known.items()}
    shown = {}
    for name, asked in kinds.items():
        for _time in range(max(3, len(known[name]) if len(known[name]) <= WARM else 0)):
            status, size = ask(portal, address := next(asked))
            if not status.startswith("200"):
                raise SystemExit(f"{name}: {address}: {status}")
        shown[name] = {"bytes": size, "statements": statements_of(portal, next(asked))}
        taken(portal, (next(asked) for _time in range(each)))
    if freeze:
        gc.collect()
        gc.freeze()
    times: dict[str, list[float]] = {name: [] for name in (BARE, WRAPPED, *kinds)}
    for _round in range(rounds):
        with override_settings(ROOT_URLCONF=__name__):
            times[BARE] += taken(bare, ["/"] * each)
            times[WRAPPED] += taken(portal, ["/"] * each)
        for name, asked in kinds.items():
            times[name] += taken(portal, (next(asked) for _time in range(each)))
    return {name: {**shown.get(name, {"bytes": 13, "statements": 0}), **summed(found)} for name, found in times.items()}


def summed(times: list[float]) -> dict[str, float]:
    """Median, 99th in a hundred, and the longest."""
    times = sorted(times)
    return {"p50": statistics.median(times), "p99": times[int(len(times) * 0.99)], "most": times[-1]}


def resident() -> float:
    """MiB of this process, the shared ones divided among those who share them."""
    with open("/proc/self/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) / 1024


def main(size: int, rounds: int, each: int, freeze: bool) -> None:
    """Answer with a row of figures for every kind of page."""
    ours.fill(size)
    call_command("migrate", verbosity=0)  # a database that was kept may be older than the code
    call_command("collectstatic", "--no-input", verbosity=0)
    scratch.give_back({"pages": measure(rounds, each, freeze), "memory": resident()})


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), freeze=sys.argv[4] == "1")
