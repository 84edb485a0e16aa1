"""Open connections: proxy or name look-up, guard, TCP, guard again, TLS."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from crawler.errors import FetchFailed, OutOfFiles
from crawler.http.address_guard import Address, ConnectTo, Endpoint, Guard, address_of
from crawler.http.connection import READ_BYTES, Connection
from crawler.http.options import Limits
from crawler.http.proxy import Proxy
from crawler.http.request import RequestTarget
from crawler.http.resolver import CachedResolver
from crawler.http.tls import TlsContexts, check_name, tls_of, verified_chain, weakness_of
from crawler.http.tls_errors import ENDED, failure_of, remedy_of


class Connector:
    """Opens connections by the configured rules, for one event loop."""

    def __init__(
        self, *, limits: Limits, guard: Guard, resolver: CachedResolver, trust: TlsContexts, connect_to: ConnectTo, proxy: Proxy | None
    ) -> None:  # fmt: skip
        self._limits, self._guard, self._resolver, self._trust = limits, guard, resolver, trust
        self._connect_to, self._proxy = connect_to, proxy
        self._buffer = memoryview(bytearray(READ_BYTES))

    def mapped(self, target: RequestTarget) -> Endpoint | None:
        """Endpoint of ARCHIVE_CONNECT_TO for a target, or None."""
        return self._connect_to.get(target.host, target.port)

    async def open(self, target: RequestTarget) -> Connection:
        """Open a connection ready for the request.

        Raises:
            FetchFailed: Reasons `guard`, `dns`, `connect`, `tls`, `proxy`, `timeout`.
        """
        try:
            async with asyncio.timeout(self._limits.connect):
                if target.secure:
                    return await self._secure(target)
                return await self._wrap(target, await self._way(target), None)
        except TimeoutError:
            raise FetchFailed("timeout", f"no connection to {target.host} in {self._limits.connect:g} s") from None
        except OSError as error:
            raise FetchFailed("connect", f"{target.host}: {_words(error)}") from None

    async def _secure(self, target: RequestTarget) -> Connection:
        """Connect over TLS: verified; with ARCHIVE_TLS=record again with lower demands if that fails."""
        try:
            return await self._shake(target, self._trust.strict(target.host))
        except ssl.SSLError as error:
            failed = error
        remedy = remedy_of(failed) if self._trust.records else None
        if remedy is None:
            raise FetchFailed("tls", f"{target.host}: {failure_of(failed)}")
        try:
            if remedy == "age":
                return await self._shake(target, self._trust.old(target.host), old=True)
        except ssl.SSLError as error:
            failed = error
            if remedy_of(failed) != "trust":
                raise FetchFailed("tls", f"{target.host}: {failure_of(failed)}, with old versions too") from None
        try:
            return await self._shake(target, self._trust.lax, reason=failure_of(failed).removeprefix("certificate: "))
        except ssl.SSLError as error:
            raise FetchFailed("tls", f"{target.host}: {failure_of(error)}, though not verified") from None

    async def _shake(self, target: RequestTarget, context: ssl.SSLContext, *, old: bool = False, reason: str = "") -> Connection:
        """Open one TLS connection.

        Args:
            old: The context makes no demands on keys and signatures.
            reason: Why the certificate is not verified; empty if it is.
        Raises:
            ssl.SSLError: The handshake failed.
            FetchFailed: The connection failed, during it or before.
        """
        way = await self._way(target)
        try:
            connection = await self._wrap(target, way, context)
        except ssl.SSLError:
            raise
        except OSError as error:
            raise FetchFailed("tls", f"{target.host}: handshake: {_words(error)}") from None
        handshake = connection.handshake
        if handshake is None:
            raise FetchFailed("tls", f"{target.host}: handshake: connection closed")
        try:
            if context.verify_mode is ssl.CERT_REQUIRED and not context.check_hostname:
                check_name(handshake, target.host)
        except ssl.SSLError:
            connection.abort()
            raise
        if old:
            reason = weakness_of(verified_chain(handshake))
        connection.tls = tls_of(handshake, verified=not reason, reason=reason)
        return connection

    async def _way(self, target: RequestTarget) -> _Way:
        """Open a TCP connection to the target's allowed addresses or mapped endpoint."""
        mapped = self.mapped(target)
        if self._proxy is not None:
            if mapped is not None:
                return _Way(await self._proxy.open(str(mapped[0]), mapped[1]), None, mapped[1])
            self._guard.check_name(target.host, target.port)
            return _Way(await self._proxy.open(target.host, target.port), None, target.port)
        if mapped is not None:
            return await self._tcp([mapped[0]], mapped[1], target.host)
        addresses = await self._resolver.addresses(target.host, target.port)
        self._guard.check(target.host, target.port, addresses)
        return await self._tcp(addresses, target.port, target.host)

    async def _tcp(self, addresses: Sequence[Address], port: int, host: str) -> _Way:
        """Connect to the first address that answers; each gets an equal share of the time."""
        failures = []
        slow = 0
        for address in addresses:
            try:
                async with asyncio.timeout(self._limits.connect / len(addresses)):
                    return await _connect(address, port)
            except TimeoutError:
                slow += 1
                failures.append(f"{address} does not answer")
            except OSError as error:
                failures.append(f"{address}: {_words(error)}")
        raise FetchFailed("timeout" if slow == len(failures) else "connect", f"{host}: {'; '.join(failures[:4])}")

    async def _wrap(self, target: RequestTarget, way: _Way, context: ssl.SSLContext | None) -> Connection:
        """Make the connection of a socket, with a TLS handshake if there is a context."""
        _, connection = await asyncio.get_running_loop().create_connection(
            partial(Connection, self._buffer),
            sock=way.sock,
            ssl=context,
            server_hostname=target.host if context is not None else None,
            # Ours ends first.
            ssl_handshake_timeout=self._limits.connect + 1 if context is not None else None,
        )
        connection.ip, connection.port = way.ip, way.port
        return connection


class _Way(NamedTuple):
    """A connected socket and its remote end; `ip` is None behind a proxy."""

    sock: socket.socket
    ip: str | None
    port: int


async def _connect(address: Address, port: int) -> _Way:
    try:
        sock = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            raise OutOfFiles(str(error)) from error
        raise
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, (str(address), port))
        peer = address_of(str(sock.getpeername()[0]))
        if peer != address:
            raise FetchFailed("guard", f"connected to {peer} instead of {address}")
    except BaseException:
        sock.close()
        raise
    return _Way(sock, str(address), port)


def _words(error: OSError) -> str:
    if isinstance(error, ConnectionResetError) and not error.errno:
        # asyncio's way to say that the stream ended within a handshake.
        return ENDED
    # asyncio puts the address into `strerror`; the system's own words are the ones people know.
    return os.strerror(error.errno) if error.errno else str(error) or type(error).__name__
