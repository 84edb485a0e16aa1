"""Split HTTP response blocks of other writers, who often store a decoded body."""

from __future__ import annotations

import re

from crawler.http.chunked import MAX_CHUNK_LINE_BYTES, Dechunker
from crawler.http.http1 import Head, head_end, parse_head
from crawler.warc.entity import BLANK, MAX_HTTP_HEAD_BYTES

_MAX_FIRST_CHUNK_BYTES = 1024 * 1024
_MAX_TRAILER_BYTES = 16 * 1024
_SIZE_LINE = re.compile(rb"[ \t]*(0*+[0-9A-Fa-f]{0,16}(?<=[0-9A-Fa-f]))[ \t]*(?:;[^\r\n]*)?(\r?)\n")
_SIZE_LINE_BEGUN = re.compile(rb"[ \t]*0*+[0-9A-Fa-f]{0,16}[ \t]*(?:;[^\r\n]*)?\r?")
_FIELD_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}[ \t]*:")
_NO_BODY = (204, 304)
_HTTP = re.compile(r"HTTP/\d", re.IGNORECASE)
_NEXT_ANSWER = b"HTTP/"


class StoredEntity:
    """Incremental parser of another writer's HTTP response block, delimited by the record's length.

    Many writers store a body decoded and keep the head as it was received. So a chunk size is taken for one only if the body begins
    with a chunk, Content-Length decides nothing, and a block without a status line is all body (HTTP/0.9).
    """

    def __init__(self) -> None:
        self.head: Head | None = None
        """Of the answer; interim 1xx heads before it are passed over. Without a status line it has no status."""
        self.head_length = 0
        """Bytes of the block before the body."""
        self.interim = 0
        self._buffer = bytearray()
        self._ready = False
        self._chunked: bool | None = None
        self._said_chunked = False
        self._dechunker = Dechunker()
        self._behind = bytearray()
        """Bytes behind the last chunk: trailer fields behind a blank line too many, or more of the body."""
        self._broken = False

    @property
    def status(self) -> int | None:
        """Status code, or None without a status line."""
        return self.head.status if self.head else None

    @property
    def odd_status(self) -> bool:
        """True if the status line has no valid status: `HTTP/1.1 0 No Content`."""
        return self.head is not None and self.head.status is None and bool(_HTTP.match(self.head.start_line))

    @property
    def chunked(self) -> bool:
        """True if the body is framed in chunks; known once the first chunk has come."""
        return bool(self._chunked)

    def feed(self, data: bytes) -> bytes:
        """Entity bytes found in `data`; undecided ones are held back, see `rest`."""
        if not self._ready:
            # Without a head there is nothing to wait for beyond what one may measure.
            self._buffer += data
            if not self._take_head():
                return b""
            data, self._buffer = bytes(self._buffer), bytearray()
        return self._body(data)

    def rest(self) -> bytes:
        """Entity bytes held back, now that the whole block has been fed."""
        out = b""
        if not self._ready:
            self._take_head(last=True)
            out = self._body(bytes(self._buffer))
            self._buffer = bytearray()
        if self._chunked is None and self._buffer:
            found = _SIZE_LINE.match(self._buffer)
            out += self._decide(bool(found and found[2]))
        if behind := self._behind.strip(b"\r\n\0 "):
            data = self._all_behind()
            out += b"" if _only_fields(behind) else data
        if self._chunked and not self._broken and not _SIZE_LINE_BEGUN.fullmatch(self._dechunker.pending.strip(b"\r\n")):
            self._broken = True
            out += self._dechunker.pending
        return out

    def _take_head(self, *, last: bool = False) -> bool:
        """Take the head off the buffer; False while it is not whole.

        Args:
            last: No more of the block will be fed.
        """
        while True:
            lead = BLANK.match(self._buffer)
            begin = lead.end() if lead else 0
            end = head_end(self._buffer, begin)
            if end < 0 and not last and len(self._buffer) <= MAX_HTTP_HEAD_BYTES:
                return False
            head, end = _stored_head(self._buffer, begin, end)
            interim = _is_interim(head, self._buffer[end : end + len(_NEXT_ANSWER)], last=last)
            if interim is None:
                return False
            self.head_length += end
            del self._buffer[:end]
            if interim:
                self.interim += 1
                continue
            self.head, self._ready = head, True
            self._said_chunked = "chunked" in head.fields.joined("transfer-encoding").lower()
            self._chunked = None if self._said_chunked else False
            return True

    def _body(self, data: bytes) -> bytes:
        if self._chunked is False:
            return data
        if self._chunked is None:
            self._buffer += data
            framed = _first_chunk(self._buffer)
            return b"" if framed is None else self._decide(framed)
        return self._dechunk(data)

    def _decide(self, framed: bool) -> bytes:
        self._chunked = framed
        data, self._buffer = bytes(self._buffer), bytearray()
        return self._dechunk(data) if framed else data

    def _dechunk(self, data: bytes) -> bytes:
        if self._broken:
            return data
        out = b""
        if self._dechunker.done:
            self._behind += data
        else:
            out = self._dechunker.feed(data)
            self._behind += self._dechunker.rest if self._dechunker.done else b""
        if self._dechunker.problem is not None:
            # The record holds more than its framing says: kept as it stands.
            self._broken = True
            out += self._dechunker.rest
        elif len(self._behind) > _MAX_TRAILER_BYTES:
            out += self._all_behind()
        return out

    def _all_behind(self) -> bytes:
        """Take the bytes behind the last chunk as part of the body."""
        data, self._behind, self._broken = bytes(self._behind), bytearray(), True
        return data

    def notes(self, block_length: int, *, method: str = "GET", truncated: bool = False) -> list[str]:
        """Contradictions between head and stored body, as far as the bytes fed show them.

        Args:
            block_length: Bytes of the whole block.
            method: Of the request: an answer to HEAD has no body, whatever its Content-Length.
            truncated: The record is said to be cut.
        """
        head, found = self.head, list[str]()
        if head is None:
            return ["no HTTP head"]
        body = block_length - self.head_length
        if self.odd_status:
            found.append(f"status line {head.start_line[:60]!r}")
        elif head.status is None:
            found.append("no status line" if head.fields else "no HTTP head")
        if self.interim:
            found.append(f"{self.interim} interim heads before the answer")
        if self._said_chunked and self._chunked is False and body:
            found.append("head says chunked, body is not")
        if self._broken:
            found.append("chunk framing ends before the stored body does")
        bodiless = not body and (method == "HEAD" or head.status in _NO_BODY)
        if not (self._said_chunked or truncated or bodiless):
            found += _length_note(head, body)
        return found


def _length_note(head: Head, body: int) -> list[str]:
    """The Content-Length of a head if the stored body has another."""
    length = (head.fields.first("content-length") or "").strip()
    if not (length.isdecimal() and length.isascii()) or int(length[:18]) == body:
        return []
    return [f"Content-Length {length[:18]} of {body} stored bytes"]


def _stored_head(buffer: bytearray, begin: int, end: int) -> tuple[Head, int]:
    """The head at the beginning of a block and its length; empty without one.

    Args:
        end: Offset behind its blank line, -1 if there is none.
    """
    raw = bytes(buffer[begin : end if end >= 0 else MAX_HTTP_HEAD_BYTES])
    head = parse_head(raw, stored=True)
    if head.status is not None:
        return head, end if end >= 0 else len(buffer)
    if end >= 0 and (_only_fields(raw) or _odd_status(raw)):
        return head, end
    return parse_head(b""), 0


def _is_interim(head: Head, behind: bytearray, *, last: bool) -> bool | None:
    """True for a 1xx head before a further status line; None if undecided."""
    start = bytes(behind).upper()
    interim = head.status is not None and 100 <= head.status < 200 and head.status != 101
    if not interim or start != _NEXT_ANSWER[: len(start)]:
        return False
    if len(start) < len(_NEXT_ANSWER) and not last:
        return None
    return bool(start)


def _odd_status(head: bytes) -> bool:
    """True if header lines follow a line that begins as a status line."""
    first, _, rest = head.partition(b"\n")
    return bool(_HTTP.match(first.decode("latin-1"))) and _only_fields(rest)


def _only_fields(head: bytes | bytearray) -> bool:
    """True if all lines are header lines."""
    return all(_FIELD_LINE.match(line) or line[:1] in (b" ", b"\t") for line in head.splitlines() if line)


def _first_chunk(data: bytearray) -> bool | None:
    """True if a body begins with a chunk: size, bytes, line end; None if undecided."""
    found = _SIZE_LINE.match(data)
    if not found:
        return None if _SIZE_LINE_BEGUN.fullmatch(data) and len(data) <= MAX_CHUNK_LINE_BYTES else False
    size, end = int(found[1], 16), found.end()
    if size > _MAX_FIRST_CHUNK_BYTES and len(data) > _MAX_FIRST_CHUNK_BYTES:
        return True
    behind = bytes(data[end + size : end + size + 100])
    if not behind or behind == b"\r":
        return None
    return behind[:1] == b"\n" or behind[:2] == b"\r\n" or (size == 0 and bool(_FIELD_LINE.match(behind)))
