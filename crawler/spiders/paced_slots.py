"""Scrapy's downloader with slots that tell when their host may be asked next."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot

from crawler.pacing.budget import DailyBudget
from crawler.pacing.pace import Pace

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class PacedSlot(Slot):
    """Slot that draws its delay once for each request, when the one before is sent.

    Scrapy draws it at each look, so that nobody can know beforehand when the next request will go.
    """

    __slots__ = ("_factor", "_sent")

    @property
    def lastseen(self) -> float:
        """Time of the last request by the monotonic clock; 0 before the first."""
        return self._sent

    @lastseen.setter
    def lastseen(self, when: float) -> None:
        self._sent = when
        self._factor = 1 + random.uniform(-self.jitter, self.jitter)

    def download_delay(self) -> float:
        """Seconds between the last request and the next."""
        return max(0.0, self.delay * self._factor)

    def ready_at(self) -> float:
        """Time of the next request by the monotonic clock."""
        return self._sent + self.download_delay() if self._sent else 0.0


class PacedDownloader(Downloader):
    """Downloader with paced slots, whose delays are those of the run."""

    _pace: Pace | None = None
    _budget: DailyBudget | None = None

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        if (run := getattr(crawler.spider, "run", None)) is not None:
            self._pace, self._budget = run.dispatcher.pace, run.dispatcher.pace.budget

    def _get_slot(self, request: Request, *more: Any) -> tuple[str, Slot]:
        key, slot = super()._get_slot(request, *more)
        if not isinstance(slot, PacedSlot):
            # A slot that rests for a minute is forgotten, and made anew.
            delay = slot.delay if self._pace is None else self._pace.delays.begin(key, slot.delay)
            slot = self.slots[key] = PacedSlot(slot.concurrency, delay, slot.jitter)
            if self._pace is not None:
                self._pace.watch(self.slots, key)
        return key, slot
