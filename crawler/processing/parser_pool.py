"""Parse pages in worker processes limited in CPU time and memory.

The record is on disk before anything is read, so a page that a worker cannot digest costs that one reading: it is filed as
unreadable. Small pages, which cannot do much, are read in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from attrs import define, evolve, field, frozen

from crawler.items import Headers, Unusable, Usable
from crawler.parsers.encoding.content_coding import grows_beyond
from crawler.processing.interpreter import interpret
from crawler.processing.parse_again import Readers, logged
from crawler.processing.received import ALL, Options, Received
from crawler.sites.site import Site
from crawler.workers.job_map import Call
from crawler.workers.job_queue import JobQueue

T = TypeVar("T")


@define(kw_only=True)
class ParserPool:
    """Parser pool of one crawl, for its event loop.

    Args:
        from_bytes: Pages above this, inflated, are read by a worker.
        backlog_pages: Pages that may wait for a worker or be read, all hosts together.
        backlog_bytes: Of their payloads.
    """

    readers: Readers = field(factory=Readers)
    from_bytes: int = 16 * 1024
    backlog_pages: int = 64
    backlog_bytes: int = 32 * 1024 * 1024
    _jobs: JobQueue = field(init=False)
    _asked: set[Future[Usable | Unusable]] = field(init=False, factory=set)
    """By other threads, and not answered."""

    def __attrs_post_init__(self) -> None:
        self._jobs = JobQueue(self.readers.workers)

    def would_wait(self, received: Received) -> bool:
        """Test for a page that would have to wait behind as many as may wait."""
        if len(self._jobs) < self.backlog_pages and self._jobs.bytes < self.backlog_bytes:
            return False
        return self._heavy(received.payload, received.headers)

    @property
    def has_room(self) -> bool:
        """Return True while no page waits for a worker."""
        return not self._jobs.waiting

    async def interpret(self, site: Site, received: Received, options: Options = ALL) -> Usable | Unusable:
        """Interpret a capture; unreadable if that takes too long or too much memory."""
        capture = received.capture
        if not self.needs_worker(received):
            return await asyncio.to_thread(self.interpret_here, site, received, options)
        call, answer, failed = self.readers.call_for(site, received, options), None, None
        try:
            urgent = not options.parse or capture.role not in ("story", "page")
            answer = await self._jobs.do(capture.host, call, len(received.payload), urgent=urgent)
        except Exception as error:  # noqa: BLE001 - `outcome` knows what it means
            failed = error
        return self.readers.outcome(received, answer, failed)

    def needs_worker(self, received: Received) -> bool:
        """Test for a capture that is interpreted in a worker process, not in a thread."""
        return received.capture.role != "requisite" and self._heavy(received.payload, received.headers)

    def interpret_here(self, site: Site, received: Received, options: Options) -> Usable | Unusable:
        """Interpret a capture that needs no worker in the calling thread."""
        return logged(interpret(site, received, evolve(options, limits=self.readers.limits)))

    def prepare(self) -> None:
        """Start a worker, which imports the readers while the first page is on its way."""
        self.readers.workers.prepare()

    def for_threads(self) -> FromThread:
        """The same for other threads, which wait; made in the event loop's."""
        return FromThread(self, asyncio.get_running_loop())

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
        for asked in list(self._asked):
            asked.cancel()
        self.readers.close()


@frozen
class FromThread:
    """The parser pool of an event loop, asked from another thread."""

    _pool: ParserPool
    _loop: asyncio.AbstractEventLoop

    def interpret(self, site: Site, received: Received, options: Options = ALL) -> Usable | Unusable:
        """As `ParserPool.interpret`, to be waited for.

        Raises:
            CancelledError: The pool was closed.
        """
        if not self._pool.needs_worker(received):
            # In this thread: the loop's threads are few, and all of them may be waiting here for one to be free.
            return self._pool.interpret_here(site, received, options)
        asked = asyncio.run_coroutine_threadsafe(self._pool.interpret(site, received, options), self._loop)
        self._pool._asked.add(asked)
        try:
            return asked.result()
        finally:
            self._pool._asked.discard(asked)
