"""Finish requests that a fault of ours left open, so that the crawl can end."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from scrapy import signals

from crawler.crawl.run import Run
from crawler.crawl.run_extension import configured_run
from crawler.errors import WriteFailed
from crawler.items import Capture, LeasedRequest, Outcome, Unusable
from crawler.items import request_meta as keys

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)


class UnsettledExtension:
    """Settles what is still leased when a spider callback or a pipeline has raised.

    Scrapy logs such a fault and goes on; the row of the frontier would stay leased, and a crawl with a leased row does not end.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> UnsettledExtension:
        """Scrapy's hook."""
        extension = cls(configured_run(crawler))
        crawler.signals.connect(extension.spider_failed, signal=signals.spider_error)
        crawler.signals.connect(extension.item_failed, signal=signals.item_error)
        return extension

    def spider_failed(self, failure: Failure, response: Any) -> None:
        """Finish the request whose callback or errback has raised.

        Args:
            response: Its argument, an answer or a failure.
        """
        request = getattr(response, "request", None)
        meta = request.meta if request is not None else {}
        if isinstance(lease := meta.get(keys.LEASE), LeasedRequest):
            self._end(lease, meta.get(keys.CAPTURE), failure.value)

    def item_failed(self, item: Any, failure: Failure) -> None:
        """A pipeline has raised."""
        if isinstance(item, Outcome):
            self._end(item.lease, item.capture, failure.value)

    def _end(self, lease: LeasedRequest, capture: Capture | None, error: BaseException | None) -> None:
        if self._run.frontier.leased(lease.key) is None or isinstance(error, WriteFailed):
            return
        detail = f"{type(error).__name__}: {error}"[:150]  # Scrapy has logged its traceback
        ended = Unusable(
            lease=lease, capture=capture, reason="parser-fault", detail=detail, answer=capture is not None, read_state="unreadable"
        )
        task = asyncio.ensure_future(self._settle(ended))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _settle(self, outcome: Unusable) -> None:
        """File the fault and finish the request; each even if the other fails."""
        try:
            await self._run.collection.file(outcome, run_id=self._run.id)
        except Exception:
            # A locked or full index: the request must still end, or the crawl would wait for it for ever.
            logger.exception("unfiled url=%s", outcome.lease.url)
        try:
            self._run.completion.finish(outcome)
        except Exception:
            # A fault of ours in what follows a request: it ends as failed, which the run report counts.
            logger.exception("unsettled url=%s", outcome.lease.url)
            self._run.frontier.settle(outcome.lease.key, "failed", reason="parser-fault", detail=outcome.detail)
