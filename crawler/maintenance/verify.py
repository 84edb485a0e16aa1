"""A collection's WARCs against its index, both ways: for `scrapy verify`."""

from __future__ import annotations

import fcntl
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from attrs import evolve

from crawler.archive_files.verify import Fault, FileReport, Ledger, verify_file
from crawler.collection.collection import Collection
from crawler.collection.layout import warc_files
from crawler.errors import CollectionLocked, SetupError
from crawler.formatting import counted
from crawler.index.attempts import Attempts
from crawler.index.connection import OtherVersion
from crawler.index.index import Index
from crawler.processing.parse_again import Readers
from crawler.warc.digest import split_digest

Begin = Callable[[Path], Callable[[int], None]]
"""Called with each file as it is begun; what it returns is called with the offset reached."""


def verify_files(paths: list[Path], begin: Begin, *, strict: bool = False) -> list[FileReport]:
    """Check files by themselves; revisits of what lies elsewhere are noted, not blamed.

    Args:
        strict: Whether what is merely unusual in files of others is a fault.
    """
    ledger = Ledger()
    reports = [_verify(path, begin, ledger, strict) for path in paths]
    _spread(ledger.faults(), reports, "revisits refer to a record that is a revisit itself", strict)
    elsewhere = Counter(fault.path for fault in ledger.unresolved())
    for report in reports:
        if count := elsewhere[report.path]:
            report.notes.append(f"{count} revisits refer to records that are in none of these files")
    return reports


def verify_collection(
    path: Path, begin: Begin, *, strict: bool = False, readers: Readers | None = None, deep: bool = False
) -> list[FileReport]:  # fmt: skip
    """Check every WARC of a collection, its index, and each against the other; the index is the last report.

    Args:
        strict: As `verify_files`.
        readers: Read a share of the captures again, and compare what the index says of them.
        deep: Read every capture again.
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
        _full_text(path, about)
        if readers is not None:
            _read_again(path, about, readers, deep=deep)
    _spread(ledger.faults(), reports, "revisits refer to a record that is a revisit itself", strict)
    _spread(ledger.unresolved(), reports, "revisits refer to records that are in no file of the collection", strict)
    return [*reports, about]


def _opened(path: Path, file: Path) -> Index:
    """An index to be read; one of an earlier version is brought up to date first, where nobody else writes it and we may."""
    try:
        return Index.open(file, readonly=True)
    except OtherVersion:
        with suppress(CollectionLocked, SetupError, OSError), closing(Collection.hold(path)), Index.open(file):
            pass
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


def _spread(found: list[Fault], reports: list[FileReport], kind: str, strict: bool) -> None:
    """What is wrong with revisits: a fault in a file of ours, in those of others a note."""
    for report in reports:
        mine = [fault for fault in found if fault.path == report.path]
        if report.ours or strict:
            report.faults += [evolve(fault, unusual=not report.ours) for fault in mine]
        elif mine:
            report.notes.append(f"{len(mine)} {kind}; the first at offset {mine[0].offset}: {mine[0].what}")


def _still_open(path: Path, report: FileReport) -> None:
    """A file being written may end anywhere; one that nobody writes any more should have been sealed."""
    if _is_written(path):
        report.growing = True
        report.notes.append("being written: what is behind its last whole record was left out")
        report.faults = [fault for fault in report.faults if fault.offset + fault.length < report.bytes]
    elif report.ours or not report.records:
        # Other writers leave the name on files that they are done with.
        report.fault(report.bytes, "left open by a crash")


def _is_written(path: Path) -> bool:
    """Whether some process holds the lock of a file."""
    if not path.exists() and path.suffix != ".open":
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _verify_with(index: Index, path: Path, about: FileReport, begin: Begin, ledger: Ledger, strict: bool) -> list[FileReport]:
    reports, attempts = [], Attempts()
    sealed = {row["name"]: row for row in index.warcs()}
    for file in warc_files(path):
        name = file.name
        # What lies before this is committed; what a crawl writes meanwhile may be anywhere on its way.
        reach = index.reach(name)
        report = _verify(file.path, begin, ledger, strict)
        # Between its last name and its row, a file's last captures have none either.
        report.growing = report.growing or (name not in sealed and _is_written(path / "archive.lock"))
        if report.growing:
            report.faults = [fault for fault in report.faults if fault.offset < reach]
            report.places = {offset: place for offset, place in report.places.items() if offset < reach}
        reports.append(report)
        row = sealed.get(name)
        if row and row["sha256"] and report.path.suffix != ".open" and row["sha256"] != report.sha256:
            report.fault(0, "the file is not the one that was sealed: its SHA-256 differs from table warcs")
        _compare(index, name, report, about, reach)
        for offset, failure in report.attempts:
            if not attempts.is_known(index.conn, failure) and not (report.growing and offset >= reach):
                report.fault(offset, f"an attempt without an answer ({failure.reason}, {failure.url}) has no row in the index")
        # Only the counts are still needed: a collection may hold millions.
        report.places, report.attempts = {}, []
    if not any(report.growing for report in reports):
        for url, date, attempt, reason in attempts.untold(index.conn):
            about.fault(0, f"table failures, {url} {date} attempt {attempt} {reason}: no WARC tells of it")
    rows = index.query("SELECT warc, count(*) FROM captures WHERE state = 'ok' GROUP BY warc")
    names = {file.name for file in warc_files(path)}
    for warc, count in rows:
        if warc not in names:
            about.fault(0, f"{count} captures lie in {warc}, which is not there")
    try:
        for problem in index.integrity():
            about.fault(0, problem)
    except SetupError as error:
        about.fault(0, str(error))
    return reports


def _read_again(path: Path, about: FileReport, readers: Readers, *, deep: bool) -> None:
    """Compare what the index says of captures, of all or of a share, with what is read of them now; only where nobody writes."""
    from crawler.maintenance.index_check import check_sample, check_whole

    with ExitStack() as held:
        try:
            held.enter_context(closing(Collection.hold(path)))
        except CollectionLocked:
            if deep:
                raise
            about.notes.append("in use: no capture was read again")
            return
        except (SetupError, OSError):
            pass  # read only: nobody writes
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


def _compare(index: Index, name: str, report: FileReport, about: FileReport, reach: int) -> None:
    """Each row's record lies where the row says, and each record has a row; of a file that grows, as far as it reached before."""
    unknown = dict(report.places)
    try:
        for record_id, offset, length, digests in index.places(name):
            if report.growing and offset >= reach:
                break
            about.records += 1
            place = unknown.pop(offset, None)
            if place is None and record_id in (elsewhere := {other.record_id: other for other in unknown.values()}):
                place = unknown.pop(elsewhere[record_id].offset)
                report.fault(place.offset, f"{record_id} lies here, the index has it at {offset}, length {length}")
            elif place is None or place.record_id not in (record_id, ""):
                report.fault(offset, f"the index has capture {record_id} here, the file has {place.record_id if place else 'not'}")
            elif place.length != length:
                report.fault(offset, f"{record_id} has length {place.length}, in the index {length}")
            elif digest := next((one for one in digests if _differ(place.digest, one)), None):
                report.fault(offset, f"{record_id} has payload digest {place.digest}, in the index {digest}")
        for offset, place in unknown.items():
            # A record without an id may lie elsewhere too, and has its row there: nothing tells.
            if place.record_id and not index.captures_of_id(place.record_id):
                report.fault(offset, f"{place.record_id} has no row in the index")
    except SetupError as error:
        about.fault(0, str(error))


def _differ(written: str | None, indexed: str | None) -> bool:
    """Whether two payload digests of one algorithm differ."""
    return bool(written and indexed) and written != indexed and split_digest(written)[0] == split_digest(indexed)[0]


def _full_text(path: Path, about: FileReport) -> None:
    """Compare the full text word by word: SQLite wants to write for it, so only where nobody else does and we may."""
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
