"""Recorder, innermost: nothing leaves the downloader before it is on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.collection.ingest import unanswered
from crawler.crawl.run_extension import extension_of, find_run
from crawler.errors import BudgetSpent, FetchFailed, LaneLost, OutOfFiles, WriteFailed, unforeseen
from crawler.items import BY_NUMBER, Exchange, LeasedRequest
from crawler.items import request_meta as keys
from crawler.pipelines import WarcPipeline
from crawler.processing.hops import conditional, take_hop
from crawler.processing.received import START_BYTES, start_needed
from crawler.processing.redirects import is_redirect
from crawler.urls import host_of, location_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.items import Capture


_NOT_SENT = (WriteFailed, OutOfFiles, BudgetSpent, LaneLost)
"""Faults that say nothing of a host: nothing is recorded."""


class RecordMiddleware:
    """Turn the exchange left on a request into a capture, for answers and failures alike.

    robots.txt, redirects, errors, pictures, cut-off bodies: all pass this one door. A write error stops the crawl.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._run = crawler, find_run(crawler)
        self._most = crawler.settings.getint("ARCHIVE_MAX_REDIRECTS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RecordMiddleware:
        """Scrapy's hook."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Record, then let the answer go on; its capture stays on `request.meta`."""
        self._note_lookups(request)
        exchange = request.meta.pop(keys.EXCHANGE, None)
        if self._run is not None and isinstance(exchange, Exchange):
            self._run.dispatcher.pace.delays.note(host_of(request.url), exchange)
            _keep_for_reading(request, exchange)
            _note_copy(request, exchange)
            stopped = self._followed(request, exchange)
            # That a number is no story's is no failure, by whatever redirect it is told.
            failed = stopped is not None and not (stopped.answer and request.meta[keys.LEASE].found_on == BY_NUMBER)
            reason, detail = (stopped.reason, stopped.detail) if stopped and failed else (None, "")
            request.meta[keys.CAPTURE] = await self._record(exchange, request.meta[keys.LEASE], reason=reason, detail=detail)
            if stopped:
                request.meta[keys.NOTED] = "unreadable"
                raise stopped
        return response

    def _note_lookups(self, request: Request) -> None:
        """Have the names that were resolved written before what is recorded next."""
        if self._run is not None and (lookups := request.meta.pop(keys.LOOKUPS, ())):
            self._run.collection.resolved(lookups)

    def _followed(self, request: Request, exchange: Exchange) -> FetchFailed | None:
        """Take a redirect's hop; return what forbids it, to be written beside the answer."""
        target = location_of(exchange.url, exchange.headers.first("location")) if is_redirect(exchange.status, exchange.headers) else None
        if target is None:
            return None
        try:
            if keys.is_for_archive(request.meta[keys.LEASE]):
                request.meta[keys.HOP_RULE](target)  # who asks a web archive follows its redirects
                return None
            hop = take_hop(request.meta, exchange.url, target, exchange.headers, most=self._most)
            request.meta[keys.ONWARD] = conditional(hop, self._run.known) if self._run else hop
        except FetchFailed as error:
            return error
        return None

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Record the part that came before the failure, or the failure alone."""
        self._note_lookups(request)
        if isinstance(exception, WriteFailed):
            # The answer was too large for memory, and there was no room to keep it beside the archive.
            extension_of(self._crawler).stop(exception)
        lease = request.meta.get(keys.LEASE)
        if self._run is None or isinstance(exception, _NOT_SENT) or not isinstance(lease, LeasedRequest):
            return
        error = exception if isinstance(exception, FetchFailed) else unforeseen(exception)
        if error.reason == "timeout":
            self._run.dispatcher.pace.delays.overloaded(host_of(request.url), "timeout")
        elif error.exchange is not None:
            self._run.dispatcher.pace.delays.note(host_of(request.url), error.exchange)
        if error.exchange is not None:
            _note_copy(request, error.exchange)
            lease = request.meta[keys.LEASE]
            if keys.PARTIAL in request.meta:
                _keep_for_reading(request, error.exchange)
                error.meta = request.meta
            request.meta[keys.CAPTURE] = await self._record(error.exchange, lease, reason=error.reason, detail=error.detail)
        else:
            await self._fail(lease, error)
        request.meta[keys.NOTED] = "unreadable"

    async def _record(self, exchange: Exchange, lease: LeasedRequest, *, reason: str | None = None, detail: str = "") -> Capture:
        pipeline = self._crawler.get_item_pipeline(WarcPipeline)
        assert pipeline is not None
        try:
            capture = await pipeline.record(exchange, lease, reason=reason, detail=detail)
        except WriteFailed as error:
            extension_of(self._crawler).stop(error)
            raise
        # Only now: if this wait was cancelled, the writer thread may still have to read them.
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
            extension_of(self._crawler).stop(broken)
            raise


def _note_copy(request: Request, exchange: Exchange) -> None:
    """Note on a request for an archive's copy what the answer says of it."""
    if request.meta[keys.LEASE].original is not None:
        from crawler.memento.answers import with_answer

        request.meta[keys.LEASE] = with_answer(request.meta[keys.LEASE], exchange)


def _keep_for_reading(request: Request, exchange: Exchange) -> None:
    """Leave on a request the head and the start of the payload, for the parser."""
    start = exchange.payload.read(0, START_BYTES)
    request.meta[keys.WHOLE], request.meta[keys.START] = len(exchange.payload), exchange.payload.read(0, start_needed(start))
    request.meta[keys.HEADERS] = exchange.headers
