"""Rechecks that are due, and choice of those that a run asks for.

The most overdue go first: by the time since they were due, as a share of their interval. They stand behind all that is new, in that order.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from crawler.index.rows import iso

RECHECK = -1000
"""Priority of the most overdue recheck; the next ones have the numbers below."""
UNKNOWN_EVERY = 86_400
"""Seconds that count as the interval of a row whose schedule is not known."""
DUE = "state IN ('done', 'failed') AND due > '' AND due <= :now"
"""SQL: a settled row that is to be asked for again."""
SOON = timedelta(hours=1)
"""By how much a recheck may be asked for early, if that is at most a tenth of its interval: runs begin at fixed times, a little before."""
DUE_SOON = (
    "state IN ('done', 'failed') AND due > '' AND due <= :soon"
    " AND (due <= :now OR (julianday(due) - julianday(:now)) * 864000 <= coalesce(every, 0))"
)
"""SQL: a settled row that is due, or nearly."""
OF_RECHECK = "role IN ('story', 'page') AND (state = 'done' OR record_id IS NOT NULL AND validates IS NOT NULL)"
"""SQL: such a row is a recheck; a story that never came is none, but news."""
OVERDUE = f"(julianday(:now) - julianday(due)) / coalesce(every, {UNKNOWN_EVERY})"
"""SQL: how overdue a row is, relative to its interval."""
_AGAIN = "state = 'queued', attempts = 0, tried = '[]', answered = '[]', run_id = :run, due = :now"


def queue_due(db: sqlite3.Connection, *, run_id: int, now: datetime, most: int, files: bool = True) -> int:
    """Queue what is due, of the rechecks at most so many, the most overdue first.

    Args:
        files: Whether style sheets and scripts are asked for again.

    Returns:
        The rechecks in the queue, those among them that an earlier run left there.
    """
    given: dict[str, object] = {"run": run_id, "now": iso(now), "files": files}
    wanted = f"NOT ({OF_RECHECK}) AND (role != 'requisite' OR every IS NULL OR :files)"
    db.execute(f"UPDATE frontier SET {_AGAIN} WHERE {DUE} AND {wanted}", given)
    left = int(db.execute("SELECT count(*) FROM frontier WHERE state = 'queued' AND priority <= ?", [RECHECK]).fetchone()[0])
    given["soon"] = iso(now + SOON)
    chosen = f"SELECT key FROM frontier WHERE {DUE_SOON} AND {OF_RECHECK} ORDER BY {OVERDUE} DESC, due, key LIMIT :most"
    keys = [key for (key,) in db.execute(chosen, {**given, "most": max(0, most - left)})]
    again = f"UPDATE frontier SET {_AGAIN}, priority = :priority WHERE key = :key"
    db.executemany(again, ({**given, "key": key, "priority": RECHECK - left - rank} for rank, key in enumerate(keys)))
    return left + len(keys)


def heal_clock(db: sqlite3.Connection, *, run_id: int, now: datetime) -> None:
    """Bring back rows that were scheduled by a clock ahead of this one.

    Such rows wait one interval from now: neither until the wrong time comes, nor all together no time at all.
    """
    last = "SELECT started, ended FROM runs WHERE id < ? ORDER BY id DESC LIMIT 1"
    times = next(iter(db.execute(last, [run_id]).fetchall()), ())
    if not any(time and time > iso(now) for time in times):
        return
    db.execute(
        "UPDATE frontier SET changed = :now, due = strftime('%Y-%m-%dT%H:%M:%f000Z', julianday(:now)"
        f" + coalesce(every, {UNKNOWN_EVERY}) / 86400.0)"
        " WHERE state IN ('done', 'failed') AND due > :now AND changed > :now",
        {"now": iso(now)},
    )
