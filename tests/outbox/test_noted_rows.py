"""The outbox of a working copy, on a real index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.index.index import Index
from crawler.outbox.noted import forget, install, noted_keys, noted_rows, unsent


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    index = Index.open(tmp_path / "index.db")
    install(index.conn)
    install(index.conn)
    yield index.conn
    index.close()


def put(db: sqlite3.Connection, key: str, state: str = "queued", *, verb: str = "INSERT OR REPLACE", lane: str | None = "a.example") -> None:
    db.execute(f"{verb} INTO frontier (key, url, site, role, state, due, lane) VALUES (?, 'https://a.example/', 'web', 'page', ?, '', ?)", (key, state, lane))


def test_each_change_is_noted_once_under_a_name_of_its_own(db: sqlite3.Connection) -> None:
    put(db, "k")
    (first,) = noted_keys(db).values()
    db.execute("UPDATE frontier SET state = 'failed' WHERE key = 'k'")
    (second,) = noted_keys(db).values()
    assert first != second
    forget(db, [("k", first)])
    assert unsent(db, {}) == 1, "it changed after that was told"
    assert [row.state for row in noted_rows(db, 10)] == ["failed"]
    assert list(noted_rows(db, 10, skip={"k": second})) == []
    assert unsent(db, {"k": second}) == 0
    assert unsent(db, {"k": first}) == 1
    forget(db, [("k", second)])
    assert unsent(db, {}) == 0


def test_every_way_of_writing_is_noted(db: sqlite3.Connection) -> None:
    for verb in ("INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"):
        put(db, "k", verb=verb)
        before = noted_keys(db)
        put(db, "k", verb="INSERT OR REPLACE")
        assert noted_keys(db) != before
    db.execute("UPDATE OR IGNORE frontier SET priority = 3 WHERE key = 'k'")
    assert len(noted_keys(db)) == 1
    assert [row.priority for row in noted_rows(db, 1)] == [3]


def test_what_is_in_flight_is_not_noted_and_told_as_queued(db: sqlite3.Connection) -> None:
    put(db, "k", "leased")
    put(db, "new")
    put(db, "of no worker", lane=None)
    assert list(noted_keys(db)) == ["new"]
    db.execute("UPDATE frontier SET state = 'captured', record_id = 'r' WHERE key = 'new'")
    assert [(row.key, row.state) for row in noted_rows(db, 10)] == [("new", "queued")]


def test_nothing_is_noted_of_a_change_that_is_taken_back_nor_over_another_connection(db: sqlite3.Connection, tmp_path: Path) -> None:
    db.execute("BEGIN")
    put(db, "k")
    db.rollback()
    with sqlite3.connect(tmp_path / "index.db") as other:
        put(other, "others")
    assert noted_keys(db) == {}


def test_a_row_that_is_gone_is_told_no_lie(db: sqlite3.Connection) -> None:
    put(db, "k")
    db.execute("DELETE FROM frontier")
    assert [row.columns for row in noted_rows(db, 10)] == []
