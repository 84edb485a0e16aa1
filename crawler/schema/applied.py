"""Names of the migrations: those of this version, and those applied to an index.

Apart from the migrations themselves, so that an index that is up to date is opened without the library that applies them.
"""

from __future__ import annotations

import sqlite3

MIGRATION_SET = "crawler"
MIGRATIONS_TABLE = "_sqlite_migrations"
"""As the library names it."""
MIGRATIONS = (
    "m001_beginning",
    "m002_imprints",
    "m003_capture_origin",
    "m004_capture_references",
    "m005_failures_of_captures",
    "m006_cut_answers",
    "m007_beginnings",
    "m008_reader_version",
    "m009_frontier_indexes",
    "m010_packed_links_and_blocks",
    "m011_totals_and_fewer_indexes",
    "m012_packed_images",
    "m013_packed_versions",
    "m014_shared_beginnings",
    "m015_addresses_of_blocks",
    "m016_article_pages",
    "m017_comparisons",
    "m018_events",
    "m020_announcements",
    "m021_archived_copies",
    "m022_fixity",
    "m019_denials",
    "m025_qa",
    "m023_questions",
    "m027_requisites",
    "m024_folded_full_text",
    "m028_workers",
)
"""All of this version, in order."""


def applied_migrations(conn: sqlite3.Connection) -> set[str]:
    """The names of the migrations that were applied to an index."""
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [MIGRATIONS_TABLE]).fetchone():
        return set()
    return {name for (name,) in conn.execute(f"SELECT name FROM {MIGRATIONS_TABLE} WHERE migration_set = ?", [MIGRATION_SET])}
