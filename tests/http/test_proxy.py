"""Through a proxy: names go there unresolved, what is recorded is the origin's."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from fault_server import FaultServer

from crawler.errors import FetchFailed, SetupError
from crawler.http.address_guard import Guard
from crawler.http.client import Client
from crawler.http.options import Limits
from crawler.http.proxy import Proxy, parse_proxy
from crawler.http.tls import TlsContexts

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
QUICK = Limits(connect=2, idle=1, total=5)


@asynccontextmanager
async def listening(serve: Callable[..., Awaitable[None]]) -> AsyncIterator[int]:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


class TinyProxy:
    """Speaks CONNECT and SOCKS5, and brings everybody to one port, whatever name they ask for."""

    def __init__(self, port: int, *, answer: bytes = b"HTTP/1.1 200 Yes\r\n\r\n", socks_code: int = 0) -> None:
        self.port, self.answer, self.socks_code = port, answer, socks_code
        self.asked: list[str] = []
        self.heads: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        granted = await (self._socks(reader, writer) if first == b"\x05" else self._http(first, reader, writer))
        if not granted:
            writer.close()
            return
        there, out = await asyncio.open_connection("127.0.0.1", self.port)
        await asyncio.gather(pump(reader, out), pump(there, writer))

    async def _http(self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = first + await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        self.asked.append(head.split()[1].decode())
        for at in range(0, len(self.answer), 7):  # in pieces: the client must wait for the blank line
            writer.write(self.answer[at : at + 7])
            await writer.drain()
            await asyncio.sleep(0.001)
        return b" 200 " in self.answer

    async def _socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        await reader.readexactly((await reader.readexactly(1))[0])
        writer.write(b"\x05\x00")
        _, _, _, kind = await reader.readexactly(4)
        assert kind == 3, "the name was resolved here"
        name = await reader.readexactly((await reader.readexactly(1))[0])
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        self.asked.append(f"{name.decode()}:{port}")
        writer.write(b"\x05" + bytes([self.socks_code]) + b"\x00\x01\x00\x00\x00\x00\x00\x00")
        return not self.socks_code


async def nobody(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was resolved here")


@asynccontextmanager
async def client_through(tiny: TinyProxy, scheme: str, **options) -> AsyncIterator[Client]:
    async with listening(tiny.serve) as port:
        client = Client(**({"limits": QUICK, "proxy": parse_proxy(f"{scheme}://127.0.0.1:{port}"), "resolver": nobody} | options))
        try:
            yield client
        finally:
            await client.close()


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_plain_and_tls_through_a_proxy(server: FaultServer, tls_server: FaultServer, certificate, scheme: str) -> None:
    tiny = TinyProxy(server.port)
    async with client_through(tiny, scheme, trust=TlsContexts(ca_file=certificate.path)) as client:
        plain = await client.fetch("http://abcdefgh.onion/x", headers=[("X-A", "1")], max_bytes=100)
        tiny.port = tls_server.port
        secure = await client.fetch("https://news.example/y", max_bytes=100)
    assert tiny.asked == ["abcdefgh.onion:80", "news.example:443"]
    assert plain.request == server.requests[0] == b"GET /x HTTP/1.1\r\nHost: abcdefgh.onion\r\nX-A: 1\r\nConnection: keep-alive\r\n\r\n"
    assert secure.request == tls_server.requests[0]
    assert plain.response.read() == secure.response.read()
    assert (plain.ip, secure.ip) == (None, None)
    assert secure.tls is not None
    assert secure.tls.verified


@pytest.mark.parametrize("url", ["http://localhost/", "http://10.0.0.1/", "http://[::1]/", "http://news.example:22/"])
@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_the_guard_holds_behind_a_proxy(scheme: str, url: str) -> None:
    tiny = TinyProxy(1)
    async with client_through(tiny, scheme, guard=Guard()) as client:
        with pytest.raises(FetchFailed, match="guard"):
            await client.fetch(url, max_bytes=100)
    assert tiny.asked == []


@pytest.mark.parametrize(
    ("scheme", "options", "reason"),
    [
        ("http", {"answer": b"HTTP/1.1 403 No\r\n\r\n"}, "proxy"),
        ("http", {"answer": b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\n\r\n"}, "proxy"),
        ("http", {"answer": b"HTTP/1.1 200 Yes\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"}, "proxy"),
        ("http", {"answer": b"220 mail ready\r\n"}, "proxy"),
        ("socks5", {"socks_code": 2}, "proxy"),
        ("socks5", {"socks_code": 4}, "connect"),
        ("socks5", {"socks_code": 5}, "connect"),
    ],
)
async def test_a_proxy_that_refuses(server: FaultServer, scheme: str, options: dict, reason: str) -> None:
    async with client_through(TinyProxy(server.port, **options), scheme) as client:
        with pytest.raises(FetchFailed) as caught:
            await client.fetch("http://news.example/", max_bytes=100)
    assert caught.value.reason == reason
    assert caught.value.exchange is None


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_no_proxy_there(unused_tcp_port: int, scheme: str) -> None:
    client = Client(limits=QUICK, proxy=Proxy(scheme=scheme, host="127.0.0.1", port=unused_tcp_port))
    with pytest.raises(FetchFailed, match="proxy"):
        await client.fetch("http://news.example/", max_bytes=100)
    await client.close()


async def test_credentials_go_to_the_proxy_alone(server: FaultServer) -> None:
    tiny = TinyProxy(server.port)
    async with listening(tiny.serve) as port:
        client = Client(limits=QUICK, proxy=parse_proxy(f"http://me:s%20ecret@127.0.0.1:{port}"))
        await client.fetch("http://news.example/", max_bytes=100)
        await client.close()
    assert b"Proxy-Authorization: Basic bWU6cyBlY3JldA==\r\n" in tiny.heads[0]
    assert b"Proxy" not in server.requests[0]


async def test_environment_is_ignored(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    from crawler.http.address_guard import parse_addresses

    client = Client(limits=QUICK, guard=Guard(exempt=parse_addresses(f"127.0.0.1:{server.port}")))
    assert (await client.fetch(server.url, max_bytes=100)).payload.read() == b"good"
    await client.close()


@pytest.mark.parametrize("setting", ["127.0.0.1:80", "ftp://a:1", "http://a", "http://a:x", "socks5://a:1/path", "http://:80"])
def test_bad_proxy_setting(setting: str) -> None:
    with pytest.raises(SetupError, match="ARCHIVE_PROXY"):
        parse_proxy(setting)


def test_password_is_not_printed() -> None:
    assert "secret" not in repr(parse_proxy("socks5://me:secret@a:1"))
    assert parse_proxy(None) is None
