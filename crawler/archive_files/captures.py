"""Captures made of WARC records: a response, revisit, resource or conversion with what lies beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from attrs import evolve, field, frozen

from crawler.errors import Damaged
from crawler.http.http1 import MAX_HEADER_COUNT, Head, parse_head
from crawler.items import Capture, Failure, Lease, RecordType, Truncated, is_whole_answer
from crawler.urls import host_of
from crawler.warc.algorithms import SECOND
from crawler.warc.digest import canonical_digest, digest_of, digests, mime_of
from crawler.warc.entity import Entity, StoredEntity, has_entity
from crawler.warc.fetch_metadata import Facts, failure_of, lease_of, read_facts
from crawler.warc.headers import bare, read_date
from crawler.warc.output_file import OPEN_SUFFIX
from crawler.warc.records import Record

MAX_PAYLOAD_BYTES = 64 * 1024 * 1024
WEB_SCHEMES = ("http", "https", "ftp", "ftps", "gopher")
STATUS_OF_A_COPY = 200
"""What stands for the status where a record holds a page and no HTTP head (`resource`, `conversion`, HTTP/0.9)."""

TORN: Literal["torn"] = "torn"
"""Of a capture of which its file holds the beginning only."""

Form = Literal["http", "block"]
Headers = tuple[tuple[str, str], ...]

_TRUNCATED: dict[str, Truncated] = {"length": "length", "time": "time", "disconnect": "disconnect"}
_TYPES: dict[str, RecordType] = {"response": "response", "revisit": "revisit", "resource": "resource", "conversion": "conversion"}
_TOKEN = re.compile(rb"^[A-Z]{1,20}(?= )")
_STATUS_LINE_START = re.compile(rb"[\r\n]{0,8}(?:HTTP(?:/[^ \t\r\n]{0,20})?|ICY)[ \t]+\d{3}", re.IGNORECASE)


@frozen(kw_only=True)
class Archived:
    """One capture as a rebuild needs it, or (capture None) one attempt of which no byte came."""

    lease: Lease
    capture: Capture | None = None
    failure: Failure | None = None
    """Where the answer was known to be unusable when it was written."""
    headers: Headers = ()
    refers_to: str | None = None
    """Of a revisit: WARC-Refers-To-Target-URI, for files that name no record id."""
    refers_to_date: str | None = None
    digests: tuple[str, ...] = ()
    """Every digest by which a revisit may name this payload, in the form of `canonical_digest`: the capture's own first, then the written
    one where it differs (another algorithm), then that of the body with its chunk framing, as some writers make it."""
    notes: tuple[str, ...] = ()
    """What is odd about the record and was coped with: `Content-Length 648 of 1256 stored bytes`."""
    ours: bool = True
    """Whether this crawler wrote the facts; else role, site and key are the reader's defaults."""
    reader_version: str | None = None
    """By which readers a record of another crawler was given its place; None where the record tells it itself."""
    _record: Record | None = field(default=None, eq=False)

    def payload(self, limit: int = MAX_PAYLOAD_BYTES) -> bytes | None:
        """The entity body, at most `limit` bytes, content coding kept; None for a revisit and where nothing came."""
        if self._record is None or self._record.type == "revisit":
            return None
        return payload_of(self._record, limit, wire=self.ours)[1]


def form_of(record: Record) -> Form | None:
    """What a record's block is to a reader of captures: an HTTP message, the payload itself, or nothing to make a capture of."""
    if record.type not in _TYPES:
        return None
    if record.is_http and record.type != "conversion":
        return "http"
    scheme = scheme_of(record.target_uri)
    if record.type in ("response", "resource") and begins_http(record.start):
        return "http"
    if scheme not in WEB_SCHEMES or record.mime == "application/warc-fields":
        return None
    if record.type == "revisit":
        return "http"
    if record.type == "conversion":
        return "block" if (record.mime or "").startswith("text/") else None
    return "block"


def begins_http(start: bytes) -> bool:
    """Whether a block begins with the status line of an answer."""
    return _STATUS_LINE_START.match(start) is not None


def scheme_of(url: str) -> str:
    """The scheme of an address, lower case; empty where it has none."""
    try:
        return urlsplit(url).scheme.lower()
    except ValueError:
        return ""


def passed_over(record: Record) -> str:
    """Why no capture is made of a record, in words for the run report."""
    kind = "".join(c for c in record.type if c.isalnum() or c in "-_")[:30] or "no type"
    if kind == "conversion":
        return "WARC record of type conversion without text"
    if kind in _TYPES:
        return f"WARC record of type {kind} that is not of the web"
    return f"WARC record of type {kind}"


def payload_of(record: Record, limit: int = MAX_PAYLOAD_BYTES, *, wire: bool = False) -> tuple[Headers, bytes]:
    """Headers and the first `limit` bytes of the payload of a record.

    Args:
        wire: The record is of this crawler: its framing is that of the wire.
    """
    if form_of(record) == "block":
        return _content_type(record), record.block(limit)
    entity, out = _entity(wire), bytearray()
    for chunk in record.chunks():
        out += entity.feed(chunk)[: limit - len(out)]
        if len(out) >= limit:
            break
    else:
        out += entity.rest()[: limit - len(out)]
    return fields_of(entity.head), bytes(out)


def digests_of(record: Record, algorithms: Iterable[str]) -> set[str]:
    """Digests of the payload of a record, and of a chunked one as it is stored, in the form of `canonical_digest`.

    Args:
        algorithms: Names that `hashlib` knows.
    """
    names, look = list(algorithms), _Look(record, "GET", wire=False)
    bodies = [look.payload()]
    if form_of(record) == "http" and look.chunked:
        bodies.append(look.stored())
    return {digest for body in bodies for digest in digests(names, body)}


def head_of(record: Record) -> tuple[int | None, Headers]:
    """Status and fields of the HTTP head that a record holds itself, as a revisit may; without one None and no fields."""
    entity = StoredEntity()
    entity.feed(record.start)
    if len(record.start) == record.block_length:
        entity.rest()
    return entity.status, fields_of(entity.head)


def derived_id(capture: Capture) -> str:
    """The record id that stands for one that is missing or used twice: made of what the record holds, so that it is the same in any file.

    Args:
        capture: Its `record_id` as written, empty where there is none.
    """
    parts = (capture.record_id, capture.url, capture.date.isoformat(), capture.record_type, capture.payload_digest, capture.block_digest)
    return f"urn:uuid:{uuid5(NAMESPACE_URL, 'warc-record ' + ' '.join(map(str, parts)))}"


def warc_name(record: Record) -> str:
    """The name of a record's file once it is sealed."""
    return record.path.name.removesuffix(OPEN_SUFFIX)


def archived_of(
    response: Record, companions: Iterable[Record], site: str, key: Callable[[str], str], warcinfo_date: datetime | None
) -> Archived:
    """The capture that a record is, with its request and facts.

    Raises:
        Damaged: There is no address or no date for it.
    """
    beside = list(companions)
    facts = next((read_facts(c.block()) for c in beside if c.type == "metadata"), Facts(pairs={}))
    request = next((c.block() for c in beside if c.type == "request"), b"")
    token = _TOKEN.match(request)
    method = token[0].decode("ascii") if token else "GET"
    url = facts.text("url") or response.target_uri
    if not url and not facts.ours:
        raise Damaged(response.path, response.offset, f"a {response.type} record without WARC-Target-URI")
    lease = lease_of(facts, url, parse_head(request).fields)
    if not facts.ours:
        lease = evolve(lease, role="page", site=site, key=key(url))
    look = _Look(response, method, wire=facts.ours)
    date = look.date(warcinfo_date)
    digests = look.digests(known=facts.text("payloadDigest") if facts.ours else None)
    capture = _capture(response, facts, lease, look, date, digests)
    if not capture.record_id:
        capture = evolve(capture, record_id=derived_id(capture))
    reason = facts.text("reason") if facts.ours else None
    failure = reason and failure_of(capture, reason=reason, detail=facts.text("detail") or "", received=facts.number("bytes") or 0)
    return Archived(
        lease=lease,
        capture=capture,
        failure=failure or None,
        headers=look.fields,
        refers_to=bare(response.header("warc-refers-to-target-uri")),
        refers_to_date=response.header("warc-refers-to-date"),
        digests=tuple(dict.fromkeys(digests)),
        notes=() if facts.ours else tuple(look.notes),
        ours=facts.ours,
        record=response,
    )


def _capture(response: Record, facts: Facts, lease: Lease, look: _Look, date: datetime, digests: list[str]) -> Capture:
    """What the record's own head, its facts and its block say."""
    protocols = [value.lower() for value in response.all("warc-protocol")]
    revisit = response.type == "revisit"
    truncated = None if revisit else _truncated(response)
    return Capture(
        record_id=response.record_id,
        record_type=_TYPES[response.type],
        url=lease.url,
        host=host_of(lease.url),
        site=lease.site,
        date=date,
        role=lease.role,
        key=lease.key,
        warc=warc_name(response),
        offset=response.offset,
        length=response.length,
        method=look.method,
        status=look.status,
        mime=look.mime,
        payload_digest=digests[0] if digests else None,
        written_digest=digests[1] if len(digests) > 1 and digests[1] != digests[0] else None,
        problem=facts.text("problem") if facts.ours else "; ".join(look.notes) or None,
        etag=look.field("etag"),
        last_modified=look.field("last-modified"),
        block_digest=(not response.torn and _sha1(response.header("warc-block-digest"))) or digest_of(response.chunks()),
        revisit_of=bare(response.header("warc-refers-to")) if revisit else None,
        refers_to_url=bare(response.header("warc-refers-to-target-uri")) if revisit else None,
        refers_to_date=read_date(response.header("warc-refers-to-date")) if revisit else None,
        truncated=truncated,
        cut_at=sum(map(len, look.payload())) if truncated and is_whole_answer(look.status) else None,
        ip=response.header("warc-ip-address"),
        protocol=next((p for p in protocols if not p.startswith(("tls/", "ssl/"))), None),
        tls=facts.text("tls"),
        elapsed_ms=facts.number("fetchTimeMs"),
        story_id=lease.story,
        language=lease.language,
        found_on=lease.found_on,
        attempt=lease.attempt,
    )


class _Look:
    """What the block of one record says: its HTTP head, or in place of one the record's Content-Type."""

    def __init__(self, record: Record, method: str, *, wire: bool) -> None:
        self._record, self._wire = record, wire
        self.method = method
        self._http = form_of(record) == "http"
        self._entity = _entity(wire)
        self.notes: list[str] = []
        if self._http:
            self._entity.feed(record.start)
            if len(record.start) == record.block_length:
                self._entity.rest()
        self.fields = fields_of(self._entity.head) if self._http else _content_type(record)
        self._values = {name.lower(): value for name, value in reversed(self.fields)}
        if isinstance(self._entity, StoredEntity) and self._http and (record.type != "revisit" or record.block_length):
            revisit = record.type == "revisit"
            truncated = revisit or _truncated(record) is not None
            self.notes += self._entity.notes(record.block_length, method=method, truncated=truncated)
        if record.torn:
            self.notes.append(f"the file ends within the record: {record.block_length} of {record.header('content-length')} bytes")

    @property
    def status(self) -> int | None:
        """Status code; that of a copy where there is a payload and no status line, or one that tells no status."""
        if self._http and (self._wire or self._entity.status is not None or self._record.type == "revisit"):
            return self._entity.status
        entity = self._entity
        nothing = isinstance(entity, StoredEntity) and entity.odd_status and entity.head_length == self._record.block_length
        return None if nothing else STATUS_OF_A_COPY

    @property
    def mime(self) -> str | None:
        """The media type."""
        return mime_of(self._values.get("content-type"))

    def field(self, name: str) -> str | None:
        """The first value of a field, by its lower-case name."""
        return self._values.get(name)

    def date(self, warcinfo_date: datetime | None) -> datetime:
        """When it was captured: WARC-Date, else the answer's Date, else that of the file's warcinfo; what stands in is noted."""
        record = self._record
        if record.date is not None:
            return record.date
        written = f"WARC-Date {(record.header('warc-date') or '(none)')[:40]!r}"
        for date, source in ((read_date(self._values.get("date")), "HTTP Date"), (warcinfo_date, "warcinfo")):
            if date is not None and not self._wire:
                self.notes.append(f"date from {source}, {written}")
                return date
        raise Damaged(record.path, record.offset, written)

    def digests(self, *, known: str | None = None) -> list[str]:
        """The capture's payload digest, then others that name the same payload.

        Args:
            known: The SHA-1 where the record beside tells it.
        """
        names = ("warc-payload-digest", f"warc-payload-digest{SECOND}".lower())
        told = [digest for name in names if (digest := canonical_digest(self._record.header(name)))]
        if known and told and not self._record.torn:
            return [known, *told]
        if self._record.type == "revisit":
            return told
        if self._record.torn:
            return [digest_of(self.payload()), *told]
        if self._http and self._wire and not has_entity(self._entity.status):
            return []
        framed = self._http and self._entity.chunked
        if told and _sha1(told[0]) and (self._wire or not framed):
            return told
        if not framed or self._wire:
            return [digest_of(self.payload()), *told]
        return [digest_of(self.payload()), *told, digest_of(self.stored())]

    @property
    def chunked(self) -> bool:
        """Whether the body is stored with its chunk framing."""
        return bool(self._entity.chunked)

    def stored(self) -> Iterator[bytes]:
        """The body as it is stored."""
        return _body(self._record, self._entity)

    def payload(self) -> Iterator[bytes]:
        """The entity body, in pieces."""
        if not self._http:
            yield from self._record.chunks()
            return
        entity = _entity(self._wire)
        yield from map(entity.feed, self._record.chunks())
        yield entity.rest()


def _entity(wire: bool) -> Entity | StoredEntity:
    return Entity() if wire else StoredEntity()


def _body(record: Record, entity: Entity | StoredEntity) -> Iterator[bytes]:
    """The body as it is stored, chunk framing and all."""
    skip = entity.head_length if isinstance(entity, StoredEntity) else 0
    for chunk in record.chunks():
        yield chunk[skip:]
        skip = max(0, skip - len(chunk))


def _truncated(record: Record) -> Truncated | None:
    """Why the body in a record is cut off, None where it is not said to be."""
    if record.torn:
        return TORN
    said = (record.header("warc-truncated") or "").strip().lower()
    return _TRUNCATED.get(said, "unspecified") if said else None


def _content_type(record: Record) -> Headers:
    value = record.header("content-type")
    return (("Content-Type", value),) if value else ()


def fields_of(head: Head | None) -> Headers:
    """As many as the wire looks at, so that what is read live and what is read again cannot differ."""
    return head.fields[:MAX_HEADER_COUNT] if head else ()


def _sha1(written: str | None) -> str | None:
    """A written digest in its canonical form where it is a SHA-1, else None."""
    digest = canonical_digest(written)
    return digest if digest and digest.startswith("sha1:") and len(digest) == 37 else None
