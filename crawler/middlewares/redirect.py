"""Redirects: each hop is an exchange, a record and a row of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.crawl.run_extension import find_run
from crawler.errors import FetchFailed
from crawler.items import Capture, Unusable
from crawler.items import request_meta as keys
from crawler.processing.hops import onward
from crawler.processing.interpreter import interpret
from crawler.processing.received import Received
from crawler.processing.redirects import is_redirect

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class RedirectMiddleware:
    """Send a redirected request onward; refusals reach the spider as `FetchFailed`.

    The recorder has taken the hop already, since what the chain of hops forbids is written beside the answer. The cookies that
    the chain's answers have set go with the next hop; no other request ever sends them.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._run = find_run(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RedirectMiddleware:
        """Scrapy's hook."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Follow, refuse, or pass on what is no redirect."""
        meta = request.meta
        capture, headers = meta.get(keys.CAPTURE), meta.get(keys.HEADERS, ())
        if self._run is None or not isinstance(capture, Capture) or not is_redirect(response.status, headers):
            return response
        if keys.is_for_archive(meta[keys.LEASE]):
            return response
        from crawler.parsers.classify.retry_after import retry_after

        outcome = interpret(self._run.site, Received(meta[keys.LEASE], capture, headers, b""))
        await self._run.collection.file(outcome, run_id=self._run.id)
        meta[keys.NOTED] = outcome.read_state
        if isinstance(outcome, Unusable):
            raise FetchFailed(outcome.reason, outcome.detail, answer=outcome.answer, moved_to=outcome.moved_to)
        wait = self._run.policy.retry.heeded(retry_after(headers, capture.date))
        further: Request = request.replace(**onward(meta, meta[keys.ONWARD], wait=wait))
        return further
