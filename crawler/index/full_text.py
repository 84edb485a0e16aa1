"""Full-text tables `versions_fts` and `images_fts`, kept up row by row."""

from __future__ import annotations

import sqlite3

FULL_TEXT = {"versions": ("headline", "deck", "body", "captions", "credits"), "images": ("caption", "credit")}
"""Columns in the full text of each table; the full-text table is `TABLE_fts`."""
UNINDEXED = "CREATE TEMP TABLE unindexed (of TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (of, row)) WITHOUT ROWID"
"""SQL: rows of the open transaction that are not in the full text yet; a rollback takes them back with the rows."""


def index_text(conn: sqlite3.Connection, table: str, row: int) -> None:
    """Add a row to the full text of its table when the transaction ends."""
    # At each savepoint, and SQLite makes one before every statement that sets off triggers, FTS5 writes out what it has gathered as a
    # segment of its own. Rows that are added together cost 0.14 ms a page, single ones 0.45.
    conn.execute("INSERT INTO temp.unindexed VALUES (?, ?)", [table, row])
    if not conn.in_transaction:
        index_texts(conn)


def unindex_text(conn: sqlite3.Connection, table: str, row: int) -> None:
    """Remove a row from the full text of its table, before it changes."""
    if not conn.execute("DELETE FROM temp.unindexed WHERE of = ? AND row = ?", [table, row]).rowcount:
        # External content: FTS5 must be told the old words before the row changes.
        names = ", ".join(FULL_TEXT[table])
        _add(conn, table, row, f"{table}_fts({table}_fts, rowid, {names}) VALUES ('delete', ")


def index_texts(conn: sqlite3.Connection) -> None:
    """Add the rows that wait to the full text of their tables."""
    rows = conn.execute("SELECT of, row FROM temp.unindexed").fetchall()
    for table, row in rows:
        _add(conn, table, row, f"{table}_fts(rowid, {', '.join(FULL_TEXT[table])}) VALUES (")
    if rows:
        conn.execute("DELETE FROM temp.unindexed")


def _add(conn: sqlite3.Connection, table: str, row: int, into: str) -> None:
    # Read, then written: INSERT ... SELECT makes a savepoint, too.
    values = conn.execute(f"SELECT id, {', '.join(FULL_TEXT[table])} FROM {table} WHERE id = ?", [row]).fetchone()
    if values is not None:
        conn.execute(f"INSERT INTO {into}{', '.join('?' * len(values))})", tuple(values))
