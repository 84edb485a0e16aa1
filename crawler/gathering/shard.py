"""A shard: the collection of one worker, read at one moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from crawler.collection.layout import find_warc
from crawler.errors import SetupError
from crawler.index.connection import OtherVersion
from crawler.index.index import Index
from crawler.index.rows import Value
from crawler.maintenance.opening import bring_up_to_date

BATCH = 1000
"""Rows read in one SELECT."""
SAMPLES = 64
"""Captures by which it is seen that a shard was read again."""


@frozen
class Shard:
    """An open shard. Made by `opened_shard`."""

    path: Path
    index: Index

    @property
    def captures(self) -> int:
        """Captures that it holds."""
        return int(self.index.query("SELECT captures - lost FROM totals")[0][0])

    def sealed(self) -> dict[str, dict[str, Value]]:
        """Rows of table `warcs` of its sealed files, by name."""
        return {str(row["name"]): row for row in self.index.warcs() if row["sealed"]}

    def place(self, name: str) -> Path:
        """Place of a WARC: on a disk, or in a store."""
        return find_warc(self.path, name)

    def rows_after(self, table: str, row: int, where: str = "1") -> Iterator[list[sqlite3.Row]]:
        """Yield the rows of a table behind a row number, some at a time."""
        while rows := self.index.query(f"SELECT * FROM {table} WHERE id > ? AND {where} ORDER BY id LIMIT {BATCH}", [row]):
            yield rows
            row = rows[-1]["id"]

    def sample(self, ids: Sequence[int]) -> list[list[Value]]:
        """Record id and reader version of captures of some row numbers."""
        sql = "SELECT record_id, reader_version FROM captures WHERE id = ?"
        return [list(row) for one in ids for row in self.index.query(sql, [one])]


@contextmanager
def opened_shard(path: Path) -> Iterator[Shard]:
    """Open a shard in a snapshot, brought up to date if need be.

    Raises:
        SetupError: There is no index, or it is of another version and cannot be written.
    """
    file = path / "index.db"
    try:
        index = Index.open(file, readonly=True)
    except OtherVersion:
        bring_up_to_date(path)
        try:
            index = Index.open(file, readonly=True)
        except OtherVersion as error:
            raise SetupError(f"{error}; or stop its worker and gather again: it is brought up to date if it can be written") from error
    with index, index.snapshot():
        yield Shard(path, index)
