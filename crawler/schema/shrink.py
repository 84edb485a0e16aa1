"""Size of the file: its pages, room for a migration, pages given back."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import tempfile
from pathlib import Path

from crawler.errors import SetupError

logger = logging.getLogger(__name__)

_LEAST_FREE = 1_000_000
"""Bytes of free pages for which the file is written anew."""

PAGE_BYTES = 2048
"""Size of a page: rows of an article are longer than one anyway, and half as much of the last one stays empty as of 4096."""
_MERGED_PAGES = 500
"""Pages of full text that are merged at the end of a run."""
_WHOLE_PAGES = 2000
"""Pages of full text, of 4 kB, up to which all of it is merged then: a tenth of a second."""
_FREED_PAGES = 10_000
"""Pages that are given back at the end of a run."""


def prepare_file(conn: sqlite3.Connection) -> None:
    """Set what cannot be changed once a file has tables."""
    conn.execute(f"PRAGMA page_size = {PAGE_BYTES}").fetchall()
    conn.execute("PRAGMA auto_vacuum = INCREMENTAL").fetchall()


def tidy(conn: sqlite3.Connection) -> None:
    """Merge some full text, and give some free pages back to the disk."""
    try:
        for table in ("versions_fts", "images_fts"):
            segments, pages = conn.execute(f"SELECT count(DISTINCT segid), count(*) FROM {table}_idx").fetchone()
            # Less than nothing merges segments of all sizes; a single one would be written anew.
            how = _MERGED_PAGES if pages > _WHOLE_PAGES else -_WHOLE_PAGES
            if segments > 1:
                conn.execute(f"INSERT INTO {table}({table}, rank) VALUES ('merge', ?)", [how])
        # `execute` would stop after the first page.
        conn.executescript(f"PRAGMA incremental_vacuum({_FREED_PAGES})")
    except sqlite3.OperationalError as error:
        logger.warning("index-not-tidied error=%s", error)


def check_room(path: Path) -> None:
    """Check that the write-ahead log of a migration fits on the disk.

    Raises:
        SetupError: It may not; the index stays as it is.
    """
    # Migrations write less than they read: the log holds what is new, and pages that become free are not in it.
    needed, free = path.stat().st_size, shutil.disk_usage(path.parent).free
    if free < needed:
        raise SetupError(f"{path}: an update of its tables needs {needed:,} bytes of free disk, there are {free:,}; make room first")


def shrink(conn: sqlite3.Connection, path: Path) -> None:
    """Give the free pages of an index back to the disk, if they are many."""
    pages, free, size = (int(conn.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "freelist_count", "page_size"))
    if free * size < _LEAST_FREE or free * 5 < pages:
        return
    kept = (pages - free) * size
    # A copy of what is kept in the folder of temporary files, then in the log.
    if min(shutil.disk_usage(folder).free for folder in (path.parent, tempfile.gettempdir())) < 2 * kept:
        logger.warning("index-not-shrunk path=%s free=%d: no room for a copy; `VACUUM` does it later", path, free * size)
        return
    try:
        _vacuum(conn)
    except sqlite3.OperationalError as error:
        logger.warning("index-not-shrunk path=%s free=%d error=%s", path, free * size, error)


def _vacuum(conn: sqlite3.Connection) -> None:
    """Write the file anew, with pages of today's size unless it is being read."""
    try:
        conn.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.OperationalError:
        conn.execute("VACUUM")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return
    try:
        prepare_file(conn)
        conn.execute("VACUUM")
    finally:
        conn.execute("PRAGMA journal_mode = WAL").fetchall()
