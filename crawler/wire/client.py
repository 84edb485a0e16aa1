"""A recording HTTP/1.1 client: every byte sent and received is kept, whatever becomes of the answer.

A request is sent once. A kept connection on which the peer has closed, or said something unasked, is left before anything of the
request is written, and a fresh one is opened; where it dies later the fetch has failed, and to ask again is for the caller to decide
and to count.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from attrs import evolve

from crawler.errors import FetchFailed
from crawler.items import Exchange
from crawler.wire.answer import Answer, Cut
from crawler.wire.connection import Connection, Key, Pool
from crawler.wire.dial import Dialer
from crawler.wire.guard import ConnectTo, Guard
from crawler.wire.limits import Limits
from crawler.wire.names import Names, Resolver
from crawler.wire.proxy import Proxy
from crawler.wire.target import Target, request_of, target_of
from crawler.wire.trust import Trust


class Client:
    """Fetches addresses one exchange at a time, keeping connections between them.

    Args:
        limits: Deadlines and sizes.
        guard: Which addresses may be connected to.
        connect_to: Where to connect instead; such addresses are exempt from the guard.
        trust: What a bad certificate means.
        proxy: The way out, or None.
        resolver: Names into addresses; None for the system's.
        spool_folder: Where bodies above 1 MiB are kept until written; None for the system's.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        guard: Guard | None = None,
        connect_to: ConnectTo | None = None,
        trust: Trust | None = None,
        proxy: Proxy | None = None,
        resolver: Resolver | None = None,
        spool_folder: Path | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._folder = spool_folder
        self._names = Names(resolver=resolver)
        self._pool = Pool()
        self._dialer = Dialer(
            limits=self._limits,
            guard=guard or Guard(),
            names=self._names,
            trust=trust or Trust(),
            connect_to=connect_to or ConnectTo({}),
            proxy=proxy,
        )

    async def fetch(
        self, url: str, *, method: str = "GET", headers: Sequence[tuple[str, str]] = (), max_bytes: int, total: float | None = None
    ) -> Exchange:
        """Ask for one address; redirects, codings and cookies are somebody else's business.

        Args:
            headers: Sent in this order and case between Host and `Connection: keep-alive`.
            max_bytes: Of the entity body.
            total: Seconds for all of it, where it is not the limits' own.
        Returns:
            The exchange; `problem` says what is malformed about an answer that is complete all the same.
        Raises:
            FetchFailed: No usable answer. `exchange` holds what came, and is None where no byte came. Its `response` is empty where
                nothing but interim answers came.
            WriteFailed: The spool folder is full.
        """
        target = target_of(url)
        request = request_of(target, method, headers)
        started = datetime.now(UTC)
        total = self._limits.total if total is None else total
        deadline = asyncio.get_running_loop().time() + total
        key: Key = (target.scheme, target.host, target.port, self._dialer.mapped(target))
        connection = self._pool.take(key) or await self._open(target, deadline)
        answer = Answer(
            connection, method=method, limits=evolve(self._limits, total=total), max_bytes=max_bytes, deadline=deadline, folder=self._folder
        )
        draft = partial(self._exchange, connection, answer, url=target.url, method=method, started=started, request=request)
        try:
            connection.send(request)
            await answer.read()
        except Cut as cut:
            raise FetchFailed(cut.reason, cut.detail, exchange=draft(cut) if answer.came else None) from None
        finally:
            if answer.reusable():
                self._pool.put(key, connection, answer.keep_seconds())
            else:
                connection.abort()
        return draft(None)

    async def _open(self, target: Target, deadline: float) -> Connection:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._dialer.open(target)
        except TimeoutError:
            raise FetchFailed("timeout", f"no connection to {target.host} in time") from None

    def _exchange(
        self, connection: Connection, answer: Answer, cut: Cut | None, *, url: str, method: str, started: datetime, request: bytes
    ) -> Exchange:
        head = answer.head
        problems = (answer.problem, cut.detail if cut and not cut.truncated else None)
        return Exchange(
            url=url,
            method=method,
            started=started,
            ended=datetime.now(UTC),
            request=request,
            response=answer.response,
            payload=answer.payload,
            head_length=answer.head_length,
            status=head.status if head else None,
            headers=head.fields[: self._limits.headers] if head else (),
            ip=connection.ip,
            port=connection.port,
            protocol=answer.protocol,
            tls=connection.tls,
            truncated=cut.truncated if cut else None,
            problem="; ".join(filter(None, problems)) or None,
            interim=tuple(answer.interim),
        )

    async def close(self) -> None:
        """Close what is open."""
        self._pool.close()
        self._names.close()
        # Twice round the loop: once for the transports to close, once to say so.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
