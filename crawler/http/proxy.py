"""Connect through a proxy, HTTP CONNECT or SOCKS5; the proxy resolves names (Tor).

SOCKS5 is python-socks'. Its CONNECT takes the first read for the whole answer, so that one in two pieces fails and bytes behind it would
become the origin's: ours reads to the blank line and refuses more.
"""

from __future__ import annotations

import asyncio
import base64
import re
import socket
from urllib.parse import unquote, urlsplit

from attrs import field, frozen

from crawler.errors import FetchFailed, SetupError
from crawler.http.http1 import head_end, parse_head

MAX_REPLY_BYTES = 16 * 1024

# Answers of a SOCKS server that speak of the origin: network or host not to be reached, refused, TTL over.
_ORIGIN_FAULTS = frozenset({3, 4, 5, 6})


@frozen(kw_only=True)
class Proxy:
    """A configured proxy; environment variables are ignored."""

    scheme: str
    host: str
    port: int
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    async def open(self, host: str, port: int) -> socket.socket:
        """Open a socket to the origin.

        Raises:
            FetchFailed: Reason `proxy`, or `connect` if the proxy cannot reach the origin.
        """
        if self.scheme == "http":
            return await self._connect(host, port)
        from python_socks import ProxyError, ProxyType
        from python_socks.async_.asyncio import Proxy as SocksProxy

        tunnel = SocksProxy(ProxyType.SOCKS5, self.host, self.port, self.user, self.password, rdns=True)
        try:
            return await tunnel.connect(host, port, timeout=None)
        except ProxyError as error:
            raise FetchFailed("connect" if error.error_code in _ORIGIN_FAULTS else "proxy", f"socks5: {error}") from None
        except OSError as error:
            raise FetchFailed("proxy", f"socks5: {error.strerror or error}") from None

    async def _connect(self, host: str, port: int) -> socket.socket:
        sock: socket.socket | None = None
        try:
            sock = await _tcp(self.host, self.port)
            await asyncio.get_running_loop().sock_sendall(sock, self._request(host, port))
            status = await _reply(sock)
        except OSError as error:
            if sock is not None:
                sock.close()
            raise FetchFailed("proxy", f"http: {error.strerror or error}") from None
        except BaseException:
            if sock is not None:
                sock.close()
            raise
        if status != 200:
            sock.close()
            raise FetchFailed("proxy", f"http: CONNECT answered {status}")
        return sock

    def _request(self, host: str, port: int) -> bytes:
        name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        lines = [f"CONNECT {name} HTTP/1.1", f"Host: {name}"]
        if self.user is not None:
            word = base64.b64encode(f"{self.user}:{self.password or ''}".encode()).decode()
            lines.append(f"Proxy-Authorization: Basic {word}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _tcp(host: str, port: int) -> socket.socket:
    loop = asyncio.get_running_loop()
    family, kind, number, _, address = (await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM))[0]
    sock = socket.socket(family, kind, number)
    try:
        sock.setblocking(False)
        await loop.sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


async def _reply(sock: socket.socket) -> int | None:
    """Read the status of the answer to CONNECT.

    Raises:
        ConnectionAbortedError: It is incomplete, or followed by bytes.
    """
    data = b""
    while (end := head_end(data)) < 0:
        piece = await asyncio.get_running_loop().sock_recv(sock, 4096)
        data += piece
        if not piece or len(data) > MAX_REPLY_BYTES:
            raise ConnectionAbortedError("no answer to CONNECT")
    if end != len(data):
        raise ConnectionAbortedError("bytes behind the answer to CONNECT")
    return parse_head(data).status


def parse_proxy(setting: str | None) -> Proxy | None:
    """Parse ARCHIVE_PROXY: `http://host:port` or `socks5://host:port`, with `user:password@` if needed.

    Raises:
        SetupError: It is neither.
    """
    if not setting:
        return None
    try:
        parts = urlsplit(setting)
        port = parts.port
    except ValueError as error:
        raise SetupError(f"ARCHIVE_PROXY: {error}") from None
    scheme = re.sub(r"^socks5h$", "socks5", parts.scheme)
    if scheme not in ("http", "socks5") or not parts.hostname or port is None or parts.path.strip("/") or parts.query:
        # Not quoted: it may hold a password.
        raise SetupError("ARCHIVE_PROXY: write http://host:port or socks5://host:port")
    return Proxy(
        scheme=scheme,
        host=parts.hostname,
        port=port,
        user=unquote(parts.username) if parts.username is not None else None,
        password=unquote(parts.password) if parts.password is not None else None,
    )
