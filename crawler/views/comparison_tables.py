"""Tables and views of what mirrors said of a story at the same time."""

from __future__ import annotations

COMPARISONS = """
CREATE TABLE comparisons ( -- One look at a story on two mirrors within an hour; follows from captures.
    id INTEGER PRIMARY KEY, -- Row number.
    site TEXT NOT NULL, -- The site.
    story_id TEXT NOT NULL, -- The story.
    date TEXT NOT NULL, -- Date of the capture between, or of the second of two.
    host TEXT NOT NULL, -- The mirror that lags, lacks the story or says something else; else the one asked second.
    other_host TEXT NOT NULL, -- The mirror that it is held against.
    result TEXT NOT NULL, -- `equal`, `different`, `stale` (host shows an older text), `missing` (host lacks the story) or `unsettled`.
    capture_id INTEGER NOT NULL REFERENCES captures(id), -- What host answered.
    other_capture_id INTEGER NOT NULL REFERENCES captures(id), -- What other_host answered.
    again_capture_id INTEGER REFERENCES captures(id), -- The one asked first, asked again: it had not changed meanwhile. Null if not needed.
    version_id INTEGER, -- The version that host showed; null where it lacks the story.
    other_version_id INTEGER, -- The version that other_host showed; null where it lacks the story.
    fields TEXT NOT NULL -- Names of the fields that differ, a JSON list: headline, deck, body, captions, credits, embeds, pictures.
)"""

DIVERGENCES = """
CREATE TABLE divergences ( -- Two mirrors that disagree on a story, from the first look that showed it to the first that did not.
    id INTEGER PRIMARY KEY, -- Row number.
    site TEXT NOT NULL, -- The site.
    story_id TEXT NOT NULL, -- The story.
    kind TEXT NOT NULL, -- `different`, `stale` or `missing`, as comparisons.result.
    host TEXT NOT NULL, -- The mirror that lags, lacks the story or says something else.
    other_host TEXT NOT NULL, -- The mirror that it is held against.
    first_seen TEXT NOT NULL, -- Date of the first look that showed it.
    last_seen TEXT NOT NULL, -- Date of the last look that showed it.
    ended TEXT, -- Date of the first look at which it was over; null while it lasts.
    sightings INTEGER NOT NULL, -- How many looks showed it.
    fields TEXT NOT NULL, -- Names of all fields that differed, a JSON list; empty where the story is missing.
    capture_id INTEGER NOT NULL REFERENCES captures(id), -- What host answered at the first look.
    other_capture_id INTEGER NOT NULL REFERENCES captures(id), -- What other_host answered at the first look.
    again_capture_id INTEGER REFERENCES captures(id), -- The capture that confirmed the first look.
    version_id INTEGER, -- The version that host showed at the first look; null where it lacks the story.
    other_version_id INTEGER -- The version that other_host showed at the first look.
)"""

LISTED = """
CREATE TABLE listed ( -- How many stories a feed, a front page or a section front led to; older captures get it by `reindex`.
    capture_id INTEGER PRIMARY KEY REFERENCES captures(id), -- The capture of the list.
    stories INTEGER NOT NULL -- How many.
)"""

_FIELD_TEXT = """CASE f.value WHEN 'headline' THEN {v}.headline WHEN 'deck' THEN {v}.deck WHEN 'body' THEN {v}.body
        WHEN 'captions' THEN {v}.captions WHEN 'credits' THEN {v}.credits
        WHEN 'embeds' THEN (SELECT group_concat(trim(coalesce(e.value ->> 'url', '') || ' ' || coalesce(e.value ->> 'text', '')), char(10))
            FROM json_each({v}.blocks) e WHERE e.value ->> 'kind' = 'embed')
        ELSE (SELECT group_concat(url, char(10)) FROM (SELECT i.url FROM images i WHERE i.version_id = {v}.id ORDER BY i.n)) END"""

COMPARISON_VIEWS = (
    f"""
CREATE VIEW divergence_texts AS SELECT -- Both texts of each field on which two mirrors disagree.
    d.id AS divergence_id, -- The row of divergences.
    d.story_id AS story_id, -- The story.
    d.kind AS kind, -- `different` or `stale`.
    d.host AS host, -- The mirror that says something else.
    d.other_host AS other_host, -- The mirror that it is held against.
    f.value AS field, -- headline, deck, body, captions, credits, embeds or pictures.
    {_FIELD_TEXT.format(v="a")} AS text, -- What host shows.
    {_FIELD_TEXT.format(v="b")} AS other_text, -- What other_host shows.
    min(c.date) AS first_seen, -- Date of the first look that showed both.
    max(c.date) AS last_seen -- Date of the last look that showed both.
FROM divergences d JOIN comparisons c ON c.story_id = d.story_id AND c.host = d.host AND c.other_host = d.other_host
    AND c.result = d.kind AND c.date BETWEEN d.first_seen AND d.last_seen
JOIN json_each(c.fields) f JOIN versions a ON a.id = c.version_id JOIN versions b ON b.id = c.other_version_id
GROUP BY d.id, f.value, a.id, b.id""",
    """
CREATE VIEW common_sightings AS SELECT -- The sightings that tell the history of a story: not what only a divergent mirror showed.
    s.capture_id AS capture_id, -- The capture.
    s.version_id AS version_id, -- The version it showed.
    s.host AS host, -- The mirror that served it.
    s.date AS date, -- Date of the capture.
    s.shown AS shown -- As sightings.shown.
FROM sightings s WHERE NOT EXISTS (SELECT 1 FROM comparisons c WHERE c.version_id = s.version_id AND c.host = s.host
    AND c.result IN ('different', 'stale') AND (c.result = 'different' OR (c.result = 'stale'
        AND s.date > (SELECT min(o.date) FROM sightings o WHERE o.version_id = c.other_version_id))))""",
)

COMPARISON_INDEXES = (
    "CREATE INDEX idx_captures_lists ON captures(site, date) WHERE role IN ('feed', 'seed', 'section')",
    "CREATE INDEX idx_comparisons_story ON comparisons(story_id, date)",
    "CREATE INDEX idx_comparisons_version ON comparisons(version_id, host) WHERE result IN ('different', 'stale')",
    "CREATE INDEX idx_divergences_story ON divergences(story_id, first_seen)",
)
