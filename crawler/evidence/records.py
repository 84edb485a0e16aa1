"""Records of one exchange in their WARC: heads as they stand, digests measured anew."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from crawler.archive_files.captures import TORN
from crawler.archive_files.reader import of_this_crawler, record_at
from crawler.errors import ArchiveError
from crawler.evidence.archived import warc_of
from crawler.http.http1 import head_end
from crawler.storage.opening import opened
from crawler.warc.digest import digest_of
from crawler.warc.headers import bare
from crawler.warc.payload import entity_chunks, entity_of, form_of, read_start
from crawler.warc.records import Record, scan

if TYPE_CHECKING:
    from crawler.index.index import Index
    from crawler.items import Capture

SHOWN_HEAD_BYTES = 24 * 1024
"""Of a head that is shown."""
MEASURED_BYTES = 32 * 1024 * 1024
"""Of a block whose digests are measured for a page."""
_LOOKED_RECORDS = 12
_LOOKED_BYTES = 4 * 1024 * 1024
"""Around a record in which its request and facts are looked for."""
_OF_AN_EXCHANGE = ("request", "metadata", "response", "revisit", "resource", "conversion")


@frozen(kw_only=True)
class RecordFacts:
    """One WARC record: where it lies, its heads, its digests."""

    type: str
    record_id: str
    offset: int
    length: int
    gzipped: bool
    head_length: int
    """Bytes of the record's own head, decoded."""
    head: str
    """The record's own head, as it stands."""
    block_length: int
    http_head: str | None
    """Of a request or answer: its head, as it was sent."""
    http_head_length: int
    chunked: bool
    """Whether the body is framed in chunks."""
    text: str | None
    """The block of a metadata record."""
    cut: bool
    """Whether a head or text is longer than what is shown."""
    block_digest: str | None
    """As the record names it."""
    measured_block: str | None
    """Measured now, in SHA-1; None if the block is too large for that."""
    payload_digest: str | None
    """As the record names it."""
    measured_payload: str | None


def exchange_records(index: Index, path: Path, capture: Capture) -> list[RecordFacts]:
    """The records of an exchange in file order: request, facts, answer.

    Raises:
        Damaged, OSError: The answer's record cannot be read.
    """
    file = warc_of(path, capture)
    main = record_at(file, capture.offset, torn=capture.truncated == TORN)
    beside = list(_companions(index, file, capture, main))
    return [facts_of(one) for one in sorted([*beside, main], key=lambda one: one.offset)]


def _companions(index: Index, file: Path, capture: Capture, main: Record) -> Iterator[Record]:
    """Request and metadata records that belong to an answer.

    In our files they stand before it, in others also behind it.
    """
    before = index.query(
        "SELECT offset + length FROM captures WHERE warc = ? AND offset < ? ORDER BY offset DESC LIMIT 1", [capture.warc, capture.offset]
    )
    start = int(before[0][0]) if before else 0
    found = list(_around(file, main, start, main.offset)) if main.offset - start <= _LOOKED_BYTES else []
    yield from found or _around(file, main, main.offset + main.length, main.offset + main.length + _LOOKED_BYTES)


def _around(file: Path, main: Record, start: int, end: int) -> Iterator[Record]:
    try:
        for number, one in enumerate(scan(file, start=start)):
            if number >= _LOOKED_RECORDS or one.offset >= end or not isinstance(one, Record):
                return
            if one.type in ("request", "metadata") and _together(one, main):
                yield one
            elif one.type in ("response", "revisit") and one.offset > main.offset:
                return
    except (ArchiveError, OSError):
        return  # what is damaged beside a record does not hide the record


def _together(one: Record, main: Record) -> bool:
    named = {bare(value) for value in one.fields.all("warc-concurrent-to")}
    named_by = {bare(value) for value in main.fields.all("warc-concurrent-to")}
    return main.record_id in named or one.record_id in named_by


def facts_of(record: Record) -> RecordFacts:
    """Facts of a record, as it says them and as its bytes do."""
    head = raw_head(record)
    http = record.is_http or form_of(record) == "http" or record.type == "request"
    at = max(0, head_end(record.start[: 1024 * 1024])) if http else 0
    wire = of_this_crawler(record)
    entity = entity_of(wire=wire)
    read_start(record, entity)
    small = record.block_length <= MEASURED_BYTES
    answer = small and http and record.type == "response"
    return RecordFacts(
        type=record.type, record_id=record.record_id, offset=record.offset, length=record.length, gzipped=record.gzipped,
        head_length=record.head_length, head=_text(head[:SHOWN_HEAD_BYTES]), block_length=record.block_length,
        http_head=_text(record.start[: min(at, SHOWN_HEAD_BYTES)]) if at else None, http_head_length=at,
        chunked=record.type == "response" and entity.chunked,
        text=_text(record.start[:SHOWN_HEAD_BYTES]) if record.type == "metadata" else None,
        cut=len(head) > SHOWN_HEAD_BYTES or at > SHOWN_HEAD_BYTES or (record.type == "metadata" and record.block_length > SHOWN_HEAD_BYTES),
        block_digest=record.fields.first("warc-block-digest"), measured_block=digest_of(record.chunks()) if small else None,
        payload_digest=record.fields.first("warc-payload-digest"),
        measured_payload=digest_of(entity_chunks(record, entity_of(wire=wire))) if answer else None,
    )  # fmt: skip


def raw_head(record: Record) -> bytes:
    """The bytes of a record's own head, up to its blank line."""
    with opened(record.path) as file:
        file.seek(record.offset)
        if not record.gzipped:
            return file.read(record.head_length)
        inflater, out = zlib.decompressobj(31), b""
        while len(out) < record.head_length and (piece := file.read(16 * 1024)):
            out += inflater.decompress(piece, record.head_length - len(out))
        return out


def _text(data: bytes) -> str:
    """Bytes of a head as text: UTF-8 where they are, else a letter a byte."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
