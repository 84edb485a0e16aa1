"""Files of other makers that cannot be read record by record in place: ARC files, and WARCs gzipped as one piece.

A copy is written with one gzip member a record. Records of a WARC are copied byte for byte; of an ARC file, which warcio reads, the
HTTP head is written anew: the copy's warcinfo says so, and the original is the evidence to keep.
"""

from __future__ import annotations

import errno
import gzip
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from crawler.errors import ArchiveError, Damaged, NotAWarc, SetupError
from crawler.items import Bytes
from crawler.warc.heads import MAX_RECORD_HEAD_BYTES, RECORD_END, read_head
from crawler.warc.members import deflate
from crawler.warc.reader import records

_PIECE_BYTES = 16 * 1024 * 1024
_ROOM_BYTES = 256 * 1024 * 1024


def unreadable(file: Path) -> str | None:
    """Why a file cannot be read as it lies, though it may be convertible; None where it can.

    Raises:
        SetupError: It is no web archive file at all, or cannot be opened.
    """
    try:
        next(records(file), None)
    except NotAWarc as error:
        if _kind(file) != "arc":
            raise SetupError(f"{error}: not replayed, nothing was changed") from error
        return str(error)
    except Damaged as error:
        # What is damaged is read as far as it goes, and told.
        return str(error) if _one_piece(file) else None
    except OSError as error:
        raise SetupError(f"{file}: cannot be read: {error.strerror or error}") from error
    return None


def name_of(file: Path) -> str:
    """The name of a file's copy in a collection: its own, or that of the WARC it is converted to."""
    if not unreadable(file):
        return file.name
    return file.name.removesuffix(".gz").removesuffix(".warc").removesuffix(".arc") + ".warc.gz"


def convert(file: Path, target: Path) -> int:
    """Write a WARC with one gzip member a record; the number of records.

    Raises:
        SetupError: The file ends or breaks in the middle; nothing is kept of the copy.
    """
    count = 0
    try:
        with target.open("wb") as out:
            writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
            info = {"software": "news-archive-crawler", "description": f"made from {file.name}, one gzip member a record"}
            writer.write_record(writer.create_warcinfo_record(target.name.removesuffix(".part"), info))
            for _ in _arc(file, writer) if _kind(file) == "arc" else _warc(file, target.parent, out):
                count += 1
    except (ArchiveError, ArchiveLoadFailed, EOFError, OSError, ValueError, AttributeError, zlib.error) as error:
        # AttributeError: what warcio raises on a gzip member that ends too soon.
        target.unlink(missing_ok=True)
        raise SetupError(f"{file}: record {count + 1}: {error or type(error).__name__}: not replayed, nothing was changed") from error
    return count


def _arc(file: Path, writer: WARCWriter) -> Iterator[None]:
    """Write each record of an ARC file as warcio reads it."""
    with _plain(file) as source:
        for record in ArchiveIterator(source, arc2warc=True):
            writer.write_record(record)
            if getattr(record.raw_stream, "limit", 0) > 0:
                raise EOFError("the record is cut short")
            yield
        # warcio takes a broken gzip stream for the end of the file.
        source.read()


def _warc(file: Path, folder: Path, out: IO[bytes]) -> Iterator[None]:
    """Write each record of a WARC as it stands, in a gzip member of its own."""
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".warc") as plain:
        with _plain(file) as source:
            while piece := source.read(_PIECE_BYTES):
                if shutil.disk_usage(folder).free < _ROOM_BYTES:
                    raise OSError(errno.ENOSPC, "no room to inflate it")
                plain.write(piece)
        plain.flush()
        for record in records(Path(plain.name)):
            plain.seek(record.offset)
            head, block = plain.read(record.head_length), Bytes(folder=folder)
            for chunk in record.chunks():
                block.write(chunk)
            member = deflate(head, block if block.spooled else block.read(), RECORD_END)
            out.writelines(member.chunks() if isinstance(member, Bytes) else [member])
            yield


def _one_piece(file: Path) -> bool:
    """Whether one record directly follows the other, though not in a gzip member of its own."""
    try:
        with _plain(file) as source:
            found = read_head(source.read(MAX_RECORD_HEAD_BYTES))
            length = dict(found[0]).get("Content-Length", "") if found else ""
            if not found or not length.isdecimal():
                return False
            source.seek(found[1] + int(length))
            return source.read(32).lstrip(b"\r\n").startswith(b"WARC/")
    except (EOFError, OSError, OverflowError, zlib.error):
        return False


def _kind(file: Path) -> str | None:
    """`warc` or `arc`, by the first bytes: warcio would take any line of five words for an ARC record."""
    try:
        with _plain(file) as source:
            start = source.read(9)
    except (EOFError, OSError, zlib.error):
        return None
    return "warc" if start.startswith(b"WARC/") else "arc" if start == b"filedesc:" else None


def _plain(file: Path) -> IO[bytes]:
    """The file as a stream without its gzip coat: warcio refuses one that covers more than a record."""
    with file.open("rb") as start:
        coated = start.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(file)) if coated else file.open("rb")
