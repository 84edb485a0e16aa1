"""One answer through the client, its bytes cut where the caller says; and answers made of the grammar and of what breaks it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

from attrs import asdict
from hypothesis import strategies as st

from crawler.errors import FetchFailed
from crawler.http.client import Client
from crawler.http.connector import Connector
from crawler.http.options import Limits
from crawler.items import Exchange

URL = "http://news.example/page"
SMALL = Limits(head_bytes=300, framing_bytes=100, headers=20, header_line_bytes=200)
"""Limits that short answers reach."""


class Peer:
    """Stands for a connection: gives the pieces one by one, then the end of the stream, or nothing more for ever."""

    ip, port, tls, ragged, handshake = "192.0.2.7", 80, None, False, None
    idle_until, quiet = 0.0, True

    def __init__(self, pieces: Sequence[bytes], *, hold: bool) -> None:
        self.pieces, self.hold = [piece for piece in pieces if piece], hold
        self.kept = True

    @property
    def buffered(self) -> int:
        return sum(map(len, self.pieces))

    def send(self, data: bytes) -> None:
        self.request = data

    async def receive(self, until: float) -> bytes:
        if not self.pieces and self.hold:
            raise TimeoutError
        return self.pieces.pop(0) if self.pieces else b""

    def abort(self) -> None:
        self.kept = False


class _Opened:
    """Stands for the dialer: whoever is dialled is the peer."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def open(self, target: object) -> Peer:
        return self._peer

    def mapped(self, target: object) -> None:
        return None


async def ask(
    pieces: Sequence[bytes] | Peer, *, hold: bool = False, limits: Limits | None = None, max_bytes: int = 2**26, method: str = "GET"
) -> tuple[Exchange | None, str | None, bool]:
    """The exchange, the reason of its failure or None, and whether the connection was kept."""
    peer = pieces if isinstance(pieces, Peer) else Peer(pieces, hold=hold)
    client = Client(limits=limits)
    client._connector = cast(Connector, _Opened(peer))
    try:
        exchange: Exchange | None = await client.fetch(URL, method=method, max_bytes=max_bytes)
        reason = None
    except FetchFailed as failure:
        exchange, reason = failure.exchange, failure.reason
    kept = peer.kept
    await client.close()
    return exchange, reason, kept


def read(
    *pieces: bytes, hold: bool = False, limits: Limits | None = None, max_bytes: int = 2**26, method: str = "GET"
) -> dict[str, Any]:
    """Everything of an answer that may not depend on the pieces."""
    exchange, reason, kept = asyncio.run(ask(pieces, hold=hold, limits=limits, max_bytes=max_bytes, method=method))
    facts: dict[str, Any] = {"reason": reason, "kept": kept, "exchange": None}
    if exchange is not None:
        facts |= asdict(exchange, recurse=False)
        facts |= {"response": exchange.response.read(), "payload": exchange.payload.read(), "exchange": exchange}
    return facts


def same(facts: dict[str, Any]) -> dict[str, Any]:
    """Without the times, and what holds them."""
    return {name: value for name, value in facts.items() if name not in ("started", "ended", "exchange")}


def single(raw: bytes) -> list[bytes]:
    """Byte by byte."""
    return [raw[at : at + 1] for at in range(len(raw))]


_END = st.sampled_from([b"\r\n"] * 12 + [b"\n", b"\r", b"\r\r\n", b""])
_STATUS_LINES = st.sampled_from(
    [b"HTTP/1.1 200 OK"] * 6
    + [b"HTTP/1.0 200 OK", b"HTTP/1.1 200", b"HTTP/1.1\t200 OK", b"http/1.1 404 No", b"HTTP/2 200", b"HTTP/1.1 007 X", b"HTTP/1.1 200OK"]
    + [b"HTTP/1.1 204 No", b"HTTP/1.1 304 Not", b"HTTP/1.1 101 X", b"HTTP/1.1 103 Early", b"HTTP/1.1 20 OK", b"HTTP/1.1 OK", b"<p>old"]
)
_FIELDS = st.sampled_from(
    [b"Content-Length: 5", b"Content-Length: 0", b"Content-Length: 5, 5", b"Content-Length: 7", b"Content-Length: x"]
    + [b"Transfer-Encoding: chunked"] * 6
    + [b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: identity", b"Connection: close", b"Content-Range: bytes 0-4/9"]
    + [b"A: b", b"A B: c", b"A : b", b" folded", b"no colon", b": no name", b"A: \0", b"A: \xe9", b"X: " + b"x" * 220]
)
_CHUNKS = st.sampled_from(
    [b"5\r\nhello\r\n"] * 4
    + [b"0\r\n\r\n", b"5", b"\r\n", b"\n", b"hello", b"5 \r\nhello\r\n", b"5;a=b\r\nhello\r\n", b"5;\r\nhello\r\n", b"zz\r\n", b"5\nhello\n"]
    + [b"0\r\nT: 1\r\n\r\n", b"0\r\nno colon\r\n\r\n", b"5\r\nhello!\r\n", b"%020x\r\nhello\r\n" % 5, b"f" * 17, b"1;" + b"e" * 60 + b"\r\na\r\n", b"-1\r\n"]
)


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """An answer, now and then with something in front, behind, or wrong within."""
    raw = draw(st.sampled_from([b""] * 8 + [b"\r\n", b"\n\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 E\nL: x\n\n", b"\r\n" * 40]))
    raw += draw(_STATUS_LINES) + draw(_END)
    for field in draw(st.lists(_FIELDS, max_size=4)):
        raw += field + draw(_END)
    raw += b"\r\n"
    raw += b"".join(draw(st.lists(_CHUNKS, max_size=6)))
    raw += draw(st.sampled_from([b"0\r\n\r\n"] * 3 + [b"", b"0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"]))
    for at, byte in draw(st.lists(st.tuples(st.integers(0, 500), st.sampled_from([b"\0", b"\r", b"\n", b" ", b"z", b""])), max_size=2)):
        place = at % (len(raw) + 1)
        raw = raw[:place] + byte + raw[place + draw(st.integers(0, 1)) :]
    return raw
