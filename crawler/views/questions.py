"""Views that answer the usual questions about stories, pictures and captures; `docs/questions.md` asks them."""

from __future__ import annotations

# `+s.id`: stories first, by whatever order is asked for. A CROSS JOIN would bind `json_each` too, and facets of lists would be empty.
LATEST_VERSIONS = """
CREATE VIEW latest_versions AS SELECT -- The newest version of each story: what the newspaper says now, or said last.
    s.id AS story_id, -- The story.
    v.headline AS headline, -- Its headline.
    s.published AS published, -- When the story was first published.
    v.modified AS modified, -- When last changed, as the page says.
    v.section AS section, -- Its section.
    v.authors AS authors, -- A JSON list.
    v.tags AS tags, -- A JSON list.
    v.language AS language, -- Its language.
    s.state AS state, -- Whether the story is live, gone or moved.
    s.versions AS versions, -- How many versions there are: the number of this one.
    (SELECT count(*) FROM stored_images i WHERE i.version_id = v.id) AS pictures, -- How many pictures it has.
    v.problems AS problems, -- What was odd while reading, a JSON list.
    (SELECT json_group_array(host) FROM (SELECT DISTINCT host FROM sightings
        WHERE version_id = v.id ORDER BY host)) AS hosts, -- The mirrors that showed this text, a JSON list.
    v.first_seen AS first_seen, -- Date of the first capture that showed this text.
    iif(v.last_seen = '', v.first_seen, v.last_seen) AS last_seen, -- Date of the last capture that showed this text.
    s.canonical_url AS url, -- The story's address.
    v.deck AS deck, -- Its summary.
    v.body AS body, -- Its text, one paragraph a line.
    s.site AS site, -- The site.
    v.capture_id AS capture_id, -- The earliest capture that shows it: row number in captures.
    v.id AS version_id -- Row number in versions.
FROM stories s JOIN stored_versions v ON v.story_id = +s.id AND v.n = s.versions"""


def _of(table: str, column: str) -> str:
    """SQL: a column of what a row of the gallery refers to.

    Joins would be made for each row that is only counted; of single values SQLite leaves out those that nobody asks for.
    """
    return f"(SELECT {column} FROM {_ROWS[table]})"


_ROWS = {
    "image": "stored_images i WHERE i.id = g.image_id",
    "version": "stored_versions v WHERE v.id = g.version_id",
    "credit": "credit_forms f WHERE f.id = g.credit",
    "agency": "credit_forms f WHERE f.id = g.agency",
    "picture": "stored_images i JOIN captures c ON c.id = i.capture_id WHERE i.id = g.image_id",
    "record": "stored_images i JOIN captures c ON c.id = i.capture_id JOIN captures p ON p.record_id = coalesce(c.revisit_of, c.record_id)"
    " WHERE i.id = g.image_id",
}
PICTURES = f"""
CREATE VIEW pictures AS SELECT -- The pictures of the newest version of each story, with caption, credit and the archived file.
    {_of("version", "v.story_id")} AS story_id, -- The story.
    {_of("version", "v.headline")} AS headline, -- Its headline.
    g.date AS published, -- When the version was published; if it does not say so, when it was first seen.
    {_of("image", "i.caption")} AS caption, -- What the picture shows.
    {_of("image", "i.credit")} AS credit, -- Who made it, as printed.
    {_of("image", "i.agency")} AS agency, -- The agency named in the credit.
    {_of("image", "i.url")} AS picture_url, -- The picture's address as the page gives it.
    {_of("picture", "c.mime")} AS mime, -- Media type of the archived picture; null where none is archived.
    {_of("record", "p.warc")} AS warc, -- The WARC that holds the picture's bytes.
    {_of("record", "p.offset")} AS offset, -- Where their record begins there.
    {_of("record", "p.length")} AS length, -- Length of that record, in bytes.
    {_of("record", "p.record_id")} AS record_id, -- WARC-Record-ID of that record.
    {_of("picture", "c.date")} AS archived, -- When the picture was captured.
    {_of("image", "iif(typeof(i.alt) = 'blob', i.caption || CAST(i.alt AS TEXT), i.alt)")} AS alt, -- The alternative text.
    {_of("image", "i.file_byline")} AS file_byline, -- The photographer named inside the picture file.
    {_of("image", "i.file_credit")} AS file_credit, -- The credit inside the picture file.
    {_of("image", "i.file_copyright")} AS file_copyright, -- The copyright notice inside the picture file.
    {_of("credit", "f.folded")} AS credit_key, -- The credit folded for counting: ties together what differs in print only.
    {_of("agency", "f.folded")} AS agency_key, -- The agency likewise.
    g.section AS section, -- Section of the version.
    substr(g.date, 1, 4) AS year, -- Year of `published`.
    {_of("image", "i.n")} AS n, -- Its place in the article from 0.
    {_of("image", "i.capture_id")} AS capture_id, -- The capture of the picture: row number in captures.
    g.version_id AS version_id, -- Row number in versions.
    g.image_id AS image_id -- Row number in images.
FROM gallery g"""


def _pictures_by(kind: str, what: str) -> str:
    """SQL: the view that counts pictures by credit or agency."""
    used = f"(SELECT count(*) FROM gallery u WHERE u.{kind} = o.id)"
    return f"""
CREATE VIEW pictures_by_{kind} AS SELECT -- {what}
    (SELECT o.printed FROM credit_forms o WHERE o.kind = '{kind}' AND o.folded = f.folded
        ORDER BY {used} DESC, o.printed LIMIT 1) AS {kind}, -- The {kind}, in the form that is printed most often.
    count(*) AS pictures, -- Pictures of newest versions.
    count(DISTINCT g.version_id) AS stories, -- Stories that show them.
    min(g.date) AS first_published, -- Date of the earliest of these stories.
    max(g.date) AS last_published, -- Date of the latest.
    count(DISTINCT f.id) AS forms, -- In how many forms it is printed.
    f.folded AS {kind}_key -- The {kind} folded, as in pictures.
FROM gallery g CROSS JOIN credit_forms f ON f.id = g.{kind} GROUP BY f.folded"""


PICTURES_BY_CREDIT = _pictures_by("credit", "Who made the pictures: a row a credit, however it is printed.")
PICTURES_BY_AGENCY = _pictures_by("agency", "Which agencies the pictures are from: a row an agency, however it is printed.")

HEADLINE_CHANGES = """
CREATE VIEW headline_changes AS SELECT -- Headlines that were changed: what view `events` says of them.
    e.story_id AS story_id, -- The story.
    e.date AS date, -- Date of the first capture that shows the new headline.
    e.headline_before AS headline_before, -- The headline before.
    e.headline AS headline, -- The headline after.
    e.stood_least AS stood_least, -- Seconds that the old one stood at least.
    e.stood_most AS stood_most, -- Seconds that it stood at most since it was first seen.
    e.host AS host, -- The host that showed the new one.
    e.published AS published, -- When the story was first published.
    e.url AS url, -- Address of the capture that shows the new one.
    e.version_before AS version_before, -- The version before.
    e.version AS version, -- The version after.
    e.record_id_before AS record_id_before, -- WARC-Record-ID of the last capture that shows the old one.
    e.record_id AS record_id, -- WARC-Record-ID of the first capture that shows the new one.
    e.site AS site -- The site.
FROM events e WHERE e.kind = 'headline_changed'"""

REMOVED_STORIES = """
CREATE VIEW removed_stories AS SELECT -- Stories that were seen, and are gone or moved away now.
    s.id AS story_id, -- The story.
    s.headline AS headline, -- Its last headline.
    s.published AS published, -- When it was first published.
    s.state AS state, -- `gone`, or `moved`: its address leads elsewhere.
    s.last_seen AS last_seen, -- Date of the last capture that showed it.
    s.missing_since AS missing_since, -- Date of the first capture that says that it is not there.
    s.state_date AS last_denied, -- Date of the last capture that says so.
    CAST(round((julianday(s.last_seen) - julianday(s.first_seen)) * 86400) AS INTEGER) AS seen_for, -- Seconds from first to last sight.
    s.versions AS versions, -- How many versions are here.
    (SELECT count(*) FROM denials d WHERE d.story_id = s.id AND d.date >= s.missing_since) AS denials, -- Captures that deny it since.
    s.canonical_url AS url, -- Its address.
    (SELECT t.capture_id FROM stored_versions v JOIN sightings t ON t.version_id = v.id WHERE v.story_id = s.id AND t.date = s.last_seen
        ORDER BY t.capture_id LIMIT 1) AS last_capture_id, -- The last capture that showed it: row number in captures.
    (SELECT d.capture_id FROM denials d WHERE d.story_id = s.id AND d.date = s.missing_since
        ORDER BY d.capture_id LIMIT 1) AS missing_capture_id, -- The first that denies it: row number in captures.
    s.site AS site -- The site.
FROM stories s WHERE s.missing_since IS NOT NULL AND s.versions > 0 AND s.state IN ('gone', 'moved')"""

_OF_CAPTURE = (
    "c.date AS date, c.host AS host, c.status AS status, {version} AS version, {told} AS told, c.role AS role, c.url AS url,"
    " c.mime AS mime, c.read_state AS read_state, c.via AS via, c.memento_date AS memento_date, c.warc AS warc, c.offset AS offset,"
    " c.length AS length, c.record_id AS record_id, c.revisit_of AS revisit_of, c.id AS capture_id"
)
_TOLD = "(SELECT d.told FROM denials d WHERE d.capture_id = c.id)"
CAPTURES_OF_STORY = f"""
CREATE VIEW captures_of_story AS SELECT -- All captures of a story: its pages and pictures, what each showed, and where it lies.
    t.story_id AS story_id, -- The story.
    t.date AS date, -- When it was captured.
    t.host AS host, -- The host asked.
    t.status AS status, -- The HTTP status.
    t.version AS version, -- Number of the version that it shows; null where it shows none.
    t.told AS told, -- `gone` or `moved` where it says that the story is not there.
    t.role AS role, -- Why it was asked for, as in captures.
    t.url AS url, -- The address asked for.
    t.mime AS mime, -- The media type.
    t.read_state AS read_state, -- As in captures.
    t.via AS via, -- A web archive's address, where the copy is from one.
    t.memento_date AS memento_date, -- When that archived it.
    t.warc AS warc, -- File name of the WARC.
    t.offset AS offset, -- Where the record begins there.
    t.length AS length, -- Length of the record, in bytes.
    t.record_id AS record_id, -- WARC-Record-ID.
    t.revisit_of AS revisit_of, -- Record whose payload it repeats.
    t.capture_id AS capture_id -- Row number in captures.
FROM (SELECT v.story_id AS story_id, {_OF_CAPTURE.format(version="v.n", told="NULL")}
    FROM stored_versions v JOIN sightings s ON s.version_id = v.id JOIN captures c ON c.id = s.capture_id
  UNION ALL SELECT c.story_id AS story_id, {_OF_CAPTURE.format(version="NULL", told=_TOLD)}
    FROM captures c WHERE c.story_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.capture_id = c.id)) t"""

STORY_HEADLINE = """
ALTER TABLE stories
    ADD headline TEXT -- The headline of the newest version that has one.
"""
FILL_HEADLINES = (
    "UPDATE stories SET headline = (SELECT v.headline FROM stored_versions v WHERE v.story_id = stories.id AND v.headline IS NOT NULL"
    " ORDER BY v.n DESC LIMIT 1) WHERE versions > 0"
)

QUESTIONS = (
    LATEST_VERSIONS, PICTURES, PICTURES_BY_CREDIT, PICTURES_BY_AGENCY, HEADLINE_CHANGES, REMOVED_STORIES, CAPTURES_OF_STORY,
)  # fmt: skip
QUESTION_INDEXES = (
    "CREATE INDEX idx_stories_published ON stories(published)",
    "CREATE INDEX idx_stories_first_seen ON stories(first_seen)",
    "CREATE INDEX idx_story_events_kind ON story_events(kind, date)",
)
