"""Table of answers that a story is not there, and view of its absences."""

from __future__ import annotations

from typing import Protocol


class Database(Protocol):
    """A connection to an index."""

    def execute(self, sql: str, /) -> object:
        """Run one statement."""


DENIALS = """
CREATE TABLE denials ( -- A capture that says that its story is not there: 404, 410, soft-404, or a redirect away from the story.
    capture_id INTEGER PRIMARY KEY REFERENCES captures(id), -- The capture.
    story_id TEXT NOT NULL, -- The story asked for; without a row in stories if it is only a page that was never read as one.
    host TEXT NOT NULL, -- The mirror that was asked.
    date TEXT NOT NULL, -- Date of the capture.
    told TEXT NOT NULL, -- `gone`, or `moved`: its address leads to another story.
    confirms INTEGER -- As captures.confirms.
)"""

CONFIRMS = """
ALTER TABLE captures
    ADD confirms INTEGER -- Of a request for a missing story: 1 if a further denial settles that it is gone, else 0; null if not noted.
"""

MISSING_SINCE = """
ALTER TABLE stories
    ADD missing_since TEXT -- Date of the first capture after last_seen that says that it is not there; null for none.
"""

FRONTIER_SCHEDULE = """
ALTER TABLE frontier
    ADD every INTEGER -- Seconds between the last answer and `due`, as the schedule of rechecks chose them; null if it did not.
    ADD announced TEXT -- Date that the list gave by which a story was found.
"""

_SIGHTINGS = (
    "stored_versions v JOIN sightings s ON s.version_id = v.id JOIN captures k ON k.id = s.capture_id"
    " WHERE v.story_id = {story} AND k.via IS NULL"
)
"""SQL: what the story's own hosts showed; a web archive does not say whether it is still there."""
_FIRST = (
    "(SELECT d.capture_id FROM denials d JOIN captures c ON c.id = d.capture_id WHERE d.story_id = a.story_id AND d.date = {date}"
    " ORDER BY c.record_id LIMIT 1)"
)
_CONFIRMED = (
    "(SELECT min(d.date) FROM denials d WHERE d.story_id = a.story_id AND d.date BETWEEN a.missing_since AND a.last_denied"
    " AND (d.confirms = 1 OR (d.confirms IS NULL AND julianday(d.date) - julianday(a.missing_since) >= 1)))"
)
_ABSENCE = f"""
SELECT d.story_id, (SELECT max(s.date) FROM {_SIGHTINGS.format(story="d.story_id")} AND s.date < d.date) AS last_seen,
    min(d.date) AS missing_since, max(d.date) AS last_denied, count(*) AS denials FROM denials d GROUP BY 1, 2"""

ABSENCES = f"""
CREATE VIEW absences AS SELECT -- A time for which a story was missing: denials between two sightings.
    a.story_id AS story_id, -- The story.
    a.last_seen AS last_seen, -- Date of the last sighting before; null if it was never seen before.
    (SELECT s.capture_id FROM {_SIGHTINGS.format(story="a.story_id")} AND s.date = a.last_seen
        ORDER BY s.capture_id LIMIT 1) AS last_capture_id, -- The capture of that sighting.
    a.missing_since AS missing_since, -- Date of the first denial.
    {_FIRST.format(date="a.missing_since")} AS missing_capture_id, -- The capture of the first denial.
    a.denials AS denials, -- How many captures deny it.
    a.last_denied AS last_denied, -- Date of the last denial.
    {_CONFIRMED} AS confirmed, -- Date of the denial that confirms it: noted so, or without a note a day after the first; or null.
    {_FIRST.format(date=_CONFIRMED)} AS confirmed_capture_id, -- The capture of that denial.
    (SELECT d.told FROM denials d JOIN captures c ON c.id = d.capture_id WHERE d.story_id = a.story_id AND d.date = a.last_denied
        ORDER BY c.record_id DESC LIMIT 1) AS told, -- What the last denial says: `gone` or `moved`.
    (SELECT min(s.date) FROM {_SIGHTINGS.format(story="a.story_id")} AND s.date >= a.last_denied) AS restored, -- Date of the next sighting.
    (SELECT s.capture_id FROM {_SIGHTINGS.format(story="a.story_id")} AND s.date >= a.last_denied
        ORDER BY s.date, s.capture_id LIMIT 1) AS restored_capture_id -- The capture of that sighting.
FROM ({_ABSENCE}) a"""

INDEXES = (
    "CREATE INDEX idx_denials_story ON denials(story_id, date)",
    "CREATE INDEX idx_stories_missing ON stories(missing_since) WHERE missing_since IS NOT NULL",
)

COLUMNS = (CONFIRMS, MISSING_SINCE, FRONTIER_SCHEDULE)
"""Columns that are added to tables that are there."""

SETTLE = """
UPDATE stories SET (state, state_date, missing_since) = (
    SELECT iif(a.last_seen IS NOT NULL AND a.confirmed IS NULL, 'live', a.told),
        iif(a.last_seen IS NOT NULL AND a.confirmed IS NULL, a.last_seen, a.last_denied), a.missing_since
    FROM absences a WHERE a.story_id = stories.id AND a.restored IS NULL
    UNION ALL SELECT iif(one.seen IS NULL, NULL, 'live'), one.seen, NULL
    FROM (SELECT (SELECT max(s.date) FROM {sightings}) AS seen) one LIMIT 1
)""".format(sightings=_SIGHTINGS.format(story="stories.id"))
"""SQL: the state of stories from their sightings and denials; a condition on `stories` is added behind it."""

_DENIED = "((f.reason = 'status' AND c.status IN (404, 410)) OR (f.reason = 'soft-404' AND f.detail NOT IN ({other})) OR ({moved}))"
_FILL = (
    "INSERT OR IGNORE INTO denials SELECT c.id, c.story_id, c.host, c.date, iif({moved} AND s.state IS 'moved', 'moved', 'gone'), NULL"
    " FROM failures f JOIN captures c ON c.id = f.capture_id LEFT JOIN stories s ON s.id = c.story_id"
    " WHERE c.story_id IS NOT NULL AND (c.role = 'page' OR (c.role = 'story' AND c.key = c.story_id)) AND " + _DENIED
).format(
    other="'empty body', 'the front page in place of the story'",
    moved="(f.reason = 'redirect' AND f.detail LIKE 'the story''s address leads to %')",
)  # fmt: skip


def make_denials(conn: Database) -> None:
    """Make the table, fill it from an older index, settle its stories.

    Of a soft-404 the older index does not say whether the page or an error of the server was meant: `reindex` tells them apart.
    """
    for statement in (DENIALS, *INDEXES, ABSENCES):
        conn.execute(statement.strip())
    conn.execute(_FILL)
    conn.execute(f"{SETTLE} WHERE id IN (SELECT story_id FROM denials)")
