"""A gathered collection held against one made anew from the WARCs it refers to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from rebuild_invariants import differences

_ORDERED = {
    "captures": "record_id", "stories": "id", "sightings": "date, host", "failures": "date, url, attempt, reason", "mirrors": "site, host",
    "events": "story_id, date, kind, record_id", "coverage": "story_id",
}  # fmt: skip
_NUMBERS = {"id", "run_id", "capture_id", "version_id", "version_before_id", "capture_before_id"}


def assert_as_reindexed(path: Path, settings: dict[str, str] | None = None) -> None:
    """Every row is what `scrapy reindex` would make of the WARCs of all shards."""
    found = list(differences(path, path / "index.db", settings or {}))
    assert found == [], "\n".join(found)


def rows_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Rows of some tables, without row numbers, in an order of their own."""
    with closing(sqlite3.connect(f"file:{path / 'index.db'}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        found = {}
        for table, order in _ORDERED.items():
            rows = (dict(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY {order}"))
            found[table] = [{name: value for name, value in row.items() if name not in _NUMBERS} for row in rows]
        return found


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(f"file:{path / 'index.db'}?mode=ro", uri=True)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
