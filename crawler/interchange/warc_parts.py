"""WARC files of a collection as they are at one moment, for copying."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from attrs import frozen

from crawler.collection.layout import warc_files
from crawler.index.index import Index
from crawler.subsets.outcome import LeftOut
from crawler.warc.output_file import OPEN_SUFFIX
from crawler.warc.records import Fault, scan

_PIECE_BYTES = 1024 * 1024
_ALONE = ("warcinfo", "metadata", "resource")
"""Types of records that stand by themselves: failed attempts, looked-up names."""


@frozen(kw_only=True)
class WarcPart:
    """A WARC, whole or, while it is written, its beginning."""

    name: str
    path: Path
    size: int
    """Bytes to copy."""
    sha256: str | None
    """As the index has it since it was sealed; None if it does not."""


def parts(collection: Path, index: Index) -> tuple[list[WarcPart], list[LeftOut]]:
    """The WARCs of a collection, and those that the index names and are not there."""
    known = {row["name"]: row["sha256"] for row in index.rows("SELECT name, sha256 FROM warcs")}
    found, left_out = list[WarcPart](), list[LeftOut]()
    for file in warc_files(collection):
        try:
            size = file.path.stat().st_size
            if file.path.name.endswith(OPEN_SUFFIX):
                size = _whole_records(file.path, index.reach(file.name), size)
        except OSError as error:
            left_out.append(_missing(index, file.name, error.strerror or str(error)))
            continue
        if size:
            found.append(WarcPart(name=file.name, path=file.path, size=size, sha256=known.get(file.name)))
    there = {part.name for part in found} | {one.file for one in left_out}
    names = index.rows("SELECT DISTINCT warc FROM captures WHERE state = 'ok' ORDER BY warc")
    left_out += [_missing(index, row["warc"], "no such file") for row in names if row["warc"] not in there]
    return found, left_out


def copy(part: WarcPart, out: BinaryIO) -> Iterator[int]:
    """Copy the bytes of a part; yields the size of each piece.

    Raises:
        EOFError: The file has become shorter.
    """
    left = part.size
    with part.path.open("rb") as source:
        while left:
            piece = source.read(min(_PIECE_BYTES, left))
            if not piece:
                raise EOFError(f"{left} bytes are missing at its end")
            out.write(piece)
            left -= len(piece)
            yield len(piece)


def _missing(index: Index, name: str, why: str) -> LeftOut:
    rows = index.query("SELECT count(*), min(url) FROM captures WHERE state = 'ok' AND warc = ?", [name])
    count, url = rows[0]
    return LeftOut(file=name, url=url or "", what=f"the WARC is not there ({why}): {count} captures of it are left out")


def _whole_records(path: Path, reach: int, end: int) -> int:
    """The end of the records of a file being written that are whole and known.

    Args:
        reach: Offset behind the last capture that the index has.
    """
    for found in scan(path, start=reach):
        alone = not isinstance(found, Fault) and found.type in _ALONE and not found.fields.all("warc-concurrent-to")
        if not alone or found.offset + found.length > end:
            break
        reach = found.offset + found.length
    return reach
