"""Open byte streams to an origin, and the pool of kept ones."""

from __future__ import annotations

import asyncio
import resource
import select
import ssl
from collections import deque
from heapq import heappop, heappush
from itertools import count
from typing import cast

from crawler.http.tls_errors import failure_of
from crawler.items import Tls

HIGH_WATER_BYTES = 1024 * 1024
FEW_IDLE, MAX_IDLE = 64, 512
"""Idle connections kept with few and with many files that may be open: a crawl of many hosts comes back to each."""
MAX_IDLE_SECONDS = 30.0
READ_BYTES = 256 * 1024
"""Bytes taken from a socket at once, as by asyncio itself."""
MAX_KEPT_FAILURES = 2
"""Kept connections in a row that failed, after which none is kept for that endpoint."""

Key = tuple[str, str, int, object]
"""Scheme, host, port, mapped endpoint."""


class TlsEnded(ConnectionAbortedError):
    """The TLS session ended with an alert or a fault.

    In TLS 1.3 a peer reports faults of our side of the handshake this way, too.
    """


class Connection(asyncio.BufferedProtocol):
    """One byte stream: buffers received bytes until they are asked for.

    Args:
        buffer: Where the event loop puts what it reads; all connections of one loop may share it, since each read is copied at once.
            None for one of its own.
    """

    def __init__(self, buffer: memoryview | None = None) -> None:
        self._buffer = memoryview(bytearray(READ_BYTES)) if buffer is None else buffer
        self.ip: str | None = None
        self.port: int | None = None
        self.tls: Tls | None = None
        self.ragged = False
        """TLS ended without close_notify: a body without a length may be cut."""
        self.idle_until = 0.0
        self._parts: deque[bytes] = deque()
        self._size = 0
        self._ended = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._until = 0.0
        """Loop time at which the waiter gives up."""
        self._alarm: asyncio.TimerHandle | None = None
        """For the waiter, or one before it: set again only when it has rung, not at each read."""
        self._paused = False
        self._transport: asyncio.Transport | None = None
        self._look: select.poll | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        # Not asserted: the transports of other event loops (uvloop) have the methods, not the class.
        self._transport = cast(asyncio.Transport, transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Called by asyncio."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Called by asyncio."""
        self._parts.append(bytes(self._buffer[:nbytes]))
        self._size += nbytes
        if self._size > HIGH_WATER_BYTES and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Called by asyncio."""
        tls = self.handshake
        if tls is not None:
            self.ragged = not _closed_properly(tls)
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        if not self._ended:
            # Lost without an EOF: reset by the peer, or closed by ourselves.
            self._error = exc or ConnectionAbortedError("connection closed")
        self._ended = True
        if self._alarm is not None:
            self._alarm.cancel()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _wait(self, until: float) -> asyncio.Future[None]:
        """A future that ends with the next bytes, the stream, or its time."""
        loop = asyncio.get_running_loop()
        self._waiter, self._until = loop.create_future(), until
        if self._alarm is not None and self._alarm.when() > until:
            self._alarm.cancel()
            self._alarm = None
        if self._alarm is None:
            self._alarm = loop.call_at(until, self._ring)
        return self._waiter

    def _ring(self) -> None:
        """Give up the waiter if its time has come, else set the alarm to it."""
        self._alarm = None
        if self._waiter is None or self._waiter.done():
            return
        loop = self._waiter.get_loop()
        if loop.time() < self._until:
            self._alarm = loop.call_at(self._until, self._ring)
        else:
            self._waiter.set_exception(TimeoutError())

    @property
    def buffered(self) -> int:
        """Bytes received and not yet asked for."""
        return self._size

    @property
    def quiet(self) -> bool:
        """True if the peer has neither closed nor sent bytes unasked.

        The socket is asked, too: the loop may not have read yet.
        """
        if self._ended or self._size or self._transport is None or self._transport.is_closing():
            return False
        if self._look is None:
            self._look = select.poll()
            self._look.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not self._look.poll(0)

    @property
    def handshake(self) -> ssl.SSLObject | None:
        """The TLS session, or None."""
        found: ssl.SSLObject | None = self._transport.get_extra_info("ssl_object") if self._transport is not None else None
        return found

    def send(self, data: bytes) -> None:
        """Send bytes; a lost peer shows at the next `receive`."""
        assert self._transport is not None
        self._transport.write(data)

    async def receive(self, until: float) -> bytes:
        """The next bytes; empty at the end of the stream.

        Args:
            until: Loop time at which to give up.
        Raises:
            TimeoutError: Nothing was received until then.
            ConnectionError: The stream broke; `TlsEnded` for an alert or fault of TLS.
        """
        if not self._parts and not self._ended:
            try:
                await self._wait(until)
            except TimeoutError:
                # A process that was halted past the deadline finds data and deadline in one turn of the loop: data first.
                if not self._parts and not self._ended:
                    raise
        if self._parts:
            data = self._parts.popleft()
            self._size -= len(data)
            if self._paused and self._size < HIGH_WATER_BYTES and self._transport is not None:
                self._paused = False
                self._transport.resume_reading()
            return data
        if isinstance(self._error, ssl.SSLError):
            raise TlsEnded(failure_of(self._error, after=True))
        if self._error is not None:
            raise ConnectionAbortedError(getattr(self._error, "strerror", None) or str(self._error) or type(self._error).__name__)
        return b""

    def abort(self) -> None:
        """Close at once; buffered bytes are lost."""
        if self._transport is not None:
            self._transport.abort()


def _closed_properly(tls: ssl.SSLObject) -> bool:
    """True if the peer sent close_notify.

    asyncio reports both ends alike, but behind a close_notify a read gives nothing, and behind a mere TCP end it wants more.
    """
    try:
        return tls.read(1) == b""
    except ssl.SSLZeroReturnError:
        return True
    except ssl.SSLError:
        return False


class Pool:
    """Idle connections kept for the next request to the same endpoint."""

    def __init__(self) -> None:
        self._idle: dict[Key, list[Connection]] = {}
        self._ends: list[tuple[float, int, Key, Connection]] = []
        """By when they end; of connections too that were taken meanwhile."""
        self._count, self._numbers = 0, count()
        self._most = max(FEW_IDLE, min(MAX_IDLE, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 8))
        self._kept_failures: dict[Key, int] = {}
        """Kept connections in a row that failed."""

    def take(self, key: Key) -> Connection | None:
        """Take a quiet connection, or None; closes the others found."""
        now = asyncio.get_running_loop().time()
        waiting = self._idle.get(key, [])
        while waiting:
            connection = waiting.pop()
            self._count -= 1
            if connection.idle_until > now and connection.quiet:
                return connection
            connection.abort()
        self._idle.pop(key, None)
        return None

    def put(self, key: Key, connection: Connection, seconds: float | None) -> None:
        """Keep a connection for at most `seconds`; close the oldest if there are too many."""
        if self._kept_failures.get(key, 0) >= MAX_KEPT_FAILURES:
            connection.abort()
            return
        now = asyncio.get_running_loop().time()
        # A second less than announced: a request must not cross the peer's goodbye.
        connection.idle_until = now + (MAX_IDLE_SECONDS if seconds is None else min(seconds - 1, MAX_IDLE_SECONDS))
        self._idle.setdefault(key, []).append(connection)
        self._count += 1
        heappush(self._ends, (connection.idle_until, next(self._numbers), key, connection))
        self._sweep(now)

    def kept_failed(self, key: Key) -> None:
        """Count a kept connection that gave no answer."""
        self._kept_failures[key] = self._kept_failures.get(key, 0) + 1

    def kept_succeeded(self, key: Key) -> None:
        """A kept connection brought an answer."""
        self._kept_failures.pop(key, None)

    def _sweep(self, now: float) -> None:
        while self._ends and (self._ends[0][0] <= now or self._count > self._most):
            until, _, key, connection = heappop(self._ends)
            waiting = self._idle.get(key, [])
            if connection.idle_until == until and connection in waiting:
                waiting.remove(connection)
                self._count -= 1
                connection.abort()
                if not waiting:
                    del self._idle[key]

    def close(self) -> None:
        """Close all."""
        for waiting in self._idle.values():
            for connection in waiting:
                connection.abort()
        self._idle.clear()
        self._ends.clear()
        self._count = 0
