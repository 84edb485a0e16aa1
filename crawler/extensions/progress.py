"""Progress of a crawl: a live line on a terminal, else log lines."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from scrapy import signals

from crawler.backfill.progress import Pacemeter, left_over, progress_line
from crawler.crawl.run import Run
from crawler.crawl.run_extension import configured_run
from crawler.formatting import counted, size

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

LIVE_SECONDS = 0.5
LOG_SECONDS = 60.0


class ProgressExtension:
    """Show counts, queue and the last host every now and then, for all runs together."""

    _together: ClassVar[list[ProgressExtension]] = []
    """Of the runs that began while another went on; the first that still goes on shows the line."""

    def __init__(self, crawler: Crawler, run: Run) -> None:
        self._run = run
        self._live = sys.stderr.isatty() and crawler.settings.getbool("ARCHIVE_PROGRESS")
        self._task: asyncio.Task[None] | None = None
        self._started = time.monotonic()
        self._pacemeter = Pacemeter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ProgressExtension:
        """Scrapy's hook."""
        extension = cls(crawler, configured_run(crawler))
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def opened(self) -> None:
        """Begin to tell."""
        if not any(one._task is not None for one in self._together):
            self._together.clear()
        self._together.append(self)
        self._task = asyncio.ensure_future(self._tell())

    def closed(self) -> None:
        """Stop, and leave the terminal's line clean."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._live:
            sys.stderr.write("\r\x1b[K")

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(LIVE_SECONDS if self._live else LOG_SECONDS)
            if next(one for one in self._together if one._task is not None) is not self:
                continue
            if self._live:
                width = shutil.get_terminal_size().columns - 1
                sys.stderr.write("\r" + self.line()[:width] + "\x1b[K")
                sys.stderr.flush()
            else:
                logger.info("progress %s", self.line())

    def line(self) -> str:
        """Stories, captures, bytes, queue and mirror, in one line."""
        runs = [one._run for one in self._together] or [self._run]
        every, seconds = [run.stats for run in runs], int(time.monotonic() - self._started)
        stories, new = sum(sum(each.stories.values()) for each in every), sum(each.stories["new"] for each in every)
        captures, failures = sum(each.captures for each in every), sum(sum(each.failures.values()) for each in every)
        return (
            f"{seconds // 60}:{seconds % 60:02d}  " + (f"{counted(len(runs), 'site')}  " if len(runs) > 1 else "")
            + f"{counted(stories, 'story', 'stories')} ({new} new)  {counted(captures, 'capture')}"
            f"  {size(sum(each.bytes for each in every))}  queue {sum(map(_queue, runs))}"
            f"  {counted(failures, 'failed attempt')}{self._backfill(runs)}  {self._run.stats.last_host}"
        )  # fmt: skip


    def _backfill(self, runs: Sequence[Run]) -> str:
        """Tell what is left of backfills, and how long it takes."""
        if not any(run.arguments.backfill for run in runs):
            return ""
        left = sum(left_over(_queue(run), run.dispatcher.numbers) for run in runs)
        seconds = self._pacemeter.seconds_for(left, sum(run.stats.ended for run in runs), time.monotonic())
        return progress_line(left, seconds)


def _queue(run: Run) -> int:
    return run.frontier.count() + run.frontier.in_flight()
