"""Fixity: every gzip member, every length, every digest, every pair, every revisit's target; nothing here raises for damage."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from attrs import Factory, define, frozen

from crawler.errors import NotAWarc
from crawler.warc.digest import Entity, same_digest
from crawler.warc.heads import bare
from crawler.warc.members import Digesting
from crawler.warc.walk import Fault, Progress, Record, scan_file

__all__ = ["Fault", "FileReport", "Ledger", "Place", "verify_file"]

_ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512, "md5": hashlib.md5}


@frozen
class Place:
    """Where a response or revisit record lies, and the digest it names."""

    offset: int
    length: int
    digest: str | None


@define
class FileReport:
    """What was found in one file."""

    path: Path
    members: int = 0
    records: int = 0
    bytes: int = 0
    faults: list[Fault] = Factory(list)
    notes: list[str] = Factory(list)
    """What is no fault but should be known."""
    captures: dict[str, Place] = Factory(dict)
    """Every response and revisit of HTTP, by record id."""
    growing: bool = False
    """Whether somebody is writing it."""
    sha256: str = ""
    """Of the whole file, lower-case hex."""

    def fault(self, offset: int, what: str, length: int = 0) -> None:
        """Note a fault of this file."""
        self.faults.append(Fault(path=self.path, offset=offset, what=what, length=length))


class Ledger:
    """Remembers across files which records revisits may refer to."""

    def __init__(self) -> None:
        # Hashes, not ids: a collection may hold millions.
        self._responses: set[int] = set()
        self._revisits: set[int] = set()
        self._wanted: list[tuple[Path, int, str]] = []

    def note(self, record: Record) -> None:
        """Take note of a response or revisit."""
        (self._revisits if record.type == "revisit" else self._responses).add(hash(record.record_id))
        target = bare(record.header("warc-refers-to"))
        if record.type == "revisit" and target:
            self._wanted.append((record.path, record.offset, target))

    def faults(self) -> list[Fault]:
        """Revisits that refer to a revisit, among all files noted."""
        return [
            Fault(path=path, offset=offset, what=f"revisit of {target}, which is a revisit itself")
            for path, offset, target in self._wanted
            if hash(target) in self._revisits
        ]

    def unresolved(self) -> list[Fault]:
        """Revisits that refer to a record in none of the files noted: a fault where these are all there are."""
        known = self._responses | self._revisits
        return [
            Fault(path=path, offset=offset, what=f"revisit of {target}, which is in none of these files")
            for path, offset, target in self._wanted
            if hash(target) not in known
        ]


def verify_file(path: Path, progress: Progress | None = None, *, ledger: Ledger | None = None) -> FileReport:
    """Look at every byte of one file.

    Args:
        progress: Called with the offset reached.
        ledger: Notes what revisits refer to; ask it for faults when all files have been seen.
    Raises:
        OSError: The file cannot be opened or read.
    """
    report = FileReport(path=path)
    with path.open("rb") as file:
        report.bytes = os.fstat(file.fileno()).st_size
        whole = Digesting(file)
        try:
            framing = _verify_records(scan_file(path, whole, progress=progress), report, ledger)
        except NotAWarc as error:
            report.fault(error.offset, error.what, report.bytes)
            framing = 0
        report.sha256 = whole.sha256()
    if framing:
        report.notes.append(f"{framing} payload digests include the chunk framing, as some writers make them")
    report.faults.sort(key=lambda fault: fault.offset)
    return report


def _verify_records(found: Iterable[Record | Fault], report: FileReport, ledger: Ledger | None) -> int:
    """Check records one by one and against each other; how many payload digests are over the chunk framing."""
    pairs, framing = _Pairs(report), 0
    for item in found:
        report.members += 1
        if isinstance(item, Fault):
            report.faults.append(item)
            continue
        if not report.records and item.offset == 0 and item.type != "warcinfo":
            report.fault(0, f"the file begins with a {item.type or 'nameless'} record, not with warcinfo")
        report.records += 1
        framing += _verify_record(item, report)
        pairs.note(item)
        if item.type in ("response", "revisit") and item.is_http:
            report.captures[item.record_id] = Place(item.offset, item.length, item.header("warc-payload-digest"))
            if ledger:
                ledger.note(item)
    if not any(fault.length for fault in report.faults):
        pairs.settle()
    return framing


def _verify_record(record: Record, report: FileReport) -> bool:
    """Check one record by itself; whether its payload digest is over the chunk framing."""
    if not record.type or not record.record_id:
        report.fault(record.offset, "no WARC-Type" if not record.type else "no WARC-Record-ID")
    if record.date is None:
        report.fault(record.offset, f"WARC-Date {(record.header('warc-date') or '(none)')[:40]!r}")
    block = _Check(record.header("warc-block-digest"))
    if record.type != "response" or not record.is_http:
        if block.known:
            for chunk in record.chunks():
                block.update(chunk)
            _blame(record, report, block, "block")
        return False
    return _verify_response(record, report, block)


def _verify_response(record: Record, report: FileReport, block: _Check) -> bool:
    """Check both digests of a response in one pass; whether that of the payload is over the chunk framing."""
    entity, payload = Entity(), _Check(record.header("warc-payload-digest"))
    if not block.known and not payload.known:
        return False
    for chunk in record.chunks():
        block.update(chunk)
        if payload.known:
            payload.update(entity.feed(chunk))
    _blame(record, report, block, "block")
    if entity.chunked and not payload.good and _framing_digest(record, payload):
        return True
    _blame(record, report, payload, "payload")
    return False


def _blame(record: Record, report: FileReport, check: _Check, what: str) -> None:
    if not check.good:
        report.fault(record.offset, f"the {what} does not have its digest {check.written}")


class _Check:
    """One digest to be recomputed; good where nothing can be said against it."""

    def __init__(self, written: str | None) -> None:
        self.written = written or ""
        algorithm, _, self._value = self.written.partition(":")
        maker = _ALGORITHMS.get(algorithm) or _ALGORITHMS.get(algorithm.lower())
        self.known = maker is not None
        self._hash = maker(usedforsecurity=False) if maker else None

    def update(self, data: bytes) -> None:
        if self._hash:
            self._hash.update(data)

    @property
    def good(self) -> bool:
        return self._hash is None or same_digest(self._value, self._hash.digest())


def _framing_digest(record: Record, payload: _Check) -> bool:
    """Whether the digest is that of the whole body, chunk sizes included."""
    again, entity = _Check(payload.written), Entity(keep_framing=True)
    for chunk in record.chunks():
        again.update(entity.feed(chunk))
    return again.good


class _Pairs:
    """Records that name each other as concurrent: both must be there, with one date."""

    def __init__(self, report: FileReport) -> None:
        self._report = report
        self._known: dict[str, tuple[str, str]] = {}
        self._awaited: dict[str, list[tuple[int, str, str]]] = {}
        self._lonely: dict[str, int] = {}
        self._requests = 0

    def note(self, record: Record) -> None:
        """Take note of the next record."""
        me, date, kind = record.record_id, record.header("warc-date") or "", record.type
        if me in self._known:
            self._report.fault(record.offset, f"record id {me} a second time")
        self._known[me] = (date, kind)
        self._requests += kind == "request"
        if kind in ("response", "revisit") and record.is_http:
            self._lonely[me] = record.offset
        for offset, other_date, other_kind in self._awaited.pop(me, ()):
            self._meet(offset, other_date, other_kind, me, date, kind)
        for value in record.all("warc-concurrent-to"):
            partner = bare(value) or ""
            if partner in self._known:
                self._meet(record.offset, date, kind, partner, *self._known[partner])
                if self._known[partner][1] == "request":
                    self._lonely.pop(me, None)
            else:
                self._awaited.setdefault(partner, []).append((record.offset, date, kind))

    def _meet(self, offset: int, date: str, kind: str, partner: str, other_date: str, other_kind: str) -> None:
        """A record at an offset names a partner."""
        if kind == "request":
            self._lonely.pop(partner, None)
        if date != other_date:
            self._report.fault(offset, f"WARC-Date {date}, but {other_date} in the {other_kind} of the same capture")

    def settle(self) -> None:
        """At the end of the file: note who waits in vain."""
        for partner, waiting in self._awaited.items():
            for offset, _, kind in waiting:
                self._report.fault(offset, f"the {kind} names {partner} as concurrent, which is not in this file")
        if self._requests:
            for me, offset in self._lonely.items():
                self._report.fault(offset, f"no request beside response {me}")
