"""The run of a Scrapy crawler, as its other parts find it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from crawler.crawl.run import Run
from crawler.errors import SetupError, WriteFailed

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class RunExtension:
    """Owner of a crawler's run; ends the crawl when a write fails."""

    def __init__(self, crawler: Crawler, run: Run) -> None:
        self.run = run
        self._crawler = crawler
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunExtension:
        """Take the run that the spider was started with."""
        extension = cls(crawler, configured_run(crawler))
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def closed(self) -> None:
        """End the worker processes: nothing is parsed any more."""
        self.run.end_parsing()

    def stop(self, error: WriteFailed) -> None:
        """Close the spider for a failed write; not awaited: closing waits for the caller."""
        if self._closing is None:
            logger.critical("write-failed %s", error)
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="write-failed"))

    @property
    def is_stopping(self) -> bool:
        """True while the crawl is being closed for a failed write."""
        return self._closing is not None


def configured_run(crawler: Crawler) -> Run:
    """The run of a crawler's spider; for extensions while Scrapy makes them.

    Raises:
        NotConfigured: There is none: Scrapy leaves the extension out.
    """
    run = getattr(crawler.spider, "run", None)
    if not isinstance(run, Run):
        raise NotConfigured
    return run


def find_run(crawler: Crawler) -> Run | None:
    """The run of a crawler; None outside `scrapy crawl`.

    Call when Scrapy has made its extensions.
    """
    extension = crawler.get_extension(RunExtension)
    return extension.run if extension is not None else None


def extension_of(crawler: Crawler) -> RunExtension:
    """The extension that owns a crawler's run.

    Raises:
        SetupError: It has none: it was not started by `scrapy crawl`.
    """
    extension = crawler.get_extension(RunExtension)
    if extension is None:
        raise no_run()
    return extension


def no_run() -> SetupError:
    """The error of a crawl that was not started by `scrapy crawl`."""
    return SetupError("no collection is open: start crawls with `scrapy crawl SITE`")
