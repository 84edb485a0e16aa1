"""HTTP/1.1 messages as they are on the wire: heads and body framing, tolerant, byte-exact; no I/O.

Source: RFC 9110, RFC 9112. Where a peer breaks them, the bytes are kept and `problem` says what is wrong.
"""

from __future__ import annotations

import re
from typing import Literal

from attrs import frozen

MAX_HEAD_BYTES = 256 * 1024
MAX_HEADER_LINE_BYTES = 64 * 1024
MAX_HEADER_COUNT = 256
MAX_CHUNK_LINE_BYTES = 4096

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(rb"^HTTP/(\d)\.(\d)[ \t]+(\d{3})(?:[ \t](.*))?$", re.DOTALL)
_STORED_STATUS_LINE = re.compile(rb"^(?:HTTP(?:/[^ \t]{0,20})?|ICY)[ \t]+(\d{3})(?![0-9])[ \t]*(.*)$", re.DOTALL | re.IGNORECASE)
_VERSION = re.compile(rb"HTTP/(\d(?:\.\d)?)[ \t]", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_CHUNK_SIZE = re.compile(rb"^[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?$", re.DOTALL)

Framing = Literal["none", "length", "chunked", "close"]


@frozen(kw_only=True)
class Head:
    """A parsed head: of a response, or (status None) of a request or of something that is neither."""

    start_line: str
    status: int | None
    reason: str
    version: str
    """`1.1`, `1.0`, or `` where the first line is no status line or names none."""
    fields: tuple[tuple[str, str], ...]
    """Names and values in order, latin-1; folded lines joined by one blank."""
    problem: str | None = None

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        name = name.lower()
        return [value for key, value in self.fields if key.lower() == name]

    def get(self, name: str) -> str | None:
        """The first value of a field."""
        return next(iter(self.all(name)), None)


def head_end(data: bytes | bytearray, start: int = 0) -> int:
    """Where the head ends: the offset behind its blank line, or -1 while it has not come.

    Args:
        data: What came so far.
        start: Where to look from; three bytes before what was looked through already.

    >>> head_end(b"HTTP/1.1 200 OK\\r\\n\\r\\nbody")
    19
    """
    found = _HEAD_END.search(data, start)
    return found.end() if found else -1


def parse_head(data: bytes, *, stored: bool = False) -> Head:
    """Read a head; never raises, says in `problem` what is wrong.

    Args:
        data: Start line, header lines and blank line, line ends CRLF or LF.
        stored: Of an archive, whose writer may have made the status line itself: `HTTP/2 200` and the like are taken too.

    >>> parse_head(b"HTTP/1.1 200 Tout Va Bien\\r\\nX-Odd-CASE: 1\\r\\n\\r\\n").fields
    (('X-Odd-CASE', '1'),)
    """
    lines = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    while lines and not lines[-1]:
        lines.pop()
    first = lines[0] if lines else b""
    status, version, reason = _status(first, stored)
    problems = [] if status is not None or not first else ["status line"]
    if data.count(b"\n") != data.count(b"\r\n"):
        problems.append("bare LF")
    if _CONTROL.search(b"\n".join(lines)):
        problems.append("control character in the head")
    fields: list[tuple[str, str]] = []
    for line in lines[1:]:
        if line[:1] in (b" ", b"\t"):
            problems.append("folded header line")
            if fields:
                last, value = fields[-1]
                fields[-1] = (last, f"{value} {_text(line.strip())}".strip())
            continue
        name, colon, rest = line.partition(b":")
        bare = name.strip()
        if not colon or not bare:
            problems.append("header line without a name" if colon else "header line without a colon")
            continue
        if bare != name:
            problems.append("white space around a header name")
        fields.append((_text(bare), _text(rest.strip())))
    return Head(
        start_line=_text(first),
        status=status,
        reason=_text(reason),
        version=version,
        fields=tuple(fields),
        problem="; ".join(dict.fromkeys(problems)) or None,
    )


def _status(line: bytes, stored: bool) -> tuple[int | None, str, bytes]:
    """Status, version and reason phrase of a status line; None, and nothing, where it is none."""
    if found := _STATUS_LINE.match(line):
        return int(found[3]), f"{int(found[1])}.{int(found[2])}", found[4] or b""
    if stored and (found := _STORED_STATUS_LINE.match(line)):
        version = _VERSION.match(line)
        return int(found[1]), _text(version[1]) if version else "", found[2]
    return None, "", b""


def _text(data: bytes) -> str:
    return data.decode("latin-1")


def response_framing(head: Head, method: str) -> tuple[Framing, int, str | None]:
    """How the body of a response is delimited.

    Returns:
        The framing, the length in bytes for framing `length` (else 0), and a problem or None.
    Source: RFC 9112 section 6.3.
    """
    status = head.status or 0
    if method == "HEAD" or 100 <= status < 200 or status in (204, 304):
        return "none", 0, None
    codings = [c.strip(" \t").lower() for value in head.all("transfer-encoding") for c in value.split(",") if c.strip(" \t")]
    lengths = [v.strip(" \t") for value in head.all("content-length") for v in value.split(",")]
    if codings:
        if codings == ["chunked"]:
            return "chunked", 0, "both Content-Length and Transfer-Encoding" if lengths else None
        if codings == ["identity"]:
            return _by_length(lengths)
        # Whatever the codings were, only chunked last says where the body ends.
        return ("chunked" if codings[-1] == "chunked" else "close"), 0, f"transfer coding {', '.join(codings)[:80]}"
    return _by_length(lengths)


def _by_length(lengths: list[str]) -> tuple[Framing, int, str | None]:
    if not lengths:
        return "close", 0, None
    if not re.fullmatch(r"[0-9]{1,18}", lengths[0], re.ASCII):
        return "close", 0, f"Content-Length {lengths[0][:40]!r}"
    if len(set(lengths)) > 1:
        return "close", 0, "Content-Lengths that differ"
    return "length", int(lengths[0]), None


class Dechunker:
    """Takes a chunked body apart as it comes: `feed` returns entity bytes, `rest` is what came behind the body.

    It settles once: `done`, or `problem` (broken framing; `limited` where it is a limit of ours), or `over` (`max_bytes` reached and
    more to come). What `feed` is given later only joins `rest`.

    >>> d = Dechunker(); d.feed(b"2\\r\\nhi\\r\\n0\\r\\n\\r\\n"), d.done
    (b'hi', True)
    """

    def __init__(
        self, *, max_line_bytes: int = MAX_CHUNK_LINE_BYTES, max_trailer_bytes: int = MAX_HEAD_BYTES, max_bytes: int | None = None
    ) -> None:
        self.done = False
        self.over = False
        self.limited = False
        self.problem: str | None = None
        self.consumed = 0
        """Bytes that belong to the body so far, framing included."""
        self.rest = b""
        self._buffer = bytearray()
        self._looked = 0
        self._left = 0
        self._budget = max_bytes
        self._state: Literal["size", "data", "end", "trailer"] = "size"
        self._max_line, self._max_trailer, self._trailer = max_line_bytes, max_trailer_bytes, 0

    def feed(self, data: bytes) -> bytes:
        """Entity bytes found in `data`; sets `done`, or `problem` when the framing is broken."""
        if self._settled():
            self.rest += data
            return b""
        out = bytearray()
        self._buffer += data
        while self._buffer and not self._settled():
            if self._state == "data":
                self._data(out)
            elif not self._line():
                break
        if self._settled():
            self.rest, self._buffer = bytes(self._buffer), bytearray()
        return bytes(out)

    @property
    def pending(self) -> bytes:
        """What came of a chunk's size line that is not whole yet."""
        return bytes(self._buffer) if self._state == "size" else b""

    def _settled(self) -> bool:
        return self.done or self.over or self.problem is not None

    def _data(self, out: bytearray) -> None:
        """Take as much of the chunk as has come and may be had."""
        count = min(self._left, len(self._buffer))
        if self._budget is not None:
            self.over = count > self._budget
            count = min(count, self._budget)
            self._budget -= count
        out += self._buffer[:count]
        self._drop(count)
        self._left -= count
        if not self._left:
            self._state = "end"

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self.consumed += count
        self._looked = 0

    def _line(self) -> bool:
        """Take one line of framing; False while it has not come whole."""
        at = self._buffer.find(b"\n", self._looked)
        if at < 0:
            self._looked = len(self._buffer)
            limit = self._max_trailer if self._state == "trailer" else self._max_line
            if self._state == "end" and self._buffer[:2] != b"\r"[: len(self._buffer)]:
                self.problem = "chunk longer than its size"
            elif len(self._buffer) > limit:
                self._limit(f"chunk framing line over {limit} bytes")
            return False
        line = bytes(self._buffer[:at]).removesuffix(b"\r")
        if self._state == "end" and line:
            self.problem = "chunk longer than its size"
            return False
        if self._state == "size" and not self._size(line):
            return False
        self._drop(at + 1)
        self._next(line)
        return True

    def _size(self, line: bytes) -> bool:
        found = _CHUNK_SIZE.match(line)
        if len(line) > self._max_line:
            self._limit(f"chunk framing line over {self._max_line} bytes")
        elif not found:
            self.problem = f"chunk size {line[:40]!r}"
        else:
            self._left = int(found[1], 16)
            return True
        return False

    def _limit(self, problem: str) -> None:
        self.problem, self.limited = problem, True

    def _next(self, line: bytes) -> None:
        if self._state == "size":
            self._state = "data" if self._left else "trailer"
        elif self._state == "end":
            self._state = "size"
        elif not line:
            self.done = True
        else:
            self._trailer += len(line)
            if self._trailer > self._max_trailer:
                self._limit(f"trailers over {self._max_trailer} bytes")


def entity_body(head: Head, body: bytes, *, method: str = "GET") -> tuple[bytes, str | None]:
    """The entity body of a whole response body: transfer coding removed, content coding kept.

    Returns:
        The bytes, and a problem where the framing is broken (then the bytes up to there).
    """
    framing, length, problem = response_framing(head, method)
    if framing == "none":
        return b"", problem
    if framing == "length":
        return body[:length], problem
    if framing == "close":
        return body, problem
    dechunker = Dechunker()
    out = dechunker.feed(body)
    return out, dechunker.problem or (None if dechunker.done else "chunked body cut off") or problem
