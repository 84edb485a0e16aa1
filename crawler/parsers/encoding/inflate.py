"""Inflate gzip and deflate streams held in memory, up to a limit or to damage."""

from __future__ import annotations

import zlib

from isal import isal_zlib
from isal.igzip_lib import IsalError

GZIP_MAGIC = b"\x1f\x8b"

_STEP = 64 * 1024
_LEAST = 18
"""Bytes of head and end of a member."""
_FLAGS_AT, _RESERVED = 3, 0xE0
"""Flags that zlib refuses (RFC 1952 2.3.1.2)."""


def decompressor(coding: str, start: bytes) -> zlib._Decompress | None:
    """A decompressor for a content coding, or None if it is neither gzip nor deflate.

    Args:
        start: First bytes of the stream. RFC 9110 means zlib's wrapping by deflate; some servers send the bare stream.
    """
    if coding == "gzip":
        return zlib.decompressobj(31)
    if coding == "deflate":
        return zlib.decompressobj(15 if is_wrapped(start) else -15)
    return None


def is_wrapped(data: bytes) -> bool:
    """True if bytes begin as zlib's wrapping does."""
    return len(data) > 1 and data[0] & 0x0F == 8 and (data[0] * 256 + data[1]) % 31 == 0


def gunzipped_at_once(data: bytes, limit: int) -> bytes | None:
    """Inflate one whole gzip member by the fast library; None for anything else.

    Damage, more members and bytes behind the end are left to zlib, which tells how far they could be read.
    """
    if len(data) < _LEAST or data[_FLAGS_AT] & _RESERVED:
        return None
    try:
        inflater = isal_zlib.decompressobj(31)
        out = inflater.decompress(data, limit + 1)
    except IsalError:  # type: ignore[misc]  # declared as an instance
        return None
    return out if inflater.eof and not inflater.unused_data and len(out) <= limit else None


def inflated(inflater: zlib._Decompress, data: bytes, out: bytearray, most: int, *, start: int = 0) -> tuple[str | None, int]:
    """Inflate one stream.

    Args:
        out: Takes the inflated bytes, up to a length of `most`.
        start: Offset of the stream in `data`.
    Returns:
        The damage or None, and the offset behind the stream.
    """
    return _inflated(inflater, data, out, most, start, _STEP)


def _inflated(inflater: zlib._Decompress, data: bytes, out: bytearray, most: int, start: int, step: int) -> tuple[str | None, int]:
    for at in range(start, len(data), step):
        before, piece = inflater.copy(), data[at : at + step]
        try:
            out += inflater.decompress(piece, most - len(out))
        except zlib.error as error:
            if step > 1:
                # Again in smaller steps, for the bytes before the damage.
                _inflated(before, piece, out, most, 0, max(1, step // 64))
            return str(error), len(data)
        if inflater.eof or len(out) >= most:
            return None, at + len(piece) - len(inflater.unused_data)
    return "cut off", len(data)


def gunzip(data: bytes, limit: int, *, max_members: int | None = None) -> tuple[bytes, str | None]:
    """Inflate a gzip file up to damage.

    Returns:
        At most `limit` bytes and one, and a problem if the file is damaged or goes on.
    """
    out, at, members = bytearray(), 0, 0
    while max_members is None or members < max_members:
        members += 1
        damage, at = inflated(zlib.decompressobj(31), data, out, limit + 1, start=at)
        if len(out) > limit:
            return bytes(out), None
        if damage:
            return bytes(out), "cut off" if damage == "cut off" else f"damaged: {damage}"
        if not data.startswith(GZIP_MAGIC, at):
            return bytes(out), "bytes behind the end" if data[at:].strip(b"\0") else None
    return bytes(out), f"over {max_members} members"
