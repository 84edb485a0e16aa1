"""WARC files of a collection as they are at one moment, for copying."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from attrs import frozen

from crawler.collection.layout import warc_files
from crawler.index.index import Index
from crawler.interchange.capture_index import cdxj_line
from crawler.interchange.output import DigestedOutput
from crawler.storage.opening import opened
from crawler.subsets.outcome import LeftOut, Outcome, Tell
from crawler.subsets.row_numbers import RowNumbers
from crawler.subsets.selection import Selection
from crawler.subsets.sorted_lines import SortedLines
from crawler.warc.output_file import OPEN_SUFFIX
from crawler.warc.records import Fault, scan

_PIECE_BYTES = 1024 * 1024
_MEGABYTE = 1_000_000
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


def copy_all(
    collection: Path, index: Index, selection: Selection, outcome: Outcome, tell: Tell, lines: SortedLines,
    *, begin: Callable[[WarcPart], AbstractContextManager[DigestedOutput]],
) -> RowNumbers:  # fmt: skip
    """Copy every WARC of a collection, and add the index of their captures.

    Args:
        lines: Takes the CDXJ lines.
        begin: Opens the output of a part.
    Returns:
        The row numbers of the captures.
    """
    outcome.left_out += selection.lost(index)
    found, missing = parts(collection, index)
    outcome.left_out += missing
    total, done = sum(part.size for part in found) or 1, 0
    for part in found:
        with begin(part) as out:
            for size in _copy(part, out):
                done += size
                tell("MB", done // _MEGABYTE, done / total)
        if part.sha256 is not None and part.sha256 != out.sha256:
            told = f"the file has changed since it was sealed (SHA-256 {out.sha256}, not {part.sha256}): copied as it is"
            outcome.left_out.append(LeftOut(file=part.name, what=f"{told}; `scrapy verify` names what is damaged in it", damaged=True))
        outcome.counts["WARCs"] += 1
    gone = json.dumps([one.file for one in missing])
    ids = index.row_numbers(
        "SELECT id FROM captures WHERE state = 'ok' AND warc NOT IN (SELECT value FROM json_each(?)) ORDER BY id", [gone]
    )
    for capture in index.captures_at(ids):
        lines.add(cdxj_line(capture))
    outcome.counts["captures"] = len(ids)
    return RowNumbers(ids)


def _copy(part: WarcPart, out: DigestedOutput) -> Iterator[int]:
    """Copy the bytes of a part; yields the size of each piece."""
    left = part.size
    with opened(part.path) as source:
        while left:
            piece = source.read(min(_PIECE_BYTES, left))
            if not piece:
                return  # shorter than it was: its digest tells
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
