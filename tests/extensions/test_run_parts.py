"""Extensions on a run of a real collection: progress, the end of a stop, and requests that a fault of ours left open."""

from __future__ import annotations

import asyncio
import errno
import io
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from outcomes import made as outcome
from running import StandingCrawler
from runs import lease, row_of, runs
from scrapy import Request, signals
from scrapy.exceptions import NotConfigured
from targets import made as made_of
from twisted.python.failure import Failure

from crawler.crawl.run import Run
from crawler.crawl.run_extension import RunExtension, extension_of, find_run
from crawler.errors import SetupError, WriteFailed
from crawler.extensions import progress, shutdown
from crawler.extensions.progress import ProgressExtension
from crawler.extensions.shutdown import ShutdownExtension
from crawler.extensions.unsettled import UnsettledExtension
from crawler.frontier.rows import FrontierRow
from crawler.items import LeasedRequest, Mirror, Target
from crawler.items import request_meta as keys
from crawler.sites.site import Site

SITE = Site(name="demo", title="Demo", language="en", mirrors=(Mirror("a.example"),), stories=(r"^/(?P<id>\d+)$",))
URL = "https://a.example/7"


async def until(came: Callable[[], object]) -> None:
    """Wait for what another task brings about, five seconds at most."""
    async with asyncio.timeout(5):
        while not came():  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with runs(tmp_path / "demo") as make:
        yield make(SITE)


@pytest.fixture
def crawler(run: Run) -> StandingCrawler:
    return StandingCrawler(run)


def leased(run: Run) -> LeasedRequest:
    row = made_of(FrontierRow, {"key": "demo/7", "url": URL, "site": "demo", "role": "story", "story": "demo/7", "tried": ("a.example",), "attempts": 1})
    lease(run, row)
    return LeasedRequest(target=Target(key="demo/7", url=URL, site="demo", role="story", story="demo/7"))


@pytest.mark.parametrize("kind", [RunExtension, ProgressExtension, ShutdownExtension, UnsettledExtension])
def test_outside_a_crawl_there_is_no_extension(kind: Any) -> None:
    with pytest.raises(NotConfigured):
        kind.from_crawler(StandingCrawler(None))


def test_the_run_is_found_where_there_is_one(crawler: StandingCrawler, run: Run) -> None:
    assert find_run(crawler) is run  # type: ignore[arg-type]
    assert extension_of(crawler).run is run  # type: ignore[arg-type]
    assert find_run(StandingCrawler(None)) is None  # type: ignore[arg-type]
    with pytest.raises(SetupError, match="no collection is open: start crawls with `scrapy crawl SITE`"):
        extension_of(StandingCrawler(None))  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [KeyError("planted"), ValueError("x" * 500)])
@pytest.mark.parametrize("where", ["spider", "pipeline"])
async def test_a_fault_of_ours_ends_the_request_and_says_which(crawler: StandingCrawler, run: Run, where: str, error: Exception) -> None:
    extension = UnsettledExtension.from_crawler(crawler)  # type: ignore[arg-type]
    request = leased(run)
    if where == "spider":
        crawler.signals.send_catch_log(
            signals.spider_error, failure=Failure(error), response=SimpleNamespace(request=Request(URL, meta={keys.LEASE: request}))
        )
    else:
        crawler.signals.send_catch_log(signals.item_error, item=outcome(request, None, reason="dns"), response=None, failure=Failure(error))
    await asyncio.gather(*extension._tasks)
    row = row_of(run, "demo/7")
    assert (row.state, row.reason) == ("queued", "parser-fault"), "leased no more, and asked for once more"
    assert (row.detail or "").startswith(f"{type(error).__name__}: ")
    assert len(row.detail or "") <= 150
    with run.collection.reader() as index:
        assert [tuple(found) for found in index.query("SELECT reason FROM failures")] == [("parser-fault",)]


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (SimpleNamespace(request=Request(URL, meta={})), KeyError("no lease")),
        (SimpleNamespace(), KeyError("no request")),
        (None, KeyError("nothing")),
    ],
)
async def test_a_fault_of_nobody_s_request_ends_nothing(crawler: StandingCrawler, run: Run, response: Any, error: Exception) -> None:
    leased(run)
    extension = UnsettledExtension.from_crawler(crawler)  # type: ignore[arg-type]
    extension.spider_failed(Failure(error), response)
    extension.item_failed({"an": "item"}, Failure(error))
    assert not extension._tasks
    assert row_of(run, "demo/7").state == "leased"


async def test_what_is_ended_already_and_failed_writes_are_left_alone(crawler: StandingCrawler, run: Run) -> None:
    extension = UnsettledExtension.from_crawler(crawler)  # type: ignore[arg-type]
    request = leased(run)
    full = WriteFailed(Path("x"), OSError(errno.ENOSPC, "No space left on device"))
    extension.item_failed(outcome(request, None, reason="dns"), Failure(full))
    assert not extension._tasks
    other = LeasedRequest(target=Target(key="demo/8", url=URL, site="demo", role="story"))
    extension.item_failed(outcome(other, None, reason="dns"), Failure(KeyError("x")))
    assert not extension._tasks


async def test_a_request_is_ended_even_where_its_fault_cannot_be_filed(
    crawler: StandingCrawler, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*arguments: Any, **more: Any) -> None:
        raise RuntimeError("no filing")

    def stumble(*arguments: Any) -> None:
        raise RuntimeError("no finish")

    monkeypatch.setattr(type(run.collection), "file", fail)
    monkeypatch.setattr(type(run.completion), "finish", stumble)
    extension = UnsettledExtension.from_crawler(crawler)  # type: ignore[arg-type]
    extension.item_failed(outcome(leased(run), None, reason="dns"), Failure(KeyError("x")))
    await asyncio.gather(*extension._tasks)
    row = row_of(run, "demo/7")
    assert (row.state, row.reason, row.detail) == ("failed", "parser-fault", "KeyError: 'x'")
    assert "unfiled url=https://a.example/7" in caplog.text
    assert "unsettled url=https://a.example/7" in caplog.text


async def test_progress_in_a_job_is_a_log_line(crawler: StandingCrawler, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(progress, "LOG_SECONDS", 0.01)
    kept = ProgressExtension.from_crawler(crawler)  # type: ignore[arg-type]
    leased(run)
    with caplog.at_level(logging.INFO):
        crawler.signals.send_catch_log(signals.spider_opened, spider=None)
        await until(lambda: "progress" in caplog.text)
        crawler.signals.send_catch_log(signals.spider_closed, spider=None, reason="finished")
    assert "progress 0:00, 0 stories (0 new), 1 address left, 0 captures, 0 B\n" in caplog.text
    assert kept._task is None


async def test_progress_on_a_terminal_is_one_line_that_is_wiped(crawler: StandingCrawler, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = io.StringIO()
    monkeypatch.setattr(drawn, "isatty", lambda: True)
    monkeypatch.setattr(progress.sys, "stderr", drawn)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "70")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(progress, "LIVE_SECONDS", 0.01)
    leased(run)
    crawler.settings.set("ARCHIVE_PROGRESS", True)
    extension = ProgressExtension.from_crawler(crawler)  # type: ignore[arg-type]
    extension.opened()
    await until(drawn.getvalue)
    extension.closed()
    first, *_, last, end = drawn.getvalue().removeprefix("\r").split("\r")
    assert first.startswith("  0 % |")
    assert "| 0:00, 0 stories (0 new), 1 address left" in first
    assert len(re.sub(r"\x1b\[\d+m", "", first)) < 70
    assert (last.strip(), end) == ("", "")


async def test_a_stop_that_takes_too_long_is_given_up(crawler: StandingCrawler, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    ended = asyncio.Event()
    monkeypatch.setattr(shutdown, "stop_reactor", ended.set)
    monkeypatch.setattr(shutdown, "LOOK_SECONDS", 0.01)
    extension = ShutdownExtension.from_crawler(crawler)  # type: ignore[arg-type]
    extension.opened()
    await asyncio.sleep(0.05)
    assert not ended.is_set()
    crawler.crawling = False
    await asyncio.wait_for(ended.wait(), 5)
    assert "shutdown-given-up in_flight=0 after=0s" in caplog.text


async def test_a_stop_in_time_is_not_given_up(crawler: StandingCrawler, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = asyncio.Event()
    monkeypatch.setattr(shutdown, "stop_reactor", ended.set)
    crawler.settings.set("ARCHIVE_SHUTDOWN_SECONDS", 60.0)
    extension = ShutdownExtension.from_crawler(crawler)  # type: ignore[arg-type]
    extension.closed()
    extension.opened()
    crawler.crawling = False
    await asyncio.sleep(0.02)
    extension.closed()
    await asyncio.sleep(0)
    assert not ended.is_set()


async def test_a_disk_that_stays_full_closes_the_spider(crawler: StandingCrawler, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutdown, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(shutdown, "stop_reactor", lambda: None)
    full = WriteFailed(Path("x"), OSError(errno.ENOSPC, "No space left on device"))
    monkeypatch.setattr(type(run.collection.disk), "out_of_patience", lambda self: full)
    ShutdownExtension.from_crawler(crawler).opened()  # type: ignore[arg-type]
    await until(lambda: crawler.closed_for)
    assert crawler.closed_for == ["write-failed"]
