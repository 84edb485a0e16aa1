"""Tables and views of what lists and pages announced, held against what is here."""

from __future__ import annotations

ANNOUNCED_TABLES = (
    """
CREATE TABLE announced ( -- The first place that announced each story, read or not: what feeds, sitemaps, fronts and stories link.
    story_id TEXT PRIMARY KEY, -- The story; of a page without a site file `web/` and its address.
    capture_id INTEGER NOT NULL REFERENCES captures(id), -- The earliest capture of a list or page that names it.
    url TEXT NOT NULL -- Its address, as first named there.
) WITHOUT ROWID""",
    """
CREATE TABLE web_lists ( -- Captures of feeds and sitemaps without a site file, whose entries are announced as pages.
    capture_id INTEGER PRIMARY KEY -- The capture.
)""",
    """
CREATE TABLE lists_to_announce ( -- Captures whose links were taken back or changed: what they announce is still to be looked up.
    capture_id INTEGER PRIMARY KEY -- The capture.
)""",
)
ANNOUNCED_INDEXES = ("CREATE INDEX idx_announced_capture ON announced(capture_id)",)
ANNOUNCED_TRIGGERS = (
    """
CREATE TRIGGER links_taken_back AFTER DELETE ON link_lists BEGIN
    INSERT OR IGNORE INTO lists_to_announce VALUES (OLD.capture_id);
    DELETE FROM web_lists WHERE capture_id = OLD.capture_id;
END""",
)
FILL_ANNOUNCED = "INSERT OR IGNORE INTO lists_to_announce SELECT DISTINCT capture_id FROM link_lists"
"""SQL: for an index that has lists and no announcements yet; the next command that writes looks them up."""

_READABLE = (
    "EXISTS (SELECT 1 FROM stored_versions v WHERE v.story_id = s.id AND v.newest"
    " AND (v.headline IS NOT NULL OR v.body IS NOT NULL AND v.body != ''))"
)
_KEY = "iif(c.site = 'web', substr(a.story_id, 5), a.story_id)"
_HAS_CAPTURE = "EXISTS (SELECT 1 FROM captures k WHERE k.story_id = a.story_id AND k.role IN ('story', 'page'))"
_STATE = f"""CASE
        WHEN s.versions > 0 AND {_READABLE} THEN 'held'
        WHEN s.state IN ('gone', 'moved') THEN 'gone'
        WHEN f.state IN ('refused', 'failed') THEN f.state
        WHEN f.state IN ('queued', 'leased') THEN 'waiting'
        WHEN f.state = 'done' AND f.reason IS NOT NULL AND coalesce(s.versions, 0) = 0 THEN 'gone'
        WHEN f.state IS NOT NULL OR s.versions > 0 OR {_HAS_CAPTURE} THEN 'unread'
        ELSE 'never-asked' END"""

ANNOUNCED_VIEWS = (
    """
CREATE VIEW announcements AS SELECT -- Where and when each story was first announced.
    a.story_id AS story_id, -- The story, read or not.
    a.url AS url, -- Its address, as first named.
    c.site AS site, -- The site.
    c.host AS host, -- The host that announced it.
    substr(c.date, 1, 10) AS day, -- The day (UTC) of that.
    c.date AS date, -- Date of the capture that announced it.
    c.role AS place, -- Kind of place: feed, sitemap, seed (the front page), section, story (a link on another story), page.
    c.url AS list_url, -- Address of that list or page.
    c.record_id AS record_id -- The capture of it.
FROM announced a JOIN captures c ON c.id = a.capture_id""",
    f"""
CREATE VIEW coverage AS SELECT -- Each announced story, and whether it is here.
    a.story_id AS story_id, -- The story.
    a.url AS url, -- Its address, as first named.
    c.site AS site, -- The site.
    c.host AS host, -- The host that announced it.
    substr(c.date, 1, 10) AS day, -- The day (UTC) on which it was first announced.
    c.date AS date, -- Date of the capture that announced it.
    c.role AS place, -- Kind of place, as in announcements.
    c.url AS list_url, -- Address of that list or page.
    {_STATE} AS state, -- held (a version that can be read), gone, refused, failed, unread, waiting (queued) or never-asked.
    f.reason AS reason, -- Why its request ended or waits, as in frontier; null where none was made.
    f.detail AS detail, -- What exactly happened.
    coalesce(f.attempts, 0) AS attempts, -- Attempts since it was last queued.
    a.capture_id AS capture_id -- Row number of the capture that announced it.
FROM announced a JOIN captures c ON c.id = a.capture_id LEFT JOIN stories s ON s.id = a.story_id
LEFT JOIN frontier f ON f.key = {_KEY}""",
    """
CREATE VIEW coverage_by_day AS SELECT -- Stories announced on a day by a host, by whether they are here.
    site AS site, -- The site.
    host AS host, -- The host that announced them.
    day AS day, -- The day (UTC) on which they were first announced.
    count(*) AS announced, -- Stories first announced there then: the sum of the next seven.
    sum(state = 'held') AS held, -- A version that can be read is here.
    sum(state = 'gone') AS gone, -- The publisher says that they are not there, or leads elsewhere.
    sum(state = 'refused') AS refused, -- Refused by robots.txt or a rule of ours.
    sum(state = 'failed') AS failed, -- Asked for in vain.
    sum(state = 'unread') AS unread, -- Captured, and no headline or text was read.
    sum(state = 'waiting') AS waiting, -- Queued: beyond a limit of the run, or to be asked for again.
    sum(state = 'never-asked') AS never_asked, -- Never queued: outside the limits of every run that saw them.
    sum(state IN ('failed', 'unread', 'waiting', 'never-asked')) AS missing -- Those that may still be had: the last four.
FROM coverage GROUP BY site, host, day""",
)
