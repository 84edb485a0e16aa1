"""Indexes as earlier versions of this software made them, with the rows of one of today."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlite_utils

from crawler.schema.migrations import migrations

TABLES = (
    "runs", "captures", "stories", "versions", "sightings", "images", "failures", "mirrors", "frontier", "links", "warcs", "imprints", "offered_pages",
)  # fmt: skip
"""What an index holds, in an order in which references are there first."""
UNPACKED = "m010_packed_links_and_blocks"
"""The first migration that an index of version 0.2 lacks."""


def made_old(new: Path, old: Path, *, before: str = UNPACKED) -> Path:
    """Make the index that an earlier version would have made of the same rows."""
    with closing(sqlite_utils.Database(old)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        migrations.apply(db, stop_before=before)
        db.conn.execute("ATTACH ? AS new", [str(new)])
        with db.conn:
            for table in TABLES:
                names = ", ".join(row[0] for row in db.conn.execute("SELECT name FROM pragma_table_info(?, 'main')", [table]))
                db.conn.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
            for table in ("versions", "images"):
                db.conn.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')")
    return old


def all_rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every public table and view, as SQL shows it."""
    with closing(sqlite3.connect(path)) as db:
        return {name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in (*TABLES, "captions", "latest")}
