"""A recording HTTP/1.1 client: keeps every byte sent and received.

A kept connection on which the peer has closed, or sent bytes unasked, is dropped before the request is written, and a fresh one is
opened. If it ends later, before any byte of the response, a GET is sent again at once on a fresh one (RFC 9112 9.3.1): that is one
fetch, and its `problem` tells of the first sending. On a fresh connection a request is sent once; retries are up to the caller.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from attrs import evolve, frozen

from crawler import clock
from crawler.errors import FetchFailed
from crawler.http.address_guard import ConnectTo, Guard
from crawler.http.connection import Connection, Key, Pool
from crawler.http.connector import Connector
from crawler.http.http1 import MAX_HEADER_COUNT
from crawler.http.options import Limits
from crawler.http.proxy import Proxy
from crawler.http.request import RequestTarget, request_of, target_of
from crawler.http.resolver import CachedResolver, Resolver
from crawler.http.response import Cut, ResponseReader
from crawler.http.tls import TlsContexts
from crawler.items import Exchange, Lookup

_SENT_AGAIN = "sent again: a kept connection ended without an answer"


@frozen(kw_only=True)
class _Ask:
    """One request and the limits of its response."""

    target: RequestTarget
    method: str
    request: bytes
    max_bytes: int
    limits: Limits
    deadline: float
    may_send: Callable[[], object]


class Client:
    """HTTP client that keeps connections between exchanges.

    Args:
        limits: Deadlines and sizes.
        guard: Which addresses may be connected to.
        connect_to: Addresses to connect to instead, exempt from the guard.
        trust: Policy for bad certificates.
        proxy: Proxy, or None.
        resolver: Host names to addresses; None for the system's.
        spool_folder: For bodies above 1 MiB until they are written; None for the system's.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        guard: Guard | None = None,
        connect_to: ConnectTo | None = None,
        trust: TlsContexts | None = None,
        proxy: Proxy | None = None,
        resolver: Resolver | None = None,
        spool_folder: Path | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._folder = spool_folder
        self._resolver = CachedResolver(resolver=resolver)
        self._pool = Pool()
        self._connector = Connector(
            limits=self._limits,
            guard=guard or Guard(),
            resolver=self._resolver,
            trust=trust or TlsContexts(),
            connect_to=connect_to or ConnectTo({}),
            proxy=proxy,
        )

    async def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Sequence[tuple[str, str]] = (),
        max_bytes: int,
        total: float | None = None,
        fresh: bool = False,
        may_send: Callable[[], object] = int,
    ) -> Exchange:
        """Send one request and read its answer; no redirects, cookies or decoding.

        Args:
            headers: Sent in this order and case between Host and `Connection: keep-alive`.
            max_bytes: Of the entity body.
            total: Seconds for the whole fetch; None for the limits' own.
            fresh: Use no kept connection, as after a failed attempt.
            may_send: Called when the request's bytes are about to leave; they do not if it raises.
        Returns:
            The exchange; `problem` tells how a complete answer is malformed.
        Raises:
            FetchFailed: No usable answer. `exchange` holds the bytes received, or is None if there were none; its `response` is
                empty if only interim answers were received.
            WriteFailed: The spool folder is full.
        """
        target = target_of(url)
        total = self._limits.total if total is None else total
        ask = _Ask(
            target=target,
            method=method,
            request=request_of(target, method, headers),
            max_bytes=max_bytes,
            limits=self._limits if total == self._limits.total else evolve(self._limits, total=total),
            deadline=asyncio.get_running_loop().time() + total,
            may_send=may_send,
        )
        key: Key = (target.scheme, target.host, target.port, self._connector.mapped(target))
        kept = None if fresh else self._pool.take(key)
        if kept is None:
            return await self._exchange(key, None, ask)
        return await self._on_kept(key, kept, ask) or await self._exchange(key, None, ask, note=_SENT_AGAIN)

    async def _on_kept(self, key: Key, kept: Connection, ask: _Ask) -> Exchange | None:
        """One exchange on a kept connection; None if the request is to be sent again."""
        try:
            exchange = await self._exchange(key, kept, ask)
        except FetchFailed as lost:
            if lost.exchange is not None or lost.reason not in ("disconnect", "timeout"):
                raise
            self._pool.kept_failed(key)
            if lost.reason != "disconnect" or ask.method != "GET":
                raise FetchFailed(lost.reason, f"{lost.detail}, on a kept connection") from None
            return None
        self._pool.kept_succeeded(key)
        return exchange

    def lookups(self) -> list[Lookup]:
        """The look-ups of all fetches since the last call, without those that changed nothing."""
        return self._resolver.made()

    async def _exchange(self, key: Key, kept: Connection | None, ask: _Ask, note: str | None = None) -> Exchange:
        """Send a request and read its response, on a kept or a fresh connection."""
        started = clock.now()
        connection = kept or await self._open(ask.target, ask.deadline)
        answer = ResponseReader(
            connection, method=ask.method, limits=ask.limits, max_bytes=ask.max_bytes, deadline=ask.deadline, folder=self._folder
        )
        draft = partial(self._draft, connection, answer, ask=ask, started=started, note=note)
        try:
            ask.may_send()
            connection.send(ask.request)
            await answer.read()
        except Cut as cut:
            detail = cut.detail if answer.came or note is None else f"{cut.detail}; {note}"
            raise FetchFailed(cut.reason, detail, exchange=draft(cut) if answer.came else None) from None
        finally:
            if answer.reusable():
                self._pool.put(key, connection, answer.keep_seconds())
            else:
                connection.abort()
        return draft(None)

    async def _open(self, target: RequestTarget, deadline: float) -> Connection:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._connector.open(target)
        except TimeoutError:
            raise FetchFailed("timeout", f"no connection to {target.host} in time") from None

    def _draft(
        self, connection: Connection, answer: ResponseReader, cut: Cut | None, *, ask: _Ask, started: datetime, note: str | None
    ) -> Exchange:
        head = answer.head
        return Exchange(
            url=ask.target.url,
            method=ask.method,
            started=started,
            ended=clock.now(),
            request=ask.request,
            response=answer.response,
            payload=answer.payload,
            head_length=answer.head_length,
            status=head.status if head else None,
            headers=head.fields.limited(MAX_HEADER_COUNT) if head else (),
            ip=connection.ip,
            port=connection.port,
            protocol=answer.protocol,
            tls=connection.tls,
            truncated=cut.truncated if cut else None,
            problem="; ".join(filter(None, (answer.problem, note))) or None,
            interim=tuple(answer.interim),
        )

    async def close(self) -> None:
        """Close all kept connections and stop pending look-ups."""
        self._pool.close()
        self._resolver.close()
        # Twice round the loop: once for the transports to close, once to say so.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
