"""Asks one address: at most five seconds, three redirects and 256 kB, and only machines that were looked at.

A name is looked up once for each request; the numbers found are examined, and the connection goes to
one of exactly these numbers. So nobody can give another number between the look and the connection.
"""

import http.client
import io
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from directory.linkcheck.address import RefusedError, Target, is_public_address, next_target, read_target

SECONDS = 5.0
MOST_BYTES = 256 * 1024
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FOR_GOOD = frozenset({301, 308})
USER_AGENT = "Linkpruefung/1.0 (+{base_url})"

Resolver = Callable[[str, int], list[str]]
Connector = Callable[[str, int, float], socket.socket]


class UnreachableError(Exception):
    """No answer; the message says why, in German. ``is_network``: it may lie at our own network."""

    def __init__(self, message: str, *, is_network: bool = True) -> None:
        super().__init__(message)
        self.is_network = is_network


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answers: the status of the last page, where it lies now if it moved for good."""

    status: int
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """How names become numbers and numbers become connections; tests put a local server here."""

    resolve: Resolver
    connect: Connector
    context: ssl.SSLContext
    clock: Callable[[], float] = time.monotonic


class _Budget(io.RawIOBase):
    """Reads from a socket until the time or the bytes are used up, however slowly they drip."""

    def __init__(self, sock: socket.socket, deadline: float, clock: Callable[[], float]) -> None:
        super().__init__()
        self._sock, self._deadline, self._clock, self._left = sock, deadline, clock, MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._left <= 0:
            raise UnreachableError("Die Antwort ist zu groß.", is_network=False)
        self._sock.settimeout(_left(self._deadline, self._clock))
        number = self._sock.recv_into(memoryview(buffer)[: self._left])
        self._left -= number
        return number


class _Socket:
    """The little that ``http.client`` wants of a socket."""

    def __init__(self, sock: socket.socket, reader: _Budget) -> None:
        self._sock, self._reader = sock, reader

    def sendall(self, data: bytes) -> None:
        self._sock.sendall(data)

    def makefile(self, *_args: object, **_options: object) -> io.BufferedReader:
        return io.BufferedReader(self._reader)

    def close(self) -> None:
        self._sock.close()


def public_network() -> Network:
    """Return the real network, with the certificates of the system."""
    return Network(_resolve, _connect, ssl.create_default_context())


def ask(address: str, *, network: Network, user_agent: str) -> Answer:
    """Ask an address and follow it. Raises RefusedError for where nobody may ask, UnreachableError for no answer."""
    deadline = network.clock() + SECONDS
    target = read_target(address)
    fragment = "".join(address.partition("#")[1:])
    is_for_good = True
    for _hop in range(MOST_REDIRECTS + 1):
        status, location = _ask_once(target, network=network, user_agent=user_agent, deadline=deadline)
        if status not in REDIRECTS or not location:
            has_moved = is_for_good and status < 300 and target.url != read_target(address).url
            return Answer(status, target.url + fragment if has_moved else "")
        is_for_good = is_for_good and status in FOR_GOOD
        target = next_target(target, location)
    raise UnreachableError("Zu viele Weiterleitungen.", is_network=False)


def _ask_once(target: Target, *, network: Network, user_agent: str, deadline: float) -> tuple[int, str]:
    """HEAD costs the other side least; servers that do not like it are asked with GET."""
    status, location = _request("HEAD", target, network=network, user_agent=user_agent, deadline=deadline)
    if status < 400:
        return status, location
    return _request("GET", target, network=network, user_agent=user_agent, deadline=deadline)


def _request(method: str, target: Target, *, network: Network, user_agent: str, deadline: float) -> tuple[int, str]:
    """Send one request and read the head of the answer; nothing of the page itself is read."""
    sock = _open(target, network=network, deadline=deadline)
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = _Socket(sock, _Budget(sock, deadline, network.clock))
    try:
        connection.putrequest(method, target.path, skip_accept_encoding=True)
        connection.putheader("User-Agent", user_agent)
        connection.putheader("Accept", "*/*")
        connection.putheader("Connection", "close")
        connection.endheaders()
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")
    except TimeoutError as error:
        raise UnreachableError("Keine Antwort in 5 Sekunden.") from error
    except (http.client.HTTPException, ValueError) as error:
        raise UnreachableError("Die Antwort ist nicht zu verstehen.", is_network=False) from error
    except OSError as error:
        raise UnreachableError("Die Verbindung bricht ab.") from error
    finally:
        sock.close()


def _open(target: Target, *, network: Network, deadline: float) -> socket.socket:
    """Connect to one of the numbers that were looked at. One forbidden number forbids them all."""
    numbers = _in_time(network.resolve, target, deadline, network.clock)
    if not numbers or not all(map(is_public_address, numbers)):
        raise RefusedError("Die Adresse führt in ein Netz, das nicht öffentlich ist.")
    problem: OSError | None = None
    for number in numbers[:3]:
        try:
            sock = network.connect(number, target.port, _left(deadline, network.clock))
            if target.scheme == "http":
                return sock
            return _encrypted(sock, target, network=network, deadline=deadline)
        except OSError as error:
            problem = error
    if isinstance(problem, ssl.SSLCertVerificationError):
        raise UnreachableError("Das Zertifikat der Website gilt nicht.", is_network=False) from problem
    raise UnreachableError("Die Website antwortet nicht.") from problem


def _encrypted(sock: socket.socket, target: Target, *, network: Network, deadline: float) -> socket.socket:
    try:
        sock.settimeout(_left(deadline, network.clock))
        return network.context.wrap_socket(sock, server_hostname=target.host)
    except (OSError, UnreachableError):
        sock.close()
        raise


def _left(deadline: float, clock: Callable[[], float]) -> float:
    left = deadline - clock()
    if left <= 0:
        raise UnreachableError("Keine Antwort in 5 Sekunden.")
    return left


def _in_time(resolve: Resolver, target: Target, deadline: float, clock: Callable[[], float]) -> list[str]:
    """Look the name up in a thread of its own: the system's look-up knows no time limit."""
    found: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(resolve(target.host, target.port))
        except OSError:  # also names no look-up can hold
            found.put(None)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        numbers = found.get(timeout=_left(deadline, clock))
    except queue.Empty as error:
        raise UnreachableError("Der Name der Website ist nicht zu finden.") from error
    if numbers is None:
        raise UnreachableError("Der Name der Website ist nicht zu finden.")
    return numbers


def _resolve(host: str, port: int) -> list[str]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def _connect(number: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((number, port), timeout=seconds)
