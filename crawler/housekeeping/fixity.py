"""Fixity checks of single WARCs, and table `fixity`, which remembers them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from crawler.archive_files.verify import FileReport, verify_file
from crawler.collection.collection import Collection
from crawler.collection.layout import WarcFile, warc_files
from crawler.disk.write_errors import told_if_full
from crawler.errors import SetupError
from crawler.housekeeping.rotation import HeldFile
from crawler.index.index import Index
from crawler.index.rows import Value, iso, moment
from crawler.maintenance.verify_rows import RowCheck

Reached = Callable[[int], None]
"""Called with the offset reached."""


def held_files(path: Path, index: Index | None) -> tuple[list[HeldFile], list[str]]:
    """List the sealed WARCs of a collection, and faults that show without reading.

    Args:
        index: None if it cannot be read: then nothing is known of earlier checks.
    """
    rows = {str(row["name"]): row for row in index.warcs()} if index else {}
    checks = {str(row["warc"]): row for row in index.query("SELECT * FROM fixity")} if index else {}
    files, faults, there = [], [], set[str]()
    for file in warc_files(path):
        there.add(file.name)
        if file.path.suffix == ".open":
            continue
        row = rows.get(file.name, {})
        try:
            held = _held(file, row, checks.get(file.name))
        except OSError as error:
            faults.append(f"{file.name}: {error.strerror or error}")
            continue
        files.append(held)
        if row.get("bytes") not in (None, held.bytes):
            faults.append(f"{file.name}: {held.bytes} bytes, and {row['bytes']!s} when it was sealed")
    return files, [*faults, *(f"{name}: is not there" for name in rows if name not in there)]


def _held(file: WarcFile, row: Mapping[str, Value], check: sqlite3.Row | None) -> HeldFile:
    """A file with its row of `warcs` and its last check."""
    state = file.path.stat()
    read = check["verified"] if check else row.get("sealed")
    return HeldFile(
        name=file.name, path=file.path, bytes=state.st_size,
        read=moment(str(read)) if read else datetime.fromtimestamp(state.st_mtime, UTC),
        verified=check is not None, fault=check["fault"] if check else None,
    )  # fmt: skip


def check_file(file: HeldFile, index: Index | None, rows: RowCheck | None, reached: Reached) -> FileReport:
    """Read a WARC to its end, and hold the index's rows against its records."""
    reach = index.reach(file.name) if index else 0
    try:
        report = verify_file(file.path, reached)
    except OSError as error:
        report = FileReport(path=file.path, bytes=file.bytes)
        report.fault(0, f"cannot be read: {error.strerror or error}")
        return report
    if rows is not None:
        rows.check_file(file.name, report, reach)
    return report


def note_checks(path: Path, checked: Sequence[tuple[HeldFile, FileReport, datetime]]) -> None:
    """Write down in the index which files were read, and when.

    Raises:
        CollectionLocked: A crawl is writing.
        SetupError: The index cannot be written.
        WriteFailed: The disk is full.
    """
    try:
        with told_if_full(path), closing(Collection.hold(path)), Index.open(path / "index.db") as index, index.atomic():
            for file, report, when in checked:
                fault = report.faults[0].what if report.faults else None
                index.conn.execute("INSERT OR REPLACE INTO fixity VALUES (?, ?, ?, ?)", (file.name, iso(when), report.bytes, fault))
    except OSError as error:
        raise SetupError(f"{path}: cannot write there: {error.strerror or error}") from error
