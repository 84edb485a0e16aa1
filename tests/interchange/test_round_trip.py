"""What is exported as WACZ and replayed into a new collection gives the same rows: all of a collection, and a part of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from stands import Scrapy

from crawler.demo import site
from crawler.maintenance.compare import Comparison

SITES = str(Path(site.__file__).parent / "sites")
STORIES = ("courier/1017", "courier/1022", "courier/1003")
NOT_KEPT = {"id", "run_id", "warc", "offset", "length", "version_id", "capture_id"}
"""Row numbers, and the place in another file."""
OTHER_RECORD = {"record_id", "record_type", "revisit_of", "refers_to", "refers_to_url", "refers_to_date", "block_digest"}
"""Of a revisit that was made whole: it is another record."""
OF_STORIES = "story_id IN ('" + "', '".join(STORIES) + "')"
SHOWN_BY = "(SELECT c.url || ' ' || c.date FROM captures c WHERE c.id = t.capture_id) AS shown_by"
PARTS = {
    "stories": f"SELECT * FROM stories WHERE {OF_STORIES.replace('story_id', 'id')}",
    "versions": f"SELECT *, {SHOWN_BY} FROM versions t WHERE {OF_STORIES}",
    "sightings": f"SELECT t.*, v.text_digest, {SHOWN_BY} FROM sightings t JOIN versions v ON v.id = t.version_id WHERE v.{OF_STORIES}",
    "images": f"SELECT t.*, v.text_digest, {SHOWN_BY} FROM images t JOIN versions v ON v.id = t.version_id WHERE v.{OF_STORIES}",
    "captures": f"SELECT * FROM captures WHERE {OF_STORIES} AND record_id IN (SELECT value FROM json_each(:kept))",
    "revisits made whole": f"SELECT * FROM captures WHERE {OF_STORIES} AND record_id NOT IN (SELECT value FROM json_each(:kept))",
    "failures": f"SELECT t.*, {SHOWN_BY} FROM failures t WHERE {OF_STORIES}",
    "links": f"SELECT t.url, t.text, t.position, {SHOWN_BY} FROM links t JOIN captures c ON c.id = t.capture_id WHERE c.{OF_STORIES}",
}


@pytest.fixture(scope="module")
def demo(demo_copy: Callable[[Path], Scrapy], tmp_path_factory: pytest.TempPathFactory) -> Scrapy:
    return demo_copy(tmp_path_factory.mktemp("round") / "archives")


def replayed(demo: Scrapy, file: Path, name: str) -> Path:
    demo("crawl", "replay", "-a", f"warcs={file}", "-a", f"collection={name}", "-s", f"ARCHIVE_SITES={SITES}")
    return demo.archives / name


def ids(collection: Path) -> set[str]:
    with closing(sqlite3.connect(f"file:{collection / 'index.db'}?mode=ro", uri=True)) as db:
        return {row[0] for row in db.execute("SELECT record_id FROM captures")}


def rows(collection: Path, sql: str, kept: set[str], not_kept: set[str]) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{collection / 'index.db'}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        values = {"kept": json.dumps(sorted(kept))} if ":kept" in sql else {}
        found = [{name: row[name] for name in row.keys() if name not in not_kept} for row in db.execute(sql, values)]  # noqa: SIM118 - a Row has no names but these
    return sorted((tuple(row.items()) for row in found), key=repr)


def test_a_whole_collection(demo: Scrapy, tmp_path: Path) -> None:
    demo("export", "demo", "--wacz", str(tmp_path / "all.wacz"))
    again = replayed(demo, tmp_path / "all.wacz", "again")
    comparison = Comparison.of(demo.archives / "demo" / "index.db", again / "index.db")
    with closing(comparison.conn):
        # The frontier is what is yet to be asked for: a replay asks for nothing.
        assert [one for one in comparison.differences() if one.table != "frontier"] == []


@pytest.mark.parametrize("form", ["wacz", "warc"])
def test_some_stories(demo: Scrapy, tmp_path: Path, form: str) -> None:
    file = tmp_path / ("part.wacz" if form == "wacz" else "part.warc.gz")
    demo("export", "demo", f"--{form}", str(file), *(word for story in STORIES for word in ("--story", story)))
    part = replayed(demo, file, f"part-{form}")
    kept = ids(demo.archives / "demo") & ids(part)
    for name, sql in PARTS.items():
        not_kept = NOT_KEPT | (OTHER_RECORD if "whole" in name else set())
        wanted = rows(demo.archives / "demo", sql, kept, not_kept)
        assert rows(part, sql, kept, not_kept) == wanted, name
        assert wanted, name
    with closing(sqlite3.connect(part / "index.db")) as db:
        assert {row[0] for row in db.execute("SELECT id FROM stories WHERE versions > 0")} <= set(STORIES)
