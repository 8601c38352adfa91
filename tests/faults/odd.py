"""F9, F10: requests no browser sends, and texts nobody types, against a running server.

python tests/faults/odd.py [--db sqlite|pg]
"""

import socket
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote_plus

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import amount, parser, say, set_up

STAGE = set_up()

from counseling.actions.lookup import by_code
from counseling.codes import read_code
from counseling.sealing import Keys, unseal
from tests.faults.crowd import CODE, FORM, Form
from tests.faults.records import readers
from tests.faults.server import Server
from tests.naughty import NAUGHTY
from tools.production.setup import HOST

MOST_MEMORY = 50 * 1024 * 1024
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="message"\r\n\r\n'
BODIES: dict[str, tuple[str, bytes]] = {
    "multipart without an end": (MULTIPART, PART + b"text"),
    "multipart without a boundary": ("multipart/form-data", PART),
    "multipart with a broken header": (MULTIPART, b"--x\r\nContent-Disposition; name\r\n\r\nx\r\n--x--\r\n"),
    "multipart with 2,000 parts": (MULTIPART, (PART + b"a\r\n") * 2000 + b"--x--\r\n"),
    "1,100 fields": (URLENCODED, b"&".join(b"a%d=1" % number for number in range(1100))),
    "10 MB": (URLENCODED, b"message=" + b"x" * 10_000_000),
    "not UTF-8": (URLENCODED, b"message=%ff%fe\xff&stelle=\xed\xa0\x80"),
    "UTF-16": ("application/x-www-form-urlencoded; charset=utf-16", "message=x".encode("utf-16")),
    "no such charset": ("application/x-www-form-urlencoded; charset=utf-9", b"message=x"),
    "NUL": (URLENCODED, b"message=%00&code=%00&text=%00"),
    "JSON": ("application/json", b'{"a":' * 5000),
    "nothing": (URLENCODED, b""),
}
PATHS = (
    FORM,
    "/antwort/",
    "/zustaendigkeit/",
    "/hinweis/?art=angebot&name=eq",
    "/barrierefreiheit/",
    "/api/zustaendigkeit",
)
HEAD = b"POST " + FORM.encode() + b" HTTP/1.1\r\nHost: " + HOST.encode() + b"\r\nX-Forwarded-Proto: https\r\n"
RAW: dict[str, bytes] = {
    "length too long": HEAD + b"Content-Length: 900\r\n\r\nmessage=x",
    "length too short": HEAD + b"Content-Length: 3\r\n\r\nmessage=x",
    "two lengths": HEAD + b"Content-Length: 3\r\nContent-Length: 9\r\n\r\nmessage=x",
    "negative length": HEAD + b"Content-Length: -1\r\n\r\nmessage=x",
    "chunked": HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\nmessage=x\r\n0\r\n\r\n",
    "chunked, broken": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nmessage=x\r\n",
    "chunked and a length": HEAD
    + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n9\r\nmessage=x\r\n0\r\n\r\n",
    "NUL in the path": b"GET /a\x00b HTTP/1.1\r\nHost: x\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "no HTTP": b"\xff\xfe\x00\x01" * 64,
}


def post(server: Server, path: str, media: str, body: bytes) -> int:
    """Send a body as it is; 413 also when the server hangs up on a large one."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request("POST", path, body, {"Host": HOST, "X-Forwarded-Proto": "https", "Content-Type": media})
        return connection.getresponse().status
    except (ConnectionError, HTTPException):
        return 413
    finally:
        connection.close()


def raw(server: Server, text: bytes) -> int:
    """Send bytes as they are, end the sending, and return the status; 400 when the server hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as link:
        link.sendall(text)
        link.shutdown(socket.SHUT_WR)
        try:
            said = link.recv(100)
        except ConnectionError:
            return 400
    return int(said.split()[1]) if said.startswith(b"HTTP/") else 400


def bad_requests(server: Server) -> bool:
    """F9: never 500, and nothing piles up."""
    before = server.memory()
    seen = {f"{name} {path}": post(server, path, *body) for name, body in BODIES.items() for path in PATHS}
    seen |= {name: raw(server, text) for name, text in RAW.items()}
    grown = server.memory() - before
    wrong = {name: status for name, status in seen.items() if status >= 500}
    text = f"{STAGE.name}: {len(seen)} broken requests, {len(wrong)} × 5xx {sorted(wrong)[:3] or ''}, memory {grown / 1024 / 1024:+.0f} MB"
    return say("F9", text, ok=not wrong and grown < MOST_MEMORY)


def odd_texts(server: Server) -> bool:
    """F10: every odd text in every field of the form and in every parameter; what is taken comes back as it was."""
    agency, keys = readers()[0], Keys()
    wrong: list[str] = []
    stored = asked = 0
    for value in [*NAUGHTY, "a\x00b", "9" * 40]:
        form = Form(agency)
        for name in (
            "message",
            "first_name",
            "email",
            "phone",
            "call_when",
            "age_band",
            "municipality",
            "thema",
            "bei",
            "token",
        ):
            status, page = server.ask(FORM, form.body(**{name: value}), source=form.source)
            asked += 1
            if status >= 500:
                wrong.append(f"{name}={value[:20]!r}: {status}")
            if name == "message" and (found := CODE.search(page)):
                code = read_code(found[1])
                row = by_code(code) if code else None
                same = row is not None and unseal(row.messages.get(), "text", keys=keys).split() == value.split()
                stored += same
                wrong += [] if same else [f"not stored as it was: {value[:20]!r}"]
        for address in (
            f"/suche/?q={quote_plus(value)}",
            f"/angebote/{quote_plus(value)}/",
            f"{FORM}?stelle={quote_plus(value)}",
        ):
            asked += 1
            if (status := server.ask(address)[0]) >= 500:
                wrong.append(f"{address[:40]}: {status}")
    text = (
        f"{STAGE.name}: {amount(asked)} odd texts, {stored} stored as they were, {len(wrong)} wrong {wrong[:2] or ''}"
    )
    return say("F10", text, ok=not wrong and stored > 0)


def main() -> int:
    """Both drills on one server."""
    parser(__doc__).parse_args()
    with Server() as server:
        return 0 if all([bad_requests(server), odd_texts(server)]) else 1


if __name__ == "__main__":
    sys.exit(main())
