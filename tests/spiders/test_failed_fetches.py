"""What a spider makes of fetches that failed, and of a refresh that leads on."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from exchange_makers import lease
from foreign_warcs import HOST, answer, record, write
from runs import NOW, row_of, runs
from runs import lease as hold
from scrapy import Request
from scrapy.http import HtmlResponse
from targets import made
from twisted.python.failure import Failure

from crawler.archive_files.reader import archived
from crawler.crawl.run import Run
from crawler.errors import ArchiveError, FetchFailed, OutOfFiles, WriteFailed
from crawler.frontier.rows import FrontierRow
from crawler.items import Capture, Headers, LeasedRequest, Target, Unusable
from crawler.items import request_meta as keys
from crawler.scope.crawl_scope import CrawlScope
from crawler.sites import load_sites
from crawler.sites.known import WEB
from crawler.spiders.loader import SiteSpiderLoader
from crawler.spiders.replay import ReplaySpider
from crawler.spiders.web import WebSpider

HELD: Any = {"target": Target(url="http://a.example/", site="web", role="page", key="web/1"), "record_id": "urn:uuid:1", "host": "a.example",
             "date": NOW, "warc": "w", "offset": 0, "length": 1}  # fmt: skip


@pytest.fixture
async def spider(tmp_path: Path) -> AsyncIterator[WebSpider]:
    with runs(tmp_path / "web") as make:
        made_one = WebSpider(seeds="http://a.example/")
        made_one.run, made_one.scope = make(WEB), CrawlScope()
        yield made_one


def leased_of(run: Run) -> LeasedRequest:
    """A request that the frontier has handed out."""
    leased = lease(site="web", role="page", story="web/1")
    hold(run, FrontierRow(target=leased.target, tried=("a.example",), attempts=1))
    return leased


async def outcomes_of(spider: WebSpider, error: Exception, **meta: Any) -> list[Any]:
    """Tell a spider that a fetch failed; return what it yields."""
    failure: Any = Failure(error)
    failure.request = Request("http://a.example/", meta={keys.LEASE: leased_of(spider.run), **meta})
    return [one async for one in spider.failed(failure)]


async def test_a_fault_of_ours_ends_no_request(spider: WebSpider, caplog: pytest.LogCaptureFixture) -> None:
    assert await outcomes_of(spider, WriteFailed(Path("w"), OSError(28, "no room"))) == []
    assert row_of(spider.run, lease(site="web", role="page", story="web/1").key).state == "leased"
    with caplog.at_level(logging.WARNING):
        assert await outcomes_of(spider, OutOfFiles("no socket")) == []
    assert "out-of-files url=http://a.example/" in caplog.text
    waiting = row_of(spider.run, lease(site="web", role="page", story="web/1").key)
    assert (waiting.state, waiting.attempts) == ("queued", 0)


async def test_an_unforeseen_error_is_logged_and_is_a_failure(spider: WebSpider, caplog: pytest.LogCaptureFixture) -> None:
    (outcome,) = await outcomes_of(spider, ZeroDivisionError("of nothing"))
    assert isinstance(outcome, Unusable)
    assert "ZeroDivisionError" in outcome.detail
    assert (outcome.capture, outcome.read_state, outcome.noted) == (None, "not-a-story", False)
    assert "unexpected url=http://a.example/" in caplog.text


async def test_what_was_noted_with_the_record_is_not_noted_twice(spider: WebSpider) -> None:
    held = Capture(**HELD)
    (outcome,) = await outcomes_of(spider, FetchFailed("timeout", "10 s"), **{keys.CAPTURE: held, keys.NOTED: "unreadable"})
    assert (outcome.reason, outcome.capture, outcome.noted, outcome.read_state) == ("timeout", held, True, "unreadable")


@pytest.mark.parametrize(("depth", "incomplete"), [(0, True), (2, False)])
async def test_a_refresh_that_leads_back_is_told_and_counts_if_it_was_named(spider: WebSpider, depth: int, incomplete: bool) -> None:
    asked = made(LeasedRequest, {"key": "web/1", "url": "http://a.example/", "site": "web", "role": "page", "depth": depth})
    request = Request("http://a.example/", meta={keys.LEASE: asked, keys.HEADERS: Headers()})
    response = HtmlResponse("http://a.example/", request=request)
    further = spider._sent_on(response, "http://a.example/next")
    assert further is not None
    assert further.url == "http://a.example/next"
    back = HtmlResponse(further.url, request=further.replace(meta={**further.meta, keys.HEADERS: Headers()}))
    assert spider._sent_on(back, "http://a.example/") is None
    (omitted,) = [one for one in spider.run.stats.omitted if "refresh not followed" in one.reason]
    assert (omitted.count, omitted.incomplete) == (1, incomplete)


async def test_arguments_of_an_earlier_run_that_mean_nothing_now_give_way_to_this_runs(
    spider: WebSpider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("crawler.spiders.frontier_spider.arguments_of", lambda path, run_id: {"nosuch": "1"})
    assert spider._arguments_of(7) is spider.arguments
    assert spider._arguments_of(7) is spider.arguments
    assert caplog.text.count("arguments-of-earlier-run run=7") == 1


async def test_a_capture_left_over_that_cannot_be_read_is_asked_for_again(
    spider: WebSpider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*arguments: object) -> None:
        raise OSError("the file is gone")

    monkeypatch.setattr("crawler.spiders.frontier_spider.read_left_over", broken)
    row = FrontierRow(target=leased_of(spider.run).target)
    assert spider._parse_left_over(row, spider.arguments) is None
    assert f"left-over-fault key={row.key}" in caplog.text


def test_the_sites_that_own_an_address_are_found() -> None:
    loader = SiteSpiderLoader(SimpleNamespace(getlist=lambda name, default=None: [], get=lambda name, default=None: default))  # type: ignore[arg-type]
    name, site = next(iter(sorted(load_sites().items())))
    request = Request(f"https://{site.mirrors[0].host}/")
    assert name in loader.find_by_request(request)


def test_damage_of_a_replayed_file_is_told_and_what_came_before_is_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "some.warc.gz", record(answer(b"<p>One</p>"), "/one"))
    told: list[str] = []
    replay: Any = SimpleNamespace(_damaged=told.append)

    def entries() -> Iterator[Any]:
        yield from archived(path)
        raise ArchiveError(f"{path}: the file ends in the middle of a record")

    found = ReplaySpider._some(replay, entries(), [])
    assert [one.capture.url for one in found if one.capture] == [f"{HOST}/one"]
    assert told == [f"{path}: the file ends in the middle of a record"]
