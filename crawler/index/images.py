"""Tables `images` and `imprints`: pictures of versions, and the captures that hold them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from attrs import asdict

from crawler.index.full_text import index_text, unindex_text
from crawler.index.rows import Value, bound, image_values, insert, insert_bound, row_of_capture
from crawler.items import Capture, Image, Imprint
from crawler.schema.capture_keys import has_key
from crawler.schema.packed_images import key_hash, of_key, packed_image
from crawler.views.credit_folding import fold_credit
from crawler.views.gallery import KNOW_FORM

_COLUMNS = tuple(image_values(Image(url=""), 0))
_ARCHIVED_PICTURE = (
    f"SELECT id FROM captures WHERE {has_key('?1')} AND role = 'requisite' AND status = 200 AND state = 'ok' AND cut_at IS NOT 0"
    " AND (via IS NULL OR memento_date IS NOT NULL)"
    " ORDER BY via IS NOT NULL, truncated IS NOT NULL, cut_at DESC, date, record_id LIMIT 1"
)
"""SQL: the earliest whole capture of a key, else the longest."""

_COPY_IMPRINT = (
    "UPDATE stored_images SET (file_byline, file_credit, file_copyright) ="
    " (SELECT byline, credit, copyright FROM imprints WHERE imprints.capture_id = stored_images.capture_id)"
)

_OF_KEY = of_key("?2", "?3")
# Images have no index by capture: those of a capture have its key.
_COPY_OF_CAPTURE = f"{_COPY_IMPRINT} WHERE {_OF_KEY} AND capture_id = ?1"


def has_images(conn: sqlite3.Connection, version_id: int, images: Sequence[Image]) -> bool:
    """Test if a version has these images and no others."""
    rows = conn.execute(f"SELECT {', '.join(_COLUMNS)} FROM images WHERE version_id = ? ORDER BY n", [version_id]).fetchall()
    return [list(row) for row in rows] == [list(values.values()) for values in _values(images)]


def _values(images: Sequence[Image]) -> list[dict[str, Value]]:
    return [{name: bound(value) for name, value in image_values(image, n).items()} for n, image in enumerate(images)]


def add_images(conn: sqlite3.Connection, version_id: int, images: Sequence[Image]) -> None:
    """Add the images of a version that has none."""
    for values in _values(images):
        found = conn.execute(_ARCHIVED_PICTURE, [values["key"]]).fetchone()
        for kind in ("credit", "agency"):
            if isinstance(printed := values[kind], str) and printed:
                conn.execute(KNOW_FORM, (kind, printed, fold_credit(printed)))
        row = {"version_id": version_id, **packed_image(values), "capture_id": found[0] if found else None}
        image_id = insert_bound(conn, "stored_images", row).lastrowid
        assert image_id is not None
        if found:
            conn.execute(f"{_COPY_IMPRINT} WHERE id = ?", [image_id])
        index_text(conn, "images", image_id)


def remove_images(conn: sqlite3.Connection, version_id: int) -> None:
    """Remove the images of a version."""
    for (image_id,) in conn.execute("SELECT id FROM stored_images WHERE version_id = ?", [version_id]).fetchall():
        _remove_image(conn, image_id)


def _remove_image(conn: sqlite3.Connection, image_id: int) -> None:
    unindex_text(conn, "images", image_id)
    conn.execute("DELETE FROM stored_images WHERE id = ?", [image_id])


def link_images(conn: sqlite3.Connection, key: str) -> None:
    """Link the images of a key to its earliest whole capture, else the longest."""
    found = conn.execute(_ARCHIVED_PICTURE, [key]).fetchone()
    values = [found[0] if found else None, key_hash(key), key]
    conn.execute(f"UPDATE stored_images SET capture_id = ?1 WHERE {_OF_KEY} AND capture_id IS NOT ?1", values)
    conn.execute(f"{_COPY_IMPRINT} WHERE {_OF_KEY}", values)


def add_imprint(conn: sqlite3.Connection, capture: Capture, imprint: Imprint) -> None:
    """Add the maker named in the picture file of a capture; idempotent."""
    source = row_of_capture(conn, capture.record_id)
    insert(conn, "imprints", {"capture_id": source, **asdict(imprint)}, conflict="ON CONFLICT(capture_id) DO NOTHING")
    _copy_imprint(conn, source)


def remove_imprint(conn: sqlite3.Connection, source: int) -> None:
    """Remove the maker named in the picture file of a capture."""
    if conn.execute("DELETE FROM imprints WHERE capture_id = ? RETURNING 1", [source]).fetchall():
        _copy_imprint(conn, source)


def _copy_imprint(conn: sqlite3.Connection, source: int) -> None:
    """Copy what is known of the maker of an archived picture to its images."""
    (key,) = conn.execute("SELECT key FROM captures WHERE id = ?", [source]).fetchone()
    conn.execute(_COPY_OF_CAPTURE, [source, key_hash(key), key])
