"""Drift: a layout that stops matching is told in the first run after it, by name and count; what always was so is not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stands import Scrapy

from crawler.coverage.drift import drift, reckoned
from crawler.demo import Newspaper, start
from crawler.demo.newspaper import SITES
from crawler.parsers.document.selectors import css, first, xpath


def run(stories: int, *, missing: dict[str, int] | None = None, fallback: dict[str, int] | None = None, **templates: int) -> dict[str, Any]:
    return {
        "templates": templates or {"modern": stories}, "missing_fields": missing or {}, "fallback_fields": fallback or {},
        "problems": {"zone-assumed": stories},
    }  # fmt: skip


def told(now: dict[str, Any], *before: dict[str, Any]) -> list[str]:
    return [str(one) for one in drift(reckoned([now]), reckoned(before))]


BEFORE = [run(100, missing={"deck": 10}), run(40, missing={"deck": 4})]


def test_what_was_always_so_is_not_told() -> None:
    assert told(run(10, missing={"deck": 2}), *BEFORE) == []
    assert told(run(3), *BEFORE) == []


def test_what_happens_more_often_is_told_with_both_counts() -> None:
    assert told(run(10, missing={"deck": 4}), *BEFORE) == ["deck missing: 4 of 10 stories, 14 of 140 in earlier runs"]
    assert told(run(10, fallback={"headline": 3}), *BEFORE) == [
        "headline not by its first reader: 3 of 10 stories, 0 of 140 in earlier runs"
    ]
    assert told(run(10, fallback={"whole page": 9}, generic=9, modern=1), *BEFORE) == [
        "read by the generic reader: 9 of 10 stories, 0 of 140 in earlier runs"
    ]
    assert told(run(10, classic=9, modern=1), *BEFORE) == ["template classic: 9 of 10 stories, 0 of 140 in earlier runs"]


def test_two_stories_or_no_past_prove_nothing() -> None:
    assert told(run(2, missing={"deck": 2}), *BEFORE) == []
    assert told(run(10, missing={"deck": 10}), run(4)) == []
    old = {name: value for name, value in run(100).items() if name != "missing_fields"}
    assert told(run(10, missing={"deck": 10}), old) == [], "runs of versions that did not count are no past"


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with start() as running:
        yield running


def test_the_report_of_a_crawl_tells_it(scrapy: Scrapy, paper: Newspaper, tmp_path: Path) -> None:
    site = Path(shutil.copy(SITES / "courier.py", tmp_path))
    values = {"ARCHIVE_SITES": tmp_path, "ARCHIVE_CONNECT_TO": paper.connect_to, "DOWNLOAD_DELAY": 0, "ARCHIVE_RETRY_DELAY": 0.1,
              "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0}  # fmt: skip
    crawl = [
        "crawl",
        "courier",
        "-a",
        "backfill=sitemap,sections",
        *(word for name, value in values.items() for word in ("-s", f"{name}={value}")),
    ]
    first = scrapy(*crawl, "-a", "max_stories=8").stdout
    assert "drift" not in first
    # The newspaper changes its layouts: no mark is found any more, as far as the site's file knows.
    site.write_text(site.read_text().replace('mark=css("', 'mark=css(".no-longer '))
    second = scrapy(*crawl).stdout
    (line,) = [line for line in second.splitlines() if "read by the generic reader" in line]
    assert "drift" in line or line.startswith("  ")
    assert "11 of 11 stories, 0 of 8 in earlier runs" in line
    assert "COMPLETE (exit code 0)" in second


def test_an_expression_with_a_bar_in_it_is_one_reader() -> None:
    one = xpath("//time/@datetime | //abbr/@title")
    assert one.best is None
    assert first(first(one, css("b")), css("i")).then(str.lower).best == one.name
