"""Make a revisit whole: a response with the payload of its original.

The head of the answer is the revisit's own. Its body is the payload of the original, in one chunk if the head says that it is chunked.
The record has an id of its own, and so have the request and metadata beside it, since they name it. A field of a response cannot tell
where it comes from (WARC 1.1 5.11 forbids WARC-Refers-To there): the metadata record does, as `wholeOf` and `payloadFrom`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import evolve, frozen

from crawler.errors import Damaged
from crawler.items import Capture, SpooledBytes
from crawler.items.record_ids import new_record_id
from crawler.subsets.record_groups import RecordGroup
from crawler.warc.algorithms import SECOND
from crawler.warc.digest import digest_of
from crawler.warc.headers import RECORD_END, bare, header_uri, write_date, write_fields
from crawler.warc.payload import entity_chunks, entity_of, form_of
from crawler.warc.records import Record
from crawler.warc.stored_entity import StoredEntity

Pairs = list[tuple[str, str]]

_OWN = frozenset(
    name.lower()
    for name in (
        "WARC-Type", "WARC-Record-ID", "WARC-Profile", "WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date",
        "WARC-Truncated", "WARC-Block-Digest", f"WARC-Block-Digest{SECOND}", "WARC-Payload-Digest",
        f"WARC-Payload-Digest{SECOND}", "WARC-Warcinfo-ID",
        "WARC-Concurrent-To", "Content-Length", "Content-Type",
    )
)  # fmt: skip
"""Fields that are not taken over from a revisit."""


@frozen(kw_only=True)
class NewRecord:
    """A record to be written: fields in order, without Content-Length, and the block."""

    fields: Pairs
    block: SpooledBytes


@frozen(kw_only=True)
class Whole:
    """The records in place of a revisit and those beside it; the response is last."""

    records: tuple[NewRecord, ...]
    capture: Capture
    """As the revisit's, of the new record."""


def make_whole(group: RecordGroup, original: Record, *, original_of: Capture, warcinfo_id: str, folder: Path) -> Whole:
    """Make the records for a revisit.

    Args:
        original: The record with the payload.
        folder: For bytes that do not fit into memory.
    Raises:
        Damaged: The original has another payload than the revisit names.
    """
    revisit, capture = group.response, group.capture
    payload = _payload(original, capture.payload_digest, folder)
    block = SpooledBytes(folder=folder)
    for piece in _message(revisit, original, payload):
        block.write(piece)
    response_id, beside = new_record_id(), (*group.before, *group.after)
    ids = {one.record_id: new_record_id() for one in beside}
    records = [_companion(one, ids, revisit.record_id, response_id, warcinfo_id) for one in beside]
    origin = _origin(revisit, original_of)
    records = [_told(one, origin) for one in records]
    if not any(one.type == "metadata" for one in beside):
        records.append(_new_metadata(revisit, response_id, origin, warcinfo_id))
    digest = digest_of(block.chunks())
    shared = [(name, value) for name, value in revisit.fields if name.lower() not in _OWN]
    fields = [
        ("WARC-Type", "response"), ("WARC-Record-ID", f"<{response_id}>"), *shared, ("WARC-Warcinfo-ID", f"<{warcinfo_id}>"),
        *(("WARC-Concurrent-To", f"<{ids[one.record_id]}>") for one in beside if one.type == "request"),
        ("WARC-Payload-Digest", digest_of(payload.chunks())), ("WARC-Block-Digest", digest),
        ("Content-Type", "application/http; msgtype=response"),
    ]  # fmt: skip
    if truncated := original.fields.first("warc-truncated"):
        fields.append(("WARC-Truncated", truncated))
    records.append(NewRecord(fields=fields, block=block))
    return Whole(
        records=tuple(records),
        capture=evolve(
            capture, record_id=response_id, record_type="response", revisit_of=None, refers_to_url=None, refers_to_date=None,
            block_digest=digest, written_id=None,
        ),
    )  # fmt: skip


def _payload(original: Record, wanted: str | None, folder: Path) -> SpooledBytes:
    """The entity body of a record, by the framing under which it has its digest."""
    for wire in (True, False):
        body = SpooledBytes(folder=folder)
        for piece in entity_chunks(original, entity_of(wire=wire)) if form_of(original) == "http" else original.chunks():
            body.write(piece)
        if wanted is None or not wanted.startswith("sha1:") or digest_of(body.chunks()) == wanted:
            return body
    raise Damaged(original.path, original.offset, f"its payload does not have the digest {wanted} that a revisit names")


def _message(revisit: Record, original: Record, payload: SpooledBytes) -> Iterator[bytes]:
    """The block: head first, then the body as the head frames it."""
    head = revisit.block() or _head(original) or b"HTTP/1.1 200 OK\r\n\r\n"
    yield head.rstrip(b"\r\n") + RECORD_END
    entity = StoredEntity()
    entity.feed(head.rstrip(b"\r\n") + RECORD_END)
    chunked = entity.head is not None and "chunked" in entity.head.fields.joined("transfer-encoding").lower()
    if chunked and len(payload):
        yield b"%x\r\n" % len(payload)
    yield from payload.chunks()
    if chunked:
        yield (b"\r\n" if len(payload) else b"") + b"0\r\n\r\n"


def _head(record: Record) -> bytes:
    """The HTTP head of a record's block; empty without one."""
    if form_of(record) != "http":
        return b""
    entity = StoredEntity()
    entity.feed(record.start)
    return record.start[: entity.head_length]


def _origin(revisit: Record, original: Capture) -> bytes:
    place = f"{original.record_id} {write_date(original.date)} {header_uri(original.via or original.url)}"
    return write_fields([("wholeOf", revisit.record_id), ("payloadFrom", place)])


def _companion(one: Record, ids: dict[str, str], old: str, new: str, warcinfo_id: str) -> NewRecord:
    """A record beside a revisit, that names the new response."""
    pairs: Pairs = [("WARC-Type", one.type), ("WARC-Record-ID", f"<{ids[one.record_id]}>")]
    digests = ("warc-block-digest", f"warc-block-digest{SECOND}".lower())
    left_out = {"warc-type", "warc-record-id", "warc-warcinfo-id", "content-length", *digests}
    for name, value in one.fields:
        if name.lower() == "warc-concurrent-to":
            named = bare(value) or ""
            pairs.append((name, f"<{new if named == old else ids.get(named, named)}>"))
        elif name.lower() not in left_out:
            pairs.append((name, value))
    block = SpooledBytes()
    for piece in one.chunks():
        block.write(piece)
    return NewRecord(fields=[*pairs, ("WARC-Warcinfo-ID", f"<{warcinfo_id}>")], block=block)


def _told(one: NewRecord, origin: bytes) -> NewRecord:
    """A record beside a revisit; metadata fields tell what the response is made of."""
    fields = dict(one.fields)
    block = one.block
    if fields["WARC-Type"] == "metadata" and (fields.get("Content-Type") or "").lower().startswith("application/warc-fields"):
        block = SpooledBytes(block.read() + origin)
    return NewRecord(fields=[*one.fields, ("WARC-Block-Digest", digest_of(block.chunks()))], block=block)


def _new_metadata(revisit: Record, response_id: str, origin: bytes, warcinfo_id: str) -> NewRecord:
    pairs: Iterable[tuple[str, str]] = (
        ("WARC-Type", "metadata"), ("WARC-Record-ID", f"<{new_record_id()}>"), ("WARC-Date", revisit.fields.first("warc-date") or ""),
        ("WARC-Target-URI", revisit.fields.first("warc-target-uri") or ""), ("WARC-Concurrent-To", f"<{response_id}>"),
        ("WARC-Warcinfo-ID", f"<{warcinfo_id}>"), ("WARC-Block-Digest", digest_of([origin])), ("Content-Type", "application/warc-fields"),
    )  # fmt: skip
    return NewRecord(fields=list(pairs), block=SpooledBytes(origin))
