"""Rows of tables `comparisons` and `divergences`, which follow from the captures of a story."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from crawler.items.even_text import even_text
from crawler.timeline.mirror_comparisons import WINDOW, Compared, Diverged, Look, compared, diverged

DENIALS = ("soft-404", "redirect")
"""Reasons of failures that say, like 404 and 410, that a mirror has no such story."""
FIELDS = ("headline", "deck", "body", "captions", "credits", "embeds", "pictures")

_CONCERNED = (
    "SELECT EXISTS (SELECT 1 FROM captures WHERE story_id = ?1 AND host != ?2 AND role != 'requisite')"
    " OR EXISTS (SELECT 1 FROM stored_versions v JOIN sightings s ON s.version_id = v.id WHERE v.story_id = ?1 AND s.host != ?2)"
    " OR EXISTS (SELECT 1 FROM comparisons WHERE story_id = ?1)"
)
_DENIED = f"(c.status IN (404, 410) OR EXISTS (SELECT 1 FROM failures f WHERE f.capture_id = c.id AND f.reason IN {DENIALS}))"
_LOOKS = f"""
SELECT c.date, c.record_id, c.id, s.host, s.version_id, c.key = v.story_id || '@' || c.host AND c.story_id = v.story_id AS compared
    FROM stored_versions v JOIN sightings s ON s.version_id = v.id JOIN captures c ON c.id = s.capture_id
    WHERE v.story_id = ?1 AND c.truncated IS NULL AND s.shown IS NULL AND c.via IS NULL
UNION ALL
SELECT c.date, c.record_id, c.id, c.host, NULL, c.key = c.story_id || '@' || c.host FROM captures c
    WHERE c.story_id = ?1 AND c.role = 'story' AND c.via IS NULL AND {_DENIED}
    AND (c.key = c.story_id OR c.key = c.story_id || '@' || c.host)
    AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.capture_id = c.id)"""
_ON_PAGES = "SELECT 1 FROM article_pages WHERE story_id = ? LIMIT 1"
_TEXTS = "SELECT v.headline, v.deck, v.body, v.blocks, c.date FROM versions v JOIN captures c ON c.id = v.capture_id WHERE v.id = ?"
_IMAGES = "SELECT key, caption, credit FROM images WHERE version_id = ? ORDER BY n"
_ON_SEVERAL_HOSTS = (
    "SELECT v.story_id FROM stored_versions v JOIN sightings s ON s.version_id = v.id GROUP BY v.story_id HAVING min(s.host) != max(s.host)"
)
_COMPARISONS = (
    "site", "story_id", "date", "host", "other_host", "result", "capture_id", "other_capture_id", "again_capture_id", "version_id",
    "other_version_id", "fields",
)  # fmt: skip
_DIVERGENCES = (
    "site", "story_id", "kind", "host", "other_host", "first_seen", "last_seen", "ended", "sightings", "fields", "capture_id",
    "other_capture_id", "again_capture_id", "version_id", "other_version_id",
)  # fmt: skip
Row = tuple[str | int | None, ...]


def compare_story(conn: sqlite3.Connection, story_id: str, host: str = "") -> None:
    """Derive the comparisons and divergences of a story anew, inside a transaction.

    Args:
        host: Of a capture just filed: where no other host has the story, there is nothing to compare.
    """
    if host and not conn.execute(_CONCERNED, (story_id, host)).fetchone()[0]:
        return
    looks = [] if conn.execute(_ON_PAGES, (story_id,)).fetchone() else looks_of(conn, story_id)
    comparisons = compared(looks)
    fields = _FieldNames(conn)
    _replace(conn, "comparisons", _COMPARISONS, story_id, [_comparison(story_id, one, fields) for one in comparisons])
    _replace(conn, "divergences", _DIVERGENCES, story_id, [_divergence(story_id, one, fields) for one in diverged(comparisons)])


def compare_all(conn: sqlite3.Connection) -> None:
    """Derive the comparisons of every story that several hosts have shown."""
    for (story_id,) in conn.execute(_ON_SEVERAL_HOSTS).fetchall():
        compare_story(conn, story_id)


def note_listed(conn: sqlite3.Connection, record_id: str, stories: int) -> None:
    """Note how many stories a list led to."""
    conn.execute("INSERT OR REPLACE INTO listed SELECT id, ? FROM captures WHERE record_id = ?", (stories, record_id))


def denied_on_several_hosts(conn: sqlite3.Connection) -> list[str]:
    """List the stories that one host has shown and another may lack.

    What a record of our own says of its failure is filed before the story is.
    """
    sql = (
        "SELECT DISTINCT c.story_id FROM captures c JOIN stories s ON s.id = c.story_id WHERE c.role = 'story' AND s.versions > 0"
        f" AND {_DENIED} AND EXISTS (SELECT 1 FROM captures o WHERE o.story_id = c.story_id AND o.host != c.host AND o.role = 'story')"
    )
    return [str(row[0]) for row in conn.execute(sql)]


def looks_of(conn: sqlite3.Connection, story_id: str) -> list[Look]:
    """List what whole answers told of a story: versions, and that it is not there."""
    rows = conn.execute(_LOOKS, (story_id,))
    return [Look(date=r[0], record_id=r[1], capture=r[2], host=r[3], version=r[4], compared=bool(r[5])) for r in rows]


def _replace(conn: sqlite3.Connection, table: str, columns: Sequence[str], story_id: str, rows: list[Row]) -> None:
    names = ", ".join(columns)
    there = [tuple(row) for row in conn.execute(f"SELECT {names} FROM {table} WHERE story_id = ? ORDER BY id", (story_id,))]
    if there != rows:
        conn.execute(f"DELETE FROM {table} WHERE story_id = ?", (story_id,))
        conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", rows)


def _comparison(story_id: str, one: Compared, fields: _FieldNames) -> Row:
    return (
        story_id.partition("/")[0], story_id, one.date, one.mine.host, one.other.host, one.result, *_captures(one),
        _json(fields.differing([one])),
    )  # fmt: skip


def _divergence(story_id: str, one: Diverged, fields: _FieldNames) -> Row:
    first = one.first
    return (
        story_id.partition("/")[0], story_id, first.result, first.mine.host, first.other.host, first.date, one.last.date, one.ended,
        len(one.looks), _json(fields.differing(one.looks)), *_captures(first),
    )  # fmt: skip


def _captures(one: Compared) -> Row:
    again = one.again.capture if one.again else None
    return one.mine.capture, one.other.capture, again, one.mine.version, one.other.version


def _json(names: Iterable[str]) -> str:
    return json.dumps(list(names), separators=(",", ":"))


def _near(one: str, other: str) -> bool:
    return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= WINDOW


class _FieldNames:
    """Names of the fields in which versions differ."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._texts: dict[int, dict[str, object]] = {}
        self._dates: dict[int, str] = {}
        """Of the captures from which the values of versions are."""

    def differing(self, looks: Iterable[Compared]) -> list[str]:
        """Name the fields that differ in any of some comparisons, in their order."""
        found: set[str] = set()
        for one in looks:
            if one.result in ("different", "stale") and one.mine.version is not None and one.other.version is not None:
                mine, other = self._of(one.mine.version), self._of(one.other.version)
                differing = {name for name in FIELDS if mine[name] != other[name]}
                # A picture may be replaced without another version; of a text seen long before nobody knows which it has now.
                known = all(_near(self._dates[version], one.date) for version in (one.mine.version, one.other.version))
                found |= differing if known else differing - {"pictures"}
        return [name for name in FIELDS if name in found]

    def _of(self, version: int) -> dict[str, object]:
        if version not in self._texts:
            self._texts[version] = dict(zip(FIELDS, self._read(version), strict=True))
        return self._texts[version]

    def _read(self, version: int) -> Iterator[object]:
        """Yield what counts of each field, as the digest of a version takes it."""
        headline, deck, body, blocks, self._dates[version] = self._conn.execute(_TEXTS, (version,)).fetchone()
        images = self._conn.execute(_IMAGES, (version,)).fetchall()
        yield from map(even_text, (headline, deck, body))
        for place in (1, 2):
            yield [text for image in images if (text := even_text(image[place]))]
        embeds = [block for block in json.loads(blocks or "[]") if block["kind"] == "embed"]
        yield [even_text(f"{block.get('url') or ''} {block.get('text') or ''}") for block in embeds]
        yield [image[0] for image in images]
