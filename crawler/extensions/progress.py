"""Progress of a crawl: a live line on a terminal, else log lines."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
import time
from typing import TYPE_CHECKING

from scrapy import signals

from crawler.crawl.run import Run
from crawler.crawl.run_extension import configured_run
from crawler.formatting import counted, size

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

LIVE_SECONDS = 0.5
LOG_SECONDS = 60.0


class ProgressExtension:
    """Show counts, queue and the last host every now and then."""

    def __init__(self, crawler: Crawler, run: Run) -> None:
        self._run = run
        self._live = sys.stderr.isatty() and crawler.settings.getbool("ARCHIVE_PROGRESS")
        self._task: asyncio.Task[None] | None = None
        self._started = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ProgressExtension:
        """Scrapy's hook."""
        extension = cls(crawler, configured_run(crawler))
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def opened(self) -> None:
        """Begin to tell."""
        self._task = asyncio.ensure_future(self._tell())

    def closed(self) -> None:
        """Stop, and leave the terminal's line clean."""
        if self._task is not None:
            self._task.cancel()
        if self._live:
            sys.stderr.write("\r\x1b[K")

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(LIVE_SECONDS if self._live else LOG_SECONDS)
            if self._live:
                width = shutil.get_terminal_size().columns - 1
                sys.stderr.write("\r" + self.line()[:width] + "\x1b[K")
                sys.stderr.flush()
            else:
                logger.info("progress %s", self.line())

    def line(self) -> str:
        """Stories, captures, bytes, queue and mirror, in one line."""
        stats = self._run.stats
        seconds = int(time.monotonic() - self._started)
        stories, queue = sum(stats.stories.values()), self._run.frontier.count() + self._run.frontier.in_flight()
        return (
            f"{seconds // 60}:{seconds % 60:02d}  {counted(stories, 'story', 'stories')} ({stats.stories['new']} new)"
            f"  {counted(stats.captures, 'capture')}  {size(stats.bytes)}  queue {queue}"
            f"  {counted(sum(stats.failures.values()), 'failed attempt')}  {stats.last_host}"
        )
