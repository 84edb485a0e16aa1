"""Invariants of the index file, of stories, versions, sightings and pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator

from closed import Collection, invariant

from crawler.fulltext.checks import full_text_faults
from crawler.index.index import Index
from crawler.index.text_digest import text_digest
from crawler.items.articles import APART
from crawler.schema.story_events import renew_all, watch
from crawler.timeline.event_tables import EVENT_COLUMNS


@invariant
def database(c: Collection) -> Iterator[str]:
    """The file is sound, and every reference leads to a row."""
    yield from (f"index.db: {row[0]}" for row in c.rows("PRAGMA integrity_check") if row[0] != "ok")
    yield from (f"{row[0]} row {row[1]} refers to a row of {row[2]} that is not there" for row in c.rows("PRAGMA foreign_key_check"))


@invariant
def full_text(c: Collection) -> Iterator[str]:
    """Full text is that of the rows."""
    yield from full_text_faults(c.db)
    for table in ("versions", "images"):
        for row in c.rows(f"SELECT id FROM {table} EXCEPT SELECT id FROM {table}_fts_docsize"):
            yield f"{table} row {row[0]} has no full text"


@invariant
def versions(c: Collection) -> Iterator[str]:
    """Versions are numbered 1 to n by date, and each was seen."""
    for row in c.rows("SELECT s.id, s.versions, count(v.id) AS n, min(v.n) AS low, max(v.n) AS high, count(DISTINCT v.n) AS distinct_n FROM stories s"
                      " LEFT JOIN versions v ON v.story_id = s.id GROUP BY s.id"):  # fmt: skip
        if row["versions"] != row["n"]:
            yield f"story {row['id']}: stories.versions {row['versions']}, rows of versions {row['n']}"
        if row["n"] and (row["low"], row["high"], row["distinct_n"]) != (1, row["n"], row["n"]):
            yield f"story {row['id']}: {row['n']} versions are numbered {row['low']} to {row['high']}"
    for row in c.rows("SELECT story_id, n FROM versions v WHERE NOT EXISTS (SELECT 1 FROM sightings s WHERE s.version_id = v.id)"):
        yield f"{row['story_id']} version {row['n']}: no sighting"
    for row in c.rows(
        "SELECT a.story_id, a.n FROM versions a JOIN versions b ON b.story_id = a.story_id AND b.n = a.n + 1 WHERE b.first_seen < a.first_seen"
    ):
        yield f"{row['story_id']} version {row['n'] + 1} was seen before version {row['n']}"


@invariant
def spans(c: Collection) -> Iterator[str]:
    """First and last seen are those of the sightings, for versions and for stories; a sighting has its capture's date and host, or the date of an archive's copy."""
    for row in c.rows(
        "SELECT v.story_id, v.n, v.first_seen, v.last_seen, min(s.date) AS low, max(s.date) AS high FROM versions v"
        " JOIN sightings s ON s.version_id = v.id GROUP BY v.id HAVING (v.first_seen, v.last_seen) IS NOT (low, high)"
    ):
        yield f"{row['story_id']} version {row['n']}: seen {row['first_seen']} to {row['last_seen']}, sightings {row['low']} to {row['high']}"
    for row in c.rows(
        "SELECT t.id, t.first_seen, t.last_seen, min(v.first_seen) AS low, max(v.last_seen) AS high FROM stories t"
        " JOIN versions v ON v.story_id = t.id GROUP BY t.id HAVING (t.first_seen, t.last_seen) IS NOT (low, high)"
    ):
        yield f"story {row['id']}: seen {row['first_seen']} to {row['last_seen']}, versions {row['low']} to {row['high']}"
    for row in c.rows(
        "SELECT c.url FROM sightings s JOIN captures c ON c.id = s.capture_id WHERE (s.date, s.host) IS NOT (coalesce(c.memento_date, c.date), c.host)"
    ):
        yield f"{row['url']}: its sighting has another date or host than its capture"


@invariant
def sightings(c: Collection) -> Iterator[str]:
    """What shows a version is a capture that was read, of that story."""
    for row in c.rows(
        "SELECT v.story_id, v.n, c.url, c.story_id AS other, c.read_state FROM sightings s JOIN versions v ON v.id = s.version_id"
        " LEFT JOIN captures c ON c.id = s.capture_id WHERE c.id IS NULL OR c.read_state != 'read'"
        " OR (c.story_id IS NOT NULL AND c.story_id != v.story_id)"
    ):
        yield f"{row['story_id']} version {row['n']}: seen in {row['url']}, a capture of {row['other']} ({row['read_state']})"
    for row in c.rows(
        "SELECT story_id, n FROM versions v WHERE NOT EXISTS (SELECT 1 FROM sightings s WHERE s.version_id = v.id AND s.capture_id = v.capture_id)"
    ):
        yield f"{row['story_id']} version {row['n']}: its values are from a capture that does not show it"


@invariant
def texts(c: Collection) -> Iterator[str]:
    """A version's digest and body are those of its row."""
    index = Index(c.path / "index.db", c.db, readonly=True)
    for (story,) in c.rows("SELECT DISTINCT story_id FROM versions"):
        for version in index.versions(story):
            if text_digest(version.article) != version.text_digest:
                yield f"{story} version {version.n}: text_digest is not that of its text"
    for row in c.rows("SELECT story_id, n, body, blocks FROM versions"):
        pieces = [one["text"] for one in json.loads(row["blocks"]) if one["text"] and one["kind"] not in APART]
        if "\n".join(pieces) != (row["body"] or ""):
            yield f"{row['story_id']} version {row['n']}: body is not its blocks joined"


@invariant
def images(c: Collection) -> Iterator[str]:
    """Pictures are numbered from 0, and lead to a picture that was archived whole, where one of its key was."""
    for row in c.rows(
        "SELECT i.url, c.role, c.status, c.truncated FROM images i LEFT JOIN captures c ON c.id = i.capture_id"
        " WHERE i.capture_id IS NOT NULL AND (c.id IS NULL OR c.role != 'requisite' OR c.status != 200 OR (c.truncated IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM captures o WHERE o.key = c.key AND o.role = 'requisite' AND o.status = 200 AND o.truncated IS NULL"
        " AND o.state = 'ok')))"
    ):
        yield f"{row['url']}: its capture is a {row['role']}, status {row['status']}, truncated {row['truncated']}"
    for row in c.rows(
        "SELECT version_id, count(*) AS total, min(n) AS low, max(n) AS high FROM images GROUP BY version_id HAVING low != 0 OR high != total - 1"
    ):
        yield f"version {row['version_id']}: {row['total']} pictures are numbered {row['low']} to {row['high']}"


@invariant
def events(c: Collection) -> Iterator[str]:
    """Every seen story is published once and first, events lead to rows, their dates stand in order, and deriving them anew changes none."""
    for row in c.rows(
        "SELECT s.id, s.first_seen, count(e.id) AS found, min(e.date) AS first FROM stories s LEFT JOIN events e ON e.story_id = s.id"
        " AND e.kind = 'published' GROUP BY s.id HAVING found != (s.versions > 0) OR first < s.first_seen"
    ):
        yield f"story {row['id']}: published {row['found']} times, {row['first']}; first seen {row['first_seen']}"
    for row in c.rows(
        "SELECT e.story_id, e.kind, e.date FROM story_events e WHERE e.capture_id NOT IN (SELECT id FROM captures)"
        " OR e.capture_before_id NOT IN (SELECT id FROM captures) OR e.version_id NOT IN (SELECT id FROM versions)"
        " OR e.version_before_id NOT IN (SELECT id FROM versions) OR e.story_id NOT IN (SELECT id FROM stories)"
    ):
        yield f"{row['story_id']} {row['kind']} {row['date']}: refers to a row that is not there"
    for row in c.rows(
        "SELECT story_id, kind, date FROM events WHERE not_before > not_after OR old_first_seen > old_last_seen OR not_after > date AND kind != 'diverged'"
    ):
        yield f"{row['story_id']} {row['kind']} {row['date']}: its dates are not in order"
    held = [tuple(row) for row in c.rows(f"SELECT {', '.join(EVENT_COLUMNS)} FROM story_events ORDER BY story_id, id")]
    watch(c.db)
    renew_all(c.db)
    anew = [tuple(row) for row in c.rows(f"SELECT {', '.join(EVENT_COLUMNS)} FROM story_events ORDER BY story_id, id")]
    yield from (f"{row[:3]} is in the index, and does not follow from its captures" for row in held if row not in anew)
    yield from (f"{row[:3]} follows from the captures, and is not in the index" for row in anew if row not in held)
