"""Width and height of a picture, out of the head of its file."""

from __future__ import annotations

import struct
from collections.abc import Callable

from crawler.parsers.encoding.media_type import sniffed

MOST_PIXELS = 100_000
"""Of a side: beyond it the head is wrong, or means harm."""
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_AVIF_LOOKED = 16 * 1024

RASTER = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/avif": "avif", "image/bmp": "bmp",
    "image/x-icon": "ico",
}  # fmt: skip
"""Media types that are shown in place, by their bytes; each with the ending of its file's name."""
Size = tuple[int, int]


def picture_type(data: bytes) -> str:
    """The media type of a picture by its bytes alone.

    >>> picture_type(b"GIF89a"), picture_type(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), picture_type(b"<html>")
    ('image/gif', 'image/svg+xml', 'text/html')
    """
    return sniffed(None, data)


def picture_size(data: bytes) -> Size | None:
    """Width and height in pixels; None if the head does not tell."""
    read = _READERS.get(picture_type(data))
    try:
        size = read(data) if read else None
    except (struct.error, IndexError):
        return None
    return size if size and all(0 < side <= MOST_PIXELS for side in size) else None


def _png(data: bytes) -> Size | None:
    return struct.unpack(">II", data[16:24]) if data[12:16] == b"IHDR" else None


def _gif(data: bytes) -> Size | None:
    return struct.unpack("<HH", data[6:10])


def _jpeg(data: bytes) -> Size | None:
    """Walk over the segments to the first frame header."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xFF:
            at += 1
            continue
        if kind in _JPEG_ALONE:
            at += 2
            continue
        if kind in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + max(2, struct.unpack(">H", data[at + 2 : at + 4])[0])
    return None


def _webp(data: bytes) -> Size | None:
    kind = data[12:16]
    if kind == b"VP8X" and len(data) >= 30:
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and len(data) >= 25 and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def _avif(data: bytes) -> Size | None:
    """The largest size among its properties: others are of tiles and thumbnails."""
    found, at = [], data.find(b"ispe", 0, _AVIF_LOOKED)
    while at >= 0:
        found.append(struct.unpack(">II", data[at + 8 : at + 16]))
        at = data.find(b"ispe", at + 4, _AVIF_LOOKED)
    return max(found, key=lambda size: size[0] * size[1], default=None)


def _bmp(data: bytes) -> Size | None:
    if struct.unpack("<I", data[14:18])[0] == 12:
        return struct.unpack("<HH", data[18:22])
    width, height = struct.unpack("<ii", data[18:26])
    return width, abs(height)


def _ico(data: bytes) -> Size | None:
    return data[6] or 256, data[7] or 256


_READERS: dict[str, Callable[[bytes], Size | None]] = {
    "image/png": _png, "image/gif": _gif, "image/jpeg": _jpeg, "image/webp": _webp, "image/avif": _avif, "image/bmp": _bmp,
    "image/x-icon": _ico,
}  # fmt: skip
