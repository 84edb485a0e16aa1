"""What the index holds, in figures, and whether its file is sound."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from crawler.index.rows import Value

Query = Callable[..., list[sqlite3.Row]]

FULL_TEXT = {"versions_fts": "versions", "images_fts": "images"}
LAST_RUNS = 5

_CAPTURES = """
SELECT count(*) AS captures, count(revisit_of) AS revisits, coalesce(sum(state = 'lost'), 0) AS lost,
    coalesce(sum(read_state = 'unread'), 0) AS unread, min(date) AS first_capture, max(date) AS last_capture,
    coalesce(sum(CASE WHEN revisit_of IS NULL THEN length END), 0) AS response_bytes FROM captures"""
_STORIES = """
SELECT count(*) AS stories, coalesce(sum(versions), 0) AS versions, coalesce(sum(versions > 1), 0) AS stories_changed,
    coalesce(sum(state = 'live'), 0) AS stories_live, coalesce(sum(state = 'gone'), 0) AS stories_gone,
    coalesce(sum(state = 'moved'), 0) AS stories_moved, coalesce(sum(versions = 0), 0) AS stories_never_seen FROM stories"""
_PICTURES = """
SELECT count(*) AS pictures, count(i.caption) AS pictures_with_caption, count(i.credit) AS pictures_with_credit,
    count(i.capture_id) AS pictures_archived FROM latest l JOIN images i ON i.version_id = l.version_id"""


def counts(query: Query) -> dict[str, int]:
    """Number of rows of each table."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%+_fts%' ESCAPE '+' AND name NOT LIKE '+_%' ESCAPE '+'"
    return {name: int(query(f"SELECT count(*) FROM {name}")[0][0]) for (name,) in query(sql)}


def stats(query: Query) -> dict[str, Any]:
    """What the index holds. Pictures are those of the newest versions; `warc_bytes` counts the sealed files."""
    figures: dict[str, Any] = {}
    for sql in (_CAPTURES, _STORIES, _PICTURES):
        figures |= dict(query(sql)[0])
    figures |= dict(query("SELECT count(*) AS warcs, coalesce(sum(bytes), 0) AS warc_bytes FROM warcs")[0])
    figures["failures"] = _tally(query, "SELECT reason, count(*) FROM failures GROUP BY reason ORDER BY 2 DESC, 1")
    figures["templates"] = _tally(query, "SELECT template, count(*) FROM versions GROUP BY template ORDER BY 2 DESC, 1")
    figures["mirrors"] = [dict(row) for row in query("SELECT * FROM mirrors ORDER BY site, host")]
    figures["runs"] = [_run(row) for row in query("SELECT * FROM runs ORDER BY id DESC LIMIT ?", [LAST_RUNS])]
    return figures


def _tally(query: Query, sql: str, values: Sequence[Value] = ()) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in query(sql, values)}


def _run(row: sqlite3.Row) -> dict[str, Any]:
    run = dict(row)
    run["arguments"] = json.loads(run["arguments"] or "{}")
    run["stats"] = json.loads(run["stats"] or "{}")
    return run


def integrity(conn: sqlite3.Connection) -> list[str]:
    """What is wrong with the file, one sentence each, but for the words of the full text."""
    problems: list[str] = []
    for check in (_pages, _references, _indexed):
        try:
            problems += check(conn)
        except sqlite3.DatabaseError as error:
            problems.append(f"{check.__name__.strip('_')} cannot be checked: {error}")
    return problems


def _pages(conn: sqlite3.Connection) -> list[str]:
    return [line for (line,) in conn.execute("PRAGMA integrity_check").fetchall() if line != "ok"]


def _references(conn: sqlite3.Connection) -> list[str]:
    rows = conn.execute("PRAGMA foreign_key_check").fetchall()
    # Tables without row numbers (links) give none.
    return [f"{table}, row {row or 'unnumbered'}: refers to a row of {parent} that is not there" for table, row, parent, _ in rows]


def _indexed(conn: sqlite3.Connection) -> list[str]:
    """Rows that have no full text, and full text that has no row."""
    problems = []
    for search, table in FULL_TEXT.items():
        for sql, what in (
            (f"SELECT id FROM {table} EXCEPT SELECT id FROM {search}_docsize", "no full text"),
            (f"SELECT id FROM {search}_docsize EXCEPT SELECT id FROM {table}", "full text of a row that is not there"),
        ):
            problems += [f"{table}, row {row}: {what}" for (row,) in conn.execute(sql).fetchall()]
    return problems


def full_text(conn: sqlite3.Connection) -> list[str]:
    """What is wrong with the full text, compared word by word with its rows; SQLite takes the write lock for it."""
    problems = []
    for search, table in FULL_TEXT.items():
        try:
            # Rank 1 compares with the rows as well; SQLite then calls any difference a malformed image.
            conn.execute(f"INSERT INTO {search}({search}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            differs = error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT_VTAB
            problems.append(f"{search}: differs from table {table}{'' if differs else f' ({error})'}")
    return problems
