"""Gzip members: deflate one a record; walk through them with every checksum verified."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import Struct
from typing import BinaryIO, Protocol

from attrs import frozen
from isal import igzip_lib, isal_zlib
from isal.igzip_lib import IsalError

from crawler.items import SpooledBytes

GZIP_MAGIC = b"\x1f\x8b\x08"
CUT = "the file ends within this gzip member"
HOLD_BYTES = 1024 * 1024
"""Decoded bytes of one member held in memory; further ones are only counted."""

_LEVEL = 2
_GZIP = 31
"""Window bits by which zlib writes and reads a gzip wrapper."""
_SAMPLE_BYTES = 64 * 1024
_WORTH = 0.97
"""A sample that deflates to more of its size is taken for coded already."""
_SHORT_BYTES = 1024
"""A sample of a block in memory."""
_MEMBER_HEAD = GZIP_MAGIC + bytes(6) + b"\xff"
"""No flags, no time, no system."""
_MEMBER_END = Struct("<II")
"""Checksum and size."""
_STORED_HEAD = Struct("<BHH")
"""Of a stored block: whether it is the last, its size, and the size inverted."""
_STORED_BYTES = 0xFFFF
_FIRST_BYTES = 4096
_START_BYTES = 1024
_PIECE_BYTES = 32 * 1024
_OUT_BYTES = 256 * 1024
_READ_BYTES = 1024 * 1024


@frozen(kw_only=True)
class Member:
    """One gzip member of a file."""

    offset: int
    length: int
    """Compressed bytes."""
    size: int
    """Decoded bytes, all of them."""
    data: bytes
    """The first decoded bytes, at least `HOLD_BYTES` if there are as many."""
    fault: str | None = None
    """The damage; then `length` reaches to the next whole member or to the end of the file."""


def deflate(head: bytes, block: bytes | SpooledBytes, tail: bytes, *, text: int = 0, folder: Path | None = None) -> bytes | SpooledBytes:
    """Make one gzip member, mtime 0, of head, block and tail.

    Args:
        text: Bytes at the beginning of the block that are text. If the rest is coded already it lies in stored blocks behind them,
            a little smaller and four times as fast to read.
        folder: Where the member is spooled if the block is.
    """
    if isinstance(block, bytes):
        if text and len(block) - text > _SHORT_BYTES and _is_random(block, text):
            return _partly_stored(head + block[:text], block[text:] + tail)
        # In one call: each gives the interpreter to another thread, and has to wait for it.
        return igzip_lib.compress(b"".join((head, block, tail)), _LEVEL, igzip_lib.COMP_GZIP)
    # A film or an archive: stored as it is, it is written twice as fast and read six times as fast.
    deflater = _deflater(stored=_is_coded(block.read(text, _SAMPLE_BYTES)))
    out = SpooledBytes(folder=folder)
    out.write(deflater.compress(head + block.read(0, text)) + deflater.flush(zlib.Z_FULL_FLUSH))
    for chunk in block.chunks(text):
        out.write(deflater.compress(chunk))
    out.write(deflater.compress(tail) + deflater.flush())
    return out


class Readable(Protocol):
    """The part of a binary file that walking through it needs."""

    def seek(self, offset: int, whence: int = ..., /) -> int:
        """Go to an offset."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""


class _Deflater(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self, mode: int = ..., /) -> bytes: ...


def _partly_stored(text: bytes, rest: bytes) -> bytes:
    """Make a gzip member of deflated text and stored bytes."""
    deflater = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -zlib.MAX_WBITS)
    parts = [_MEMBER_HEAD, deflater.compress(text), deflater.flush(zlib.Z_FULL_FLUSH)]
    for at in range(0, len(rest), _STORED_BYTES):
        piece = rest[at : at + _STORED_BYTES]
        parts += (_STORED_HEAD.pack(at + _STORED_BYTES >= len(rest), len(piece), len(piece) ^ 0xFFFF), piece)
    parts.append(_MEMBER_END.pack(isal_zlib.crc32(rest, isal_zlib.crc32(text)), (len(text) + len(rest)) & 0xFFFFFFFF))
    return b"".join(parts)


def _is_random(block: bytes, start: int) -> bool:
    """Test if deflating makes two samples behind a block's start no shorter."""
    third = (len(block) - start) // 3
    sample = b"".join([block[at : at + _SHORT_BYTES // 2] for at in (start + third, start + 2 * third)])
    least = len(sample) * _WORTH
    if len(igzip_lib.compress(sample, 0)) <= least:  # the fastest way
        return False
    return block.startswith(GZIP_MAGIC, start) or len(igzip_lib.compress(sample, _LEVEL)) > least


def _deflater(*, stored: bool = False) -> _Deflater:
    if stored:
        return zlib.compressobj(0, zlib.DEFLATED, _GZIP)
    deflater: _Deflater = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP)
    return deflater


def _is_coded(sample: bytes) -> bool:
    return len(isal_zlib.compress(sample, _LEVEL)) > len(sample) * _WORTH


class Window:
    """The raw bytes of a file in order; part of a piece can be returned."""

    def __init__(self, file: Readable, start: int) -> None:
        self._file = file
        self.seek(start)

    @property
    def at(self) -> int:
        """Offset in the file of the next byte to be taken."""
        return self._start + self._pos

    def seek(self, offset: int) -> None:
        """Go on from another place."""
        self._start, self._pos, self._data = offset, 0, memoryview(b"")
        self._file.seek(offset)

    def take(self, size: int) -> memoryview:
        """The next bytes, at most `size`; empty at the end of the file."""
        if self._pos >= len(self._data):
            self._start += len(self._data)
            self._data, self._pos = memoryview(self._file.read(_READ_BYTES)), 0
        piece = self._data[self._pos : self._pos + size]
        self._pos += len(piece)
        return piece

    def give_back(self, count: int) -> None:
        """Return the last `count` bytes of the last piece."""
        self._pos -= count


class Digesting:
    """A file that is digested while it is read, each byte once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._at, self._done = file, 0, 0
        self._sha256 = hashlib.sha256()

    def seek(self, offset: int, whence: int = 0) -> int:
        """As a file's."""
        self._at = self._file.seek(offset, whence)
        return self._at

    def read(self, size: int) -> bytes:
        """As a file's; digests bytes behind all that was read before."""
        data = self._file.read(size)
        end = self._at + len(data)
        if self._at <= self._done < end:
            self._sha256.update(data if self._at == self._done else memoryview(data)[self._done - self._at :])
            self._done = end
        self._at = end
        return data

    def sha256(self) -> str:
        """SHA-256 of the whole file, lower-case hex; reads the rest of it."""
        self.seek(self._done)
        while self.read(_READ_BYTES):
            pass
        return self._sha256.hexdigest()


def inflate(window: Window) -> Iterator[bytes]:
    """Inflate the gzip member at the window's place, in bounded pieces.

    Raises:
        ValueError: It does not inflate, fails its checksum, or the file ends within it.
    """
    inflater = isal_zlib.decompressobj(_GZIP)
    piece: bytes | memoryview = window.take(_FIRST_BYTES)
    try:
        while True:
            out = inflater.decompress(piece, _OUT_BYTES)
            if out:
                yield out
            if inflater.eof:
                window.give_back(len(inflater.unused_data))
                return
            piece = inflater.unconsumed_tail or window.take(_PIECE_BYTES)
            if not piece and not out:
                raise ValueError(CUT)
    except IsalError as error:  # type: ignore[misc]  # declared as an instance
        what = str(error).partition(" ")[2].partition(" ")[2] or str(error)
        raise ValueError(f"bad gzip member: {what.lower()}") from error


def members(file: Readable, start: int = 0) -> Iterator[Member]:
    """Every gzip member from an offset on; a damaged one reaches to the next record."""
    window = Window(file, start)
    while window.take(1):
        window.give_back(1)
        yield _member(window, file)


def _member(window: Window, file: Readable) -> Member:
    offset, size, fault = window.at, 0, None
    held: list[bytes] = []
    try:
        for out in inflate(window):
            if size < HOLD_BYTES:
                held.append(out)
            size += len(out)
    except ValueError as error:
        fault = str(error)
        window.seek(next_member(file, offset + 1, _begins_record))
    data = held[0] if len(held) == 1 else b"".join(held)
    return Member(offset=offset, length=window.at - offset, size=size, data=data, fault=fault)


def next_member(file: Readable, start: int, begins: Callable[[bytes], bool]) -> int:
    """Offset of the next gzip member whose inflated start passes `begins`, or the file's end."""
    at = start
    while True:
        file.seek(at)
        block = file.read(_READ_BYTES)
        found = block.find(GZIP_MAGIC)
        while found >= 0:
            inflated = _inflated_start(file, at + found)
            if inflated and begins(inflated):
                return at + found
            found = block.find(GZIP_MAGIC, found + 1)
        if len(block) < _READ_BYTES:
            return at + len(block)
        at += len(block) - len(GZIP_MAGIC) + 1


def _inflated_start(file: Readable, offset: int) -> bytes:
    file.seek(offset)
    try:
        return bytes(isal_zlib.decompressobj(_GZIP).decompress(file.read(_FIRST_BYTES), _START_BYTES))
    except IsalError:  # type: ignore[misc]  # declared as an instance
        return b""


def _begins_record(start: bytes) -> bool:
    return start[:5].upper() == b"WARC/"
