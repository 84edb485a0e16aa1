"""Changes of table `frontier` that go with changes of captures, each made within the caller's transaction."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from crawler.index.rows import iso
from crawler.items import Capture


def mark_captured(db: sqlite3.Connection, key: str, record_id: str) -> None:
    """Note that the answer for a row that is in flight lies in the archive, yet to be read."""
    db.execute("UPDATE frontier SET state = 'captured', record_id = ? WHERE key = ?", (record_id, key))


def mark_found(db: sqlite3.Connection, key: str, record_id: str) -> None:
    """Note that a crash left the answer for a row in the archive; one that has ended stays as it is."""
    sql = "UPDATE frontier SET state = 'captured', record_id = ? WHERE key = ? AND state IN ('queued', 'leased', 'captured')"
    db.execute(sql, (record_id, key))


def ask_again(db: sqlite3.Connection, record_id: str) -> None:
    """Queue the row whose capture is lost."""
    db.execute("UPDATE frontier SET state = 'queued' WHERE record_id = ?", (record_id,))


def answered_in_vain(db: sqlite3.Connection, record_id: str, usable: Capture | None, due: str | None) -> None:
    """Note that the answer by which a row is done turned out to be none once it was read.

    Args:
        usable: The last usable answer of the row, by which it is asked for again.
        due: When to ask again; None leaves what is known.
    """
    known = (usable.etag, usable.last_modified, usable.revisit_of or usable.record_id, usable.host) if usable else (None,) * 4
    db.execute(
        "UPDATE frontier SET (etag, last_modified, validates, validates_host) = (?, ?, ?, ?), due = coalesce(?, due)"
        " WHERE record_id = ? AND state = 'done'",
        (*known, due, record_id),
    )


def ask_again_for_missing(db: sqlite3.Connection) -> None:
    """Queue the rows that are done by captures of which the index knows nothing."""
    missing = "record_id IS NOT NULL AND record_id NOT IN (SELECT record_id FROM captures)"
    db.execute(f"UPDATE frontier SET state = 'queued' WHERE state = 'done' AND {missing}")


def reopen(db: sqlite3.Connection, *, run_id: int, now: datetime, due: bool) -> None:
    """At the start of a run: what was in flight waits again, unless the index holds its capture; what is held is read, not fetched.

    Args:
        due: Whether what is due for a recheck waits again too.
    """
    held = "record_id IN (SELECT record_id FROM captures WHERE state = 'ok')"
    db.execute(f"UPDATE frontier SET state = 'captured' WHERE state = 'leased' AND {held}")
    again = "SET state = 'queued', lease_until = NULL, tried = '[]', attempts = 0"
    db.execute(f"UPDATE frontier {again} WHERE state = 'leased' OR (state = 'captured' AND coalesce(NOT {held}, 1))")
    # What was queued in what is now the future: the clock was set back, and nothing is to wait until it has caught up.
    db.execute("UPDATE frontier SET due = ? WHERE state = 'queued' AND due > ? AND changed > ?", (iso(now),) * 3)
    if due:
        db.execute(
            "UPDATE frontier SET state = 'queued', attempts = 0, tried = '[]', answered = '[]', run_id = ?, due = ?"
            " WHERE state IN ('done', 'failed') AND due != '' AND due <= ?",
            (run_id, iso(now), iso(now)),
        )
