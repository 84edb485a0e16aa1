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
from crawler.warc.heads import MAX_RECORD_HEAD_BYTES, Fields, bare, read_date, read_head
from crawler.warc.members import GZIP_MAGIC, HOLD_BYTES, Member, Readable, Window, inflate, members

Progress = Callable[[int], None]

_DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)
_LINE_ENDS = b"\r\n"
_MAX_LINE_ENDS = 16


@frozen(kw_only=True)
class Fault:
    """Something wrong at one place of a file."""

    path: Path
    offset: int
    what: str
    length: int = 0
    """Bytes of the file that cannot be read for it; 0 where the record itself could be."""


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


def record_at(path: Path, offset: int) -> Record:
    """The record whose member begins at an offset.

    Raises:
        Damaged: There is none, or it is torn or bad.
    """
    for record in records(path, start=offset):
        return record
    raise Damaged(path, offset, "the file ends here: no record; run `scrapy verify` on the file")


def scan(path: Path, *, start: int = 0, progress: Progress | None = None) -> Iterator[Record | Fault]:
    """Every record, and in place of what cannot be read a Fault; goes on behind it where a gzip member shows the way.

    Raises:
        NotAWarc: The file does not begin as a WARC does.
    """
    with path.open("rb") as file:
        yield from scan_file(path, file, start=start, progress=progress)


def scan_file(path: Path, file: Readable, *, start: int = 0, progress: Progress | None = None) -> Iterator[Record | Fault]:
    """As `scan`, of a file that is open already; `path` is what its records and faults are said to lie in."""
    file.seek(0)
    kind = file.read(5)
    if kind.startswith(GZIP_MAGIC):
        found: Iterator[Record | Fault] = (_from_member(path, member) for member in members(file, start))
    elif kind == b"WARC/":
        found = _plain(path, file, start)
    else:
        raise NotAWarc(path, 0, "no WARC: the file is " + ("empty" if not kind else "neither gzip nor begins with WARC/"))
    for item in found:
        if progress:
            progress(item.offset + item.length)
        yield item


def _from_member(path: Path, member: Member) -> Record | Fault:
    def fault(what: str) -> Fault:
        return Fault(path=path, offset=member.offset, what=what, length=member.length)

    if member.offset == 0 and not member.data.startswith(b"WARC/"):
        raise NotAWarc(path, 0, f"no WARC: {member.fault or 'the first gzip member does not begin with WARC/'}")
    if member.fault:
        return fault(member.fault)
    head = read_head(member.data)
    if head is None:
        return fault("no record head in this gzip member")
    fields, head_length = head
    names = _names_of(fields)
    declared = _declared(names)
    if declared is None:
        return fault(f"Content-Length {names.get('content-length', '(none)')[:40]!r}")
    behind = member.size - head_length - declared
    if behind < 0:
        return fault(f"the record is {-behind} bytes shorter than its Content-Length {declared}")
    start = member.data[head_length : head_length + declared]
    if member.data[head_length + declared :].strip(_LINE_ENDS) or behind > _MAX_LINE_ENDS:
        return fault(f"the gzip member goes on {behind} bytes behind Content-Length {declared}: one member must hold one record")
    return Record(
        path=path, offset=member.offset, length=member.length, head_length=head_length, fields=fields, names=names,
        block_length=declared, gzipped=True, start=start,
    )  # fmt: skip


def _names_of(fields: Fields) -> dict[str, str]:
    return {name.lower(): value for name, value in reversed(fields)}


def _declared(names: dict[str, str]) -> int | None:
    text = names.get("content-length", "")
    return int(text) if _DIGITS.fullmatch(text) else None


def _plain(path: Path, file: Readable, start: int) -> Iterator[Record | Fault]:
    """Records of a file that is not compressed; nothing shows the way behind a bad one."""
    end = file.seek(0, 2)
    at = _skip_line_ends(file, start)
    while at < end:
        file.seek(at)
        head = read_head(file.read(MAX_RECORD_HEAD_BYTES))
        names = _names_of(head[0]) if head else {}
        declared = _declared(names)
        if head is None or declared is None:
            yield Fault(path=path, offset=at, what="no record head here" if head is None else "no Content-Length", length=end - at)
            return
        fields, head_length = head
        if at + head_length + declared > end:
            yield Fault(path=path, offset=at, what="the file ends within this record", length=end - at)
            return
        file.seek(at + head_length)
        held = file.read(min(declared, HOLD_BYTES))
        behind = _skip_line_ends(file, at + head_length + declared)
        yield Record(
            path=path, offset=at, length=behind - at, head_length=head_length, fields=fields, names=names,
            block_length=declared, gzipped=False, start=held,
        )  # fmt: skip
        at = behind


def _skip_line_ends(file: Readable, at: int) -> int:
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
