"""The doors of a request: addresses that are never asked for, and the recorder, on a real collection."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from exchange_makers import exchange, lease
from running import StandingCrawler
from runs import runs
from scrapy import Request
from scrapy.http import Response

from crawler.crawl.run import Run
from crawler.errors import FetchFailed, OutOfFiles, WriteFailed
from crawler.items import Mirror
from crawler.items import request_meta as keys
from crawler.middlewares.recorder import RecordMiddleware
from crawler.middlewares.url_filter import RefuseMiddleware
from crawler.sites.site import Site

SITE = Site(name="demo", title="Demo", language="en", mirrors=(Mirror("a.example"),), never=(r"^/counter/",), stories=(r"^/(?P<id>\d+)$",))


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with runs(tmp_path / "demo") as make:
        yield make(SITE)


def rows(run: Run, sql: str) -> list[tuple[Any, ...]]:
    with run.collection.reader() as index:
        return [tuple(row) for row in index.query(sql)]


@pytest.mark.parametrize(
    ("url", "reason", "detail"),
    [
        ("https://a.example/7", None, ""),
        ("https://a.example/counter/7", "guard", "on the site's never-fetch list"),
        ("https://ada@a.example/7", "bad-url", "user name in the address"),
        ("http://127.1/", "bad-url", "host is a number in an odd form"),
        ("https://a.example/" + "x" * 3000, "bad-url", "over 2048 characters"),
        ("ftp://a.example/7", "bad-url", None),
    ],
)
def test_addresses_that_are_never_asked_for(run: Run, url: str, reason: str | None, detail: str | None) -> None:
    middleware = RefuseMiddleware.from_crawler(StandingCrawler(run))  # type: ignore[arg-type]
    if reason is None:
        middleware.process_request(Request(url))
        return
    with pytest.raises(FetchFailed) as caught:
        middleware.process_request(Request(url))
    assert caught.value.reason == reason
    if detail is not None:
        assert caught.value.detail == detail


def test_without_a_run_only_the_address_itself_is_looked_at() -> None:
    middleware = RefuseMiddleware.from_crawler(StandingCrawler(None))  # type: ignore[arg-type]
    middleware.process_request(Request("https://a.example/counter/7"))
    with pytest.raises(FetchFailed, match="bad-url"):
        middleware.process_request(Request("http://127.1/"))


Recorder = Callable[[], tuple[RecordMiddleware, StandingCrawler]]


@pytest.fixture
def recorder(run: Run) -> tuple[RecordMiddleware, StandingCrawler]:
    crawler = StandingCrawler(run)
    return RecordMiddleware.from_crawler(crawler), crawler  # type: ignore[arg-type]


async def test_an_answer_goes_on_with_its_capture_when_it_is_on_disk(run: Run, recorder: tuple[RecordMiddleware, StandingCrawler]) -> None:
    made = exchange(1)
    request = Request(made.url, meta={keys.LEASE: lease(1), keys.EXCHANGE: made})
    answer = await recorder[0].process_response(request, Response(made.url))
    assert answer.url == made.url
    capture = request.meta[keys.CAPTURE]
    assert rows(run, "SELECT record_id, url, status FROM captures") == [(capture.record_id, made.url, 200)]
    assert keys.EXCHANGE not in request.meta
    assert run.stats.captures == 1


async def test_an_answer_without_an_exchange_passes_by(run: Run, recorder: tuple[RecordMiddleware, StandingCrawler]) -> None:
    request = Request("https://a.example/1", meta={keys.LEASE: lease(1)})
    await recorder[0].process_response(request, Response(request.url))
    assert keys.CAPTURE not in request.meta
    assert rows(run, "SELECT count(*) FROM captures") == [(0,)]


async def test_a_redirect_says_where_it_leads_and_a_loop_is_recorded_and_stopped(run: Run, recorder: tuple[RecordMiddleware, StandingCrawler]) -> None:
    made = exchange(1, status=302, headers=(("Location", "/2"),))
    request = Request(made.url, meta={keys.LEASE: lease(1), keys.EXCHANGE: made})
    await recorder[0].process_response(request, Response(made.url, status=302))
    assert request.meta[keys.ONWARD]
    round_ = exchange(2, status=302, headers=(("Location", "https://a.example/2"),))
    request = Request(round_.url, meta={keys.LEASE: lease(2), keys.EXCHANGE: round_})
    with pytest.raises(FetchFailed) as caught:
        await recorder[0].process_response(request, Response(round_.url, status=302))
    assert caught.value.reason == "redirect"
    assert request.meta[keys.NOTED] == "unreadable"
    assert rows(run, "SELECT count(*) FROM captures") == [(2,)], "both are on disk"
    assert rows(run, "SELECT reason FROM failures") == [("redirect",)]


@pytest.mark.parametrize(
    ("error", "failures"),
    [
        (FetchFailed("dns", "a.example: no address"), [("dns", "a.example: no address", None)]),
        (UnicodeError("label too long"), [("limit", "UnicodeError: label too long", None)]),
        (OutOfFiles("too many"), []),
    ],
)
async def test_an_attempt_without_a_byte_is_one_row(
    run: Run, recorder: tuple[RecordMiddleware, StandingCrawler], error: Exception, failures: list[tuple[str, str, None]]
) -> None:
    request = Request("https://a.example/1", meta={keys.LEASE: lease(1)})
    await recorder[0].process_exception(request, error)
    assert rows(run, "SELECT reason, detail, capture_id FROM failures") == failures
    assert (request.meta.get(keys.NOTED) == "unreadable") is bool(failures)
    assert recorder[1].closed_for == []


async def test_an_attempt_of_which_a_part_came_has_both_rows(run: Run, recorder: tuple[RecordMiddleware, StandingCrawler]) -> None:
    made = exchange(1, truncated="disconnect")
    request = Request(made.url, meta={keys.LEASE: lease(1), keys.PARTIAL: Response(made.url)})
    await recorder[0].process_exception(request, FetchFailed("disconnect", "5 of 9 bytes came", exchange=made))
    assert rows(run, "SELECT f.reason, c.truncated FROM failures f JOIN captures c ON c.id = f.capture_id") == [("disconnect", "disconnect")]
    assert request.meta[keys.CAPTURE].truncated == "disconnect"
    assert request.meta[keys.START]


async def test_a_request_that_is_nobody_s_leaves_nothing(run: Run, recorder: tuple[RecordMiddleware, StandingCrawler]) -> None:
    await recorder[0].process_exception(Request("https://a.example/1"), FetchFailed("dns"))
    assert rows(run, "SELECT count(*) FROM failures") == [(0,)]


@pytest.mark.parametrize("how", ["answer", "failure", "spool"])
async def test_a_write_that_fails_closes_the_spider_once(
    run: Run, recorder: tuple[RecordMiddleware, StandingCrawler], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    broken = WriteFailed(Path("archive"), OSError(errno.EIO, "Input/output error"))

    async def fail(*arguments: Any, **more: Any) -> None:
        raise broken

    monkeypatch.setattr(type(run.collection), "record", fail)
    monkeypatch.setattr(type(run.collection), "fail", fail)
    middleware, crawler = recorder
    for _ in range(2):
        request = Request("https://a.example/1", meta={keys.LEASE: lease(1), keys.EXCHANGE: exchange(1)})
        if how == "spool":
            await middleware.process_exception(request, broken)
        elif how == "failure":
            with pytest.raises(WriteFailed):
                await middleware.process_exception(request, FetchFailed("dns"))
        else:
            with pytest.raises(WriteFailed):
                await middleware.process_response(request, Response(request.url))
    await crawler._extension._closing
    assert crawler.closed_for == ["write-failed"]
    assert crawler._extension.is_stopping
