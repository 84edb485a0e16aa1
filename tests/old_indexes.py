"""Indexes as earlier versions of this software made them, with the rows of one of today."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlite_utils

from crawler.schema.migrations import migrations
from crawler.schema.packed_images import KEY
from crawler.schema.packed_tables import PACKED_TRIGGERS, PACKED_VIEWS
from crawler.schema.search_tables import VIEWS

TABLES = (
    "runs", "captures", "stories", "versions", "sightings", "images", "failures", "mirrors", "frontier", "links", "warcs", "imprints", "offered_pages",
)  # fmt: skip
"""What an index holds, in an order in which references are there first."""
UNPACKED = "m010_packed_links_and_blocks"
"""The first migration that an index of version 0.2 lacks."""


def made_old(new: Path, old: Path, *, before: str = UNPACKED) -> Path:
    """Make the index that an earlier version would have made of the same rows."""
    with closing(sqlite_utils.Database(old)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        migrations.apply(db, stop_before=before)
        db.conn.execute("ATTACH ? AS new", [str(new)])
        with db.conn:
            for table in TABLES:
                names = ", ".join(row[0] for row in db.conn.execute("SELECT name FROM pragma_table_info(?, 'main')", [table]))
                db.conn.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
            for table in ("versions", "images"):
                db.conn.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')")
    return old


PLAIN = "m013_packed_versions"
"""The first migration that an index with packed links and plain versions lacks."""


def made_plain(new: Path, old: Path) -> Path:
    """Make the index with packed links and plain versions that an earlier version would have made."""
    with closing(sqlite3.connect(new)) as source, closing(sqlite3.connect(old)) as db:
        source.backup(db)
        db.create_function("without_runs", 2, without_runs)
        shown = ("breadcrumb", "related", "text_digest", "captions", "credits", "canonical_url", "read_by", "last_seen")
        db.execute(f"CREATE TEMP TABLE plain AS SELECT id, {', '.join(shown)} FROM versions")
        take_back_questions(db)
        for view in ("coverage_by_day", "coverage", "announcements", "captions", "latest", "versions"):
            db.execute(f"DROP VIEW {view}")
        for name in shown:
            db.execute(f"UPDATE stored_versions AS v SET {name} = (SELECT p.{name} FROM temp.plain p WHERE p.id = v.id)")
        db.execute("UPDATE stored_versions SET blocks = without_runs(blocks, body)")
        for statement in (
            "DROP VIEW events", "DROP TABLE story_events",
            "DROP VIEW search_facets", "DROP TABLE search_rows", "DROP TABLE search_groups", "DROP TRIGGER search_rows_dated", "DROP TRIGGER search_rows_settled",
            "DROP VIEW mirror_timeline", "DROP TABLE listed", "DROP INDEX idx_captures_lists", "DROP VIEW common_sightings", "DROP VIEW divergence_texts", "DROP TABLE comparisons", "DROP TABLE divergences",
            "DROP TRIGGER links_taken_back", "DROP TABLE announced", "DROP TABLE lists_to_announce", "DROP TABLE web_lists",
            "DROP INDEX idx_captures_via", "ALTER TABLE captures DROP COLUMN memento_date", "DROP TABLE fixity", "DROP TABLE qa",
            "DROP VIEW absences", "DROP TABLE denials", "DROP INDEX idx_stories_missing", "ALTER TABLE stories DROP COLUMN missing_since",
            "ALTER TABLE frontier DROP COLUMN every", "ALTER TABLE frontier DROP COLUMN announced", "ALTER TABLE frontier DROP COLUMN requisites",
            "DROP INDEX idx_frontier_scope", "DROP INDEX idx_frontier_scope_next", "DROP TABLE outbox", "ALTER TABLE runs DROP COLUMN job",
            *(f"ALTER TABLE frontier DROP COLUMN {name}" for name in ("job", "lane")),
            *(f"ALTER TABLE warcs DROP COLUMN {name}" for name in ("safety", "address", "stored")),
            "ALTER TABLE captures DROP COLUMN confirms", "DROP TABLE article_pages", "DROP TABLE reader_names", "DROP INDEX idx_images_key",
            "ALTER TABLE stored_images DROP COLUMN key_hash",
            f"CREATE INDEX idx_images_key ON stored_images({KEY})", PACKED_VIEWS[0], *PACKED_TRIGGERS[3:], *VIEWS,
            f"DELETE FROM _sqlite_migrations WHERE name >= '{PLAIN}'", "DROP INDEX idx_captures_key",
            "CREATE INDEX idx_captures_key ON captures(key, date)", "ALTER TABLE sightings DROP COLUMN face",
        ):  # fmt: skip
            db.execute(statement)
        db.commit()
        db.execute("PRAGMA journal_mode = WAL")
    return old


def take_back_questions(db: sqlite3.Connection) -> None:
    """Undo the migration that adds views for the usual questions."""
    for kind, names in (
        ("VIEW", "latest_versions pictures pictures_by_credit pictures_by_agency headline_changes removed_stories captures_of_story"),
        ("TRIGGER", "gallery_added gallery_removed gallery_changed gallery_turned gallery_dated"),
        ("TABLE", "gallery credit_forms"),
        ("INDEX", "idx_stories_published idx_stories_first_seen idx_story_events_kind"),
    ):
        for name in names.split():
            db.execute(f"DROP {kind} {name}")
    db.execute("ALTER TABLE stories DROP COLUMN headline")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm023_questions'")


def without_runs(packed: str, body: str) -> str:
    """Blocks as they were packed without runs of lines."""
    at, older = 0, list[object]()
    for one in json.loads(packed):
        if isinstance(one, int) and one < 0:
            for line in body[at:].split("\n")[:-one]:
                older.append(len(line))
                at += len(line) + 1
        else:
            older.append(one)
            length = one[1] if isinstance(one, list) else one
            at += length + 1 if isinstance(length, int) else 0
    return json.dumps(older)


LATER = {"memento_date", "face", "confirms", "missing_since", "every", "announced", "job", "lane", "safety", "address", "stored"}
"""Columns that migrations behind those of a test add."""


def all_rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every public table and view, as SQL shows it, but for columns that came later."""
    with closing(sqlite3.connect(path)) as db:
        return {name: sorted(db.execute(f"SELECT {_columns(db, name)} FROM {name}").fetchall(), key=repr) for name in (*TABLES, "captions", "latest")}


def _columns(db: sqlite3.Connection, table: str) -> str:
    return ", ".join(row[0] for row in db.execute("SELECT name FROM pragma_table_info(?)", [table]) if row[0] not in LATER and (table, row[0]) != ("stories", "headline"))
