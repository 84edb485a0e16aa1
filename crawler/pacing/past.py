"""Signs of overload and requests of earlier runs, from the index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crawler.errors import POLICY_REASONS
from crawler.index.connection import IndexConnection
from crawler.index.rows import iso
from crawler.pacing.budget import DAY
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


def requests_of_day(index: IndexConnection, now: datetime) -> Iterator[tuple[str, str, int]]:
    """Yield host, hour and number of the requests of the last 24 hours.

    Each exchange is a capture: robots.txt and hops of redirects too. Attempts of which no byte came count as well, but for those that never
    left this machine.
    """
    since, until = iso(now - DAY)[:13], iso(now)
    kept_here = ", ".join(f"'{reason}'" for reason in sorted(POLICY_REASONS | {"dns", "parser-fault"}))
    captured = "SELECT host, substr(date, 1, 13) AS hour FROM captures WHERE date >= ? AND date <= ?"
    failed = (
        "SELECT host, substr(date, 1, 13) FROM failures WHERE date >= ? AND date <= ? AND capture_id IS NULL"
        f" AND reason NOT IN ({kept_here})"
    )
    sql = f"SELECT host, hour, count(*) FROM ({captured} UNION ALL {failed}) GROUP BY 1, 2"
    for host, hour, count in index.query(sql, (since, until, since, until)):
        yield str(host), str(hour), int(count)
