"""Queries of a crawl that compares mirrors, over a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Rows = Callable[[str, tuple[str, ...]], Sequence[tuple[Any, ...]]]
"""Runs a SELECT."""

_LAST = "SELECT max(date || record_id) FROM captures WHERE key != url AND key > ?1 || ?2 AND key < ?1 || ?3"
_ASKED = "SELECT count(*), count(nullif(date || record_id < ?2, 0)) FROM captures WHERE key != url AND key = ?1 AND status IN (200, 304)"
_SHOWN = "SELECT s.version_id FROM captures c JOIN sightings s ON s.capture_id = c.id WHERE c.record_id = ?"
_RESULT = (
    "SELECT result FROM comparisons WHERE story_id = ?1 AND date >= ?2 AND ?3 IN (host, other_host) ORDER BY date DESC, id DESC LIMIT 1"
)


def times_asked(rows: Rows, key: str, joint: str) -> tuple[int, int]:
    """Count the answers for a key: all, and those up to the last comparison.

    Args:
        joint: What stands between key and host in the keys of comparisons, which are no answers themselves.
    """
    ((last,),) = rows(_LAST, (key, joint, chr(ord(joint) + 1))) or ((None,),)
    ((all_asked, up_to),) = rows(_ASKED, (key, last or "")) or ((0, 0),)
    return int(all_asked), int(up_to)


def version_shown(rows: Rows, record_id: str) -> int | None:
    """The row number of the version that a capture shows; None if it shows none."""
    return next((int(row[0]) for row in rows(_SHOWN, (record_id,))), None)


def latest_result(rows: Rows, story_id: str, *, since: str, host: str) -> str | None:
    """The result of the latest comparison of a story with a mirror, if any."""
    return next((str(row[0]) for row in rows(_RESULT, (story_id, since, host))), None)
