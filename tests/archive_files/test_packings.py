"""Files as others pack them: zstd with and without a dictionary, damaged frames, and every kind that is no archive, by its name."""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import sys
import zipfile
from pathlib import Path

import pytest
from foreign_warcs import answer, record, story, write
from warc_makers import warc_file, warc_record

from crawler.archive_files.formats import kind_of
from crawler.archive_files.inflate import unpacked
from crawler.archive_files.zstd import Piece, decoded, is_zstd, start_of
from crawler.errors import SetupError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ONE, TWO, THREE = (record(answer(story(f"boat {n}")), f"/{n}", n=n) for n in (1, 2, 3))
SKIPPABLE = struct.pack("<II", 0x184D2A50, 5) + b"aside"
NOISE = random.Random(7).randbytes(300_000)


def frames(*parts: bytes) -> bytes:
    return b"".join(zstd.compress(part) for part in parts)


def pieces(data: bytes) -> tuple[bytes, list[Piece]]:
    """All decoded bytes, and the faults."""
    found = list(decoded(io.BytesIO(data)))
    return b"".join(piece.data for piece in found), [piece for piece in found if piece.fault]


@pytest.mark.parametrize(
    ("data", "plain"),
    [
        (b"", b""),
        (frames(ONE), ONE),
        (frames(ONE, TWO), ONE + TWO),
        (SKIPPABLE + frames(ONE) + SKIPPABLE + frames(TWO) + SKIPPABLE, ONE + TWO),
        (frames(b"", ONE), ONE),
        (frames(NOISE), NOISE),
    ],
)
def test_frames_are_decoded_one_after_the_other(data: bytes, plain: bytes) -> None:
    assert pieces(data) == (plain, [])


def test_a_damaged_frame_reaches_to_the_next_one() -> None:
    first, second, third = frames(ONE), frames(b"".join(b"%d boats " % n for n in range(20_000))), frames(THREE)
    bad = bytearray(second)
    bad[8:40] = b"\xff" * 32
    plain, faults = pieces(first + bytes(bad) + third)
    assert plain.startswith(ONE)
    assert plain.endswith(THREE)
    assert faults
    assert faults[0].offset == len(first)
    assert (faults[0].fault or "").startswith("bad zstd frame: ") or "ends within" in (faults[0].fault or "")
    assert sum(fault.length for fault in faults) <= len(second)


@pytest.mark.parametrize("lost", [1, 10, 100])
def test_a_file_that_ends_within_a_frame_says_so(lost: int) -> None:
    first, second = frames(ONE), frames(NOISE)
    plain, faults = pieces((first + second)[:-lost])
    assert plain.startswith(ONE)
    assert [(fault.offset, fault.fault, fault.length) for fault in faults] == [(len(first), "the file ends within this zstd frame", len(second) - lost)]


def test_a_file_that_ends_within_a_skippable_frame_says_so() -> None:
    plain, faults = pieces(frames(ONE) + SKIPPABLE[:-2])
    assert plain == ONE
    assert [fault.fault for fault in faults] == ["the file ends within a skippable frame"]


def with_dictionary(content: bytes, *parts: bytes, packed: bool) -> bytes:
    """A WARC.zst as Archive Team writes it: its dictionary in the first frame."""
    held = zstd.compress(content) if packed else content
    head = struct.pack("<II", 0x184D2A5D, len(held)) + held
    return head + b"".join(zstd.compress(part, zstd_dict=zstd.ZstdDict(content, is_raw=True)) for part in parts)


@pytest.mark.parametrize("packed", [False, True])
def test_a_dictionary_in_the_first_frame_is_used(packed: bool) -> None:
    plain, faults = pieces(with_dictionary(ONE * 3, ONE, TWO, packed=packed))
    assert (plain, faults) == (ONE + TWO, [])


def test_a_dictionary_that_cannot_be_read_is_told_with_its_place() -> None:
    data = bytearray(with_dictionary(ONE * 3, ONE, packed=True))
    data[12:20] = b"\xff" * 8
    _, faults = pieces(bytes(data))
    assert faults[0].offset == 0
    assert (faults[0].fault or "").startswith("the dictionary cannot be read: ")


@pytest.mark.parametrize(("start", "is_"), [(frames(b"x")[:8], True), (SKIPPABLE[:8], True), (b"\x1f\x8b\x08", False), (b"WARC/1.0", False), (b"", False), (b"\x28\xb5", False)])
def test_the_beginning_of_a_zstd_file(start: bytes, is_: bool) -> None:
    assert is_zstd(start) is is_


def test_the_first_bytes_of_a_packed_file(tmp_path: Path) -> None:
    path = tmp_path / "x.zst"
    path.write_bytes(frames(ONE, TWO))
    assert start_of(path, 20) == ONE[:20]
    assert start_of(path, 10**6) == ONE + TWO


@pytest.mark.parametrize("kind", ["arc.gz", "warc.zst"])
def test_a_packed_file_laid_out_plain_knows_where_each_piece_lay(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    parts = (ONE, TWO)
    packed = [gzip.compress(part, mtime=0) if kind.endswith("gz") else zstd.compress(part) for part in parts]
    path.write_bytes(b"".join(packed))
    with unpacked(path, kind) as found:  # type: ignore[arg-type]
        assert Path(found.path).read_bytes() == ONE + TWO
        assert list(found.offsets) == [0, len(packed[0])]
        assert found.faults == []


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (ONE, "warc"), (gzip.compress(ONE, mtime=0), "warc.gz"), (frames(ONE), "warc.zst"), (SKIPPABLE + frames(ONE), "warc.zst"),
        (b"filedesc://x.arc 0.0.0.0 20240101000000 text/plain 76\n1 0 Alexa Internet\nURL IP-address Archive-date Content-type Archive-length\n\n", "arc"),
    ],
)  # fmt: skip
def test_kinds_by_content_whatever_the_name(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "download.bin"
    path.write_bytes(data)
    assert kind_of(path) == kind


HAR = json.dumps({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": []}}).encode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no WARC: the file is empty; put back a copy of it"),
        (b"\x1f\x8b\x08\x00\xff\xff", "no WARC: nothing in it can be inflated; put back a copy of it"),
        (HAR, "no WARC: a HAR file; turn it into a WARC with har2warc first"),
        (b'{"a": 1}', "no WARC: a JSON file; name a web archive"),
        (gzip.compress(HAR, mtime=0), "no WARC: gzip of a HAR file; turn it into a WARC with har2warc first"),
        (frames(b"<html><p>x"), "no WARC: zstd of an HTML page; `scrapy read FILE` reads single pages"),
        (b"<!DOCTYPE html><html><body>x", "no WARC: an HTML page; `scrapy read FILE` reads single pages"),
        (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;", None),
        (b'<?xml version="1.0"?><!DOCTYPE plist><plist version="1.0">', "no WARC: a Safari .webarchive (property list); it is no WARC; open the page in a browser and record it again"),
        (b"\0" * 257 + b"ustar" + b"\0" * 200, "no WARC: a tar archive; unpack it with `tar -xf` first"),
        (b" CDX N b a m s k r M S V g\n", "no WARC: a CDX or CDXJ index; an index holds no pages: name the WARC files it lists"),
        (b'com,example)/ 20240101000000 {"url": "http://example.com/"}\n', "no WARC: a CDX or CDXJ index; an index holds no pages: name the WARC files it lists"),
        (gzip.compress(gzip.compress(ONE, mtime=0), mtime=0), "no WARC: gzip of a packed file; unpack it once first"),
        (b"words of no kind at all", "no WARC: it neither is packed in a known way nor begins with WARC/ or an ARC head; name a WARC, WARC.gz, WARC.zst, ARC, ARC.gz or WACZ"),
        (b"PK\x03\x04 damaged", None),
    ],
)
def test_what_is_no_archive_is_named_with_what_to_do(tmp_path: Path, data: bytes, told: str | None) -> None:
    path = tmp_path / "input"
    path.write_bytes(data)
    with pytest.raises(SetupError) as caught:
        kind_of(path)
    assert str(caught.value).startswith(f"{path}: ")
    if told is not None:
        assert str(caught.value) == f"{path}: {told}"


def test_a_zip_without_a_data_package_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("pages/a.html", "x")
    with pytest.raises(SetupError) as caught:
        kind_of(path)
    assert str(caught.value) == f"{path}: a zip file, no WACZ: there is no datapackage.json in it; unpack it with unzip and name the WARC files"
    with zipfile.ZipFile(path, "a") as out:
        out.writestr("archive/data.warc.gz", gzip.compress(ONE, mtime=0))
    assert kind_of(path) == "wacz"


def test_files_made_for_the_tests_are_of_their_kinds(tmp_path: Path) -> None:
    assert kind_of(write(tmp_path / "a", ONE, TWO)) == "warc.gz"
    assert kind_of(warc_file(tmp_path / "b.warc", warc_record("response", b"HTTP/1.1 200 OK\r\n\r\nx"), compressed=False)) == "warc"
