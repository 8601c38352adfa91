"""The link check is led nowhere: not by the address, the name server, a redirect, nor by a server without end.

A local server stands for every public host: the look-up of names and the connection are given from here.
"""

import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_connection, socket
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from directory.linkcheck import fetch
from directory.linkcheck.address import RefusedError, is_public_address, read_target
from directory.linkcheck.fetch import Answer, Network, UnreachableError, ask

PUBLIC = "93.184.215.14"
SYSTEM = ssl.create_default_context()
BLOCK = b"x" * 65536


class Site(BaseHTTPRequestHandler):
    """What a host may do to us."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.server.seen.append((self.command, self.headers["Host"], self.path, dict(self.headers)))
        getattr(self, f"page_{self.path.strip('/').split('/')[0].replace('-', '_')}", self.page_not_there)()

    do_GET = do_HEAD

    def answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def page_ok(self) -> None:
        self.answer(200, Set_Cookie="a=b")

    def page_not_there(self) -> None:
        self.answer(404)

    def page_only_get(self) -> None:
        self.answer(200 if self.command == "GET" else 405)

    def page_to(self) -> None:
        """/to/301/<target>: a redirect of this kind."""
        _empty, _to, status, target = self.path.split("/", 3)
        self.answer(int(status), Location=target)

    def page_loop(self) -> None:
        self.answer(302, Location="/loop/")

    def page_hop(self) -> None:
        number = int(self.path.strip("/").split("/")[1])
        self.answer(301, Location=f"/hop/{number - 1}" if number > 1 else "/ok/")

    def page_huge(self) -> None:
        if self.command == "HEAD":
            self.answer(405)
            return
        self.send_response(200)
        self.end_headers()
        self.pour()

    def page_huge_head(self) -> None:
        self.send_response(200)
        for number in range(90):
            self.send_header(f"X-{number}", "y" * 60000)
        self.end_headers()

    def page_drip(self) -> None:
        """One byte now and then: every wait is short, all of them have no end."""
        while self.write(b"H"):
            time.sleep(0.05)

    def page_silent(self) -> None:
        time.sleep(2)

    def page_nonsense(self) -> None:
        self.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

    def pour(self) -> None:
        while self.write(BLOCK):
            self.server.poured += len(BLOCK)

    def write(self, data: bytes) -> bool:
        try:
            self.wfile.write(data)
        except OSError:
            return False
        return not self.server.stopped.is_set()

    def log_message(self, *_args: Any) -> None:
        """Nothing on the screen."""

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # the other side hung up
            self.close_connection = True


@dataclass
class World:
    """A local server in the place of the internet; ``numbers`` says what a name stands for."""

    server: Any
    numbers: dict[str, list[str]] = field(default_factory=dict)
    connected: list[tuple[str, int]] = field(default_factory=list)

    def network(self, context: ssl.SSLContext | None = None) -> Network:
        return Network(self.resolve, self.connect, context or SYSTEM)

    def resolve(self, host: str, port: int) -> list[str]:
        if host.endswith(".invalid"):
            raise OSError("no such name")
        return self.numbers.get(host, [PUBLIC])

    def connect(self, number: str, port: int, seconds: float) -> socket:
        self.connected.append((number, port))
        return create_connection(("127.0.0.1", self.server.server_port), timeout=seconds)

    def ask(self, address: str, **options: Any) -> Answer:
        return ask(address, network=self.network(**options), user_agent="Linkpruefung/1.0 (+https://portal.example)")


def start(**attributes: Any) -> Any:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    server.seen, server.poured, server.stopped = [], 0, threading.Event()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(fetch, "SECONDS", 0.5)
    server = start()
    yield World(server)
    server.stopped.set()
    server.shutdown()
    server.server_close()


def test_a_page_that_is_there(world: World) -> None:
    assert world.ask("http://www.example.org/ok/?a=ä b&c".replace(" ", "%20")) == Answer(200)
    ((method, host, path, headers),) = world.server.seen
    assert (method, host, path) == ("HEAD", "www.example.org", "/ok/?a=%C3%A4%20b&c")
    assert headers["User-Agent"] == "Linkpruefung/1.0 (+https://portal.example)"
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)
    assert world.connected == [(PUBLIC, 80)]


def test_what_is_not_there_is_asked_twice(world: World) -> None:
    assert world.ask("http://www.example.org/weg/") == Answer(404)
    assert world.ask("http://www.example.org/only-get/") == Answer(200)
    assert [method for method, *_rest in world.server.seen] == ["HEAD", "GET"] * 2


def test_redirects_up_to_three_and_where_a_page_lies_now(world: World) -> None:
    assert world.ask("http://www.example.org/hop/3#teil") == Answer(200, "http://www.example.org/ok/#teil")
    assert world.ask("http://www.example.org/to/302//ok/") == Answer(200, "")
    assert (
        world.ask("http://www.example.org/to/308/http://neu.example.org/ok/").moved_to == "http://neu.example.org/ok/"
    )
    assert world.ask("http://www.example.org/to/301//weg/") == Answer(404)
    assert all("Cookie" not in headers for *_rest, headers in world.server.seen)
    for path in ("hop/4", "loop/"):
        with pytest.raises(UnreachableError, match="Zu viele Weiterleitungen"):
            world.ask(f"http://www.example.org/{path}")


REFUSED = [
    "file:///etc/passwd",
    "gopher://www.example.org/1",
    "ftp://www.example.org/",
    "javascript:alert(1)",
    "//www.example.org/",
    "http://user:pass@www.example.org/",
    "http://user@www.example.org/",
    "http://@www.example.org/",
    "http://www.example.org:22/",
    "http://www.example.org:8080/",
    "https://www.example.org:80/",
    "http://www.example.org:abc/",
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[fe80::1%25eth0]/",
    "http://[zz]/",
    "http://localhost/",
    "http://localhost./",
    "http://intranet/",
    "http:///",
    "http://",
    "http://www.example.org\\@127.0.0.1/",
    "http://www.exa mple.org/",
    "http://www.example.org/\r\nHost: x",
    "http://www..example.org/",
    "http://" + "a" * 64 + ".example.org/",
    "http://www.example.org/" + "a" * 3000,
    "",
]


def test_addresses_that_are_not_even_looked_up(world: World) -> None:
    for address in REFUSED:
        with pytest.raises(RefusedError):
            world.ask(address)
    assert world.connected == []


def test_redirects_to_such_addresses(world: World) -> None:
    for target in REFUSED:
        if target.startswith("/") or not target.isascii() or "\r" in target or " " in target or len(target) < 9:
            continue
        with pytest.raises(RefusedError):
            world.ask(f"http://www.example.org/to/302/{target}")
    assert set(world.connected) == {(PUBLIC, 80)}


PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 refused here
    "255.255.255.255", "224.0.0.1", "239.1.2.3", "240.0.0.1", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1",
    "keine", "",
]  # fmt: skip


def test_names_that_stand_for_numbers_inside(world: World) -> None:
    for number in PRIVATE:
        assert not is_public_address(number), number
        world.numbers["innen.example.org"] = [number]
        world.numbers["teils.example.org"] = [PUBLIC, number]
        for host in ("innen", "teils"):
            with pytest.raises(RefusedError, match="nicht öffentlich"):
                world.ask(f"http://{host}.example.org/ok/")
        with pytest.raises(RefusedError, match="nicht öffentlich"):
            world.ask("http://www.example.org/to/302/http://innen.example.org/ok/")
    # Only the redirecting host was ever asked.
    assert set(world.connected) == {(PUBLIC, 80)}
    assert len(world.connected) == len(PRIVATE)


@pytest.mark.parametrize("number", [PUBLIC, "8.8.8.8", "2a00:1450:4001::200e", "::ffff:8.8.8.8"])
def test_numbers_of_the_open_internet(number: str) -> None:
    assert is_public_address(number)


def test_another_number_after_the_look_changes_nothing(world: World) -> None:
    """The name server gives 127.0.0.1 from the second question on; each request asks once and goes where it looked."""
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    network = Network(lambda _host, _port: next(answers), world.connect, SYSTEM)
    assert ask("http://www.example.org/ok/", network=network, user_agent="x") == Answer(200)
    assert world.connected == [(PUBLIC, 80)]
    with pytest.raises(RefusedError):
        ask("http://www.example.org/to/302//ok/", network=network, user_agent="x")
    assert world.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize("path", ["drip", "silent"])
def test_slow_servers_get_only_their_time(world: World, path: str) -> None:
    begun = time.monotonic()
    with pytest.raises(UnreachableError, match="Keine Antwort in 5 Sekunden"):
        world.ask(f"http://www.example.org/{path}/")
    assert time.monotonic() - begun < 1.5


def test_a_body_without_end_is_not_read(world: World) -> None:
    begun = time.monotonic()
    assert world.ask("http://www.example.org/huge/") == Answer(200)
    assert time.monotonic() - begun < 1.5
    world.server.stopped.set()
    assert world.server.poured < 16 * 1024 * 1024


def test_a_head_without_end_is_not_read_to_the_end(world: World) -> None:
    with pytest.raises(UnreachableError, match="zu groß"):
        world.ask("http://www.example.org/huge-head/")


def test_servers_that_speak_something_else(world: World) -> None:
    with pytest.raises(UnreachableError, match="nicht zu verstehen") as told:
        world.ask("http://www.example.org/nonsense/")
    assert not told.value.is_network


def test_a_name_that_is_not_found_and_one_that_nobody_answers_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnreachableError, match="nicht zu finden") as told:
        world.ask("http://www.weg.invalid/")
    assert told.value.is_network
    slow = Network(lambda _host, _port: time.sleep(1) or [PUBLIC], world.connect, SYSTEM)
    begun = time.monotonic()
    with pytest.raises(UnreachableError, match="nicht zu finden"):
        ask("http://www.example.org/", network=slow, user_agent="x")
    assert time.monotonic() - begun < 0.9

    def refuse(number: str, port: int, seconds: float) -> socket:
        raise ConnectionRefusedError

    shut = Network(world.resolve, refuse, SYSTEM)
    with pytest.raises(UnreachableError, match="antwortet nicht"):
        ask("http://www.example.org/", network=shut, user_agent="x")


def certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(names, names, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return path


def test_certificates_are_checked_against_the_name(world: World, tmp_path: Path) -> None:
    pem = certificate(tmp_path, "www.example.org")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    world.server.socket = context.wrap_socket(world.server.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=str(pem))
    assert world.ask("https://www.example.org/ok/", context=trusting) == Answer(200)
    assert world.connected == [(PUBLIC, 443)]
    for host, trust in (("anders.example.org", trusting), ("www.example.org", SYSTEM)):
        with pytest.raises(UnreachableError, match="Zertifikat"):
            world.ask(f"https://{host}/ok/", context=trust)


def test_only_usual_ports_are_ever_used() -> None:
    assert read_target("HTTPS://WWW.Example.ORG.:443").url == "https://www.example.org/"
    assert read_target("http://bücher.example/ä?ö").url == "http://xn--bcher-kva.example/%C3%A4?%C3%B6"
    assert ipaddress.ip_address(PUBLIC).is_global
