"""Parse pages in worker processes limited in CPU time and memory.

The record is on disk before anything is read, so a page that a worker cannot digest costs that one reading: it is filed as
unreadable. Small pages, which cannot do much, are read in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from attrs import define, evolve, field

from crawler.items import Headers, Unusable, Usable
from crawler.parsers.encoding.content_coding import grows_beyond
from crawler.processing.interpret import ALL, interpret
from crawler.processing.parse_again import Readers, logged
from crawler.processing.received import Options, Received
from crawler.sites.site import Site
from crawler.workers.job_map import Call
from crawler.workers.job_queue import JobQueue

T = TypeVar("T")


@define(kw_only=True)
class ParserPool:
    """Parser pool of one crawl, for its event loop.

    Args:
        from_bytes: Pages above this, inflated, are read by a worker.
    """

    readers: Readers = field(factory=Readers)
    from_bytes: int = 16 * 1024
    _jobs: JobQueue = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._jobs = JobQueue(self.readers.workers)

    async def interpret(self, site: Site, received: Received, options: Options = ALL) -> Usable | Unusable:
        """Interpret a capture; unreadable if that takes too long or too much memory."""
        capture = received.capture
        if capture.role == "requisite" or not self._heavy(received.payload, received.headers):
            options = evolve(options, limits=self.readers.limits)
            return logged(await asyncio.to_thread(interpret, site, received, options))
        call, answer, failed = self.readers.call_for(site, received, options), None, None
        try:
            answer = await self._jobs.do(capture.host, call, len(received.payload), urgent=not options.parse)
        except Exception as error:  # noqa: BLE001 - `outcome` knows what it means
            failed = error
        return self.readers.outcome(received, answer, failed)

    async def call(self, host: str, size: int, function: Callable[..., T], *arguments: Any, kind: Any = Any) -> T:
        """Call a function on bytes of a host, in a worker if they are many.

        Args:
            kind: The type of its answer, made of plain data.
        Raises:
            Unreadable: It took too long or too much memory.
        """
        if size <= self.from_bytes:
            return await asyncio.to_thread(function, *arguments)
        answer: T = await self._jobs.do(host, Call(function=function, arguments=arguments, kind=kind), size)
        return answer

    def _heavy(self, payload: bytes, headers: Headers) -> bool:
        """Test for a page to be read by a worker."""
        if len(payload) > self.from_bytes:
            return True
        inflates = payload.startswith(b"\x1f\x8b") and not headers.joined("content-encoding")
        return inflates or grows_beyond(payload, headers, self.from_bytes)

    def close(self) -> None:
        """End the workers."""
        self._jobs.close()
        self.readers.close()
