"""Upkeep of an index: statistics of the planner, segments of the full text, write-ahead log."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from crawler.collection.collection import Collection
from crawler.disk.write_errors import told_if_full
from crawler.errors import SetupError
from crawler.formatting import counted
from crawler.index.full_text import FULL_TEXT
from crawler.index.index import Index

MERGE_PAGES = 500
"""Pages of full text that are merged at a time."""
MERGE_SECONDS = 60.0
"""Time for all merging of a call; the rest is for the next one."""
ANALYSIS_ROWS = 1000
"""Rows of each index that SQLite looks at for its statistics."""


def keep_up(path: Path) -> list[str]:
    """Optimise an index, under the collection's lock; nothing in it is changed or removed.

    Returns:
        What was done, for people.
    Raises:
        CollectionLocked: A crawl is writing.
        SetupError: It cannot be opened or written.
        WriteFailed: The disk is full.
    """
    try:
        with told_if_full(path), closing(Collection.hold(path)), Index.open(path / "index.db") as index:
            done = [merge_full_text(index, seconds=MERGE_SECONDS)]
            index.conn.execute(f"PRAGMA analysis_limit = {ANALYSIS_ROWS}").fetchall()
            index.conn.execute("PRAGMA optimize").fetchall()
            busy, *_ = index.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            done += ["statistics looked after", "log in use, left" if busy else "log emptied"]
            return done
    except OSError as error:
        raise SetupError(f"{path}: cannot write there: {error.strerror or error}") from error


def merge_full_text(index: Index, *, seconds: float) -> str:
    """Merge segments of the full text; tell how many are left."""
    deadline = time.monotonic() + seconds
    segments = 0
    for table in FULL_TEXT:
        search = f"{table}_fts"
        while _segments(index, search) > 1 and time.monotonic() < deadline:
            before = index.conn.total_changes
            # The least of 4 segments of a level is FTS5's own; -n takes segments of all levels.
            index.conn.execute(f"INSERT INTO {search}({search}, rank) VALUES ('merge', ?)", [-MERGE_PAGES])
            merged = index.conn.total_changes - before
            while merged > 1 and time.monotonic() < deadline:
                before = index.conn.total_changes
                index.conn.execute(f"INSERT INTO {search}({search}, rank) VALUES ('merge', ?)", [MERGE_PAGES])
                merged = index.conn.total_changes - before
            if merged < 2:
                break
        segments += _segments(index, search)
    return f"full text in {counted(segments, 'segment')}"


def _segments(index: Index, search: str) -> int:
    return int(index.query(f"SELECT count(DISTINCT segid) FROM {search}_idx")[0][0])
