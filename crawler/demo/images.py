"""Generated pictures: small seascapes as JPEG with IPTC fields and PNG with XMP."""

from __future__ import annotations

import hashlib
import math
import struct
import zlib
from collections.abc import Callable, Iterator
from html import escape

WIDTH, HEIGHT = 320, 200
_STEP = 16  # of the quantiser, for every coefficient

Colour = tuple[float, float, float]


def picture(name: str, *, byline: str = "", credit: str = "", caption: str = "", notice: str = "") -> bytes:
    """Make the picture of a name: a `.png` with XMP, else a JPEG with IPTC.

    The same name gives the same bytes.
    """
    scene = _seascape(name)
    if name.endswith(".png"):
        return png(scene, WIDTH // 2, HEIGHT // 2, xmp(byline, credit, notice))
    return jpeg(scene, WIDTH, HEIGHT, iptc(byline, credit, caption, notice))


def small(name: str) -> bytes:
    """Make the picture of a name for small screens."""
    return png(_seascape(name), WIDTH // 4, HEIGHT // 4)


def dot() -> bytes:
    """Make a picture of one pixel, as visit counters use it."""
    return png(lambda x, y: (255, 255, 255), 1, 1)


def _seascape(name: str) -> Callable[[float, float], Colour]:
    """Make a colour function: position (0 to 1 across and down) to red, green, blue."""
    seed = hashlib.sha256(name.encode()).digest()
    horizon, sun_x, sun_y, hull = 0.45 + seed[0] / 1500, seed[1] / 255, 0.1 + seed[2] / 1200, 0.2 + seed[3] / 450
    dusk = seed[4] / 255

    def colour(x: float, y: float) -> Colour:
        if hull < x < hull + 0.22 and horizon - 0.02 < y < horizon + 0.07 - abs(x - hull - 0.11) * 0.3:
            return 40 + seed[5] / 4, 40 + seed[6] / 4, 60 + seed[7] / 4
        if y > horizon:
            depth, swell = (y - horizon) / (1 - horizon), 8 * math.sin(60 * y + 9 * x + seed[8])
            return 30 + 40 * dusk + swell, 95 - 50 * depth + swell, 130 - 40 * depth + swell
        glow = max(0.0, 1 - 4 * math.hypot(x - sun_x, (y - sun_y) * 0.7))
        return 140 + 90 * dusk + 60 * glow, 170 - 30 * dusk + 50 * glow, 215 - 110 * dusk - 20 * glow

    return colour


def png(scene: Callable[[float, float], Colour], width: int, height: int, packet: bytes = b"") -> bytes:
    """Encode an eight-bit truecolour PNG, with an XMP packet if given."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(
        b"\0" + bytes(min(255, max(0, round(v))) for x in range(width) for v in scene(x / width, y / height)) for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    text = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet) if packet else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + text + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def jpeg(scene: Callable[[float, float], Colour], width: int, height: int, application: bytes = b"") -> bytes:
    """Encode a baseline JPEG with the mean and slope of each block only.

    Both Huffman tables have codes of four bits only, which makes a coder of a few lines.
    """
    lengths = bytes([0, 0, 0, 15] + [0] * 12)
    dc_symbols, ac_symbols = bytes(range(15)), bytes([0x00, *range(0x01, 0x08), *range(0x11, 0x18)])
    quantiser = b"\0" + bytes([_STEP] * 64)
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"".join(bytes([n, 0x11, 0]) for n in (1, 2, 3))
    scan = b"\3" + b"".join(bytes([n, 0]) for n in (1, 2, 3)) + b"\0\x3f\0"
    bits = "".join(_blocks(scene, width, height, ac_symbols))
    bits += "1" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    tables = _segment(0xC4, b"\x00" + lengths + dc_symbols) + _segment(0xC4, b"\x10" + lengths + ac_symbols)
    head = _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + application + _segment(0xDB, quantiser) + _segment(0xC0, frame)
    return b"\xff\xd8" + head + tables + _segment(0xDA, scan) + data + b"\xff\xd9"


def _blocks(scene: Callable[[float, float], Colour], width: int, height: int, ac_symbols: bytes) -> Iterator[str]:
    """Yield the entropy-coded blocks: luminance and two chrominances for each 8 by 8 pixels."""
    before = [0, 0, 0]
    for top in range(0, height, 8):
        for left in range(0, width, 8):
            here, right, below = (
                _luminance_chrominance(scene((left + dx) / width, (top + dy) / height)) for dx, dy in ((4, 4), (8, 4), (4, 8))
            )
            for n in range(3):
                mean = round(8 * here[n] / _STEP)
                across, down = (round(-7.3 * (there[n] - here[n]) / _STEP) for there in (right, below))
                yield _coded(mean - before[n], lambda size: size)
                before[n] = mean
                yield from _slopes(across, down, ac_symbols)


def _slopes(across: int, down: int, symbols: bytes) -> Iterator[str]:
    if across:
        yield _coded(across, symbols.index)
    if down:
        yield _coded(down, lambda size: symbols.index((0 if across else 0x10) + size))
    yield "0000"  # end of block


def _coded(value: int, code: Callable[[int], int]) -> str:
    """Encode a coefficient: the code of its size, then its bits; negatives as one's complement."""
    size = abs(value).bit_length()
    bits = f"{value if value > 0 else value + (1 << size) - 1:0{size}b}" if size else ""
    return f"{code(size):04b}{bits}"


def _luminance_chrominance(colour: Colour) -> Colour:
    red, green, blue = (min(255.0, max(0.0, v)) for v in colour)
    return (
        0.299 * red + 0.587 * green + 0.114 * blue - 128,
        -0.1687 * red - 0.3313 * green + 0.5 * blue,
        0.5 * red - 0.4187 * green - 0.0813 * blue,
    )


def iptc(byline: str = "", credit: str = "", caption: str = "", notice: str = "") -> bytes:
    """Make an APP13 segment with IPTC fields; empty if no field is given.

    Source: IPTC-NAA Information Interchange Model 4.2, record 2: 80 by-line, 110 credit, 116 copyright notice, 120 caption.
    """
    fields = [(number, text.encode()) for number, text in ((80, byline), (110, credit), (116, notice), (120, caption)) if text]
    if not fields:
        return b""
    data = b"\x1c\x01\x5a\0\x03\x1b%G" + b"".join(b"\x1c\x02" + struct.pack(">BH", number, len(text)) + text for number, text in fields)
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2)
    return _segment(0xED, b"Photoshop 3.0\0" + resource)


def xmp(byline: str = "", credit: str = "", notice: str = "") -> bytes:
    """Make an XMP packet; empty if no field is given."""
    listed = "<{0}><rdf:{1}><rdf:li{2}>{3}</rdf:li></rdf:{1}></{0}>"
    said = listed.format("dc:creator", "Seq", "", escape(byline)) if byline else ""
    said += listed.format("dc:rights", "Alt", " xml:lang='x-default'", escape(notice)) if notice else ""
    said += f"<photoshop:Credit>{escape(credit)}</photoshop:Credit>" if credit else ""
    spaces = "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/'"
    about = f"<rdf:Description rdf:about='' {spaces}>{said}</rdf:Description>"
    rdf = f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>{about}</rdf:RDF>"
    return f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{rdf}</x:xmpmeta>".encode() if said else b""


def _segment(marker: int, payload: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(payload) + 2) + payload
