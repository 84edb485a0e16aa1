"""What picture files say of their makers: read from files of another program's making, and from damaged and hostile ones without harm."""

from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL.IptcImagePlugin import getiptcinfo
from PIL.PngImagePlugin import PngInfo

from crawler.demo.images import iptc, jpeg, picture, xmp
from crawler.items import Imprint
from crawler.parsers.images.file_metadata import MAX_PACKET_BYTES, MAX_PARTS, imprint_of
from crawler.parsers.images.file_starts import bytes_needed

SAID = Imprint(byline="Jörg Ñandú", credit="Ternpress/Getty Images", copyright="© 2026 Ternpress")
PACKET = xmp(SAID.byline or "", SAID.credit or "", SAID.copyright or "")
AS_ATTRIBUTES = (
    "<?xpacket begin='\ufeff'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    "<rdf:Description xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' photoshop:Credit='Desk'/>"
    "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:r='http://ns.adobe.com/xap/1.0/rights/'>"
    "<dc:creator><rdf:Seq><rdf:li>Ada Quill</rdf:li><rdf:li>Rosa Vidal</rdf:li><rdf:li>Ada Quill</rdf:li></rdf:Seq></dc:creator>"
    "<r:Owner><rdf:Bag><rdf:li>The Harbour Courier</rdf:li></rdf:Bag></r:Owner>"
    "<r:Nested><rdf:Description><dc:creator><rdf:Seq><rdf:li>Somebody else's picture</rdf:li></rdf:Seq></dc:creator></rdf:Description></r:Nested>"
    "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
).encode()


def drawn(form: str, packet: bytes, **more: object) -> bytes:
    """A picture that Pillow makes, with an XMP packet inside."""
    out, image = io.BytesIO(), Pillow.new("RGB", (64, 48), (30, 90, 130))
    if form == "PNG":
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet.decode(), zip=bool(more.get("zip")))
        image.save(out, form, pnginfo=info)
    else:
        image.save(out, form, xmp=packet, **more)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "more"), [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("PNG", {"zip": True}), ("WEBP", {})]
)
def test_xmp_that_another_program_wrote(form: str, more: dict[str, object]) -> None:
    assert imprint_of(drawn(form, PACKET, **more)) == SAID
    assert imprint_of(drawn(form, AS_ATTRIBUTES, **more)) == Imprint(
        byline="Ada Quill, Rosa Vidal", credit="Desk", copyright="The Harbour Courier"
    )


def test_iptc_as_another_program_reads_it_too() -> None:
    data = picture("kestrel.jpg", byline="Jörg Ñandú", credit="Ternpress", notice="© Courier", caption="A ferry")
    with Pillow.open(io.BytesIO(data)) as image:
        theirs = getiptcinfo(image)
    assert theirs is not None
    assert theirs[2, 80] == "Jörg Ñandú".encode()
    assert imprint_of(data) == Imprint(byline="Jörg Ñandú", credit="Ternpress", copyright="© Courier")


def with_iim(*fields: tuple[int, bytes]) -> bytes:
    block = b"".join(b"\x1c\x02" + struct.pack(">BH", number, len(value)) + value for number, value in fields)
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    other = b"8BIM\x04\x25\x03abc" + struct.pack(">I", 3) + b"xyz\0"
    body = b"Photoshop 3.0\0" + other + resource
    return b"\xff\xd8\xff\xed" + struct.pack(">H", len(body) + 2) + body + b"\xff\xd9"


def test_iptc_without_a_charset_with_repeated_names_and_behind_other_resources() -> None:
    assert imprint_of(with_iim((80, "Zoë".encode("cp1252")), (80, b"Ann"), (110, "Müller".encode()))) == Imprint(
        byline="Zoë, Ann", credit="Müller"
    )


def test_xmp_counts_before_iptc_which_cuts_names_short() -> None:
    short = jpeg(lambda x, y: (9, 9, 9), 8, 8, iptc("Ada Quill of the Harbour Courier", "Desk"))
    packet = b"http://ns.adobe.com/xap/1.0/\0" + xmp("Ada Quill of the Harbour Courier, Port Merrow")
    both = short[:2] + b"\xff\xe1" + struct.pack(">H", len(packet) + 2) + packet + short[2:]
    assert imprint_of(both) == Imprint(byline="Ada Quill of the Harbour Courier, Port Merrow", credit="Desk")


@pytest.mark.parametrize("name", ["plain.jpg", "plain.png"])
def test_a_picture_that_says_nothing(name: str) -> None:
    assert imprint_of(picture(name)) is None


def test_only_the_head_of_a_jpeg_is_needed() -> None:
    data = picture("kestrel.jpg", byline="Ada Quill")
    assert imprint_of(data[:400]) == imprint_of(data) == Imprint(byline="Ada Quill")
    assert (bytes_needed(data[:16]), bytes_needed(b"\0\0\0\x18ftypmp42")) == (1024 * 1024, 0)


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(body)) + kind + body + b"\0\0\0\0" for kind, body in chunks)


KEYWORD = b"XML:com.adobe.xmp\0"
BOMB = (
    b"<?xml version='1.0'?><!DOCTYPE x ["
    + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 30))
    + b"]><x>&a29;</x>"
)
HOSTILE = {
    "entities": png((b"iTXt", KEYWORD + b"\0\0\0\0" + BOMB)),
    "inflates": png((b"iTXt", KEYWORD + b"\1\0\0\0" + zlib.compress(b" " * 50_000_000, 9))),
    "no-zlib": png((b"iTXt", KEYWORD + b"\1\0\0\0" + b"nonsense")),
    "deep": png((b"iTXt", KEYWORD + b"\0\0\0\0" + b"<a>" * 80_000)),
    "attributes": png((b"iTXt", KEYWORD + b"\0\0\0\0<a " + b"".join(b"a%d='' " % n for n in range(20_000)) + b"/>")),
    "large": png((b"iTXt", KEYWORD + b"\0\0\0\0" + PACKET.replace(b"</x:xmpmeta>", b" " * MAX_PACKET_BYTES + b"</x:xmpmeta>"))),
    "external": png((b"iTXt", KEYWORD + b"\0\0\0\0<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>")),
    "many-chunks": png(*[(b"tEXt", b"")] * 340_000),
    "many-segments": b"\xff\xd8" + b"\xff\xe1\0\2" * 260_000,
    "fill-bytes": b"\xff\xd8" + b"\xff" * 1_000_000,
    "lying-length": b"\xff\xd8\xff\xed\xff\xffPhotoshop 3.0\x008BIM",
    "lying-resource": with_iim((80, b"x"))[:40],
    "extended-length": with_iim((80, b"x")).replace(struct.pack(">BH", 80, 1), struct.pack(">BH", 80, 0xFFFF)),
    "riff-zero": b"RIFF\0\0\0\0WEBP" + b"XMP \0\0\0\0" * 400_000,
    "riff-cut": b"RIFF\0\0\0\0WEBPXMP \xff\xff\xff\x7f<x/>",
    "empty": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_say_nothing_soon(name: str) -> None:
    began = time.process_time()
    assert imprint_of(HOSTILE[name]) is None
    assert time.process_time() - began < 2.0, f"{MAX_PARTS} parts at most"


def test_a_name_cannot_forge_a_line_and_is_no_novel() -> None:
    found = imprint_of(with_iim((80, b"Ada\r\nQuill\0\x1b[31m \xe2\x80\xae"), (110, b"x" * 30_000)))
    assert found is not None
    assert found.byline == "Ada Quill [31m"
    assert len(found.credit or "") == 1_000


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff\xed\0\x60Photoshop 3.0\0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"]))
def test_any_bytes_are_read_without_a_fault(data: bytes, start: bytes) -> None:
    imprint_of(start + data)


@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=8), st.sampled_from(["JPEG", "PNG", "WEBP", "iptc"]))
def test_damage_anywhere_is_no_fault(at: int, damage: bytes, form: str) -> None:
    data = bytearray(DRAWN[form])
    data[at % len(data) : at % len(data) + len(damage)] = damage
    imprint_of(bytes(data))


DRAWN = {form: drawn(form, PACKET) for form in ("JPEG", "PNG", "WEBP")} | {"iptc": picture("kestrel.jpg", byline="Ada", notice="c")}
