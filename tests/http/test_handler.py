"""The download handler: settings in, exchanges and Scrapy responses out."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from fault_server import FaultServer
from scrapy import Request
from scrapy.settings import Settings

from crawler.errors import FetchFailed, SetupError
from crawler.http.handler import ArchiveDownloadHandler, client_of, headers_of
from crawler.items import LeasedRequest, Role, Target

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def handler_for(server: FaultServer, **settings) -> AsyncIterator[ArchiveDownloadHandler]:
    given = {"ARCHIVE_ALLOW_ADDRESSES": f"127.0.0.1:{server.port}", "ARCHIVE_IDLE_TIMEOUT": 0.3} | settings
    handler = ArchiveDownloadHandler.from_crawler(SimpleNamespace(settings=Settings(given)))
    try:
        yield handler
    finally:
        await handler.close()


def lease(url: str, role: Role) -> LeasedRequest:
    return LeasedRequest(target=Target(key=url, url=url, site="demo", role=role))


async def test_response_and_exchange(server: FaultServer) -> None:
    request = Request(f"{server.url}/plain-length#x", headers={"Accept-Encoding": "br", "User-Agent": "ours", "Host": "evil"})
    async with handler_for(server) as handler:
        response = await handler.download_request(request)
    exchange = request.meta["exchange"]
    assert exchange.payload.read() == response.body == b"hello"
    assert response._headers is None, "made when they are asked for"
    assert response.replace(status=201).headers == response.headers
    assert response.headers.getlist("Set-Cookie") == [b"a=1", b"b=2"]
    response.headers = {"X": "y"}
    assert dict(response.headers) == {b"X": [b"y"]}
    assert (response.status, response.protocol, str(response.ip_address), response.flags) == (200, "HTTP/1.1", "127.0.0.1", [])
    assert response.url == f"{server.url}/plain-length"
    sent = server.requests[0]
    assert sent.split(b"\r\n")[1:] == [
        f"Host: 127.0.0.1:{server.port}".encode(), b"User-Agent: ours", b"Accept-Encoding: gzip", b"Connection: keep-alive", b"", b"",
    ]  # fmt: skip
    assert request.meta["download_latency"] >= 0


async def test_coding_is_kept(server: FaultServer) -> None:
    async with handler_for(server) as handler:
        response = await handler.download_request(Request(f"{server.url}/coded"))
    assert response.body == b"no gzip\0\xff"
    assert response.headers["Content-Encoding"] == b"gzip"


async def test_partial_exchange_is_left_on_the_request(server: FaultServer) -> None:
    request = Request(f"{server.url}/cut-length", meta={"exchange": "of the request before"})
    async with handler_for(server) as handler:
        with pytest.raises(FetchFailed) as caught:
            await handler.download_request(request)
        assert request.meta["exchange"] is caught.value.exchange
        assert request.meta["exchange"].payload.read() == b"four"
        request = Request(f"{server.url}/no-answer-fin", meta={"exchange": "of the request before"})
        with pytest.raises(FetchFailed):
            await handler.download_request(request)
        assert "exchange" not in request.meta


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        ("page", "too-large"),
        ("story", "too-large"),
        ("robots", None),
        ("sitemap", None),
        ("feed", None),
        ("requisite", None),
        (None, "too-large"),
    ],
)
async def test_limit_is_that_of_the_role(server: FaultServer, role: Role | None, reason: str | None) -> None:
    limits = {"PAGE": 100, "ROBOTS": 200, "SITEMAP": 4000, "MEDIA": 4000}
    url = f"{server.url}/body-over-length"
    request = Request(url, meta={"lease": lease(url, role)} if role else {})
    async with handler_for(server, **{f"ARCHIVE_MAX_{name}_BYTES": value for name, value in limits.items()}) as handler:
        try:
            response = await handler.download_request(request)
            assert reason is None
        except FetchFailed as failure:
            assert failure.reason == reason  # noqa: PT017 - either way is right
            return
    if role == "robots":
        assert response.body == b"0123456789" * 20
        assert response.flags == ["truncated"]
        assert request.meta["exchange"].truncated == "length"
    else:
        assert response.body == b"0123456789" * 300
        assert request.meta["exchange"].truncated is None


async def test_spooled_media_stay_in_the_exchange(server: FaultServer, tmp_path: Path) -> None:
    url = f"{server.url}/big"
    async with handler_for(server, ARCHIVE_SPOOL_DIR=str(tmp_path)) as handler:
        picture, page = Request(url, meta={"lease": lease(url, "requisite")}), Request(url)
        assert (await handler.download_request(picture)).body == b""
        assert (await handler.download_request(page)).body == b"0123456789" * 300_000
    async with handler_for(server, ARCHIVE_MAX_HTML_BYTES=1000) as handler:
        page, feed = Request(url), Request(url, meta={"lease": lease(url, "feed")})
        assert (await handler.download_request(page)).body == b"0123456789" * 100 + b"0", "a byte more tells that it is not all"
        assert len((await handler.download_request(feed)).body) == 3_000_000
    assert len(page.meta["exchange"].payload) == 3_000_000
    assert len(picture.meta["exchange"].payload) == 3_000_000


def test_headers_that_cannot_be_sent_are_left_out() -> None:
    request = Request("http://a.example/", headers=[("If-None-Match", b'"a\rX-Evil: 1"'), ("If-Modified-Since", "Mon"), ("Te", "x")])
    assert headers_of(request) == [("If-Modified-Since", "Mon"), ("Accept-Encoding", "gzip")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ARCHIVE_CONNECT_TO", "nonsense"),
        ("ARCHIVE_ALLOW_ADDRESSES", "here"),
        ("ARCHIVE_CA_FILE", "missing.pem"),
        ("ARCHIVE_TLS", "trust me"),
        ("ARCHIVE_PROXY", "gopher://a:1"),
    ],
)
def test_bad_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SetupError, match=name):
        client_of(Settings({name: value}))


SPIDER = """
import json, scrapy, sys
from scrapy.crawler import CrawlerProcess

class Probe(scrapy.Spider):
    name = "probe"
    async def start(self):
        for name in ("plain-length", "cut-length"):
            yield scrapy.Request(f"{sys.argv[1]}/{name}", errback=self.failed, callback=self.came)
    def came(self, response):
        print(json.dumps(["came", response.meta["exchange"].response.read().decode()]))
    def failed(self, failure):
        print(json.dumps([failure.value.reason, failure.request.meta["exchange"].payload.read().decode()]))

handler = "crawler.http.handler.ArchiveDownloadHandler"
process = CrawlerProcess({
    "DOWNLOAD_HANDLERS": {"http": handler, "https": handler, "file": None, "ftp": None, "s3": None, "data": None},
    "ARCHIVE_ALLOW_ADDRESSES": sys.argv[2], "TELNETCONSOLE_ENABLED": False, "LOG_ENABLED": False, "RETRY_ENABLED": False,
})
process.crawl(Probe)
process.start()
"""


async def test_under_scrapy(server: FaultServer) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SPIDER, server.url, f"127.0.0.1:{server.port}",
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": ""},
    )  # fmt: skip
    out, _ = await process.communicate()
    lines = sorted(map(json.loads, out.splitlines()))
    assert [line[0] for line in lines] == ["came", "disconnect"]
    assert "X-Odd-CASE: 1" in lines[0][1]
    assert lines[1][1] == "four"
