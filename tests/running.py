"""A Scrapy crawler that runs nothing: its settings, its spider with a run, its extensions and pipelines."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager

from crawler.crawl.run import Run
from crawler.crawl.run_extension import RunExtension
from crawler.pipelines import WarcPipeline


class StandingCrawler:
    """What extensions and middlewares ask a crawler for, of a run of a real collection.

    Args:
        run: None for `scrapy shell` and the like.
    """

    def __init__(self, run: Run | None, **settings: Any) -> None:
        self.settings = Settings({"ARCHIVE_MAX_REDIRECTS": 20, "ARCHIVE_SHUTDOWN_SECONDS": 0.0, **settings})
        self.signals = SignalManager()
        self.spider = SimpleNamespace(run=run, name="demo")
        self.crawling = True
        self.closed_for: list[str] = []
        self.engine = SimpleNamespace(close_spider_async=self._close)
        self._extension = RunExtension.from_crawler(self) if run is not None else None  # type: ignore[arg-type]
        self._pipeline = WarcPipeline(self) if run is not None else None  # type: ignore[arg-type]

    async def _close(self, *, reason: str) -> None:
        self.closed_for.append(reason)

    def get_extension(self, kind: type) -> Any:
        return self._extension if kind is RunExtension else None

    def get_item_pipeline(self, kind: type) -> Any:
        return self._pipeline if kind is WarcPipeline else None
