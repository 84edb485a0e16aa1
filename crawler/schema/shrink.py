"""Room on the disk for a migration, and the file made smaller after it."""

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
        conn.execute("VACUUM")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        logger.warning("index-not-shrunk path=%s free=%d error=%s", path, free * size, error)
