"""Indexes of earlier versions are brought up to date in place, and say the same by SQL and by every command."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from index_makers import article, capture, rebuilt_rows
from old_indexes import PLAIN, all_rows, made_old, made_plain
from stands import ROOT

from crawler.errors import SetupError
from crawler.index.index import Index
from crawler.items import Block, Link
from crawler.schema import shrink as shrinking
from crawler.schema.shrink import shrink
from crawler.search.answers import search

MENU = [Link(url=f"https://www.harbour.example/{n * n}", text=f"Part {n}") for n in range(60)]


def filled(path: Path, stories: int = 12) -> Path:
    """An index of today with stories, an edit, odd blocks, and links."""
    with Index.open(path) as index, index.atomic():
        for n in range(1, stories + 1):
            shot = capture(n, story=f"harbour/{n % 9}", key=f"harbour/{n % 9}", url=f"https://www.harbour.example/detail/{n % 9}")
            blocks = (
                *article().blocks,
                Block(kind="related", text="More\nof it"),
                Block(kind="heading", text="The end"),
                Block(kind="quote", text=""),
            )
            index.add_capture(shot)
            index.file_article(shot, article(f"Ferry {n} runs", blocks=blocks, story=f"harbour/{n % 9}"))
            index.add_links(shot.record_id, [*MENU, Link(url=f"https://www.harbour.example/story/{n}")])
    return path


@pytest.fixture(params=[made_old, made_plain])
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    made: Path = request.param(filled(tmp_path / "new.db"), tmp_path / "index.db")
    return made


def told(path: Path) -> dict[str, object]:
    with Index.open(path, readonly=True) as index:
        return {
            "search": [search(index, words) for words in ("ferry", '"The ferry runs"', "Berg -9", "pier")], "versions": index.versions("harbour/3"),
            "stats": index.stats(), "sightings": index.sightings("harbour/3"), "links": index.links_of("https://www.harbour.example/detail/3"),
        }  # fmt: skip


def test_it_says_the_same(old: Path, tmp_path: Path) -> None:
    before = all_rows(old)
    with Index.open(old) as index:
        assert index.integrity() == []
    assert all_rows(old) == before == all_rows(tmp_path / "new.db")
    assert told(old) == told(tmp_path / "new.db")
    with Index.open(old) as index, Index.open(tmp_path / "new.db") as new:
        assert rebuilt_rows(index) == rebuilt_rows(new)
        assert len(index.query("SELECT 1 FROM link_bases")) == 1, "the menu is stored once"


def test_it_can_be_written_on(old: Path) -> None:
    with Index.open(old) as index:
        with index.atomic():
            index.add_capture(capture(99))
            index.add_links(capture(99).record_id, MENU)
            index.file_article(capture(99), article("Fog", story="harbour/1000"))
        assert [hit.story_id for hit in search(index, "fog")] == ["harbour/1000"]
        assert index.integrity() == []


def test_it_is_not_changed_by_who_only_reads(old: Path) -> None:
    before = old.read_bytes()
    with pytest.raises(SetupError, match="made by an older version"):
        Index.open(old, readonly=True)
    with Index.open(old, readonly=True, older=True) as index:
        assert index.query("SELECT count(*) FROM captures")[0][0] == 12
    assert old.read_bytes() == before


def test_a_kill_in_the_middle_loses_nothing(old: Path, tmp_path: Path) -> None:
    before = all_rows(old)
    code = f"from crawler.index.index import Index; Index.open({str(old)!r})"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ARCHIVE_FAULT": "migrate:middle=kill"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert all_rows(old) == before
    with closing(sqlite3.connect(old)) as db:
        assert db.execute("SELECT count(*) FROM _sqlite_migrations WHERE name = ?", [PLAIN]).fetchone() == (0,)
    with Index.open(old) as index:
        assert index.integrity() == []
    assert all_rows(old) == before
    assert told(old) == told(tmp_path / "new.db")


def test_links_with_places_left_out_keep_their_places(old: Path) -> None:
    with closing(sqlite3.connect(old)) as db, db:
        db.execute("DELETE FROM links WHERE position IN (0, 7, 8)")
        db.execute("UPDATE links SET text = NULL WHERE position = 9")
    before = all_rows(old)["links"]
    Index.open(old).close()
    assert all_rows(old)["links"] == before


def test_no_room_for_it_is_said_and_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_rows(old)
    monkeypatch.setattr(shrinking.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 10_000}))
    with pytest.raises(SetupError, match=r"needs [\d,]+ bytes of free disk, there are 10,000; make room first"):
        Index.open(old)
    assert all_rows(old) == before


def test_the_file_becomes_smaller_where_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path / "new.db", 400)
    old = made_old(path, tmp_path / "index.db")
    before = old.stat().st_size
    Index.open(old).close()
    assert old.stat().st_size < before / 2
    with Index.open(old) as index:
        index.conn.execute("CREATE TABLE much AS SELECT zeroblob(3000000)")
        index.conn.execute("DROP TABLE much")
        monkeypatch.setattr(shrinking.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 10_000}))
        shrink(index.conn, old)
        assert index.query("PRAGMA freelist_count")[0][0] > 700
        monkeypatch.undo()
        shrink(index.conn, old)
        assert index.query("PRAGMA freelist_count")[0][0] == 0
