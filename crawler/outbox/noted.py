"""Table `outbox`: changed rows that the shared frontier was not told of.

A trigger notes each change in the transaction that makes it, so nothing is told before it is on disk, and nothing is forgotten by a crash.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from attrs import frozen

_NOTE = """CREATE TEMP TRIGGER IF NOT EXISTS note_{event} AFTER {event} ON frontier
WHEN NEW.lane IS NOT NULL AND NEW.state NOT IN ('leased', 'captured') AND NOT EXISTS (SELECT 1 FROM untold)
BEGIN
    DELETE FROM outbox WHERE key = NEW.key;
    INSERT INTO outbox (key, lane, noted)
        VALUES (NEW.key, NEW.lane, strftime('%Y-%m-%dT%H:%M:%fZ', 'now') || ' ' || lower(hex(randomblob(8))));
END"""
APART = frozenset(("key", "lane", "job", "state", "due", "priority"))
"""Columns that the shared frontier holds by name."""
LOCAL = frozenset(("run_id", "lease_until"))
"""Columns that mean nothing elsewhere."""
_NOTHING: Collection[object] = (None, "[]")
_WARC = "(SELECT warc FROM captures WHERE captures.record_id = f.record_id) AS in_warc"


@frozen(kw_only=True)
class NotedRow:
    """A row that changed, as it stands now."""

    key: str
    noted: str
    """Names the change: a later one of the same row has another."""
    lane: str
    job: str | None
    state: str
    """`queued`, `done`, `failed` or `refused`: a request in flight is still queued."""
    due: str
    priority: int
    warc: str | None
    """Name of the WARC with its last capture."""
    columns: Mapping[str, Any]
    """The other columns, without those that are empty."""


def install(db: sqlite3.Connection) -> None:
    """Have the changes made over this connection noted from now on."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS untold (a INTEGER)")
    for event in ("INSERT", "UPDATE"):
        db.execute(_NOTE.format(event=event))
    db.execute("DELETE FROM outbox WHERE key NOT IN (SELECT key FROM frontier)")


@contextmanager
def untold(db: sqlite3.Connection) -> Iterator[None]:
    """Note none of the changes made within, which others know."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS untold (a INTEGER)")
    db.execute("INSERT INTO untold VALUES (1)")
    yield
    db.execute("DELETE FROM untold")


def noted_rows(db: sqlite3.Connection, most: int, *, skip: Mapping[str, str] | None = None, lane: str | None = None) -> Iterator[NotedRow]:
    """Yield the rows that changed, the longest ago first, as they stand now.

    In the order in which they were written: the links of a page before the page is done.

    Args:
        skip: What was told already, and not forgotten yet: the change by key.
        lane: Only rows of this lane.
    """
    skip = skip or {}
    which = "" if lane is None else "WHERE o.lane = :lane"
    sql = f"""SELECT o.key AS of_key, o.noted AS noted_at, o.lane AS of_lane, f.*, {_WARC}
        FROM outbox o JOIN frontier f ON f.key = o.key {which} ORDER BY o.rowid LIMIT :most"""
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    left = most
    for row in cursor.execute(sql, {"lane": lane, "most": most + len(skip)}):
        if left and skip.get(row["of_key"]) != row["noted_at"]:
            left -= 1
            yield _row(row)


def _row(row: sqlite3.Row) -> NotedRow:
    values = dict(row)
    key, noted, lane, warc = (values.pop(name) for name in ("of_key", "noted_at", "of_lane", "in_warc"))
    apart = {name: values.pop(name) for name in APART}
    state = apart["state"] or "queued"
    return NotedRow(
        key=key, noted=noted, lane=apart["lane"] or lane, job=apart["job"], due=apart["due"] or "", priority=apart["priority"] or 0,
        state="queued" if state in ("leased", "captured") else state, warc=warc,
        columns={name: value for name, value in values.items() if name not in LOCAL and value not in _NOTHING},
    )  # fmt: skip


def unsent(db: sqlite3.Connection, told: Mapping[str, str]) -> int:
    """Count the changes that are noted and were not told.

    Args:
        told: What was told and is not forgotten yet: the change by key.
    """
    number = int(db.execute("SELECT count(*) FROM outbox").fetchone()[0])
    if not number or not told:
        return number
    pairs = json.dumps([[key, noted] for key, noted in told.items()])
    of_these = "FROM json_each(?) t JOIN outbox o ON o.key = t.value ->> 0 AND o.noted = t.value ->> 1"
    return number - int(db.execute(f"SELECT count(*) {of_these}", (pairs,)).fetchone()[0])


def noted_keys(db: sqlite3.Connection) -> dict[str, str]:
    """The changes that are noted, by key."""
    return dict(db.execute("SELECT key, noted FROM outbox"))


def forget(db: sqlite3.Connection, told: Iterable[tuple[str, str]]) -> None:
    """Forget changes that were told, unless the row has changed since.

    Args:
        told: Key and change.
    """
    db.executemany("DELETE FROM outbox WHERE key = ? AND noted = ?", list(told))


def keys_noted(db: sqlite3.Connection, keys: Sequence[str]) -> set[str]:
    """The keys among some whose change is noted."""
    found = db.execute("SELECT key FROM outbox WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(keys),))
    return {key for (key,) in found}
