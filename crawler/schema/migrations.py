"""Migrations of `index.db`; a published migration is never changed."""

from __future__ import annotations

import re

from sqlite_utils import Database, Migrations

from crawler.fulltext.rows import make_full_text
from crawler.schema.applied import MIGRATION_SET
from crawler.schema.capture_keys import KEY_INDEX
from crawler.schema.compare_stories import compare_all
from crawler.schema.later_tables import (
    ARTICLE_PAGES,
    BODY_FIRST,
    CAPTURE_CUT,
    CAPTURE_INDEXES,
    CAPTURE_ORIGIN,
    CAPTURE_READERS,
    CAPTURE_REFERENCES,
    FRONTIER_INDEXES,
    IMPRINTS,
    OFFERED_PAGES,
    REFERENCE_INDEXES,
    SIGHTING_SHOWN,
    VERSION_NEWEST,
    WORK_INDEXES,
)
from crawler.schema.packed_images import PACKED_IMAGES
from crawler.schema.packed_tables import pack_tables
from crawler.schema.search_tables import INDEXES, SEARCH, VIEWS
from crawler.schema.tables import TABLES
from crawler.schema.totals import COUNT, NEWEST, TALLY, TOTALS_TABLES, TOTALS_TRIGGERS
from crawler.schema.version_tables import make_views, pack_addresses, pack_versions
from crawler.timeline.denial_tables import COLUMNS, make_denials
from crawler.timeline.event_tables import EVENT_INDEXES, EVENTS, FACES_UNKNOWN, SIGHTING_FACE, STORY_EVENTS
from crawler.views.announcement_tables import ANNOUNCED_INDEXES, ANNOUNCED_TABLES, ANNOUNCED_TRIGGERS, ANNOUNCED_VIEWS, FILL_ANNOUNCED
from crawler.views.archived_copies import ARCHIVED_COPIES, MEMENTO_DATE
from crawler.views.comparison_tables import COMPARISON_INDEXES, COMPARISON_VIEWS, COMPARISONS, DIVERGENCES, LISTED
from crawler.views.fixity import FIXITY
from crawler.views.gallery import make_gallery
from crawler.views.mirror_timeline import MIRROR_TIMELINE
from crawler.views.qa import QA
from crawler.views.questions import FILL_HEADLINES, QUESTION_INDEXES, QUESTIONS, STORY_HEADLINE
from crawler.views.requisite_column import FRONTIER_REQUISITES
from crawler.views.work_tables import FRONTIER_LANE, OUTBOX, RUN_JOB, WARC_SAFETY

migrations = Migrations(MIGRATION_SET)

_COMMENT = re.compile(r"[ ]*-- .*$", re.MULTILINE)


@migrations()
def m001_beginning(db: Database) -> None:
    """Create the first tables."""
    for statement in (*TABLES, *SEARCH, *INDEXES, *VIEWS):
        # SQLite keeps the comments of ordinary tables; FTS5 would take them for arguments.
        db.execute(_COMMENT.sub("", statement) if "VIRTUAL" in statement else statement.strip())


@migrations()
def m002_imprints(db: Database) -> None:
    """Add the makers named in picture files; `reindex` fills them for older captures."""
    db.execute(IMPRINTS.strip())


@migrations()
def m003_capture_origin(db: Database) -> None:
    """Add the record type of captures and the references of revisits."""
    _add_columns(db, CAPTURE_ORIGIN)
    db.execute("UPDATE captures SET record_type = 'revisit' WHERE revisit_of IS NOT NULL")


@migrations()
def m004_capture_references(db: Database) -> None:
    """Add the written references of revisits, and the page lists of WACZ files."""
    _add_columns(db, CAPTURE_REFERENCES)
    db.execute("UPDATE captures SET refers_to = revisit_of WHERE revisit_of IS NOT NULL")
    for statement in (OFFERED_PAGES, *REFERENCE_INDEXES):
        db.execute(statement.strip())


@migrations()
def m005_failures_of_captures(db: Database) -> None:
    """Allow a failure for each of two captures of one address and second."""
    db.execute("DROP INDEX idx_failures_attempt")
    db.execute("CREATE UNIQUE INDEX idx_failures_attempt ON failures(date, url, attempt, reason, coalesce(capture_id, 0))")


@migrations()
def m006_cut_answers(db: Database) -> None:
    """Add the length of cut bodies; `reindex` fills it for older captures."""
    _add_columns(db, CAPTURE_CUT)


@migrations()
def m007_beginnings(db: Database) -> None:
    """Add the length of the beginning that a cut answer showed."""
    _add_columns(db, SIGHTING_SHOWN)


@migrations()
def m008_reader_version(db: Database) -> None:
    """Add the reader version of captures; `reindex` fills it."""
    _add_columns(db, CAPTURE_READERS)


@migrations()
def m009_frontier_indexes(db: Database) -> None:
    """Keep only queued rows in the indexes by urgency: a request leaves them once."""
    for statement in FRONTIER_INDEXES:
        db.execute(statement)


@migrations()
def m010_packed_links_and_blocks(db: Database) -> None:
    """Hold links as packed lists, and blocks as places in the body."""
    for view in ("captions", "latest"):
        db.execute(f"DROP VIEW {view}")
    pack_tables(db.conn)
    for statement in VIEWS:
        db.execute(statement.strip())


@migrations()
def m011_totals_and_fewer_indexes(db: Database) -> None:
    """Keep totals up, drop indexes without use, put the body first in the full text."""
    _add_columns(db, VERSION_NEWEST)
    db.execute(f"UPDATE stored_versions AS t SET newest = 1 WHERE {NEWEST}")
    for statement in (*CAPTURE_INDEXES, *BODY_FIRST, *TOTALS_TABLES, *TOTALS_TRIGGERS, COUNT, TALLY):
        db.execute(_COMMENT.sub("", statement) if "VIRTUAL" in statement else statement.strip())


@migrations()
def m012_packed_images(db: Database) -> None:
    """Hold once what images say twice."""
    db.execute("DROP VIEW captions")
    for statement in (*PACKED_IMAGES, VIEWS[0]):
        db.execute(statement.strip())


@migrations()
def m013_packed_versions(db: Database) -> None:
    """Hold once what versions say twice; find images by a hash of their key."""
    pack_versions(db.conn)


@migrations()
def m014_shared_beginnings(db: Database) -> None:
    """Hold beginnings of addresses in a version once; index only keys that are no address."""
    db.execute("DROP INDEX idx_captures_key")
    db.execute(KEY_INDEX)
    pack_addresses(db.conn)


@migrations()
def m015_addresses_of_blocks(db: Database) -> None:
    """Show the addresses of embeds in packed blocks."""
    make_views(db.conn)


@migrations()
def m016_article_pages(db: Database) -> None:
    """Hold the pages of articles that are printed on several."""
    db.execute(ARTICLE_PAGES.strip())
    db.execute("CREATE INDEX idx_article_pages_story ON article_pages (story_id)")


@migrations()
def m017_comparisons(db: Database) -> None:
    """Hold what mirrors said of a story at the same time, and where they disagree."""
    for statement in (COMPARISONS, DIVERGENCES, LISTED, *COMPARISON_INDEXES, *COMPARISON_VIEWS, MIRROR_TIMELINE):
        db.execute(statement.strip())
    compare_all(db.conn)


@migrations()
def m018_events(db: Database) -> None:
    """Add faces of pages, and events, which are derived behind the last migration."""
    _add_columns(db, SIGHTING_FACE)
    for statement in (FACES_UNKNOWN, STORY_EVENTS, *EVENT_INDEXES, EVENTS):
        db.execute(statement.strip())


@migrations()
def m020_announcements(db: Database) -> None:
    """Hold where stories were announced first; the next crawl looks it up."""
    for statement in (*ANNOUNCED_TABLES, *ANNOUNCED_INDEXES, *ANNOUNCED_TRIGGERS, *ANNOUNCED_VIEWS, FILL_ANNOUNCED):
        db.execute(statement.strip())


@migrations()
def m021_archived_copies(db: Database) -> None:
    """Add the dates that web archives give to their copies."""
    _add_columns(db, MEMENTO_DATE)
    for statement in ARCHIVED_COPIES:
        db.execute(statement)


@migrations()
def m022_fixity(db: Database) -> None:
    """Remember when each WARC was last read to its end."""
    db.execute(FIXITY.strip())


@migrations()
def m019_denials(db: Database) -> None:
    """Hold the answers that a story is not there, and the schedule of rechecks."""
    for columns in COLUMNS:
        _add_columns(db, columns)
    make_denials(db.conn)


@migrations()
def m025_qa(db: Database) -> None:
    """Remember how captures came out in replay."""
    db.execute(QA.strip())


@migrations()
def m023_questions(db: Database) -> None:
    """Add views that answer the usual questions, and credits folded for counting."""
    _add_columns(db, STORY_HEADLINE)
    db.execute(FILL_HEADLINES)
    make_gallery(db.conn)
    for statement in (*QUESTIONS, *QUESTION_INDEXES):
        db.execute(statement.strip())


@migrations()
def m027_requisites(db: Database) -> None:
    """Note which requisites of each page were queued; of older rows none is known."""
    _add_columns(db, FRONTIER_REQUISITES)


@migrations()
def m024_folded_full_text(db: Database) -> None:
    """Hold the full text folded, with authors, and what a search counts by."""
    make_full_text(db.conn)


@migrations()
def m028_workers(db: Database) -> None:
    """Add jobs, lanes and outbox of workers, and places of WARCs in a store."""
    for columns in (RUN_JOB, FRONTIER_LANE, WARC_SAFETY):
        _add_columns(db, columns)
    for statement in (OUTBOX, *WORK_INDEXES):
        db.execute(statement.strip())


def _add_columns(db: Database, statement: str) -> None:
    """Add the columns of an ALTER TABLE that names one a line."""
    head, *columns = statement.strip().splitlines()
    for column in columns:
        db.execute(f"{head} {_COMMENT.sub('', column)}")
