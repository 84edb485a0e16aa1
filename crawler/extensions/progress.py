"""Progress of a crawl: a live line on a terminal, else log lines."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from scrapy import signals

from crawler.backfill.progress import Pacemeter, left_over
from crawler.crawl.run import Run
from crawler.crawl.run_extension import configured_run
from crawler.crawl.stats import CrawlStats
from crawler.formatting import counted, size
from crawler.terminal.bar import Bar
from crawler.terminal.durations import duration
from crawler.terminal.screen import is_live

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
        self._bar: Bar | None = None
        self._live = is_live(sys.stderr) and crawler.settings.getbool("ARCHIVE_PROGRESS")
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
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(LIVE_SECONDS if self._live else LOG_SECONDS)
            if next(one for one in self._together if one._task is not None) is not self:
                continue
            share, parts = self.told()
            if self._live:
                self._bar = self._bar or Bar()
                self._bar.draw(share, parts)
            else:
                logger.info("progress %s", ", ".join(parts))

    def told(self) -> tuple[float | None, list[str]]:
        """Return the share that is done, and what is told, the most important first."""
        runs = [one._run for one in self._together] or [self._run]
        left, ended = sum(left_over(_queue(run), run.dispatcher.numbers) for run in runs), sum(run.stats.ended for run in runs)
        needed = self._pacemeter.seconds_for(left, ended, time.monotonic())
        parts = list(_counts([run.stats for run in runs], int(time.monotonic() - self._started)))
        if left or ended:
            due = f" (about {duration(needed)})" if needed is not None and left else ""
            parts.insert(2, f"{counted(left, 'address', 'addresses')} left{due}")
        return ended / (ended + left) if ended + left else None, [*parts, *filter(None, [self._run.stats.last_host])]


def _counts(every: Sequence[CrawlStats], seconds: int) -> Iterator[str]:
    """Yield time, stories, captures, rate and bytes of runs together."""
    yield f"{seconds // 60}:{seconds % 60:02d}"
    stories = sum((each.stories for each in every), Counter[str]())
    yield (f"{counted(len(every), 'site')}: " if len(every) > 1 else "") + f"{_stories(stories.total())} ({stories['new']} new)"
    captures, failures = sum(each.captures for each in every), sum(each.failures.total() for each in every)
    yield counted(captures, "capture")
    if seconds and captures:
        yield f"{captures / seconds:.2g} a second"
    yield size(sum(each.bytes for each in every))
    if failures:
        yield counted(failures, "failed attempt")


def _stories(count: int) -> str:
    return counted(count, "story", "stories")


def _queue(run: Run) -> int:
    return run.frontier.count() + run.frontier.in_flight()
