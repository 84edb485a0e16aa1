"""Redirects sent onward or refused, and robots.txt fetched through the downloader."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from exchange_makers import exchange, lease
from runs import runs
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.crawl.run import Run
from crawler.errors import FetchFailed
from crawler.hosts.policy import RetryPolicy
from crawler.items import Headers, SpooledBytes
from crawler.items import request_meta as keys
from crawler.middlewares.redirect import RedirectMiddleware
from crawler.middlewares.robotstxt import RobotsMiddleware
from crawler.processing.hops import take_hop
from crawler.sites.known import WEB


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Run]:
    with runs(tmp_path / "web") as make:
        yield make(WEB, retry=RetryPolicy(retry_delay=0, max_wait=5))


def crawler_of(run: Run, **more: Any) -> Any:
    settings = Settings({"ROBOTSTXT_OBEY": True})
    settings.setmodule("crawler.settings", priority="default")
    return SimpleNamespace(settings=settings, get_extension=lambda kind: SimpleNamespace(run=run), **more)


async def answered(run: Run, request: Request, status: int, body: bytes = b"", *, hop: bool = True, **headers: str) -> Response:
    """An answer as the recorder leaves it."""
    leased, fields = request.meta[keys.LEASE], Headers(tuple((name.replace("_", "-"), value) for name, value in headers.items()))
    head = b"HTTP/1.1 %d X\r\n\r\n" % status
    made = exchange(
        1, body, url=request.url, response=SpooledBytes(head + body), head_length=len(head), status=status, headers=fields
    )  # fmt: skip
    request.meta[keys.CAPTURE] = await run.collection.record(made, leased, run_id=run.id)
    request.meta[keys.HEADERS] = fields
    if hop and "Location" in headers:
        request.meta[keys.ONWARD] = take_hop(request.meta, request.url, headers["Location"], fields, most=5)
    return Response(request.url, status=status, body=body, request=request)


def asked(url: str = "https://a.example/1", **more: object) -> Request:
    return Request(url, meta={keys.LEASE: lease(url=url, **({"site": "web", "role": "page", "story": "web/1"} | more))})


async def test_a_redirect_is_sent_onward_with_its_cookies_after_the_wait(run: Run) -> None:
    request = asked()
    response = await answered(run, request, 302, Location="https://a.example/2", Set_Cookie="a=b", Retry_After="60")
    further = await RedirectMiddleware.from_crawler(crawler_of(run)).process_response(request, response)
    assert isinstance(further, Request)
    assert (further.url, further.headers[b"Cookie"]) == ("https://a.example/2", b"a=b")
    assert further.meta[keys.LEASE].hops == 1
    assert keys.NOT_BEFORE in further.meta
    assert keys.CAPTURE not in further.meta


async def test_a_redirect_without_location_is_refused_and_noted(run: Run) -> None:
    request = asked()
    response = await answered(run, request, 302)
    with pytest.raises(FetchFailed, match="without Location"):
        await RedirectMiddleware(crawler_of(run)).process_response(request, response)
    assert request.meta[keys.NOTED]


async def test_what_is_no_redirect_goes_on(run: Run) -> None:
    request = asked()
    response = await answered(run, request, 200, b"<p>here")
    assert await RedirectMiddleware(crawler_of(run)).process_response(request, response) is response


async def test_robots_txt_is_fetched_obeyed_and_slows_its_host_down(run: Run) -> None:
    slot = SimpleNamespace(delay=1.0)
    fetched: list[str] = []

    async def download(request: Request) -> Response:
        fetched.append(request.url)
        return await answered(run, request, 200, b"User-agent: *\nDisallow: /private\nCrawl-delay: 3\n", Content_Type="text/plain")

    run.dispatcher.use_slots({"a.example": slot})
    middleware = RobotsMiddleware.from_crawler(crawler_of(run, engine=SimpleNamespace(download_async=download)))
    await middleware.process_request(asked())
    with pytest.raises(FetchFailed, match="disallowed"):
        await middleware.process_request(asked("https://a.example/private"))
    await middleware.process_request(asked("https://a.example/robots.txt", role="robots"))
    assert fetched == ["https://a.example/robots.txt"]
    assert slot.delay == 3.0
    assert run.dispatcher.pace.delays.of("a.example") == 3.0, "for a slot that is made anew"


async def test_a_robots_txt_of_which_a_part_came_is_handed_on_and_one_of_which_nothing_came_raises(run: Run) -> None:
    async def cut(request: Request) -> Response:
        error = FetchFailed("too-large", "over 9 bytes")
        error.meta = request.meta
        request.meta[keys.PARTIAL] = await answered(run, request, 200, b"User-agent: *\n", Content_Type="text/plain")
        raise error

    async def fail(request: Request) -> Response:
        raise FetchFailed("dns", "no address")

    for download, says in ((cut, "over 9 bytes"), (fail, "no address")):
        middleware = RobotsMiddleware(crawler_of(run, engine=SimpleNamespace(download_async=download, downloader=None)))
        with pytest.raises(FetchFailed, match=says):
            await middleware.process_request(asked())
