"""Reading WARCs back: payloads by place, and whole files as the captures and failures they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from attrs import evolve, field, frozen

from crawler.errors import Damaged
from crawler.items import Capture, Failure, Lease, Truncated
from crawler.message import MAX_HEADER_COUNT, Head, parse_head
from crawler.urls import canonical_url, host_of
from crawler.warc.digest import Entity, digest_of, mime_of
from crawler.warc.facts import Facts, failure_of, lease_of, read_facts
from crawler.warc.heads import bare
from crawler.warc.openfile import OPEN_SUFFIX
from crawler.warc.walk import Fault, Record, record_at, records, scan

__all__ = ["Archived", "Fault", "Record", "archived", "payload_at", "payload_of", "record_at", "records", "scan"]

MAX_PAYLOAD_BYTES = 64 * 1024 * 1024

_SHA1 = re.compile(r"sha1:[A-Z2-7]{32}", re.ASCII)
_TRUNCATED: dict[str, Truncated] = {"length": "length", "time": "time", "disconnect": "disconnect"}
_TOKEN = re.compile(rb"^[A-Z]{1,20}(?= )")
_MAX_PENDING = 16


@frozen(kw_only=True)
class Archived:
    """One capture as a rebuild needs it, or (capture None) one attempt of which no byte came."""

    lease: Lease
    capture: Capture | None = None
    failure: Failure | None = None
    """Where the answer was known to be unusable when it was written."""
    headers: tuple[tuple[str, str], ...] = ()
    refers_to: str | None = None
    """Of a revisit: WARC-Refers-To-Target-URI, for files that name no record id."""
    refers_to_date: str | None = None
    ours: bool = True
    """Whether this crawler wrote the facts; else role, site and key are the reader's defaults."""
    _record: Record | None = field(default=None, eq=False)

    def payload(self, limit: int = MAX_PAYLOAD_BYTES) -> bytes | None:
        """The entity body, at most `limit` bytes, content coding kept; None for a revisit and where nothing came."""
        if self._record is None or self._record.type != "response":
            return None
        return payload_of(self._record, limit)[1]


def payload_at(path: Path, offset: int, *, limit: int = MAX_PAYLOAD_BYTES) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """HTTP headers and entity body of the response record at an offset: dechunked, content coding kept.

    Args:
        limit: Bytes of the body beyond this are left off.
    Raises:
        Damaged: There is no whole response record.
    """
    record = record_at(path, offset)
    if record.type != "response":
        raise Damaged(path, offset, f"a {record.type or 'nameless'} record, not a response: it holds no payload")
    return payload_of(record, limit)


def payload_of(record: Record, limit: int = MAX_PAYLOAD_BYTES) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """HTTP headers and the first `limit` bytes of the entity body of a response record."""
    entity, out = Entity(), bytearray()
    for chunk in record.chunks():
        out += entity.feed(chunk)[: limit - len(out)]
        if len(out) >= limit:
            break
    return _fields(entity.head), bytes(out)


def archived(
    path: Path,
    *,
    start: int = 0,
    site: str = "",
    key: Callable[[str], str] = canonical_url,
    faults: list[Fault] | None = None,
) -> Iterator[Archived]:
    """Every capture of a file in file order, and the attempts of which no byte came.

    Args:
        site, key: What stands for site and key in files without our metadata; their role is `page`.
        faults: Where given, what is torn or bad is noted there and passed over.
    Raises:
        NotAWarc, Damaged: As `records`.
    """
    noted: list[Fault] = [] if faults is None else faults
    gathering = Gathering(site=site, key=key, faults=noted)
    for found in scan(path, start=start):
        if isinstance(found, Fault):
            noted.append(found)
        else:
            yield from gathering.take(found)
        if noted and faults is None:
            break
    yield from gathering.flush()
    if noted and faults is None:
        raise Damaged(path, noted[0].offset, noted[0].what)


class Gathering:
    """Gathers the records of one exchange: in our files what accompanies a response comes before it, elsewhere also behind it.

    Args:
        faults: Where a response that cannot be made a capture of is noted.
    """

    def __init__(self, *, site: str = "", key: Callable[[str], str] = canonical_url, faults: list[Fault] | None = None) -> None:
        self._site, self._key = site, key
        self._faults: list[Fault] = [] if faults is None else faults
        self._companions: list[Record] = []
        self._response: Record | None = None

    def take(self, record: Record) -> Iterator[Archived]:
        """Take the next record in file order; hands out what is whole with it."""
        if record.type in ("response", "revisit"):
            yield from self.flush(keep=record)
            if record.is_http:
                self._response = record
                if any(_facts_beside(self._companions, record)):
                    yield from self.flush()
        elif record.type == "metadata" and not record.all("warc-concurrent-to"):
            yield from self.flush()
            yield from _failed(record)
        elif record.type in ("request", "metadata"):
            if len(self._companions) >= _MAX_PENDING or (self._response and not _together(record, self._response)):
                yield from self.flush()
            self._companions.append(record)

    def flush(self, keep: Record | None = None) -> Iterator[Archived]:
        """Hand out the response at hand, if there is one; companions of `keep` stay."""
        response, companions = self._response, self._companions
        self._response = None
        self._companions = [c for c in companions if keep is not None and _together(c, keep)]
        if response is None:
            return
        try:
            found = _archived(response, [c for c in companions if _together(c, response)], self._site, self._key)
        except Damaged as error:
            self._faults.append(Fault(path=response.path, offset=response.offset, what=error.what))
            return
        yield found


def _together(companion: Record, response: Record) -> bool:
    def names(one: Record, other: Record) -> bool:
        return any(bare(value) == other.record_id for value in one.all("warc-concurrent-to"))

    return names(companion, response) or names(response, companion)


def _facts_beside(companions: list[Record], response: Record) -> Iterator[bool]:
    return (c.type == "metadata" and _together(c, response) for c in companions)


def _failed(record: Record) -> Iterator[Archived]:
    facts = read_facts(record.block())
    reason = facts.text("reason")
    if not facts.ours or reason is None:
        return
    lease = lease_of(facts, facts.text("url") or record.target_uri)
    yield Archived(
        lease=lease,
        failure=Failure(
            url=lease.url,
            site=lease.site,
            role=lease.role,
            key=lease.key,
            date=_date(record),
            reason=reason,
            detail=facts.text("detail") or "",
            story_id=lease.story,
            language=lease.language,
            found_on=lease.found_on,
            attempt=lease.attempt,
            bytes=facts.number("bytes") or 0,
            elapsed_ms=facts.number("fetchTimeMs"),
        ),
    )


def _archived(response: Record, companions: list[Record], site: str, key: Callable[[str], str]) -> Archived:
    facts = next((read_facts(c.block()) for c in companions if c.type == "metadata"), Facts(pairs={}))
    request = next((c.block() for c in companions if c.type == "request"), b"")
    method = _TOKEN.match(request)
    url = facts.text("url") or response.target_uri
    lease = lease_of(facts, url, parse_head(request).fields)
    if not facts.ours:
        lease = evolve(lease, role="page", site=site, key=key(url))
    capture, headers = _capture(response, facts, lease, method[0].decode("ascii") if method else "GET")
    reason = facts.text("reason") if facts.ours else None
    failure = reason and failure_of(capture, reason=reason, detail=facts.text("detail") or "", received=facts.number("bytes") or 0)
    return Archived(
        lease=lease,
        capture=capture,
        failure=failure or None,
        headers=headers,
        refers_to=bare(response.header("warc-refers-to-target-uri")),
        refers_to_date=response.header("warc-refers-to-date"),
        ours=facts.ours,
        record=response,
    )


def _capture(response: Record, facts: Facts, lease: Lease, method: str) -> tuple[Capture, tuple[tuple[str, str], ...]]:
    entity = Entity()
    entity.feed(response.start)
    fields = _fields(entity.head)
    values = {name.lower(): value for name, value in reversed(fields)}
    protocols = [value.lower() for value in response.all("warc-protocol")]
    return Capture(
        record_id=response.record_id,
        url=lease.url,
        host=host_of(lease.url),
        site=lease.site,
        date=_date(response),
        role=lease.role,
        key=lease.key,
        warc=response.path.name.removesuffix(OPEN_SUFFIX),
        offset=response.offset,
        length=response.length,
        method=method,
        status=entity.status,
        mime=mime_of(values.get("content-type")),
        payload_digest=_payload_digest(response, facts, entity),
        block_digest=_known(response.header("warc-block-digest")) or digest_of(response.chunks()),
        revisit_of=bare(response.header("warc-refers-to")) if response.type == "revisit" else None,
        truncated=_TRUNCATED.get(response.header("warc-truncated") or "") if response.type == "response" else None,
        problem=facts.text("problem"),
        ip=response.header("warc-ip-address"),
        protocol=next((p for p in protocols if not p.startswith(("tls/", "ssl/"))), None),
        tls=facts.text("tls"),
        elapsed_ms=facts.number("fetchTimeMs"),
        story_id=lease.story,
        language=lease.language,
        found_on=lease.found_on,
        attempt=lease.attempt,
        etag=values.get("etag"),
        last_modified=values.get("last-modified"),
    ), fields


def _fields(head: Head | None) -> tuple[tuple[str, str], ...]:
    """As many as the wire looks at, so that what is read live and what is read again cannot differ."""
    return head.fields[:MAX_HEADER_COUNT] if head else ()


def _payload_digest(response: Record, facts: Facts, entity: Entity) -> str | None:
    """As written where that can be trusted: other writers digest the chunk framing, or write other algorithms."""
    written = _known(response.header("warc-payload-digest"))
    if response.type == "revisit":
        return written
    if entity.status is None:
        return None
    if written and (facts.ours or not entity.chunked):
        return written
    again = Entity()
    return digest_of(map(again.feed, response.chunks()))


def _known(digest: str | None) -> str | None:
    return digest if digest and _SHA1.fullmatch(digest) else None


def _date(record: Record) -> datetime:
    date = record.date
    if date is None:
        raise Damaged(record.path, record.offset, f"WARC-Date {(record.header('warc-date') or '(none)')[:40]!r}")
    return date
