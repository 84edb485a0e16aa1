"""Full-text tables, views and indexes of `index.db`, as the first migration makes them."""

from __future__ import annotations

LANE = "coalesce(host, substr(url, 1, instr(substr(url || '/', 9), '/') + 8))"
"""SQL: the lane of a frontier row: the only host to ask, else scheme and host of the address."""

SEARCH = (
    """
CREATE VIRTUAL TABLE versions_fts USING fts5( -- Full text of the versions; rowid is versions.id, `rank` weighs the headline most.
    headline, -- Of the version.
    deck, -- Of the version.
    body, -- Of the version.
    captions, -- Of all its pictures.
    credits, -- Of all its pictures.
    content="versions", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
)""",
    """
CREATE VIRTUAL TABLE images_fts USING fts5( -- Full text of single pictures; rowid is images.id.
    caption, -- Of the picture.
    credit, -- Of the picture.
    content="images", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
)""",
    "INSERT INTO versions_fts(versions_fts, rank) VALUES ('rank', 'bm25(10.0, 5.0, 1.0, 3.0, 3.0)')",
)

SEARCH_BODY_FIRST = (
    """
CREATE VIRTUAL TABLE versions_fts USING fts5( -- Full text of the versions; rowid is versions.id, `rank` weighs the headline most.
    body, -- Of the version; first, since FTS5 writes two bytes less for each word of its first column.
    headline, -- Of the version.
    deck, -- Of the version.
    captions, -- Of all its pictures.
    credits, -- Of all its pictures.
    content="versions", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
)""",
    "INSERT INTO versions_fts(versions_fts, rank) VALUES ('rank', 'bm25(1.0, 10.0, 5.0, 3.0, 3.0)')",
    # Merging begins with two segments of a size in place of four: what is merged is smaller.
    "INSERT INTO versions_fts(versions_fts, rank) VALUES ('usermerge', 2)",
    "INSERT INTO images_fts(images_fts, rank) VALUES ('usermerge', 2)",
)
"""Table `versions_fts` as a later migration makes it anew."""

VIEWS = (
    """
CREATE VIEW captions AS SELECT -- Every picture with its caption, its credit, its story, and where the archived picture lies.
    v.story_id AS story_id, -- The story.
    v.n AS version, -- Which version of the story.
    v.headline AS headline, -- The version's headline.
    v.published AS published, -- When it was published.
    i.caption AS caption, -- What the picture shows.
    i.credit AS credit, -- Who made it, as printed.
    i.agency AS agency, -- The agency named in the credit.
    i.url AS picture_url, -- The picture's address as the page gives it.
    p.warc AS warc, -- The WARC that holds the picture's bytes; null where it is not archived.
    p.offset AS offset, -- Where its record begins there.
    p.record_id AS record_id, -- WARC-Record-ID of that record.
    i.id AS image_id -- Row number in images.
FROM images i JOIN versions v ON v.id = i.version_id LEFT JOIN captures c ON c.id = i.capture_id
LEFT JOIN captures p ON p.record_id = coalesce(c.revisit_of, c.record_id)""",
    """
CREATE VIEW latest AS SELECT -- The newest version of each story.
    v.story_id AS story_id, -- The story.
    v.n AS version, -- Its number, which is also how many versions there are.
    v.headline AS headline, -- Its headline.
    v.deck AS deck, -- Its summary.
    v.body AS body, -- Its text.
    s.published AS published, -- When the story was first published.
    v.section AS section, -- Its section.
    v.language AS language, -- Its language.
    s.canonical_url AS canonical_url, -- The story's address.
    s.state AS state, -- Whether the story is live, gone or moved.
    v.first_seen AS first_seen, -- Date of the first capture that showed this text.
    v.last_seen AS last_seen, -- Date of the last capture that showed this text.
    (SELECT group_concat(host, ', ') FROM (SELECT DISTINCT host FROM sightings
        WHERE version_id = v.id ORDER BY host)) AS hosts, -- The mirrors that showed this text.
    v.id AS version_id -- Row number in versions.
FROM stories s JOIN versions v ON v.story_id = s.id AND v.n = s.versions""",
)

INDEXES = (
    "CREATE INDEX idx_captures_key ON captures(key, date)",
    "CREATE INDEX idx_captures_payload ON captures(payload_digest, date)",
    "CREATE INDEX idx_captures_url ON captures(url, date)",
    "CREATE INDEX idx_captures_story ON captures(story_id, date) WHERE story_id IS NOT NULL",
    "CREATE INDEX idx_captures_place ON captures(warc, offset)",
    "CREATE INDEX idx_captures_unread ON captures(date) WHERE read_state = 'unread'",
    "CREATE INDEX idx_stories_published ON stories(published)",
    "CREATE UNIQUE INDEX idx_versions_text ON versions(story_id, text_digest)",
    "CREATE INDEX idx_versions_n ON versions(story_id, n)",
    "CREATE INDEX idx_versions_capture ON versions(capture_id)",
    "CREATE INDEX idx_sightings_version ON sightings(version_id, date)",
    "CREATE UNIQUE INDEX idx_images_place ON images(version_id, n)",
    "CREATE INDEX idx_images_key ON images(key)",
    # One attempt is one row, however often it is filed.
    "CREATE UNIQUE INDEX idx_failures_attempt ON failures(date, url, attempt, reason)",
    "CREATE INDEX idx_failures_story ON failures(story_id) WHERE story_id IS NOT NULL",
    "CREATE INDEX idx_frontier_next ON frontier(state, priority DESC, added, key)",
    "CREATE INDEX idx_frontier_due ON frontier(state, due)",
    # The rows of one host, the most urgent first: a busy host is passed in one step, however many rows wait for it.
    f"CREATE INDEX idx_frontier_lane ON frontier(state, {LANE}, priority DESC, added, key)",
    "CREATE INDEX idx_frontier_story ON frontier(story_id) WHERE story_id IS NOT NULL",
)
