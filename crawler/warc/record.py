"""One record of a WARC file with its offset; a fault at an offset."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from attrs import field, frozen

from crawler.errors import Damaged
from crawler.items import CHUNK_BYTES, Headers
from crawler.storage.opening import opened
from crawler.warc.digest import mime_of
from crawler.warc.gzip_members import HOLD_BYTES, Window, inflate
from crawler.warc.headers import bare, read_date


@frozen(kw_only=True)
class Fault:
    """Damage, or something unusual, at one place of a file."""

    path: Path
    offset: int
    what: str
    length: int = 0
    """Bytes of the file that cannot be read for it; 0 if the record can be read."""
    unusual: bool = False
    """A custom of the file's maker, no damage."""


@frozen(kw_only=True, eq=False)
class Record:
    """One WARC record and its place in a file."""

    path: Path
    offset: int
    """Of the record's gzip member; of the record in a file that is not compressed."""
    length: int
    head_length: int
    """Bytes of the record's own head, decoded."""
    fields: Headers
    block_length: int
    gzipped: bool
    start: bytes
    """The first decoded bytes of the block: all of it up to about 1 MiB."""
    torn: bool = False
    """The file ends within it: the block is the part that is there."""
    type: str = field(init=False)
    """WARC-Type, lower case: `response`, `request`, ..."""
    record_id: str = field(init=False)
    """`urn:uuid:...`, without angle brackets; empty if there is none."""
    is_http: bool = field(init=False)
    """The Content-Type names an HTTP message."""

    @type.default
    def _type(self) -> str:
        return (self.fields.first("warc-type") or "").lower()

    @record_id.default
    def _record_id(self) -> str:
        return bare(self.fields.first("warc-record-id")) or ""

    @is_http.default
    def _is_http(self) -> bool:
        return (self.fields.first("content-type") or "").lower().startswith("application/http")

    @property
    def target_uri(self) -> str:
        """WARC-Target-URI without angle brackets; empty if there is none."""
        return bare(self.fields.first("warc-target-uri")) or ""

    @property
    def date(self) -> datetime | None:
        """WARC-Date, aware UTC, or None if it cannot be read."""
        return read_date(self.fields.first("warc-date"))

    @property
    def mime(self) -> str | None:
        """Media type of the record's own Content-Type, lower case."""
        return mime_of(self.fields.first("content-type"))

    def chunks(self) -> Iterator[bytes]:
        """The block in pieces; a large one is read from the file again.

        Raises:
            Damaged: The file has changed meanwhile.
        """
        if len(self.start) == self.block_length:
            yield self.start
            return
        with opened(self.path) as file:
            pieces = inflate(Window(file, self.offset)) if self.gzipped else _raw(file, self.offset)
            skip, left = self.head_length, self.block_length
            try:
                for piece in pieces:
                    part = piece[skip : skip + left]
                    skip = max(0, skip - len(piece))
                    left -= len(part)
                    if part:
                        yield part
                    if not left:
                        return
            except ValueError as error:
                raise Damaged(self.path, self.offset, str(error)) from error
        raise Damaged(self.path, self.offset, "the record is shorter than it was")

    def block(self, limit: int = HOLD_BYTES) -> bytes:
        """The block's first bytes, at most `limit`."""
        if limit <= len(self.start) or len(self.start) == self.block_length:
            return self.start[:limit]
        out = bytearray()
        for chunk in self.chunks():
            out += chunk[: limit - len(out)]
            if len(out) >= limit:
                break
        return bytes(out)


def _raw(file: BinaryIO, offset: int) -> Iterator[bytes]:
    """The rest of a file in pieces."""
    file.seek(offset)
    while piece := file.read(CHUNK_BYTES):
        yield piece
