"""Pages that are read later in the same run.

The readers had too many, or one page took too long.

Such a page is captured, and what it leads to is queued. Its row stays `captured`, as that of a run that was killed, and is read as these
are: when no other page waits for a reader, before the crawl ends, or by the next run.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from attrs import define, evolve, field
from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider

from crawler.crawl.run import Run
from crawler.frontier.rows import FrontierRow
from crawler.items import Outcome, Parsed, Unparsed, Unusable, Usable
from crawler.processing.received import Options, Received

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
logger = logging.getLogger(__name__)

SLOW_SECONDS = 10.0
"""On the clock, after which the host of a page does not wait for its reading any more."""
LOOK_SECONDS = 0.1
"""Between two looks for a free reader."""
LEFT = "page read later in the run, since the readers had fallen behind"
SLOW = f"page whose reading took over {SLOW_SECONDS:g} s, read later in the run"

TakeUp = Callable[[FrontierRow], Awaitable[Outcome | None]]


@define(eq=False)
class LateReading:
    """Interpretation of answers that never holds up a crawl.

    Args:
        take_up: Parses a captured row, and queues what it leads to.
    """

    _run: Run
    _take_up: TakeUp = field(kw_only=True)
    _crawler: Crawler = field(init=False)
    _left: dict[str, None] = field(init=False, factory=dict)
    """Keys of rows that were left."""
    _task: asyncio.Task[None] | None = field(init=False, default=None)

    def connect(self, crawler: Crawler) -> None:
        """Keep a crawl from ending while pages are left."""
        self._crawler = crawler
        crawler.signals.connect(self.idle, signal=signals.spider_idle)
        crawler.signals.connect(self.closed, signal=signals.spider_closed)

    async def interpret(self, received: Received, options: Options) -> Usable | Unusable:
        """Interpret an answer; `Unparsed` for a page that must be left."""
        run, pool = self._run, self._run.parsers
        if not options.parse or received.capture.role not in ("story", "page"):
            return await pool.interpret(run.site, received, options)
        if self._may_repeat(received) and not self._lacks_requisites(received):
            repeated = await asyncio.to_thread(self._repeated, received)
            if repeated is not None:
                return repeated
        why = LEFT
        reading: asyncio.Future[Usable | Unusable] | None = None
        if not pool.would_wait(received):
            reading, why = asyncio.ensure_future(pool.interpret(run.site, received, options)), SLOW
            done, _ = await asyncio.wait({reading}, timeout=SLOW_SECONDS)
            if done:
                return reading.result()
        brief = await pool.interpret(run.site, received, evolve(options, parse=False))
        if reading is not None:
            reading.cancel()
        if isinstance(brief, Unparsed):
            run.stats.limits[why] += 1
        return brief

    def _may_repeat(self, received: Received) -> bool:
        """Tell whether the same address may have brought the same bytes before.

        Readings of other addresses are no help.
        """
        capture = received.capture
        if not capture.revisit_of:
            return False
        row = self._run.frontier.leased(received.lease.key)
        return capture.refers_to_url in (None, capture.url) or (row is not None and row.validates is not None)

    def _lacks_requisites(self, received: Received) -> bool:
        """Tell whether a page must be read for what it needs to be shown."""
        row = self._run.frontier.leased(received.lease.key)
        return self._run.arguments.with_files and (row is None or self._run.arguments.lacks_requisites(row.requisites))

    def _repeated(self, received: Received) -> Parsed | None:
        """The outcome of a page whose bytes were read before."""
        from crawler.maintenance.repeats import Repeats

        readers, collection = self._run.parsers.readers, self._run.collection
        with collection.reader() as index:
            repeats = Repeats(index, collection.path, readers.folders, readers.limits)
            return repeats.outcome(received.capture, received.lease, lambda: received.headers)

    def leave(self, key: str) -> None:
        """Leave a page whose row is captured; it is read when there is time."""
        self._run.frontier.leave(key)
        self._left[key] = None
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._read())

    def idle(self) -> None:
        """Go on while pages are left.

        Raises:
            DontCloseSpider
        """
        if self._task is not None and not self._task.done():
            raise DontCloseSpider

    def closed(self) -> None:
        """Leave the rest to the next run."""
        if self._task is not None:
            self._task.cancel()

    async def _read(self) -> None:
        """Read the pages that are left, several at a time."""
        while self._left:
            keys = iter(list(self._left))
            await asyncio.gather(*(self._read_some(keys) for _ in range(max(1, self._run.parsers.readers.workers.limits.workers))))
            await asyncio.sleep(LOOK_SECONDS)
        self._wake()

    async def _read_some(self, keys: Iterator[str]) -> None:
        frontier = self._run.frontier
        for key in keys:
            while not self._run.parsers.has_room:  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)
            if (row := frontier.take_up(key)) is not None:
                del self._left[key]
                await self._one(row)
            elif (now := frontier.row(key)) is None or now.state != "leased" or frontier.leased(key) is not None:
                # Settled otherwise, or asked for again; what is `leased` and not held is about to be committed as captured.
                del self._left[key]

    async def _one(self, row: FrontierRow) -> None:
        outcome = await self._take_up(row)
        if outcome is not None and self._crawler.engine is not None:
            await self._crawler.engine.scraper.start_itemproc_async(outcome, response=None)
        self._wake()

    def _wake(self) -> None:
        """Have the engine look at the queue, and whether the crawl is over."""
        if self._crawler.engine is not None and self._crawler.engine.running:
            self._crawler.engine.crawl(Request("http://wake.invalid/"))  # refused by the scheduler
