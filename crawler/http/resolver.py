"""Resolve host names, with a cache of one minute."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from crawler import clock
from crawler.errors import FetchFailed
from crawler.http.address_guard import Address, address_of
from crawler.items import Lookup

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""From host and port to addresses, the preferred one first; raises OSError."""

KEEP_SECONDS = 60.0
MAX_NAMES = 1024
MAX_TOLD = 16_384
"""Names whose last addresses are kept, to report changes only."""
THREADS = 16


class CachedResolver:
    """Cache in front of a resolver; simultaneous look-ups of one name are made once."""

    def __init__(self, *, resolver: Resolver | None = None) -> None:
        # Threads of our own: a name server that does not answer must not use up the loop's.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="names")
        self._resolver = resolver or self._system
        self._known: dict[tuple[str, int], tuple[float, asyncio.Task[list[Address]]]] = {}
        self._made: list[Lookup] = []
        self._told: dict[str, int] = {}

    def made(self) -> list[Lookup]:
        """The look-ups since the last call whose addresses are new for their name."""
        made, self._made = self._made, []
        return made

    async def addresses(self, host: str, port: int) -> list[Address]:
        """The addresses of a host, which may be an address itself.

        Raises:
            FetchFailed: Reason `dns`.
        """
        literal = address_of(host)
        if literal is not None:
            return [literal]
        now = asyncio.get_running_loop().time()
        until, task = self._known.get((host, port), (0.0, None))
        if task is None or until < now or _failed(task):
            task = asyncio.create_task(self._ask(host, port))
            task.add_done_callback(_failed)
            if len(self._known) >= MAX_NAMES:
                self._known.clear()
            self._known[host, port] = now + KEEP_SECONDS, task
        # Shielded: whoever asked first may give up, the others still want the answer.
        return await asyncio.shield(task)

    async def _ask(self, host: str, port: int) -> list[Address]:
        date = clock.now()
        try:
            texts = await self._resolver(host, port)
        except OSError as error:
            raise FetchFailed("dns", f"{host}: {error.strerror or error}") from None
        found = [address for text in texts if (address := address_of(text)) is not None]
        if not found:
            raise FetchFailed("dns", f"{host}: no address")
        addresses = list(dict.fromkeys(found))
        self._note(Lookup(host=host, date=date, addresses=tuple(map(str, addresses))))
        return addresses

    def _note(self, lookup: Lookup) -> None:
        """Note a look-up unless its addresses are those of the one before."""
        told = hash(frozenset(lookup.addresses))
        if self._told.get(lookup.host) == told:
            return
        if len(self._told) >= MAX_TOLD:
            self._told.clear()
        self._told[lookup.host] = told
        self._made.append(lookup)

    async def _system(self, host: str, port: int) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        answers = await loop.run_in_executor(self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        return [str(sockaddr[0]) for *_, sockaddr in answers]

    def close(self) -> None:
        """Cancel pending look-ups."""
        for _, task in self._known.values():
            task.cancel()
        self._known.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _failed(task: asyncio.Task[list[Address]]) -> bool:
    """True if a look-up has failed.

    Called once for each, so that asyncio does not report an exception as never retrieved.
    """
    return task.done() and (task.cancelled() or task.exception() is not None)
