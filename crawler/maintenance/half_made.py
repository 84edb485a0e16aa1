"""Progress of a rebuild, kept in the half-made index itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from attrs import define, field

from crawler.collection.layout import WarcFile
from crawler.errors import SetupError
from crawler.index.index import Index
from crawler.processing.name_of_readers import name_of_readers
from crawler.processing.parse_again import Readers
from crawler.processing.reading_stats import ReadingStats

_TABLE = "CREATE TABLE rebuild (kind TEXT NOT NULL, value TEXT NOT NULL)"
_DROP = "DROP TABLE IF EXISTS rebuild"
_LOG_PAGES = 8000
"""Pages of the log, 16 MB, after which they are copied into the index: a page that changes often is copied once."""


@define
class HalfMade:
    """An index that is being made, with the counts for the report.

    They are saved in the transaction of the rows that they count, so that a killed rebuild is taken up where it was.
    """

    index: Index
    stats: ReadingStats
    readings: int = 0
    """Captures parsed and filed so far."""
    taken_up: int = 0
    """Those of them that an earlier run filed, which was killed."""
    files: set[str] = field(factory=set)
    """Names of WARC files whose records are indexed."""
    problems: list[str] = field(factory=list)
    sent_on: set[str] = field(factory=set)
    """record_ids of pages that only lead elsewhere."""
    kept: bool = False
    """Whether the index has a place for these notes; an index for a comparison has none."""
    _saved: tuple[int, int] = (0, 0)

    def save(self) -> None:
        """Note the counts, and the problems and pages that came since the last call."""
        if not self.kept:
            return
        conn, (problems, sent_on) = self.index.conn, self._saved
        rows = [("problem", what) for what in self.problems[problems:]]
        if len(self.sent_on) > sent_on:
            conn.execute("DELETE FROM rebuild WHERE kind = 'sent on'")
            rows += [("sent on", record_id) for record_id in self.sent_on]
        conn.executemany("INSERT INTO rebuild VALUES (?, ?)", rows)
        conn.execute("UPDATE rebuild SET value = ? WHERE kind = 'counts'", [json.dumps(_document(self.stats, self.readings))])
        self._saved = len(self.problems), len(self.sent_on)

    def remove_part(self, file: WarcFile) -> None:
        """Remove the records of a file that was not indexed to its end."""
        if not self.kept:
            return
        conn = self.index.conn
        conn.execute("DELETE FROM failures WHERE capture_id IN (SELECT id FROM captures WHERE warc = ?)", [file.name])
        conn.execute("DELETE FROM captures WHERE warc = ?", [file.name])


def take_up(path: Path, readers: Readers, files: Sequence[WarcFile], stats: ReadingStats) -> HalfMade:
    """Open the half-made index at a path, or an empty one.

    Close its `index` when done.

    It is gone on with if its WARC files are as they were, and the readers too: one index is read by one version of them.

    Args:
        files: The WARC files of the collection now.
        stats: Empty; the counts of the earlier run are added.
    """
    version = readers_named(readers)
    with suppress(SetupError, sqlite3.DatabaseError, ValueError, KeyError):
        if path.exists() and (found := _opened(path, version, files, stats)) is not None:
            return found
    remove(path)
    index = Index.open(path)
    _quicken(index)
    with index.atomic():
        index.conn.execute(_TABLE)
        counts = json.dumps(_document(stats, 0))
        index.conn.executemany("INSERT INTO rebuild VALUES (?, ?)", [("readers", version), ("counts", counts)])
    return HalfMade(index=index, stats=stats, kept=True)


def remove(path: Path) -> None:
    """Delete a half-made index with its log."""
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        file.unlink(missing_ok=True)


def forget_progress(index: Index) -> None:
    """Remove the notes of a rebuild from an index that is in its place."""
    index.conn.execute(_DROP)


def _quicken(index: Index) -> None:
    """Sync a half-made index at checkpoints only, and these seldom."""
    # What a power cut takes from it is read again.
    index.conn.execute("PRAGMA synchronous = NORMAL")
    index.conn.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}").fetchall()


def _opened(path: Path, version: str, files: Sequence[WarcFile], stats: ReadingStats) -> HalfMade | None:
    """Open a half-made index; None if it must be begun anew."""
    index = Index.open(path)
    try:
        known = _notes(index, version) if _fits(index, files) else None
        if known is None:
            index.close()
            return None
    except BaseException:
        index.close()
        raise
    _quicken(index)
    return _restored(index, known, stats)


def _fits(index: Index, files: Sequence[WarcFile]) -> bool:
    """Test if each file that was indexed is as it was; others may have come."""
    there = {file.name: file.path for file in files}
    for row in index.warcs():
        path = there.get(str(row["name"]))
        if path is None or (row["sealed"] is None) != (path.suffix == ".open" or not path.exists()):
            return False
        if path.exists() and path.stat().st_size != row["bytes"]:
            return False
    return True


def _notes(index: Index, version: str) -> dict[str, list[str]] | None:
    notes: dict[str, list[str]] = {"problem": [], "sent on": []}
    for kind, value in index.query("SELECT kind, value FROM rebuild"):
        notes.setdefault(kind, []).append(value)
    whole = notes.get("readers") == [version] and index.query("PRAGMA quick_check")[0][0] == "ok"
    return notes if whole else None


def _restored(index: Index, notes: dict[str, list[str]], stats: ReadingStats) -> HalfMade:
    counts = json.loads(notes["counts"][0])
    stats.add(counts)
    made = HalfMade(
        index=index, stats=stats, readings=counts["readings"], taken_up=counts["readings"],
        files={str(row["name"]) for row in index.warcs()}, problems=notes["problem"], sent_on=set(notes["sent on"]), kept=True,
    )  # fmt: skip
    made._saved = len(made.problems), len(made.sent_on)
    return made


def _document(stats: ReadingStats, readings: int) -> dict[str, object]:
    return {"readings": readings, **stats.document()}


def readers_named(readers: Readers) -> str:
    """Name the readers of all sites, as far as they decide what is read."""
    return name_of_readers(readers.folders, readers.limits)
