"""Faults of an index file: references to nothing, full text that is missing or left over, pages overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from index_makers import article, capture, file_all

from crawler.fulltext.checks import full_text_faults
from crawler.fulltext.rows import FULL_TEXT, remove_row, texts_of
from crawler.index.index import Index
from crawler.index.integrity import integrity


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An index of three captures, two versions and their pictures."""
    path = tmp_path / "index.db"
    with Index.open(path) as index:
        file_all(index, (capture(1), article()), (capture(2), article("Ferry stops")), (capture(3), article("Ferry stops")))
    return path


@pytest.fixture
def db(place: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(place, isolation_level=None)) as conn:
        yield conn


def test_a_sound_index_has_no_fault(db: sqlite3.Connection) -> None:
    assert integrity(db) == []


@pytest.mark.parametrize("table", ["versions", "images"])
def test_a_row_without_full_text_is_named(db: sqlite3.Connection, table: str) -> None:
    (row,) = db.execute(f"SELECT min(id) FROM {table}").fetchone()
    db.execute(f"DELETE FROM {table}_fts_docsize WHERE id = ?", [row])
    assert f"{table}, row {row}: no full text" in integrity(db)


@pytest.mark.parametrize("table", ["versions", "images"])
def test_full_text_without_a_row_is_named(db: sqlite3.Connection, table: str) -> None:
    (row,) = db.execute(f"SELECT max(id) FROM {table}").fetchone()
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute(f"DELETE FROM {table} WHERE id = ?", [row])
    assert f"{table}, row {row}: full text of a row that is not there" in integrity(db)


def test_a_reference_to_nothing_is_named(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("DELETE FROM stories")
    assert any(problem.startswith("versions, row ") and problem.endswith("of stories that is not there") for problem in integrity(db))


def test_a_check_that_cannot_be_made_is_named_and_the_others_go_on(db: sqlite3.Connection) -> None:
    db.execute("DROP TABLE versions_fts")
    problems = integrity(db)
    assert [problem for problem in problems if problem.startswith("indexed cannot be checked: no such table: versions_fts_docsize")]
    assert not [problem for problem in problems if problem.startswith("references cannot be checked")]


def test_overwritten_pages_are_told(place: Path) -> None:
    data = bytearray(place.read_bytes())
    at = len(data) // 2 // 4096 * 4096
    data[at : at + 8192] = b"\xff" * 8192
    place.write_bytes(data)
    with closing(sqlite3.connect(place)) as conn:
        assert integrity(conn)


def test_words_that_changed_places_between_rows_are_told(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index.db") as index:
        file_all(index, (capture(1), article("Harbour wall")), (capture(2), article("Tuba band")))
        assert full_text_faults(index.conn) == []
        ids = [row[0] for row in index.query("SELECT id FROM versions ORDER BY id")]
        texts = {row: texts_of(index.conn, "versions", row) for row in ids}
        for row in ids:
            remove_row(index.conn, "versions", row)
        for row, other in zip(ids, reversed(ids), strict=True):
            values = texts[other]
            assert values is not None
            names = ", ".join(FULL_TEXT["versions"])
            index.conn.execute(f"INSERT INTO versions_fts(rowid, {names}) VALUES ({', '.join('?' * (len(values) + 1))})", [row, *values])
        assert full_text_faults(index.conn) == ["versions_fts: differs from table versions"]
