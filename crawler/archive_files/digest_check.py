"""Digests of one record computed again and compared with what is written, over every body that a writer may have meant."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import Factory, define

from crawler.archive_files.captures import form_of
from crawler.http.http1 import head_end
from crawler.warc.algorithms import SECOND
from crawler.warc.digest import algorithm_of, canonical_digest, same_digest, split_digest
from crawler.warc.entity import Entity, StoredEntity
from crawler.warc.records import Record

_Pieces = Callable[[Record], Iterator[bytes]]
_OUT_BYTES = 256 * 1024


@define
class Checked:
    """What was found out about the digests of a record."""

    faults: list[str] = Factory(list)
    unchecked: list[str] = Factory(list)
    """Why a digest could not be checked, in words."""
    meant: str | None = None
    """What the payload digest is of, where it is not of the payload: `the body with its chunk framing`."""
    payload: str | None = None
    """The payload digest as written, in canonical form, where it fits; else None."""


class _Check:
    """One digest to be computed again; good where nothing can be said against it."""

    def __init__(self, written: str | None) -> None:
        self.written, self.known, self.unchecked, self._hash = written or "", False, "", None
        if not written:
            return
        label, self._value = split_digest(written)
        algorithm = algorithm_of(label)
        if label and not self._value:
            self.unchecked = "it has no value"
        elif self._value and algorithm is None:
            self.unchecked = f"algorithm {label[:40]}" if label else "no algorithm is named"
        elif self._value and algorithm:
            self.known = True
            self._hash = hashlib.sha1(usedforsecurity=False) if algorithm == "sha1" else hashlib.new(algorithm, usedforsecurity=False)

    def update(self, data: bytes) -> None:
        if self._hash:
            self._hash.update(data)

    @property
    def good(self) -> bool:
        return self._hash is None or same_digest(self._value, self._hash.digest())

    def fits(self, pieces: Iterable[bytes]) -> bool:
        """Whether it is the digest of other bytes; never of none, which would say nothing of the body that is there."""
        again, size = _Check(self.written), 0
        for piece in pieces:
            again.update(piece)
            size += len(piece)
        return size > 0 and again.good


def check_digests(record: Record, *, wire: bool = False) -> Checked:
    """Check block and payload digest of a record, each where it has one, in one pass where they fit.

    Args:
        wire: The record holds what crossed the wire, so that its HTTP head says what the payload is: this crawler wrote it.
    """
    found = Checked()
    block, payload = _Check(record.header("warc-block-digest")), _Check(record.header("warc-payload-digest"))
    blocks, payloads = [block, *_further(record, "warc-block-digest")], [payload, *_further(record, "warc-payload-digest")]
    for checks, what in ((blocks, "block"), (payloads, "payload")):
        found.unchecked += [f"the {what} digest was not checked: {check.unchecked}" for check in checks if check.unchecked]
    of_payload = _payload_of(record, wire=wire) if any(check.known for check in payloads) else None
    if payload.known and of_payload is None:
        if record.type != "revisit":
            found.unchecked.append("the payload digest was not checked: it is that of all segments together")
        payload = _Check(None)
    payloads = [payload, *payloads[1:]] if of_payload else [payload]
    _compute(record, blocks, payloads, of_payload)
    found.faults += [f"the block does not have its digest {check.written}" for check in blocks if not check.good]
    found.faults += [f"the payload does not have its digest {check.written}" for check in payloads[1:] if not check.good]
    if payload.known and not payload.good:
        found.meant = _other_body(record, payload) or _nothing_of(of_payload, payload)
        if found.meant is None:
            found.faults.append(f"the payload does not have its digest {payload.written}")
    if payload.known and (payload.good or found.meant):
        found.payload = canonical_digest(payload.written)
    return found


def _further(record: Record, name: str) -> list[_Check]:
    """The digests beside the first: repeated against the standard, or in a field of our own."""
    written = [*record.all(name)[1:], *record.all(name + SECOND)]
    return [_Check(value) for value in written]


def _compute(record: Record, blocks: list[_Check], payloads: list[_Check], of_payload: _Payload | None) -> None:
    blocks, payloads = [check for check in blocks if check.known], [check for check in payloads if check.known and of_payload]
    if not blocks and not payloads:
        return
    for chunk in record.chunks():
        for check in blocks:
            check.update(chunk)
        if payloads and of_payload:
            part = of_payload.feed(chunk)
            for check in payloads:
                check.update(part)
    if payloads and of_payload:
        rest = of_payload.rest()
        for check in payloads:
            check.update(rest)


class _Block:
    """The payload of a record without a head: its block."""

    def feed(self, data: bytes) -> bytes:
        return data

    def rest(self) -> bytes:
        return b""


class _Request:
    """The payload of a request: what is behind its head."""

    def __init__(self) -> None:
        self._buffer: bytearray | None = bytearray()

    def feed(self, data: bytes) -> bytes:
        if self._buffer is None:
            return data
        self._buffer += data
        end = head_end(self._buffer)
        if end < 0:
            return b""
        body, self._buffer = bytes(self._buffer[end:]), None
        return body

    def rest(self) -> bytes:
        return b""


_Payload = Entity | StoredEntity | _Request | _Block


def _payload_of(record: Record, *, wire: bool) -> _Payload | None:
    """What takes the payload out of a block; None where the record does not hold it (a revisit, a segment)."""
    if record.type in ("revisit", "continuation") or record.header("warc-segment-number"):
        return None
    if record.type == "request" and record.is_http:
        return _Request()
    if form_of(record) != "http":
        return _Block()
    return Entity() if wire else StoredEntity()


def _other_body(record: Record, payload: _Check) -> str | None:
    """Which other body of the record a digest is that of, in words; None where it is none."""
    if record.type == "request":
        return "the whole block" if payload.fits(record.chunks()) else None
    if form_of(record) != "http":
        return None
    return next((what for what, pieces in _BODIES.items() if payload.fits(pieces(record))), None)


def _nothing_of(entity: _Payload | None, payload: _Check) -> str | None:
    """Whether it is the digest of no bytes, which this crawler once took a body for that is chunked in name only; in words."""
    empty = isinstance(entity, Entity) and entity.unframed and _Check(payload.written).good
    return "no byte of a body that is chunked in name only" if empty else None


def _stored(record: Record) -> Iterator[bytes]:
    """All that is behind the head, as it is stored."""
    entity = StoredEntity()
    entity.feed(record.start)
    if len(record.start) == record.block_length:
        entity.rest()
    skip = entity.head_length
    for chunk in record.chunks():
        yield chunk[skip:]
        skip = max(0, skip - len(chunk))


def _of_the_wire(record: Record) -> Iterator[bytes]:
    """The body by the rules of the wire: cut at Content-Length, dechunked as far as that goes."""
    entity = Entity()
    yield from map(entity.feed, record.chunks())


def _undone(record: Record) -> Iterator[bytes]:
    """The body with gzip or deflate taken off, as far as that goes; nothing where its head names neither."""
    entity = StoredEntity()
    inflater: Any = None
    for chunk in _with_end(record, entity):
        if inflater is None and chunk:
            inflater = _inflater(entity, chunk)
            if inflater is None:
                return
        data = chunk
        try:
            while data:
                out = inflater.decompress(data, _OUT_BYTES)
                data = inflater.unconsumed_tail
                yield out
        except zlib.error:
            return


def _with_end(record: Record, entity: StoredEntity) -> Iterator[bytes]:
    yield from map(entity.feed, record.chunks())
    yield entity.rest()


def _inflater(entity: StoredEntity, start: bytes) -> Any:
    """What takes the content coding off that the head names, or None."""
    coding = (entity.head.get("content-encoding") or "").strip().lower().removeprefix("x-") if entity.head else ""
    if coding == "gzip":
        return zlib.decompressobj(31)
    if coding == "deflate":
        wrapped = len(start) > 1 and start[0] & 0x0F == 8 and (start[0] * 256 + start[1]) % 31 == 0
        return zlib.decompressobj(15 if wrapped else -15)
    return None


_BODIES: dict[str, _Pieces] = {
    "the body with its chunk framing": _stored,
    "the body as its HTTP head delimits it": _of_the_wire,
    "the body with its content coding taken off": _undone,
    "the whole block": Record.chunks,
}
