"""SSRF guard: connect to public addresses on web ports and to configured ones only.

A host name proves nothing, so the address is checked to which the socket is connected.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable, Mapping, Sequence

from attrs import frozen

from crawler.errors import FetchFailed, SetupError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Endpoint = tuple[Address, int]

WEB_PORTS = frozenset({80, 443})

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST = ipaddress.ip_network("2000::/3")
# What `is_global` of one Python release or another lets through though it is nobody's public web server.
_CLOSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.175.48.0/24",
            "240.0.0.0/4",
            "2001::/23",
            "3fff::/20",
        ),
    )
)


def is_public(address: Address) -> bool:
    """True if an address is public; an embedded IPv4 address decides for an IPv6 one.

    >>> [is_public(ipaddress.ip_address(a)) for a in ("93.184.216.34", "100.64.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:a00:1::")]
    [True, False, False, False, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(inner)
        if address not in _UNICAST:
            return False
    if any(address in net for net in _CLOSED if net.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


class Guard:
    """Guard against connections to private addresses.

    Args:
        exempt: Addresses with ports that are always allowed.
    """

    def __init__(self, *, exempt: Collection[Endpoint] = ()) -> None:
        self._exempt = frozenset(exempt)

    def allows(self, address: Address, port: int) -> bool:
        """True if an address and port may be connected to."""
        return (address, port) in self._exempt or (port in WEB_PORTS and is_public(address))

    def check(self, host: str, port: int, addresses: Iterable[Address]) -> None:
        """Refuse a host if any of its addresses is not allowed.

        A mixed answer is an attack or a mistake.

        Raises:
            FetchFailed: Reason `guard`.
        """
        for address in addresses:
            if not self.allows(address, port):
                what = "not a public address" if port in WEB_PORTS else f"not exempt for port {port}"
                raise FetchFailed("guard", f"{host} is {address}, {what}")

    def check_name(self, host: str, port: int) -> None:
        """Check a host that only the proxy resolves: literal address, port, local name.

        Raises:
            FetchFailed: Reason `guard`.
        """
        address = address_of(host)
        if address is not None:
            self.check(host, port, [address])
        elif port not in WEB_PORTS:
            raise FetchFailed("guard", f"{host}: port {port} is none of {sorted(WEB_PORTS)}")
        elif "." not in host.rstrip(".") or host.rstrip(".").rpartition(".")[2] in ("localhost", "local", "internal"):
            raise FetchFailed("guard", f"{host} is a local name")


def address_of(host: str) -> Address | None:
    """The IP address that a host is written as, or None for a name.

    >>> address_of("::1"), address_of("presstv.ir")
    (IPv6Address('::1'), None)
    """
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


@frozen
class ConnectTo:
    """Table of ARCHIVE_CONNECT_TO: (host or `*`, port or None for any) to endpoint."""

    table: Mapping[tuple[str, int | None], Endpoint]

    def get(self, host: str, port: int) -> Endpoint | None:
        """The mapped endpoint, the most exact rule first, or None."""
        for key in ((host, port), (host, None), ("*", port), ("*", None)):
            if key in self.table:
                return self.table[key]
        return None


def parse_connect_to(setting: str | Sequence[str] | None) -> ConnectTo:
    """Parse ARCHIVE_CONNECT_TO: `host:port=address:port,...`; `*` on the left matches all.

    Raises:
        SetupError: A piece cannot be read; names it.
    """
    table: dict[tuple[str, int | None], Endpoint] = {}
    for piece in _pieces(setting):
        left, equals, right = piece.partition("=")
        try:
            if not equals:
                raise ValueError("no '='")
            host, port = _split(left)
            table[host.lower().rstrip("."), None if port == "*" else _port(port)] = _endpoint(right)
        except ValueError as error:
            raise SetupError(f"ARCHIVE_CONNECT_TO: {piece!r}: {error}; write host:port=address:port") from None
    return ConnectTo(table)


def parse_addresses(setting: str | Sequence[str] | None) -> frozenset[Endpoint]:
    """Parse ARCHIVE_ALLOW_ADDRESSES: `address:port,...`, IPv6 in brackets.

    Raises:
        SetupError: A piece cannot be read; names it.
    """
    found = set()
    for piece in _pieces(setting):
        try:
            found.add(_endpoint(piece))
        except ValueError as error:
            raise SetupError(f"ARCHIVE_ALLOW_ADDRESSES: {piece!r}: {error}; write address:port") from None
    return frozenset(found)


def _pieces(setting: str | Sequence[str] | None) -> list[str]:
    pieces = setting.split(",") if isinstance(setting, str) else setting or ()
    return [piece.strip() for piece in pieces if piece.strip()]


def _endpoint(text: str) -> Endpoint:
    host, port = _split(text)
    address = address_of(host)
    if address is None:
        raise ValueError(f"{host!r} is no IP address")
    return address, _port(port)


def _split(text: str) -> tuple[str, str]:
    host, colon, port = text.strip().rpartition(":")
    if not colon or not host:
        raise ValueError("no host and port")
    if host.startswith("["):
        if not host.endswith("]"):
            raise ValueError("bracket without its other half")
        host = host[1:-1]
    elif ":" in host:
        raise ValueError("an IPv6 address without brackets")
    return host, port


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 65536:
        raise ValueError(f"port {text!r}")
    return int(text)
