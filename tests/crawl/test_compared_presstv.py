"""Press TV's mirrors held against each other: the stand-in of ../shared, which lags, edits and removes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from stands import Mirrors, Scrapy

STORY = "774416"
ALL = ["-s", "ARCHIVE_COMPARE_SHARE=1", "-s", "ARCHIVE_COMPARE_PER_RUN=1000", "-s", "ARCHIVE_ATTEMPTS=1", "-a", "requisites=none"]


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{path / 'index.db'}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


def crawl(scrapy: Scrapy, mirrors: Mirrors, folder: Path, *words: str) -> dict[str, int]:
    """Crawl once more; what became of the comparisons."""
    report = folder / "report.json"
    scrapy("crawl", "presstv", "--report-json", str(report), *words, *ALL, *mirrors.settings, exits=None)
    found: dict[str, int] = json.loads(report.read_text())["stats"]["comparisons"]
    return found


def test_a_mirror_that_agrees_lags_and_comes_back(scrapy: Scrapy, mirrors: Mirrors, tmp_path: Path) -> None:
    path, again = scrapy.archives / "presstv", ("-a", f"story={STORY}")
    mirrors.control("mode", host="ir", mode="up")
    first = crawl(scrapy, mirrors, tmp_path, "-a", "max_stories=8")
    assert first["asked"] == first["equal"] == 8, "mirrors that serve the same pages agree on all"
    assert rows(path, "SELECT count(*) FROM divergences") == [(0,)]
    # A mirror of another language that lacks a story is asked where its page links there; that is no divergence either.
    asked = rows(path, "SELECT key, count(*) FROM captures WHERE key LIKE '%@%' GROUP BY key HAVING count(*) > 1")
    assert asked == [], "equal texts are not asked for a third time"

    mirrors.control("edit", id=STORY)
    mirrors.control("mode", host="ir", mode="stale")
    assert crawl(scrapy, mirrors, tmp_path, *again) == {"asked": 1, "stale": 1}
    found = "SELECT story_id, kind, host, other_host, fields, ended IS NULL, sightings FROM divergences"
    fields = '["headline","body","captions"]'
    assert rows(path, found) == [(f"presstv/{STORY}", "stale", "www.presstv.ir", "www.presstv.co.uk", fields, 1, 1)]
    crawl(scrapy, mirrors, tmp_path, *again)
    assert rows(path, found)[0][-1] == 2, "a lasting divergence is one row that grows"
    assert rows(path, "SELECT host, says FROM mirror_timeline WHERE says != ''") == [("www.presstv.ir", "lags")]

    mirrors.control("mode", host="ir", mode="up")
    assert crawl(scrapy, mirrors, tmp_path, *again) == {"asked": 1, "equal": 1}
    assert rows(path, found)[0][-2:] == (0, 2)
    # One edit, one further version, seen on both; what the lagging mirror showed was no way back.
    assert rows(path, f"SELECT versions FROM stories WHERE id = 'presstv/{STORY}'") == [(2,)]
    hosts = rows(path, "SELECT DISTINCT v.n, s.host FROM common_sightings s JOIN versions v ON v.id = s.version_id"
                       f" WHERE v.story_id = 'presstv/{STORY}' ORDER BY 1, 2")  # fmt: skip
    assert hosts == [(n, host) for n in (1, 2) for host in ("www.presstv.co.uk", "www.presstv.ir")]
