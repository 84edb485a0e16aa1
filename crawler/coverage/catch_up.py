"""Announcements of lists whose links were taken back, read again, or never looked through."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from crawler.coverage.announcements import Announcements, announces
from crawler.index.rows import CAPTURE_COLUMNS, capture_of, iso
from crawler.items import Capture
from crawler.schema.link_lists import links_at

AT_ONCE = 200
"""Lists that are looked through in one transaction."""
_COLUMNS = ", ".join(f"c.{name}" for name in CAPTURE_COLUMNS)
_READ = "c.state = 'ok' AND (c.read_state = 'read' OR c.read_state = 'not-a-story' AND c.site = 'web')"
_ORDER = "c.date, coalesce(c.written_id, c.record_id), c.record_id"
_AFTER = (
    f"SELECT c.id AS row, {_COLUMNS} FROM captures c WHERE c.date >= ? AND c.site = ? AND {_READ}"
    f" AND EXISTS (SELECT 1 FROM link_lists l WHERE l.capture_id = c.id) ORDER BY {_ORDER}"
)


def pending(conn: sqlite3.Connection) -> int:
    """Count the lists that are still to be looked through."""
    return int(conn.execute("SELECT count(*) FROM lists_to_announce").fetchone()[0])


def catch_up(conn: sqlite3.Connection, announcements: Announcements, *, most: int = AT_ONCE) -> int:
    """Look through lists that are due, at most so many, inside a transaction; how many."""
    rows = [row for (row,) in conn.execute("SELECT capture_id FROM lists_to_announce ORDER BY capture_id LIMIT ?", [most])]
    for row in rows:
        _look_through(conn, announcements, row)
        conn.execute("DELETE FROM lists_to_announce WHERE capture_id = ?", [row])
    return len(rows)


def _look_through(conn: sqlite3.Connection, announcements: Announcements, row: int) -> None:
    """Renew what one capture announces, and what it announces no more."""
    # What no longer stands is taken back first, so that whoever is next may be found.
    stood = {story for (story,) in conn.execute("SELECT story_id FROM announced WHERE capture_id = ?", [row])}
    if stood:
        conn.execute("DELETE FROM announced WHERE capture_id = ?", [row])
        announcements.forget()
    capture = _capture(conn, f"SELECT {_COLUMNS} FROM captures c WHERE c.id = ? AND {_READ}", row)
    if capture is not None and announces(conn, capture):
        announcements.add(conn, capture, [url for _, _, url, _ in links_at(conn, [row])])
    left = {story for story in stood if not _is_announced(conn, story)}
    if left and (lost := _capture(conn, f"SELECT {_COLUMNS} FROM captures c WHERE c.id = ?", row)) is not None:
        _find_next(conn, announcements, lost, left)


def _find_next(conn: sqlite3.Connection, announcements: Announcements, lost: Capture, left: set[str]) -> None:
    """File the next capture that announces each of some stories, from a capture on."""
    for row, capture in _captures_after(conn, lost):
        if announces(conn, capture):
            announcements.add(conn, capture, [url for _, _, url, _ in links_at(conn, [row])])
            left = {story for story in left if not _is_announced(conn, story)}
        if not left:
            return


def _captures_after(conn: sqlite3.Connection, capture: Capture) -> Iterator[tuple[int, Capture]]:
    cursor = conn.cursor()
    cursor.row_factory = sqlite3.Row
    rows = cursor.execute(_AFTER, [iso(capture.date), capture.site]).fetchall()
    yield from ((row["row"], capture_of(row)) for row in rows)


def _capture(conn: sqlite3.Connection, sql: str, row: int) -> Capture | None:
    cursor = conn.cursor()
    cursor.row_factory = sqlite3.Row
    found = cursor.execute(sql, [row]).fetchone()
    return None if found is None else capture_of(found)


def _is_announced(conn: sqlite3.Connection, story: str) -> bool:
    return conn.execute("SELECT 1 FROM announced WHERE story_id = ?", [story]).fetchone() is not None
