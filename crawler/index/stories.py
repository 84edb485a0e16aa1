"""File articles as story, version, sighting and images, in any order of captures.

The rows do not depend on the order of filing: a version's values are those of the earliest capture
read as it, its number follows from first_seen (so filing an older capture renumbers the newer versions), and first_seen,
last_seen and state follow from the dates of captures, never from the clock. Captures of one date are ordered by record_id.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import frozen

from crawler.index.beginnings import Text, absorb, known_of, version_of
from crawler.index.denials import settle_state, undeny
from crawler.index.faces import UNKNOWN, difference, face_of, own_face, own_face_changed, shown_face
from crawler.index.full_text import index_text, unindex_text
from crawler.index.images import add_images, has_images, remove_images, remove_imprint
from crawler.index.rows import Value, article_values, bound, clean, insert, insert_bound, iso, row_of_capture
from crawler.index.text_digest import text_digest
from crawler.items import READ_FROM_CUT, Article, Capture, Image
from crawler.schema.link_lists import remove_links
from crawler.schema.packed_versions import SHOWN, packed_version
from crawler.schema.reader_names import ReaderNames
from crawler.urls import page_key

MAX_DIGITS = 18
"""Digits of a story number; a longer one is a name."""


@frozen(kw_only=True)
class Filed:
    """Result of filing a capture."""

    story: str
    n: int
    """The version's number, as things stand now."""
    outcome: Literal["new", "changed", "unchanged"]
    """A story not seen before, a text not seen before, or a text known already."""


def story_of(capture: Capture, article: Article) -> str:
    """The story id of an article: its own, its capture's, else site and page key."""
    return clean(article.story or capture.story or f"{capture.site}/{page_key(capture.url)}")


def file_article(conn: sqlite3.Connection, names: ReaderNames, capture: Capture, article: Article, reader_version: str) -> Filed:
    """File the article of one capture; idempotent."""
    source, story_id, digest = row_of_capture(conn, capture.record_id), story_of(capture, article), text_digest(article)
    know_story(conn, story_id)
    known = conn.execute(
        "SELECT v.id, v.problems, coalesce(c.memento_date, c.date), c.record_id FROM versions v JOIN captures c ON c.id = v.capture_id"
        " WHERE v.story_id = ? AND v.text_digest = ?",
        [story_id, digest],
    ).fetchone()
    values = {name: bound(value) for name, value in article_values(article).items()}
    values |= {"capture_id": source, "reader_version": reader_version}
    when = (iso(capture.shown), capture.record_id)
    cut = READ_FROM_CUT in article.problems
    shown: str | None = None
    fresh = False
    if cut and (begun := version_of(text := Text.of(values), when, known_of(conn, story_id))):
        version_id, shown = begun.id, text.shown(begun.text)
        rewrite = shown is None and begun.cut and when <= begun.since
    elif known is None:
        values |= {"story_id": story_id, "n": 0, "text_digest": digest, "first_seen": when[0], "last_seen": ""}
        version_id, rewrite, fresh = _add_version(conn, packed_version(conn, names, story_id, values, article.read_by)), False, True
        add_images(conn, version_id, article.images)
        index_text(conn, "versions", version_id)
    else:
        # The wording of a whole answer stands before that of one that was cut off, whichever came first.
        version_id, rewrite = known[0], (cut, *when) <= (_is_marked(known[1]), known[2], known[3])
    if rewrite:
        _rewrite_version(conn, version_id, packed_version(conn, names, story_id, values, article.read_by), article.images)
    _sight(conn, version_id, source, capture, shown, face=face_of(article, capture))
    n, count = _renumber(conn, story_id, version_id)
    if count > 1 and (fresh or rewrite) and _has_beginnings(conn, story_id):
        n, count = _absorb(conn, story_id, version_id)
        # A text of which the beginning was known is no edit.
        fresh = fresh and conn.execute("SELECT first_seen FROM versions WHERE id = ?", [version_id]).fetchone()[0] == when[0]
    return Filed(story=story_id, n=n, outcome="unchanged" if not fresh else "new" if count == 1 else "changed")


def _has_beginnings(conn: sqlite3.Connection, story_id: str) -> bool:
    """Test if anything of a story was read from a cut answer."""
    sql = (
        "SELECT 1 FROM versions v JOIN sightings s ON s.version_id = v.id JOIN captures c ON c.id = s.capture_id"
        " WHERE v.story_id = ? AND (c.truncated IS NOT NULL OR s.shown IS NOT NULL OR v.problems LIKE ?) LIMIT 1"
    )
    return conn.execute(sql, [story_id, f"%{READ_FROM_CUT}%"]).fetchone() is not None


def _absorb(conn: sqlite3.Connection, story_id: str, version_id: int) -> tuple[int, int]:
    """Move each beginning to its version; number of one version, and count of all."""
    absorbed, changed = absorb(conn, story_id)
    for one in absorbed:
        _remove_version(conn, one)
    for one in changed:
        _span(conn, one)
    return _renumber(conn, story_id, version_id)


def _is_marked(problems: str) -> bool:
    """Test if the problems of a version say that it is from a cut answer."""
    return READ_FROM_CUT in json.loads(problems)


def sight_again(conn: sqlite3.Connection, capture: Capture, of: str) -> Filed | None:
    """File a capture that shows the same as another; None if that has no article.

    Two addresses may have one payload, whose record is then the first one's: each keeps its own story.
    """
    row = conn.execute(
        "SELECT v.id, v.story_id, v.text_digest, c.id FROM captures c JOIN sightings s ON s.capture_id = c.id"
        " JOIN versions v ON v.id = s.version_id WHERE c.record_id = ?",
        [of],
    ).fetchone()
    if row is not None and capture.story and row[1] != clean(capture.story):
        sql = "SELECT id, story_id, text_digest, ? FROM versions WHERE story_id = ? AND text_digest = ?"
        row = conn.execute(sql, [row[3], clean(capture.story), row[2]]).fetchone()
    if row is None:
        return None
    source = row_of_capture(conn, capture.record_id)
    _sight(conn, row[0], source, capture, face=shown_face(conn, row[3]))
    return Filed(story=row[1], n=_renumber(conn, row[1], row[0])[0], outcome="unchanged")


def show_beginning(conn: sqlite3.Connection, capture: Capture, story_id: str, text: Text) -> Filed | None:
    """File the text of a cut answer; None while no version begins so."""
    when = (iso(capture.shown), capture.record_id)
    begun = version_of(text, when, known_of(conn, story_id))
    if begun is None:
        return None
    _sight(conn, begun.id, row_of_capture(conn, capture.record_id), capture, text.shown(begun.text))
    return Filed(story=story_id, n=_renumber(conn, story_id, begun.id)[0], outcome="unchanged")


def show_face(conn: sqlite3.Connection, capture: Capture, face: str) -> None:
    """Set the face of the page of a capture that shows a version; as `sightings.face`."""
    source = row_of_capture(conn, capture.record_id)
    (version_id,) = conn.execute("SELECT version_id FROM sightings WHERE capture_id = ?", [source]).fetchone()
    conn.execute("UPDATE sightings SET face = ? WHERE capture_id = ?", [difference(conn, version_id, face), source])


def know_story(conn: sqlite3.Connection, story_id: str) -> None:
    """Add the row of a story, unless it is there."""
    site, _, rest = story_id.partition("/")
    number = int(rest) if rest.isascii() and rest.isdecimal() and len(rest) <= MAX_DIGITS else None
    insert(conn, "stories", {"id": story_id, "site": site, "number": number}, conflict="ON CONFLICT DO NOTHING")


# -- versions


def _add_version(conn: sqlite3.Connection, row: Mapping[str, Value]) -> int:
    version_id = insert_bound(conn, "stored_versions", row).lastrowid
    assert version_id is not None
    return version_id


def _rewrite_version(conn: sqlite3.Connection, version_id: int, row: Mapping[str, Value], images: Sequence[Image]) -> None:
    """Replace a version's row, images and full text, unless they are the same."""
    wanted = list(row.values())
    there = list(conn.execute(f"SELECT {', '.join(row)} FROM stored_versions WHERE id = ?", [version_id]).fetchone())
    if there == wanted and has_images(conn, version_id, images):
        return
    face = own_face(conn, version_id)
    # The old words before the images change, which have its captions.
    unindex_text(conn, "versions", version_id)
    remove_images(conn, version_id)
    conn.execute(f"UPDATE stored_versions SET {', '.join(f'{name} = ?' for name in row)} WHERE id = ?", [*wanted, version_id])
    add_images(conn, version_id, images)
    index_text(conn, "versions", version_id)
    own_face_changed(conn, version_id, face)


def _remove_version(conn: sqlite3.Connection, version_id: int) -> None:
    unindex_text(conn, "versions", version_id)
    remove_images(conn, version_id)
    conn.execute("DELETE FROM stored_versions WHERE id = ?", [version_id])


# -- sightings, and what follows from them


def _sight(
    conn: sqlite3.Connection, version_id: int, source: int, capture: Capture, shown: str | None = None, *, face: str = UNKNOWN
) -> None:  # fmt: skip
    """Set the version that a capture shows, instead of an earlier one."""
    before = conn.execute("SELECT version_id FROM sightings WHERE capture_id = ?", [source]).fetchone()
    values = {"capture_id": source, "version_id": version_id, "host": capture.host, "date": capture.shown, "shown": shown}
    values["face"] = difference(conn, version_id, face)
    changed = (f"{name} = excluded.{name}" for name in ("version_id", "shown", "face"))
    conflict = f"ON CONFLICT(capture_id) DO UPDATE SET {', '.join(changed)}"
    insert(conn, "sightings", values, conflict=conflict)
    if before is not None and before[0] != version_id:
        _detach(conn, before[0], source)
    _span(conn, version_id)


def show(conn: sqlite3.Connection, source: int, capture: Capture, other: int) -> None:
    """Let a capture show the version that another one shows."""
    sql = "SELECT v.id, v.story_id FROM sightings s JOIN stored_versions v ON v.id = s.version_id WHERE s.capture_id = ?"
    version_id, story_id = conn.execute(sql, [other]).fetchone()
    _sight(conn, version_id, source, capture)
    _renumber(conn, story_id)


def forget(conn: sqlite3.Connection, source: int) -> None:
    """Remove sighting, denial, links and imprint of a capture; the capture and its failure stay."""
    before = conn.execute("DELETE FROM sightings WHERE capture_id = ? RETURNING version_id", [source]).fetchone()
    if before is not None:
        _detach(conn, before[0], source)
    undeny(conn, source)
    remove_links(conn, source)
    remove_imprint(conn, source)


def _detach(conn: sqlite3.Connection, version_id: int, source: int) -> None:
    """Detach a capture from a version, which is removed if no other capture shows it.

    A 304 alone shows nothing: its sighting goes with the version, and comes back once what it repeats is filed.
    """
    story_id = conn.execute("SELECT story_id FROM versions WHERE id = ?", [version_id]).fetchone()[0]
    heir = conn.execute(
        "SELECT c.id FROM sightings s JOIN captures c ON c.id = s.capture_id WHERE s.version_id = ? AND c.status IS NOT 304"
        " ORDER BY s.shown IS NOT NULL, c.truncated IS NOT NULL, coalesce(c.memento_date, c.date), c.record_id LIMIT 1",
        [version_id],
    ).fetchone()
    if heir is None:
        conn.execute("DELETE FROM sightings WHERE version_id = ?", [version_id])
        _remove_version(conn, version_id)
    else:
        # The text is the same by definition; only the heir's own wording of what does not count is lost until it is read again.
        conn.execute("UPDATE stored_versions SET capture_id = ? WHERE id = ? AND capture_id = ?", [heir[0], version_id, source])
        _span(conn, version_id)
    _renumber(conn, story_id)


def _span(conn: sqlite3.Connection, version_id: int) -> None:
    conn.execute(
        "UPDATE stored_versions SET (first_seen, last_seen) ="
        " (SELECT min(date), iif(max(date) = min(date), '', max(date)) FROM sightings WHERE version_id = ?1) WHERE id = ?1",
        [version_id],
    )


def _renumber(conn: sqlite3.Connection, story_id: str, version_id: int = 0) -> tuple[int, int]:
    """Number a story's versions and derive its row; one version's number, and the count."""
    rows = conn.execute(
        f"SELECT id, n, first_seen, {SHOWN['last_seen']}, published, {SHOWN['canonical_url']}, section, language, newest, headline"
        f" FROM stored_versions v WHERE story_id = ? ORDER BY first_seen, {SHOWN['text_digest']}",
        [story_id],
    ).fetchall()
    for n, row in enumerate(rows, 1):
        if (row[1], row[8]) != (n, n == len(rows)):
            conn.execute("UPDATE stored_versions SET n = ?, newest = ? WHERE id = ?", [n, n == len(rows), row[0]])
    last_seen = max((row[3] for row in rows), default=None)
    newest_first = rows[::-1]
    derived: list[Value] = [
        len(rows), rows[0][2] if rows else None, last_seen,
        _first(rows, 4), _first(newest_first, 5), _first(newest_first, 6), _first(newest_first, 7), _first(newest_first, 9),
    ]  # fmt: skip
    conn.execute(
        "UPDATE stories SET versions = ?, first_seen = ?, last_seen = ?, published = ?, canonical_url = ?, section = ?, language = ?,"
        " headline = ? WHERE id = ?",
        [*derived, story_id],
    )
    settle_state(conn, story_id)
    return next((n for n, row in enumerate(rows, 1) if row[0] == version_id), 0), len(rows)


def _first(rows: list[sqlite3.Row], column: int) -> Value:
    value: Value = next((row[column] for row in rows if row[column] is not None), None)
    return value
