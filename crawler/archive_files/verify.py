"""Verify one file: every gzip member, length and digest.

Damage is a fault, an oddity of another writer a note. Nothing raises for damage.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from attrs import Factory, define, evolve, frozen

from crawler.archive_files.arc import walk_arc
from crawler.archive_files.concurrent import ConcurrentRecords
from crawler.archive_files.digest_check import check_digests
from crawler.archive_files.formats import Kind, kind_of
from crawler.archive_files.in_place import several_in_one_member
from crawler.archive_files.inflate import Unpacked, unpacked
from crawler.archive_files.reader import failed_attempt
from crawler.archive_files.wacz import unpack
from crawler.errors import Damaged, NotAWarc, SetupError
from crawler.items import Failure
from crawler.storage.opening import opened
from crawler.warc.digest import canonical_digest
from crawler.warc.fetch_metadata import read_facts, tells_ours
from crawler.warc.gzip_members import Digesting
from crawler.warc.headers import bare
from crawler.warc.payload import Form, form_of
from crawler.warc.records import Fault, Progress, Record, scan_file

__all__ = ["Fault", "FileReport", "Ledger", "Place", "verify_file"]

_FACTS_LOOKED_AT = 4


@frozen(kw_only=True)
class Place:
    """Place and written payload digest of a record with a capture."""

    record_id: str
    offset: int
    length: int
    digest: str | None
    """In canonical form; None if none is named, or one that is not of the payload."""


@frozen(kw_only=True)
class Oddity:
    """A harmless oddity at one place of a file, which our writer never makes."""

    kind: str
    """In the plural, for a summary: `responses without a request`."""
    fault: Fault
    never_ours: bool = True
    """In a file of ours it is damage."""


@define
class FileReport:
    """Findings in one file."""

    path: Path
    members: int = 0
    records: int = 0
    bytes: int = 0
    faults: list[Fault] = Factory(list)
    oddities: list[Oddity] = Factory(list)
    """Told as notes; as faults if the file is ours, or if strict."""
    notes: list[str] = Factory(list)
    """Facts that are no faults."""
    places: dict[int, Place] = Factory(dict)
    """Every record with a capture, by offset."""
    attempts: list[tuple[int, Failure]] = Factory(list)
    """Failed attempts without a byte received, each with the offset of its record."""
    ours: bool = False
    """This crawler wrote it."""
    growing: bool = False
    """It is being written."""
    sha256: str = ""
    """Of the whole file, lower-case hex."""
    _packed: Unpacked | None = None

    def fault(self, offset: int, what: str, length: int = 0) -> None:
        """Note a fault of this file."""
        self.faults.append(self._placed(offset, what, length))

    def odd(self, offset: int, kind: str, what: str, *, never_ours: bool = True) -> None:
        """Note an oddity."""
        self.oddities.append(Oddity(kind=kind, fault=self._placed(offset, what), never_ours=never_ours))

    def _placed(self, offset: int, what: str, length: int = 0) -> Fault:
        """A finding at an offset, in a packed file one of the inflated bytes."""
        if self._packed is None or not self._packed.seams:
            return Fault(path=self.path, offset=offset, what=what, length=length)
        where = "" if offset in self._packed.seams else f" (offset {offset} when unpacked)"
        return Fault(path=self.path, offset=self._packed.packed(offset), what=what + where)

    def settle(self, *, strict: bool) -> None:
        """Turn oddities into faults or notes."""
        first: dict[str, tuple[Fault, int]] = {}
        for oddity in self.oddities:
            if self.ours and oddity.never_ours:
                self.faults.append(oddity.fault)
            elif strict:
                self.faults.append(evolve(oddity.fault, unusual=True))
            else:
                fault, count = first.get(oddity.kind, (oddity.fault, 0))
                first[oddity.kind] = (fault, count + 1)
        self.notes += [f"{count} {kind}; the first at offset {fault.offset}: {fault.what}" for kind, (fault, count) in first.items()]
        self.faults.sort(key=lambda fault: fault.offset)


class Ledger:
    """Record ids across files, to check the references of revisits."""

    def __init__(self) -> None:
        # Hashes, not ids: a collection may hold millions.
        self._responses: set[int] = set()
        self._revisits: set[int] = set()
        self._wanted: list[tuple[Path, int, str]] = []

    def note(self, record: Record, *, path: Path | None = None) -> None:
        """Note a response or revisit; `path` is the file that faults name."""
        (self._revisits if record.type == "revisit" else self._responses).add(hash(record.record_id))
        target = bare(record.fields.first("warc-refers-to"))
        if record.type == "revisit" and target:
            self._wanted.append((path or record.path, record.offset, target))

    def faults(self) -> list[Fault]:
        """Revisits that refer to a revisit, among all files noted."""
        return [
            Fault(path=path, offset=offset, what=f"revisit of {target}, which is a revisit itself")
            for path, offset, target in self._wanted
            if hash(target) in self._revisits and hash(target) not in self._responses
        ]

    def unresolved(self) -> list[Fault]:
        """Revisits of a record that is in none of the files noted."""
        known = self._responses | self._revisits
        return [
            Fault(path=path, offset=offset, what=f"revisit of {target}, which is in none of these files")
            for path, offset, target in self._wanted
            if hash(target) not in known
        ]


def verify_file(path: Path, progress: Progress | None = None, *, ledger: Ledger | None = None, strict: bool = False) -> FileReport:
    """Verify every byte of a WARC, WARC.zst, ARC or WACZ.

    Args:
        progress: Called with the offset reached.
        ledger: Notes the references of revisits; ask it for faults after the last file.
        strict: Oddities are faults, too.
    Raises:
        OSError: The file cannot be opened or read.
    """
    report = FileReport(path=path)
    with opened(path) as file:
        report.bytes = file.seek(0, os.SEEK_END)
        whole = Digesting(file)
        try:
            kind = kind_of(path)
            if kind in ("wacz", "multi-wacz"):
                _verify_package(path, report, ledger, strict)
            elif kind not in ("warc", "warc.gz") or (kind == "warc.gz" and several_in_one_member(path)):
                _verify_packed(path, kind, report, ledger)
            else:
                _RecordChecks(report, ledger).run(scan_file(path, whole, progress=progress, torn=True))
        except NotAWarc as error:
            report.fault(error.offset, error.what, report.bytes)
        except SetupError as error:
            report.fault(0, str(error).removeprefix(f"{path}: "), report.bytes)
        report.sha256 = whole.sha256()
    report.settle(strict=strict)
    return report


def _verify_packed(path: Path, kind: Kind, report: FileReport, ledger: Ledger | None) -> None:
    """Check the records of a file that must be unpacked to be read."""
    with unpacked(path, kind) as plain, plain.path.open("rb") as source:
        report.faults += plain.faults
        report._packed = plain
        if not kind.startswith("arc"):
            if kind == "warc.gz":
                report.odd(
                    0, "gzip members of several records", "several records lie in one gzip member: no replay tool finds one by its offset"
                )
            _RecordChecks(report, ledger).run(scan_file(plain.path, source))
            report.places.clear()
        else:
            for found in walk_arc(path, source, plain.seams):
                if isinstance(found, Fault):
                    report.fault(found.offset, found.what, found.length)
                else:
                    report.records += not found.torn
            report.notes.append("an ARC file holds no digests: its lengths and framing were checked")
        report.members = len(plain.seams) or report.records
        report._packed = None


def _verify_package(path: Path, report: FileReport, ledger: Ledger | None, strict: bool) -> None:
    """Check the description of a WACZ and each WARC in it."""
    with tempfile.TemporaryDirectory(prefix="wacz-") as folder:
        contents = unpack(path, Path(folder))
        report.faults += contents.faults
        report.notes += contents.notes
        for warc in contents.warcs:
            inner = verify_file(warc, strict=strict)
            name = warc.relative_to(folder).as_posix()
            report.members += inner.members
            report.records += inner.records
            for fault in inner.faults:
                report.fault(0, f"{name} offset {fault.offset}: {fault.what}")
            report.notes += [f"{name}: {note}" for note in inner.notes]
        if not contents.warcs and not contents.faults:
            report.fault(0, "no WARC in this package")


class _RecordChecks:
    """Checks of the records of one file, one by one and against each other."""

    def __init__(self, report: FileReport, ledger: Ledger | None) -> None:
        self._report, self._ledger = report, ledger
        self._pairs = ConcurrentRecords(report)
        self._meant: dict[str, int] = {}
        self._facts_seen = 0

    def run(self, found: Iterable[Record | Fault]) -> None:
        """Check all records; the report takes the findings."""
        for item in found:
            if isinstance(item, Fault):
                # Unreadable bytes count as a member.
                self._report.members += bool(item.length)
                self._report.fault(item.offset, item.what, item.length)
            elif item.torn:
                # Its fault follows.
                self._place_torn(item)
            else:
                self._check(item)
        if not any(fault.length for fault in self._report.faults):
            self._pairs.settle()
        self._report.notes += [f"{count} payload digests are of {of}, as some writers make them" for of, count in self._meant.items()]

    def _place_torn(self, record: Record) -> None:
        """Keep the place of another crawler's torn record: its beginning is a capture."""
        if not self._report.ours and form_of(record) is not None:
            self._report.places[record.offset] = _place(record, None)

    def _check(self, record: Record) -> None:
        report = self._report
        if not report.records and record.offset == 0 and record.type != "warcinfo":
            report.odd(0, "file without warcinfo first", f"the file begins with a {record.type or 'nameless'} record, not with warcinfo")
        report.members += 1
        report.records += 1
        self._look_whose(record)
        if record.type == "metadata" and not record.fields.all("warc-concurrent-to"):
            with suppress(Damaged):
                report.attempts += [(record.offset, found.failure) for found in failed_attempt(record) if found.failure is not None]
        form = form_of(record)
        of = _verify_record(record, form, report)
        if of:
            self._meant[of] = self._meant.get(of, 0) + 1
        self._pairs.note(record)
        if self._ledger and form is not None:
            self._ledger.note(record, path=report.path)

    def _look_whose(self, record: Record) -> None:
        """Tell by the first records with facts whether this crawler wrote the file."""
        if self._report.ours or record.type not in ("warcinfo", "metadata") or self._facts_seen >= _FACTS_LOOKED_AT:
            return
        self._facts_seen += 1
        facts = read_facts(record.block())
        self._report.ours = facts.ours or (record.type == "warcinfo" and tells_ours(facts))


def _place(record: Record, digest: str | None) -> Place:
    return Place(record_id=record.record_id, offset=record.offset, length=record.length, digest=digest)


def _verify_record(record: Record, form: Form | None, report: FileReport) -> str | None:
    """Check one record by itself; returns the body its payload digest means, if another."""
    if not record.type:
        report.fault(record.offset, "no WARC-Type")
    if not record.record_id:
        report.odd(record.offset, "records without an id", "no WARC-Record-ID")
    if record.date is None:
        written = (record.fields.first("warc-date") or "(none)")[:40]
        report.odd(record.offset, "dates that cannot be read", f"WARC-Date {written!r}")
    checked = check_digests(record, wire=report.ours)
    for what in checked.faults:
        report.fault(record.offset, what)
    for what in checked.unchecked:
        report.odd(record.offset, "digests not checked", what, never_ours=False)
    if form is not None:
        digest = None if checked.meant else canonical_digest(record.fields.first("warc-payload-digest"))
        report.places[record.offset] = _place(record, digest)
    return checked.meant
