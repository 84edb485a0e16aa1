"""Whole runs of a paper that breaks: what is announced, what is missing and why, and which check speaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from site_hosts import played
from stands import Scrapy

HOST = "gazette.example"
SITE = '''"""A made-up paper."""

from crawler.parsers.document.selectors import css
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered
from crawler.sites.site import Feed, Mirror, Section, Site, Sitemap, Template

TEXT = Ordered(Order(body=("article.story",)))
PLAIN = Template(name="plain", mark=css("article.story::attr(class)"), headline=css("h1.title"), blocks=TEXT.blocks(),
    authors=css("p.byline").then(lambda name: (name,)))
SITE = Site(
    name="gazette", title="Gazette", language="en", mirrors=(Mirror(host="gazette.example"),), stories=(r"^/story/(?P<id>[1-9]\\d{1,6})$",),
    seeds=(Feed("/rss.xml"), Sitemap("/sitemap.xml"), Section("/")), templates=(PLAIN,),
)
'''
MAINTENANCE = "<html><title>Gazette</title><body><h1>Gazette</h1><p>We are moving house, and back soon.</p></body></html>"
TEXT = "<p>The ferry runs again after nine days, and the harbour master says that it will not stop for the winter this time.</p>"


class Paper:
    """What the paper serves: numbered stories on a feed, a front page and a sitemap."""

    def __init__(self) -> None:
        self.newest, self.front = 1024, True
        self.title, self.byline = '<h1 class="title">Ferry {n} runs</h1>', '<p class="byline">Ada Quill</p>'

    def answer(self, _: str, path: str) -> tuple[bytes, str] | None:
        numbers = range(self.newest, self.newest - 24, -1)
        if path == "/robots.txt":
            return b"User-agent: *\nDisallow: /story/1003\n", "text/plain"
        if path == "/rss.xml":
            items = "".join(f"<item><title>Ferry {n} runs</title><link>https://{HOST}/story/{n}</link></item>" for n in numbers)
            return f'<rss version="2.0"><channel><title>Gazette</title>{items}</channel></rss>'.encode(), "application/rss+xml"
        if path == "/":
            links = "".join(f'<a href="/story/{n}">Ferry {n}</a>' for n in numbers)
            return (f"<html><body>{links}</body></html>" if self.front else MAINTENANCE).encode(), "text/html; charset=utf-8"
        if path == "/sitemap.xml":
            old = "".join(f"<url><loc>https://{HOST}/story/{n}</loc><lastmod>2020-01-01</lastmod></url>" for n in (901, 902))
            return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{old}</urlset>'.encode(), "application/xml"
        return self.story(path)

    def story(self, path: str) -> tuple[bytes, str] | None:
        number = path.rpartition("/")[2]
        if not path.startswith("/story/") or number == "1004":
            return None
        title = self.title.format(n=number)
        page = f'<html><body><article class="story">{title}{self.byline}{TEXT * 4}<p>This is story {number}.</p></article></body></html>'
        return page.encode(), "text/html; charset=utf-8"


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def options(paper: Paper, tmp_path: Path) -> Iterator[list[str]]:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "gazette.py").write_text(SITE)
    with played([HOST], paper.answer, tmp_path) as words:
        yield [
            *words,
            "-s",
            f"ARCHIVE_SITES={tmp_path / 'sites'}",
            "-s",
            "ARCHIVE_RETRY_DELAY=0",
            "-s",
            "ARCHIVE_PARSE_ASIDE_BYTES=1000000",
        ]


def run(scrapy: Scrapy, options: list[str], folder: Path, *more: str, exits: int = 0) -> tuple[str, dict[str, Any]]:
    """Crawl the paper; its report as text and as a document."""
    file = folder / "report.json"
    text = scrapy("crawl", "gazette", *options, *more, "--report-json", str(file), exits=exits).stdout
    return text, json.loads(file.read_text())


def levels(report: dict[str, Any]) -> dict[str, str]:
    return {one["name"].rpartition("(")[2].rstrip(")"): one["level"] for one in report["checks"] if one["name"].endswith(")")}


def test_a_paper_that_breaks_is_told(scrapy: Scrapy, paper: Paper, options: list[str], tmp_path: Path) -> None:
    _, first = run(scrapy, options, tmp_path, "-a", "max_stories=22")
    assert levels(first) == dict.fromkeys(("quiet", "feed-stuck", "empty-lists", "fields", "template"), "ok")
    assert first["stats"]["coverage"] == {
        "announced": 26, "held": 20, "gone": 1, "refused": 1, "failed": 0, "unread": 0, "waiting": 2, "never_asked": 2, "missing": 4
    }  # fmt: skip
    _gaps_are_named(scrapy, options)
    for paper.newest in (1025, 1026):
        run(scrapy, options, tmp_path)
    paper.newest, paper.front, paper.byline = 1034, False, "<p>By our desk</p>"
    text, broken = run(scrapy, options, tmp_path, exits=10)
    assert levels(broken) == {"quiet": "ok", "feed-stuck": "ok", "empty-lists": "warn", "fields": "fail", "template": "ok"}
    assert "  NOT fields are filled as before (fields): authors: 0 of 8 articles of template plain, " in text
    assert f"  warn lists show stories (empty-lists): https://{HOST}/ shows none, 24 before" in text
    assert "      Open it in a browser" in text
    assert "INCOMPLETE (exit code 10): fields are filled as before (fields)" in text
    paper.newest, paper.title = 1042, "<h1>Ferry {n} runs</h1>"
    mild = ("-s", "ARCHIVE_CHECKS=template=warn,empty-lists=off,quiet=fail", "-s", "ARCHIVE_QUIET_HOURS=0.000001")
    _, warned = run(scrapy, options, tmp_path, *mild)
    assert levels(warned) == {"quiet": "ok", "feed-stuck": "ok", "fields": "ok", "template": "warn"}
    _, silent = run(scrapy, options, tmp_path, *mild, exits=10)
    assert levels(silent)["quiet"] == "fail"
    assert "quiet" in scrapy("crawl", "gazette", *options, "-s", "ARCHIVE_CHECKS=quit=warn", exits=1).stderr


def _gaps_are_named(scrapy: Scrapy, options: list[str]) -> None:
    found = json.loads(scrapy("stats", "gazette", "--coverage", "--missing", "--json", *options[-6:]).stdout)
    assert (found["total"]["announced"], found["unannounced"], found["pending_lists"]) == (26, 0, 0)
    why = {gap["url"].rpartition("/")[2]: (gap["state"], gap["place"], gap["why"]) for gap in found["missing"]}
    assert why["1003"][0] == "refused"
    assert why["1003"][2].startswith("robots")
    assert why["1004"] == ("gone", "feed", "status: 404")
    assert why["901"][:2] == ("never-asked", "sitemap")
    assert why["901"][2].startswith("only in a sitemap, as older than ARCHIVE_RECENT_DAYS")
    waiting = [name for name, one in why.items() if one[0] == "waiting"]
    assert len(waiting) == 2
    assert "beyond a limit of the run (max_stories=" in why[waiting[0]][2]
    assert len(why) == 6
    text = scrapy("stats", "gazette", "--coverage", "--missing", *options[-6:]).stdout
    assert "26 stories announced: 20 held (76.9 %), 1 gone, 1 refused by policy, 2 queued, 2 never asked for" in " ".join(text.split())
    assert f"  https://{HOST}/story/1004\n" in text
    assert "Numbers of gazette: " in text
    assert max(map(len, text.splitlines()[:9])) <= 80
    scrapy("stats", "gazette", "--missing", exits=2)
    scrapy("stats", "gazette", "--coverage", "--since", "yesterday", exits=2)
