"""Walk through the records of a WARC file, with bounded memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from crawler.errors import Damaged, NotAWarc
from crawler.items import Headers
from crawler.storage.opening import opened
from crawler.warc.gzip_members import CUT, GZIP_MAGIC, HOLD_BYTES, Member, Readable, members
from crawler.warc.headers import MAX_RECORD_HEAD_BYTES, RECORD_END, read_head
from crawler.warc.record import Fault, Record
from crawler.warc.record_end import LINE_ENDS, LOOK_BYTES, VERSION_START, block_end, next_head, skip_line_ends, swallowed, without_end

__all__ = ["Fault", "Progress", "Record", "record_at", "records", "scan", "scan_file"]

Progress = Callable[[int], None]

_DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)
_MAX_LINE_ENDS = 16
_BOM = b"\xef\xbb\xbf"
_MAX_LENGTH_ERROR = 64 * 1024
"""A Content-Length that is wrong by more is no writer's slip: the record is torn."""


def records(path: Path, *, start: int = 0) -> Iterator[Record]:
    """Every record from an offset on.

    Raises:
        NotAWarc: The file does not begin as a WARC does.
        Damaged: At the first damaged place, after the records before it.
    """
    for found in scan(path, start=start):
        if isinstance(found, Fault):
            raise Damaged(path, found.offset, found.what)
        yield found


def record_at(path: Path, offset: int, *, torn: bool = False) -> Record:
    """The record whose member begins at an offset.

    Args:
        torn: As `scan`.
    Raises:
        Damaged: There is none, or it is torn or bad.
    """
    for found in scan(path, start=offset, torn=torn):
        if isinstance(found, Fault):
            raise Damaged(path, found.offset, found.what)
        return found
    raise Damaged(path, offset, "the file ends here: no record; run `scrapy verify` on the file")


def scan(path: Path, *, start: int = 0, progress: Progress | None = None, torn: bool = False) -> Iterator[Record | Fault]:
    """Every record, and a Fault for unreadable bytes up to the next member or head.

    A Fault of length 0 follows a record that could be read.

    Args:
        torn: Give out the beginning of a record within which the file ends, too, before its Fault.
    Raises:
        NotAWarc: The file does not begin as a WARC does.
    """
    with opened(path) as file:
        yield from scan_file(path, file, start=start, progress=progress, torn=torn)


def scan_file(
    path: Path, file: Readable, *, start: int = 0, progress: Progress | None = None, torn: bool = False
) -> Iterator[Record | Fault]:
    """As `scan`, for an open file; records and faults name `path`."""
    file.seek(0)
    kind = file.read(LOOK_BYTES * 2).removeprefix(_BOM).lstrip(LINE_ENDS)
    if kind.startswith(GZIP_MAGIC):
        found = _compressed(path, file, start, torn)
    elif VERSION_START.match(kind):
        found = _plain(path, file, start, torn)
    else:
        raise NotAWarc(path, 0, "no WARC: the file is " + ("empty" if not kind else "neither gzip nor begins with WARC/"))
    for item in found:
        if progress:
            progress(item.offset + item.length)
        yield item


def _compressed(path: Path, file: Readable, start: int, torn: bool) -> Iterator[Record | Fault]:
    """Records of a file of gzip members; empty members are passed over."""
    broken: list[Fault] = []
    first, end = start == 0, file.seek(0, 2)
    for member in members(file, start):
        if not member.size and not member.fault:
            continue
        if first and not VERSION_START.match(member.data):
            if member.fault is None or member.offset + member.length == end:
                raise NotAWarc(path, 0, f"no WARC: {member.fault or 'the first gzip member does not begin with WARC/'}")
            # Behind it lies a member that begins as a record does.
            broken.append(Fault(path=path, offset=member.offset, what=member.fault, length=member.length))
            continue
        first = False
        yield from broken
        broken = []
        yield from _from_member(path, member, torn)
    if first:
        raise NotAWarc(path, 0, "no WARC: its gzip members are empty")


class _Head(NamedTuple):
    """Head of one record."""

    fields: Headers
    size: int
    declared: int
    """Content-Length."""


def _head_of(data: bytes, where: str) -> _Head | str:
    """The record head at the beginning of `data`, or its fault."""
    found = read_head(data)
    if found is None:
        return f"no record head {where}"
    length = found[0].first("content-length")
    if length is None or not _DIGITS.fullmatch(length):
        return f"Content-Length {'(none)' if length is None else length[:40]!r}"
    return _Head(found[0], found[1], int(length))


def _from_member(path: Path, member: Member, torn: bool) -> Iterator[Record | Fault]:
    """The record in a gzip member, and the faults of either."""
    head = _head_of(member.data, "in this gzip member")
    if isinstance(head, str):
        yield Fault(path=path, offset=member.offset, what=member.fault or head, length=member.length)
        return
    block_length: int | None = None
    what = member.fault or ""
    if not member.fault:
        block_length, what = _fitted(member, head)
    elif torn and member.fault == CUT and member.size > head.size:
        block_length = min(head.declared, member.size - head.size)
    if block_length is not None:
        yield Record(
            path=path, offset=member.offset, length=member.length, head_length=head.size, fields=head.fields,
            block_length=block_length, gzipped=True, start=member.data[head.size : head.size + block_length], torn=bool(member.fault),
        )  # fmt: skip
    if what:
        readable = block_length is not None and not member.fault
        yield Fault(path=path, offset=member.offset, what=what, length=0 if readable else member.length)


def _fitted(member: Member, head: _Head) -> tuple[int | None, str]:
    """Length of the block in a whole member, None if unreadable; its fault."""
    behind = member.size - head.size - head.declared
    if behind == len(RECORD_END) and member.data.endswith(RECORD_END):
        return head.declared, ""
    held = len(member.data) == member.size
    if behind in (1, 3) and held and (extra := swallowed(member.data[:-behind], member.data[-behind:])):
        return head.declared - extra, _shorter(extra, head)
    if behind < 0:
        readable = held and -behind <= _MAX_LENGTH_ERROR
        return without_end(member.data[head.size :]) if readable else None, _shorter(-behind, head)
    rest = member.data[head.size + head.declared :].strip(LINE_ENDS)
    what = f"the gzip member goes on {behind} bytes behind Content-Length {head.declared}"
    if VERSION_START.match(rest):
        return None, f"{what}: one member must hold one record"
    return head.declared, what if rest or behind > _MAX_LINE_ENDS else ""


def _shorter(count: int, head: _Head) -> str:
    return f"the record is {count} bytes shorter than its Content-Length {head.declared}"


def _plain(path: Path, file: Readable, start: int, torn: bool) -> Iterator[Record | Fault]:
    """Records of an uncompressed file; a damaged one reaches to the next head."""
    end = file.seek(0, 2)
    file.seek(start)
    at = skip_line_ends(file, start + (len(_BOM) if not start and file.read(len(_BOM)) == _BOM else 0))
    while at < end:
        file.seek(at)
        head = _head_of(file.read(MAX_RECORD_HEAD_BYTES), "here")
        if isinstance(head, str):
            found = next_head(file, at + 1, end)
            yield Fault(path=path, offset=at, what=head, length=found - at)
            at = found
            continue
        block_at = at + head.size
        stop, behind, what = block_end(file, block_at, head.declared, end)
        ends = Fault(path=path, offset=at, what="the file ends within this record", length=end - at) if stop > end else None
        if ends and (not torn or block_at >= end):
            yield ends
            return
        stop, behind = min(stop, end), min(behind, end)
        file.seek(block_at)
        yield Record(
            path=path, offset=at, length=behind - at, head_length=head.size, fields=head.fields,
            block_length=stop - block_at, gzipped=False, start=file.read(min(stop - block_at, HOLD_BYTES)), torn=ends is not None,
        )  # fmt: skip
        if ends:
            yield ends
        if what:
            yield Fault(path=path, offset=at, what=what)
        at = behind
