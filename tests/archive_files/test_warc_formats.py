"""The kind of a file is told by its content; what is taken nowhere is named, with what to do."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest
from warc_makers import warc_record, zst

from crawler.archive_files.formats import kind_of
from crawler.errors import SetupError

WARC = warc_record("response", b"HTTP/1.1 200 OK\r\n\r\n<p>hi</p>")
ARC = b"filedesc://x.arc 0.0.0.0 20080101000000 text/plain 2\nhi\n"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (WARC, "warc"),
        (b"\r\n" + WARC.replace(b"WARC/", b"warc/", 1), "warc"),
        (b"\xef\xbb\xbf" + WARC, "warc"),
        (gzip.compress(WARC), "warc.gz"),
        (gzip.compress(b"") * 2 + gzip.compress(WARC), "warc.gz"),
        (gzip.compress(WARC)[:-20], "warc.gz"),
        (b"\x1f\x8b\x08broken" + gzip.compress(WARC), "warc.gz"),
        (zst(WARC), "warc.zst"),
        (zst(WARC, dictionary="raw"), "warc.zst"),
        (ARC, "arc"),
        (gzip.compress(ARC), "arc.gz"),
        (b"http://a.example/ 192.0.2.1 20080101000000 text/html 2\nhi\n", "arc"),
    ],
)
def test_the_kind_of_a_file(tmp_path: Path, data: bytes, kind: str) -> None:
    (tmp_path / "any name").write_bytes(data)
    assert kind_of(tmp_path / "any name") == kind


def tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.warc"))
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "advice"),
    [
        (b"", "the file is empty", "put back a copy"),
        (bz2.compress(WARC), "bzip2", "bunzip2"),
        (lzma.compress(WARC), "xz", "unxz"),
        (b"\x04\x22\x4d\x18lz4", "lz4", "lz4 -d"),
        (tar(), "a tar archive", "tar -xf"),
        (gzip.compress(tar()), "gzip of a tar archive", "tar -xf"),
        (zipped(), "a zip file, no WACZ", "unzip"),
        (gzip.compress(gzip.compress(WARC)), "a packed file", "unpack it once"),
        (b'{"log": {"version": "1.2", "creator": {}, "entries": []}}', "a HAR file", "har2warc"),
        (b" CDX N b a m s k r M S V g\n", "CDX", "name the WARC files"),
        (b'com,example)/ 20200101000000 {"url": "http://example.com/"}\n', "CDX", "name the WARC files"),
        (gzip.compress(b'com,example)/ 20200101000000 {"url": "http://example.com/"}\n'), "gzip of a CDX", "name the WARC files"),
        (b'!context ["https://a.example/"]\n!meta {}\n', "CDX", "name the WARC files"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "an HTML page", "scrapy read"),
        (b"<html><body>", "an HTML page", "scrapy read"),
        (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n", "an MHTML page", "browser"),
        (b"bplist00\xd1", "webarchive", "browser"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer", "git lfs pull"),
        (b"%PDF-1.7", "a PDF file", "web archive"),
        (b'{"a": 1}', "a JSON file", "web archive"),
        (b"\x1f\x8b\x08", "nothing in it can be inflated", "copy"),
        (b"five words like an ARC", "neither is packed", "ARC.gz"),
    ],
)
def test_what_is_not_taken_is_named_with_what_to_do(tmp_path: Path, data: bytes, name: str, advice: str) -> None:
    (tmp_path / "given").write_bytes(data)
    with pytest.raises(SetupError) as raised:
        kind_of(tmp_path / "given")
    text = str(raised.value)
    assert text.startswith(f"{tmp_path / 'given'}: ")
    assert name in text
    assert advice in text
    assert "\n" not in text


def test_a_folder_cannot_be_read_as_a_file(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be read: Is a directory"):
        kind_of(tmp_path)
