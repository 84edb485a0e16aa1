"""Answers that a story is not there, and the state of a story that follows.

A story is `gone` or `moved` once a second time of asking confirms it (`captures.confirms`; without that note, a day later); until then it
is `live`, with `missing_since`. One that was never seen is `gone` at once. All of it follows from sightings and denials, in any order.
"""

from __future__ import annotations

import sqlite3

from crawler.index.rows import clean, insert, row_of_capture
from crawler.items import Capture
from crawler.timeline.denial_tables import SETTLE


def deny(conn: sqlite3.Connection, capture: Capture, told: str) -> None:
    """File a capture that says that its story is not there.

    Args:
        told: `gone` or `moved`.
    """
    source, story_id = row_of_capture(conn, capture.record_id), clean(str(capture.story))
    values = {
        "capture_id": source, "story_id": story_id, "host": capture.host, "date": capture.date, "told": told, "confirms": capture.confirms,
    }  # fmt: skip
    insert(conn, "denials", values, conflict="ON CONFLICT(capture_id) DO UPDATE SET story_id = excluded.story_id, told = excluded.told")
    settle_state(conn, story_id)


def undeny(conn: sqlite3.Connection, source: int) -> None:
    """Remove the denial of the capture with a row number."""
    for (story_id,) in conn.execute("DELETE FROM denials WHERE capture_id = ? RETURNING story_id", [source]).fetchall():
        settle_state(conn, story_id)


def settle_state(conn: sqlite3.Connection, story_id: str) -> None:
    """Derive the state of a story anew; nothing if there is no such story."""
    if conn.execute("SELECT 1 FROM denials WHERE story_id = ? LIMIT 1", [story_id]).fetchone():
        conn.execute(f"{SETTLE} WHERE id = ?", [story_id])
        return
    seen = last_sighting(conn, story_id)
    conn.execute(
        "UPDATE stories SET state = ?1, state_date = ?2, missing_since = NULL"
        " WHERE id = ?3 AND (state, state_date, missing_since) IS NOT (?1, ?2, NULL)",
        [None if seen is None else "live", seen, story_id],
    )


def last_sighting(conn: sqlite3.Connection, story_id: str) -> str | None:
    """Date of our last capture that showed a story; None if only archives did."""
    if conn.execute("SELECT 1 FROM captures WHERE story_id = ? AND via IS NOT NULL LIMIT 1", [story_id]).fetchone() is None:
        row = conn.execute("SELECT last_seen FROM stories WHERE id = ?", [story_id]).fetchone()
        return None if row is None else row[0]
    sql = (
        "SELECT max(s.date) FROM stored_versions v JOIN sightings s ON s.version_id = v.id JOIN captures c ON c.id = s.capture_id"
        " WHERE v.story_id = ? AND c.via IS NULL"
    )
    found: str | None = conn.execute(sql, [story_id]).fetchone()[0]
    return found


def was_asked_as_story(conn: sqlite3.Connection, story_id: str) -> bool:
    """Test if a denial is of a request for the story itself."""
    sql = "SELECT 1 FROM denials d JOIN captures c ON c.id = d.capture_id WHERE d.story_id = ? AND c.role = 'story' LIMIT 1"
    return conn.execute(sql, [story_id]).fetchone() is not None
