"""A crawler of a worker may be stopped, woken or asked at any moment: before its start, and after its end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from scrapy.settings import Settings

from crawler.spiders.base import ArchiveSpider
from crawler.work.crawlers import RunningCrawler, crawler_settings


class Quiet(ArchiveSpider):
    name = "quiet"


class FakeCrawler:
    """What `RunningCrawler` uses of Scrapy's: crawls until it is stopped."""

    def __init__(self) -> None:
        self.crawling, self.stops, self.begun = False, 0, False
        self._stats, self.stats = object(), SimpleNamespace(get_value=lambda name: "finished")
        self._engine: Any = None
        self._ended = asyncio.Event()

    async def crawl_async(self, **texts: Any) -> None:
        self.crawling = self.begun = True
        await asyncio.sleep(0.02)
        self._engine = SimpleNamespace(running=True, _slot=None)
        await self._ended.wait()
        self.crawling = False

    async def stop_async(self) -> None:
        self.stops += 1
        self._ended.set()


def crawler_of(run: Any = None) -> tuple[RunningCrawler, FakeCrawler]:
    made = RunningCrawler(Settings(), Quiet, run or SimpleNamespace(site=SimpleNamespace(name="quiet"), id=1), {})
    made._crawler = fake = FakeCrawler()  # type: ignore[assignment]
    return made, fake


async def test_one_that_was_stopped_before_its_start_ends_at_once() -> None:
    made, fake = crawler_of()
    assert not made.is_ending
    made.stop("shutdown")
    assert made.is_ending, "no lane is added any more"
    await made.give_up()
    async with asyncio.timeout(5):
        await made.start()
    assert (fake.begun, fake.stops, made.finish_reason) == (True, 1, "shutdown")


async def test_one_that_is_stopped_while_it_starts_ends_and_keeps_the_first_reason() -> None:
    made, fake = crawler_of()
    task = made.start()
    await asyncio.sleep(0)
    made.stop("lane-lost")
    made.stop("shutdown")
    async with asyncio.timeout(5):
        await task
    assert (fake.stops, made.finish_reason) == (1, "lane-lost")
    made.stop("shutdown")
    assert made.finish_reason == "lane-lost"


async def test_one_that_was_let_go_may_still_be_asked() -> None:
    made, _ = crawler_of()
    task = made.start()
    made.stop("shutdown")
    await task
    for _ in range(2):
        made.let_go()
        assert made.is_ending, "a lane that was on its way to it goes to another part"
        assert made.finish_reason == "start_error"
        made.wake()
        made.stop("shutdown")
        await made.give_up()


async def test_one_whose_spider_cannot_start_has_failed(caplog: Any) -> None:
    class Broken(FakeCrawler):
        async def crawl_async(self, **texts: Any) -> None:
            raise ValueError("no")

    made, _ = crawler_of()
    made._crawler = Broken()  # type: ignore[assignment]
    await made.start()
    assert (made.failed, made.finish_reason, made.is_ending) == (True, "start_error", True)
    assert "part-start-failed site=quiet run=1" in caplog.text


def test_answers_too_large_for_memory_are_kept_beside_the_archive_unless_a_folder_is_set(tmp_path: Path) -> None:
    from scrapy.utils.project import get_project_settings

    settings = get_project_settings()
    assert crawler_settings(settings, tmp_path)["ARCHIVE_SPOOL_DIR"] == str(tmp_path)
    settings.set("ARCHIVE_SPOOL_DIR", "/elsewhere")
    assert crawler_settings(settings, tmp_path)["ARCHIVE_SPOOL_DIR"] == "/elsewhere"


async def test_one_that_is_stopped_in_its_first_moment_is_not_stopped_twice() -> None:
    made, fake = crawler_of()
    made._task = asyncio.ensure_future(asyncio.sleep(0.01))
    made.stop("shutdown")
    await made._stopping  # type: ignore[misc]
    assert fake.stops == 0, "it crawls no more"
    await made._task
