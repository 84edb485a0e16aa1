"""Figures of looks in `scrapy stats`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from small_collections import twelve

from crawler.index.index import Index
from crawler.playback.looks import looks

ROW = "INSERT INTO qa SELECT record_id, ?, ?, ?, 0, 0, 0, 0, ?, 0, 0, 0, 0, 0, 1, '[]', '[]', 'b', 'r' FROM captures ORDER BY id LIMIT 1 OFFSET ?"


def test_the_newest_look_at_each_capture_counts(tmp_path: Path) -> None:
    twelve(tmp_path / "a")
    with Index.open(tmp_path / "a" / "index.db") as index:
        assert looks(index) is None
    with closing(sqlite3.connect(tmp_path / "a" / "index.db")) as db, db:
        for row in (("2026-11-01", 0.1, 0.2, 9, 0), ("2026-11-02", 1.0, None, 0, 0), ("2026-11-03", 0.5, None, 1, 1)):
            db.execute(ROW, row)
    with Index.open(tmp_path / "a" / "index.db") as index:
        seen = looks(index)
        assert seen is not None
        assert (seen["pages"], seen["score_resources"], seen["score_text"], seen["leaks"]) == (2, 0.75, None, 1)
        assert "resources 75.0%, no text, 1 live requests; last looked at 2026-11-03" in seen["told"]
    with closing(sqlite3.connect(tmp_path / "a" / "index.db")) as db, db:
        db.execute(ROW, ("2026-11-04", 1.0, 0.5, 0, 2))
    with Index.open(tmp_path / "a" / "index.db") as index:
        assert "text 50.0%" in str((looks(index) or {})["told"])
