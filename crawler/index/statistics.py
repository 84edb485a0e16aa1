"""Figures of an index: rows, states, failures, mirrors, runs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from crawler.index.rows import Value

Query = Callable[..., list[sqlite3.Row]]

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
    count = {name: int(query(f"SELECT count(*) FROM {name}")[0][0]) for (name,) in query(sql)}
    links = query("SELECT coalesce(sum(links), 0) FROM link_lists")[0][0]
    return count | {"versions": count["stored_versions"], "links": int(links)}


def stats(query: Query) -> dict[str, Any]:
    """Figures of an index; pictures are those of the newest versions, `warc_bytes` of sealed files."""
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
