"""Events of stories: a table kept up by filing, and the view that shows it."""

from __future__ import annotations

SIGHTING_FACE = """
ALTER TABLE sightings
    ADD face TEXT -- JSON of canonical address and picture keys, where they are not those of its version; empty: not known.
"""

STORY_EVENTS = """
CREATE TABLE story_events ( -- What view `events` shows; derived anew for a story whenever what it follows from has changed.
    id INTEGER PRIMARY KEY, -- Row number.
    story_id TEXT NOT NULL, -- The story.
    kind TEXT NOT NULL, -- As in events.
    date TEXT NOT NULL, -- As in events.
    capture_id INTEGER, -- As in events.
    capture_before_id INTEGER, -- As in events.
    version_id INTEGER, -- The version it led to; row number in versions.
    version_before_id INTEGER, -- The version that stood before.
    host TEXT, -- As in events.
    changed_by TEXT, -- `not_after` of events.
    stood_from TEXT, -- `old_first_seen` of events.
    stood_to TEXT -- `old_last_seen` of events.
)"""
FACES_UNKNOWN = """
UPDATE sightings SET face = '' WHERE shown IS NOT NULL OR capture_id IN (SELECT id FROM captures WHERE truncated IS NOT NULL)
    OR capture_id IN (SELECT p.capture_id FROM article_pages p WHERE p.number > (SELECT min(f.number) FROM article_pages f
        WHERE f.story_id = p.story_id))"""
"""SQL: of pages that were cut off, and of further pages, nothing is known; `reindex` fills what older captures showed."""
EVENT_COLUMNS = (
    "story_id", "kind", "date", "capture_id", "capture_before_id", "version_id", "version_before_id", "host", "changed_by", "stood_from",
    "stood_to",
)  # fmt: skip


def _seconds(later: str, earlier: str) -> str:
    return f"CAST(round((julianday({later}) - julianday({earlier})) * 86400) AS INTEGER)"


EVENTS = f"""
CREATE VIEW events AS SELECT -- What happened to stories, with the two captures that show it; docs/events.md tells what counts.
    e.story_id AS story_id, -- The story.
    s.site AS site, -- Its site.
    e.kind AS kind, -- What happened: published, edited, headline_changed and so on; docs/events.md lists the kinds.
    e.date AS date, -- Date of the capture by which it counts; of a removal the one that confirmed it.
    e.host AS host, -- The host that showed it.
    coalesce(v.headline, o.headline) AS headline, -- The headline after it; where nothing was left, the last one.
    o.headline AS headline_before, -- The headline before it.
    v.n AS version, -- The version after it; null where nothing was left.
    o.n AS version_before, -- The version before it.
    e.capture_id AS capture_id, -- The capture that shows it: row number in captures.
    c.record_id AS record_id, -- WARC-Record-ID of that capture.
    c.url AS url, -- Its address.
    c.warc AS warc, -- The WARC that holds it.
    c.offset AS offset, -- Where its record begins there.
    e.capture_before_id AS capture_before_id, -- The last capture that showed what was before: row number in captures.
    b.record_id AS record_id_before, -- WARC-Record-ID of that capture.
    b.warc AS warc_before, -- The WARC that holds it.
    b.offset AS offset_before, -- Where its record begins there.
    iif(e.kind = 'diverged', NULL, e.stood_to) AS not_before, -- It happened after this: the last sight of the old one, if any.
    e.changed_by AS not_after, -- It happened until this: date of the first capture that shows it; null where it goes on.
    e.stood_from AS old_first_seen, -- First capture that showed what was before, without a break.
    e.stood_to AS old_last_seen, -- Last capture that showed it.
    {_seconds("e.stood_to", "e.stood_from")} AS stood_least, -- Seconds that the old one stood at least: to old_last_seen.
    {_seconds("e.changed_by", "e.stood_from")} AS stood_most, -- Seconds that it stood at most since old_first_seen: to not_after.
    s.published AS published, -- When the story was first published, as printed.
    s.canonical_url AS canonical_url, -- The story's address.
    e.id AS id -- Row number, not kept by a rebuild; `story_id`, `kind` and `record_id` name an event for good.
FROM story_events e JOIN stories s ON s.id = e.story_id LEFT JOIN captures c ON c.id = e.capture_id
LEFT JOIN captures b ON b.id = e.capture_before_id LEFT JOIN stored_versions v ON v.id = e.version_id
LEFT JOIN stored_versions o ON o.id = e.version_before_id"""

COMPARED = (
    "story_id", "kind", "date", "host", "version", "version_before", "record_id", "record_id_before", "not_before", "not_after",
    "old_first_seen", "old_last_seen",
)  # fmt: skip
"""Columns of view `events` by which two indexes are compared."""

EVENT_INDEXES = (
    "CREATE INDEX idx_story_events_date ON story_events(date)",
    "CREATE INDEX idx_story_events_story ON story_events(story_id)",
)

_DUE = "INSERT INTO events_due SELECT {story}"
_OF_VERSION = "v.story_id FROM main.stored_versions v WHERE v.id = {row}.version_id"
_OF_CAPTURE = "v.story_id FROM main.sightings t JOIN main.stored_versions v ON v.id = t.version_id WHERE t.capture_id = {row}.id"


def _trigger(table: str, event: str, *stories: str) -> str:
    name = f"{table}_due_{event.split()[0].lower()}"
    steps = "; ".join(_DUE.format(story=story) for story in stories)
    return f"CREATE TEMP TRIGGER {name} AFTER {event} ON main.{table} BEGIN {steps}; END"


# Not unique: the conflict clause of a statement that sets off a trigger holds within it, too.
EVENTS_DUE = "CREATE TEMP TABLE events_due (story_id TEXT)"
"""SQL: stories whose events are to be derived anew before the open transaction ends; a rollback takes them back."""
_WATCHED: dict[str, tuple[tuple[str, ...], ...]] = {
    "sightings": (
        ("INSERT", _OF_VERSION.format(row="NEW")),
        ("DELETE", _OF_VERSION.format(row="OLD")),
        ("UPDATE OF version_id, face, shown, date, host", _OF_VERSION.format(row="NEW"), _OF_VERSION.format(row="OLD")),
    ),
    "captures": (
        ("UPDATE OF record_id, date, url, confirms", _OF_CAPTURE.format(row="NEW"), "NEW.story_id WHERE NEW.story_id IS NOT NULL"),
    ),
    **dict.fromkeys(
        ("denials", "comparisons", "divergences"),
        (("INSERT", "NEW.story_id"), ("DELETE", "OLD.story_id"), ("UPDATE", "NEW.story_id", "OLD.story_id")),
    ),
}


def watching(columns: dict[str, set[str]]) -> list[str]:
    """SQL: note stories whose events may change, for one connection.

    Args:
        columns: Of the tables of the index.
    """
    statements = [EVENTS_DUE]
    for table, events in _WATCHED.items():
        if there := columns.get(table):
            statements += [_trigger(table, _known(event, there), *stories) for event, *stories in events]
    return statements


def _known(event: str, columns: set[str]) -> str:
    what, of, names = event.partition(" OF ")
    return what + of + ", ".join(name for name in names.split(", ") if name in columns)
