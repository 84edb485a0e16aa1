"""Signs of overload that earlier runs met, from the index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crawler.index.connection import IndexConnection
from crawler.index.rows import iso
from crawler.pacing.delays import MEMORY, OVERLOADED


def signs_of_overload(index: IndexConnection, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield host and time of answers that told of overload, by time.

    Failures are few: captures would be many.
    """
    statuses = ", ".join(map(str, sorted(OVERLOADED)))
    sql = (
        "SELECT f.host, f.date FROM failures f JOIN captures c ON c.id = f.capture_id"
        f" WHERE f.date >= ? AND f.date <= ? AND f.reason = 'status' AND c.status IN ({statuses}) ORDER BY f.date, f.url, f.attempt"
    )
    for host, date in index.query(sql, (iso(now - MEMORY), iso(now))):
        yield str(host), datetime.fromisoformat(date)
