"""Faces of pages: canonical address and pictures, beside the text of their version.

A version has one text; pages that show it may differ in the rest. Column `sightings.face` holds what differs from the version's own row, so
that it does not depend on the order of filing.
"""

from __future__ import annotations

import sqlite3

from crawler.index.rows import as_json, clean
from crawler.items import READ_FROM_CUT, Article, Capture
from crawler.schema.packed_images import KEY
from crawler.schema.packed_versions import SHOWN

UNKNOWN = ""
"""Of a page that was cut off, and of the further pages of an article."""


def face_of(article: Article, capture: Capture) -> str:
    """The face of the page that an article was read from, as JSON."""
    if READ_FROM_CUT in article.problems or capture.truncated is not None:
        return UNKNOWN
    return _packed(article.canonical_url, [clean(image.key or image.url) for image in article.images])


def _packed(canonical: str | None, keys: list[str]) -> str:
    return as_json([None if canonical is None else clean(canonical), keys])


def own_face(conn: sqlite3.Connection, version_id: int) -> str:
    """The face of the page that a version's values are from."""
    (canonical,) = conn.execute(f"SELECT {SHOWN['canonical_url']} FROM stored_versions v WHERE id = ?", [version_id]).fetchone()
    keys = conn.execute(f"SELECT {KEY} FROM stored_images WHERE version_id = ? ORDER BY n", [version_id])
    return _packed(canonical, [key for (key,) in keys])


def difference(conn: sqlite3.Connection, version_id: int, face: str) -> str | None:
    """The value of `sightings.face` for a page that shows a version."""
    return None if face != UNKNOWN and face == own_face(conn, version_id) else face


def shown_face(conn: sqlite3.Connection, capture_id: int) -> str:
    """The face of the page of a capture that shows a version."""
    version_id, face = conn.execute("SELECT version_id, face FROM sightings WHERE capture_id = ?", [capture_id]).fetchone()
    return own_face(conn, version_id) if face is None else str(face)


def own_face_changed(conn: sqlite3.Connection, version_id: int, before: str) -> None:
    """Keep the faces of the sightings of a version whose row has changed."""
    now = own_face(conn, version_id)
    if now != before:
        conn.execute("UPDATE sightings SET face = ? WHERE version_id = ? AND face IS NULL", [before, version_id])
        conn.execute("UPDATE sightings SET face = NULL WHERE version_id = ? AND face = ?", [version_id, now])
