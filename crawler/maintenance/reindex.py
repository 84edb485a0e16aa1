"""Rebuild `index.db` from the WARCs alone."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Container, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from attrs import field, frozen

from crawler import clock
from crawler.collection.layout import WarcFile, warc_files
from crawler.disk.write_errors import is_disk_full, told_if_full
from crawler.errors import ArchiveError, SetupError
from crawler.failpoints import failpoint
from crawler.formatting import counted
from crawler.frontier.changes import copy_rows
from crawler.index.index import Index
from crawler.maintenance.fill_index import OldIndex, Progress, fill, open_old_index, quiet, restore_frontier
from crawler.maintenance.half_made import forget_progress, take_up
from crawler.processing.parse_again import Readers
from crawler.processing.reading_stats import ReadingStats
from crawler.warc import cdxj
from crawler.warc.output_file import sync_folder

logger = logging.getLogger(__name__)


@frozen(kw_only=True)
class Rebuilt:
    """Result of a rebuild."""

    files: int
    captures: int
    readings: int
    taken_up: int = 0
    """Readings of an earlier rebuild, which was killed and has been gone on with."""
    problems: tuple[str, ...]
    aside: Path | None = None
    """Path of the old index, if it was kept."""
    queue: bool = True
    """Runs, mirrors and the queue could be taken over from it."""
    unresolved: int = 0
    """Revisits whose original no file of the collection holds."""
    stats: ReadingStats = field(factory=ReadingStats)
    """Counts of parsed captures and failures, omitted records, revisits without original."""


def rebuild(
    path: Path, readers: Readers, *, tell: Progress = quiet, keep_old: bool = False, stats: ReadingStats | None = None
) -> Rebuilt:  # fmt: skip
    """Rebuild `index.db` from the WARCs alone, and replace the old one when it is whole.

    A rebuild that was killed is gone on with, if WARCs and readers are as they were; until then the old index stays in use.

    Rows of runs, mirrors and the queue, which no WARC holds, are taken over from the old index if it can be read; so are the dates of
    sealing and the SHA-256 of its files, by which `verify` finds what has changed since.

    Args:
        keep_old: Move the old index into the quarantine.
        stats: Where what was read, and what could not be, is counted.
    Raises:
        SetupError: A file in which the old index has captures is not there, and the old index was not to be kept: nothing was changed.
        WriteFailed: The disk is full; what was done is kept for the next call, and the old index stays.
    """
    failpoint("rebuild:before")
    fresh, files, stats = path / "index.db.rebuild", warc_files(path), stats or ReadingStats()
    with told_if_full(path), open_old_index(path / "index.db") as old:
        absent = _absent(path, old, files, keep_old=keep_old)
        made = take_up(fresh, readers, files, stats)
        with closing(made.index) as index:
            filled = fill(index, path, readers, old=old, stats=stats, tell=tell, taken=partial(_list, index, path), made=made)
            queue = _take_over(index, old, filled.sent_on)
            index.tidy()
            index.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            fewer = _fewer(old, filled.captures)
    failpoint("rebuild:written")
    aside = _remove_old(path, keep=keep_old)
    fresh.replace(path / "index.db")
    sync_folder(path)
    failpoint("rebuild:replaced")
    with Index.open(path / "index.db") as index:
        forget_progress(index)
    return Rebuilt(
        files=filled.files, captures=filled.captures, readings=filled.readings, taken_up=made.taken_up,
        problems=(*absent, *filled.problems, *fewer), aside=aside, queue=queue, unresolved=filled.unresolved, stats=stats,
    )  # fmt: skip


def _list(index: Index, path: Path, file: WarcFile) -> None:
    """Write the CDXJ of a file that is sealed."""
    if file.path.suffix != ".open":
        cdxj.write(path / "indexes", file.name, (cdxj.line(capture) for capture in index.captures(warc=file.name)))


def _remove_old(path: Path, *, keep: bool) -> Path | None:
    """Remove the old index and its log, or move them to the quarantine."""
    old = path / "index.db"
    if not old.exists():
        return None
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(old)) as before:
        # So that it is whole without its log, should we be cut short now. A damaged one cannot be.
        before.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    place = path / "quarantine" / f"index-{clock.now():%Y%m%d%H%M%S%f}.db"
    for suffix in ("-wal", "-shm", ""):
        file = path / f"index.db{suffix}"
        if file.exists() and keep:
            place.parent.mkdir(exist_ok=True)
            file.rename(place.with_name(place.name + suffix))
        elif suffix:
            file.unlink(missing_ok=True)
    return place if keep else None


def _absent(path: Path, old: OldIndex | None, files: Sequence[WarcFile], *, keep_old: bool) -> list[str]:
    """List missing files of which the old index has captures, one sentence each.

    Raises:
        SetupError: There are some, and the old index is the only one to tell of them.
    """
    there, counts = {file.name for file in files if file.path.exists()}, old.captures if old else {}
    absent = [(name, count) for name, count in counts.items() if name not in there]
    gone = [f"{counted(count, 'capture lies', 'captures lie')} in {name}, which is not there" for name, count in absent]
    if gone and not keep_old:
        more = f" (and {len(gone) - 1} more files)" if len(gone) > 1 else ""
        do = f"put it back; or, to have an index of what is there, move {path / 'index.db'} aside first"
        raise SetupError(f"{path}: {gone[0]}{more}: the old index is kept; {do}")
    return [f"{what}: put it back" for what in gone]


def _fewer(old: OldIndex | None, captures: int) -> list[str]:
    had = sum(old.captures.values()) if old else 0
    return [f"the old index had {had} captures, {captures} are left: the files hold less than before"] if captures < had else []


def _take_over(index: Index, old: OldIndex | None, sent_on: Container[str]) -> bool:
    """Restore the frontier and copy the old index's own tables; False if it is damaged."""
    if old is not None:
        try:
            with index.atomic():
                restore_frontier(index, queue=True, old=old, sent_on=sent_on)
                _copy(index, old)
            return True
        except (ArchiveError, sqlite3.DatabaseError) as error:
            if is_disk_full(error):  # what only the old index knows would be lost
                raise
    with index.atomic():
        restore_frontier(index, queue=False, sent_on=sent_on)
    return False


def _copy(index: Index, old: OldIndex) -> None:
    """Copy what only the old index knows: runs, mirrors, checks, the frontier."""
    there = {str(row[0]) for row in old.index.rows("SELECT name FROM sqlite_master")}  # an older one has fewer
    for table in there.intersection(("runs", "mirrors", "fixity", "qa", "outbox")):
        there_still = " WHERE EXISTS (SELECT 1 FROM captures WHERE record_id = ?1)" if table == "qa" else ""
        for row in old.index.rows(f"SELECT * FROM {table}"):
            sql = f"INSERT OR IGNORE INTO {table} ({', '.join(row.keys())}) SELECT {', '.join('?' * len(row))}{there_still}"
            index.conn.execute(sql, tuple(row))
    copy_rows(index.conn, old.index)
