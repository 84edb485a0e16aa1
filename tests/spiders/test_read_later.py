"""Newspapers crawled with `read=later`: the same stories, lists and pictures are asked for as when each page is read at once."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from stands import Mirrors, Scrapy

from crawler.demo.newspaper import start
from crawler.sites.known import DEMO_SITES

QUICK = {"DOWNLOAD_DELAY": 0, "ARCHIVE_RETRY_DELAY": 0.05, "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_SITES": DEMO_SITES}
Crawl = Callable[..., str]


def rows(path: Path, sql: str) -> set[tuple[str, ...]]:
    with sqlite3.connect(f"file:{path}/index.db?mode=ro", uri=True) as db:
        return set(db.execute(sql))


def asked(path: Path) -> dict[str, set[tuple[str, ...]]]:
    """The rows that were asked for and how they ended: pictures apart, since only reading tells them."""
    kinds = {"pages": "role != 'requisite'", "pictures": "role = 'requisite'", "robots": "role = 'robots'"}
    return {kind: rows(path, f"SELECT role, key, state FROM frontier WHERE {where}") for kind, where in kinds.items()}


def both_ways(path: Path, crawl: Crawl, reindex: Crawl, *arguments: str) -> None:
    """Crawl with `read=yes` and `read=later`, then go on after `reindex --unread`; compare."""
    crawl(*arguments)
    read = asked(path)
    assert read["pages"]
    shutil.rmtree(path)
    report = crawl("-a", "read=later", *arguments)
    later = asked(path)
    assert later["pages"] == read["pages"]
    assert later["pictures"] == (set() if read["pictures"] else read["pictures"])
    assert ("whose pictures are asked for" in report) == ("requisites=none" not in arguments)
    assert rows(path, "SELECT count(*) > 10 FROM captures WHERE read_state = 'unread' AND role = 'story'") == {(1,)}
    reindex()
    crawl("-a", "recheck=no", *arguments)
    assert {(role, key) for role, key, _ in asked(path)["pictures"]} == {(role, key) for role, key, _ in read["pictures"]}
    assert rows(path, "SELECT key FROM frontier WHERE state = 'queued'") == set()


@contextmanager
def courier(scrapy: Scrapy) -> Iterator[Crawl]:
    """The demo's newspaper, from its first page each time: one of its mirrors breaks down half-way."""

    def crawl(*arguments: str) -> str:
        with start() as newspaper:
            values = QUICK | {"ARCHIVE_CONNECT_TO": newspaper.connect_to}
            words = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
            return scrapy("crawl", "courier", "-a", "backfill=sitemap,sections", *arguments, *words, exits=None).stdout

    yield crawl


@pytest.mark.parametrize("requisites", ["images", "none"])
def test_the_demo(scrapy: Scrapy, requisites: str) -> None:
    with courier(scrapy) as crawl:
        both_ways(
            scrapy.archives / "courier", crawl, lambda: scrapy("reindex", "courier", "--unread", "-s", f"ARCHIVE_SITES={DEMO_SITES}").stdout,
            "-a", f"requisites={requisites}",
        )  # fmt: skip


def test_press_tv(scrapy: Scrapy, mirrors: Mirrors) -> None:
    def crawl(*arguments: str) -> str:
        mirrors.control("reset")
        return scrapy("crawl", "presstv", "-a", "backfill=sitemap,sections", *arguments, *mirrors.settings, exits=None).stdout

    both_ways(scrapy.archives / "presstv", crawl, lambda: scrapy("reindex", "presstv", "--unread").stdout, "-a", "requisites=images")
