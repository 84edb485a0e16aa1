"""Stop of a crawl: for a full disk, and within a limited time."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy import signals

from crawler.crawl.run_extension import configured_run, extension_of
from crawler.spiders.stop import stop_reactor

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.25


class ShutdownExtension:
    """Give up requests still in flight a while after a stop was asked for.

    Their rows stay leased and are finished at the next start.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._grace = crawler.settings.getfloat("ARCHIVE_SHUTDOWN_SECONDS")
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ShutdownExtension:
        """Scrapy's hook."""
        configured_run(crawler)
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def opened(self) -> None:
        """Begin to watch."""
        self._task = asyncio.ensure_future(self._watch())

    def closed(self) -> None:
        """All was finished in time."""
        if self._task is not None:
            self._task.cancel()

    async def _watch(self) -> None:
        # Scrapy has no signal for the begin of a stop, only for its end.
        extension = extension_of(self._crawler)
        run = extension.run
        while self._crawler.crawling and not extension.is_stopping:
            if full := run.collection.disk.out_of_patience():
                extension.stop(full)
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.sleep(self._grace)
        logger.warning("shutdown-given-up in_flight=%d after=%gs", run.frontier.in_flight(), self._grace)
        stop_reactor()
