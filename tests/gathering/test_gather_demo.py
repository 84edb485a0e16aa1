"""Two workers crawl one newspaper at different times; their shards become one collection, as if one had crawled it."""

from __future__ import annotations

import itertools
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from gathered_collections import assert_as_reindexed, count, rows_of
from stands import Scrapy

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def _shards(tmp_path_factory: pytest.TempPathFactory) -> Scrapy:
    """`w1` has crawled the first edition, `w2` the first and then the second; nobody changes them."""
    scrapy = Scrapy(tmp_path_factory.mktemp("shards") / "archives")
    scrapy("demo", "--dir", str(scrapy.archives / "w1"))
    scrapy("demo", "--dir", str(scrapy.archives / "w2"))
    scrapy("demo", "--dir", str(scrapy.archives / "w2"), "--keep")
    return scrapy


@pytest.fixture
def shards(_shards: Scrapy, tmp_path: Path) -> Scrapy:
    """Copies of them, which a test may change."""
    shutil.copytree(_shards.archives, tmp_path / "archives", symlinks=True)
    return Scrapy(tmp_path / "archives")


def test_as_if_crawled_by_one_in_every_order(shards: Scrapy) -> None:
    before = [rows_of(shards.archives / name) for name in ("w1", "w2")]
    gathered = []
    for number, order in enumerate(itertools.permutations(("w1", "w2"))):
        shards("gather", *order, "--into", f"all{number}")
        path = shards.archives / f"all{number}"
        assert_as_reindexed(path)
        gathered.append(rows_of(path))
    assert gathered[0] == gathered[1]
    assert len(gathered[0]["captures"]) == sum(len(rows["captures"]) for rows in before)
    assert len(gathered[0]["stories"]) == len(before[1]["stories"])
    for host, mirror in {row["host"]: row for row in gathered[0]["mirrors"]}.items():
        theirs = [row for rows in before for row in rows["mirrors"] if row["host"] == host]
        assert mirror["successes"] == sum(row["successes"] for row in theirs)
        assert mirror["last_ok"] == max((row["last_ok"] for row in theirs if row["last_ok"]), default=None)
    assert [rows_of(shards.archives / name) for name in ("w1", "w2")] == before


def test_gathered_again_nothing_changes_and_what_is_new_is_added_alone(shards: Scrapy) -> None:
    first = json.loads(shards("gather", "w1", "--into", "all", "--json").stdout)
    assert first["anew"]
    assert first["captures"] == first["filed"] == count(shards.archives / "w1", "captures")
    once = rows_of(shards.archives / "all")
    again = json.loads(shards("gather", "w1", "--into", "all", "--json").stdout)
    assert (again["captures"], again["filed"], again["warcs"], again["anew"]) == (0, 0, 0, False)
    assert rows_of(shards.archives / "all") == once
    grown = json.loads(shards("gather", "w1", "w2", "--into", "all", "--json").stdout)
    assert grown["captures"] == grown["filed"] == count(shards.archives / "w2", "captures")
    assert_as_reindexed(shards.archives / "all")
    shards("demo", "--dir", str(shards.archives / "w1"), "--keep")
    more = json.loads(shards("gather", "w1", "--into", "all", "--json").stdout)
    assert more["captures"] == count(shards.archives / "w1", "captures") - first["captures"]
    assert not more["anew"]
    assert_as_reindexed(shards.archives / "all")


def test_other_commands_work_on_it_and_warcs_stay_where_they_lie(shards: Scrapy) -> None:
    shards("gather", "w1", "w2", "--into", "all")
    path = shards.archives / "all"
    assert not list((path / "archive").iterdir())
    assert "no faults" in shards("verify", "all").stdout
    assert "harbour" in shards("search", "harbour", "-c", "all").stdout.lower()
    changed = shards("versions", "courier/1003", "-c", "all").stdout
    assert changed
    assert shards("events", "-c", "all").stdout
    for form in ("wacz", "cdxj", "jsonl"):
        shards("export", "all", f"--{form}", str(path.parent / f"out.{form}"))
    before = rows_of(path)
    shards("reindex", "all")
    assert rows_of(path) == before
    assert json.loads(shards("gather", "w1", "w2", "--into", "all", "--json").stdout)["captures"] == 0


def test_copied_warcs_outlive_the_shards(shards: Scrapy) -> None:
    shards("gather", "w1", "w2", "--into", "all", "--copy")
    for name in ("w1", "w2"):
        shutil.rmtree(shards.archives / name)
    path = shards.archives / "all"
    assert len(list((path / "archive").glob("*.warc.gz"))) == 3
    assert not (path / "elsewhere.txt").exists()
    assert "no faults" in shards("verify", "all").stdout
    assert_as_reindexed(path)


@pytest.mark.parametrize("point", ["gather:added", "gather:resolve", "gather:filed", "gather:written"])
def test_killed_and_called_again(shards: Scrapy, point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_FAULT", f"{point}=kill")
    shards("gather", "w1", "w2", "--into", "all", exits=-9)
    path = shards.archives / "all"
    assert not (path / "index.db").exists()
    monkeypatch.delenv("ARCHIVE_FAULT")
    shards("gather", "w1", "w2", "--into", "all")
    assert_as_reindexed(path)
    assert not list(path.glob("index.db.gather*"))


def test_a_full_disk_is_told_and_nothing_half_made_looks_whole(shards: Scrapy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_FAULT", "gather:filed=ENOSPC")
    done = shards("gather", "w1", "w2", "--into", "all", exits=12)
    assert "No space left" in done.stderr
    assert not (shards.archives / "all" / "index.db").exists()
    monkeypatch.delenv("ARCHIVE_FAULT")
    shards("gather", "w1", "w2", "--into", "all")
    assert_as_reindexed(shards.archives / "all")


def test_a_shard_that_was_made_anew_or_read_again_is_seen(shards: Scrapy) -> None:
    shards("gather", "w1", "w2", "--into", "all")
    shards("reindex", "w1")
    with closing(sqlite3.connect(shards.archives / "w1" / "index.db")) as db, db:
        db.execute("UPDATE captures SET reader_version = 'of another day'")
    again = json.loads(shards("gather", "w1", "--into", "all", "--json").stdout)
    assert again["anew"]
    assert again["shards"] == 2
    assert count(shards.archives / "all", "captures") == sum(count(shards.archives / name, "captures") for name in ("w1", "w2"))


def test_captures_that_are_read_late_come_once_they_are_read(shards: Scrapy) -> None:
    with closing(sqlite3.connect(shards.archives / "w1" / "index.db")) as db:
        whole = rows_of(shards.archives / "w1")
        stories = [row[0] for row in db.execute("SELECT record_id FROM captures WHERE role = 'story' AND status = 200")]
    shards("gather", "w1", "--into", "all")
    with closing(sqlite3.connect(shards.archives / "all" / "index.db")) as db, db:
        # As if they had not been read when it was gathered first.
        db.executemany("UPDATE captures SET read_state = 'unread' WHERE record_id = ?", ([one] for one in stories))
    done = json.loads(shards("gather", "w1", "--into", "all", "--json").stdout)
    assert (done["captures"], done["filed"]) == (0, len(stories))
    assert rows_of(shards.archives / "all")["stories"] == whole["stories"]
    assert_as_reindexed(shards.archives / "all")


def test_what_cannot_be_gathered_is_refused(shards: Scrapy, tmp_path: Path) -> None:
    assert "name the collections" in shards("gather", "--into", "all", exits=2).stderr
    assert "--into" in shards("gather", "w1", exits=2).stderr
    assert "one of the shards" in shards("gather", "w1", "--into", "w1", exits=2).stderr
    assert "no collection 'w9'" in shards("gather", "w9", "--into", "all", exits=1).stderr
    (shards.archives / "w2" / "index.db").write_bytes(b"no database" * 100)
    assert "index.db" in shards("gather", "w1", "w2", "--into", "all", exits=1).stderr
    assert not (shards.archives / "all" / "index.db").exists()
