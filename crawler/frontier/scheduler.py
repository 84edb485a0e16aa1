"""Scrapy's scheduler over the frontier: hands out leased requests, takes back redirects."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler, Scheduler

from crawler.items import LeasedRequest
from crawler.items import request_meta as keys
from crawler.urls import host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.spiders import Spider

logger = logging.getLogger(__name__)

HEARTBEAT = 5.0
"""Seconds between Scrapy's own looks at an empty queue."""


class Leases(Protocol):
    """Interface of the dispatcher that the scheduler asks."""

    def lease(self) -> LeasedRequest | None:
        """Take the most urgent request whose host is free."""

    def pending(self) -> bool:
        """Return True while there is anything left to do."""

    def wait(self) -> float | None:
        """Return the seconds until the next request falls due."""

    def use_slots(self, slots: Mapping[str, Any]) -> None:
        """Take the downloader's slots by host, which tell when a host may be asked."""


class FrontierScheduler(BaseScheduler):
    """Scheduler whose only own queue holds the redirects of requests in flight."""

    def __init__(self, leases: Leases, crawler: Crawler) -> None:
        self._leases, self._crawler = leases, crawler
        self._alarm: asyncio.TimerHandle | None = None
        self._onward: list[tuple[float, int, Request]] = []
        """Redirected requests by when they may be sent (loop time), then in order."""
        self._numbers = count()
        self._spider: Spider | None = None
        self._broken = False
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BaseScheduler:  # type: ignore[override]
        """The frontier of the crawler's run; Scrapy's own scheduler where there is no run (`scrapy shell`)."""
        run = getattr(crawler.spider, "run", None)
        return cls(run.dispatcher, crawler) if run is not None else Scheduler.from_crawler(crawler)

    def close(self, reason: str) -> None:
        """Cancel the alarm."""
        if self._alarm is not None:
            self._alarm.cancel()

    def open(self, spider: Spider) -> None:
        """Take the spider, whose errback failed requests go to."""
        self._spider = spider
        self._leases.use_slots(self._crawler.engine.downloader.slots)

    def has_pending_requests(self) -> bool:
        """Return True while the crawl must go on."""
        try:
            return not self._broken and (bool(self._onward) or self._leases.pending())
        except Exception as error:  # noqa: BLE001 - logged by `_break`
            self._break(error)
            return False

    def enqueue_request(self, request: Request) -> bool:
        """Take back a redirected request; refuse any other."""
        if keys.LEASE not in request.meta:
            return False
        heappush(self._onward, (request.meta.pop(keys.NOT_BEFORE, 0.0), next(self._numbers), request))
        return True

    def next_request(self) -> Request | None:
        """Return the next request, its host chosen, or None if all hosts are busy."""
        if self._broken:
            return None
        try:
            return self._next()
        except Exception as error:  # noqa: BLE001 - logged by `_break`
            self._break(error)
            return None

    def _break(self, error: Exception) -> None:
        """End the crawl after a fault in choosing the next request."""
        if not self._broken:
            logger.critical("queue-fault", exc_info=error)
            self._broken = True
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="queue-fault"))

    def _next(self) -> Request | None:
        if self._onward and self._onward[0][0] <= asyncio.get_running_loop().time():
            return heappop(self._onward)[2]
        lease = self._leases.lease()
        if lease is None:
            self._set_alarm()
            return None
        return request_of(lease, errback=getattr(self._spider, "failed", None))

    def _set_alarm(self) -> None:
        """Wake Scrapy when the next request may be sent."""
        loop = asyncio.get_running_loop()
        waits = [wait for wait in (self._leases.wait(), self._onward[0][0] - loop.time() if self._onward else None) if wait is not None]
        at = loop.time() + min(waits, default=HEARTBEAT) + 0.001
        if at - loop.time() >= HEARTBEAT or (self._alarm is not None and self._alarm.when() <= at):
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = loop.call_at(at, self._wake)

    def _wake(self) -> None:
        self._alarm = None
        if self._crawler.engine.running:
            # A request that is not ours is refused by `enqueue_request`; what matters is that the engine looks at the queue after it.
            self._crawler.engine.crawl(Request("http://wake.invalid/"))


def request_of(lease: LeasedRequest, *, errback: object = None) -> Request:
    """Build the Scrapy request of a lease, with the validators that are known."""
    # Verbatim: what Scrapy escapes (brackets, bars) and drops (an empty query) is sent as the link has it.
    meta = {keys.LEASE: lease, keys.SLOT: host_of(lease.url), keys.VERBATIM: True}
    return Request(lease.url, headers=lease.conditions, meta=meta, errback=errback, dont_filter=True)  # type: ignore[arg-type]
