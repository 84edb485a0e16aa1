"""Files of other makers that cannot be read record by record in place: ARC files, and WARCs gzipped as one piece.

warcio reads them; a copy is written with one gzip member a record. Of an ARC file, warcio writes the HTTP head anew: the
copy's warcinfo says so, and the original is the evidence to keep.
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import IO, cast

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from crawler.errors import ArchiveError, SetupError
from crawler.warc.reader import records


def unreadable(file: Path) -> str | None:
    """Why a file cannot be read as it lies, though it may be convertible; None where it can.

    Raises:
        SetupError: It is no web archive file at all, or cannot be opened.
    """
    try:
        next(records(file), None)
    except ArchiveError as error:
        if not _kind(file):
            raise SetupError(f"{error}: not replayed, nothing was changed") from error
        return str(error)
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
        with _plain(file) as source, target.open("wb") as out:
            writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
            info = {"software": "news-archive-crawler", "description": f"converted from {file.name} by warcio"}
            writer.write_record(writer.create_warcinfo_record(target.name.removesuffix(".part"), info))
            for record in ArchiveIterator(source, arc2warc=_kind(file) == "arc"):
                writer.write_record(record)
                if getattr(record.raw_stream, "limit", 0) > 0:
                    raise EOFError("the record is cut short")
                count += 1
            # warcio takes a broken gzip stream for the end of the file.
            source.read()
    except (ArchiveLoadFailed, EOFError, OSError, ValueError, AttributeError, zlib.error) as error:
        # AttributeError: what warcio raises on a gzip member that ends too soon.
        target.unlink(missing_ok=True)
        raise SetupError(f"{file}: record {count + 1}: {error or type(error).__name__}: not replayed, nothing was changed") from error
    return count


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
