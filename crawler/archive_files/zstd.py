"""WARC.zst: one zstd frame a record; a dictionary may precede in a skippable frame.

Source: iipc/warc-specifications, WARC-zstd; RFC 8878.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from attrs import frozen

from crawler.storage.opening import opened

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
DICTIONARY_FRAME = b"\x5d\x2a\x4d\x18"
MAX_DICTIONARY_BYTES = 64 * 1024 * 1024

_DICTIONARY_MAGIC = b"\x37\xa4\x30\xec"
_PIECE_BYTES = 128 * 1024
_OUT_BYTES = 256 * 1024
_SEARCH_BYTES = 1024 * 1024


def is_zstd(start: bytes) -> bool:
    """True if a file begins with a zstd frame, data or skippable."""
    return start.startswith(ZSTD_MAGIC) or _is_skippable(start)


def _is_skippable(start: bytes) -> bool:
    return len(start) >= 4 and 0x50 <= start[0] <= 0x5F and start[1:4] == DICTIONARY_FRAME[1:]


@frozen
class Piece:
    """Some decoded bytes of a frame, or a fault of the rest of it."""

    offset: int
    """Of the frame in the file."""
    data: bytes = b""
    fault: str | None = None
    length: int = 0
    """Of a fault: bytes of the file that cannot be read for it."""


def decoded(file: BinaryIO) -> Iterator[Piece]:
    """Every data frame of a file; a damaged one reaches to the next."""
    dictionary: Any = None
    at, end = 0, file.seek(0, 2)
    while at < end:
        file.seek(at)
        head = file.read(8)
        if _is_skippable(head):
            size = struct.unpack("<I", head[4:])[0] if len(head) == 8 else 0
            if at + 8 + size > end:
                yield Piece(at, fault="the file ends within a skippable frame", length=end - at)
                return
            if head.startswith(DICTIONARY_FRAME) and dictionary is None:
                dictionary, fault = _dictionary(file.read(size) if size <= MAX_DICTIONARY_BYTES else b"")
                if fault:
                    yield Piece(at, fault=fault, length=8 + size)
            at += 8 + size
            continue
        frame = _Frame(file, at, dictionary)
        for data in frame:
            yield Piece(at, data)
        if frame.fault:
            following = _next_frame(file, at + 1, end)
            yield Piece(at, fault=frame.fault, length=following - at)
            at = following
        else:
            at = frame.end


def start_of(path: Path, size: int) -> bytes:
    """The first decoded bytes of a file."""
    out = bytearray()
    with opened(path) as file:
        for piece in decoded(file):
            out += piece.data
            if len(out) >= size:
                break
    return bytes(out[:size])


class _Frame:
    """Decoder of one frame; afterwards `end` is its end, or `fault` its damage."""

    def __init__(self, file: BinaryIO, offset: int, dictionary: Any) -> None:
        self._file, self._offset, self._dictionary = file, offset, dictionary
        self.end, self.fault = offset, ""

    def __iter__(self) -> Iterator[bytes]:
        zstd = _library()
        inflater = zstd.ZstdDecompressor(zstd_dict=self._dictionary)
        self._file.seek(self._offset)
        taken = self._offset
        try:
            while not inflater.eof:
                piece = self._file.read(_PIECE_BYTES) if inflater.needs_input else b""
                taken += len(piece)
                out = inflater.decompress(piece, _OUT_BYTES)
                if out:
                    yield out
                if not piece and not out and not inflater.eof:
                    self.fault = "the file ends within this zstd frame"
                    return
        except zstd.ZstdError as error:
            self.fault = f"bad zstd frame: {str(error)[:120]}"
            return
        self.end = taken - len(inflater.unused_data)


def _dictionary(data: bytes) -> tuple[Any, str | None]:
    """The dictionary in a skippable frame, itself perhaps compressed; or its fault."""
    zstd = _library()
    try:
        if data.startswith(ZSTD_MAGIC):
            inflater = zstd.ZstdDecompressor()
            data = inflater.decompress(data, MAX_DICTIONARY_BYTES)
        return zstd.ZstdDict(data, is_raw=not data.startswith(_DICTIONARY_MAGIC)), None
    except (zstd.ZstdError, ValueError) as error:
        return None, f"the dictionary cannot be read: {str(error)[:120]}"


def _next_frame(file: BinaryIO, start: int, end: int) -> int:
    """Offset of the next frame's magic bytes, or the file's end."""
    at = start
    while at < end:
        file.seek(at)
        block = file.read(_SEARCH_BYTES)
        found = block.find(ZSTD_MAGIC)
        if found >= 0:
            return at + found
        if len(block) < _SEARCH_BYTES:
            break
        at += len(block) - len(ZSTD_MAGIC) + 1
    return end


def _library() -> Any:
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        from backports import zstd  # type: ignore[import-not-found, unused-ignore, no-redef]
    return zstd
