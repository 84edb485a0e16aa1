"""What pages need to be shown: asked for by default, each file once, and later for pages that were captured without."""

import hashlib
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from stands import Scrapy

from crawler.demo.newspaper import SITES, start

TEXT = "The harbour wall was mended on Monday, after a storm had taken eleven metres of it in the winter. " * 4
LOOK = (
    "<link rel=stylesheet href=//cdn.example/main.css><link rel='shortcut icon' href=/icon.png><script type=module src=/app.mjs></script>"
    "<style>@import '/inline.css'; p { background: url(/inline.png) }</style><img src=http://count.example/seen.gif width=1 height=1>"
    "<script async src=http://ads.example/ads.js></script>"
)


def page(words: str, *links: str) -> str:
    return f"<html><head>{LOOK}</head><body><h1>{words}</h1><p>{TEXT}{words}</p>" + "".join(f"<a href={link}>{link}</a> " for link in links)


FILES = {
    "www.example/": page("The wall is mended", "/a", "/b", "/c"),
    "www.example/a": page("The first page") + "<figure><img src=/a.jpg srcset='/a2.jpg 2x'><figcaption>The wall. (Ada Quill)</figcaption></figure>",
    "www.example/b": page("The second page"),
    "www.example/c": page("The third page"),
    "www.example/a.jpg": "\xff\xd8\xff\xe0 a",
    "www.example/a2.jpg": "\xff\xd8\xff\xe0 a2",
    "www.example/icon.png": "\x89PNG\r\n\x1a\n icon",
    "www.example/inline.png": "\x89PNG\r\n\x1a\n inline",
    "www.example/inline.css": "b { color: navy }",
    "www.example/app.mjs": "import { more } from './more.mjs'; more()",
    "www.example/more.mjs": "export function more() {}",
    "cdn.example/main.css": "@import url(deep1.css); @font-face { src: url('/fonts/f.woff2') } h1 { background: url(wall.png) }",
    **{f"cdn.example/deep{n}.css": f"@import 'deep{n + 1}.css'; p {{ }}" for n in range(1, 9)},
    "cdn.example/wall.png": "\x89PNG\r\n\x1a\n wall",
    "cdn.example/fonts/f.woff2": "wOF2 font",
}
NEEDED = {
    "www.example/icon.png", "www.example/inline.png", "www.example/inline.css", "www.example/app.mjs", "www.example/more.mjs", "www.example/a.jpg",
    "www.example/a2.jpg", "cdn.example/main.css", "cdn.example/wall.png", "cdn.example/fonts/f.woff2",
    *(f"cdn.example/deep{n}.css" for n in range(1, 5)),
}  # fmt: skip
"""Of the style sheets that import one another only the first five steps from the page."""
MIMES = {"css": "text/css; charset=utf-8", "mjs": "text/javascript", "png": "image/png", "jpg": "image/jpeg", "woff2": "font/woff2"}


class Handler(BaseHTTPRequestHandler):
    """Serves the files above on all hosts, with validators."""

    asked: ClassVar[Counter[str]] = Counter()
    answers: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        url = f"{self.headers['Host'].partition(':')[0]}{self.path}"
        if not url.endswith("/robots.txt"):
            self.asked[url] += 1
        body = FILES.get(url, "").encode("latin-1")
        etag = f'"{hashlib.sha1(body).hexdigest()}"'
        status = 404 if url not in FILES else 304 if self.headers.get("If-None-Match") == etag else 200
        self.answers[f"{status} {url}"] += 1
        self.send_response(status)
        self.send_header("Content-Type", MIMES.get(self.path.rpartition(".")[2], "text/html; charset=utf-8"))
        self.send_header("ETag", etag)
        body = body if status == 200 else b""
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    forget()
    yield server.server_address[1]
    server.shutdown()


def forget() -> None:
    Handler.asked.clear()
    Handler.answers.clear()


def crawl(scrapy: Scrapy, port: int, *arguments: str) -> str:
    settings = {"ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{port}", "DOWNLOAD_DELAY": 0, "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0}
    words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    return scrapy("crawl", "web", "-a", "seeds=http://www.example/", *words, *arguments).stdout


def rows(scrapy: Scrapy, sql: str, name: str = "web") -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{scrapy.archives}/{name}/index.db?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def requisites(asked: Counter[str]) -> set[str]:
    return {url for url in asked if url.rpartition(".")[2] in MIMES or "." not in url.partition("/")[0]}


def test_the_look_is_captured_by_default_and_each_file_once(scrapy: Scrapy, port: int) -> None:
    report = crawl(scrapy, port)
    assert requisites(Handler.asked) == NEEDED
    assert max(Handler.asked.values()) == 1
    assert "one by the other" in report
    assert "script of another domain" in report
    assert "picture of one pixel" in report
    kinds = {"fonts": 1, "pictures": 5, "scripts": 2, "style sheets": 6}
    told = json.loads(scrapy("stats", "web", "--json").stdout)["requisites"]
    assert told == {kind: {"held": held, "missing": 0} for kind, held in kinds.items()}
    assert "1 font, 5 pictures, 2 scripts, 6 style sheets held" in report
    assert "1 font, 5 pictures, 2 scripts, 6 style sheets; 0 missing" in scrapy("stats", "web").stdout
    shared = rows(scrapy, "SELECT DISTINCT story_id FROM captures WHERE role = 'requisite' AND url LIKE '%.css'")
    assert shared == [(None,)], "what all pages share belongs to no story"
    assert rows(scrapy, "SELECT DISTINCT requisites FROM frontier WHERE role = 'page'") == [("all",)]
    assert rows(scrapy, "SELECT count(*) FROM frontier WHERE role = 'requisite' AND due > ''") == [(1 + 4 + 2 + 1,)], "sheets and scripts"
    # A style sheet that is due is asked for by its validator; each time unchanged after twice as long.
    forget()
    crawl(scrapy, port, "-s", "ARCHIVE_REQUISITE_HOURS=1", "-a", "recheck=no")
    assert not requisites(Handler.asked)
    with sqlite3.connect(scrapy.archives / "web" / "index.db") as db:
        db.execute("UPDATE frontier SET due = '2020-01-01T00:00:00.000000Z', every = 604800 WHERE url LIKE '%main.css'")
    crawl(scrapy, port)
    assert Handler.answers["304 cdn.example/main.css"] == 1
    assert requisites(Handler.asked) == {"cdn.example/main.css"}
    assert rows(scrapy, "SELECT every FROM frontier WHERE url LIKE '%main.css'") == [(2 * 604800,)]


def test_only_pictures_or_nothing_if_asked_so(scrapy: Scrapy, port: int) -> None:
    crawl(scrapy, port, "-a", "requisites=none")
    assert not requisites(Handler.asked)
    forget()
    crawl(scrapy, port, "-a", "requisites=images", "-a", "recheck=no")
    assert requisites(Handler.asked) == {"www.example/a2.jpg"}, "pictures of articles, of pages that are not asked for again"
    assert set(Handler.asked) - requisites(Handler.asked) == {"www.example/"}


@pytest.mark.parametrize("again", ["no", "yes"])
def test_requisites_of_unchanged_pages_are_asked_for_later(scrapy: Scrapy, port: int, again: str) -> None:
    crawl(scrapy, port, "-a", "requisites=none")
    forget()
    crawl(scrapy, port, "-a", "requisites=all", "-a", f"recheck={again}")
    assert requisites(Handler.asked) == NEEDED
    assert not [answer for answer in Handler.answers if answer.startswith("200") and answer.rpartition(".")[2] not in MIMES], "no page is sent again"
    assert len(set(Handler.asked) - NEEDED) == (1 if again == "no" else 4)
    forget()
    crawl(scrapy, port, "-a", "requisites=all", "-a", "recheck=no")
    assert not requisites(Handler.asked), "what is known is not looked for again"


def test_of_a_newspaper_as_if_they_had_been_asked_for_at_once(scrapy: Scrapy) -> None:
    def crawl(*arguments: str) -> set[tuple[Any, ...]]:
        settings = {"ARCHIVE_SITES": SITES, "ARCHIVE_CONNECT_TO": paper.connect_to, "DOWNLOAD_DELAY": 0, "ARCHIVE_RETRY_DELAY": 0.1,
                    "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_COMPARE_SHARE": 0}  # fmt: skip
        words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        mirrors = "mirrors=courier.mirror.example,fr.courier.example"
        scrapy("crawl", "courier", "-a", "backfill=sitemap,sections", "-a", mirrors, *words, *arguments)
        return set(rows(scrapy, "SELECT key, url, state FROM frontier WHERE role = 'requisite'", name))

    with start() as paper:
        name = "courier"
        assert not crawl("-a", "requisites=none")
        stories = "SELECT count(*) FROM captures WHERE role = 'story'"
        before = rows(scrapy, stories, name)
        later = crawl("-a", "requisites=all", "-a", "recheck=no")
        assert rows(scrapy, stories, name) == before, "no story is asked for"
        name = "fresh"
        assert later == crawl("-s", "ARCHIVE_COLLECTION=fresh")
        assert len([key for key, _, _ in later if "/look/" in key]) == 7
        assert not [key for key, _, _ in later if "counter" in key]
