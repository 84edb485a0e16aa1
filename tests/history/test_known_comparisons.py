"""How often a key was asked for, and how often up to its last comparison."""

from __future__ import annotations

import sqlite3

from crawler.history.known_comparisons import times_asked


def test_answers_are_counted_up_to_the_last_comparison() -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE captures (key, url, status, date, record_id)")

    def asked(*keys: str) -> tuple[int, int]:
        db.execute("DELETE FROM captures")
        db.executemany("INSERT INTO captures VALUES (?, 'u', 200, ?, 'r')", [(key, f"2025-01-{n:02}") for n, key in enumerate(keys, 1)])
        return times_asked(lambda sql, values: db.execute(sql, values).fetchall(), "s/1", "@")

    assert asked() == (0, 0)
    assert asked("s/1", "s/1", "s/12", "s/12@a") == (2, 0), "another story is none of it"
    assert asked("s/1", "s/1@a", "s/1", "s/1@b", "s/1") == (3, 2)
    db.execute("UPDATE captures SET status = 404 WHERE key = 's/1'")
    assert times_asked(lambda sql, values: db.execute(sql, values).fetchall(), "s/1", "@") == (0, 0)
    assert times_asked(lambda sql, values: [], "s/1", "@") == (0, 0), "no index yet"
