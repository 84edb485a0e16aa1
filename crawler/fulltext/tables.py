"""Full-text tables, narrow rows by which found versions are counted and filtered, and their migration."""

from __future__ import annotations

_TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
"""Cuts at what is no letter, digit or mark; the words are folded before, and those of plain SQL are so far as Latin letters go."""

VERSIONS_FTS = f"""
CREATE VIRTUAL TABLE versions_fts USING fts5( -- Full text of the versions, folded; rowid is versions.id, `rank` weighs the headline most.
    body, -- Of the version; first, since FTS5 writes two bytes less for each word of its first column.
    headline, -- Of the version.
    deck, -- Of the version.
    captions, -- Of all its pictures.
    credits, -- Of all its pictures.
    authors, -- Of the version.
    content="versions", content_rowid="id", tokenize="{_TOKENIZER}"
)"""
IMAGES_FTS = f"""
CREATE VIRTUAL TABLE images_fts USING fts5( -- Full text of single pictures, folded; rowid is images.id.
    caption, -- Of the picture.
    credit, -- Of the picture.
    content="images", content_rowid="id", tokenize="{_TOKENIZER}"
)"""
WEIGHTS = (1.0, 10.0, 5.0, 3.0, 3.0, 3.0)
"""Of the columns of `versions_fts`: what a word counts there."""

SEARCH_GROUPS = """
CREATE TABLE search_groups ( -- What many versions have alike, by which a search counts what it finds: one row a combination.
    id INTEGER PRIMARY KEY, -- Row number.
    site TEXT NOT NULL, -- The site.
    host TEXT NOT NULL, -- Of a story without a site file, the host of its address; else empty.
    language TEXT NOT NULL, -- The language of the version; empty where none is known.
    section TEXT NOT NULL, -- The section of the version; empty where none is known.
    agencies TEXT NOT NULL, -- The agencies of its pictures, a sorted JSON list.
    UNIQUE (site, host, language, section, agencies)
)"""
SEARCH_ROWS = """
CREATE TABLE search_rows ( -- What a search asks of each version it finds; view `search_facets` shows it.
    id INTEGER PRIMARY KEY REFERENCES stored_versions(id) ON DELETE CASCADE, -- The version: versions.id.
    group_id INTEGER NOT NULL REFERENCES search_groups(id), -- Its row in search_groups.
    date INTEGER NOT NULL, -- When published, else first seen (UTC), as a number: 201605041230 is 2016-05-04 12:30.
    newest INTEGER NOT NULL, -- 1 for the newest version of its story, else 0.
    edited INTEGER NOT NULL, -- 1 if the story has more than one version, else 0.
    gone INTEGER NOT NULL, -- 1 if the story is gone, else 0.
    moved INTEGER NOT NULL, -- 1 if the story is moved, else 0.
    pictures INTEGER NOT NULL -- How many pictures it has.
)"""
SEARCH_FACETS = """
CREATE VIEW search_facets AS SELECT -- By what a search counts and filters versions: to be joined with versions_fts by its rowid.
    r.id AS version_id, -- Row number in versions, and in versions_fts.
    r.date AS date, -- When published, else first seen (UTC), as a number: 201605041230 is 2016-05-04 12:30.
    r.date / 100000000 AS year, -- The year of that.
    g.site AS site, -- The site.
    g.host AS host, -- Of a story without a site file, the host of its address; else empty.
    g.language AS language, -- The language of the version; empty where none is known.
    g.section AS section, -- The section of the version; empty where none is known.
    g.agencies AS agencies, -- The agencies of its pictures, a sorted JSON list.
    r.newest AS newest, -- 1 for the newest version of its story, else 0.
    r.edited AS edited, -- 1 if the story has more than one version, else 0.
    r.gone AS gone, -- 1 if the story is gone, else 0.
    r.moved AS moved, -- 1 if the story is moved, else 0.
    r.pictures AS pictures -- How many pictures it has.
FROM search_rows r JOIN search_groups g ON g.id = r.group_id"""


def moment(row: str) -> str:
    """SQL: the date of a version as a number.

    Args:
        row: Name of a row of `stored_versions`.
    """
    printed = f"iif({row}.published GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]*', {row}.published, {row}.first_seen)"
    digits = f"replace(replace(replace(replace({printed}, '-', ''), 'T', ''), ':', ''), ' ', '')"
    return f"CAST(substr({digits} || '000000000000', 1, 12) AS INTEGER)"


TRIGGERS = (
    "CREATE TRIGGER search_rows_dated AFTER UPDATE OF newest, first_seen ON stored_versions"
    " WHEN NEW.newest != OLD.newest OR NEW.first_seen != OLD.first_seen"
    f" BEGIN UPDATE search_rows SET newest = NEW.newest, date = {moment('NEW')} WHERE id = NEW.id; END",
    "CREATE TRIGGER search_rows_settled AFTER UPDATE OF versions, state ON stories"
    " WHEN NEW.state IS NOT OLD.state OR (NEW.versions > 1) != (OLD.versions > 1)"
    " BEGIN UPDATE search_rows SET edited = NEW.versions > 1, gone = NEW.state IS 'gone', moved = NEW.state IS 'moved'"
    " WHERE id IN (SELECT id FROM stored_versions WHERE story_id = NEW.id); END",
)
SETTINGS = (
    f"INSERT INTO versions_fts(versions_fts, rank) VALUES ('rank', 'bm25({', '.join(map(str, WEIGHTS))})')",
    # Merging begins with two segments of a size in place of four: what is merged is smaller.
    "INSERT INTO versions_fts(versions_fts, rank) VALUES ('usermerge', 2)",
    "INSERT INTO images_fts(images_fts, rank) VALUES ('usermerge', 2)",
)
"""SQL: what FTS5 keeps of how it ranks and merges."""
