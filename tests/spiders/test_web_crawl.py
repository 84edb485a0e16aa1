"""`scrapy crawl web` against a small site of our own: scope, limits, robots.txt, redirects, and what is refused."""

import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from stands import Scrapy

TEXT = "The harbour wall was mended on Monday, after a storm had taken eleven metres of it in the winter. " * 4
PAGES = {
    "/robots.txt": "User-agent: *\nDisallow: /private\nCrawl-delay: 900\n",
    "/": f'<h1>The wall is mended</h1><p>{TEXT}</p><a href="/a">a</a> <a href="/private/x">x</a> <a href="/hop">hop</a> <a href="/loop">loop</a>'
    '<a href="/inside">inside</a> <a href="/gone">gone</a> <a href="javascript:alert(1)">no</a> <a href="http://elsewhere.example/">out</a>'
    '<figure><img src="/p.png"><figcaption>The wall at noon. (Photo by Ada Quill)</figcaption></figure><link rel=stylesheet href="/s.css"><a href="file:///etc/passwd">file</a>',
    "/a": f'<h1>Second page</h1><p>{TEXT}</p><a href="/b">b</a>',
    "/b": f'<h1>Third page</h1><p>{TEXT}</p><a href="/c">c</a>',
    "/c": f"<h1>Fourth page</h1><p>{TEXT}</p>",
    "/target": f"<h1>Behind the hop</h1><p>{TEXT}</p>",
    "/p.png": "\x89PNG",
    "/s.css": "p { color: navy }",
}
REDIRECTS = {"/hop": "/target", "/loop": "/loop", "/inside": "http://127.0.0.2:9/"}


class Handler(BaseHTTPRequestHandler):
    """Serves the pages above and remembers what was asked for."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = PAGES.get(self.path, "").encode("latin-1")
        self.send_response(302 if self.path in REDIRECTS else 200 if self.path in PAGES else 404)
        if self.path in REDIRECTS:
            self.send_header("Location", REDIRECTS[self.path])
        kind = {"/robots.txt": "text/plain", "/p.png": "image/png", "/s.css": "text/css"}.get(self.path, "text/html")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Handler.asked.clear()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def crawl(scrapy: Scrapy, site: str, *arguments: str) -> str:
    settings = [
        "-s",
        f"ARCHIVE_ALLOW_ADDRESSES={site}",
        "-s",
        "DOWNLOAD_DELAY=0",
        "-s",
        "ARCHIVE_MAX_CRAWL_DELAY=0.05",
        "-s",
        "ARCHIVE_MIN_FREE_BYTES=0",
    ]
    return scrapy("crawl", "web", "-a", f"seeds=http://{site}/", *arguments, *settings, exits=None).stdout


def rows(scrapy: Scrapy, sql: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(f"file:{scrapy.archives}/web/index.db?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def test_a_host_is_crawled_within_its_rules(scrapy: Scrapy, site: str) -> None:
    out = crawl(scrapy, site)
    assert "crawl-delay clamped" in out
    assert "asked 900 s" in out
    assert not [path for path in Handler.asked if path.startswith("/private")]
    assert {"/", "/a", "/b", "/c", "/target", "/gone", "/p.png", "/s.css"} <= set(Handler.asked)
    assert len(Handler.asked) == len(set(Handler.asked)) == len(rows(scrapy, "SELECT 1 FROM captures"))
    ended = {url.partition(site)[2]: (state, reason) for url, state, reason in rows(scrapy, "SELECT url, state, reason FROM frontier")}
    assert ended["/private/x"] == ("refused", "robots")
    assert ended["/inside"] == ("refused", "guard")
    assert ended["/loop"][0] == "failed"
    assert ended["/loop"][1] == "redirect"
    assert ended["/gone"] == ("done", "status")
    assert ended["/hop"] == ("done", None)
    assert {state for state, _ in ended.values()} <= {"done", "failed", "refused"}
    headlines = {headline for (headline,) in rows(scrapy, "SELECT headline FROM versions")}
    assert headlines == {"The wall is mended", "Second page", "Third page", "Fourth page", "Behind the hop"}
    scrapy("verify", "web")


def test_depth_pages_scope_and_requisites_are_limits(scrapy: Scrapy, site: str) -> None:
    crawl(scrapy, site, "-a", "depth=1", "-a", "requisites=all")
    assert "/a" in Handler.asked
    assert "/b" not in Handler.asked
    assert "/s.css" in Handler.asked


@pytest.mark.parametrize(("arguments", "pages"), [(("-a", "scope=page"), 1), (("-a", "max_pages=2"), 2)])
def test_fewer_pages_when_asked_for_fewer(scrapy: Scrapy, site: str, arguments: tuple[str, ...], pages: int) -> None:
    out = crawl(scrapy, site, *arguments, "-a", "requisites=none")
    assert "COMPLETE" in out
    assert len([path for path in Handler.asked if path != "/robots.txt"]) == pages
