"""Parquet tables, read by DuckDB as a researcher reads them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from index_makers import article, capture
from wacz_makers import exported

from crawler.columns.tables import CAPTURES
from crawler.errors import SetupError
from crawler.index.index import Index
from crawler.interchange import parquet
from crawler.items import Link

CC_INDEX_TABLE = (
    "url_surtkey", "url", "url_host_name", "url_host_tld", "url_host_2nd_last_part", "url_host_3rd_last_part", "url_host_4th_last_part",
    "url_host_5th_last_part", "url_host_registry_suffix", "url_host_registered_domain", "url_host_private_suffix", "url_host_private_domain",
    "url_protocol", "url_port", "url_path", "url_query", "fetch_time", "fetch_status", "fetch_redirect", "content_digest", "content_mime_type",
    "content_mime_detected", "content_charset", "content_languages", "content_truncated", "warc_filename", "warc_record_offset",
    "warc_record_length", "warc_segment", "crawl", "subset",
)  # fmt: skip
"""Columns of cc-index-schema-flat.json, in their order."""


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Two captures in March, one in April, of two versions; links of the first."""
    path = tmp_path / "harbour's"
    (path / "archive").mkdir(parents=True)
    with Index.open(path / "index.db") as index, index.atomic():
        for n, text in ((1, article()), (2, article("Ferry sinks", authors=("Ada", "Bo"))), (800, article())):
            shot = capture(n, url=f"https://www.paper.co.uk:8443/detail/1000?c={n}", host="www.paper.co.uk", payload_digest="sha1:" + "A" * 32)
            index.add_capture(shot)
            index.file_article(shot, text)
            index.add_links(shot.record_id, [Link(url="https://a.example/", text=f"link {n}")])
        index.add_capture(capture(3, role="robots", story=None, url="https://[2001:db8::1]/robots.txt", host="[2001:db8::1]", status=None))
    return path


@pytest.fixture
def ask(collection: Path, tmp_path: Path) -> Iterator[Any]:
    outcome = exported(collection, "parquet", tmp_path / "tables")
    assert dict(outcome.counts) == {"captures": 4, "versions": 2, "images": 2, "links": 3}
    with duckdb.connect() as db:
        for name in outcome.counts:
            db.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{tmp_path}/tables/{name}/*/*.parquet', hive_partitioning = true)")
        yield lambda sql: db.execute(sql).fetchall()


def test_captures_have_the_columns_of_common_crawl_first(ask: Any, tmp_path: Path) -> None:
    file = tmp_path / "tables" / "captures" / "month=2026-03" / "part-0.parquet"
    assert tuple(pq.read_schema(file).names[: len(CC_INDEX_TABLE)]) == CC_INDEX_TABLE
    assert ask(
        "SELECT url_surtkey, url_host_name, url_host_tld, url_host_2nd_last_part, url_host_4th_last_part, url_host_5th_last_part,"
        " url_host_registry_suffix, url_host_registered_domain, url_port, url_path, url_query, fetch_status, content_digest, warc_filename,"
        " warc_record_offset, warc_segment, subset FROM captures ORDER BY fetch_time LIMIT 1"
    ) == [
        ("uk,co,paper:8443)/detail/1000?c=1", "www.paper.co.uk", "uk", "co", "www", None, "co.uk", "paper.co.uk", 8443, "/detail/1000", "c=1",
         200, "A" * 32, "harbour-1.warc.gz", 1000, "harbour's", "warc")
    ]  # fmt: skip
    assert ask("SELECT fetch_time FROM captures WHERE url_query = 'c=2'") == [(datetime(2026, 3, 1, 10, 30, 15, 250001, tzinfo=UTC),)]
    assert ask("SELECT url_host_2nd_last_part, fetch_status FROM captures WHERE subset = 'robotstxt'") == [(None, None)]


def test_months_are_partitions(ask: Any) -> None:
    assert ask("SELECT month, count(*) FROM captures GROUP BY ALL ORDER BY ALL") == [("2026-03", 3), ("2026-04", 1)]
    assert ask("SELECT month, page_url, text FROM links WHERE position = 0 ORDER BY fetch_time")[2][0] == "2026-04"


def test_versions_and_images(ask: Any) -> None:
    assert ask("SELECT story_id, version, newest, headline, authors FROM versions ORDER BY version") == [
        ("harbour/1000", 1, False, "Ferry runs again", []), ("harbour/1000", 2, True, "Ferry sinks", ["Ada", "Bo"]),
    ]  # fmt: skip
    assert ask("SELECT i.caption, v.headline FROM images i JOIN versions v USING (story_id, version) WHERE newest") == [
        ("The ferry at its pier", "Ferry sinks")
    ]
    assert ask("SELECT count(*) FROM captures c JOIN versions v USING (record_id)") == [(2,)]


def test_the_description_tells_every_column(collection: Path, tmp_path: Path) -> None:
    exported(collection, "parquet", tmp_path / "tables", stories=["harbour/1000"])
    about = json.loads((tmp_path / "tables" / "export.json").read_text())
    assert list(about["columns"]["captures"]) == [column.name for column in CAPTURES]
    assert about["rows"]["captures"] == 3
    exported(collection, "parquet", tmp_path / "tables")  # an export of ours is replaced by one
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("kept")
    with pytest.raises(SetupError, match="no earlier export"):
        exported(collection, "parquet", mine)


def test_small_batches_give_the_same_rows(collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_BATCH_ROWS", 1)
    monkeypatch.setattr(parquet, "_CHUNK", 2)
    assert dict(exported(collection, "parquet", tmp_path / "tables").counts) == {"captures": 4, "versions": 2, "images": 2, "links": 3}
    assert pq.read_metadata(tmp_path / "tables" / "captures" / "month=2026-03" / "part-0.parquet").num_row_groups == 3


def test_without_pyarrow_it_says_what_to_type(collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # import raises ImportError then
    with pytest.raises(SetupError, match="pip install"):
        exported(collection, "parquet", tmp_path / "tables")
    assert not (tmp_path / "tables").exists()
