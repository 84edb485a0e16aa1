"""Parse pages in worker processes limited in CPU time and memory.

A worker that dies costs only its page, which is filed as unreadable: the record is on disk before. Small pages are parsed in a thread.

The record is on disk before anything is read, so a page that a worker cannot digest costs that one reading: it is filed as
unreadable. Small pages, which cannot do much, are read in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from attrs import define, evolve, field

from crawler.items import Headers, Unusable, Usable
from crawler.parsers.encoding.content_coding import grows_beyond
from crawler.processing.interpret import ALL, interpret
from crawler.processing.parse_again import Readers, logged
from crawler.processing.received import Options, Received
from crawler.sites.site import Site

T = TypeVar("T")


@define(kw_only=True)
class ParserPool:
    """Parser pool of one crawl, for its event loop.

    Args:
        from_bytes: Pages above this, inflated, are read by a worker.
    """

    readers: Readers = field(factory=Readers)
    from_bytes: int = 16 * 1024
    _gate: asyncio.Semaphore = field(init=False)
    _gates: WeakValueDictionary[str, asyncio.Semaphore] = field(init=False, factory=WeakValueDictionary)

    def __attrs_post_init__(self) -> None:
        # So that jobs wait here, and not in the threads that others need too.
        self._gate = asyncio.Semaphore(self.readers.workers.limits.workers)

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a worker; one host never occupies all of them."""
        most = max(1, self.readers.workers.limits.workers - 1)
        gate = self._gates.setdefault(host, asyncio.Semaphore(most))
        async with gate, self._gate:
            yield

    async def interpret(self, site: Site, received: Received, options: Options = ALL) -> Usable | Unusable:
        """Interpret a capture; unreadable if that takes too long or too much memory."""
        capture = received.capture
        if capture.role == "requisite" or not await asyncio.to_thread(self._heavy, received.payload, received.headers):
            options = evolve(options, limits=self.readers.limits)
            return logged(await asyncio.to_thread(interpret, site, received, options))
        async with self._turn(capture.host):
            return await asyncio.to_thread(self.readers.interpret, site, received, options)

    async def call(self, host: str, size: int, function: Callable[..., T], *arguments: Any) -> T:
        """Call a function on bytes of a host, in a worker if they are many.

        Raises:
            Unreadable: It took too long or too much memory.
        """
        if size <= self.from_bytes:
            return await asyncio.to_thread(function, *arguments)
        async with self._turn(host):
            return await asyncio.to_thread(self.readers.workers.call, function, *arguments)

    def _heavy(self, payload: bytes, headers: Headers) -> bool:
        inflates = payload.startswith(b"\x1f\x8b") and not headers.joined("content-encoding")
        return inflates or grows_beyond(payload, headers, self.from_bytes)

    def close(self) -> None:
        """End the workers."""
        self.readers.close()
