"""Read one HTTP response off a connection and keep all its bytes.

The result depends on the bytes, not on their pieces, but for the count of surplus bytes: they are not waited for.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from typing import NoReturn

from crawler.errors import WriteFailed
from crawler.http.chunked import MAX_CHUNK_LINE_BYTES, Dechunker
from crawler.http.connection import Connection, TlsEnded
from crawler.http.http1 import HARMLESS, Head, head_end, may_begin, other_protocol, parse_head, problem_of_part, response_framing
from crawler.http.options import Limits
from crawler.items import Truncated
from crawler.spooled import Slice, SpooledBytes

_NOT_HERE = (408, 421)
"""Statuses that speak of the connection itself: too slow, or the wrong one for this host."""
IDLE = "nothing came for"
"""Beginning of a timeout's detail if the peer fell silent."""
MAX_BLANK_BYTES = 64
"""Line ends before the status line that are forgiven."""

_KEEP_ALIVE = re.compile(r"timeout\s*=\s*\"?(\d{1,6})", re.IGNORECASE)


class Cut(Exception):
    """The response is broken off, over a limit, or no HTTP."""

    def __init__(self, reason: str, detail: str, truncated: Truncated | None) -> None:
        self.reason, self.detail, self.truncated = reason, detail, truncated
        super().__init__(detail)


class ResponseReader:
    """One response, as far as it has been received.

    Args:
        method: Of the request: the response to HEAD has no body.
        max_bytes: Of the entity body; the response is cut off there.
        deadline: Loop time at which the fetch has to be over.
        folder: For spooled bodies; None for the system's.
    """

    def __init__(
        self, connection: Connection, *, method: str, limits: Limits, max_bytes: int, deadline: float, folder: Path | None
    ) -> None:
        self._connection, self._method, self._limits = connection, method, limits
        self._max_bytes, self._deadline, self._folder = max_bytes, deadline, folder
        self.response = SpooledBytes(folder=folder)
        self.payload: SpooledBytes = SpooledBytes()
        self.head: Head | None = None
        self.head_length = 0
        self.interim: list[bytes] = []
        self._interim_bytes = 0
        self._problems: list[str] = []
        self._whole = False

    @property
    def problem(self) -> str | None:
        """All problems of the response in one line, or None."""
        return "; ".join(dict.fromkeys(self._problems)) or None

    @property
    def came(self) -> bool:
        """True if any byte was received."""
        return bool(len(self.response) or self.interim)

    @property
    def protocol(self) -> str:
        """The protocol in the words of WARC-Protocol."""
        if self.head is None:
            return "http/0.9" if len(self.response) else "http/1.1"
        return "http/1.0" if self.head.version == "1.0" else "http/1.1"

    async def read(self) -> None:
        """Read the response to its end.

        Raises:
            Cut: It broke off, hit a limit, or is no HTTP; the bytes received are kept.
            WriteFailed: The spool is full.
        """
        head, data = await self._head()
        framing, length, problem = response_framing(head, self._method)
        self._note(problem)
        self.payload = Slice(self.response, self.head_length)
        if head.status == 101:
            await self._switched(data)
        if framing == "length":
            data = await self._until(length, data)
        elif framing == "chunked":
            data = await self._chunks(data)
        elif framing == "close":
            data = await self._until(None, data)
        surplus = len(data) + self._connection.buffered
        if surplus:
            self._note(f"{surplus} surplus bytes behind the answer")
        if head.status == 205 and len(self.payload):
            self._note("205 with content")
        self._whole = framing != "close"
        if head.status is None:
            self._malformed(f"no status in {head.start_line[:80]!r}", None)

    def reusable(self) -> bool:
        """True if the connection may carry the next request."""
        doubtful = {text for problem in self._problems for text in problem.split("; ")} - HARMLESS
        if not self._whole or doubtful or self.head is None or self.head.status in _NOT_HERE:
            return False
        tokens = {token.strip().lower() for token in self.head.fields.elements("connection")}
        return "close" not in tokens and (self.head.version == "1.1" or "keep-alive" in tokens)

    def keep_seconds(self) -> float | None:
        """Seconds of Keep-Alive for an idle connection, or None."""
        found = _KEEP_ALIVE.search(self.head.fields.first("keep-alive") or "") if self.head else None
        return float(found[1]) if found else None

    async def _head(self) -> tuple[Head, bytes]:
        """Read the head and the body's first bytes; interim heads are kept apart."""
        buffer, looked, most = bytearray(), 0, self._limits.head_bytes
        try:
            while True:
                lead = len(buffer) - len(buffer.lstrip(b"\r\n")) if buffer.startswith((b"\r", b"\n")) else 0
                if lead > MAX_BLANK_BYTES or not may_begin(bytes(buffer[lead : lead + 5])):
                    await self._no_http(buffer)
                end = head_end(buffer, max(lead, looked))
                if (end if end >= 0 else len(buffer)) > lead + most:
                    del buffer[lead + most :]
                    raise Cut("limit", f"head over {most} bytes", "length")
                if end < 0:
                    looked = max(0, len(buffer) - 3)
                    piece = await self._more()
                    if not piece:
                        raise Cut("disconnect", "closed inside the head" if buffer else "closed without an answer", "disconnect")
                    buffer += piece
                    continue
                raw = bytes(buffer[:end])
                head = parse_head(raw[lead:])
                if head.status is None or not 100 <= head.status < 200 or head.status == 101:
                    break
                del buffer[:end]
                looked = 0
                self._keep_interim(head, raw, buffer)
        except Cut:
            self._keep(bytes(buffer))
            self._note(problem_of_part(bytes(buffer)))
            raise
        if lead:
            # Aside, as interim heads are: with it in front no reader of WARCs finds the status line.
            self.interim.append(raw[:lead])
        self._keep(raw[lead:])
        self.head, self.head_length = head, end - lead
        self._inspect(head, raw, lead)
        return head, bytes(buffer[end:])

    def _keep_interim(self, head: Head, raw: bytes, buffer: bytearray) -> None:
        """Keep the head of an interim response apart."""
        self.interim.append(raw)
        for problem in (head.problem, response_framing(head, self._method)[2]):
            self._note(f"interim answer: {problem}" if problem else None)
        self._interim_bytes += len(raw)
        if self._interim_bytes > self._limits.head_bytes or 0 < self._limits.interim < len(self.interim):
            # What follows is more of the same, and no part of an answer.
            buffer.clear()
            raise Cut("limit", f"over {self._limits.head_bytes} bytes of interim answers, or too many", "length")

    def _inspect(self, head: Head, raw: bytes, lead: int) -> None:
        """Note the problems of a usable head."""
        self._note("blank line before the status line" if lead else None)
        if head.status in (206, 226) or (head.fields.first("content-range") and head.status is not None and 200 <= head.status < 300):
            self._note(f"{head.status} for a range that was not asked for")
        self._note(head.problem)
        if len(head.fields) > self._limits.headers:
            self._note(f"{len(head.fields)} header fields, over {self._limits.headers}")
        limit = self._limits.header_line_bytes
        if len(raw) > limit and max(map(len, raw.split(b"\n"))) > limit:
            self._note(f"header line over {limit} bytes")

    async def _no_http(self, buffer: bytearray) -> NoReturn:
        """Keep a stream that is no HTTP to its end, as HTTP/0.9 would be."""
        data, self.payload = bytes(buffer), Slice(self.response, 0)
        buffer.clear()
        truncated = await self._to_the_end(data)
        start = self.response.read(0, 40)
        self._malformed(f"no HTTP answer{other_protocol(start)}: {start!r}", truncated)

    async def _switched(self, data: bytes) -> NoReturn:
        """Keep the bytes behind a 101: they are of another protocol and no payload."""
        self.payload = SpooledBytes()
        truncated = await self._to_the_end(data)
        if behind := len(self.response) - self.head_length:
            self._note(f"{behind} bytes of another protocol behind it")
        self._malformed("101 Switching Protocols that nobody asked for", truncated)

    async def _broken(self, dechunker: Dechunker, came: int) -> NoReturn:
        """Keep the bytes behind a fault of the chunk framing.

        Args:
            came: Bytes behind the fault that are not kept yet.
        """
        held = len(dechunker.rest) - came
        at = len(self.response) - held
        if dechunker.unframed:
            # Chunked in name only: the bytes received are the entity.
            self.payload = Slice(self.response, self.head_length)
        # The limit of the body and one line of framing, less the bytes kept already.
        most = max(0, self._max_bytes - dechunker.consumed) + MAX_CHUNK_LINE_BYTES + 2 - held
        truncated = await self._to_the_end(dechunker.rest[held:], most=most)
        line = self.response.read(at, 40).partition(b"\n")[0].rstrip(b"\r")
        self._malformed(f"{dechunker.problem} {line!r}", truncated or "disconnect")

    def _malformed(self, detail: str, truncated: Truncated | None) -> NoReturn:
        self._note(detail)
        raise Cut("malformed", detail, truncated)

    async def _to_the_end(self, data: bytes, *, most: int | None = None) -> Truncated | None:
        """Keep the stream to its end, at most `most` bytes; returns why it was cut."""
        try:
            await self._until(None, data, most=most)
        except Cut as cut:
            return cut.truncated
        return None

    async def _until(self, length: int | None, data: bytes, *, most: int | None = None) -> bytes:
        """Keep a body by its length or to the stream's end; returns the surplus."""
        most = self._max_bytes if most is None else most
        want = most if length is None else min(length, most)
        got = 0
        while True:
            piece = data[: want - got]
            self._keep(piece)
            got += len(piece)
            if length == got:
                return data[len(piece) :]
            if got == want and (length is not None or len(data) > len(piece)):
                raise Cut("too-large", f"body over {most} bytes", "length")
            data = await self._more()
            if data:
                continue
            if length is not None:
                raise Cut("disconnect", f"{got} of {length} bytes came", "disconnect")
            if self._connection.ragged:
                raise Cut("disconnect", "TLS ended without close_notify, the body may be cut", "disconnect")
            return b""

    async def _chunks(self, data: bytes) -> bytes:
        """Keep a chunked body, framing and entity apart; returns the surplus."""
        dechunker = Dechunker(max_bytes=self._max_bytes, max_framing_bytes=self._limits.framing_bytes)
        self.payload = SpooledBytes(folder=self._folder)
        try:
            while True:
                self._keep(dechunker.feed(data), self.payload)
                behind = min(len(dechunker.rest), len(data))
                self._keep(data[: len(data) - behind])
                if dechunker.done:
                    return dechunker.rest
                if dechunker.limited:
                    self._keep(dechunker.rest[len(dechunker.rest) - behind : dechunker.within_limit])
                    raise Cut("limit", dechunker.problem or "", "length")
                if dechunker.problem is not None:
                    await self._broken(dechunker, behind)
                if dechunker.over:
                    raise Cut("too-large", f"body over {self._max_bytes} bytes", "length")
                data = await self._more()
                if not data:
                    raise Cut("disconnect", "chunked body cut off", "disconnect")
        finally:
            self._problems += dechunker.odd

    async def _more(self) -> bytes:
        """The next bytes, empty at the end of the stream; raises Cut without them."""
        now = asyncio.get_running_loop().time()
        until = min(self._deadline, now + self._limits.idle)
        if now >= self._deadline:
            raise Cut("timeout", f"over {self._limits.total:g} s in all", "time")
        try:
            return await self._connection.receive(until)
        except TimeoutError:
            what = f"over {self._limits.total:g} s in all" if until == self._deadline else f"{IDLE} {self._limits.idle:g} s"
            raise Cut("timeout", what, "time") from None
        except TlsEnded as error:
            raise Cut("disconnect" if self.came else "tls", str(error), "disconnect") from None
        except ConnectionError as error:
            raise Cut("disconnect", str(error), "disconnect") from None

    def _keep(self, data: bytes, where: SpooledBytes | None = None) -> None:
        if not data:
            return
        try:
            (self.response if where is None else where).write(data)
        except OSError as error:
            raise WriteFailed(self._folder or Path(tempfile.gettempdir()), error) from error

    def _note(self, problem: str | None) -> None:
        if problem is not None:
            self._problems.append(problem)
