"""Convert other archive files to a WARC with one gzip member a record.

ARC files, WARC.zst, and WARCs gzipped as one piece. Records of a WARC are copied byte for byte; of an ARC file each block is, under a
head that says what its URL-record line said. The same file always gives the same copy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from attrs import evolve, frozen
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from crawler.archive_files.arc import ArcRecord, walk_arc
from crawler.archive_files.formats import kind_of
from crawler.archive_files.inflate import Unpacked, unpacked
from crawler.errors import Damaged, SetupError
from crawler.formatting import one_line
from crawler.items import CHUNK_BYTES, SpooledBytes
from crawler.warc.builder import pieces
from crawler.warc.digest import digest_of
from crawler.warc.gzip_members import deflate
from crawler.warc.headers import RECORD_END, read_date, write_date, write_fields, write_head
from crawler.warc.payload import begins_http
from crawler.warc.records import Fault, Record, scan
from crawler.warc.stored_entity import StoredEntity

SOFTWARE = "news-archive-crawler (conversion)"

_CUT = b"WARC-Truncated: unspecified\r\n"
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Of a description of a file that says no date: a record needs one."""


@frozen(kw_only=True)
class Converted:
    """Result of converting a file."""

    records: int
    """Written, but for the warcinfo."""
    faults: tuple[Fault, ...] = ()
    """Damage, by its offset in the original."""
    notes: tuple[str, ...] = ()


@frozen
class _Piece:
    """One record ready to be written."""

    head: bytes
    block: SpooledBytes
    date: datetime | None = None


def convert(file: Path, target: Path) -> Converted:
    """Write a WARC with one gzip member a record, and read it back.

    Raises:
        SetupError: No record of the file could be read, or the copy could not be written; nothing is kept of the copy.
    """
    kind = kind_of(file)
    try:
        with unpacked(file, kind, folder=target.parent) as plain, plain.path.open("rb") as source:
            faults, notes = list(plain.faults), list[str]()
            of_arc = kind.startswith("arc")
            found = _arc_pieces(file, source, plain, faults, notes) if of_arc else _warc_pieces(file, source, plain, faults)
            records = _write(file, target, found)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise SetupError(f"{file}: cannot be converted: {error.strerror or error}") from error
    except Damaged as error:
        target.unlink(missing_ok=True)
        raise SetupError(f"{file}: cannot be converted: {error.what}: not replayed, nothing was changed") from error
    if not records:
        target.unlink(missing_ok=True)
        what = f": offset {faults[0].offset}: {faults[0].what}" if faults else ""
        raise SetupError(f"{file}: no record of it can be read{what}: not replayed, nothing was changed")
    return Converted(records=records, faults=tuple(sorted(faults, key=lambda fault: fault.offset)), notes=tuple(notes))


def _write(file: Path, target: Path, found: Iterable[_Piece]) -> int:
    """Write a warcinfo and the records, then read them back.

    Raises:
        Damaged: The copy does not hold the records written.
    """
    written, count = hashlib.sha256(), 0
    with target.open("wb") as out:
        for piece in found:
            if not count:
                out.writelines(_members(_warcinfo(file, piece.date), SpooledBytes(), b""))
            out.writelines(_members(piece.head, piece.block, RECORD_END))
            written.update(digest_of(pieces(piece.block)).encode())
            count += 1
    if count:
        _read_back(target, count, written.digest())
    return count


def _read_back(target: Path, count: int, written: bytes) -> None:
    """Compare the blocks of a copy with those written.

    By another reader than ours: a fault of ours may be the same in reading and writing.

    Args:
        count: Records, but for the warcinfo.
        written: SHA-256 over the labelled SHA-1 of each block.
    Raises:
        Damaged: The copy does not hold these blocks.
    """
    again, seen = hashlib.sha256(), -1
    with target.open("rb") as file:
        try:
            for record in ArchiveIterator(file, no_record_parse=True, verify_http=False):
                seen += 1
                if seen:
                    again.update(digest_of(_chunks(record.raw_stream)).encode())
        except ArchiveLoadFailed as error:
            raise Damaged(target, 0, f"the copy is bad behind record {seen}: {error}") from error
    if seen != count or again.digest() != written:
        raise Damaged(target, 0, f"the copy holds {seen} records, {count} were written, or others")


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk


def _members(head: bytes, block: SpooledBytes, tail: bytes) -> Iterator[bytes]:
    member = deflate(head, block if block.spooled else block.read(), tail)
    return iter(member.chunks() if isinstance(member, SpooledBytes) else [member])


def _warcinfo(file: Path, date: datetime | None) -> bytes:
    """The first record of the copy, head and block."""
    about = write_fields(
        [
            ("software", SOFTWARE),
            ("format", "WARC File Format 1.1"),
            ("description", one_line(f"made from {file.name}, one gzip member a record; every block as it stood there")),
        ]
    )
    fields = [
        ("WARC-Type", "warcinfo"), ("WARC-Record-ID", f"<{_id('warcinfo', file.name, date)}>"),
        ("WARC-Date", write_date(date or _UNDATED)), ("Content-Type", "application/warc-fields"),
        ("Content-Length", str(len(about))),
    ]  # fmt: skip
    return write_head(fields) + about + RECORD_END


def _id(*parts: object) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, 'converted ' + ' '.join(map(str, parts)))}"


def _warc_pieces(file: Path, source: BinaryIO, plain: Unpacked, faults: list[Fault]) -> Iterator[_Piece]:
    """Each record of a WARC as it stands; damage is noted."""
    for found in scan(plain.path, torn=True):
        if isinstance(found, Fault):
            faults.append(evolve(found, path=file, offset=plain.packed(found.offset), length=0))
            continue
        source.seek(found.offset)
        head = source.read(found.head_length)
        yield _Piece(_fitting(head, found), _block(source, found.offset + found.head_length, found.block_length), found.date)


def _fitting(head: bytes, record: Record) -> bytes:
    """The record's head, with its Content-Length corrected if the block has another length.

    A torn record gets WARC-Truncated in place of its digests.
    """
    declared = record.fields.first("content-length") or ""
    if declared.isdecimal() and int(declared) == record.block_length:
        return head
    lines = head.splitlines(keepends=True)
    untrue = (b"content-length", *((b"warc-block-digest", b"warc-payload-digest", b"warc-truncated") if record.torn else ()))
    kept = [line for line in lines if not line.lower().startswith(untrue)]
    cut = [_CUT] if record.torn else []
    return b"".join([kept[0], b"Content-Length: %d\r\n" % record.block_length, *cut, *kept[1:]])


def _block(source: BinaryIO, offset: int, length: int) -> SpooledBytes:
    block = SpooledBytes()
    source.seek(offset)
    while length:
        piece = source.read(min(CHUNK_BYTES, length))
        if not piece:
            break
        block.write(piece)
        length -= len(piece)
    return block


def _arc_pieces(file: Path, source: BinaryIO, plain: Unpacked, faults: list[Fault], notes: list[str]) -> Iterator[_Piece]:
    """Each record of an ARC file as a WARC record; damage is noted."""
    described: datetime | None = None
    for found in walk_arc(file, source, plain.seams):
        if isinstance(found, Fault):
            faults.append(evolve(found, offset=plain.packed(found.offset), length=0 if plain.seams else found.length))
            continue
        block = _block(source, found.block_offset, found.block_length)
        date = found.date or _http_date(block) or described
        if found.is_filedesc:
            described, date = found.date, date or _UNDATED
        if date is None:
            faults.append(Fault(path=file, offset=plain.packed(found.offset), what="no date to be found for this record"))
            continue
        if found.date is None and not found.is_filedesc:
            notes.append(f"offset {plain.packed(found.offset)}: the date is that of the answer or of the file, its own cannot be read")
        yield _Piece(_arc_head(found, block, date), block, date)


def _arc_head(record: ArcRecord, block: SpooledBytes, date: datetime) -> bytes:
    """The WARC head for a block of an ARC file.

    `response` if it begins with a status line, else `resource`; `metadata` for the description of the file.
    """
    http = begins_http(block.read(0, 64))
    kind = "metadata" if record.is_filedesc else "response" if http else "resource"
    block_digest = digest_of(pieces(block))
    fields = [
        ("WARC-Type", kind), ("WARC-Record-ID", f"<{_id(kind, record.printable_line, block_digest)}>"), ("WARC-Date", write_date(date)),
        ("WARC-Target-URI", record.url), ("WARC-Block-Digest", block_digest),
    ]  # fmt: skip
    if record.ip:
        fields.append(("WARC-IP-Address", record.ip))
    if record.torn:
        fields.append(("WARC-Truncated", "unspecified"))
    if kind != "metadata":
        fields.append(("WARC-Payload-Digest", digest_of(_payload(block)) if http else block_digest))
    mime = "application/http; msgtype=response" if http else record.mime or "application/octet-stream"
    return write_head([*fields, ("ARC-Header-Line", record.printable_line), ("Content-Type", mime), ("Content-Length", str(len(block)))])


def _payload(block: SpooledBytes) -> Iterator[bytes]:
    entity = StoredEntity()
    feed: Callable[[bytes], bytes] = entity.feed
    yield from map(feed, pieces(block))
    yield entity.rest()


def _http_date(block: SpooledBytes) -> datetime | None:
    entity = StoredEntity()
    entity.feed(block.read(0, CHUNK_BYTES))
    entity.rest()
    return read_date(entity.head.fields.first("date")) if entity.head else None
