"""Crawl canned answers with one engine or the other, and print what was told: `python engine_events.py ours|scrapys`."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.exceptions import CloseSpider, DropItem, IgnoreRequest
from scrapy.http import Response, TextResponse

from crawler.spiders.engine import OneTaskEngine, give_engine

PAGES = ("item", "drop", "fault", "items", "none", "list", "broken", "sent-on", "ignored", "answered", "unlucky", "further", "late")
TOLD: list[tuple[str, str]] = []


class Handler:
    lazy = False

    async def download_request(self, request: Request) -> Response:
        if request.url.endswith("/broken"):
            raise OSError("planted")
        return TextResponse(request.url, body=request.url.encode(), encoding="utf-8")

    async def close(self) -> None:
        pass


class Middleware:
    async def process_request(self, request: Request) -> Response | None:
        if request.url.endswith("/ignored"):
            raise IgnoreRequest("planted")
        return TextResponse(request.url, body=b"made up") if request.url.endswith("/answered") else None

    def process_response(self, request: Request, response: Response) -> Response | Request:
        if request.url.endswith("/unlucky"):
            raise ValueError("planted")
        return request.replace(url=request.url + "/there") if request.url.endswith("/sent-on") else response


class Pipeline:
    async def process_item(self, item: Any) -> Any:
        if item["url"].endswith("/drop"):
            raise DropItem("planted")
        if item["url"].endswith("/fault"):
            raise KeyError("planted")
        return item


class Events(Spider):
    name = "events"

    async def start(self) -> AsyncIterator[Any]:
        for page in PAGES:
            yield Request(f"http://a.example/{page}", callback=self.plain if page in ("none", "list") else None, errback=self.failed)

    async def parse(self, response: Response) -> AsyncIterator[Any]:
        TOLD.append(("parsed", response.url))
        if response.url.endswith("/late"):
            yield {"url": response.url}
            raise RuntimeError("planted")
        if response.url.endswith("/further"):
            yield response.request.replace(url=response.url + "/on", errback=None)
        if response.url.endswith("/last"):
            raise CloseSpider("planted")
        for _ in range(3 if response.url.endswith("/items") else 1):
            yield {"url": response.url}

    def plain(self, response: Response) -> list[Any] | None:
        return [{"url": response.url}] if response.url.endswith("list") else None

    def failed(self, failure: Any) -> Iterator[Any]:
        TOLD.append((f"failed {type(failure.value).__name__}", failure.request.url))
        yield {"url": failure.request.url}


def listen(crawler: Crawler) -> list[Any]:
    """Note each signal of a request, answer or item."""
    listeners = []
    for name in ("request_scheduled", "request_reached_downloader", "request_left_downloader", "response_downloaded", "response_received",
                 "item_scraped", "item_dropped", "item_error", "spider_error"):  # fmt: skip

        def note(name: str = name, **more: Any) -> None:
            of = more.get("request") or more.get("response") or more.get("item")
            TOLD.append((name, of["url"] if isinstance(of, dict) else getattr(of, "url", None) or of.request.url))

        def heard(request: Any = None, response: Any = None, item: Any = None, *, note: Any = note) -> None:
            note(request=request, response=response, item=item)

        crawler.signals.connect(heard, signal=getattr(signals, name))
        listeners.append(heard)
    return listeners


def main(engine: str) -> None:
    ours = engine == "ours"
    handlers: dict[str, Any] = {"http": Handler}
    process = CrawlerProcess({
        "DOWNLOADER": "crawler.spiders.engine.DirectDownloader" if ours else "scrapy.core.downloader.Downloader",
        "DOWNLOAD_HANDLERS": handlers, "DOWNLOADER_MIDDLEWARES_BASE": {}, "DOWNLOADER_MIDDLEWARES": {Middleware: 1},
        "SPIDER_MIDDLEWARES_BASE": {}, "ITEM_PIPELINES": {Pipeline: 1}, "LOG_LEVEL": "INFO", "TELNETCONSOLE_ENABLED": False,
        "CONCURRENT_REQUESTS": 3, "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        **json.loads(sys.argv[2]),
    })  # fmt: skip
    crawler = process.create_crawler(Events)
    if ours:
        give_engine(crawler)
    heard = listen(crawler)
    process.crawl(crawler)
    logging.getLogger().setLevel(logging.INFO)
    process.start()
    assert heard
    assert isinstance(crawler.engine, OneTaskEngine) is ours
    stats = {
        name: value
        for name, value in crawler.stats.get_stats().items()
        if "time" not in name and "memusage" not in name and "DEBUG" not in name
    }
    print(json.dumps({"told": TOLD, "stats": stats}, default=str, sort_keys=True))


if __name__ == "__main__":
    main(sys.argv[1])
