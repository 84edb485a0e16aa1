"""Kept connections: what to do where one ends without an answer, and when none are kept any more."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from crawler.errors import FetchFailed
from crawler.http.address_guard import Guard, parse_addresses
from crawler.http.client import Client
from crawler.http.connection import MAX_KEPT_FAILURES
from crawler.http.options import Limits
from crawler.items import Exchange

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"


class Server:
    """Answers the first request of each connection; what it does with the second is said by a word."""

    def __init__(self, second: str) -> None:
        self.second, self.port = second, 0
        self.asked: list[tuple[int, str]] = []
        """Connection and path of each request."""
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        me, first = self.connections, True
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
                self.asked.append((me, path))
                what = ("fin" if path == "/never" else "answer") if first else self.second
                first = False
                if what == "rst":
                    sock: socket.socket = writer.get_extra_info("socket")
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    writer.transport.abort()
                    return
                if what == "fin":
                    break
                if what == "silent":
                    await reader.read()
                    break
                if what in ("408", "421"):
                    writer.write(f"HTTP/1.1 {what} X\r\nContent-Length: 0\r\n\r\n".encode())
                else:
                    writer.write(GOOD[:9] if what == "begun" else GOOD)
                if what == "begun":
                    break
        writer.close()


@asynccontextmanager
async def running(second: str) -> AsyncIterator[tuple[Server, Client]]:
    server = Server(second)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    client = Client(limits=Limits(connect=2, idle=0.2, total=2), guard=Guard(exempt=parse_addresses(f"127.0.0.1:{server.port}")))
    try:
        yield server, client
    finally:
        await client.close()
        listening.close()


async def fetch(server: Server, client: Client, path: str = "/x", **options: bool | str) -> Exchange:
    return await client.fetch(f"http://127.0.0.1:{server.port}{path}", max_bytes=100, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("second", ["fin", "rst"])
async def test_what_a_kept_connection_swallowed_is_sent_again_at_once_and_told(second: str) -> None:
    async with running(second) as (server, client):
        assert (await fetch(server, client)).problem is None
        again = await fetch(server, client)
        assert (again.payload.read(), again.problem) == (b"good", "sent again: a kept connection ended without an answer")
        assert [connection for connection, _ in server.asked] == [1, 1, 2]


async def test_a_place_that_does_so_again_and_again_gets_no_kept_connections() -> None:
    async with running("fin") as (server, client):
        for _ in range(10):
            assert (await fetch(server, client)).payload.read() == b"good"
        assert len(server.asked) == 10 + MAX_KEPT_FAILURES
        assert server.connections == 10


async def test_on_a_fresh_connection_a_request_is_sent_once() -> None:
    async with running("answer") as (server, client):
        with pytest.raises(FetchFailed, match="closed without an answer"):
            await fetch(server, client, "/never")
        assert server.asked == [(1, "/never")]


async def test_a_second_sending_in_vain_tells_of_the_first() -> None:
    async with running("fin") as (server, client):
        await fetch(server, client)
        with pytest.raises(FetchFailed, match="closed without an answer; sent again: a kept connection") as caught:
            await fetch(server, client, "/never")
        assert caught.value.exchange is None
        assert server.asked == [(1, "/x"), (1, "/never"), (2, "/never")]


async def test_only_a_get_that_brought_no_byte_is_sent_again() -> None:
    async with running("fin") as (server, client):
        await fetch(server, client)
        with pytest.raises(FetchFailed, match="on a kept connection"):
            await fetch(server, client, method="HEAD")
    async with running("begun") as (server, client):
        await fetch(server, client)
        with pytest.raises(FetchFailed) as caught:
            await fetch(server, client)
        assert caught.value.exchange is not None
        assert len(server.asked) == 2


async def test_silence_is_a_failure_and_the_next_try_goes_another_way() -> None:
    async with running("silent") as (server, client):
        await fetch(server, client)
        with pytest.raises(FetchFailed, match=r"nothing came.*on a kept connection"):
            await fetch(server, client)
        await asyncio.gather(*(fetch(server, client) for _ in range(3)))
        assert (await fetch(server, client, fresh=True)).payload.read() == b"good"
        assert server.connections == 1 + 3 + 1


@pytest.mark.parametrize("status", ["408", "421"])
async def test_a_connection_that_is_said_to_be_wrong_is_not_used_again(status: str) -> None:
    async with running(status) as (server, client):
        await fetch(server, client)
        assert str((await fetch(server, client)).status) == status
        assert (await fetch(server, client)).status == 200
        assert [connection for connection, _ in server.asked] == [1, 1, 2]
