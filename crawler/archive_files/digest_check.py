"""Check the written digests of a record against every body a writer may have meant."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator

from attrs import Factory, define

from crawler.http.http1 import head_end
from crawler.parsers.encoding.inflate import decompressor
from crawler.warc.algorithms import SECOND
from crawler.warc.digest import algorithm_of, same_digest, split_digest
from crawler.warc.entity import Entity
from crawler.warc.payload import entity_chunks, form_of, read_start, stored_chunks
from crawler.warc.records import Record
from crawler.warc.stored_entity import StoredEntity

_Pieces = Callable[[Record], Iterator[bytes]]
_OUT_BYTES = 256 * 1024
_FIELDS = {what: (f"warc-{what}-digest", f"warc-{what}-digest{SECOND.lower()}") for what in ("block", "payload")}


@define
class Checked:
    """Result of checking the digests of one record."""

    faults: list[str] = Factory(list)
    unchecked: list[str] = Factory(list)
    """Why a digest could not be checked, in words."""
    meant: str | None = None
    """Body that the payload digest is of, if not the payload: `the body with its chunk framing`."""


class _Check:
    """One written digest, computed again; good if its algorithm is unknown.

    Args:
        further: It is not the field of the standard, but one beside it.
    """

    def __init__(self, written: str, *, further: bool = False) -> None:
        self.written, self.further = written, further
        label, self._value = split_digest(written)
        name = algorithm_of(label)
        self.unchecked = ""
        self._hash = None
        if not self._value:
            self.unchecked = "it has no value" if label else ""
        elif name is None:
            self.unchecked = f"algorithm {label[:40]}" if label else "no algorithm is named"
        else:
            self._hash = hashlib.sha1(usedforsecurity=False) if name == "sha1" else hashlib.new(name, usedforsecurity=False)

    @property
    def known(self) -> bool:
        """True if there is a value by an algorithm that can be computed."""
        return self._hash is not None

    def update(self, data: bytes) -> None:
        """Digest the next bytes."""
        if self._hash:
            self._hash.update(data)

    @property
    def good(self) -> bool:
        """True if the bytes so far have this digest."""
        return self._hash is None or same_digest(self._value, self._hash.digest())

    def fits(self, pieces: Iterable[bytes]) -> bool:
        """True if it is the digest of other bytes; False if there are none."""
        again, size = _Check(self.written), 0
        for piece in pieces:
            again.update(piece)
            size += len(piece)
        return size > 0 and again.good


def check_digests(record: Record, *, wire: bool = False) -> Checked:
    """Check block and payload digests of a record, in one pass if they fit.

    Args:
        wire: The record holds the bytes of the wire (this crawler wrote it), so that its HTTP head delimits the payload.
    """
    found = Checked()
    blocks, payloads = _checks(record, "block", found), _checks(record, "payload", found)
    body = _payload_of(record, wire=wire) if payloads else None
    if payloads and body is None:
        if record.type != "revisit" and any(not check.further for check in payloads):
            found.unchecked.append("the payload digest was not checked: it is that of all segments together")
        payloads = []
    _compute(record, blocks, payloads, body)
    found.faults += [f"the block does not have its digest {check.written}" for check in blocks if not check.good]
    if wrong := [check for check in payloads if not check.good]:
        _explain(record, sorted(wrong, key=lambda check: not check.further), body, found)
    return found


def _explain(record: Record, wrong: list[_Check], body: _Payload | None, found: Checked) -> None:
    """Note wrong payload digests, but for a first one that is of another body."""
    for check in wrong:
        if not check.further:
            found.meant = _other_body(record, check) or _nothing_of(body, check)
        if check.further or found.meant is None:
            found.faults.append(f"the payload does not have its digest {check.written}")


def _checks(record: Record, what: str, found: Checked) -> list[_Check]:
    """The digests of block or payload that can be checked; the others are noted.

    Further ones are repeated against the standard, or stand in a field of this crawler.
    """
    name, second = _FIELDS[what]
    checks = [_Check(value, further=at > 0) for at, value in enumerate(record.fields.all(name))]
    checks += [_Check(value, further=True) for value in record.fields.all(second)]
    found.unchecked += [f"the {what} digest was not checked: {check.unchecked}" for check in checks if check.unchecked]
    return [check for check in checks if check.known]


def _compute(record: Record, blocks: list[_Check], payloads: list[_Check], body: _Payload | None) -> None:
    """Read the block once and digest block and payload."""
    if not blocks and body is None:
        return
    for chunk in record.chunks():
        for check in blocks:
            check.update(chunk)
        if body is not None:
            part = body.feed(chunk)
            for check in payloads:
                check.update(part)
    if body is not None:
        rest = body.rest()
        for check in payloads:
            check.update(rest)


class _Block:
    """Payload parser for a record without a head: its block."""

    def feed(self, data: bytes) -> bytes:
        return data

    def rest(self) -> bytes:
        return b""


class _Request:
    """Payload parser for a request: the bytes behind its head."""

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
    """The payload parser for a record; None for a revisit or segment."""
    if record.type in ("revisit", "continuation") or record.fields.first("warc-segment-number"):
        return None
    if record.type == "request" and record.is_http:
        return _Request()
    if form_of(record) != "http":
        return _Block()
    return Entity() if wire else StoredEntity()


def _other_body(record: Record, payload: _Check) -> str | None:
    """The other body of the record that a digest is of, in words, or None."""
    if record.type == "request":
        return "the whole block" if payload.fits(record.chunks()) else None
    if form_of(record) != "http":
        return None
    return next((what for what, pieces in _BODIES.items() if payload.fits(pieces(record))), None)


def _nothing_of(entity: _Payload | None, payload: _Check) -> str | None:
    """In words, a digest of no bytes for a body chunked in name only.

    An earlier release of this crawler took such a body for empty.
    """
    empty = isinstance(entity, Entity) and entity.unframed and _Check(payload.written).good
    return "no byte of a body that is chunked in name only" if empty else None


def _stored(record: Record) -> Iterator[bytes]:
    """The body as it is stored."""
    entity = StoredEntity()
    read_start(record, entity)
    return stored_chunks(record, entity)


def _of_the_wire(record: Record) -> Iterator[bytes]:
    """The body by its HTTP head: cut at Content-Length, dechunked up to a fault."""
    return entity_chunks(record, Entity())


def _undone(record: Record) -> Iterator[bytes]:
    """The body without its gzip or deflate coding, up to damage; nothing without a coding."""
    entity, inflater = StoredEntity(), None
    for chunk in entity_chunks(record, entity):
        if inflater is None and chunk:
            inflater = decompressor(_coding(entity), chunk)
        if inflater is None:
            continue
        data = chunk
        try:
            while data:
                yield inflater.decompress(data, _OUT_BYTES)
                data = inflater.unconsumed_tail
        except zlib.error:
            return


def _coding(entity: StoredEntity) -> str:
    """The content coding of a head; empty without one."""
    return (entity.head.fields.first("content-encoding") or "").strip().lower().removeprefix("x-") if entity.head else ""


_BODIES: dict[str, _Pieces] = {
    "the body with its chunk framing": _stored,
    "the body as its HTTP head delimits it": _of_the_wire,
    "the body with its content coding taken off": _undone,
    "the whole block": Record.chunks,
}
