"""Rows of table `qa`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from crawler.collection.collection import Collection
from crawler.disk.write_errors import told_if_full
from crawler.errors import CollectionLocked, SetupError
from crawler.index.index import Index
from crawler.index.rows import Value

PATIENCE = 30.0
"""Seconds that a crawl in the same collection is waited for."""
Row = dict[str, Value]


def note_looks(path: Path, rows: Sequence[Row], *, patience: float = PATIENCE) -> None:
    """Write rows into the index of a collection.

    Raises:
        CollectionLocked: A crawl is writing, and went on for longer than we waited.
        SetupError: The index cannot be written.
        WriteFailed: The disk is full.
    """
    if not rows:
        return
    names = list(rows[0])
    sql = f"INSERT OR REPLACE INTO qa ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    until = time.monotonic() + patience
    while True:
        try:
            with told_if_full(path), closing(Collection.hold(path)), Index.open(path / "index.db") as index, index.atomic():
                index.conn.executemany(sql, [tuple(row[name] for name in names) for row in rows])
            return
        except CollectionLocked:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        except OSError as error:
            raise SetupError(f"{path}: cannot write there: {error.strerror or error}") from error
