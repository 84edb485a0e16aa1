"""Full-text tables `versions_fts` and `images_fts`, kept up row by row."""

from __future__ import annotations

import sqlite3

FULL_TEXT = {"versions": ("headline", "deck", "body", "captions", "credits"), "images": ("caption", "credit")}
"""Columns in the full text of each table; the full-text table is `TABLE_fts`."""


def index_text(conn: sqlite3.Connection, table: str, row: int) -> None:
    """Add a row to the full text of its table."""
    names = ", ".join(FULL_TEXT[table])
    conn.execute(f"INSERT INTO {table}_fts(rowid, {names}) SELECT id, {names} FROM {table} WHERE id = ?", [row])


def unindex_text(conn: sqlite3.Connection, table: str, row: int) -> None:
    """Remove a row from the full text of its table, before it changes."""
    # External content: FTS5 must be told the old words before the row changes.
    names = ", ".join(FULL_TEXT[table])
    conn.execute(f"INSERT INTO {table}_fts({table}_fts, rowid, {names}) SELECT 'delete', id, {names} FROM {table} WHERE id = ?", [row])
