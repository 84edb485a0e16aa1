"""Innermost: nothing leaves the downloader before it is on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.collection.ingest import unanswered
from crawler.crawl.session import find_run
from crawler.errors import FetchFailed, OutOfFiles, WriteFailed, unforeseen
from crawler.items import Exchange, LeasedRequest
from crawler.pipelines import WarcPipeline, stop
from crawler.processing.interpret import START_BYTES, start_needed
from crawler.processing.redirects import RedirectChain, is_redirect
from crawler.urls import location_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.items import Capture


class RecordMiddleware:
    """Turns the exchange that the handler left on a request into a capture, for answers and for failures alike.

    robots.txt, redirects, errors, pictures, cut-off bodies: all pass this one door. A write error stops the crawl.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._run = crawler, find_run(crawler)
        self._most = crawler.settings.getint("ARCHIVE_MAX_REDIRECTS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RecordMiddleware:
        """Scrapy's way in."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Record, then let the answer go on; its capture stays on `request.meta`."""
        self._note_lookups(request)
        exchange = request.meta.pop("exchange", None)
        if self._run is not None and isinstance(exchange, Exchange):
            _keep_for_reading(request, exchange)
            stopped = self._followed(request, exchange)
            reason, detail = (stopped.reason, stopped.detail) if stopped else (None, "")
            request.meta["capture"] = await self._record(exchange, request.meta["lease"], reason=reason, detail=detail)
            if stopped:
                request.meta["noted"] = "unreadable"
                raise stopped
        return response

    def _note_lookups(self, request: Request) -> None:
        """Have the names that were resolved written before what is recorded next."""
        if self._run is not None and (lookups := request.meta.pop("lookups", ())):
            self._run.collection.resolved(lookups)

    def _followed(self, request: Request, exchange: Exchange) -> FetchFailed | None:
        """Take a redirect's hop; what forbids it is returned, to be written beside the answer."""
        target = location_of(exchange.url, exchange.headers) if is_redirect(exchange.status, exchange.headers) else None
        if target is None:
            return None
        chain = request.meta.setdefault("redirects", RedirectChain(most=self._most))
        try:
            request.meta["onward"] = chain.follow(request.meta["lease"], exchange.url, target, exchange.headers)
        except FetchFailed as error:
            return error
        return None

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Record what came before it failed, or that nothing came."""
        self._note_lookups(request)
        if isinstance(exception, WriteFailed):
            # The answer was too large for memory, and there was no room to keep it beside the archive.
            stop(self._crawler, exception)
        lease = request.meta.get("lease")
        if self._run is None or isinstance(exception, WriteFailed | OutOfFiles) or not isinstance(lease, LeasedRequest):
            return
        error = exception if isinstance(exception, FetchFailed) else unforeseen(exception)
        if error.exchange is not None:
            if "partial" in request.meta:
                _keep_for_reading(request, error.exchange)
                error.meta = request.meta
            request.meta["capture"] = await self._record(error.exchange, lease, reason=error.reason, detail=error.detail)
        else:
            await self._fail(lease, error)
        request.meta["noted"] = "unreadable"

    async def _record(self, exchange: Exchange, lease: LeasedRequest, *, reason: str | None = None, detail: str = "") -> Capture:
        pipeline = self._crawler.get_item_pipeline(WarcPipeline)
        assert pipeline is not None
        try:
            capture = await pipeline.record(exchange, lease, reason=reason, detail=detail)
        except WriteFailed as error:
            stop(self._crawler, error)
            raise
        # Only now: where nobody waits any more, the writer's thread may still have to read them.
        if reason or exchange.response.spooled:
            exchange.response.close()
            exchange.payload.close()
        return capture

    async def _fail(self, lease: LeasedRequest, error: FetchFailed) -> None:
        assert self._run is not None
        failure = unanswered(lease, error.reason, error.detail)
        try:
            await self._run.collection.fail(failure, run_id=self._run.id)
        except WriteFailed as broken:
            stop(self._crawler, broken)
            raise


def _keep_for_reading(request: Request, exchange: Exchange) -> None:
    """Leave on a request what its reader needs beside the body."""
    start = exchange.payload.read(0, START_BYTES)
    request.meta["whole"], request.meta["start"] = len(exchange.payload), exchange.payload.read(0, start_needed(start))
    request.meta["headers"] = exchange.headers
