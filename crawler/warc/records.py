"""Walking the records of a file, each with its exact place: tolerant of origin, strict about damage, bounded in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from attrs import field, frozen

from crawler.errors import Damaged, NotAWarc
from crawler.items import CHUNK_BYTES
from crawler.warc.digest import mime_of
from crawler.warc.gzip_members import CUT, GZIP_MAGIC, HOLD_BYTES, Member, Readable, Window, inflate, members
from crawler.warc.headers import MAX_RECORD_HEAD_BYTES, RECORD_END, Fields, bare, read_date, read_head

Progress = Callable[[int], None]

_DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)
_LINE_ENDS = b"\r\n"
_MAX_LINE_ENDS = 16
_VERSION_START = re.compile(rb"WARC/\d", re.IGNORECASE)
_LOOK_BYTES = 16
_BOM = b"\xef\xbb\xbf"
_NEXT_HEAD = re.compile(rb"\n(WARC/\d{1,3}\.\d{1,3}[ \t]*\r?\n[!-9;-~]{1,60}[ \t]*:)", re.IGNORECASE)
_HEAD_LINES_BYTES = 128
_SEARCH_BYTES = 1024 * 1024
_MAX_LENGTH_ERROR = 64 * 1024
"""A Content-Length that is wrong by more is no writer's slip: the record is torn."""


@frozen(kw_only=True)
class Fault:
    """Something wrong at one place of a file."""

    path: Path
    offset: int
    what: str
    length: int = 0
    """Bytes of the file that cannot be read for it; 0 where the record itself could be."""
    unusual: bool = False
    """Whether it is a custom of the file's maker, and no damage."""


@frozen(kw_only=True, eq=False)
class Record:
    """One WARC record and where it lies."""

    path: Path
    offset: int
    """Of the record's gzip member (or of the record, where the file is not compressed)."""
    length: int
    head_length: int
    """Bytes of the record's own head, decoded."""
    fields: Fields
    block_length: int
    gzipped: bool
    start: bytes
    """The first decoded bytes of the block: all of it up to about 1 MiB."""
    torn: bool = False
    """Whether the file ends within it: the block is what there is of it."""
    _names: dict[str, str]
    type: str = field(init=False)
    """WARC-Type, lower case: `response`, `request`, ..."""
    record_id: str = field(init=False)
    """`urn:uuid:...`, without angle brackets; empty where there is none."""

    @type.default
    def _type(self) -> str:
        return self._names.get("warc-type", "").lower()

    @record_id.default
    def _record_id(self) -> str:
        return bare(self._names.get("warc-record-id")) or ""

    def header(self, name: str) -> str | None:
        """The first value of a named field, whatever its case."""
        return self._names.get(name.lower())

    def all(self, name: str) -> list[str]:
        """Every value of a named field."""
        name = name.lower()
        if name not in self._names:
            return []
        if len(self._names) == len(self.fields):
            return [self._names[name]]
        return [value for key, value in self.fields if key.lower() == name]

    @property
    def target_uri(self) -> str:
        """WARC-Target-URI, without the angle brackets some writers put around it; empty where there is none."""
        return bare(self.header("warc-target-uri")) or ""

    @property
    def date(self) -> datetime | None:
        """WARC-Date, aware UTC, or None where it cannot be read."""
        return read_date(self.header("warc-date"))

    @property
    def is_http(self) -> bool:
        """Whether the block is an HTTP message."""
        return (self.header("content-type") or "").lower().startswith("application/http")

    @property
    def mime(self) -> str | None:
        """The media type that the record's own Content-Type names, lower case."""
        return mime_of(self.header("content-type"))

    def chunks(self) -> Iterator[bytes]:
        """The block in pieces; a big one is read from the file again.

        Raises:
            Damaged: The file has changed meanwhile.
        """
        if len(self.start) == self.block_length:
            yield self.start
            return
        with self.path.open("rb") as file:
            pieces = inflate(Window(file, self.offset)) if self.gzipped else _raw(file, self.offset)
            skip, left = self.head_length, self.block_length
            try:
                for piece in pieces:
                    part = piece[skip : skip + left]
                    skip = max(0, skip - len(piece))
                    left -= len(part)
                    if part:
                        yield part
                    if not left:
                        return
            except ValueError as error:
                raise Damaged(self.path, self.offset, str(error)) from error
        raise Damaged(self.path, self.offset, "the record is shorter than it was")

    def block(self, limit: int = HOLD_BYTES) -> bytes:
        """The block's first bytes, at most `limit`."""
        if limit <= len(self.start) or len(self.start) == self.block_length:
            return self.start[:limit]
        out = bytearray()
        for chunk in self.chunks():
            out += chunk[: limit - len(out)]
            if len(out) >= limit:
                break
        return bytes(out)


def records(path: Path, *, start: int = 0) -> Iterator[Record]:
    """Every record from an offset on.

    Raises:
        NotAWarc: The file does not begin as a WARC does.
        Damaged: At the first place that is torn or bad; what lies before it has been yielded.
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
    """Every record, and in place of what cannot be read a Fault; goes on behind it with the next gzip member or head.

    A Fault of length 0 follows a record that could be read all the same.

    Args:
        torn: Give out the beginning of a record within which the file ends, too, before its Fault.
    Raises:
        NotAWarc: The file does not begin as a WARC does.
    """
    with path.open("rb") as file:
        yield from scan_file(path, file, start=start, progress=progress, torn=torn)


def scan_file(
    path: Path, file: Readable, *, start: int = 0, progress: Progress | None = None, torn: bool = False
) -> Iterator[Record | Fault]:
    """As `scan`, of a file that is open already; `path` is what its records and faults are said to lie in."""
    file.seek(0)
    kind = file.read(_LOOK_BYTES * 2).removeprefix(_BOM).lstrip(_LINE_ENDS)
    if kind.startswith(GZIP_MAGIC):
        found = _compressed(path, file, start, torn)
    elif _VERSION_START.match(kind):
        found = _plain(path, file, start, torn)
    else:
        raise NotAWarc(path, 0, "no WARC: the file is " + ("empty" if not kind else "neither gzip nor begins with WARC/"))
    for item in found:
        if progress:
            progress(item.offset + item.length)
        yield item


def _compressed(path: Path, file: Readable, start: int, torn: bool) -> Iterator[Record | Fault]:
    """Records of a file of gzip members; empty members, which some writers leave, are passed over."""
    broken: list[Fault] = []
    first, end = start == 0, file.seek(0, 2)
    for member in members(file, start):
        if not member.size and not member.fault:
            continue
        if first and not _VERSION_START.match(member.data):
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


def _from_member(path: Path, member: Member, torn: bool) -> Iterator[Record | Fault]:
    """The record in a gzip member, and what is wrong with either."""

    def fault(what: str, length: int = member.length) -> Fault:
        return Fault(path=path, offset=member.offset, what=what, length=length)

    head = read_head(member.data)
    names = _names_of(head[0]) if head else {}
    declared = _declared(names)
    if member.fault or head is None or declared is None:
        if torn and member.fault == CUT and head is not None and declared is not None and member.size > head[1]:
            block_length = min(declared, member.size - head[1])
            yield Record(
                path=path, offset=member.offset, length=member.length, head_length=head[1], fields=head[0], names=names,
                block_length=block_length, gzipped=True, start=member.data[head[1] : head[1] + block_length], torn=True,
            )  # fmt: skip
        yield fault(member.fault or ("no record head in this gzip member" if head is None else _bad_length(names)))
        return
    fields, head_length = head
    behind = member.size - head_length - declared
    block_length, rest = declared, b""
    if behind in (1, 3) and len(member.data) == member.size and (extra := _swallowed(member.data[:-behind], member.data[-behind:])):
        block_length -= extra
        behind = -extra
    elif behind < 0:
        if -behind > _MAX_LENGTH_ERROR or len(member.data) < member.size:
            yield fault(f"the record is {-behind} bytes shorter than its Content-Length {declared}")
            return
        block_length = _without_end(member.data[head_length:])
    else:
        rest = member.data[head_length + declared :].strip(_LINE_ENDS)
        if _VERSION_START.match(rest):
            yield fault(f"the gzip member goes on {behind} bytes behind Content-Length {declared}: one member must hold one record")
            return
    yield Record(
        path=path, offset=member.offset, length=member.length, head_length=head_length, fields=fields, names=names,
        block_length=block_length, gzipped=True, start=member.data[head_length : head_length + block_length],
    )  # fmt: skip
    if behind < 0:
        yield fault(f"the record is {-behind} bytes shorter than its Content-Length {declared}", 0)
    elif rest or behind > _MAX_LINE_ENDS:
        yield fault(f"the gzip member goes on {behind} bytes behind Content-Length {declared}", 0)


def _swallowed(block: bytes, behind: bytes) -> int:
    """How many bytes of the end of its record a block holds, because its length is wrong; told where a line end is cut in two."""
    return next((n for n in (1, 3) if behind == RECORD_END[n:] and block.endswith(RECORD_END[:n])), 0)


def _without_end(data: bytes) -> int:
    """Bytes of a block that the end of its record follows."""
    return len(data) - (len(RECORD_END) if data.endswith(RECORD_END) else 0)


def _names_of(fields: Fields) -> dict[str, str]:
    return {name.lower(): value for name, value in reversed(fields)}


def _declared(names: dict[str, str]) -> int | None:
    text = names.get("content-length", "")
    return int(text) if _DIGITS.fullmatch(text) else None


def _bad_length(names: dict[str, str]) -> str:
    return f"Content-Length {names.get('content-length', '(none)')[:40]!r}"


def _plain(path: Path, file: Readable, start: int, torn: bool) -> Iterator[Record | Fault]:
    """Records of a file that is not compressed; behind a bad one, on with the next line that begins a record's head."""
    end = file.seek(0, 2)
    file.seek(start)
    at = skip_line_ends(file, start + (len(_BOM) if not start and file.read(len(_BOM)) == _BOM else 0))
    while at < end:
        file.seek(at)
        head = read_head(file.read(MAX_RECORD_HEAD_BYTES))
        names = _names_of(head[0]) if head else {}
        declared = _declared(names)
        if head is None or declared is None:
            found = _next_head(file, at + 1, end)
            yield Fault(path=path, offset=at, what="no record head here" if head is None else _bad_length(names), length=found - at)
            at = found
            continue
        block_at = at + head[1]
        stop, behind, what = _block_end(file, block_at, declared, end)
        ends = Fault(path=path, offset=at, what="the file ends within this record", length=end - at) if stop > end else None
        if ends and (not torn or block_at >= end):
            yield ends
            return
        stop, behind = min(stop, end), min(behind, end)
        file.seek(block_at)
        yield Record(
            path=path, offset=at, length=behind - at, head_length=head[1], fields=head[0], names=names,
            block_length=stop - block_at, gzipped=False, start=file.read(min(stop - block_at, HOLD_BYTES)), torn=ends is not None,
        )  # fmt: skip
        if ends:
            yield ends
        if what:
            yield Fault(path=path, offset=at, what=what)
        at = behind


def _block_end(file: Readable, start: int, declared: int, end: int) -> tuple[int, int, str]:
    """Where a block ends, where the next record begins, and what is wrong with its length.

    Where the declared length leads to no record, one that begins within it shows that it is too long.
    """
    stop = start + declared
    behind = skip_line_ends(file, stop) if stop <= end else stop
    if behind == end or (behind < end and _begins_head(file, behind)):
        extra = 0
        if declared >= len(RECORD_END) and 0 < behind - stop < len(RECORD_END):
            file.seek(stop - len(RECORD_END))
            around = file.read(len(RECORD_END) + behind - stop)
            extra = _swallowed(around[: len(RECORD_END)], around[len(RECORD_END) :])
        return stop - extra, behind, f"Content-Length {declared} is {extra} bytes too long" if extra else ""
    found = _next_head(file, start, min(stop, end))
    if found >= min(stop, end):
        return stop, behind, ""
    file.seek(max(start, found - len(RECORD_END)))
    actual = start + max(0, found - start - len(RECORD_END)) + _without_end(file.read(min(len(RECORD_END), found - start)))
    return actual, found, f"Content-Length {declared}, but the next record begins {found - start} bytes behind this one's head"


def _begins_head(file: Readable, at: int) -> bool:
    file.seek(at)
    return bool(_VERSION_START.match(file.read(_LOOK_BYTES)))


def _next_head(file: Readable, start: int, end: int) -> int:
    """Where the next line from `start` on begins that a record's head may begin with, or `end`."""
    at = max(0, start - 1)
    while at < end:
        file.seek(at)
        block = file.read(min(_SEARCH_BYTES, end - at + _HEAD_LINES_BYTES))
        found = _NEXT_HEAD.search(block)
        if found:
            return min(at + found.start(1), end)
        if len(block) <= _HEAD_LINES_BYTES:
            break
        at += len(block) - _HEAD_LINES_BYTES
    return end


def skip_line_ends(file: Readable, at: int) -> int:
    """The offset behind any line ends at an offset."""
    file.seek(at)
    while ends := file.read(16):
        rest = ends.lstrip(_LINE_ENDS)
        at += len(ends) - len(rest)
        if rest:
            break
    return at


def _raw(file: BinaryIO, offset: int) -> Iterator[bytes]:
    file.seek(offset)
    while piece := file.read(CHUNK_BYTES):
        yield piece
