"""Tables, columns and indexes that later migrations add.

One column a line, since SQLite wants a statement for each.
"""

from __future__ import annotations

from crawler.schema.search_tables import LANE, SEARCH_BODY_FIRST
from crawler.views.work_tables import SCOPE

IMPRINTS = """
CREATE TABLE imprints ( -- What an archived picture's file says of its maker (IPTC, XMP); images carry a copy. Filled as pictures are read.
    capture_id INTEGER PRIMARY KEY REFERENCES captures(id), -- The archived picture.
    byline TEXT, -- Who made it.
    credit TEXT, -- The credit line.
    copyright TEXT -- The copyright notice.
)"""

CAPTURE_ORIGIN = """
ALTER TABLE captures
    ADD record_type TEXT NOT NULL DEFAULT 'response' -- Kind of WARC record it was read from: response, revisit, resource or conversion.
    ADD refers_to_url TEXT -- Of a revisit: WARC-Refers-To-Target-URI.
    ADD refers_to_date TEXT -- Of a revisit: WARC-Refers-To-Date.
    ADD written_id TEXT -- WARC-Record-ID as written, where `record_id` had to be another: it is used twice, or missing.
"""

CAPTURE_REFERENCES = """
ALTER TABLE captures
    ADD written_digest TEXT -- Its other digest, as written where `payload_digest` is not; of a revisit by another one the SHA-1, if known.
    ADD refers_to TEXT -- Of a revisit: WARC-Refers-To as written; `revisit_of` is the capture that was found for it.
"""

OFFERED_PAGES = """
CREATE TABLE offered_pages ( -- A page as the page list of a WACZ names it.
    package TEXT NOT NULL, -- File name of the WACZ.
    position INTEGER NOT NULL, -- Its place in the lists, from 0.
    url TEXT NOT NULL, -- The page's address.
    date TEXT, -- When it was archived, as the list says.
    title TEXT, -- Its title in the list.
    PRIMARY KEY (package, position)
)"""

ARTICLE_PAGES = """
CREATE TABLE article_pages ( -- A page of an article that is printed on several, as one capture held it; versions hold the joined text.
    capture_id INTEGER PRIMARY KEY REFERENCES captures(id), -- The capture of the page.
    story_id TEXT NOT NULL, -- The story it is a page of.
    number INTEGER NOT NULL, -- The number of the page, 1 for the first.
    further INTEGER NOT NULL, -- How many further pages it names.
    article TEXT NOT NULL -- What was read from this page alone, a JSON object as `scrapy read` answers it.
)"""

REFERENCE_INDEXES = (
    "CREATE INDEX idx_captures_written ON captures(written_id) WHERE written_id IS NOT NULL",
    "CREATE INDEX idx_captures_revisits ON captures(revisit_of) WHERE record_type = 'revisit'",
    "CREATE INDEX idx_captures_originals ON captures(payload_digest, url, date) WHERE record_type != 'revisit'",
    "CREATE INDEX idx_failures_capture ON failures(capture_id) WHERE capture_id IS NOT NULL",
    "CREATE INDEX idx_captures_digests ON captures(written_digest, url, date) WHERE written_digest IS NOT NULL",
)

CAPTURE_CUT = """
ALTER TABLE captures
    ADD cut_at INTEGER -- Of a page, list or picture that was cut off: how many bytes of its entity body came.
"""

SIGHTING_SHOWN = """
ALTER TABLE sightings
    ADD shown TEXT -- Of a cut answer that showed a beginning: JSON of whether the deck came, and characters of body, captions, credits.
"""

CAPTURE_READERS = """
ALTER TABLE captures
    ADD reader_version TEXT -- By which readers: version and a digest of sources, site file and limits; `given up` where they gave it up.
"""

FRONTIER_INDEXES = (
    "DROP INDEX idx_frontier_next",
    "DROP INDEX idx_frontier_lane",
    # Nothing looks rows up by story.
    "DROP INDEX idx_frontier_story",
    "CREATE INDEX idx_frontier_next ON frontier(state, priority DESC, added, key) WHERE state = 'queued'",
    f"CREATE INDEX idx_frontier_lane ON frontier(state, {LANE}, priority DESC, added, key) WHERE state = 'queued'",
)

WORK_INDEXES = (
    # Rows of workers only: those of `scrapy crawl` cost nothing.
    f"CREATE INDEX idx_frontier_scope ON frontier(lane, state, due, {SCOPE}, run_id) WHERE lane IS NOT NULL",
    f"CREATE INDEX idx_frontier_scope_next ON frontier(lane, {SCOPE}, {LANE}, priority DESC, added, key)"
    " WHERE state = 'queued' AND lane IS NOT NULL",
)

VERSION_NEWEST = """
ALTER TABLE stored_versions
    ADD newest INTEGER NOT NULL DEFAULT 0 -- 1 for the newest version of its story, else 0.
"""

CAPTURE_INDEXES = (
    # A story has few versions, an address few captures of another payload: the other index finds them.
    "DROP INDEX idx_versions_text",
    "DROP INDEX idx_captures_originals",
    "DROP INDEX idx_captures_payload",
    "DROP INDEX idx_captures_story",
    "DROP INDEX idx_captures_digests",
    "DROP INDEX idx_stories_published",
    "DROP INDEX idx_failures_story",
    # Of revisits their original is asked for, never the other way round.
    "CREATE INDEX idx_captures_payload ON captures(payload_digest) WHERE record_type != 'revisit'",
    "CREATE INDEX idx_captures_story ON captures(story_id) WHERE story_id IS NOT NULL",
    "CREATE INDEX idx_captures_digests ON captures(written_digest) WHERE written_digest IS NOT NULL",
    "CREATE INDEX idx_stories_number ON stories(number) WHERE number IS NOT NULL",
    "CREATE INDEX idx_captures_date ON captures(date)",
)

BODY_FIRST = (
    "DROP TABLE versions_fts",
    *SEARCH_BODY_FIRST,
    *(f"INSERT INTO versions_fts(versions_fts) VALUES ('{how}')" for how in ("rebuild", "optimize")),
)
