"""Redirects, followed by us: each hop is an exchange, a record and a row, and none leads astray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.errors import FetchFailed
from crawler.items import Capture
from crawler.reading import REDIRECTS, Headers, read, redirect_target
from crawler.run import moved
from crawler.session import find_run
from crawler.urls import host_of, location_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class RedirectMiddleware:
    """Sends a redirected errand on its way again; refusals reach the spider as `FetchFailed`."""

    def __init__(self, crawler: Crawler) -> None:
        self._run = find_run(crawler)
        self._most = crawler.settings.getint("ARCHIVE_MAX_REDIRECTS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RedirectMiddleware:
        """Scrapy's way in."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Follow, refuse, or pass on what is no redirect."""
        capture = request.meta.get("capture")
        if response.status not in REDIRECTS or self._run is None or not isinstance(capture, Capture):
            return response
        lease, headers = request.meta["lease"], request.meta["headers"]
        reading = read(self._run.site, lease, capture, headers, b"")
        await self._run.collection.file(reading, run_id=self._run.id)
        request.meta["noted"] = reading.read_state
        if lease.role == "robots":
            target = self._robots_target(response.url, headers, lease.hops)
        else:
            target = redirect_target(self._run.site, lease, capture, headers, most=self._most)
        kept = {name: value for name, value in request.meta.items() if name not in ("capture", "headers", "whole", "noted")}
        onward = moved(lease, target)
        return request.replace(url=target, headers={}, meta=kept | {"lease": onward, "download_slot": host_of(target)})

    @staticmethod
    def _robots_target(url: str, headers: Headers, hops: int) -> str:
        """RFC 9309 2.3.1.2: at least five hops, across hosts too."""
        target = location_of(url, headers)
        if target is None or target == url or hops >= 5:
            raise FetchFailed("redirect", "robots.txt redirects nowhere or too often")
        return target
