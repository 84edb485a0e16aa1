"""The schema of `index.db`, told as a story: each migration is one chapter, and no chapter is ever rewritten."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Literal

from attrs import frozen
from sqlite_utils import Database, Migrations

from crawler.index.tables import (
    CAPTURE_CUT,
    CAPTURE_ORIGIN,
    CAPTURE_READERS,
    CAPTURE_REFERENCES,
    IMPRINTS,
    INDEXES,
    OFFERED_PAGES,
    REFERENCE_INDEXES,
    SEARCH,
    SIGHTING_SHOWN,
    TABLES,
    VIEWS,
)

migrations = Migrations("crawler")


@migrations()
def m001_beginning(db: Database) -> None:
    """Everything of issue 2."""
    for statement in (*TABLES, *SEARCH, *INDEXES, *VIEWS):
        # SQLite keeps the comments of ordinary tables; FTS5 would take them for arguments.
        db.execute(_COMMENT.sub("", statement) if "VIRTUAL" in statement else statement.strip())


@migrations()
def m002_imprints(db: Database) -> None:
    """What picture files say of their makers; `reindex` fills it for pictures archived before."""
    db.execute(IMPRINTS.strip())


@migrations()
def m003_capture_origin(db: Database) -> None:
    """The record type of a capture and what a revisit refers to."""
    _add_columns(db, CAPTURE_ORIGIN)
    db.execute("UPDATE captures SET record_type = 'revisit' WHERE revisit_of IS NOT NULL")


@migrations()
def m004_capture_references(db: Database) -> None:
    """What revisits are resolved by, and the page lists of WACZ files."""
    _add_columns(db, CAPTURE_REFERENCES)
    db.execute("UPDATE captures SET refers_to = revisit_of WHERE revisit_of IS NOT NULL")
    for statement in (OFFERED_PAGES, *REFERENCE_INDEXES):
        db.execute(statement.strip())


@migrations()
def m005_failures_of_captures(db: Database) -> None:
    """Two captures of one address and second, of different files, have a failure each."""
    db.execute("DROP INDEX idx_failures_attempt")
    db.execute("CREATE UNIQUE INDEX idx_failures_attempt ON failures(date, url, attempt, reason, coalesce(capture_id, 0))")


@migrations()
def m006_cut_answers(db: Database) -> None:
    """How much of a cut body came, by which the longest is chosen; `reindex` fills it for captures made before."""
    _add_columns(db, CAPTURE_CUT)


@migrations()
def m007_beginnings(db: Database) -> None:
    """How much of a version a cut answer showed that is its beginning."""
    _add_columns(db, SIGHTING_SHOWN)


@migrations()
def m008_reader_version(db: Database) -> None:
    """By which readers each capture was read, so that another reading by others is no damage; `reindex` fills it."""
    _add_columns(db, CAPTURE_READERS)


def _add_columns(db: Database, statement: str) -> None:
    """Add the columns of an ALTER TABLE that names one a line."""
    head, *columns = statement.strip().splitlines()
    for column in columns:
        db.execute(f"{head} {_COMMENT.sub('', column)}")


def chapters() -> set[str]:
    """The names of all migrations that this version of the software knows."""
    with closing(Database(memory=True)) as blank:
        return {m.name for m in migrations.pending(blank)}


@frozen(kw_only=True)
class ColumnDoc:
    """A column as documented."""

    name: str
    type: str
    """As declared; empty for views and full-text tables."""
    text: str


@frozen(kw_only=True)
class TableDoc:
    """A table, full-text table or view as documented."""

    name: str
    kind: Literal["table", "search", "view"]
    text: str
    columns: tuple[ColumnDoc, ...]


_COMMENT = re.compile(r"[ ]*-- .*$", re.MULTILINE)
_HEAD = re.compile(r"CREATE (?P<kind>TABLE|VIRTUAL TABLE|VIEW) (?P<name>\w+) .*?-- (?P<text>.*)")
_COLUMN = re.compile(r"^    (?:ADD )?(?P<name>\w+) ?(?P<type>TEXT|INTEGER)?[^\n]*? -- (?P<text>.*)$", re.MULTILINE)
_VIEW_COLUMN = re.compile(r"^    .* AS (?P<name>\w+)(?P<type>),? -- (?P<text>.*)$", re.MULTILINE)


def describe() -> list[TableDoc]:
    """Every table and view an outsider meets, in the order in which they are made, with a sentence for each column."""
    statements = (*TABLES, IMPRINTS, OFFERED_PAGES, *SEARCH, *VIEWS)
    return [_described(statement) for statement in statements if statement.lstrip().startswith("CREATE")]


def _described(statement: str) -> TableDoc:
    head = _HEAD.search(statement)
    assert head is not None, statement
    kind: Literal["table", "search", "view"] = (
        "view" if head["kind"] == "VIEW" else "search" if head["kind"] == "VIRTUAL TABLE" else "table"
    )
    pattern = _VIEW_COLUMN if kind == "view" else _COLUMN
    found = list(pattern.finditer(statement, head.end()))
    if head["name"] == "captures":
        found += _COLUMN.finditer(CAPTURE_ORIGIN + CAPTURE_REFERENCES + CAPTURE_CUT + CAPTURE_READERS)
    if head["name"] == "sightings":
        found += _COLUMN.finditer(SIGHTING_SHOWN)
    columns = (ColumnDoc(name=c["name"], type=c["type"] or "", text=c["text"]) for c in found)
    return TableDoc(name=head["name"], kind=kind, text=head["text"], columns=tuple(columns))
