"""F8: slow visitors (head, body, reading) do not keep the others waiting. F15: ten reloads under load lose nothing.

python tests/faults/slow.py [--db sqlite|pg] [--only F8|F15] [--visitors 200] [--control]
control: without nginx in front
"""

import secrets
import socket
import ssl
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import amount, parser, say, set_up, skip

STAGE = set_up()

from tests.faults.crowd import FORM, Crowd
from tests.faults.records import readers, verdict
from tests.faults.server import Server
from tools.production import setup
from tools.production.setup import FOLDER, HOST, Portal

RELOADS, MOST_SECONDS = 10, 0.5
BODY = b"POST " + FORM.encode() + b" HTTP/1.1\r\nHost: " + HOST.encode()
HEADS: tuple[bytes, ...] = (
    # Never ends its head; never sends the body it announced; asks and never reads.
    b"GET / HTTP/1.1\r\nHost: " + HOST.encode() + b"\r\nX-Wait: ",
    BODY + b"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\nmess",
    b"GET /angebote/ HTTP/1.1\r\nHost: " + HOST.encode() + b"\r\n\r\n",
)


def slow_ones(port: int, number: int, *, secure: bool) -> list[socket.socket]:
    """Open connections that never get on."""
    trust = ssl.create_default_context(cafile=str(FOLDER / "fullchain.pem")) if secure else None
    found = []
    for one in range(number):
        link = socket.create_connection(("127.0.0.1", port), timeout=30)
        if trust:
            link = trust.wrap_socket(link, server_hostname=HOST)
        link.sendall(HEADS[one % len(HEADS)])
        found.append(link)
    return found


def waits(ask: Callable[[str], int], times: int) -> tuple[list[float], list[int]]:
    """Ask one page after the other; return how long each took and what was wrong."""
    took, wrong = [], []
    for number in range(times):
        begin = time.monotonic()
        with suppress(OSError, HTTPException):
            status = ask(f"/anlaufstellen/?n={number}{secrets.token_hex(4)}")
            if status != 200:
                wrong.append(status)
        took.append(time.monotonic() - begin)
    return sorted(took), wrong


def slow_visitors(portal: Portal, number: int) -> bool:
    """F8 behind nginx."""
    alone, _wrong = waits(lambda path: portal.ask(path).status, 20)
    links = slow_ones(portal.https, number, secure=True)
    try:
        took, wrong = waits(lambda path: portal.ask(path).status, 40)
    finally:
        for link in links:
            link.close()
    worst, usual = took[37], alone[18]
    text = f"{number} slow visitors (head, body, reading), p95 of the others {worst * 1000:.0f} ms, without them {usual * 1000:.0f} ms"
    # A machine that is slow without them says nothing about them.
    return say("F8", text, ok=not wrong and worst < max(MOST_SECONDS, 3 * usual))


def without_nginx() -> bool:
    """F8 control: the same on gunicorn alone."""
    with Server() as server:
        links = slow_ones(server.port, 20, secure=False)
        begin = time.monotonic()
        with suppress(OSError, HTTPException):
            server.ask("/anlaufstellen/", seconds=3)
        took = time.monotonic() - begin
        for link in links:
            link.close()
    return say("F8", f"gunicorn alone: 20 slow visitors, the next one waited {took:.1f} s", ok=took < MOST_SECONDS)


def reloads(portal: Portal) -> bool:
    """F15: people send while the code is loaded anew ten times."""

    def send(body: bytes, source: str, cut: bool) -> tuple[int, str]:
        reply = portal.ask(FORM, method="POST", body=body, Content_Type="application/x-www-form-urlencoded")
        return reply.status, reply.body.decode()

    with Crowd(portal.https, readers(), people=4, pause=0.05, to=send).at_work() as crowd:
        for _time in range(RELOADS):
            portal.reload()
    found = verdict(crowd.acknowledged)
    cut = crowd.seen["cut"]
    # All come from one address here: after forty an hour the portal asks them to wait.
    wrong = [text for text in crowd.wrong if not text.startswith("429")]
    text = f"{STAGE.name}: {RELOADS} × USR2, {amount(sum(crowd.seen.values()))} posts, {cut + len(wrong)} failed, {len(crowd.acknowledged)} stored"
    return say("F15", text, ok=not cut and not wrong and found.holds and len(crowd.acknowledged) > 10)


def main() -> int:
    """Both behind the shipped nginx."""
    options = parser(__doc__)
    options.add_argument("--only", choices=("F8", "F15"), default="")
    options.add_argument("--visitors", type=int, default=200)
    given = options.parse_args()
    if given.control:
        return 0 if without_nginx() else 1
    if setup.NGINX is None:
        skip("F8, F15", "nginx is not installed (Debian: apt-get install nginx-light)", must_work=True)
    setup.certificate()
    with setup.running() as portal:
        held = []
        if given.only in ("", "F8"):
            held.append(slow_visitors(portal, given.visitors))
        if given.only in ("", "F15"):
            held.append(reloads(portal))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
