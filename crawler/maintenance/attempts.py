"""Compare rows of attempts without a byte with the records of the WARCs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from attrs import define, field

from crawler.index.rows import bound, clean
from crawler.items import Failure


@define
class Attempts:
    """The attempts of the WARCs, as hashes, since there may be millions."""

    _recorded: set[int] = field(factory=set, init=False)

    def is_known(self, conn: sqlite3.Connection, failure: Failure) -> bool:
        """Test if an attempt of a WARC has its row."""
        key = (clean(failure.url), bound(failure.date), failure.attempt, clean(failure.reason))
        self._recorded.add(hash(key))
        sql = "SELECT 1 FROM failures WHERE url = ? AND date = ? AND attempt = ? AND reason = ? AND capture_id IS NULL"
        return conn.execute(sql, key).fetchone() is not None

    def without_record(self, conn: sqlite3.Connection, last: int) -> Iterator[tuple[str, str, int, str]]:
        """Yield address, date, attempt and reason of rows without a record.

        Args:
            last: Row number behind which the attempts are too young: their WARC may not have been read to there.
        """
        for row in conn.execute("SELECT url, date, attempt, reason FROM failures WHERE capture_id IS NULL AND id <= ?", (last,)):
            if hash(tuple(row)) not in self._recorded:
                yield row[0], row[1], row[2], row[3]
