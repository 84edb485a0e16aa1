"""Split HTTP response blocks by the rules of the wire, for this crawler's records."""

from __future__ import annotations

import re

from crawler.http.chunked import Dechunker
from crawler.http.http1 import Framing, Head, head_end, parse_head, response_framing

MAX_HTTP_HEAD_BYTES = 1024 * 1024
"""Beyond this a block without a blank line has no head: it is not searched any further."""
# Some servers send an empty line before the status line.
BLANK = re.compile(rb"[\r\n]*")


def has_entity(status: int | None) -> bool:
    """True if a response has a payload: not without a status, nor behind a 101."""
    return status not in (None, 101)


class Entity:
    """Incremental parser of an HTTP response block by the rules of the wire.

    `feed` returns entity bytes, `head` is set once it is whole. A block without a status line has no entity: `feed` then returns nothing.

    Args:
        keep_framing: Leave the chunk sizes in.
    """

    def __init__(self, *, keep_framing: bool = False) -> None:
        self._keep_framing = keep_framing
        self.head: Head | None = None
        self._framing: Framing = "none"
        self._left = 0
        self._buffer = bytearray()
        self._dechunker = Dechunker()
        self._hopeless = False

    @property
    def status(self) -> int | None:
        """Status code, or None without a whole head and a status line."""
        return self.head.status if self.head else None

    @property
    def chunked(self) -> bool:
        """True if the body is framed in chunks; the entity has another digest then."""
        return self._framing == "chunked"

    @property
    def consumed(self) -> int:
        """Bytes of a chunked body that were understood."""
        return self._dechunker.consumed

    def feed(self, data: bytes) -> bytes:
        """Entity bytes found in `data`."""
        if self.head is None:
            if self._hopeless:
                return b""
            data = self._take_head(data)
        if not data or self._framing == "none":
            return b""
        if self.chunked and not self._keep_framing:
            return self._dechunk(data)
        if self._framing == "length":
            data = data[: self._left]
            self._left -= len(data)
        return data

    def _dechunk(self, data: bytes) -> bytes:
        """Remove chunk framing up to a fault; keep a body chunked in name only."""
        if self._dechunker.unframed:
            return data
        if self._dechunker.done or self._dechunker.problem:
            return b""
        out = self._dechunker.feed(data)
        return self._dechunker.rest if self._dechunker.unframed else out

    def _take_head(self, data: bytes) -> bytes:
        whole = bytes(self._buffer) + data if self._buffer else data
        lead = BLANK.match(whole)
        begin = lead.end() if lead else 0
        end = head_end(whole, begin)
        if end < 0:
            self._buffer += data
            self._hopeless = len(self._buffer) > MAX_HTTP_HEAD_BYTES
            return b""
        self.head = parse_head(whole[begin:end])
        self._buffer = bytearray()
        if self.head.status is not None:
            self._framing, self._left, _ = response_framing(self.head, "GET")
        return whole[end:]

    @property
    def unframed(self) -> bool:
        """True if the body is chunked in name only; it is the entity then."""
        return self._dechunker.unframed

    def finish(self) -> str | None:
        """The fault of the chunk framing at the end of the block, or None."""
        if not self.chunked or self._dechunker.done:
            return None
        return self._dechunker.problem or "cut off"

    def rest(self) -> bytes:
        """Entity bytes held back until the end of the block: none."""
        return b""
