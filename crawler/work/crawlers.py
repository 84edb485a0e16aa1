"""Scrapy crawlers that begin and end while others go on, in one event loop."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings, Settings

from crawler.crawl.config import user_agent
from crawler.crawl.run import Run
from crawler.spiders.base import ArchiveSpider
from crawler.spiders.crawling import keep_lines_whole_of
from crawler.spiders.engine import OneTaskEngine
from crawler.work.downloading import HANDLER

logger = logging.getLogger(__name__)

_LEFT_OUT = (
    "crawler.extensions.progress.ProgressExtension", "crawler.extensions.shutdown.ShutdownExtension",
    "scrapy.extensions.memusage.MemoryUsage",
)  # fmt: skip
"""Extensions whose work is the worker's: one line for all runs, and one end."""
STOP_SECONDS = 5.0
"""For a crawler to close when what was in flight is given up."""


class WorkEngine(OneTaskEngine):
    """Engine of one of many crawlers that come and go."""

    async def _start_request_processing(self) -> None:
        # Not `settle_heap`: what ended crawlers left would never be freed.
        await ExecutionEngine._start_request_processing(self)

    def give_up(self) -> int:
        """End the requests in flight; their number."""
        for task in self._tasks:
            task.cancel()
        return len(self._tasks)


def crawler_settings(settings: BaseSettings, collection: Path) -> Settings:
    """Make the settings of a worker's crawlers."""
    made = Settings()
    made.update(settings)
    made.set("USER_AGENT", user_agent(settings), priority="cmdline")
    made.set("DOWNLOAD_HANDLERS_BASE", dict.fromkeys(("http", "https"), HANDLER), priority="cmdline")
    kept = {name: place for name, place in settings.getdict("EXTENSIONS_BASE").items() if name not in _LEFT_OUT}
    made.set("EXTENSIONS_BASE", kept, priority="cmdline")
    if not settings.get("ARCHIVE_SPOOL_DIR"):
        made.set("ARCHIVE_SPOOL_DIR", str(collection), priority="cmdline")
    return made


class RunningCrawler:
    """One crawler, from its start to its end.

    Args:
        settings: See `crawler_settings`.
        texts: Spider arguments.
    """

    def __init__(self, settings: Settings, spider: type[ArchiveSpider], run: Run, texts: Mapping[str, str]) -> None:
        crawler = Crawler(spider, settings)
        self._crawler: Crawler | None = crawler
        """None once it has been let go: lanes may still be on their way to it."""
        crawler._create_engine = lambda: WorkEngine(crawler, lambda _: crawler.stop_async())  # type: ignore[method-assign]
        keep_lines_whole_of(crawler)
        self._run, self._texts = run, texts
        self._task: asyncio.Task[None] | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._reason: str | None = None
        self.failed = False
        """Whether its spider could not start."""

    def start(self) -> asyncio.Task[None]:
        """Start it; the task ends when it has ended, and raises nothing.

        One that was stopped before ends at once.
        """
        self._task = asyncio.ensure_future(self._go())
        if self._reason is not None:
            self.stop(self._reason)
        return self._task

    async def _go(self) -> None:
        assert self._crawler is not None
        try:
            await self._crawler.crawl_async(run=self._run, **self._texts)
        except Exception:
            self.failed = True
            logger.exception("part-start-failed site=%s run=%d", self._run.site.name, self._run.id)

    def connect(self, receiver: Any, signal: object) -> None:
        """Connect a receiver to a signal of this crawler."""
        assert self._crawler is not None
        self._crawler.signals.connect(receiver, signal=signal)

    @property
    def _engine(self) -> ExecutionEngine | None:
        return self._crawler._engine if self._crawler is not None else None

    @property
    def finish_reason(self) -> str:
        """Scrapy's word for its end, or the reason that `stop` was given."""
        if self.failed or self._crawler is None or self._crawler._stats is None:
            return "start_error"
        return self._reason or str(self._crawler.stats.get_value("finish_reason") or "shutdown")

    @property
    def is_ending(self) -> bool:
        """Return True if it asks for nothing new any more."""
        if self._crawler is None or self._reason is not None or (self._task is not None and self._task.done()):
            return True
        slot = engine._slot if (engine := self._engine) is not None else None
        return slot is not None and slot.closing is not None

    def stop(self, reason: str) -> None:
        """Have it finish what is in flight, and end.

        Before its start: end as soon as it is started.
        """
        if self._crawler is None or self._stopping is not None or (self._task is not None and self._task.done()):
            return
        self._reason = reason
        if self._task is not None:
            self._stopping = asyncio.ensure_future(self._stop(self._crawler))

    async def _stop(self, crawler: Crawler) -> None:
        # Scrapy forgets a stop that it is asked for before its engine runs.
        while crawler.crawling and not (crawler._engine is not None and crawler._engine.running):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        if crawler.crawling:
            await crawler.stop_async()

    def wake(self) -> None:
        """Have the engine look at the queue now."""
        engine = self._engine
        if engine is not None and engine.running and engine._slot is not None:
            engine._slot.nextcall.schedule()

    async def give_up(self) -> None:
        """End it at once: what is in flight is given up."""
        engine = self._engine
        if isinstance(engine, WorkEngine):
            logger.warning("shutdown-given-up site=%s in_flight=%d", self._run.site.name, engine.give_up())
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=STOP_SECONDS)
            self._task.cancel()

    def let_go(self) -> None:
        """Free what the crawler holds: its parts refer to each other in circles."""
        if (crawler := self._crawler) is not None:
            crawler.spider = None
            crawler._engine = crawler._extensions = self._crawler = None


def collect() -> None:
    """Collect the circles that ended crawlers leave."""
    gc.collect()
