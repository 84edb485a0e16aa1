"""Changes of table `frontier` inside a transaction of the collection's writer.

Of a worker with a shared frontier, triggers note each of them (`crawler.outbox`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from attrs import evolve

from crawler.frontier.due_rechecks import heal_clock, queue_due, rows_of
from crawler.frontier.lane_names import lane_name
from crawler.frontier.rows import COLUMNS, FrontierRow, differences, new_row, row_of, values_of
from crawler.frontier.run_scope import RunScope
from crawler.index.rows import iso
from crawler.items import BY_NUMBER, Capture, FrontierRequest

_SAVE = f"INSERT OR REPLACE INTO frontier ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{name}' for name in COLUMNS)})"
_ALWAYS = ("state", "record_id", "changed")
"""Written with every change: what a commit of the writer itself may have set meanwhile."""
Changed = tuple[FrontierRow | None, FrontierRow]
"""A row as it was, or None for a new one, and as it is now."""
_VALIDATORS = ("etag", "last_modified", "validates", "validates_host")
_HELD = "EXISTS (SELECT 1 FROM captures c WHERE c.record_id = frontier.record_id AND c.state = 'ok')"


class Rows(Protocol):
    """Reads an index: rows of a SELECT."""

    def rows(self, sql: str) -> Iterable[sqlite3.Row]:
        """Yield the rows of a SELECT."""


def save(db: sqlite3.Connection, row: FrontierRow) -> None:
    """Insert or replace one row."""
    db.execute(_SAVE, values_of(row))


def saved_row(db: sqlite3.Connection, key: str) -> FrontierRow | None:
    """Read the row of a key, within a change or outside of a run."""
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    found = cursor.execute("SELECT * FROM frontier WHERE key = ?", (key,)).fetchone()
    return row_of(found) if found else None


class RowChanges:
    """Changes of rows to be saved in one piece; of each row only the last.

    Args:
        rows: By key.
    """

    def __init__(self, rows: dict[str, Changed]) -> None:
        self.rows = rows

    def __call__(self, db: sqlite3.Connection) -> None:
        """Save the changes."""
        save_changes(db, self.rows.values())

    def then(self, later: Callable[[sqlite3.Connection], None]) -> bool:
        """Add changes that were made after these; False if they are of another kind."""
        if not isinstance(later, RowChanges):
            return False
        for key, (was, row) in later.rows.items():
            before = self.rows.get(key)
            self.rows[key] = (was if before is None else before[0], row)
        return True


def save_changes(db: sqlite3.Connection, changes: Iterable[Changed]) -> None:
    """Insert the rows that are new, and update the changed columns of the others.

    Args:
        changes: Not more than one of a key.
    """
    groups: dict[tuple[str, ...], list[tuple[list[object], FrontierRow]]] = {}
    for was, row in changes:
        columns, values = changed_columns(was, row)
        groups.setdefault(columns, []).append((values, row))
    for columns, some in groups.items():
        if columns:
            _update(db, columns, some)
        else:
            db.executemany(_SAVE, [values_of(row) for _, row in some])


def _update(db: sqlite3.Connection, columns: Sequence[str], changes: Sequence[tuple[list[object], FrontierRow]]) -> None:
    sql = f"UPDATE frontier SET {', '.join([f'{name} = ?' for name in columns])} WHERE key = ?"
    if db.executemany(sql, [(*values, row.key) for values, row in changes]).rowcount < len(changes):
        # A row that could not be saved when it was new: a fault of that change alone.
        db.executemany(_SAVE, [values_of(row) for _, row in changes])


def changed_columns(was: FrontierRow | None, row: FrontierRow) -> tuple[tuple[str, ...], list[object]]:
    """Name the columns to write, with their values; none if the row is new."""
    return ((), []) if was is None else differences(was, row, _ALWAYS)


def queue_new(db: sqlite3.Connection, requests: Iterable[FrontierRequest], *, run_id: int | None, now: datetime) -> int:
    """Queue the requests whose keys have no row; return how many."""
    new = 0
    for request in requests:
        if db.execute("SELECT 1 FROM frontier WHERE key = ?", (request.key,)).fetchone() is None:
            save(db, evolve(new_row(request, run_id, iso(now), added=iso(now)), changed=iso(now)))
            new += 1
    return new


def mark_captured(db: sqlite3.Connection, key: str, record_id: str) -> None:
    """Set a leased row `captured`: its answer is recorded, not parsed."""
    db.execute("UPDATE frontier SET state = 'captured', record_id = ? WHERE key = ?", (record_id, key))


def mark_recovered(db: sqlite3.Connection, key: str, record_id: str) -> None:
    """Set a row `captured` whose answer recovery found; a settled row stays."""
    sql = "UPDATE frontier SET state = 'captured', record_id = ? WHERE key = ? AND state IN ('queued', 'leased', 'captured')"
    db.execute(sql, (record_id, key))


def queue_lost(db: sqlite3.Connection, record_id: str) -> None:
    """Queue the row whose capture is lost."""
    db.execute("UPDATE frontier SET state = 'queued' WHERE record_id = ?", (record_id,))


def queue_missing(db: sqlite3.Connection) -> None:
    """Queue the rows that are done by captures unknown to the index."""
    missing = "record_id IS NOT NULL AND record_id NOT IN (SELECT record_id FROM captures)"
    db.execute(f"UPDATE frontier SET state = 'queued' WHERE state = 'done' AND {missing}")


def mark_unusable(db: sqlite3.Connection, record_id: str, usable: Capture | None, due: str | None) -> None:
    """Correct a done row whose answer turned out unusable when it was parsed.

    Args:
        usable: The last usable answer of the row, whose validators the next request takes.
        due: When to ask again; None leaves the time that is set.
    """
    known = (usable.etag, usable.last_modified, usable.revisit_of or usable.record_id, usable.host) if usable else (None,) * 4
    db.execute(
        f"UPDATE frontier SET ({', '.join(_VALIDATORS)}) = (?, ?, ?, ?), due = coalesce(?, due) WHERE record_id = ? AND state = 'done'",
        (*known, due, record_id),
    )


def renew_validators(db: sqlite3.Connection, key: str, usable: Capture | None) -> None:
    """Give a settled row without validators those of its last usable answer."""
    if usable is not None:
        known = (usable.etag, usable.last_modified, usable.revisit_of or usable.record_id, usable.host)
        db.execute(
            f"UPDATE frontier SET ({', '.join(_VALIDATORS)}) = (?, ?, ?, ?)"
            " WHERE key = ? AND validates IS NULL AND state NOT IN ('queued', 'leased', 'captured')",
            (*known, key),
        )


def restored_by_number(row: FrontierRow, capture: Capture, usable: Capture | None) -> FrontierRow:
    """Restore the row of a story that was asked for by number, or leave it."""
    if capture.found_on != BY_NUMBER:
        return row
    if usable is not None:
        return evolve(row, target=evolve(row.target, url=usable.url, found_on=None))
    told = capture.status is not None and capture.status < 500 and capture.status != 429
    return evolve(row, reason="status", detail=str(capture.status), due="") if told else row


def rename_record(db: sqlite3.Connection, record_id: str, derived: str) -> None:
    """Let the rows that name a record_id name another."""
    for column in ("record_id", "validates"):
        db.execute(f"UPDATE frontier SET {column} = ? WHERE {column} = ?", (derived, record_id))


def reopen(
    db: sqlite3.Connection, *, run_id: int, now: datetime, due: bool, rechecks: int = 1_000_000_000, files: bool = True,
    scope: RunScope | None = None,
) -> int:  # fmt: skip
    """Begin a run: queue the rows that were in flight, unless their capture is held.

    Args:
        due: Whether rows due for a recheck are queued too.
        rechecks: How many of them at most.
        files: Whether style sheets and scripts are asked for again.
        scope: Rows of one run among many, whose lanes no other works on; None: all.
    Returns:
        The rechecks in the queue.
    """
    table, mine, given = rows_of(scope)
    db.execute(f"UPDATE {table} SET state = 'captured' WHERE state = 'leased' AND {_HELD}{mine}", given)
    again = "SET state = 'queued', lease_until = NULL, tried = '[]', attempts = 0"
    db.execute(f"UPDATE {table} {again} WHERE state = 'leased'{mine}", given)
    db.execute(f"UPDATE {table} {again} WHERE state = 'captured' AND NOT {_HELD}{mine}", given)
    # What another mirror said then cannot be compared with what this one says now.
    compared = "state = 'queued' AND host IS NOT NULL AND role IN ('story', 'seed', 'section')"
    late = "'failed', reason = 'limit', detail = 'the run ended before the second mirror was asked', due = ''"
    db.execute(f"UPDATE {table} SET state = {late} WHERE {compared}{mine}", given)
    # What was queued in what is now the future: the clock was set back, and nothing is to wait until it has caught up.
    db.execute(f"UPDATE {table} SET due = :now WHERE state = 'queued' AND due > :now AND changed > :now{mine}", {**given, "now": iso(now)})
    heal_clock(db, run_id=run_id, now=now, scope=scope)
    return queue_due(db, run_id=run_id, now=now, most=rechecks, files=files, scope=scope) if due else 0


def name_lanes(db: sqlite3.Connection, owners: Mapping[str, str]) -> int:
    """Name the lanes of rows without one, of a crawl or a rebuilt index."""
    rows = db.execute("SELECT site, url, key FROM frontier WHERE lane IS NULL").fetchall()
    db.executemany("UPDATE frontier SET lane = ? WHERE key = ?", [(lane_name(site, url, owners), key) for site, url, key in rows])
    return len(rows)


def copy_rows(db: sqlite3.Connection, old: Rows) -> None:
    """Take over the rows of an older index, which tell more than captures do.

    A row without validators there keeps those known here: its page had been given up then.
    """
    for row in old.rows("SELECT * FROM frontier"):
        values = dict(row)
        if values["validates"] is None:
            known = db.execute(f"SELECT {', '.join(_VALIDATORS)} FROM frontier WHERE key = ?", (values["key"],)).fetchone()
            values.update(zip(_VALIDATORS, known or (), strict=False))
        sql = f"INSERT OR REPLACE INTO frontier ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
        db.execute(sql, tuple(values.values()))
    queue_missing(db)
