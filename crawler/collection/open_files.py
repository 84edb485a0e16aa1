"""Seal `.open` WARC files after a crash, cut behind the last whole exchange; deletes nothing."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from crawler import clock
from crawler.errors import NotAWarc, WriteFailed
from crawler.failpoints import failpoint
from crawler.warc.headers import bare
from crawler.warc.output_file import OPEN_SUFFIX, seal_name, set_aside, sync_folder

if TYPE_CHECKING:
    from crawler.archive_files.reader import Archived
    from crawler.warc.records import Fault, Record

_COPY_BYTES = 1024 * 1024


@frozen(kw_only=True)
class Recovered:
    """Recovered `.open` file, or a sealed file with records that the index may lack."""

    name: str
    """Final name, without `.open`."""
    path: Path | None
    """Its path now; None if it held no whole record and went to the quarantine."""
    bytes: int
    """Kept."""
    cut: int
    """Moved to the quarantine."""
    part: Path | None
    """The file in the quarantine that holds them."""
    began: int
    """Offset at which the scan began: behind the last committed capture."""
    records: int
    """Whole records found from there on."""
    entries: tuple[Archived, ...]
    """Whole exchanges and failures found from there on."""
    faults: tuple[Fault, ...]
    """Bad places between whole records: kept as they are."""
    sealed: datetime


def seal_open_files(
    folder: Path, quarantine: Path, *, committed: Callable[[str], int] = lambda name: 0, complete: bool = False
) -> list[Recovered]:
    """Seal every `.open` file of a folder that no process is writing; idempotent.

    A torn tail is copied to `quarantine/NAME.OFFSET.part` before it is cut, with the request and facts of a response that is
    torn. A power cut may leave a hole before whole records: if none of them was
    acknowledged, all from the hole on goes the same way; else the file stays as it is behind a bad place, for `verify` to report.

    Args:
        committed: How many bytes of the file of that name are known to be whole captures; only what lies behind them is walked.
        complete: Whether those are all that were acknowledged.
    Raises:
        WriteFailed: The disk did not take it; nothing is lost, try again.
    """
    done = []
    for path in sorted(folder.glob(f"*{OPEN_SUFFIX}")):
        with _locked(path) as fd:
            if fd is None:
                continue
            try:
                done.append(_recover(path, fd, quarantine, committed(path.name.removesuffix(OPEN_SUFFIX)), complete))
            except OSError as error:
                raise WriteFailed(path, error) from error
    return done


def rescan(path: Path, *, committed: int) -> Recovered:
    """Find the records of a sealed file behind its committed captures.

    A crash may come between its last name and its row.
    """
    return _Scan(path, committed).outcome(path, cut=0, part=None)


@contextmanager
def _locked(path: Path) -> Iterator[int | None]:
    """Open and lock a file; None if another process holds its lock."""
    fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        yield None
        return
    try:
        yield fd
    finally:
        os.close(fd)


def _recover(path: Path, fd: int, quarantine: Path, committed: int, complete: bool) -> Recovered:
    name, size = path.name.removesuffix(OPEN_SUFFIX), os.fstat(fd).st_size
    failpoint("recover:before")
    # What a failed sync left in memory alone must not pass for what is on disk; what is yet to be written stays.
    os.posix_fadvise(fd, committed, 0, os.POSIX_FADV_DONTNEED)
    scanned = _Scan(path, committed, complete)
    if not scanned.end:
        return scanned.outcome(set_aside(path, quarantine), cut=size, part=None)
    part = None
    if scanned.end < size:
        part = _copy_tail(path, scanned.end, quarantine, name)
        failpoint("recover:copied")
        os.ftruncate(fd, scanned.end)
    failpoint("recover:cut")
    os.fsync(fd)
    failpoint("recover:synced")
    final = path.with_name(name)
    seal_name(path, final)
    failpoint("recover:sealed")
    return scanned.outcome(final, cut=size - scanned.end, part=part)


class _Scan:
    """One pass through a file: the end of its good part, and its records."""

    def __init__(self, path: Path, committed: int, complete: bool = False) -> None:
        from crawler.archive_files.reader import ExchangeGatherer
        from crawler.warc.record import Fault
        from crawler.warc.records import scan

        self.end = committed
        """Behind the last whole exchange."""
        if self.end > path.stat().st_size:
            # The disk holds less than was committed: trust nothing but what can be read.
            self.end, complete = 0, False
        self.began = self.end
        self.entries: list[Archived] = []
        self.records = 0
        self.faults: list[Fault] = []
        self._last_response = ""
        gatherer = ExchangeGatherer()
        try:
            for found in scan(path, start=self.end):
                if isinstance(found, Fault):
                    self.faults.append(found)
                    if complete:
                        break
                    continue
                self.records += 1
                self._extend(found)
                self._keep(gatherer.take(found))
        except NotAWarc:
            return
        self._keep(gatherer.flush())

    def _keep(self, entries: Iterable[Archived]) -> None:
        # Without the records themselves, whose bytes would add up.
        self.entries += [evolve(entry, record=None) for entry in entries]

    def outcome(self, path: Path, *, cut: int, part: Path | None) -> Recovered:
        """The result for a file at `path`, quarantined if no record is whole."""
        kept = bool(self.end)
        return Recovered(
            name=path.name if kept else path.name.partition(OPEN_SUFFIX)[0], path=path if kept else None, bytes=self.end, cut=cut,
            part=part if kept else path, began=self.began, records=self.records if kept else 0, entries=tuple(self.entries),
            faults=tuple(fault for fault in self.faults if fault.offset < self.end), sealed=clock.now(),
        )  # fmt: skip

    def _extend(self, record: Record) -> None:
        partners = {bare(value) for value in record.fields.all("warc-concurrent-to")}
        if record.type in ("response", "revisit"):
            self._last_response = record.record_id
        elif partners and self._last_response not in partners:
            # It belongs to a response that is yet to come; alone it would be half an exchange.
            return
        self.end = record.offset + record.length


def _copy_tail(path: Path, offset: int, quarantine: Path, name: str) -> Path:
    """Copy a file from an offset on to the quarantine; an earlier copy is reused."""
    quarantine.mkdir(parents=True, exist_ok=True)
    draft = quarantine / f"{name}.{offset}.part.tmp"
    with path.open("rb") as source, draft.open("wb") as copy:
        source.seek(offset)
        while piece := source.read(_COPY_BYTES):
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    part, n, digest = quarantine / f"{name}.{offset}.part", 0, _sha256(draft)
    while part.exists() and _sha256(part) != digest:
        n += 1
        part = quarantine / f"{name}.{offset}.{n}.part"
    draft.replace(part)
    sync_folder(quarantine)
    return part


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
