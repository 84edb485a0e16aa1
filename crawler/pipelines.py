"""The two doors into the collection: bytes first, then what they say."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from scrapy.exceptions import DropItem

from crawler.crawl.session import run_of
from crawler.errors import WriteFailed
from crawler.failpoints import failpoint
from crawler.items import Capture, Exchange, LeasedRequest, Outcome, Parsed, Unusable, content_of
from crawler.parsers.json import as_json

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


logger = logging.getLogger(__name__)

_closing: WeakKeyDictionary[Crawler, asyncio.Future[None]] = WeakKeyDictionary()


def stop(crawler: Crawler, error: WriteFailed) -> None:
    """Close the spider since nothing can be written any more; not awaited: closing waits for whoever calls this."""
    if crawler not in _closing:
        logger.critical("write-failed %s", error)
        _closing[crawler] = asyncio.ensure_future(crawler.engine.close_spider_async(reason="write-failed"))


def is_stopping(crawler: Crawler) -> bool:
    """Whether a crawl is being closed for a failed write."""
    return crawler in _closing


class NotAnArticle(DropItem):
    """A reading that is nothing to export: a feed, a picture, a failure, or one that could not be filed any more."""


class WarcPipeline:
    """Exchange to capture. Called by the record middleware for every exchange; items pass through."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WarcPipeline:
        """Scrapy's way in."""
        return cls(crawler)

    async def record(self, exchange: Exchange, lease: LeasedRequest, *, reason: str | None = None, detail: str = "") -> Capture:
        """Bring an exchange to disk."""
        run = run_of(self._crawler)
        capture = await run.collection.record(exchange, lease, run_id=run.id, reason=reason, detail=detail)
        run.stats.captures += 1
        run.stats.revisits += capture.revisit_of is not None
        run.stats.bytes += len(exchange.response)
        return capture

    async def process_item(self, item: Any) -> Any:
        """Nothing to do with items."""
        return item


class IndexPipeline:
    """Reading to index: article to version, failure to its row, and the errand's end."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> IndexPipeline:
        """Scrapy's way in."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """File a reading; what goes on to feed exports is the article as `scrapy read` would answer it."""
        if not isinstance(item, Outcome):
            return item
        run = run_of(self._crawler)
        try:
            filed = await run.collection.file(item, run_id=run.id)
            failpoint("filed:after")
        except WriteFailed as error:
            stop(self._crawler, error)
            # Said once by `stop`; the capture is held, and is read by the next run.
            raise NotAnArticle(item.lease.url) from error
        except Exception as error:
            # Whatever goes wrong, the errand must end, or the crawl would wait for it for ever.
            run.settle(_unfiled(item, error))
            raise
        standing = run.settle(item, filed)
        failpoint("settled:after")
        if standing is None or not isinstance(content := content_of(standing), Parsed):
            raise NotAnArticle(item.lease.url)
        return as_json(content.article)


def _unfiled(outcome: Outcome, error: Exception) -> Unusable:
    """The outcome of a capture that could not be filed."""
    content, detail = content_of(outcome), f"could not be filed: {error}"[:200]
    return Unusable(
        lease=outcome.lease, capture=outcome.capture, reason="limit", detail=detail, read_state=outcome.read_state, bytes=content.bytes,
        limited=content.limited, left_out=content.left_out,
    )  # fmt: skip
