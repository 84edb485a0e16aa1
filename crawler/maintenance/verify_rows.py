"""Check the rows of an index against the records of its WARCs, file by file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crawler.archive_files.verify import FileReport, Place
from crawler.collection.layout import warc_files
from crawler.errors import SetupError
from crawler.formatting import counted
from crawler.index.captures import IndexedPlace
from crawler.index.index import Index
from crawler.maintenance.attempts import Attempts
from crawler.warc.digest import split_digest


class RowCheck:
    """Check of one index; faults go into the report of the file or index.

    Args:
        path: Of the collection.
        about: The report of the index.
    """

    def __init__(self, index: Index, path: Path, about: FileReport) -> None:
        self._index, self._path, self._about = index, path, about
        self._attempts = Attempts()
        # A crawl that runs beside this adds rows whose files were read, or listed, before.
        self._last_failure = self._last("failures")
        self._sealed = {row["name"]: row["sha256"] for row in index.warcs()}

    def _last(self, table: str) -> int:
        try:
            return int(self._index.query(f"SELECT coalesce(max(id), 0) FROM {table}")[0][0])
        except SetupError as error:
            self._about.fault(0, str(error))
            return 0

    def is_sealed(self, warc: str) -> bool:
        """Test if table `warcs` has a row of a file."""
        return warc in self._sealed

    def check_file(self, warc: str, report: FileReport, reach: int) -> None:
        """Check the rows of one file, whose records are then dropped from its report.

        Args:
            reach: Offset behind the captures that were committed before the file was read.
        """
        self._check_digest(warc, report)
        self._check_captures(warc, report, reach)
        self._check_attempts(report, reach)
        # Only the counts are still needed: a collection may hold millions.
        report.places, report.attempts = {}, []

    def check_rest(self, *, growing: bool) -> None:
        """Check rows that no file accounts for, and the integrity of the index.

        Args:
            growing: Whether a file is being written: its attempts may be on their way.
        """
        if not growing:
            for url, date, attempt, reason in self._attempts.without_record(self._index.conn, self._last_failure):
                self._about.fault(0, f"table failures, {url} {date} attempt {attempt} {reason}: no WARC tells of it")
        # First the rows: a file is there before the row of its first capture.
        counts = self._index.query("SELECT warc, count(*) FROM captures WHERE state = 'ok' GROUP BY warc")
        missing = self._not_there(row[0] for row in counts)
        for warc, count in counts:
            if warc in missing:
                self._about.fault(0, f"{counted(count, 'capture lies', 'captures lie')} in {warc}, which is not there")
        try:
            for problem in self._index.integrity():
                self._about.fault(0, problem)
        except SetupError as error:
            self._about.fault(0, str(error))

    def _not_there(self, warcs: Iterable[str]) -> set[str]:
        """Files that are not in the collection, under their own name or as `.open`."""
        missing = set(warcs)
        for _ in range(2):  # a file that is renamed while the folder is read may be in no list
            if missing:
                missing -= {file.name for file in warc_files(self._path)}
        return missing

    def _check_digest(self, warc: str, report: FileReport) -> None:
        sha256 = self._sealed.get(warc)
        if sha256 and report.path.suffix != ".open" and sha256 != report.sha256:
            report.fault(0, "the file is not the one that was sealed: its SHA-256 differs from table warcs")

    def _check_captures(self, warc: str, report: FileReport, reach: int) -> None:
        """Check each row's record at its place, and each record for a row."""
        unknown = dict(report.places)
        try:
            for row in self._index.places(warc):
                if report.growing and row.offset >= reach:
                    break
                self._about.records += 1
                _check_capture(row, report, unknown)
            for offset, place in unknown.items():
                # A record without an id may have its row at another place: nothing tells.
                if place.record_id and not self._index.captures_of_id(place.record_id):
                    report.fault(offset, f"{place.record_id} has no row in the index")
        except SetupError as error:
            self._about.fault(0, str(error))

    def _check_attempts(self, report: FileReport, reach: int) -> None:
        """Check that each failed attempt of a file has a row."""
        for offset, failure in report.attempts:
            if not self._attempts.is_known(self._index.conn, failure) and not (report.growing and offset >= reach):
                report.fault(offset, f"an attempt without an answer ({failure.reason}, {failure.url}) has no row in the index")


def _check_capture(row: IndexedPlace, report: FileReport, unknown: dict[int, Place]) -> None:
    """Check one row against the record at its offset, which is removed from `unknown`."""
    place = unknown.pop(row.offset, None)
    if place is None and row.record_id in (moved := {other.record_id: other for other in unknown.values()}):
        place = unknown.pop(moved[row.record_id].offset)
        report.fault(place.offset, f"{row.record_id} lies here, the index has it at {row.offset}, length {row.length}")
    elif place is None or place.record_id not in (row.record_id, ""):
        report.fault(row.offset, f"the index has capture {row.record_id} here, the file has {place.record_id if place else 'not'}")
    elif place.length != row.length:
        report.fault(row.offset, f"{row.record_id} has length {place.length}, in the index {row.length}")
    elif digest := next((one for one in row.digests if _differ(place.digest, one)), None):
        report.fault(row.offset, f"{row.record_id} has payload digest {place.digest}, in the index {digest}")


def _differ(written: str | None, indexed: str | None) -> bool:
    """Test if two payload digests of one algorithm differ."""
    return bool(written and indexed) and written != indexed and split_digest(written)[0] == split_digest(indexed)[0]
