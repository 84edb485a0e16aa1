"""The maker of a picture as its file tells, in IPTC and XMP.

News desks write them into JPEG, PNG and WebP.

It stands beside the page's own credit. Only the file's structure is walked and no pixel is decoded; whatever is damaged or beyond
its limit says nothing, and never raises.

Source: IPTC-NAA IIM 4.2; IPTC Photo Metadata Standard (which fields of IIM and XMP are the same); XMP specification part 3 (where a
file holds its packet).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import islice
from struct import error as StructError
from struct import unpack_from

from lxml import etree

from crawler.items import Imprint
from crawler.parsers.document.segments import squeeze
from crawler.parsers.images.file_starts import JPEG, PNG, RIFF

MAX_PARTS = 4_000
"""Segments or chunks of one file; a 4 MiB PNG in pieces of 8 KiB has 512."""
MAX_PACKET_BYTES = 256 * 1024
MAX_CHARACTERS = 1_000
MAX_NAMES = 10

_XMP_SEGMENT, _PHOTOSHOP = b"http://ns.adobe.com/xap/1.0/\0", b"Photoshop 3.0\0"
_XMP_KEYWORD = b"XML:com.adobe.xmp\0"
_IIM_RESOURCE = 0x0404
_BYLINE, _CREDIT, _COPYRIGHT = (2, 80), (2, 110), (2, 116)
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_CREATOR, _RIGHTS = "{http://purl.org/dc/elements/1.1/}creator", "{http://purl.org/dc/elements/1.1/}rights"
_XMP_CREDIT, _OWNER = "{http://ns.adobe.com/photoshop/1.0/}Credit", "{http://ns.adobe.com/xap/1.0/rights/}Owner"


def imprint_of(data: bytes) -> Imprint | None:
    """Read the maker from the beginning of a picture file, None if it names none.

    XMP counts first: IIM cuts names at 32 bytes and often does not say its encoding.
    """
    iim, packet = _blocks(data)
    said, also = _of_xmp(packet), _of_iim(iim)
    found = Imprint(byline=said.byline or also.byline, credit=said.credit or also.credit, copyright=said.copyright or also.copyright)
    return found if found != Imprint() else None


def _blocks(data: bytes) -> tuple[bytes, bytes]:
    """The IIM block and the XMP packet of a file; empty where there is none."""
    if data.startswith(JPEG):
        return _blocks_of_jpeg(data)
    if data.startswith(PNG):
        texts = (body for kind, body in islice(_chunks(data), MAX_PARTS) if kind == b"iTXt" and body.startswith(_XMP_KEYWORD))
        return b"", next(map(_png_text, texts), b"")
    if data.startswith(RIFF) and data[8:12] == b"WEBP":
        return b"", next((body for kind, body in islice(_riff(data), MAX_PARTS) if kind == b"XMP "), b"")
    return b"", b""


def _blocks_of_jpeg(data: bytes) -> tuple[bytes, bytes]:
    """The IIM block and the XMP packet of a JPEG."""
    parts = list(islice(_segments(data), MAX_PARTS))
    packet = next((body[len(_XMP_SEGMENT) :] for marker, body in parts if marker == 0xE1 and body.startswith(_XMP_SEGMENT)), b"")
    photoshop = b"".join(body[len(_PHOTOSHOP) :] for marker, body in parts if marker == 0xED and body.startswith(_PHOTOSHOP))
    return next((body for number, body in islice(_resources(photoshop), MAX_PARTS) if number == _IIM_RESOURCE), b""), packet


# -- containers: each yields its parts as far as they are whole


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of the segments of a JPEG before its pixels."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes before a marker
            at += 1
            continue
        if marker in (0xD9, 0xDA):
            return
        (length,) = unpack_from(">H", data, at + 2)
        if length < 2 or at + 2 + length > len(data):
            return
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + length


def _resources(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and body of Photoshop's image resources: `8BIM`, number, padded name, length, padded body."""
    at = 0
    while at + 12 <= len(data) and data[at : at + 4] == b"8BIM":
        (number,) = unpack_from(">H", data, at + 4)
        begin = at + 6 + (data[at + 6] + 2) // 2 * 2
        if begin + 4 > len(data):
            return
        (length,) = unpack_from(">I", data, begin)
        yield number, data[begin + 4 : begin + 4 + length]
        at = begin + 4 + length + length % 2


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and body of the chunks of a PNG."""
    at = len(PNG)
    while at + 12 <= len(data):
        (length,) = unpack_from(">I", data, at)
        if at + 12 + length > len(data):
            return
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _riff(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of the chunks of a WebP."""
    at = 12
    while at + 8 <= len(data):
        (length,) = unpack_from("<I", data, at + 4)
        if at + 8 + length > len(data):
            return
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _png_text(body: bytes) -> bytes:
    """The text of an `iTXt` chunk, behind its keyword, compression, language and translated keyword."""
    packed, _, rest = body[len(_XMP_KEYWORD) : len(_XMP_KEYWORD) + 1], None, body[len(_XMP_KEYWORD) + 2 :]
    text = rest.split(b"\0", 2)[-1]
    if packed != b"\1":
        return text
    try:
        return zlib.decompressobj().decompress(text, MAX_PACKET_BYTES + 1)
    except zlib.error:
        return b""


# -- what they hold


def _of_iim(data: bytes) -> Imprint:
    """Byline, credit and copyright notice of an IIM block."""
    fields: dict[tuple[int, int], list[bytes]] = {}
    try:
        for key, value in islice(_datasets(data), MAX_PARTS):
            fields.setdefault(key, []).append(value)
    except StructError:
        pass  # cut off: what came before it counts
    utf8 = b"\x1b%G" in fields.get((1, 90), [b""])[0]

    def text(key: tuple[int, int]) -> str | None:
        return _joined(_decoded(value, utf8=utf8) for value in fields.get(key, ()))

    return Imprint(byline=text(_BYLINE), credit=text(_CREDIT), copyright=text(_COPYRIGHT))


def _datasets(data: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Key (record, dataset) and value of the datasets of an IIM block."""
    at = 0
    while at + 5 <= len(data) and data[at] == 0x1C:
        length, begin = unpack_from(">H", data, at + 3)[0], at + 5
        if length & 0x8000:  # extended: the length of the length
            count = length & 0x7FFF
            length, begin = int.from_bytes(data[begin : begin + min(count, 8)], "big"), begin + count
        if begin + length > len(data):
            return
        yield (data[at + 1], data[at + 2]), data[begin : begin + length]
        at = begin + length


def _decoded(value: bytes, *, utf8: bool) -> str:
    """Decode a text as UTF-8, else as Windows-1252: few desks tell the encoding."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8" if utf8 else "cp1252", "replace")


def _of_xmp(packet: bytes) -> Imprint:
    """Creator, credit line and rights of an XMP packet."""
    # No packet needs a DTD, and entities are how XML is made to bite.
    if not packet or len(packet) > MAX_PACKET_BYTES or b"<!" in packet.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        return Imprint()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True)
    try:
        root = etree.fromstring(packet.strip(b"\0 \r\n\t"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return Imprint()
    about = (
        []
        if root is None
        else [one for one in root.iter(f"{_RDF}Description") if one.getparent() is not None and one.getparent().tag == f"{_RDF}RDF"]
    )
    return Imprint(
        byline=_joined(_values(about, _CREATOR)), credit=_joined(_values(about, _XMP_CREDIT)),
        copyright=_joined(islice(_values(about, _RIGHTS), 1)) or _joined(_values(about, _OWNER)),
    )  # fmt: skip


def _values(about: list[etree._Element], name: str) -> Iterator[str]:
    """The values of a property: an attribute, a text, or the entries of a list."""
    for description in about:
        if value := description.get(name):
            yield value
        for element in description.iterchildren(name):
            entries = list(element.iter(f"{_RDF}li"))
            yield from (entry.text or "" for entry in entries or [element])


def _joined(values: Iterator[str]) -> str | None:
    """Join several names; None if nothing is left of them."""
    kept = dict.fromkeys(line for value in islice(values, MAX_NAMES) if (line := squeeze(_printable(value)[:MAX_CHARACTERS])))
    return ", ".join(kept)[:MAX_CHARACTERS] or None


def _printable(text: str) -> str:
    """Put blanks in place of characters that cannot be printed."""
    return "".join(c if c.isprintable() else " " for c in text[: 4 * MAX_CHARACTERS])
