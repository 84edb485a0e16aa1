"""robots.txt, obeyed: its rules before each request, its Crawl-delay between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request

from crawler.crawl.run_extension import find_run
from crawler.errors import FetchFailed
from crawler.items import Capture, LeasedRequest
from crawler.items import request_meta as keys
from crawler.processing.received import Received

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.middlewares.robots_rules import Fetched, RobotsRules


class RobotsMiddleware:
    """Refuse what a host's robots.txt disallows."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, run = crawler, find_run(crawler)
        self._rules: RobotsRules | None = None
        self._archives_too = crawler.settings.getbool("ARCHIVE_MEMENTO_ROBOTS", True)
        if run is not None and crawler.settings.getbool("ROBOTSTXT_OBEY"):
            from crawler.middlewares.robots_rules import RobotsOptions, RobotsRules

            self._rules = RobotsRules(run, RobotsOptions.of(crawler.settings), fetch=self._fetch, slow_down=self._slow_down)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Scrapy's hook."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the host's rules, then refuse or let pass."""
        lease = request.meta.get(keys.LEASE)
        if self._rules is not None and isinstance(lease, LeasedRequest) and lease.role != "robots":
            if keys.is_for_archive(lease) and not self._archives_too:
                return
            await self._rules.check(request.url)

    async def _fetch(self, lease: LeasedRequest) -> Fetched:
        """Fetch a robots.txt through the downloader and its middlewares.

        Raises:
            FetchFailed: No part of an answer came.
        """
        meta: dict[str, Any] = {keys.LEASE: lease, keys.SLOT: urlsplit(lease.url).hostname, keys.VERBATIM: True}
        request = Request(lease.url, meta=meta, dont_filter=True)
        cut: FetchFailed | None = None
        try:
            response = await self._crawler.engine.download_async(request)
            meta = (response.request or request).meta
        except FetchFailed as error:
            meta, cut = error.meta, error
            if keys.PARTIAL not in meta or not isinstance(meta.get(keys.CAPTURE), Capture):
                raise
            response = meta[keys.PARTIAL]
        from crawler.middlewares.robots_rules import Fetched

        return Fetched(received=Received(meta[keys.LEASE], meta[keys.CAPTURE], meta[keys.HEADERS], response.body), cut=cut)

    def _slow_down(self, host: str, seconds: float) -> None:
        """Apply a delay to a host."""
        if (run := find_run(self._crawler)) is not None:
            run.dispatcher.pace.delays.keep(host, seconds)
