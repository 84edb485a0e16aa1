"""A WARC of copied and new records, one gzip member each, on any stream."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from crawler.errors import WriteFailed
from crawler.items import SpooledBytes
from crawler.storage.opening import opened
from crawler.subsets.whole_revisits import NewRecord
from crawler.warc.gzip_members import deflate
from crawler.warc.headers import RECORD_END, write_head
from crawler.warc.records import Record

_PIECE_BYTES = 256 * 1024


class Stream(Protocol):
    """A stream that can be written to."""

    def write(self, data: bytes, /) -> object:
        """Write bytes."""


class WarcOutput:
    """Writes records, and knows where each begins.

    Args:
        folder: For records that do not fit into memory.
    """

    def __init__(self, out: Stream, folder: Path) -> None:
        self._out, self._folder = out, folder
        self.offset = 0
        self.records = 0

    def copy(self, record: Record) -> tuple[int, int]:
        """Copy a record, compressed if it is not; returns offset and length."""
        begin = self.offset
        if record.gzipped:
            with opened(record.path) as file:
                file.seek(record.offset)
                left = record.length
                while left and (piece := file.read(min(_PIECE_BYTES, left))):
                    self._write(piece)
                    left -= len(piece)
        else:
            block = SpooledBytes(folder=self._folder)
            for piece in record.chunks():
                block.write(piece)
            self.add_member(deflate(_head_of(record), _plain(block), RECORD_END, folder=self._folder))
        self.records += record.gzipped
        return begin, self.offset - begin

    def add(self, record: NewRecord) -> tuple[int, int]:
        """Write a new record; returns offset and length."""
        begin = self.offset
        head = write_head([*record.fields, ("Content-Length", str(len(record.block)))])
        try:
            member = deflate(head, _plain(record.block), RECORD_END, folder=self._folder)
        except OSError as error:
            raise WriteFailed(self._folder, error) from error
        self.add_member(member)
        return begin, self.offset - begin

    def add_member(self, member: bytes | SpooledBytes) -> None:
        """Write a record that is a gzip member already."""
        for piece in (member,) if isinstance(member, bytes) else member.chunks():
            self._write(piece)
        self.records += 1

    def _write(self, data: bytes) -> None:
        try:
            self._out.write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise WriteFailed(self._folder, error) from error
        self.offset += len(data)


def _head_of(record: Record) -> bytes:
    with opened(record.path) as file:
        file.seek(record.offset)
        return file.read(record.head_length)


def _plain(block: SpooledBytes) -> bytes | SpooledBytes:
    return block if block.spooled else block.read()
