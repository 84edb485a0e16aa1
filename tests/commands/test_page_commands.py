"""`shell` and `parse`: a page of a file, of a collection, or of the net, as a site file reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from foreign_warcs import answer, record, story, write
from stands import Scrapy

from crawler.commands import demo
from crawler.demo.newspaper import start

Typed = Callable[..., Any]
SITES = str(demo._SITES)


@pytest.fixture
def harbour(tmp_path: Path, typed: Typed) -> Path:
    """A collection of two pages that others made, without a site."""
    from crawler.collection.collection import Collection

    path = tmp_path / "harbour"
    (path / "archive").mkdir(parents=True)
    write(path / "archive" / "a.warc.gz", *(record(answer(story(f"boat {n}")), f"/{n}", n=n) for n in (1, 2)))
    Collection.open(path).close()
    assert typed("reindex", "harbour").code in (0, 10)
    return path


def url_of(path: Path) -> str:
    from crawler.index.index import Index

    with Index.open(path / "index.db", readonly=True) as index:
        return str(next(index.captures()).url)


def test_a_page_of_the_archive_by_address_record_and_row(typed: Typed, harbour: Path) -> None:
    told = typed("parse", url_of(harbour), "-c", "harbour")
    assert told.code == 0
    document = json.loads(told.out)
    assert "boat" in document["article"]["headline"] + (document["article"]["body"] or "")
    assert (document["site"], document["problem"]) == (None, None)
    assert document["source"].startswith("harbour: a.warc.gz, offset ")
    row = typed("shell", "#1", "-c", "harbour", "-e", "capture.record_id").out.strip()
    assert json.loads(typed("parse", row, "-c", "harbour").out)["url"]
    assert typed("shell", row, "-c", "harbour", "-e", "again().headline == article.headline").out == "True\n"
    assert "boat" in typed("parse", row, "-c", "harbour", "--explain").out


def test_what_is_not_held_is_told(typed: Typed, harbour: Path) -> None:
    told = typed("parse", "774416", "-c", "harbour")
    assert (told.code, told.err) == (1, "parse: 774416: no such story in harbour; `scrapy search` finds stories by their words\n")
    assert typed("parse").code == 2
    assert typed("shell", "a", "b").code == 2
    assert typed("parse", "ftp://a.example/", "--net").code == 2


def test_a_saved_page_with_its_site(typed: Typed, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body><a href='/Detail/2026/08/15/774416/x'>One</a> <a href='/section/101'>Two</a></body></html>")
    told = typed("parse", str(page), "--url", "https://www.presstv.ir/")
    document = json.loads(told.out)
    assert document["site"] == "presstv"
    assert document["links"][0] == {"url": "https://www.presstv.ir/Detail/2026/08/15/774416/x", "text": "One", "role": "story", "story": "presstv/774416"}
    assert told.code == (0 if document["article"] else 10)
    assert typed("shell", str(page), "--url", "https://www.presstv.ir/", "-e", "site.name, page.css('a::text').getall()").out == "('presstv', ['One', 'Two'])\n"
    told = typed("shell", str(page), "-e", "1 / 0")
    assert (told.code, told.err) == (2, "shell: --code: ZeroDivisionError: division by zero\n")


def test_the_console_has_the_names(typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body><h1>The wall</h1></body></html>")
    given: dict[str, Any] = {}
    monkeypatch.setattr("scrapy.utils.console.start_python_console", lambda names, banner, shells: given.update(names, banner=banner))
    assert typed("shell", str(page)).code == 0
    assert set(given) >= {"page", "article", "site", "capture", "again", "banner"}
    assert "the generic reader" in given["banner"]


def test_an_address_is_asked_for_and_not_kept(scrapy: Scrapy, tmp_path: Path) -> None:
    with start(edition=1) as newspaper:
        where = ("-s", f"ARCHIVE_CONNECT_TO={newspaper.connect_to}", "-s", f"ARCHIVE_SITES={SITES}", "-s", f"ARCHIVE_DIR={tmp_path / 'none'}")
        told = scrapy("parse", "http://courier.mirror.example/2026/10/16/1017/linnet-waits-for-paint", *where)
        document = json.loads(told.stdout)
        assert (document["site"], document["article"]["story"]) == ("courier", "courier/1017")
        assert document["article"]["headline"] == "The Linnet waits for paint"
        assert "asked for now, status 200; not kept" in told.stderr
        lost = scrapy("shell", "http://courier.mirror.example/2026/10/16/9999/nothing", "--net", "-e", "capture.status, article", *where)
        assert lost.stdout.startswith("(404, ")
    assert not (tmp_path / "none").exists()
