"""Detect the kind of a web archive file by its content; explain refusals."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Literal

from crawler.archive_files.arc import ARC_HEAD
from crawler.archive_files.zstd import ZSTD_MAGIC, is_zstd, start_of
from crawler.errors import SetupError
from crawler.storage.opening import opened
from crawler.warc.gzip_members import GZIP_MAGIC, Window, inflate, next_member

Kind = Literal["warc", "warc.gz", "warc.zst", "arc", "arc.gz", "arc.zst", "wacz", "multi-wacz"]

START_BYTES = 64 * 1024
_VERSION_START = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]{0,16}WARC/\d", re.IGNORECASE)
_CDX = re.compile(
    rb" ?CDX [A-Za-z]( [A-Za-z])+|[^\s{]{1,2000} \d{4,17} \{|[^\s{]{1,2000} \d{14} [^\s]{1,4000} [\w/.+-]+ [\d-]+ [A-Z2-7]{32} "
)
_CDXJ_HEAD = re.compile(rb"[!@][a-z_]{2,20} [\[{\"]")
_MULTI = re.compile(rb'"profile"\s*:\s*"(?:multi-)?wacz-package"|"profile"\s*:\s*"multi-wacz')
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)", re.IGNORECASE | re.DOTALL)
_MHTML = re.compile(rb"(?:[\w-]+:[^\n]*\r?\n){0,30}?(?:MIME-Version:|Content-Type:\s*multipart/related)", re.IGNORECASE)

_PACKED = {
    b"BZh": ("bzip2", "bunzip2"), b"\xfd7zXZ\x00": ("xz", "unxz"), b"]\x00\x00": ("lzma", "unlzma"), b"LZIP": ("lzip", "`lzip -d`"),
    b"\x04\x22\x4d\x18": ("lz4", "`lz4 -d`"), b"\x1f\x9d": ("Unix compress (.Z)", "uncompress"),
    b"7z\xbc\xaf\x27\x1c": ("a 7-Zip archive", "`7z x`"),
}  # fmt: skip
"""Compressed files by their first bytes: name and tool."""
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    *((magic, name, f"unpack it with {tool} first") for magic, (name, tool) in _PACKED.items()),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"bplist00", "a Safari .webarchive (binary property list)", "it is no WARC; open the page in a browser and record it again"),
    (b"SQLite format 3\x00", "an SQLite database", "name the WARC files"),
    (b"PAR1", "a Parquet file", "name the WARC files it was made from"),
    (b"%PDF", "a PDF file", "name a web archive"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself", "fetch the file with `git lfs pull`"),
)


def kind_of(file: Path) -> Kind:
    """The kind of a file.

    Raises:
        SetupError: It cannot be opened, or is no web archive; names its kind and the next step.
    """
    try:
        with opened(file) as source:
            start = source.read(START_BYTES)
    except OSError as error:
        raise SetupError(f"{file}: cannot be read: {error.strerror or error}") from error
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(file)
    packing = ""
    if start.startswith(GZIP_MAGIC):
        packing, start = ".gz", _inflated(file)
    elif is_zstd(start):
        packing, start = ".zst", start_of(file, START_BYTES)
    if _VERSION_START.match(start):
        return "warc.gz" if packing == ".gz" else "warc.zst" if packing else "warc"
    if ARC_HEAD.match(start):
        return "arc.gz" if packing == ".gz" else "arc.zst" if packing else "arc"
    if not packing and start.lstrip().startswith(b"{") and _MULTI.search(start):
        return "multi-wacz"
    raise SetupError(f"{file}: {_refusal(start, packing)}")


def _refusal(start: bytes, packing: str) -> str:
    """The message for a file that is no web archive: its kind, and advice."""
    if not start:
        return "no WARC: " + ("nothing in it can be inflated" if packing else "the file is empty") + "; put back a copy of it"
    name, advice = _other(start)
    coat = {".gz": "gzip of ", ".zst": "zstd of "}.get(packing, "")
    return f"no WARC: {coat}{name}; {advice}"


def _other(start: bytes) -> tuple[str, str]:
    for magic, name, advice in _MAGIC:
        if start.startswith(magic):
            return name, advice
    if start.startswith((GZIP_MAGIC, ZSTD_MAGIC)):
        return "a packed file", "unpack it once first"
    if start[257:262] == b"ustar":
        return "a tar archive", "unpack it with `tar -xf` first"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _CDX.match(start.removeprefix(b"\xef\xbb\xbf")) or _CDXJ_HEAD.match(start):
        return "a CDX or CDXJ index", "an index holds no pages: name the WARC files it lists"
    if text.startswith(b"{"):
        if b'"log"' in text[:4096] and (b'"entries"' in text or b'"creator"' in text):
            return "a HAR file", "turn it into a WARC with har2warc first"
        return "a JSON file", "name a web archive"
    if text.startswith(b"<?xml") and b"<plist" in text[:1000]:
        return "a Safari .webarchive (property list)", "it is no WARC; open the page in a browser and record it again"
    if _HTML.match(start):
        return "an HTML page", "`scrapy read FILE` reads single pages"
    if _MHTML.match(start):
        return "an MHTML page", "it is no WARC; open the page in a browser and record it again"
    return "it neither is packed in a known way nor begins with WARC/ or an ARC head", "name a WARC, WARC.gz, WARC.zst, ARC, ARC.gz or WACZ"


def _zip_kind(file: Path) -> Kind:
    try:
        with opened(file) as source, zipfile.ZipFile(source) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise SetupError(f"{file}: a damaged zip file: {error}; put back a copy of it") from error
    if "datapackage.json" in names or any(re.match(r"archive/.*\.w?arc", name) for name in names):
        return "wacz"
    raise SetupError(f"{file}: a zip file, no WACZ: there is no datapackage.json in it; unpack it with unzip and name the WARC files")


def _inflated(file: Path) -> bytes:
    """The first inflated bytes of the first usable gzip member of a file."""
    at = 0
    with opened(file) as source:
        window = Window(source, 0)
        while window.take(1):
            window.give_back(1)
            at = window.at
            out = bytearray()
            try:
                for piece in inflate(window):
                    out += piece
                    if len(out) >= START_BYTES:
                        break
            except ValueError:
                window.seek(next_member(source, at + 1, lambda start: True))
            if out:
                return bytes(out)
    return b""
