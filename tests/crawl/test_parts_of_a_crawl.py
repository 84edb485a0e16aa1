"""The small parts of a crawl: its pipelines, the end of a crawl, hops on a request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from exchange_makers import exchange, lease
from outcomes import made as outcome
from runs import NOW, row_of, runs
from runs import lease as hold
from targets import made

from crawler.crawl.run import Run
from crawler.crawl.run_extension import RunExtension, find_run
from crawler.errors import FetchFailed, SetupError, WriteFailed
from crawler.frontier.store import FrontierRow
from crawler.items import Article, Headers, LeasedRequest
from crawler.items import request_meta as keys
from crawler.pipelines import IndexPipeline, NotAnArticle, WarcPipeline
from crawler.processing.hops import onward, take_hop
from crawler.sites.known import WEB
from crawler.spiders.base import ArchiveSpider
from crawler.spiders.stop import CrawlStopper


class Crawler:
    """As much of Scrapy's crawler as the run's extension needs."""

    def __init__(self, run: Run | None) -> None:
        self.spider = SimpleNamespace(run=run)
        self.closed: list[str] = []
        self.engine = SimpleNamespace(close_spider_async=self._close)
        self.extension = RunExtension(self, run) if run is not None else None  # type: ignore[arg-type]

    async def _close(self, reason: str) -> None:
        self.closed.append(reason)

    def get_extension(self, kind: type) -> Any:
        return self.extension


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Run]:
    with runs(tmp_path / "web") as make:
        yield make(WEB)


async def test_an_exchange_becomes_a_capture_and_an_outcome_ends_its_request(run: Run) -> None:
    crawler: Any = Crawler(run)
    leased = lease(site="web", role="page", story="web/1")
    hold(run, FrontierRow(target=leased.target, tried=("a.example",), attempts=1))
    capture = await WarcPipeline.from_crawler(crawler).record(exchange(1), leased)
    assert (run.stats.captures, run.stats.revisits) == (1, 0)
    assert run.stats.bytes == len(exchange(1).response)
    pipeline = IndexPipeline.from_crawler(crawler)
    answer = await pipeline.process_item(outcome(leased, capture, article=Article(url=leased.url, headline="Here")))
    assert answer["headline"] == "Here"
    told = {name: answer[name] for name in ("host", "warc", "offset", "length", "record_id", "version")}
    assert told == {**{name: getattr(capture, name) for name in ("host", "warc", "offset", "length", "record_id")}, "version": 1}
    assert answer["capture_date"].startswith(capture.date.strftime("%Y-%m-%dT%H:%M:%S"))
    assert row_of(run, leased.key).state == "done"
    assert dict(run.stats.stories) == {"new": 1}
    with pytest.raises(NotAnArticle):
        await pipeline.process_item(outcome(leased, capture))
    assert await pipeline.process_item({"any": "item"}) == {"any": "item"}


async def test_an_outcome_that_cannot_be_filed_ends_its_request_all_the_same(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    crawler: Any = Crawler(run)
    leased = lease(site="web", role="page", story="web/1")
    hold(run, FrontierRow(target=leased.target, tried=("a.example",) * 9, attempts=9))
    capture = await run.collection.record(exchange(1), leased, run_id=run.id)
    pipeline, errors = IndexPipeline(crawler), [KeyError("planted"), WriteFailed(Path("index.db"), OSError(28, "full"))]

    async def fail(*arguments: Any, **more: Any) -> None:
        raise errors[0]

    monkeypatch.setattr(run.collection, "file", fail)
    with pytest.raises(KeyError):
        await pipeline.process_item(outcome(leased, capture))
    row = row_of(run, leased.key)
    assert (row.state, row.reason, row.detail) == ("failed", "limit", "could not be filed: 'planted'")
    del errors[0]
    for _ in range(2):
        with pytest.raises(NotAnArticle):
            await pipeline.process_item(outcome(leased, capture))
    await asyncio.sleep(0)
    assert crawler.closed == ["write-failed"], "the crawl is closed once"
    assert crawler.extension.is_stopping


async def test_without_a_run_no_spider_is_made() -> None:
    crawler: Any = Crawler(None)
    assert find_run(crawler) is None
    with pytest.raises(SetupError, match="scrapy crawl SITE"):
        ArchiveSpider.from_crawler(crawler)
    with pytest.raises(SetupError, match="scrapy crawl SITE"):
        await WarcPipeline(crawler).record(exchange(1), lease())


async def test_a_stop_waits_for_the_engine_and_is_made_once() -> None:
    stops: list[bool] = []

    async def stop() -> None:
        stops.append(crawler._engine.running)

    crawler: Any = SimpleNamespace(crawling=True, _engine=None, stop_async=stop)
    stopper = CrawlStopper(crawler)
    stopper.stop()
    stopper.stop()
    await asyncio.sleep(0.01)
    assert not stops
    crawler._engine = SimpleNamespace(running=True)
    await asyncio.sleep(0.1)
    assert stops == [True]


async def test_a_hop_takes_along_the_chain_and_leaves_what_was_of_one_exchange() -> None:
    first = made(LeasedRequest, {"key": "k", "url": "https://a.example/", "site": "web", "role": "page"})
    meta: dict[str, Any] = {keys.LEASE: first, keys.CAPTURE: object(), keys.NOTED: "read", "depth": 1}
    headers = Headers((("Set-Cookie", "a=b; Path=/"),))
    leased = take_hop(meta, first.url, "https://a.example/next", headers, most=2)
    assert (leased.url, leased.hops) == ("https://a.example/next", 1)
    changed = onward(meta, leased, wait=5.0)
    assert (changed["url"], changed["headers"]) == (leased.url, {"Cookie": b"a=b"})
    assert set(changed["meta"]) == {keys.LEASE, keys.REDIRECTS, keys.SLOT, keys.NOT_BEFORE, "depth"}
    assert changed["meta"][keys.NOT_BEFORE] > asyncio.get_running_loop().time() + 4
    with pytest.raises(FetchFailed, match="to itself"):
        take_hop(changed["meta"], leased.url, leased.url, Headers(()), most=2)


async def test_a_page_is_due_again_by_its_age(run: Run) -> None:
    run.frontier.add([])
    row = made(
        FrontierRow, {"key": "k", "url": "https://a.example/", "site": "web", "role": "page", "added": "2026-11-20T12:00:00.000000Z"}
    )
    due = run.completion.recheck.next_check(row, NOW)
    assert (due - NOW).days == 1, "first seen four days ago"
    assert (run.completion.recheck.next_check(row, NOW, Article(url=row.url, published="no day")) - NOW).days == 1
