"""The schema says of itself what is true."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlite_utils
from attrs import evolve
from index_makers import capture

from crawler.errors import SetupError
from crawler.index.index import Index
from crawler.maintenance.reindex import rebuild
from crawler.processing.parse_again import Readers
from crawler.schema.applied import MIGRATIONS
from crawler.schema.described import describe
from crawler.schema.migrations import migrations

SHADOWS = ("_data", "_idx", "_docsize", "_config")


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.open(tmp_path / "index.db")


def test_every_table_and_column_is_described_and_there(index: Index) -> None:
    made = {}
    for (name,) in index.query("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"):
        if name.startswith(("_", "sqlite_")) or ("_fts_" in name and name.endswith(SHADOWS)):
            continue
        made[name] = [(row["name"], row["type"]) for row in index.query("SELECT name, type FROM pragma_table_info(?)", [name])]
    described = {t.name: [(c.name, c.type) for c in t.columns] for t in describe()}
    assert set(described) == set(made)
    for table in describe():
        if table.kind == "table":
            assert described[table.name] == made[table.name], table.name
        else:
            assert [c[0] for c in described[table.name]] == [c[0] for c in made[table.name]], table.name


def test_descriptions_are_sentences() -> None:
    texts = [text for t in describe() for text in (t.text, *(c.text for c in t.columns))]
    assert [t for t in texts if not (t.endswith(".") and len(t) > 5)] == []


def test_the_contract_is_there() -> None:
    columns = {t.name: {c.name for c in t.columns} for t in describe()}
    assert {"record_id", "via", "found_on", "attempt", "etag", "last_modified", "key", "language", "read_state"} <= columns["captures"]
    assert {"file_byline", "file_credit", "file_copyright", "capture_id", "key"} <= columns["images"]
    assert {"key", "role", "language", "found_on", "elapsed_ms", "site", "capture_id"} <= columns["failures"]
    assert {"caption", "credit", "warc", "offset", "picture_url"} <= columns["captions"]
    assert {t.name for t in describe() if t.kind == "view"} >= {
        "captions",
        "latest",
        "events",
        "images",
        "versions",
        "links",
        "unpacked_bases",
        "unpacked_lists",
        "announcements",
        "coverage",
        "coverage_by_day",
    }


def test_outsiders_tools_find_the_full_text(index: Index) -> None:
    db = sqlite_utils.Database(index.path)
    views = [sqlite_utils.db.Table(db, name).detect_fts() for name in ("versions", "images")]  # by `content`, as Datasette does
    assert tuple(views) == ("versions_fts", "images_fts")


def test_opening_again_changes_nothing(index: Index) -> None:
    before = index.query("SELECT name, sql FROM sqlite_master ORDER BY 1")
    index.close()
    assert [tuple(r) for r in Index.open(index.path).query("SELECT name, sql FROM sqlite_master ORDER BY 1")] == [tuple(r) for r in before]


def test_the_migrations_are_named_apart_and_an_index_up_to_date_is_opened_without_their_library(tmp_path: Path) -> None:
    assert tuple(one.name for one in migrations.pending(sqlite_utils.Database(memory=True))) == MIGRATIONS
    Index.open(tmp_path / "index.db").close()
    code = "import sys; from crawler.index.index import Index; Index.open(sys.argv[1]).close(); print('sqlite_utils' in sys.modules)"
    for path, used in (("index.db", "False"), ("new.db", "True")):
        told = subprocess.run([sys.executable, "-c", code, str(tmp_path / path)], capture_output=True, text=True, check=True)
        assert told.stdout.strip() == used


def test_an_index_whose_making_was_cut_short_is_made_whole(tmp_path: Path) -> None:
    path = tmp_path / "cut.db"
    sqlite_utils.Migrations("crawler").ensure_migrations_table(sqlite_utils.Database(path))
    with Index.open(path) as index:
        assert index.counts()["captures"] == 0
    with sqlite_utils.Database(tmp_path / "other.db").conn as other:
        other.execute("CREATE TABLE diary (day TEXT)")
    with pytest.raises(SetupError, match="not an index of ours"):
        Index.open(tmp_path / "other.db")


def first_version(path: Path) -> None:
    """An index as the first version of this software made it, with a run and an errand."""
    db = sqlite_utils.Database(path)
    migrations.apply(db, stop_before="m002_imprints")
    with db.conn:
        db.execute("INSERT INTO runs (id, site, started) VALUES (7, 'harbour', '2026-01-01T00:00:00.000000Z')")
        db.execute("INSERT INTO frontier (key, url, site, role, state) VALUES ('k', 'https://a.example/', 'harbour', 'page', 'queued')")
    db.close()


def test_an_index_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    first_version(tmp_path / "index.db")
    with pytest.raises(SetupError, match="older version"):
        Index.open(tmp_path / "index.db", readonly=True)
    with Index.open(tmp_path / "index.db") as index:
        assert index.query("SELECT count(*) FROM imprints")[0][0] == 0
        assert index.query("SELECT id FROM runs")[0][0] == 7


def test_reindex_takes_runs_and_queue_over_from_an_earlier_version(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    first_version(tmp_path / "index.db")
    readers = Readers()
    try:
        assert rebuild(tmp_path, readers).queue
    finally:
        readers.close()
    with Index.open(tmp_path / "index.db", readonly=True) as index:
        assert (index.query("SELECT id FROM runs")[0][0], index.query("SELECT key FROM frontier")[0][0]) == (7, "k")


def test_each_field_of_a_capture_comes_back_as_it_was(tmp_path: Path) -> None:
    told = evolve(
        capture(1), record_type="revisit", refers_to_url="https://a.example/", refers_to_date=capture(2).date, written_id="urn:x:1"
    )
    with Index.open(tmp_path / "index.db") as index:
        index.add_capture(told)
        assert index.capture(told.record_id) == told
