"""Chunked bodies: separate framing and entity; no I/O.

Source: RFC 9112 section 7.1.
"""

from __future__ import annotations

import re
from typing import Literal

from crawler.http.http1 import MAX_HEAD_BYTES, line_problems

MAX_CHUNK_LINE_BYTES = 4096

_PLAIN_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})\r\n")
_DIGITS = rb"((?=[0-9A-Fa-f])0*+[0-9A-Fa-f]{0,16}+)"
_SIZE = re.compile(rb"[ \t]*+" + _DIGITS + rb"[ \t]*+(?:;.*+)?", re.DOTALL)
_SIZE_BEGUN = re.compile(rb"[ \t]*+(?:" + _DIGITS + rb"[ \t]*+(?:;.*+|\r)?)?", re.DOTALL)
_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_QUOTED = rb'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*+"'
_EXTENSIONS = re.compile(rb"(?:;" + _TOKEN + rb"(?:=(?:" + _TOKEN + rb"|" + _QUOTED + rb"))?)*+")
# With the blanks that RFC 9110 section 5.6.3 lets a recipient take and forbids a sender.
_SPACED = re.compile(rb"(?:[ \t]*+;[ \t]*+" + _TOKEN + rb"(?:[ \t]*+=[ \t]*+(?:" + _TOKEN + rb"|" + _QUOTED + rb"))?)*+")
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_NOT_IN_TRAILERS = frozenset({b"content-length", b"transfer-encoding", b"content-encoding", b"content-type", b"content-range", b"host"})
"""Fields that RFC 9110 section 6.5.1 keeps out of trailers: they frame, route or decode."""


class Dechunker:
    """Incremental parser of a chunked body: `feed` returns entity bytes, `rest` holds the surplus.

    It settles once: `done`, or `problem` (broken framing; `limited` if it is a limit of ours), or `over` (`max_bytes` reached and
    more to come). Bytes fed later only join `rest`. The result depends on the bytes and not on the pieces.

    Args:
        max_line_bytes: Of a line that holds a size.
        max_trailer_bytes: Of all trailer lines together.
        max_bytes: Of the entity.
        max_framing_bytes: Of all that is not entity, beside an eighth of the entity; None for any number.

    >>> d = Dechunker(); d.feed(b"2\\r\\nhi\\r\\n0\\r\\n\\r\\n"), d.done
    (b'hi', True)
    """

    def __init__(
        self,
        *,
        max_line_bytes: int = MAX_CHUNK_LINE_BYTES,
        max_trailer_bytes: int = MAX_HEAD_BYTES,
        max_bytes: int | None = None,
        max_framing_bytes: int | None = None,
    ) -> None:
        self.done = False
        self.over = False
        self.limited = False
        self.problem: str | None = None
        self.odd: dict[str, None] = {}
        """Breaches of the grammar that leave the meaning certain, in order, each once."""
        self.consumed = 0
        """Bytes that belong to the body so far, framing included."""
        self.rest = b""
        self.within_limit = 0
        """If a line is over a limit: bytes of `rest` within it."""
        self._buffer = bytearray()
        self._looked = 0
        self._left = 0
        self._budget = max_bytes
        self._entity = 0
        self._state: Literal["size", "data", "end", "trailer"] = "size"
        self._max_line, self._trailer_left, self._max_framing = max_line_bytes, max_trailer_bytes, max_framing_bytes

    @property
    def pending(self) -> bytes:
        """The incomplete size line of a chunk."""
        return bytes(self._buffer) if self._state == "size" else b""

    @property
    def unframed(self) -> bool:
        """True if not even the first line holds a size: chunked in name only."""
        return self.problem is not None and not self.limited and not self.consumed

    def feed(self, data: bytes) -> bytes:
        """Entity bytes found in `data`; sets `done`, `over` or `problem`."""
        if self._settled():
            self.rest += data
            return b""
        buffer: bytes | bytearray = data
        if self._buffer:
            self._buffer += data
            buffer = self._buffer
        out: list[bytes] = []
        at, size = 0, len(buffer)
        while at < size and not self._settled():
            stop = self._data(buffer, at, out) if self._state == "data" else self._line(buffer, at)
            if stop < 0:
                break
            at = stop
        self.consumed += at
        if self._settled():
            self.rest, self._buffer = bytes(buffer[at:]), bytearray()
        elif buffer is self._buffer:
            del self._buffer[:at]
        else:
            self._buffer += buffer[at:]
        return b"".join(out)

    def _settled(self) -> bool:
        return self.done or self.over or self.problem is not None

    def _data(self, buffer: bytes | bytearray, at: int, out: list[bytes]) -> int:
        """Take the available bytes of a chunk within the limit; returns their end."""
        count = min(self._left, len(buffer) - at)
        if self._budget is not None:
            self.over = count > self._budget
            count = min(count, self._budget)
            self._budget -= count
        out.append(bytes(buffer[at : at + count]))
        self._entity += count
        self._left -= count
        if not self._left:
            self._state = "end"
        return at + count

    def _line(self, buffer: bytes | bytearray, at: int) -> int:
        """Take one line of framing; returns its end, -1 if incomplete or wrong."""
        if self._state == "size":
            stop = self._size(buffer, at)
        elif self._state == "end":
            stop = self._end(buffer, at)
        else:
            stop = self._trailer(buffer, at)
        if stop >= 0 and self._max_framing is not None and not self._settled():
            framing = self.consumed + stop - self._entity
            if framing > self._max_framing + self._entity // 8:
                self._limit("more chunk framing than body")
        return stop

    def _size(self, buffer: bytes | bytearray, at: int) -> int:
        if found := _PLAIN_SIZE.match(buffer, at):
            stop, digits = found.end(), found[1]
        else:
            most = at + self._max_line + 2
            stop = buffer.find(b"\n", at, most) + 1
            line = bytes(buffer[at : stop or most])
            if not stop:
                if not _SIZE_BEGUN.fullmatch(line):
                    self.problem = "chunk size"
                elif len(line) == self._max_line + 2:
                    self._limit(f"chunk framing line over {self._max_line} bytes", within=len(line))
                return -1
            line = line[:-1]
            found = _SIZE.fullmatch(line.removesuffix(b"\r"))
            if not found:
                self.problem = "chunk size"
                return -1
            self._size_problems(line, found)
            digits = found[1]
        self._left = int(digits, 16)
        self._state = "data" if self._left else "trailer"
        return stop

    def _size_problems(self, line: bytes, found: re.Match[bytes]) -> None:
        """Note the breaches of the grammar in a size line."""
        if not line.endswith(b"\r"):
            self._note("bare LF in chunk framing")
        extensions = found[0][found.end(1) :]
        spaced = not _EXTENSIONS.fullmatch(extensions)
        if spaced and extensions.strip(b" \t") and not _SPACED.fullmatch(extensions):
            self._note("chunk extension")
            spaced = False
        if spaced or found.start(1):
            self._note("blank in a chunk size line")

    def _end(self, buffer: bytes | bytearray, at: int) -> int:
        """Take the line end behind the data of a chunk; returns its end, or -1."""
        if buffer.startswith(b"\r\n", at):
            self._state = "size"
            return at + 2
        if buffer.startswith(b"\n", at):
            self._note("bare LF in chunk framing")
            self._state = "size"
            return at + 1
        if len(buffer) - at > 1 or not buffer.startswith(b"\r", at):
            self.problem = "chunk longer than its size"
        return -1

    def _trailer(self, buffer: bytes | bytearray, at: int) -> int:
        most = at + self._trailer_left
        stop = buffer.find(b"\n", max(at, self._looked - self.consumed), most) + 1
        if not stop:
            self._looked = self.consumed + len(buffer)
            if len(buffer) >= most:
                self._limit("trailers over their limit", within=self._trailer_left)
            return -1
        self._trailer_left -= stop - at
        line = bytes(buffer[at : stop - 1])
        if not line.endswith(b"\r"):
            self._note("bare LF in chunk framing")
        line = line.removesuffix(b"\r")
        if line:
            self._trailer_problems(line)
        else:
            self.done = True
        return stop

    def _trailer_problems(self, line: bytes) -> None:
        for problem in line_problems(line):
            self._note(problem.replace("header", "trailer"))
        if _CONTROL.search(line):
            self._note("control character in a trailer")
        name = line.partition(b":")[0].strip().lower()
        if name in _NOT_IN_TRAILERS:
            self._note(f"trailer {name.decode('ascii')}")

    def _note(self, problem: str) -> None:
        self.odd.setdefault(problem)

    def _limit(self, problem: str, *, within: int = 0) -> None:
        self.problem, self.limited, self.within_limit = problem, True, within
