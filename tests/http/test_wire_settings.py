"""Settings of the wire, each set to another value than its default: what comes then is another answer than by default."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from fault_server import FaultServer, fault_server
from scrapy import Request
from scrapy.settings import Settings

from crawler.errors import FetchFailed, WriteFailed
from crawler.http.handler import ArchiveDownloadHandler, client_of
from crawler.items import LeasedRequest, Role, Target

LATE = 10.0
"""Seconds within which a deadline of a fraction of one must have ended a fetch; the defaults are longer."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n"
LONG = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5000\r\n\r\n" + b"0123456789" * 500


async def outcome(url: str, role: Role = "page", **settings: Any) -> str:
    """How a fetch ends: the reason why it failed, or what came of the body; where a body was cut off, how."""
    values = Settings()
    values.setmodule("crawler.settings")
    values.update(settings)
    handler = ArchiveDownloadHandler.from_crawler(SimpleNamespace(settings=values))  # type: ignore[arg-type]
    request = Request(url, meta={"lease": LeasedRequest(target=Target(key=url, url=url, site="demo", role=role))})
    try:
        response = await handler.download_request(request)
    except FetchFailed as failure:
        return failure.reason
    except WriteFailed as failure:
        return f"cannot write {failure.path}"
    finally:
        await handler.close()
    exchange = request.meta["exchange"]
    return f"{len(response.body)} bytes" + "".join(f" ({word})" for word in (exchange.truncated, exchange.problem) if word)


@pytest.fixture
async def here(server: FaultServer) -> FaultServer:
    """A server whose answers are within the default limits, and beyond those that the tests set."""
    server.pages |= {
        "/long": LONG,
        "/long-head": HEAD + b"X-Padding: 0123456789\r\n" * 50 + b"\r\ngood",
        "/long-line": HEAD + b"X-Padding: " + b"x" * 1500 + b"\r\n\r\ngood",
        "/interim": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + HEAD + b"\r\ngood",
        "/large": b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 3000000\r\n\r\n" + bytes(3_000_000),
    }
    return server


@pytest.mark.parametrize(
    ("name", "value", "path", "role", "usual", "then"),
    [
        ("ARCHIVE_MAX_PAGE_BYTES", 100, "/long", "page", "5000 bytes", "too-large"),
        ("ARCHIVE_MAX_MEDIA_BYTES", 100, "/long", "requisite", "5000 bytes", "too-large"),
        ("ARCHIVE_MAX_ROBOTS_BYTES", 100, "/long", "robots", "5000 bytes", "100 bytes (length)"),
        ("ARCHIVE_MAX_SITEMAP_BYTES", 100, "/long", "sitemap", "5000 bytes", "too-large"),
        # The byte beyond the limit tells the reader that there is more.
        ("ARCHIVE_MAX_HTML_BYTES", 100, "/long", "page", "5000 bytes", "101 bytes"),
        ("ARCHIVE_MAX_HEAD_BYTES", 500, "/long-head", "page", "4 bytes", "limit"),
        ("ARCHIVE_MAX_HEADER_LINE_BYTES", 1000, "/long-line", "page", "4 bytes", "4 bytes (header line over 1000 bytes)"),
        ("ARCHIVE_MAX_HEADERS", 20, "/long-head", "page", "4 bytes", "4 bytes (51 header fields, over 20)"),
        ("ARCHIVE_MAX_INTERIM", 2, "/interim", "page", "4 bytes", "limit"),
        ("ARCHIVE_SPOOL_DIR", "/nosuch/folder", "/large", "page", "3000000 bytes", "cannot write /nosuch/folder"),
    ],
    ids=lambda value: value if str(value).startswith("ARCHIVE_") else "",
)
async def test_a_limit_is_obeyed(here: FaultServer, name: str, value: object, path: str, role: Role, usual: str, then: str) -> None:
    allowed = {"ARCHIVE_ALLOW_ADDRESSES": f"127.0.0.1:{here.port}"}
    assert await outcome(f"{here.url}{path}", role, **allowed) == usual
    assert await outcome(f"{here.url}{path}", role, **allowed, **{name: value}) == then


async def test_the_same_fields_are_read_whatever_limit_is_marked(here: FaultServer) -> None:
    """Whoever reads the record later does not know the limit of the crawl."""
    for most in (20, 2000):
        client = client_of(Settings({"ARCHIVE_ALLOW_ADDRESSES": f"127.0.0.1:{here.port}", "ARCHIVE_MAX_HEADERS": most}))
        exchange = await client.fetch(f"{here.url}/long-head", max_bytes=1000)
        assert len(exchange.headers) == 51
        await client.close()


@pytest.fixture
async def dribbler() -> AsyncIterator[int]:
    """A port behind which `/drip` sends a byte now and then for ever; else nothing is said at all."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readline()
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n" if b" /drip " in request else b"")
            while not reader.at_eof():
                writer.write(b"x" if b" /drip " in request else b"")
                await writer.drain()
                await asyncio.sleep(0.05)
        except OSError:
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield listening.sockets[0].getsockname()[1]
    listening.close()


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("ARCHIVE_CONNECT_TIMEOUT", "https://127.0.0.1:{}/silent"),
        ("ARCHIVE_IDLE_TIMEOUT", "http://127.0.0.1:{}/silent"),
        ("ARCHIVE_TOTAL_TIMEOUT", "http://127.0.0.1:{}/drip"),
    ],
)
async def test_a_deadline_is_obeyed(dribbler: int, name: str, url: str) -> None:
    async with asyncio.timeout(LATE):
        assert await outcome(url.format(dribbler), ARCHIVE_ALLOW_ADDRESSES=f"127.0.0.1:{dribbler}", **{name: 0.3}) == "timeout"


async def test_addresses_are_let_through_and_led_elsewhere(server: FaultServer) -> None:
    assert await outcome(f"{server.url}/fine") == "guard"
    assert await outcome(f"{server.url}/fine", ARCHIVE_ALLOW_ADDRESSES=f"127.0.0.1:{server.port}") == "4 bytes"
    assert await outcome("http://news.example/fine", ARCHIVE_CONNECT_TO=f"news.example:80=127.0.0.1:{server.port}") == "4 bytes"
    assert server.requests[-1].split(b"\r\n")[1] == b"Host: news.example"


async def test_trust_is_as_told(tls_server: FaultServer, certificate: Any, expired: Any) -> None:
    there = {"ARCHIVE_CONNECT_TO": f"news.example:443=127.0.0.1:{tls_server.port}"}
    assert await outcome("https://news.example/fine", **there) == "tls"
    assert await outcome("https://news.example/fine", **there, ARCHIVE_CA_FILE=str(certificate.path)) == "4 bytes"
    context: ssl.SSLContext = expired.context()
    async with fault_server(context) as old:
        there = {"ARCHIVE_CONNECT_TO": f"news.example:443=127.0.0.1:{old.port}", "ARCHIVE_CA_FILE": str(expired.path)}
        assert await outcome("https://news.example/fine", **there) == "tls"
        assert await outcome("https://news.example/fine", **there, ARCHIVE_TLS="record") == "4 bytes"


async def test_a_proxy_is_asked(server: FaultServer) -> None:
    server.pages["news.example:80"] = b"HTTP/1.1 200 OK\r\n\r\n"
    assert await outcome("http://news.example/fine", ARCHIVE_PROXY=server.url) == "4 bytes"
    assert server.requests[0].startswith(b"CONNECT news.example:80 HTTP/1.1\r\n")
