"""Chains of middlewares and pipelines give what Scrapy's own give."""

from __future__ import annotations

import asyncio
import gc
import logging
import weakref
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request, signals
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.core.scraper import Scraper
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.logformatter import LogFormatter
from scrapy.pipelines import ItemPipelineManager
from scrapy.signalmanager import SignalManager

from crawler.spiders.chains import download_through, process_item

ANSWERS = ("none", "response", "request", "raise", "odd")
SPIDER = SimpleNamespace(name="held", crawler=SimpleNamespace(settings={"DEFAULT_DROPITEM_LOG_LEVEL": "WARNING"}))
CRAWLER: Any = SimpleNamespace(spider=SPIDER)


def answer(word: str, request: Request) -> Any:
    """What a middleware answers by a word."""
    if word == "raise":
        raise ValueError("planted")
    return {"none": None, "response": Response(request.url), "request": Request("http://b.example/"), "odd": 7}[word]


def method(word: str, *, asynchronous: bool, spider: bool) -> Callable[..., Any]:
    """A hook of a middleware that answers by a word."""

    async def waits(request: Request, response: Any = None, exception: Any = None) -> Any:
        await asyncio.sleep(0)
        return answer(word, request)

    def told(request: Request, spider: Any, response: Any = None, exception: Any = None) -> Any:
        assert spider is CRAWLER.spider
        return answer(word, request)

    def plain(request: Request, response: Any = None, exception: Any = None) -> Any:
        return answer(word, request)

    return told if spider else waits if asynchronous else plain


HOOK = st.none() | st.builds(method, st.sampled_from(ANSWERS), asynchronous=st.booleans(), spider=st.booleans())
MIDDLEWARE = st.fixed_dictionaries(dict.fromkeys(("process_request", "process_response", "process_exception"), HOOK))


async def outcome(way: Callable[[], Any]) -> tuple[str, str]:
    """What came of a download, or the error that was raised."""
    try:
        came = await way()
    except Exception as error:  # noqa: BLE001 - compared
        return type(error).__name__, str(error)
    return type(came).__name__, came.url


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=200, deadline=None)
@given(st.lists(MIDDLEWARE, max_size=3), st.booleans())
def test_the_middlewares_decide_as_in_scrapy(hooks: list[dict[str, Any]], fails: bool) -> None:
    made = [SimpleNamespace(**{name: hook for name, hook in one.items() if hook is not None}) for one in hooks]
    manager = DownloaderMiddlewareManager(*made, crawler=CRAWLER)

    async def download(request: Request) -> Response:
        if fails:
            raise OSError("planted")
        return Response(request.url, body=b"came")

    async def both() -> tuple[Any, Any]:
        request = Request("http://a.example/")
        return (
            await outcome(lambda: download_through(manager, download, request)),
            await outcome(lambda: manager.download_async(download, request)),
        )

    ours, scrapys = asyncio.run(both())
    assert ours == scrapys


class Item:
    """Something to be processed."""


def scraper_of(*pipelines: Any) -> Any:
    made = SimpleNamespace(
        itemproc=ItemPipelineManager(*pipelines, crawler=CRAWLER), slot=SimpleNamespace(itemproc_size=0), logformatter=LogFormatter(),
        signals=SignalManager(object()), crawler=CRAWLER, _itemproc_has_async={"process_item": True},
    )  # fmt: skip
    made.start_itemproc_async = Scraper.start_itemproc_async.__get__(made)
    return made


class Drops:
    async def process_item(self, item: Any) -> Any:
        raise DropItem("planted")


class Fails:
    def process_item(self, item: Any, spider: Any) -> Any:
        assert spider is CRAWLER.spider
        raise KeyError("planted")


class Keeps:
    def process_item(self, item: Any) -> Any:
        return {"kept": type(item).__name__}


class Waits:
    async def process_item(self, item: Any) -> Any:
        await asyncio.sleep(0)
        return item


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("pipelines", [(Waits, Keeps), (Waits, Drops), (Fails,), ()], ids=lambda p: "-".join(one.__name__ for one in p))
async def test_an_item_is_told_of_as_in_scrapy(pipelines: tuple[type[Any], ...], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    scraper = scraper_of(*(one() for one in pipelines))
    told: list[Any] = []

    def heard(signal: Any, item: Any, exception: Any = None, failure: Any = None, spider: Any = None) -> None:
        fault = exception or (failure.value if failure else None)
        told.append((signal, item if isinstance(item, dict) else type(item), str(fault), spider, scraper.slot.itemproc_size))

    for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
        scraper.signals.connect(heard, signal=signal)
    found = []
    for way in (process_item, lambda scraper, item, response: scraper.start_itemproc_async(item, response=response)):
        await way(scraper, Item(), Response("http://a.example/"))
        lines = [(r.name, r.levelname, r.exc_info and r.exc_info[0], r.getMessage().partition(" object at ")[0]) for r in caplog.records]
        found.append((list(told), lines, scraper.slot.itemproc_size))
        told.clear()
        caplog.clear()
    assert found[0] == found[1]
    assert found[0][0]


async def test_scrapys_own_way_is_gone_with_managers_of_others() -> None:
    class Managers(ItemPipelineManager):
        async def process_item_async(self, item: Any) -> Any:
            return {"by": "other"}

    class Downloads(DownloaderMiddlewareManager):
        async def download_async(self, download_func: Any, request: Request) -> Response | Request:
            return Response("http://other.example/")

    scraper = scraper_of()
    scraper.itemproc = Managers(crawler=CRAWLER)
    scraped: list[Any] = []

    def heard(item: Any) -> None:
        scraped.append(item)

    scraper.signals.connect(heard, signal=signals.item_scraped)
    await process_item(scraper, {}, Response("http://a.example/"))
    assert scraped == [{"by": "other"}]
    answered = await download_through(Downloads(crawler=CRAWLER), None, Request("http://a.example/"))  # type: ignore[arg-type]
    assert answered.url == "http://other.example/"


@pytest.fixture
def without_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_collector")
async def test_neither_a_dropped_item_nor_a_failure_waits_for_the_garbage_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    # A line that any handler keeps, of whatever test before, holds its item.
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    item = Item()
    await process_item(scraper_of(Drops()), item, Response("http://a.example/"))
    gone = weakref.ref(item)
    del item
    assert gone() is None

    async def download(request: Request) -> Response:
        raise OSError("planted")

    hooks = SimpleNamespace(process_exception=method("none", asynchronous=True, spider=False))
    manager = DownloaderMiddlewareManager(hooks, crawler=CRAWLER)
    request = Request("http://a.example/")
    try:
        await download_through(manager, download, request)
    except OSError as error:
        fault = weakref.ref(request), str(error)
    del request
    assert fault[0]() is None
