"""Figures of an index: rows, states, failures, mirrors, runs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

Query = Callable[..., list[sqlite3.Row]]

LAST_RUNS = 5

_FIRST, _LAST = "SELECT min(date) AS first_capture FROM captures", "SELECT max(date) AS last_capture FROM captures"
"""SQL: two statements, since one index gives one end at a time."""
_ORDER = (
    "captures", "revisits", "lost", "unread", "first_capture", "last_capture", "response_bytes", "stories", "versions", "stories_changed",
    "stories_live", "stories_gone", "stories_moved", "stories_never_seen", "pictures", "pictures_with_caption", "pictures_with_credit",
    "pictures_archived",
)  # fmt: skip


def counts(query: Query) -> dict[str, int]:
    """Number of rows of each table."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%+_fts%' ESCAPE '+' AND name NOT LIKE '+_%' ESCAPE '+'"
    count = {name: int(query(f"SELECT count(*) FROM {name}")[0][0]) for (name,) in query(sql)}
    links = query("SELECT coalesce(sum(links), 0) FROM link_lists")[0][0]
    return count | {"versions": count["stored_versions"], "images": count["stored_images"], "links": int(links)}


def stats(query: Query) -> dict[str, Any]:
    """Figures of an index; pictures are those of the newest versions, `warc_bytes` of sealed files."""
    totals = {**dict(query("SELECT * FROM totals")[0]), **dict(query(_FIRST)[0]), **dict(query(_LAST)[0])}
    figures: dict[str, Any] = {name: totals[name] for name in _ORDER}
    figures |= dict(query("SELECT count(*) AS warcs, coalesce(sum(bytes), 0) AS warc_bytes FROM warcs")[0])
    figures |= dict(query("SELECT count(*) AS stories_missing FROM stories WHERE missing_since IS NOT NULL AND state = 'live'")[0])
    figures["failures"] = _tally(query, "failures")
    figures["templates"] = _tally(query, "versions")
    figures["mirrors"] = [dict(row) for row in query("SELECT * FROM mirrors ORDER BY site, host")]
    figures["runs"] = [_run(row) for row in query("SELECT * FROM runs ORDER BY id DESC LIMIT ?", [LAST_RUNS])]
    return figures


def _tally(query: Query, kind: str) -> dict[str, int]:
    sql = "SELECT nullif(name, ''), count FROM tallies WHERE kind = ? ORDER BY 2 DESC, 1"
    return {str(row[0]): int(row[1]) for row in query(sql, [kind])}


def _run(row: sqlite3.Row) -> dict[str, Any]:
    run = dict(row)
    run["arguments"] = json.loads(run["arguments"] or "{}")
    run["stats"] = json.loads(run["stats"] or "{}")
    return run
