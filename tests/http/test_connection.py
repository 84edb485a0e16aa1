"""Connections: deadlines kept by one alarm, shared buffers, and addresses split without a parse."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import FetchFailed
from crawler.http import request as module
from crawler.http.connection import HIGH_WATER_BYTES, READ_BYTES, Connection
from crawler.http.request import RequestTarget, target_of


@pytest.fixture
async def pair() -> AsyncIterator[tuple[Connection, socket.socket]]:
    ours, theirs = socket.socketpair()
    _, connection = await asyncio.get_running_loop().create_connection(Connection, sock=ours)
    yield connection, theirs
    connection.abort()
    theirs.close()
    await asyncio.sleep(0)


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_each_read_has_its_own_deadline(pair: tuple[Connection, socket.socket]) -> None:
    connection, peer = pair
    began = now()
    peer.send(b"one")
    assert await connection.receive(began + 0.15) == b"one"
    peer.send(b"two")
    await asyncio.sleep(0.01)
    # The alarm of an earlier read ends no later one,
    asyncio.get_running_loop().call_later(0.25, peer.send, b"three")
    assert await connection.receive(began + 0.15) == b"two"
    assert await connection.receive(began + 5) == b"three"
    assert now() - began >= 0.25
    # and a nearer deadline does not wait for a later alarm.
    with pytest.raises(TimeoutError):
        await connection.receive(now() + 0.05)
    assert now() - began < 2
    # What came after a timeout is the next read's.
    peer.send(b"four")
    assert await connection.receive(now() + 5) == b"four"


async def test_a_connection_that_is_lost_leaves_no_alarm(pair: tuple[Connection, socket.socket]) -> None:
    connection, peer = pair
    asyncio.get_running_loop().call_later(0.01, peer.close)
    assert await connection.receive(now() + 60) == b""
    await asyncio.sleep(0)
    assert connection._alarm is None or connection._alarm.cancelled()


async def test_connections_that_share_a_buffer_keep_their_bytes_apart() -> None:
    buffer, loop = memoryview(bytearray(READ_BYTES)), asyncio.get_running_loop()
    pairs = [socket.socketpair() for _ in range(3)]
    connections = [(await loop.create_connection(lambda: Connection(buffer), sock=ours))[1] for ours, _ in pairs]
    for n, (_, theirs) in enumerate(pairs):
        theirs.send(b"%d" % n * 1000)
    assert [await connection.receive(loop.time() + 5) for connection in connections] == [b"%d" % n * 1000 for n in range(3)]
    for connection, (_, theirs) in zip(connections, pairs, strict=True):
        connection.abort()
        theirs.close()
    await asyncio.sleep(0)


URLS = st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from(["http://", "https://", "HTTP://"]),
    st.sampled_from(["a.example", "a.example.", "A.example", "b.example:8080", "b.example:443", "[::1]", "192.0.2.1:80", "xn--a.example", "ada@c"]),
    st.sampled_from(["", "/"]), st.text("ab/.%20?#é &'", max_size=8),
)  # fmt: skip


def parts_of(url: str) -> RequestTarget | str:
    try:
        return target_of(url)
    except FetchFailed as error:
        return error.detail


@given(URLS)
def test_an_address_is_split_as_with_a_parse(url: str) -> None:
    quick = parts_of(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "needs_no_parsing", lambda url: False)
        assert parts_of(url) == quick


async def test_a_peer_that_sends_faster_than_is_read_is_made_to_wait(pair: tuple[Connection, socket.socket]) -> None:
    connection, peer = pair
    peer.setblocking(False)
    sent, quiet = 0, 0
    while quiet < 20:  # until neither side takes more
        try:
            sent, quiet = sent + peer.send(bytes(READ_BYTES)), 0
        except BlockingIOError:
            quiet += 1
        await asyncio.sleep(0.001)
    assert HIGH_WATER_BYTES < connection.buffered < HIGH_WATER_BYTES + 2 * READ_BYTES
    came = 0
    while came < sent:  # it goes on once there is room again
        came += len(await connection.receive(now() + 5))
    assert (came, connection.buffered) == (sent, 0)


@pytest.mark.parametrize(
    ("method", "headers", "detail"),
    [("POST", [], "method 'POST': only GET and HEAD are sent"), ("GET", [("X", "a\r\nb")], "header 'X' cannot be sent")],
)
def test_what_cannot_be_sent_as_one_line_is_refused(method: str, headers: list[tuple[str, str]], detail: str) -> None:
    with pytest.raises(FetchFailed) as refused:
        module.request_of(target_of("http://a.example/"), method, headers)
    assert (refused.value.reason, refused.value.detail) == ("bad-url", detail)


def test_a_connection_header_that_is_given_stays() -> None:
    sent = module.request_of(target_of("http://a.example/"), "GET", [("Connection", "close")])
    assert sent == b"GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"
