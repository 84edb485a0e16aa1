"""HTTP heads and payloads in the blocks of records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal
from urllib.parse import urlsplit

from crawler.http.http1 import MAX_HEADER_COUNT, Head
from crawler.items import Headers, RecordType
from crawler.warc.digest import digests
from crawler.warc.entity import Entity
from crawler.warc.records import Record
from crawler.warc.stored_entity import StoredEntity

MAX_PAYLOAD_BYTES = 64 * 1024 * 1024
WEB_SCHEMES = ("http", "https", "ftp", "ftps", "gopher")

Form = Literal["http", "block"]

TYPES: dict[str, RecordType] = {"response": "response", "revisit": "revisit", "resource": "resource", "conversion": "conversion"}
"""WARC-Types of which captures are made."""
_STATUS_LINE_START = re.compile(rb"[\r\n]{0,8}(?:HTTP(?:/[^ \t\r\n]{0,20})?|ICY)[ \t]+\d{3}", re.IGNORECASE)


def form_of(record: Record) -> Form | None:
    """Form of a record's block: HTTP message or bare payload; None for no capture."""
    if record.type not in TYPES:
        return None
    if record.is_http and record.type != "conversion":
        return "http"
    if record.type in ("response", "resource") and begins_http(record.start):
        return "http"
    if scheme_of(record.target_uri) not in WEB_SCHEMES or record.mime == "application/warc-fields":
        return None
    if record.type == "revisit":
        return "http"
    return "block" if record.type != "conversion" or (record.mime or "").startswith("text/") else None


def begins_http(start: bytes) -> bool:
    """True if a block begins with the status line of an answer."""
    return _STATUS_LINE_START.match(start) is not None


def scheme_of(url: str) -> str:
    """The scheme of an address, lower case; empty if it has none."""
    try:
        return urlsplit(url).scheme.lower()
    except ValueError:
        return ""


def entity_of(*, wire: bool) -> Entity | StoredEntity:
    """A parser for a response block.

    Args:
        wire: The record is of this crawler: its framing is that of the wire.
    """
    return Entity() if wire else StoredEntity()


def read_start(record: Record, entity: Entity | StoredEntity) -> None:
    """Feed the beginning of a block to its parser, so that the head is known."""
    entity.feed(record.start)
    if len(record.start) == record.block_length:
        entity.rest()


def head_of(record: Record) -> tuple[int | None, Headers]:
    """Status and fields of a record's HTTP head; None and no fields without one."""
    entity = StoredEntity()
    read_start(record, entity)
    return entity.status, fields_of(entity.head)


def fields_of(head: Head | None) -> Headers:
    """The fields of a head, at most as many as the HTTP client reads."""
    return head.fields.limited(MAX_HEADER_COUNT) if head else Headers()


def content_type(record: Record) -> Headers:
    """The record's own Content-Type, for a block without an HTTP head."""
    value = record.fields.first("content-type")
    return Headers([("Content-Type", value)] if value else ())


def payload_of(record: Record, limit: int = MAX_PAYLOAD_BYTES, *, wire: bool = False) -> tuple[Headers, bytes]:
    """Headers and the first `limit` bytes of the payload of a record.

    Args:
        wire: As `entity_of`.
    """
    if form_of(record) == "block":
        return content_type(record), record.block(limit)
    entity, out = entity_of(wire=wire), bytearray()
    for piece in entity_chunks(record, entity):
        out += piece[: limit - len(out)]
        if len(out) >= limit:
            break
    return fields_of(entity.head), bytes(out)


def entity_chunks(record: Record, entity: Entity | StoredEntity) -> Iterator[bytes]:
    """The entity body of a block in pieces, by a new parser."""
    yield from map(entity.feed, record.chunks())
    yield entity.rest()


def stored_chunks(record: Record, entity: Entity | StoredEntity) -> Iterator[bytes]:
    """The body as it is stored, chunk framing included, in pieces.

    Args:
        entity: A parser that has read the head.
    """
    skip = entity.head_length if isinstance(entity, StoredEntity) else 0
    for chunk in record.chunks():
        yield chunk[skip:]
        skip = max(0, skip - len(chunk))


def digests_of(record: Record, algorithms: Iterable[str]) -> set[str]:
    """Canonical digests of the payload, and of a chunked body as it is stored.

    Args:
        algorithms: Names that `hashlib` knows.
    """
    names = list(algorithms)
    if form_of(record) != "http":
        return set(digests(names, record.chunks()))
    entity = StoredEntity()
    read_start(record, entity)
    bodies = [entity_chunks(record, StoredEntity())]
    if entity.chunked:
        bodies.append(stored_chunks(record, entity))
    return {digest for body in bodies for digest in digests(names, body)}
