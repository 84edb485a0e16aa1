"""Scrapy's engine and downloader with one task for each request.

Scrapy hands a request through a dozen tasks, futures and Deferreds; they cost more than all else that is done for a small page. Here one
task takes it from the scheduler to the end of the item pipelines: the same steps, signals, stats and log lines in the same order. What
is rare goes Scrapy's own way: failures, spider middlewares, callbacks that are no asynchronous generator, slots with a delay or a queue.
The methods overridden are private to Scrapy, whose minor version is pinned.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from inspect import isasyncgenfunction
from time import monotonic
from typing import Any, cast

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.core.engine import ExecutionEngine, _Slot
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import _process_pending_io
from scrapy.utils.log import logformatter_adapter
from twisted.python.failure import Failure

from crawler.garbage import settle_heap
from crawler.spiders.chains import download_through, process_item
from crawler.spiders.paced_slots import PacedDownloader
from crawler.spiders.signalling import send

logger = logging.getLogger(__name__)

Callback = Callable[..., AsyncGenerator[Any, None]]
_scrapys = logging.getLogger("scrapy.core.engine")


def give_engine(crawler: Crawler) -> None:
    """Make a crawler use this engine."""
    crawler._create_engine = lambda: OneTaskEngine(crawler, lambda _: crawler.stop_async())  # type: ignore[method-assign]


class DirectDownloader(PacedDownloader):
    """Downloader that starts a request at once if its slot has room and no delay."""

    async def _enqueue_request(self, request: Request) -> Response:
        key, slot = self._get_slot(request)
        if self._budget is not None:
            self._budget.take(key)
        if slot.delay or slot.latercall or slot.queue or slot.free_transfer_slots() <= 0:
            return await super()._enqueue_request(request)
        request.meta[self.DOWNLOAD_SLOT] = key
        slot.active.add(request)
        try:
            send(self.signals, signals.request_reached_downloader, request=request, spider=self.crawler.spider)
            slot.lastseen = monotonic()
            return await self._download(slot, request)
        finally:
            slot.active.remove(request)

    async def _download(self, slot: Slot, request: Request) -> Response:
        slot.transferring.add(request)
        handlers, scheme = self.handlers, request.url.partition(":")[0]
        handler = None if scheme in handlers._old_style_handlers else handlers._handlers.get(scheme)
        try:
            response = await (handlers.download_request_async(request) if handler is None else handler.download_request(request))
            send(self.signals, signals.response_downloaded, response=response, request=request, spider=self.crawler.spider)
            return response
        except Exception:
            # As Scrapy's downloader does; the fault itself goes on to the retries.
            await _process_pending_io()
            raise
        finally:
            slot.transferring.remove(request)
            if slot.queue or slot.delay:
                self._process_queue(slot)
            send(self.signals, signals.request_left_downloader, request=request, spider=self.crawler.spider)


class OneTaskEngine(ExecutionEngine):
    """Engine that runs each request in a task of its own."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._tasks: set[asyncio.Task[None]] = set()
        # Scrapy leaves the choice of what is told to the handlers, which see a record only when it is made.
        self._tells = any(handler.level <= logging.INFO for handler in logging.root.handlers)

    async def _start_request_processing(self) -> None:
        # All that a crawl imports and opens is there by now.
        settle_heap()
        await super()._start_request_processing()

    def _start_scheduled_request(self) -> bool:
        slot = self._slot
        assert slot is not None
        request = slot.scheduler.next_request()
        if request is None:
            send(self.signals, signals.scheduler_empty)
            return False
        slot.add_request(request)
        # At once, since how many are active decides whether the next is begun.
        self.downloader.active.add(request)
        task = asyncio.ensure_future(self._run_through(slot, request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _run_through(self, slot: _Slot, request: Request) -> None:
        """Fetch and scrape one request."""
        try:
            result = await self._fetched(slot, request)
            if isinstance(result, Request):
                self.crawl(result)
            else:
                await self._scraped(result, request)
        except Exception:
            # Neither of the spider nor of the pipelines, whose faults are met further in: ours, or of a receiver.
            logger.exception("engine-fault url=%s", request.url)
            self._tell_fault(_failure(), request)
        finally:
            slot.remove_request(request)
            slot.nextcall.schedule()

    def _tell_fault(self, failure: Any, request: Request) -> None:
        """Signal a fault like one of the spider, so that the request is settled.

        A crawl with a leased row does not end.
        """
        failure.request = request
        self.signals.send_catch_log(signal=signals.spider_error, failure=failure, response=failure, spider=self.spider)

    async def _fetched(self, slot: _Slot, request: Request) -> Response | Request | Failure:
        """Response, further request or failure, by the downloader and its middlewares."""
        downloader = self.downloader
        try:
            try:
                result: object = await download_through(downloader.middleware, downloader._enqueue_request, request)
            finally:
                downloader.active.remove(request)
            if isinstance(result, Response):
                self._note_response(result, request)
            elif not isinstance(result, Request):
                raise TypeError(f"Incorrect type: expected Response or Request, got {type(result)}: {result!r}")
        except Exception:  # noqa: BLE001 - for the errback, as in Scrapy
            return _failure()
        else:
            return result
        finally:
            slot.nextcall.schedule()

    def _note_response(self, response: Response, request: Request) -> None:
        if response.request is None:
            response.request = request
        if self._tells and (told := self.logformatter.crawled(response.request, response, cast(Any, self.spider))) is not None:
            _scrapys.log(*logformatter_adapter(told), extra={"spider": self.spider})
        send(self.signals, signals.response_received, response=response, request=response.request, spider=self.spider)

    async def _scraped(self, result: Response | Failure, request: Request) -> None:
        """Call back with a response or failure, and process what that yields."""
        scraper = self.scraper
        slot = scraper.slot
        assert slot is not None
        slot.add_response_request(result, request)
        slot.next_response_request_deferred()
        try:
            callback = None if isinstance(result, Failure) or scraper.spidermw.middlewares else self._callback_of(result)
            if callback is None or isinstance(result, Failure):
                await scraper._scrape(result, request)
            else:
                await self._call_back(callback, result)
        finally:
            slot.finish_response(result, request)
            scraper._check_if_closing()

    def _callback_of(self, response: Response) -> Callback | None:
        """The callback of an answer if it is an asynchronous generator."""
        assert response.request is not None
        assert self.crawler.spider is not None
        callback = response.request.callback or self.crawler.spider.parse
        return callback if isasyncgenfunction(callback) else None

    async def _call_back(self, callback: Callback, response: Response) -> None:
        request = response.request
        assert request is not None
        try:
            await self._process(callback(response, **request.cb_kwargs), response)
        except Exception:  # noqa: BLE001 - logged by Scrapy
            self.scraper.handle_spider_error(_failure(), request, response)

    async def _process(self, output: AsyncGenerator[Any, None], response: Response) -> None:
        """Schedule requests and process items of a callback, one after the other."""
        async for one in output:
            if isinstance(one, Request):
                self.crawl(one)
            elif one is not None:
                await process_item(self.scraper, one, response)


def _failure() -> Failure:
    """The exception being handled, as Twisted holds one."""
    return Failure()  # type: ignore[no-untyped-call]
