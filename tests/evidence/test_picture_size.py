"""Sizes of pictures by the heads of their files."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest
from pictures_made import HTML, SVG, png
from PIL import Image

from crawler.evidence.picture_size import picture_size, picture_type

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xff\xc0\x00\x11\x08\x00\xc8\x01\x40\x03\x01\x22\x00\x02\x11\x01"
VP8X = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + (319).to_bytes(3, "little") + (199).to_bytes(3, "little")
VP8 = b"RIFF\x00\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 320, 200)
VP8L = b"RIFF\x00\x00\x00\x00WEBPVP8L\x0a\x00\x00\x00\x2f" + (319 | 199 << 14).to_bytes(4, "little")
AVIF = b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00" + b"ispe\x00\x00\x00\x00" + struct.pack(">II", 32, 20) + b"ispe\x00\x00\x00\x00" + struct.pack(">II", 320, 200)
BMP = b"BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00" + struct.pack("<ii", 320, -200)
OLD_BMP = b"BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x0c\x00\x00\x00" + struct.pack("<HH", 320, 200)


@pytest.mark.parametrize(
    "data", [png(320, 200), b"GIF89a" + struct.pack("<HH", 320, 200) + b"\0\0", JPEG, VP8X, VP8, VP8L, AVIF, BMP, OLD_BMP],
    ids=["png", "gif", "jpeg", "vp8x", "vp8", "vp8l", "avif", "bmp", "bmp of OS/2"],
)  # fmt: skip
def test_the_head_of_a_file_tells_its_size(data: bytes) -> None:
    assert picture_size(data) == (320, 200)
    for end in range(len(data)):
        assert picture_size(data[:end]) in (None, (320, 200), (32, 20))


def test_an_icon_of_the_largest_size_says_zero() -> None:
    assert picture_size(b"\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00") == (256, 256)


@pytest.mark.parametrize("data", [b"", HTML, SVG, b"\xff\xd8\xff\xd8\xff\xd9", png(0, 5), b"\x89PNG\r\n\x1a\n" + b"x" * 20, png(1, 1)[:16] + b"\xff" * 8])
def test_a_head_that_makes_no_sense_tells_none(data: bytes) -> None:
    assert picture_size(data) is None


def test_pillow_finds_the_same_sizes() -> None:
    picture = Image.new("RGB", (37, 23), (200, 10, 10))
    for kind in ("png", "gif", "jpeg", "webp", "avif", "bmp"):
        out = BytesIO()
        try:
            picture.save(out, kind)
        except (KeyError, OSError, ValueError):
            continue
        assert picture_size(out.getvalue()) == (37, 23), kind
        assert picture_type(out.getvalue()) == f"image/{kind}"
