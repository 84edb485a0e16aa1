"""Make WARC records of an exchange: whole gzip members, and the capture they hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from crawler.errors import WriteFailed
from crawler.items import Capture, Exchange, Failure, LeasedRequest, Lookup, SpooledBytes, is_whole_answer
from crawler.items.record_ids import new_record_id
from crawler.urls import host_of
from crawler.warc.algorithms import Algorithm, Digests, fields, measure
from crawler.warc.digest import mime_of
from crawler.warc.entity import has_entity
from crawler.warc.fetch_metadata import exchange_facts, failure_facts, tls_json
from crawler.warc.gzip_members import deflate
from crawler.warc.headers import RECORD_END, header_uri, write_date, write_head, write_timestamp

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
DNS = "dns:"
"""Scheme of the address of a look-up (RFC 4501)."""

Pairs = list[tuple[str, str]]
Block = bytes | SpooledBytes


@frozen(kw_only=True)
class Plan:
    """Form of the response record of one exchange."""

    record_id: str
    request_id: str
    original: Capture | None
    """The capture a revisit refers to; None for a response."""
    profile: str | None
    payload: Digests | None
    payload_fields: Pairs
    """The digest fields of the record."""
    block: Block
    block_digests: Digests

    @property
    def untold(self) -> str | None:
        """The payload's SHA-1, for the index, if the record tells another digest only."""
        told = [value for _, value in self.payload_fields]
        return self.payload.sha1 if self.payload and told and self.payload.sha1 not in told else None

    @property
    def other(self) -> str | None:
        """The payload's SHA-256 if the record tells it."""
        return self.payload.sha256 if self.payload and self.payload.sha256 in [value for _, value in self.payload_fields] else None


def plan(
    exchange: Exchange, *, record_id: str | None, original: Capture | None, payload: Digests | None, algorithm: Algorithm,
    chunked_digest: str,
) -> Plan:  # fmt: skip
    """Decide whether an exchange becomes a response or a revisit, and compute its digests."""
    digests = payload or measure(pieces(exchange.payload), algorithm)
    profile = _revisit_profile(exchange, original, digests)
    original = original if profile else None
    block = exchange.response.read(0, exchange.head_length) if profile == IDENTICAL else _whole(exchange.response)
    if profile == NOT_MODIFIED and original:
        known = Digests(sha1=original.payload_digest, sha256=_sha256_of(original)) if original.payload_digest else None
    else:
        known = digests if has_entity(exchange.status) else None
    told = known is not None and (original is not None or chunked_digest == "spec" or not _is_chunked(exchange))
    return Plan(
        record_id=record_id or new_id(),
        request_id=new_id(),
        original=original,
        profile=profile,
        payload=known,
        payload_fields=_payload_fields(known, original, algorithm) if known and told else [],
        block=block,
        block_digests=measure(pieces(block), algorithm),
    )


def _payload_fields(known: Digests, original: Capture | None, algorithm: Algorithm) -> Pairs:
    """The fields that tell a payload's digests.

    A revisit has to name its payload as its original does: readers find that by its digest.
    """
    by_sha1 = original is not None and _sha256_of(original) is None
    return fields("Payload", known, "both" if by_sha1 and algorithm == "sha256" else algorithm)


def _sha256_of(capture: Capture) -> str | None:
    """The SHA-256 of a payload if its record tells it."""
    written = capture.written_digest
    return written if written and written.startswith("sha256:") else None


def _revisit_profile(exchange: Exchange, original: Capture | None, digests: Digests) -> str | None:
    """The profile of the revisit that may be written, or None.

    No revisit is written of a revisit, of an answer without a payload, or of one that was cut off.
    """
    if original is None or original.revisit_of is not None or exchange.truncated or not has_entity(exchange.status):
        return None
    if exchange.status == 304:
        return NOT_MODIFIED if original.status != 304 else None
    # If both SHA-256 are known and differ, the SHA-1 was made to look the same.
    differs = digests.sha256 and _sha256_of(original) not in (None, digests.sha256)
    return IDENTICAL if len(exchange.payload) and digests.sha1 == original.payload_digest and not differs else None


class RecordBuilder:
    """Maker of the records of one file.

    Args:
        folder: Where big members are spooled.
        algorithm: As `WarcWriter` takes it.
    """

    def __init__(self, *, folder: Path, algorithm: Algorithm, part_of_site: bool = False) -> None:
        self._folder, self._algorithm, self._part_of_site = folder, algorithm, part_of_site
        self.warcinfo_id = new_id()

    def warcinfo(self, name: str, about: bytes, date: datetime) -> Block:
        """The first record of a file."""
        head = [*_first("warcinfo", self.warcinfo_id), ("WARC-Date", write_date(date))]
        return self._member([*head, ("WARC-Filename", name)], "application/warc-fields", about)

    def failure(self, failure: Failure) -> Block:
        """The metadata record of an attempt without a byte received."""
        head = [*_first("metadata", new_id()), *self._shared(failure.url, failure.date)]
        return self._member(head, "application/warc-fields", failure_facts(failure, part_of_site=self._part_of_site))

    def lookup(self, lookup: Lookup) -> Block:
        """The resource record of a name looked up (WARC 1.1 section 6.4.4)."""
        block = lookup_text(lookup)
        head = [*_first("resource", new_id()), *self._shared(f"{DNS}{lookup.host}", lookup.date)]
        # The payload of a resource record is its block.
        head += fields("Payload", measure([block], self._algorithm), self._algorithm)
        return self._member(head, "text/dns", block)

    def exchange(self, exchange: Exchange, lease: LeasedRequest, plan: Plan, *, reason: str | None, detail: str) -> list[Block]:
        """Request, facts, and last the response or revisit."""
        with_response, peer = ("WARC-Concurrent-To", f"<{plan.record_id}>"), _peer(exchange)
        shared = self._shared(exchange.url, exchange.started)
        members: list[Block] = []
        if exchange.request:
            head = [*_first("request", plan.request_id), *shared, with_response, *peer]
            members.append(self._member(head, "application/http; msgtype=request", exchange.request))
        head = [*_first("metadata", new_id()), *shared, with_response]
        untold, part = plan.untold, self._part_of_site
        facts = exchange_facts(exchange, lease, reason=reason, detail=detail, payload_digest=untold, part_of_site=part)
        members.append(self._member(head, "application/warc-fields", facts))
        head = [*_first("revisit" if plan.profile else "response", plan.record_id), *shared]
        if exchange.request:
            head.append(("WARC-Concurrent-To", f"<{plan.request_id}>"))
        head += peer
        head += self._of_response(exchange, plan)
        members.append(self._member(head, "application/http; msgtype=response", plan.block, text=exchange.head_length))
        return members

    def _shared(self, url: str, date: datetime) -> Pairs:
        """The fields that the records of one exchange share."""
        return [
            ("WARC-Date", write_date(date)),
            ("WARC-Target-URI", header_uri(url)),
            ("WARC-Warcinfo-ID", f"<{self.warcinfo_id}>"),
        ]

    def _of_response(self, exchange: Exchange, plan: Plan) -> Pairs:
        """The fields of a response or revisit that its request does not have."""
        head: Pairs = []
        if plan.original and plan.profile:
            head += [
                ("WARC-Profile", plan.profile),
                ("WARC-Refers-To", f"<{plan.original.record_id}>"),
                ("WARC-Refers-To-Target-URI", header_uri(plan.original.url)),
                ("WARC-Refers-To-Date", write_date(plan.original.date)),
            ]
        head += [*plan.payload_fields, *fields("Block", plan.block_digests, self._algorithm)]
        truncated = "length" if plan.profile == IDENTICAL else exchange.truncated
        return [*head, ("WARC-Truncated", truncated)] if truncated else head

    def _member(self, head: Pairs, content_type: str, block: Block, *, text: int = 0) -> Block:
        if head[0][1] not in ("response", "revisit"):
            head += fields("Block", measure(pieces(block), self._algorithm), self._algorithm)
        head += [("Content-Type", content_type), ("Content-Length", str(len(block)))]
        try:
            return deflate(write_head(head), block, RECORD_END, text=text, folder=self._folder)
        except OSError as error:
            raise WriteFailed(self._folder, error) from error


def lookup_text(lookup: Lookup) -> bytes:
    r"""Format a look-up as `text/dns`: date (RFC 2540), then one line an address.

    Lines as in a master file (RFC 1035, 5.1), without TTL: the system's resolver tells none.

    >>> lookup_text(Lookup(host="a.example", date=datetime(2026, 11, 28, tzinfo=UTC), addresses=("192.0.2.1", "2001:db8::1")))
    b'20261128000000\na.example.\tIN\tA\t192.0.2.1\na.example.\tIN\tAAAA\t2001:db8::1\n'
    """
    lines = [write_timestamp(lookup.date)]
    lines += [f"{lookup.host}.\tIN\t{'AAAA' if ':' in address else 'A'}\t{address}" for address in lookup.addresses]
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")


def capture(exchange: Exchange, lease: LeasedRequest, plan: Plan, *, warc: str, offset: int, length: int) -> Capture:
    """Make the capture of an exchange that has been written."""
    return Capture(
        target=lease.target.at(lease.original or exchange.url),
        record_id=plan.record_id,
        host=host_of(exchange.url),
        date=exchange.started.astimezone(UTC),
        warc=warc,
        offset=offset,
        length=length,
        method=exchange.method,
        status=exchange.status,
        mime=mime_of(exchange.headers.first("content-type")),
        payload_digest=plan.payload.sha1 if plan.payload else None,
        written_digest=plan.other,
        block_digest=plan.block_digests.sha1,
        revisit_of=plan.original.record_id if plan.original else None,
        truncated=exchange.truncated,
        cut_at=len(exchange.payload) if exchange.truncated and is_whole_answer(exchange.status) else None,
        problem=exchange.problem,
        ip=exchange.ip,
        protocol=exchange.protocol,
        tls=tls_json(exchange.tls),
        elapsed_ms=exchange.elapsed_ms,
        via=exchange.url if lease.original else None,
        memento_date=lease.memento_date if lease.original else None,
        attempt=lease.attempt,
        confirms=lease.confirms,
        etag=exchange.headers.first("etag"),
        last_modified=exchange.headers.first("last-modified"),
        record_type="revisit" if plan.original else "response",
        refers_to_url=header_uri(plan.original.url) if plan.original else None,
        refers_to_date=plan.original.date if plan.original else None,
    )


def pieces(block: Block) -> Iterable[bytes]:
    """The bytes of a block; in one piece if they are in memory."""
    if isinstance(block, bytes):
        return (block,)
    return block.chunks() if block.spooled else (block.read(),)


def new_id() -> str:
    """A record id: random, so that it tells nothing of this machine."""
    return new_record_id()


def _first(kind: str, record_id: str) -> Pairs:
    """The fields that begin every record."""
    return [("WARC-Type", kind), ("WARC-Record-ID", f"<{record_id}>")]


def _peer(exchange: Exchange) -> Pairs:
    """The fields for peer address, protocol and cipher suite."""
    pairs: Pairs = [("WARC-IP-Address", exchange.ip)] if exchange.ip else []
    pairs.append(("WARC-Protocol", exchange.protocol))
    if exchange.tls:
        # Python says TLSv1.3; WARC-Protocol says tls/1.3.
        name, _, number = exchange.tls.version.lower().partition("v")
        pairs += [("WARC-Protocol", f"{name}/{number if '.' in number else number + '.0'}"), ("WARC-Cipher-Suite", exchange.tls.cipher)]
    return pairs


def _is_chunked(exchange: Exchange) -> bool:
    return "chunked" in (exchange.headers.first("transfer-encoding") or "").lower()


def _whole(block: SpooledBytes) -> Block:
    return block if block.spooled else block.read()
