"""Verify WARC files, and a collection's WARCs against its index both ways."""

from __future__ import annotations

import fcntl
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path

from attrs import evolve

from crawler.archive_files.verify import Fault, FileReport, Ledger, verify_file
from crawler.collection.collection import Collection
from crawler.collection.layout import lying, warc_files
from crawler.errors import CollectionLocked, SetupError
from crawler.formatting import counted
from crawler.index.connection import OtherVersion
from crawler.index.index import Index
from crawler.maintenance.opening import bring_up_to_date
from crawler.maintenance.verify_rows import RowCheck
from crawler.processing.parse_again import Readers
from crawler.proofs.check import check_proofs

Begin = Callable[[Path], Callable[[int], None]]
"""Called with each file before it is read; the returned function is called with the offset reached."""


def verify_files(paths: list[Path], begin: Begin, *, strict: bool = False) -> list[FileReport]:
    """Check single files; revisits of records in other files are notes, not faults.

    Args:
        strict: Whether oddities in files of other programs are faults.
    """
    ledger = Ledger()
    reports = [_verify(path, begin, ledger, strict) for path in paths]
    _add_revisit_faults(ledger.faults(), reports, "revisits refer to a record that is a revisit itself", strict)
    elsewhere = Counter(fault.path for fault in ledger.unresolved())
    for report in reports:
        if count := elsewhere[report.path]:
            report.notes.append(f"{count} revisits refer to records that are in none of these files")
    return reports


def verify_collection(
    path: Path, begin: Begin, *, strict: bool = False, readers: Readers | None = None, deep: bool = False, ca_file: str = ""
) -> list[FileReport]:  # fmt: skip
    """Check every WARC of a collection and its index against each other.

    Args:
        strict: As `verify_files`.
        readers: Parse a share of the captures again, and compare their rows in the index.
        deep: Parse every capture again, and read every record again for the roots over them.
        ca_file: PEM of the timestamp authority's certificates.
    Returns:
        A report for each file; that of the index is the last.
    Raises:
        SetupError: A file cannot be opened.
        CollectionLocked: `deep`, and a crawl is writing.
    """
    ledger = Ledger()
    about = FileReport(path=path / "index.db")
    try:
        index = _opened(path, about.path)
    except SetupError as error:
        if isinstance(error, OtherVersion):
            about.notes.append(f"not compared with the WARCs: {error}")
        else:
            about.fault(0, str(error))
        reports = [_verify(file.path, begin, ledger, strict) for file in warc_files(path)]
    else:
        with index:
            reports = _verify_with(index, path, about, begin, ledger, strict)
            about.bytes = about.path.stat().st_size
            proofs = check_proofs(path, index.warcs, ca_file=ca_file, deep=deep, find=partial(lying, path))
        about.notes += proofs.notes
        for what in proofs.faults:
            about.fault(0, what)
        _full_text(path, about)
        if readers is not None:
            _parse_again(path, about, readers, deep=deep)
    _add_revisit_faults(ledger.faults(), reports, "revisits refer to a record that is a revisit itself", strict)
    _add_revisit_faults(ledger.unresolved(), reports, "revisits refer to records that are in no file of the collection", strict)
    return [*reports, about]


def _opened(path: Path, file: Path) -> Index:
    """Open an index read-only, migrated first if older and not in use."""
    try:
        return Index.open(file, readonly=True)
    except OtherVersion:
        bring_up_to_date(path)
    return Index.open(file, readonly=True)


def _verify(path: Path, begin: Begin, ledger: Ledger, strict: bool) -> FileReport:
    try:
        report = verify_file(path, begin(path), ledger=ledger, strict=strict)
        if path.suffix == ".open":
            _still_open(path, report)
    except FileNotFoundError as error:
        if path.suffix == ".open" and path.with_suffix("").exists():
            # A crawl has sealed it since it was listed.
            return _verify(path.with_suffix(""), begin, ledger, strict)
        raise SetupError(f"{path}: is not there any more") from error
    except OSError as error:
        raise SetupError(f"{path}: cannot be read: {error.strerror or error}") from error
    return report


def _add_revisit_faults(found: list[Fault], reports: list[FileReport], kind: str, strict: bool) -> None:
    """Add findings on revisits to reports: faults in our files, notes in those of others."""
    for report in reports:
        mine = [fault for fault in found if fault.path == report.path]
        if report.ours or strict:
            report.faults += [evolve(fault, unusual=not report.ours) for fault in mine]
        elif mine:
            report.notes.append(f"{len(mine)} {kind}; the first at offset {mine[0].offset}: {mine[0].what}")


def _still_open(path: Path, report: FileReport) -> None:
    """Judge an `.open` file: it is being written, or was left by a crash."""
    if _is_written(path):
        report.growing = True
        report.notes.append("being written: what is behind its last whole record was left out")
        report.faults = [fault for fault in report.faults if fault.offset + fault.length < report.bytes]
    elif report.ours or not report.records:
        # Other writers leave the name on files that they are done with.
        report.fault(report.bytes, "left open by a crash")


def _is_written(path: Path) -> bool:
    """Test if some process holds the lock of a file."""
    if not path.exists() and path.suffix != ".open":
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _verify_with(index: Index, path: Path, about: FileReport, begin: Begin, ledger: Ledger, strict: bool) -> list[FileReport]:
    """Check each WARC and its rows; the reports of the files."""
    reports, rows = [], RowCheck(index, path, about)
    for file in warc_files(path):
        # What lies before this is committed; a crawl may be writing what lies behind.
        reach = index.reach(file.name)
        report = _verify(file.path, begin, ledger, strict)
        # Between its last name and its row, a file's last captures have no rows either.
        report.growing = report.growing or (not rows.is_sealed(file.name) and _is_written(path / "archive.lock"))
        if report.growing:
            report.faults = [fault for fault in report.faults if fault.offset < reach]
            report.places = {offset: place for offset, place in report.places.items() if offset < reach}
        reports.append(report)
        rows.check_file(file.name, report, reach)
    rows.check_rest(growing=any(report.growing for report in reports))
    return reports


def _parse_again(path: Path, about: FileReport, readers: Readers, *, deep: bool) -> None:
    """Parse captures again and compare the index, unless the collection is in use."""
    from crawler.maintenance.index_check import check_sample, check_whole

    with ExitStack() as locked:
        try:
            locked.enter_context(closing(Collection.hold(path)))
        except CollectionLocked:
            if deep:
                raise
            about.notes.append("in use: no capture was read again")
            return
        except (SetupError, OSError):
            pass  # read only: no process can write
        if about.faults and not deep:
            about.notes.append("damaged: no capture was read again")
            return
        found = check_whole(path, readers) if deep else check_sample(path, readers)
    for what in found.faults:
        about.fault(0, what)
    if found.more:
        about.fault(0, f"{found.more} more rows differ from what the WARCs say")
    if found.others:
        others = "read by other readers (another version, site file or limit) or given up would be read otherwise now"
        about.notes.append(f"{counted(found.others, 'row')} {others}: `scrapy reindex` reads them again")
    about.notes.append(f"{counted(found.captures, 'capture')} read again and compared with the index")


def _full_text(path: Path, about: FileReport) -> None:
    """Compare the full text word by word, which needs the write lock of SQLite."""
    with suppress(CollectionLocked, SetupError, OSError):
        lock = Collection.hold(path)
        try:
            with Index.open(about.path) as index:
                for problem in index.full_text_faults():
                    about.fault(0, problem)
        finally:
            lock.close()
        return
    about.notes.append("in use or read only: its full text was not compared word by word")
