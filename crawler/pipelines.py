"""Scrapy pipelines: exchanges into the collection, outcomes into its index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from crawler.crawl.run_extension import extension_of
from crawler.errors import WriteFailed
from crawler.failpoints import failpoint
from crawler.index.rows import iso
from crawler.index.stories import Filed
from crawler.items import Capture, Exchange, LeasedRequest, Outcome, Parsed, Unusable, content_of
from crawler.parsers.json import as_json

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class NotAnArticle(DropItem):
    """An outcome with nothing to export: a feed, a picture, a failure."""

    def __init__(self, lease: LeasedRequest) -> None:
        self.role = lease.role
        super().__init__(lease.url)


class WarcPipeline:
    """Exchange to capture; called by the record middleware for every exchange. Items pass through."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WarcPipeline:
        """Scrapy's hook."""
        return cls(crawler)

    async def record(self, exchange: Exchange, lease: LeasedRequest, *, reason: str | None = None, detail: str = "") -> Capture:
        """Bring an exchange to disk."""
        run = extension_of(self._crawler).run
        capture = await run.collection.record(exchange, lease, run_id=run.id, reason=reason, detail=detail)
        run.stats.count_capture(capture, len(exchange.response))
        return capture

    async def process_item(self, item: Any) -> Any:
        """Pass items on."""
        return item


class IndexPipeline:
    """Outcome to index, and the end of its request."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> IndexPipeline:
        """Scrapy's hook."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """File an outcome; feed exports get the article as `scrapy read` would answer it."""
        if not isinstance(item, Outcome):
            return item
        extension = extension_of(self._crawler)
        run = extension.run
        try:
            filed = await run.collection.file(item, run_id=run.id)
            failpoint("filed:after")
        except WriteFailed as error:
            extension.stop(error)
            # Logged once by `stop`; the capture is held, and is read by the next run.
            raise NotAnArticle(item.lease) from error
        except Exception as error:
            # Whatever goes wrong, the request must be finished, or the crawl would wait for it for ever.
            run.completion.finish(_unfiled(item, error))
            raise
        standing = run.completion.finish(item, filed)
        failpoint("settled:after")
        if standing is None or not isinstance(content := content_of(standing), Parsed):
            raise NotAnArticle(item.lease)
        # A text that came cut several times stands by its longest capture; which version that is was told when it was filed.
        return as_json(content.article) | _provenance(content.capture, filed if standing is item else None)


def _provenance(capture: Capture, filed: Filed | None) -> dict[str, Any]:
    """Return the place an article was read at; names of table `captures`."""
    return {
        "capture_date": iso(capture.date), "host": capture.host, "warc": capture.warc, "offset": capture.offset, "length": capture.length,
        "record_id": capture.record_id, "version": filed.n if filed else None,
    }  # fmt: skip


def _unfiled(outcome: Outcome, error: Exception) -> Unusable:
    """The outcome of a capture that could not be filed."""
    content, detail = content_of(outcome), f"could not be filed: {error}"[:200]
    return Unusable(
        lease=outcome.lease, capture=outcome.capture, reason="limit", detail=detail, read_state=outcome.read_state, bytes=content.bytes,
        limited=content.limited, left_out=content.left_out,
    )  # fmt: skip
