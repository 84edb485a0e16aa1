"""Scrapy's chains of downloader middlewares and item pipelines, awaited only where they are asynchronous.

Scrapy wraps each result in a coroutine and names each method beforehand, for a warning that is hardly ever given.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from functools import partial
from inspect import isawaitable
from types import CoroutineType
from typing import Any

from scrapy import Request, signals
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.core.scraper import Scraper
from scrapy.exceptions import DropItem, _InvalidOutput
from scrapy.http import Response
from scrapy.pipelines import ItemPipelineManager
from scrapy.utils.defer import _process_pending_io, ensure_awaitable
from scrapy.utils.log import logformatter_adapter
from scrapy.utils.python import global_object_name
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from crawler.spiders.signalling import send_and_wait

_scrapys = logging.getLogger("scrapy.core.scraper")
Download = Callable[[Request], Coroutine[Any, Any, Response]]


async def download_through(manager: DownloaderMiddlewareManager, download: Download, request: Request) -> Response | Request:
    """Download a request through the downloader middlewares."""
    if type(manager) is not DownloaderMiddlewareManager:
        return await manager.download_async(download, request)
    try:
        result = await _asked(manager, download, request)
    except Exception as error:  # noqa: BLE001 - the middlewares decide
        await _process_pending_io()
        result = await _failed(manager, error, request)
    return await _answered(manager, result, request)


async def _asked(manager: DownloaderMiddlewareManager, download: Download, request: Request) -> Response | Request:
    """Pass a request to the middlewares, then to the downloader."""
    spiders = manager._mw_methods_requiring_spider
    for method in manager.methods["process_request"]:
        assert method is not None
        result = method(request=request, spider=manager._spider) if spiders and method in spiders else method(request=request)
        if type(result) is CoroutineType:
            result = await result
        elif _must_wait(result):
            result = await ensure_awaitable(result, _warn=global_object_name(method))
        if result is None:
            continue
        if not isinstance(result, Response | Request):
            raise _InvalidOutput(f"Middleware {method.__qualname__} must return None, Response or Request, got {result.__class__.__name__}")
        return result
    return await download(request)


async def _failed(manager: DownloaderMiddlewareManager, fault: Exception, request: Request) -> Response | Request:
    """Pass a failure to the middlewares; raise it if none answers."""
    spiders = manager._mw_methods_requiring_spider
    try:
        for method in manager.methods["process_exception"]:
            assert method is not None
            more = {"spider": manager._spider} if method in spiders else {}
            result = await ensure_awaitable(method(request=request, exception=fault, **more), _warn=global_object_name(method))
            if result is None:
                continue
            if not isinstance(result, Response | Request):
                raise _InvalidOutput(f"Middleware {method.__qualname__} must return None, Response or Request, got {type(result)}")
            return result
        raise fault
    finally:
        # A frame that holds the exception raised in it is a circle; the exception holds the bytes that came.
        del fault


async def _answered(manager: DownloaderMiddlewareManager, result: Response | Request, request: Request) -> Response | Request:
    """Pass an answer to the middlewares."""
    if result is None:
        raise TypeError("Received None in process_response")
    if isinstance(result, Request):
        return result
    spiders = manager._mw_methods_requiring_spider
    for method in manager.methods["process_response"]:
        assert method is not None
        if spiders and method in spiders:
            answer = method(request=request, response=result, spider=manager._spider)
        else:
            answer = method(request=request, response=result)
        if type(answer) is CoroutineType:
            answer = await answer
        elif _must_wait(answer):
            answer = await ensure_awaitable(answer, _warn=global_object_name(method))
        if not isinstance(answer, Response | Request):
            raise _InvalidOutput(f"Middleware {method.__qualname__} must return Response or Request, got {type(answer)}")
        if isinstance(answer, Request):
            return answer
        result = answer
    return result


async def process_item(scraper: Scraper, item: Any, response: Response) -> None:
    """Pass an item through the pipelines, log and signal what became of it."""
    if type(scraper.itemproc) is not ItemPipelineManager:
        await scraper.start_itemproc_async(item, response=response)
        return
    slot, spider, told = scraper.slot, scraper.crawler.spider, scraper.logformatter
    assert slot is not None
    assert spider is not None
    slot.itemproc_size += 1
    try:
        try:
            output = await _through(scraper.itemproc, item)
        except DropItem as dropped:
            # Told here: a variable that outlives this block would tie the exception to its own frame.
            _log(told.dropped(item, dropped, response, spider), spider, item)
            await send_and_wait(scraper.signals, signals.item_dropped, item=item, response=response, spider=spider, exception=dropped)
        except Exception as error:  # noqa: BLE001 - logged as Scrapy does
            _log(told.item_error(item, error, response, spider), spider, item, fault=True)
            failed = partial(send_and_wait, scraper.signals, signals.item_error, item=item, response=response, spider=spider)
            await failed(failure=Failure())  # type: ignore[no-untyped-call]
        else:
            _log(told.scraped(output, response, spider), spider, output)
            await send_and_wait(scraper.signals, signals.item_scraped, item=output, response=response, spider=spider)
    finally:
        slot.itemproc_size -= 1


def _log(line: Any, spider: Any, item: Any, *, fault: bool = False) -> None:
    if line is not None:
        _scrapys.log(*logformatter_adapter(line), extra={"spider": spider, "item": item}, exc_info=fault or None)


async def _through(manager: ItemPipelineManager, item: Any) -> Any:
    """Pass an item through the item pipelines."""
    spiders = manager._mw_methods_requiring_spider
    for method in manager.methods["process_item"]:
        assert method is not None
        result = method(item, manager._spider) if spiders and method in spiders else method(item)
        if type(result) is CoroutineType:
            item = await result
        elif _must_wait(result):
            item = await ensure_awaitable(result, _warn=global_object_name(method))
        else:
            item = result
    return item


def _must_wait(result: object) -> bool:
    """True for what has to be awaited and is no coroutine."""
    return result is not None and not isinstance(result, Response) and (isinstance(result, Deferred) or isawaitable(result))
