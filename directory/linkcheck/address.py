"""Which addresses may be asked at all. A link is typed by people: it must not open doors inside our network."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

PORTS = {"http": 80, "https": 443}
LONGEST = 2000
_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,62}")
# The open IPv6 internet; and within it what leads to an IPv4 address behind: 6to4 and Teredo.
_OPEN_IPV6 = ipaddress.ip_network("2000::/3")
_TUNNELS = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/32"))

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class RefusedError(Exception):
    """An address that is not asked; the message says why, in German."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to ask: a named host, its usual port, the path with the query."""

    scheme: str
    host: str
    path: str

    @property
    def port(self) -> int:
        """The usual port of the scheme; no other is ever used."""
        return PORTS[self.scheme]

    @property
    def url(self) -> str:
        """The whole address, without a fragment."""
        return f"{self.scheme}://{self.host}{self.path}"


def read_target(address: str) -> Target:
    """Return where an address leads. Raises RefusedError.

    Only http and https, only usual ports, no user name, and a host with a name: numbers in any
    spelling (decimal, octal, IPv6) belong to machines, not to offices.
    """
    if len(address) > LONGEST or any(ord(char) <= 32 or ord(char) == 127 for char in address):
        raise RefusedError("Die Adresse ist zu lang oder enthält Leerzeichen.")
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
        name = host.rstrip(".").encode("idna").decode("ascii").lower()
    except ValueError as error:  # UnicodeError is one
        raise RefusedError("Die Adresse ist keine Internetadresse.") from error
    if scheme not in PORTS:
        raise RefusedError("Geprüft werden nur Adressen mit http:// und https://.")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise RefusedError("Die Adresse enthält Zugangsdaten.")
    if port not in (None, PORTS[scheme]):
        raise RefusedError("Die Adresse nennt einen ungewöhnlichen Port.")
    if not _HOST.fullmatch(name):
        raise RefusedError("Die Adresse nennt keinen Namen einer Website.")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/?%:@!$&()*+,;=~-._')}" if parts.query else ""
    return Target(scheme, name, path + query)


def next_target(target: Target, location: str) -> Target:
    """Return where a redirect leads; it has to pass the same examination. Raises RefusedError."""
    try:
        return read_target(urljoin(target.url, location))
    except ValueError as error:
        raise RefusedError("Die Weiterleitung führt nirgendwohin.") from error


def is_public_address(text: str) -> bool:
    """Whether a number that a name stands for lies in the open internet."""
    try:
        number: IPAddress = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, ipaddress.IPv6Address):
        if number.ipv4_mapped is not None:
            number = number.ipv4_mapped
        elif number not in _OPEN_IPV6 or any(number in tunnel for tunnel in _TUNNELS):
            return False
    # Private, loopback, link-local, carrier NAT and documentation are not global; multicast may be.
    return number.is_global and not number.is_multicast and not number.is_unspecified and not number.is_reserved
