"""Shards as Parquet tables: the rows of the gathered collection, and the recipes of docs/duckdb.md."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from stands import ROOT, Scrapy

pytestmark = pytest.mark.slow

NOT_COMPARED = {"captures": {"warc_segment", "crawl"}}
"""Name of the collection: the shard's, or the gathered one's."""


@pytest.fixture(scope="module")
def _shards(tmp_path_factory: pytest.TempPathFactory) -> Scrapy:
    """Two shards, gathered as tables (`tables`) and as a collection (`all`), which is exported (`exported`)."""
    scrapy = Scrapy(tmp_path_factory.mktemp("tables") / "archives")
    scrapy("demo", "--dir", str(scrapy.archives / "w1"))
    scrapy("demo", "--dir", str(scrapy.archives / "w2"))
    scrapy("demo", "--dir", str(scrapy.archives / "w2"), "--keep")
    scrapy("gather", "w1", "w2", "--into", "all")
    scrapy("gather", "w1", "w2", "--into", str(scrapy.archives.parent / "tables"), "--parquet")
    scrapy("export", "all", str(scrapy.archives.parent / "exported"), "--parquet")
    return scrapy


@pytest.fixture
def shards(_shards: Scrapy, tmp_path: Path) -> Scrapy:
    shutil.copytree(_shards.archives.parent, tmp_path / "x", symlinks=True)
    return Scrapy(tmp_path / "x" / "archives")


def rows(folder: Path, table: str) -> list[tuple[Any, ...]]:
    left_out = f"EXCLUDE ({', '.join(NOT_COMPARED[table])})" if table in NOT_COMPARED else ""
    sql = f"SELECT * {left_out} FROM read_parquet('{folder}/{table}/**/*.parquet', hive_partitioning = false)"
    with duckdb.connect() as db:
        return sorted(db.execute(sql).fetchall(), key=repr)


@pytest.mark.parametrize("table", ["captures", "versions", "images", "links"])
def test_the_rows_of_the_gathered_collection(_shards: Scrapy, table: str) -> None:
    base = _shards.archives.parent
    assert rows(base / "tables", table) == rows(base / "exported", table)


def test_stories_and_order_of_captures(_shards: Scrapy) -> None:
    base = _shards.archives.parent
    with duckdb.connect() as db:
        stories = db.execute(f"SELECT story_id, versions, state FROM '{base}/tables/stories/*.parquet' ORDER BY 1").fetchall()
        counted = db.execute(f"SELECT story_id, count(*) FROM '{base}/tables/versions/*.parquet' GROUP BY 1 ORDER BY 1").fetchall()
    assert [(story, n) for story, n, _ in stories if n] == counted
    for part in (base / "tables" / "captures").iterdir():
        keys = pq.read_table(part, columns=["url_surtkey", "fetch_time"]).to_pylist()
        assert keys == sorted(keys, key=lambda row: (row["url_surtkey"], row["fetch_time"]))


def test_unchanged_parts_are_taken_over_and_a_killed_call_leaves_the_tables(shards: Scrapy, monkeypatch: pytest.MonkeyPatch) -> None:
    place = shards.archives.parent / "tables"
    before = {file: file.read_bytes() for file in place.rglob("*.parquet")}
    shards("demo", "--dir", str(shards.archives / "w1"), "--keep")
    for point in ("gather:added", "gather:written"):
        monkeypatch.setenv("ARCHIVE_FAULT", f"{point}=kill")
        shards("gather", "w1", "w2", "--into", str(place), "--parquet", exits=-9)
        assert {file: file.read_bytes() for file in place.rglob("*.parquet")} == before
    monkeypatch.delenv("ARCHIVE_FAULT")
    done = json.loads(shards("gather", "w1", "w2", "--into", str(place), "--parquet", "--json").stdout)
    assert (done["shards"], done["unchanged"]) == (2, 1)
    assert (place / "captures" / "w2.parquet").read_bytes() == before[place / "captures" / "w2.parquet"]
    assert [one.name for one in place.parent.iterdir() if one.name.startswith("tables")] == ["tables"]


def test_another_folder_is_not_replaced(shards: Scrapy, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert "no earlier gathering" in shards("gather", "w1", "--into", str(tmp_path / "other"), "--parquet", exits=1).stderr
    assert "--copy" in shards("gather", "w1", "--into", str(tmp_path / "t"), "--parquet", "--copy", exits=2).stderr


# -- recipes


def recipes() -> Iterator[tuple[str, str]]:
    """Title and SQL of each recipe of the page."""
    text = (ROOT / "docs" / "duckdb.md").read_text()
    for title, body in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL):
        for sql in re.findall(r"```sql\n(.*?)```", body, re.DOTALL):
            yield title, sql


def cc_index(folder: Path) -> Path:
    """A small table with the columns of Common Crawl's index."""
    folder.mkdir()
    addresses = ("http://www.courier.example/", "https://elsewhere.example/")
    keys = ("example,courier)/", "example,elsewhere)/")
    table = pa.table({
        "url_surtkey": keys, "url": addresses, "fetch_time": [datetime(2024, 5, 1, tzinfo=UTC)] * 2, "fetch_status": pa.array([200, 200], pa.int16()),
        "content_digest": ["A" * 32, "B" * 32], "warc_filename": ["crawl-data/CC-MAIN-2024-18/x.warc.gz"] * 2,
        "warc_record_offset": pa.array([1, 2], pa.int32()), "warc_record_length": pa.array([10, 10], pa.int32()),
    })  # fmt: skip
    pq.write_table(table, folder / "part-0.parquet")
    return folder


@pytest.mark.parametrize("source", ["tables", "exported"])
@pytest.mark.parametrize(("title", "sql"), list(recipes()), ids=lambda value: value if len(value) < 60 else "sql")
def test_recipes_answer(_shards: Scrapy, tmp_path: Path, source: str, title: str, sql: str) -> None:
    place = _shards.archives.parent / source
    with duckdb.connect() as db:
        for one in filter(str.strip, sql.replace("TABLES", str(place)).replace("CC-INDEX", str(cc_index(tmp_path / "cc"))).split(";")):
            found = db.execute(one)
        answer = found.fetchall()
    assert answer, title
