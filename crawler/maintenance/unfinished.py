"""Progress of a re-reading in place, kept in the index until its end.

The captures that are done are noted in the transaction of their rows, with the stories that they showed or were asked for: whether there is
such a story at all is known when all are read.
"""

from __future__ import annotations

import sqlite3

from crawler.index.index import Index

_TABLES = (
    "CREATE TABLE reread (readers TEXT NOT NULL)",
    "CREATE TABLE reread_done (id INTEGER PRIMARY KEY)",
    "CREATE TABLE reread_stories (story TEXT PRIMARY KEY) WITHOUT ROWID",
)
_STORIES = (
    "INSERT OR IGNORE INTO reread_stories SELECT v.story_id FROM sightings s CROSS JOIN versions v ON v.id = s.version_id"
    " WHERE s.capture_id = ?1 UNION SELECT t.id FROM captures c CROSS JOIN stories t ON t.id = c.story_id"
    " WHERE c.id = ?1 AND c.role != 'requisite'"
)


def is_unfinished(conn: sqlite3.Connection) -> bool:
    """Test if an index holds the notes of a re-reading that was cut short."""
    return conn.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'reread'").fetchone() is not None


def begin_notes(index: Index, readers: str) -> None:
    """Make the tables for the notes, or go on with those that are there.

    Of other readers only the stories are kept: all that is known of these is to be read again.
    """
    conn = index.conn
    if is_unfinished(conn):
        if conn.execute("SELECT readers FROM reread").fetchone() != (readers,):
            conn.execute("DELETE FROM reread_done")
            conn.execute("UPDATE reread SET readers = ?", [readers])
        return
    for statement in _TABLES:
        conn.execute(statement)
    conn.execute("INSERT INTO reread VALUES (?)", [readers])


def note_stories(conn: sqlite3.Connection, row: int) -> None:
    """Note the stories of a capture, before its rows change, and that it is done."""
    conn.execute(_STORIES, [row])
    conn.execute("INSERT OR REPLACE INTO reread_done VALUES (?)", [row])


def end_notes(index: Index) -> None:
    """Remove the notes of a re-reading that is at its end."""
    for table in ("reread", "reread_done", "reread_stories", "reread_told"):
        index.conn.execute(f"DROP TABLE IF EXISTS {table}")
