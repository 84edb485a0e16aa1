"""Make captures of WARC records: response, revisit, resource or conversion, with request and facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

from attrs import evolve, field, frozen

from crawler.errors import Damaged
from crawler.http.http1 import parse_head
from crawler.items import Capture, Failure, Headers, LeasedRequest, Truncated, is_whole_answer
from crawler.urls import host_of
from crawler.warc.algorithms import SECOND
from crawler.warc.digest import canonical_digest, digest_of, mime_of
from crawler.warc.entity import has_entity
from crawler.warc.fetch_metadata import Facts, failure_of, lease_of, read_facts
from crawler.warc.headers import bare, read_date
from crawler.warc.output_file import OPEN_SUFFIX
from crawler.warc.payload import (
    MAX_PAYLOAD_BYTES,
    TYPES,
    content_type,
    entity_chunks,
    entity_of,
    fields_of,
    form_of,
    payload_of,
    read_start,
    stored_chunks,
)  # fmt: skip
from crawler.warc.records import Record
from crawler.warc.stored_entity import StoredEntity

STATUS_OF_A_COPY = 200
"""The status of a page without an HTTP head (`resource`, `conversion`, HTTP/0.9)."""

TORN: Literal["torn"] = "torn"
"""Truncation of a capture within which its file ends."""

_TRUNCATED: dict[str, Truncated] = {"length": "length", "time": "time", "disconnect": "disconnect"}
_TOKEN = re.compile(rb"^[A-Z]{1,20}(?= )")


@frozen(kw_only=True)
class Archived:
    """One capture as a reindex needs it; one failed attempt if `capture` is None."""

    lease: LeasedRequest
    capture: Capture | None = None
    failure: Failure | None = None
    """If the answer was known to be unusable when it was written."""
    headers: Headers = field(factory=Headers, converter=Headers)
    refers_to: str | None = None
    """Of a revisit: WARC-Refers-To-Target-URI, if no record id is named."""
    refers_to_date: str | None = None
    digests: tuple[str, ...] = ()
    """Every digest by which a revisit may name this payload, in the form of `canonical_digest`: the capture's own first, then the written
    one if it differs (another algorithm), then that of the body with its chunk framing, as some writers make it."""
    notes: tuple[str, ...] = ()
    """Oddities of the record: `Content-Length 648 of 1256 stored bytes`."""
    ours: bool = True
    """True if this crawler wrote the facts; else role, site and key are the reader's defaults."""
    reader_version: str | None = None
    """Readers that gave a record of another crawler its place; None if the record tells it."""
    _record: Record | None = field(default=None, eq=False)

    def payload(self, limit: int = MAX_PAYLOAD_BYTES) -> bytes | None:
        """At most `limit` bytes of the entity body, content coding kept; None without one."""
        if self._record is None or self._record.type == "revisit":
            return None
        return payload_of(self._record, limit, wire=self.ours)[1]


def passed_over(record: Record) -> str:
    """Reason in the run report for a record of which no capture is made."""
    kind = "".join(c for c in record.type if c.isalnum() or c in "-_")[:30] or "no type"
    if kind == "conversion":
        return "WARC record of type conversion without text"
    if kind in TYPES:
        return f"WARC record of type {kind} that is not of the web"
    return f"WARC record of type {kind}"


def derived_id(capture: Capture) -> str:
    """A record id in place of a missing or repeated one, derived from content.

    Args:
        capture: Its `record_id` as written, empty if there is none.
    """
    parts = (capture.record_id, capture.url, capture.date.isoformat(), capture.record_type, capture.payload_digest, capture.block_digest)
    return f"urn:uuid:{uuid5(NAMESPACE_URL, 'warc-record ' + ' '.join(map(str, parts)))}"


def warc_name(record: Record) -> str:
    """The name of a record's file once it is sealed."""
    return record.path.name.removesuffix(OPEN_SUFFIX)


def archived_of(
    response: Record, companions: Iterable[Record], site: str, key: Callable[[str], str], warcinfo_date: datetime | None
) -> Archived:
    """The capture of one record, with its request and facts.

    Raises:
        Damaged: It has no address or no date.
    """
    facts, request = _beside(companions)
    url = facts.text("url") or response.target_uri
    if not url and not facts.ours:
        raise Damaged(response.path, response.offset, f"a {response.type} record without WARC-Target-URI")
    lease = lease_of(facts, url, parse_head(request).fields)
    if not facts.ours:
        lease = evolve(lease, target=evolve(lease.target, role="page", site=site, key=key(url)))
    block = _Block(response, _method_of(request), wire=facts.ours)
    date = block.date(warcinfo_date)
    digests = block.digests(known=facts.text("payloadDigest") if facts.ours else None)
    capture = _capture(response, facts, lease, block, date, digests)
    if not capture.record_id:
        capture = evolve(capture, record_id=derived_id(capture))
    return Archived(
        lease=lease,
        capture=capture,
        failure=_failure(capture, facts),
        headers=block.fields,
        refers_to=bare(response.fields.first("warc-refers-to-target-uri")),
        refers_to_date=response.fields.first("warc-refers-to-date"),
        digests=tuple(dict.fromkeys(digests)),
        notes=() if facts.ours else tuple(block.notes),
        ours=facts.ours,
        record=response,
    )


def _beside(companions: Iterable[Record]) -> tuple[Facts, bytes]:
    """Facts and request of a capture, each from the first companion of its type."""
    beside = list(companions)
    facts = next((read_facts(c.block()) for c in beside if c.type == "metadata"), Facts(pairs={}))
    return facts, next((c.block() for c in beside if c.type == "request"), b"")


def _method_of(request: bytes) -> str:
    """The method of a request message; GET without one."""
    token = _TOKEN.match(request)
    return token[0].decode("ascii") if token else "GET"


def _failure(capture: Capture, facts: Facts) -> Failure | None:
    """The failure that our facts tell of a capture."""
    reason = facts.text("reason")
    if not facts.ours or not reason:
        return None
    return failure_of(capture, reason=reason, detail=facts.text("detail") or "", received=facts.number("bytes") or 0)


def _capture(response: Record, facts: Facts, lease: LeasedRequest, block: _Block, date: datetime, digests: list[str]) -> Capture:
    """The capture that the record's own head, its facts and its block describe."""
    capture = Capture(
        target=lease.target.at(lease.original or lease.url),
        record_id=response.record_id,
        record_type=TYPES[response.type],
        host=host_of(lease.url),
        date=date,
        warc=warc_name(response),
        offset=response.offset,
        length=response.length,
        method=block.method,
        status=block.status,
        mime=block.mime,
        payload_digest=digests[0] if digests else None,
        written_digest=digests[1] if len(digests) > 1 and digests[1] != digests[0] else None,
        problem=facts.text("problem") if facts.ours else "; ".join(block.notes) or None,
        etag=block.fields.first("etag"),
        last_modified=block.fields.first("last-modified"),
        block_digest=(not response.torn and _sha1(response.fields.first("warc-block-digest"))) or digest_of(response.chunks()),
        truncated=block.truncated,
        cut_at=sum(map(len, block.payload())) if block.truncated and is_whole_answer(block.status) else None,
        ip=response.fields.first("warc-ip-address"),
        protocol=_protocol(response),
        tls=facts.text("tls"),
        elapsed_ms=facts.number("fetchTimeMs"),
        attempt=lease.attempt,
        via=lease.url if lease.original else None,
        memento_date=lease.memento_date if lease.original else None,
        confirms=lease.confirms,
    )
    if response.type != "revisit":
        return capture
    return evolve(
        capture,
        revisit_of=bare(response.fields.first("warc-refers-to")),
        refers_to_url=bare(response.fields.first("warc-refers-to-target-uri")),
        refers_to_date=read_date(response.fields.first("warc-refers-to-date")),
    )


def _protocol(response: Record) -> str | None:
    """The first WARC-Protocol that is not of TLS, lower case."""
    protocols = (value.lower() for value in response.fields.all("warc-protocol"))
    return next((protocol for protocol in protocols if not protocol.startswith(("tls/", "ssl/"))), None)


class _Block:
    """One record's block: its HTTP head, or in place of one the record's Content-Type."""

    def __init__(self, record: Record, method: str, *, wire: bool) -> None:
        self._record, self._wire = record, wire
        self.method = method
        self._http = form_of(record) == "http"
        self._entity = entity_of(wire=wire)
        if self._http:
            read_start(record, self._entity)
        self.fields = fields_of(self._entity.head) if self._http else content_type(record)
        self.notes = self._oddities()

    def _oddities(self) -> list[str]:
        """Oddities of the block, for a record of another writer or a torn one."""
        record, entity, found = self._record, self._entity, list[str]()
        revisit = record.type == "revisit"
        if self._http and isinstance(entity, StoredEntity) and (record.block_length or not revisit):
            found += entity.notes(record.block_length, method=self.method, truncated=revisit or self.truncated is not None)
        if record.torn:
            found.append(f"the file ends within the record: {record.block_length} of {record.fields.first('content-length')} bytes")
        return found

    @property
    def truncated(self) -> Truncated | None:
        """Reason for a cut body; None for a whole one and for a revisit."""
        if self._record.type == "revisit":
            return None
        if self._record.torn:
            return TORN
        said = (self._record.fields.first("warc-truncated") or "").strip().lower()
        return _TRUNCATED.get(said, "unspecified") if said else None

    @property
    def status(self) -> int | None:
        """Status code; STATUS_OF_A_COPY for a payload without a status."""
        if self._http and (self._wire or self._entity.status is not None or self._record.type == "revisit"):
            return self._entity.status
        entity = self._entity
        nothing = isinstance(entity, StoredEntity) and entity.odd_status and entity.head_length == self._record.block_length
        return None if nothing else STATUS_OF_A_COPY

    @property
    def mime(self) -> str | None:
        """The media type."""
        return mime_of(self.fields.first("content-type"))

    def date(self, warcinfo_date: datetime | None) -> datetime:
        """Capture date: WARC-Date, else HTTP Date, else the warcinfo's; notes a substitute."""
        record = self._record
        if record.date is not None:
            return record.date
        written = f"WARC-Date {(record.fields.first('warc-date') or '(none)')[:40]!r}"
        for date, source in ((read_date(self.fields.first("date")), "HTTP Date"), (warcinfo_date, "warcinfo")):
            if date is not None and not self._wire:
                self.notes.append(f"date from {source}, {written}")
                return date
        raise Damaged(record.path, record.offset, written)

    def digests(self, *, known: str | None = None) -> list[str]:
        """The capture's payload digest, then others that name the same payload.

        Args:
            known: The SHA-1 if the record beside tells it.
        """
        names = ("warc-payload-digest", f"warc-payload-digest{SECOND}".lower())
        told = [digest for name in names if (digest := canonical_digest(self._record.fields.first(name)))]
        if self._record.torn and self._record.type != "revisit":
            return [digest_of(self.payload()), *told]
        if known and told and not self._record.torn:
            return [known, *told]
        return told if self._record.type == "revisit" else self._checked_digests(told)

    def _checked_digests(self, told: list[str]) -> list[str]:
        """Digests of a whole record with a payload; computes the SHA-1 unless written."""
        if self._http and self._wire and not has_entity(self._entity.status):
            return []
        framed = self._http and self._entity.chunked and not self._wire
        if told and _sha1(told[0]) and not framed:
            return told
        measured = [digest_of(self.payload()), *told]
        return [*measured, digest_of(stored_chunks(self._record, self._entity))] if framed else measured

    def payload(self) -> Iterable[bytes]:
        """The entity body, in pieces."""
        return entity_chunks(self._record, entity_of(wire=self._wire)) if self._http else self._record.chunks()


def _sha1(written: str | None) -> str | None:
    """A written digest in canonical form if it is a SHA-1, else None."""
    digest = canonical_digest(written)
    return digest if digest and digest.startswith("sha1:") and len(digest) == 37 else None
