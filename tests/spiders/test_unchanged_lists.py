"""A list that answers 304 leads to what the answer it stands for led to."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from stands import Scrapy

from crawler.demo import Newspaper, start
from crawler.demo.newspaper import SITES


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with start() as running:
        yield running


MIRRORS = "mirrors=courier.mirror.example,fr.courier.example"
"""Those that break nothing."""


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{path / 'index.db'}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def test_what_an_unchanged_list_shows_is_followed_by_a_run_that_asks_for_more(scrapy: Scrapy, paper: Newspaper) -> None:
    values = {"ARCHIVE_SITES": SITES, "ARCHIVE_CONNECT_TO": paper.connect_to, "DOWNLOAD_DELAY": 0, "ARCHIVE_RETRY_DELAY": 0.1,
              "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_STORY_LINK_DEPTH": 0}  # fmt: skip
    words = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
    crawl = ["crawl", "courier", "-a", "backfill=sitemap,sections", "-a", "requisites=none", "-a", MIRRORS, *words]
    path = scrapy.archives / "courier"
    scrapy(*crawl, "-a", "since=2026-01-01")
    few = rows(path, "SELECT count(*) FROM stories WHERE versions > 0")[0][0]
    before = rows(path, "SELECT c.record_id, count(*) FROM captures c JOIN links l ON l.capture_id = c.id GROUP BY 1 ORDER BY 1")
    scrapy(*crawl)
    lists = "SELECT count(*) FROM captures WHERE role IN ('feed', 'sitemap', 'seed', 'section') AND run_id = 2"
    assert rows(path, f"{lists} AND status = 304")[0][0] > 5
    assert rows(path, f"{lists} AND status = 200")[0][0] <= 1
    assert 0 < int(str(few)) < rows(path, "SELECT count(*) FROM stories WHERE versions > 0")[0][0] == paper.stories  # type: ignore[operator]
    # What is filed of a 304 is the 304: its links are those of the capture it stands for, held once.
    after = rows(path, "SELECT c.record_id, count(*) FROM captures c JOIN links l ON l.capture_id = c.id"
                       " WHERE c.run_id = 1 OR c.status = 304 GROUP BY 1 ORDER BY 1")  # fmt: skip
    assert after == before
