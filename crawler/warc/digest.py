"""Digests of blocks and payloads, in the words of WARC-Block-Digest and WARC-Payload-Digest."""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode
from collections.abc import Iterable

from crawler.errors import BrokenChunking
from crawler.message import Dechunker, Framing, Head, head_end, parse_head, response_framing

MAX_HTTP_HEAD_BYTES = 1024 * 1024
"""Beyond this a block without a blank line has no head: it is not searched any further."""

_PAIRS = [a + b for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"]
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# Each character of base32 as the figure of its value; any other, and lower case, as none.
_FIGURES = bytes(b"0123456789abcdefghijklmnopqrstuv"[_ALPHABET.index(c)] if c in _ALPHABET else ord("!") for c in range(256))
# Some servers send an empty line before the status line.
_BLANK = re.compile(rb"[\r\n]*")


def digest_of(chunks: Iterable[bytes]) -> str:
    """Digest bytes that come in pieces.

    Returns:
        "sha1:" and 32 base32 characters, upper case.

    >>> digest_of([b"h", b"i"])
    'sha1:YIVV7ELYGQTASQUNN5I3FRNPJQF542SC'
    """
    sha1 = hashlib.sha1(usedforsecurity=False)
    for chunk in chunks:
        sha1.update(chunk)
    return label_sha1(sha1.digest())


def label_sha1(digest: bytes) -> str:
    """The written form of 20 digest bytes."""
    return "sha1:" + base32(digest)


def base32(digest: bytes) -> str:
    """Digest bytes in base32, upper case, as the standard library writes them, at a third of its time.

    >>> base32(b"12345")
    'GEZDGNBV'
    """
    if len(digest) % 5:
        return b32encode(digest).decode("ascii").rstrip("=")
    number = int.from_bytes(digest)
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(len(digest) * 8 - 10, -1, -10)])


def same_digest(written: str, digest: bytes) -> bool:
    """Whether the value of a labelled digest, in base32 or hexadecimal of either case, is that of these bytes.

    >>> same_digest("GEZDGNBV", b"12345"), same_digest("3132333435", b"12345"), same_digest("GEZDGNBW", b"12345")
    (True, True, False)
    """
    if len(written) * 5 == len(digest) * 8 and written.isascii():
        # As it is nearly always written; as a number it is compared in a third of the time that writing it takes.
        figures = written.encode().translate(_FIGURES)
        if not figures.count(b"!"):
            return int(figures, 32) == int.from_bytes(digest)
    return written.upper().rstrip("=") == base32(digest) or written.lower() == digest.hex()


def payload_digest(response: bytes) -> str:
    r"""Digest the payload of one response block, as WARC-Payload-Digest wants it.

    The payload is the entity body: transfer coding (chunked) removed, content coding (gzip) kept.

    Args:
        response: One whole block: status line, header lines, blank line, body as received.
    Returns:
        "sha1:" and 32 base32 characters, upper case.
    Raises:
        BrokenChunking: The chunk sizes do not add up; carries the byte offset within the body.
    Source: WARC 1.1, WARC-Payload-Digest; iipc/warc-specifications#22.

    >>> payload_digest(b"HTTP/1.1 200 OK\r\n\r\nhi")
    'sha1:YIVV7ELYGQTASQUNN5I3FRNPJQF542SC'
    """
    entity = Entity()
    digest = digest_of([entity.feed(response)])
    if (problem := entity.finish()) is not None:
        raise BrokenChunking(entity.consumed, problem)
    return digest


class Entity:
    """Takes one HTTP response block apart as it comes: `feed` returns entity bytes, `head` is set once it is whole.

    A block without a status line has no entity: `feed` then returns nothing.

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
        """Status code, or None where no whole head with a status line came."""
        return self.head.status if self.head else None

    @property
    def chunked(self) -> bool:
        """Whether the body is framed in chunks, so that framing and entity have different digests."""
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
            return b"" if self._dechunker.done or self._dechunker.problem else self._dechunker.feed(data)
        if self._framing == "length":
            data = data[: self._left]
            self._left -= len(data)
        return data

    def _take_head(self, data: bytes) -> bytes:
        whole = bytes(self._buffer) + data if self._buffer else data
        lead = _BLANK.match(whole)
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

    def finish(self) -> str | None:
        """What is wrong with the chunks now that all has been fed, or None."""
        if not self.chunked or self._dechunker.done:
            return None
        return self._dechunker.problem or "cut off"


def mime_of(content_type: str | None) -> str | None:
    """The media type of a Content-Type value, lower case, without parameters.

    >>> mime_of("Text/HTML; charset=utf-8")
    'text/html'
    """
    words = (content_type or "").replace(";", " ; ").split()
    return words[0].lower() if words and words[0] != ";" else None
