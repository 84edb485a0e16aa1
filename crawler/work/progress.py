"""Progress of a worker: a live line on a terminal, else log lines."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from typing import TYPE_CHECKING

from crawler.formatting import counted, size
from crawler.terminal.bar import Bar
from crawler.terminal.screen import is_live

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from crawler.work.worker import Worker

logger = logging.getLogger(__name__)

LIVE_SECONDS = 0.5
LOG_SECONDS = 60.0


class Progress:
    """Tells of all parts together."""

    def __init__(self, worker: Worker, settings: BaseSettings) -> None:
        self._worker, self._live = worker, is_live(sys.stderr) and settings.getbool("ARCHIVE_PROGRESS")
        self._began = time.monotonic()
        self._task: asyncio.Task[None] | None = None
        self._bar: Bar | None = None

    def start(self) -> None:
        """Begin to tell."""
        self._task = asyncio.ensure_future(self._go())

    def close(self) -> None:
        """Stop, and leave the terminal's line clean."""
        if self._task is not None:
            self._task.cancel()
        if self._bar is not None:
            self._bar.close()

    async def _go(self) -> None:
        while True:
            await asyncio.sleep(LIVE_SECONDS if self._live else LOG_SECONDS)
            if self._live:
                self._bar = self._bar or Bar()
                self._bar.draw(None, self.told())
            else:
                logger.info("progress %s", ", ".join(self.told()))

    def told(self) -> list[str]:
        """Return what is told, the most important first."""
        running, told = self._worker.running, self._worker.told
        captures = told.captures + sum(part.run.stats.captures for part in running)
        seconds = time.monotonic() - self._began
        return [
            f"{counted(len(running), 'part')} running, {told.ended} ended", counted(captures, "capture"),
            f"{captures / max(seconds, 1.0):.2g} a second", size(told.bytes + sum(part.run.stats.bytes for part in running)),
            counted(len(self._worker.keeper.claims), "lane"),
        ]  # fmt: skip
