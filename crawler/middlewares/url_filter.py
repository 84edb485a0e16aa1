"""Refusal of malformed addresses and of those on the site's never-fetch list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.crawl.run_extension import find_run
from crawler.errors import FetchFailed
from crawler.urls import problem_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class RefuseMiddleware:
    """Refuse addresses, first in line, before anything is asked for."""

    def __init__(self, crawler: Crawler) -> None:
        self._run = find_run(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RefuseMiddleware:
        """Scrapy's hook."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse, or let pass."""
        if problem := problem_of(request.url):
            raise FetchFailed("bad-url", problem)
        if self._run is not None and self._run.site.forbidden(request.url):
            raise FetchFailed("guard", "on the site's never-fetch list")
