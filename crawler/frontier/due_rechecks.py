"""Rechecks that are due, and choice of those that a run asks for.

The most overdue go first: by the time since they were due, as a share of their interval. They stand behind all that is new, in that order.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from crawler.frontier.run_scope import OF_SCOPE, RunScope
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

BY_STATE = "frontier INDEXED BY idx_frontier_scope"
"""SQL: rows of workers, by lane, state and time. Named, since SQLite would take an index that holds the rows of all sites."""


def rows_of(scope: RunScope | None) -> tuple[str, str, dict[str, object]]:
    """Return table, further condition and its arguments for a scope's rows, or all."""
    return ("frontier", "", {}) if scope is None else (BY_STATE, f" AND {OF_SCOPE}", scope.arguments)


def queue_due(
    db: sqlite3.Connection, *, run_id: int, now: datetime, most: int, files: bool = True, scope: RunScope | None = None
) -> int:
    """Queue what is due, of the rechecks at most so many, the most overdue first.

    Args:
        files: Whether style sheets and scripts are asked for again.
        scope: Rows of one run among many; None: all.

    Returns:
        The rechecks in the queue, those among them that an earlier run left there.
    """
    table, mine, given = rows_of(scope)
    given |= {"run": run_id, "now": iso(now), "files": files, "recheck": RECHECK}
    wanted = f"NOT ({OF_RECHECK}) AND (role != 'requisite' OR every IS NULL OR :files)"
    db.execute(f"UPDATE {table} SET {_AGAIN} WHERE {DUE} AND {wanted}{mine}", given)
    left = int(db.execute(f"SELECT count(*) FROM {table} WHERE state = 'queued' AND priority <= :recheck{mine}", given).fetchone()[0])
    given["soon"] = iso(now + SOON)
    chosen = f"SELECT key FROM {table} WHERE {DUE_SOON} AND {OF_RECHECK}{mine} ORDER BY {OVERDUE} DESC, due, key LIMIT :most"
    keys = [key for (key,) in db.execute(chosen, {**given, "most": max(0, most - left)})]
    again = f"UPDATE frontier SET {_AGAIN}, priority = :priority WHERE key = :key"
    db.executemany(again, ({**given, "key": key, "priority": RECHECK - left - rank} for rank, key in enumerate(keys)))
    return left + len(keys)


def heal_clock(db: sqlite3.Connection, *, run_id: int, now: datetime, scope: RunScope | None = None) -> None:
    """Bring back rows that were scheduled by a clock ahead of this one.

    Such rows wait one interval from now: neither until the wrong time comes, nor all together no time at all.
    """
    last = "SELECT started, ended FROM runs WHERE id < ? ORDER BY id DESC LIMIT 1"
    times = next(iter(db.execute(last, [run_id]).fetchall()), ())
    if not any(time and time > iso(now) for time in times):
        return
    table, mine, given = rows_of(scope)
    db.execute(
        f"UPDATE {table} SET changed = :now, due = strftime('%Y-%m-%dT%H:%M:%f000Z', julianday(:now)"
        f" + coalesce(every, {UNKNOWN_EVERY}) / 86400.0)"
        f" WHERE state IN ('done', 'failed') AND due > :now AND changed > :now{mine}",
        {**given, "now": iso(now)},
    )
