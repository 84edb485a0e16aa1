"""Housekeeping of one collection: a share of the fixity checks, and the index."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from attrs import Factory, define

from crawler import clock
from crawler.archive_files.verify import FileReport
from crawler.errors import EXIT_COMPLETE, EXIT_DAMAGED, EXIT_LOCKED, EXIT_SIGNAL, EXIT_WRITE_FAILED, ArchiveError, CollectionLocked, Damaged
from crawler.housekeeping.daily_root import seal_day
from crawler.housekeeping.fixity import check_file, held_files, note_checks
from crawler.housekeeping.index_upkeep import keep_up
from crawler.housekeeping.rotation import HeldFile, overdue, share_of
from crawler.housekeeping.store_upkeep import StoreOptions, look_after_store
from crawler.index.connection import OtherVersion
from crawler.index.index import Index
from crawler.maintenance.opening import bring_up_to_date
from crawler.maintenance.verify_rows import RowCheck

Begin = Callable[[Path], Callable[[int], None]]
"""Called with each file before it is read; the returned function is called with the offset reached."""
GRAVEST = (EXIT_WRITE_FAILED, EXIT_SIGNAL, EXIT_DAMAGED)
"""Exit codes before which no other counts."""


@define
class Upkeep:
    """Housekeeping of one collection: its work and findings, filled while it is done."""

    path: Path
    days: float
    tsa_url: str | None = None
    """Of the timestamp authority."""
    store: StoreOptions | None = None
    """Where sealed WARCs go; None: nowhere."""
    files: list[HeldFile] = Factory(list)
    checked: list[FileReport] = Factory(list)
    left: int = 0
    """Files of this call's share that were not read any more."""
    faults: list[str] = Factory(list)
    """Damage, file by file, at which offset."""
    notes: list[str] = Factory(list)
    done: list[str] = Factory(list)
    """What was done to the index."""
    proofs: list[str] = Factory(list)
    """What was done for the proofs: chain, root, timestamps."""
    stored: list[str] = Factory(list)
    """What was done with the store."""
    locked: str = ""
    """Who was writing, if that kept something from being done."""
    problems: list[ArchiveError] = Factory(list)
    """What could not be done."""
    unnoted: int = 0
    """Files that were read and not written down, so that they will be read again."""
    oldest: datetime | None = None
    """The longest time ago that any file was read."""
    overdue: int = 0
    stopped: bool = False
    """Whether a signal came before the end."""
    ended: bool = False

    @property
    def exit_code(self) -> int:
        """The gravest of what was found."""
        codes = {error.exit_code for error in self.problems}
        codes |= {EXIT_SIGNAL} if self.stopped else set()
        codes |= {EXIT_DAMAGED} if self.faults else set()
        codes |= {EXIT_LOCKED} if self.locked else set()
        return gravest(codes)

    @property
    def read_paths(self) -> set[Path]:
        """WARCs that were read."""
        return {report.path for report in self.checked}

    @property
    def read_bytes(self) -> int:
        """Bytes of WARCs that were read."""
        return sum(report.bytes for report in self.checked)


def gravest(codes: set[int]) -> int:
    """The exit code of several: 12, 14, 13, then the least that is not 0."""
    return next((code for code in GRAVEST if code in codes), min(codes - {EXIT_COMPLETE}, default=EXIT_COMPLETE))


def maintain(upkeep: Upkeep, begin: Begin) -> None:
    """Check the share of the WARCs whose turn it is, and look after the index.

    WARCs are read whether a crawl runs or not. What needs the collection's lock (the notes of what was read, the index) is done between,
    where no crawl holds it. Stopped at any point, the next call goes on behind the last file that was read.

    Args:
        upkeep: Of a collection; filled step by step, so that it tells what was done when a signal comes.
    Raises:
        KeyboardInterrupt: `stopped` is set.
    """
    try:
        with ExitStack() as stack:
            index = _opened(upkeep, stack)
            _check(upkeep, index, begin)
        _seal(upkeep, begin)
        _store(upkeep)
        _keep_up(upkeep)
        upkeep.ended = True
    except KeyboardInterrupt:
        upkeep.stopped = True
        raise


def _opened(upkeep: Upkeep, stack: ExitStack) -> Index | None:
    """Open the index read-only, migrated first if older; None if it cannot be."""
    file = upkeep.path / "index.db"
    try:
        try:
            return stack.enter_context(Index.open(file, readonly=True))
        except OtherVersion:
            bring_up_to_date(upkeep.path)
        return stack.enter_context(Index.open(file, readonly=True))
    except OtherVersion as error:
        upkeep.notes.append(f"not compared with the index: {error}")
    except ArchiveError as error:
        upkeep.faults.append(str(error))
    return None


def _check(upkeep: Upkeep, index: Index | None, begin: Begin) -> None:
    """Read the files whose turn it is, and write down each as it is done."""
    now = clock.now()
    upkeep.files, missing = held_files(upkeep.path, index)
    upkeep.faults += missing
    share = share_of(upkeep.files, now, days=upkeep.days)
    upkeep.left = len(share)
    about = FileReport(path=upkeep.path / "index.db")
    rows = RowCheck(index, upkeep.path, about) if index else None
    waiting: list[tuple[HeldFile, FileReport, datetime]] = []
    for file in share:
        report = check_file(file, index, rows, begin(file.path))
        upkeep.checked.append(report)
        upkeep.left -= 1
        upkeep.faults += [f"{file.name}: offset {fault.offset}: {fault.what}" for fault in report.faults]
        waiting.append((file, report, clock.now()))
        waiting = _noted(upkeep, waiting)
        _count_age(upkeep, waiting, now)
    upkeep.faults += [f"index.db: {fault.what}" for fault in about.faults]
    _count_age(upkeep, waiting, now)


def _noted(upkeep: Upkeep, waiting: list[tuple[HeldFile, FileReport, datetime]]) -> list[tuple[HeldFile, FileReport, datetime]]:
    """Write down what was read; what could not be written yet."""
    try:
        note_checks(upkeep.path, waiting)
    except CollectionLocked as error:
        upkeep.locked = error.holder or "another process"
        return waiting
    except ArchiveError as error:
        if not upkeep.problems:
            upkeep.problems.append(error)
        return waiting
    upkeep.locked = ""
    return []


def _count_age(upkeep: Upkeep, waiting: list[tuple[HeldFile, FileReport, datetime]], now: datetime) -> None:
    """Count how long ago the files were read that this call has not read."""
    fresh = upkeep.read_paths
    rest = [file for file in upkeep.files if file.path not in fresh]
    upkeep.oldest = min((file.read for file in rest), default=now if upkeep.files else None)
    upkeep.overdue = overdue(rest, now, days=upkeep.days)
    upkeep.unnoted = len(waiting)


def _seal(upkeep: Upkeep, begin: Begin) -> None:
    """Make the root of the day over the sealed WARCs, unless a crawl is writing."""
    if not (upkeep.path / "index.db").exists():
        return
    try:
        sealed = seal_day(upkeep.path, begin, tsa_url=upkeep.tsa_url)
    except CollectionLocked as error:
        upkeep.locked = error.holder or "another process"
    except Damaged as error:
        upkeep.faults.append(str(error))
    except ArchiveError as error:
        upkeep.problems.append(error)
    else:
        upkeep.proofs += sealed.done
        upkeep.faults += sealed.faults
        upkeep.problems += sealed.problems


def _store(upkeep: Upkeep) -> None:
    """Upload what no run has uploaded, and read back what was checked here."""
    if upkeep.store is None or not (upkeep.path / "index.db").exists():
        return
    try:
        found = look_after_store(upkeep.path, upkeep.store, [file.name for file in upkeep.files if file.path in upkeep.read_paths])
    except CollectionLocked as error:
        upkeep.locked = error.holder or "another process"
    except ArchiveError as error:
        upkeep.problems.append(error)
    else:
        upkeep.stored += found.done
        upkeep.faults += found.faults
        upkeep.problems += found.problems


def _keep_up(upkeep: Upkeep) -> None:
    """Look after the index, unless a crawl is writing on it."""
    if not (upkeep.path / "index.db").exists():
        return
    try:
        upkeep.done = keep_up(upkeep.path)
    except CollectionLocked as error:
        upkeep.locked = error.holder or "another process"
    except ArchiveError as error:
        upkeep.problems.append(error)
