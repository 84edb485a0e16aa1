"""Log lines: one event, one line, nothing in it that could forge another."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter

from crawler.errors import FetchFailed
from crawler.formatting import one_line
from crawler.items import LeasedRequest, Outcome
from crawler.items import request_meta as keys
from crawler.pipelines import NotAnArticle
from crawler.terminal.log_lines import keep_lines_whole

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure


class OneLineFormatter(LogFormatter):
    """Scrapy's log messages in our form: an event name, then fields."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult:
        """An answer, whatever its status."""
        lease = request.meta.get(keys.LEASE)
        role = lease.role if isinstance(lease, LeasedRequest) else "-"
        capture = request.meta.get(keys.CAPTURE)
        same = " revisit" if capture is not None and capture.revisit_of else ""
        return _line(logging.INFO, f"fetched {response.status}{same} role={role} bytes={len(response.body)} url={response.url}")

    def dropped(self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider) -> Any:
        """Log nothing for an item that is filed but not exported."""
        if isinstance(exception, NotAnArticle):
            return None
        return super().dropped(item, exception, response, spider)

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        """An article, by its story and headline."""
        if isinstance(item, dict) and "headline" in item:
            return _line(logging.INFO, f"read {item.get('story')} template={item.get('template')} headline={item['headline']!r}")
        return _line(logging.DEBUG, "item")

    def item_error(self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        """A fault in a pipeline, with the address of its item."""
        where = item.lease.url if isinstance(item, Outcome) else type(item).__name__
        return _line(logging.ERROR, f"item-failed url={where} error={exception!r}")

    def download_error(self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None) -> LogFormatterResult:
        """A failed fetch: its reason, not its traceback."""
        error = failure.value
        what = f"{error.reason} {error.detail}" if isinstance(error, FetchFailed) else repr(error)
        return _line(logging.INFO, f"failed {what} url={request.url}")


class OneLineLogs:
    """Puts the handlers that there are when a crawl begins under `SafeLines`."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> OneLineLogs:
        """Scrapy's hook."""
        keep_lines_whole()
        return cls()


def _line(level: int, text: str) -> LogFormatterResult:
    return {"level": level, "msg": "%(line)s", "args": {"line": one_line(text)}}
