"""Attempts of which no byte came, held against the records that tell of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from attrs import define, field

from crawler.index.rows import bound, clean
from crawler.items import Failure


@define
class Attempts:
    """Remembers which attempts the WARCs tell of: by hashes, since there may be millions."""

    _told: set[int] = field(factory=set, init=False)

    def is_known(self, conn: sqlite3.Connection, failure: Failure) -> bool:
        """Whether an attempt that a WARC tells of has its row."""
        key = (clean(failure.url), bound(failure.date), failure.attempt, clean(failure.reason))
        self._told.add(hash(key))
        sql = "SELECT 1 FROM failures WHERE url = ? AND date = ? AND attempt = ? AND reason = ? AND capture_id IS NULL"
        return conn.execute(sql, key).fetchone() is not None

    def untold(self, conn: sqlite3.Connection) -> Iterator[tuple[str, str, int, str]]:
        """Address, date, attempt and reason of the rows of which no WARC tells."""
        for row in conn.execute("SELECT url, date, attempt, reason FROM failures WHERE capture_id IS NULL"):
            if hash(tuple(row)) not in self._told:
                yield row[0], row[1], row[2], row[3]
