"""Redirects, followed by us: each hop is an exchange, a record and a row, and none leads astray."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from crawler.crawl.session import find_run
from crawler.errors import FetchFailed
from crawler.items import Capture, Unusable
from crawler.parsers.classify.retry_after import retry_after
from crawler.processing.interpret import interpret
from crawler.processing.received import Received
from crawler.processing.redirects import OF_ONE_HOP, RedirectChain, is_redirect
from crawler.urls import host_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class RedirectMiddleware:
    """Sends a redirected errand on its way again; refusals reach the spider as `FetchFailed`.

    The recorder has followed the chain of hops already, since what the chain forbids is written beside the answer. The cookies that
    the chain's answers have set go with the next hop; no other errand ever sends them.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._run = find_run(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RedirectMiddleware:
        """Scrapy's way in."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Follow, refuse, or pass on what is no redirect."""
        meta = request.meta
        capture, headers = meta.get("capture"), meta.get("headers", ())
        if self._run is None or not isinstance(capture, Capture) or not is_redirect(response.status, headers):
            return response
        outcome = interpret(self._run.site, Received(meta["lease"], capture, headers, b""))
        await self._run.collection.file(outcome, run_id=self._run.id)
        meta["noted"] = outcome.read_state
        if isinstance(outcome, Unusable):
            raise FetchFailed(outcome.reason, outcome.detail, answer=outcome.answer)
        onward, chain = meta["onward"], meta["redirects"]
        assert isinstance(chain, RedirectChain)
        more = {"lease": onward, "download_slot": host_of(onward.url)}
        if wait := self._run.patience.heeded(retry_after(headers, capture.date)):
            # RFC 9110 10.2.3: so long before the redirected request is sent.
            more["not_before"] = asyncio.get_running_loop().time() + wait
        cookies = chain.cookies(onward.url)
        kept = {name: value for name, value in meta.items() if name not in OF_ONE_HOP}
        return request.replace(url=onward.url, headers={"Cookie": cookies.encode("latin-1")} if cookies else {}, meta=kept | more)
