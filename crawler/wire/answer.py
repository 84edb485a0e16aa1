"""One answer as it comes from a connection: interim heads, head, body in its framing; whatever came is kept when it breaks off."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from typing import NoReturn

from crawler.errors import WriteFailed
from crawler.items import Truncated
from crawler.message import Dechunker, Head, head_end, parse_head, response_framing
from crawler.spool import Bytes, Tail
from crawler.wire.connection import Connection, TlsEnded
from crawler.wire.limits import Limits

_NOT_HERE = (408, 421)
"""Statuses that speak of the connection itself: too slow, or the wrong one for this host."""
MAX_BLANK_BYTES = 64
"""Line ends before the status line that are forgiven."""

_KEEP_ALIVE = re.compile(r"timeout\s*=\s*\"?(\d{1,6})", re.IGNORECASE)


class Cut(Exception):
    """The answer ended otherwise than it should."""

    def __init__(self, reason: str, detail: str, truncated: Truncated | None) -> None:
        self.reason, self.detail, self.truncated = reason, detail, truncated
        super().__init__(detail)


class Answer:
    """What has come of one answer so far.

    Args:
        method: Of the request: the answer to HEAD has no body.
        max_bytes: Of the entity body; the answer is cut off there.
        folder: Where big bodies are spooled; None for the system's.
    """

    def __init__(
        self, connection: Connection, *, method: str, limits: Limits, max_bytes: int, deadline: float, folder: Path | None
    ) -> None:
        self._connection, self._method, self._limits = connection, method, limits
        self._max_bytes, self._deadline, self._folder = max_bytes, deadline, folder
        self.response = Bytes(folder=folder)
        self.payload: Bytes = Bytes()
        self.head: Head | None = None
        self.head_length = 0
        self.interim: list[bytes] = []
        self._problems: list[str] = []
        self._whole = False

    @property
    def problem(self) -> str | None:
        """Everything that is odd about it, or None."""
        return "; ".join(dict.fromkeys(self._problems)) or None

    @property
    def came(self) -> bool:
        """Whether any byte came."""
        return bool(len(self.response) or self.interim)

    @property
    def protocol(self) -> str:
        """In the words of WARC-Protocol."""
        if self.head is None:
            return "http/0.9" if len(self.response) else "http/1.1"
        return "http/1.0" if self.head.version == "1.0" else "http/1.1"

    async def read(self) -> None:
        """Read it to its end.

        Raises:
            Cut: It broke off, hit a limit, or is no HTTP; what came is kept.
            WriteFailed: The spool is full.
        """
        head, data = await self._head()
        framing, length, problem = response_framing(head, self._method)
        self._note(problem)
        self.payload = Tail(self.response, self.head_length)
        if head.status == 101:
            # What follows is of another protocol, and no part of an HTTP answer.
            self._note(f"{len(data)} bytes of another protocol behind it" if data else None)
            self.payload = Bytes()
            raise Cut("malformed", "101 Switching Protocols that nobody asked for", None)
        if framing == "length":
            data = await self._until(length, data)
        elif framing == "chunked":
            data = await self._chunks(data)
        elif framing == "close":
            data = await self._until(None, data)
        surplus = len(data) + self._connection.buffered
        if surplus:
            self._note(f"{surplus} surplus bytes behind the answer")
        self._whole = framing != "close"
        if head.status is None:
            raise Cut("malformed", f"no status in {head.start_line[:80]!r}", None)

    def reusable(self) -> bool:
        """Whether the connection may carry the next request: everything was in order and neither side wants to close."""
        if not self._whole or self._problems or self.head is None or self.head.status in _NOT_HERE:
            return False
        tokens = {token.strip().lower() for value in self.head.all("connection") for token in value.split(",")}
        return "close" not in tokens and (self.head.version == "1.1" or "keep-alive" in tokens)

    def keep_seconds(self) -> float | None:
        """How long the peer says it keeps an idle connection, or None."""
        found = _KEEP_ALIVE.search(self.head.get("keep-alive") or "") if self.head else None
        return float(found[1]) if found else None

    async def _head(self) -> tuple[Head, bytes]:
        """The head of the answer, and what came with it of the body; interim heads go aside."""
        buffer = bytearray()
        looked = 0
        try:
            while True:
                lead = len(buffer) - len(buffer.lstrip(b"\r\n")) if buffer.startswith((b"\r", b"\n")) else 0
                if lead > MAX_BLANK_BYTES or not b"HTTP/".startswith(bytes(buffer[lead : lead + 5])):
                    await self._no_http(buffer)
                end = head_end(buffer, max(lead, looked))
                if (end if end >= 0 else len(buffer)) > self._limits.head_bytes:
                    raise Cut("limit", f"head over {self._limits.head_bytes} bytes", "length")
                if end >= 0:
                    raw = bytes(buffer[:end])
                    head = parse_head(raw[lead:])
                    if head.status is None or not 100 <= head.status < 200 or head.status == 101:
                        break
                    self.interim.append(raw)
                    del buffer[:end]
                    looked = 0
                    if len(self.interim) > self._limits.interim or sum(map(len, self.interim)) > self._limits.head_bytes:
                        # What follows is more of the same, and no part of an answer.
                        buffer.clear()
                        raise Cut("limit", f"over {self._limits.interim} interim answers, or {self._limits.head_bytes} bytes", "length")
                    continue
                looked = max(0, len(buffer) - 3)
                piece = await self._more()
                if not piece:
                    raise Cut("disconnect", "closed inside the head" if buffer else "closed without an answer", "disconnect")
                buffer += piece
        except Cut:
            self._keep(bytes(buffer))
            raise
        if lead:
            # Aside, as interim heads are: with it in front no reader of WARCs finds the status line.
            self.interim.append(raw[:lead])
        self._keep(raw[lead:])
        self.head, self.head_length = head, end - lead
        self._inspect(head, raw, lead)
        return head, bytes(buffer[end:])

    def _inspect(self, head: Head, raw: bytes, lead: int) -> None:
        """Note what is odd about a head that can be worked with all the same."""
        self._note("blank line before the status line" if lead else None)
        if head.status in (206, 226) or (head.get("content-range") and head.status is not None and 200 <= head.status < 300):
            self._note(f"{head.status} for a range that was not asked for")
        self._note(head.problem)
        if head.version not in ("", "1.0", "1.1"):
            self._note(f"HTTP version {head.version}")
        if len(head.fields) > self._limits.headers:
            self._note(f"{len(head.fields)} header fields, over {self._limits.headers}")
        limit = self._limits.header_line_bytes
        if len(raw) > limit and max(map(len, raw.split(b"\n"))) > limit:
            self._note(f"header line over {limit} bytes")

    async def _no_http(self, buffer: bytearray) -> NoReturn:
        """Keep whatever comes until the peer stops, as one would read HTTP/0.9, and say that it is no answer."""
        data = bytes(buffer)
        buffer.clear()
        self.payload = Tail(self.response, 0)
        truncated: Truncated | None = None
        try:
            await self._until(None, data)
        except Cut as cut:
            truncated = cut.truncated
        raise Cut("malformed", f"no HTTP answer: {data[:40]!r}", truncated)

    async def _until(self, length: int | None, data: bytes) -> bytes:
        """Keep a body of so many bytes, or one that the end of the connection ends; what is behind it is returned."""
        want = self._max_bytes if length is None else min(length, self._max_bytes)
        got = 0
        while True:
            piece = data[: want - got]
            self._keep(piece)
            got += len(piece)
            if length == got:
                return data[len(piece) :]
            if got == want and (length is not None or len(data) > len(piece)):
                raise Cut("too-large", f"body over {self._max_bytes} bytes", "length")
            data = await self._more()
            if data:
                continue
            if length is not None:
                raise Cut("disconnect", f"{got} of {length} bytes came", "disconnect")
            if self._connection.ragged:
                raise Cut("disconnect", "TLS ended without close_notify, the body may be cut", "disconnect")
            return b""

    async def _chunks(self, data: bytes) -> bytes:
        """Keep a chunked body, framing and entity apart; what is behind it is returned."""
        dechunker = Dechunker(max_bytes=self._max_bytes)
        self.payload = Bytes(folder=self._folder)
        while True:
            entity = dechunker.feed(data)
            self._keep(entity, self.payload)
            if dechunker.problem is not None:
                # Nobody can say where such a body ends, so all that came is kept.
                self._keep(data)
                self._note(dechunker.problem)
                raise Cut("limit" if dechunker.limited else "malformed", dechunker.problem, "length" if dechunker.limited else "disconnect")
            self._keep(data[: len(data) - len(dechunker.rest)])
            if dechunker.done:
                return dechunker.rest
            if dechunker.over:
                raise Cut("too-large", f"body over {self._max_bytes} bytes", "length")
            if dechunker.consumed - len(self.payload) > self._limits.framing_bytes + len(self.payload) // 8:
                raise Cut("limit", "more chunk framing than body", "length")
            data = await self._more()
            if not data:
                raise Cut("disconnect", "chunked body cut off", "disconnect")

    async def _more(self) -> bytes:
        """The next bytes, empty at the end of the stream; a silent or vanished peer ends the answer."""
        now = asyncio.get_running_loop().time()
        until = min(self._deadline, now + self._limits.idle)
        if now >= self._deadline:
            raise Cut("timeout", f"over {self._limits.total:g} s in all", "time")
        try:
            return await self._connection.receive(until)
        except TimeoutError:
            what = f"over {self._limits.total:g} s in all" if until == self._deadline else f"nothing came for {self._limits.idle:g} s"
            raise Cut("timeout", what, "time") from None
        except TlsEnded as error:
            raise Cut("disconnect" if self.came else "tls", str(error), "disconnect") from None
        except ConnectionError as error:
            raise Cut("disconnect", str(error), "disconnect") from None

    def _keep(self, data: bytes, where: Bytes | None = None) -> None:
        if not data:
            return
        try:
            (self.response if where is None else where).write(data)
        except OSError as error:
            raise WriteFailed(self._folder or Path(tempfile.gettempdir()), error) from error

    def _note(self, problem: str | None) -> None:
        if problem is not None:
            self._problems.append(problem)
