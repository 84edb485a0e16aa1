"""Rows of the full text and of `search_rows`, one a version or picture."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from crawler.fulltext.fold import folded
from crawler.fulltext.tables import IMAGES_FTS, SEARCH_FACETS, SEARCH_GROUPS, SEARCH_ROWS, SETTINGS, TRIGGERS, VERSIONS_FTS, moment

FULL_TEXT = {"versions": ("body", "headline", "deck", "captions", "credits", "authors"), "images": ("caption", "credit")}
"""Columns in the full text of each table; the full-text table is `TABLE_fts`."""
MAX_SECTION = 200
"""Characters of a section by which is counted; a longer one is no section."""
_BATCH = 1000
"""Rows that a migration adds together."""
_TEXTS = {table: f"SELECT {', '.join(names)} FROM {table} WHERE id = ?" for table, names in FULL_TEXT.items()}
_INSERT = {
    table: f"INSERT INTO {table}_fts(rowid, {', '.join(names)}) VALUES ({', '.join('?' * (len(names) + 1))})"
    for table, names in FULL_TEXT.items()
}
_DELETE = {
    table: f"INSERT INTO {table}_fts({table}_fts, rowid, {', '.join(names)}) VALUES ('delete', {', '.join('?' * (len(names) + 1))})"
    for table, names in FULL_TEXT.items()
}
_FACTS = (
    "SELECT v.story_id, coalesce(v.language, ''), coalesce(v.section, ''),"
    " (SELECT json_group_array(agency) FROM"
    " (SELECT DISTINCT agency FROM stored_images WHERE version_id = v.id AND agency != '' ORDER BY 1)),"
    f" {moment('v')}, v.newest, s.versions > 1, s.state IS 'gone', s.state IS 'moved',"
    " (SELECT count(*) FROM stored_images WHERE version_id = v.id)"
    " FROM stored_versions v JOIN stories s ON s.id = v.story_id WHERE v.id = ?"
)
_GROUP = "SELECT id FROM search_groups WHERE site = ? AND host = ? AND language = ? AND section = ? AND agencies = ?"
_NEW_GROUP = "INSERT INTO search_groups (site, host, language, section, agencies) VALUES (?, ?, ?, ?, ?)"
_ROW = "INSERT OR REPLACE INTO search_rows (id, group_id, date, newest, edited, gone, moved, pictures) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def texts_of(conn: sqlite3.Connection, table: str, row: int) -> list[str] | None:
    """The folded texts of a row in the order of `FULL_TEXT`, if there."""
    values = conn.execute(_TEXTS[table], [row]).fetchone()
    return None if values is None else folded_texts(table, values)


def folded_texts(table: str, values: Iterable[object]) -> list[str]:
    """Fold the values of the columns of a row."""
    texts = [value if isinstance(value, str) else "" for value in values]
    if table == "versions":
        texts[-1] = _lines(texts[-1])
    return [folded(text) for text in texts]


def _lines(listed: str) -> str:
    """The texts of a JSON list, one a line; other text as it is."""
    try:
        return "\n".join(str(one) for one in json.loads(listed)) if listed not in ("", "[]") else ""
    except (ValueError, TypeError):
        return listed


def add_rows(conn: sqlite3.Connection, rows: Iterable[tuple[str, int]]) -> None:
    """Add rows of tables to their full text, inside a transaction."""
    rows = list(rows)
    # The narrow rows first: FTS5 then gathers words without a statement of another table between.
    for table, row in rows:
        if table == "versions":
            _add_facts(conn, row)
    for table, row in rows:
        texts = texts_of(conn, table, row)
        if texts is not None:
            conn.execute(_INSERT[table], [row, *texts])


def remove_row(conn: sqlite3.Connection, table: str, row: int) -> None:
    """Remove a row from the full text of its table, before it changes."""
    texts = texts_of(conn, table, row)
    if texts is not None:
        # External content: FTS5 must be told the old words.
        conn.execute(_DELETE[table], [row, *texts])
    if table == "versions":
        conn.execute("DELETE FROM search_rows WHERE id = ?", [row])


def _add_facts(conn: sqlite3.Connection, row: int) -> None:
    facts = conn.execute(_FACTS, [row]).fetchone()
    if facts is None:
        return
    story_id, language, section, agencies, *rest = facts
    site, _, name = story_id.partition("/")
    group = (site, host_of(name), language, section if len(section) <= MAX_SECTION else "", agencies)
    found = conn.execute(_GROUP, group).fetchone()
    number = found[0] if found else conn.execute(_NEW_GROUP, group).lastrowid
    conn.execute(_ROW, [row, number, *rest])


def host_of(name: str) -> str:
    """The host of a story named by its address; empty for others."""
    if not name.startswith(("http://", "https://")):
        return ""
    try:
        return urlsplit(name).hostname or ""
    except ValueError:
        return ""


def make_full_text(conn: sqlite3.Connection) -> None:
    """Make the tables anew, and fill them from an older index."""
    for table in FULL_TEXT:
        conn.execute(f"DROP TABLE {table}_fts")
    for statement in (SEARCH_GROUPS, SEARCH_ROWS, SEARCH_FACETS, *TRIGGERS):
        conn.execute(statement.strip())
    for statement in (VERSIONS_FTS, IMAGES_FTS):
        # SQLite keeps the comments of ordinary tables; FTS5 would take them for arguments.
        conn.execute("\n".join(line.partition(" -- ")[0] for line in statement.splitlines()))
    for statement in SETTINGS:
        conn.execute(statement)
    for table in FULL_TEXT:
        for rows in _batches(conn, table):
            add_rows(conn, rows)


def _batches(conn: sqlite3.Connection, table: str) -> Iterator[list[tuple[str, int]]]:
    last = -(2**63)
    while rows := conn.execute(f"SELECT id FROM stored_{table} WHERE id > ? ORDER BY id LIMIT {_BATCH}", [last]).fetchall():
        last = rows[-1][0]
        yield [(table, row) for (row,) in rows]
