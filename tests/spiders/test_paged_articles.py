"""Articles on several pages in a crawl: asked for, joined to one version, the same after a kill and a rebuild."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from stands import Scrapy

LINE = "Die Brücke von 1911 sollte im November gesperrt werden, sagte die Verwaltung auf Seite {} des Berichts an den Rat der Stadt. "


def story(title: str, page: int, links: str = "") -> str:
    body = "".join(f"<p>{(LINE.format(page) + f'Absatz {n}. ') * 2}</p>" for n in range(3))
    return f"<html lang=de><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article><div class=pager>{links}</div></body></html>"


def pager(base: str, own: int, count: int = 3) -> str:
    links = [(n, base if n == 1 else f"{base}?page={n}") for n in range(1, count + 1)]
    return " ".join(f"<b>{n}</b>" if n == own else f"<a href='{url}'>{n}</a>" for n, url in links)


PAGED = {
    f"/bruecke{'' if n == 1 else f'?page={n}'}": story("Der Rat hält die alte Brücke offen", n, pager("/bruecke", n)) for n in (1, 2, 3)
}
NEXT = "<a rel=next href='/hafen'>Nächster Artikel</a>"
COMMENTS = "<div class=comments><a href='/hafen?page=2'>2</a></div>"
PAGES = {
    "/": "<html><body><h1>Blatt</h1>"
    + "".join(f"<h2><a href='{url}'>Eine Überschrift zu {url} von heute</a></h2><p>Teaser.</p>" for url in ("/bruecke", "/hafen", "/fluss"))
    + "</body></html>",
    **PAGED,
    "/hafen": story("Hafen wird später ausgebaggert als geplant", 7, COMMENTS),
    "/hafen?page=2": story("Kommentare zum Hafen und anderes mehr", 9),
    "/fluss": story("Der Fluss steigt seit gestern Nacht wieder", 8, NEXT),
}


class Handler(BaseHTTPRequestHandler):
    """Serves the pages, and waits before the second of the paged story where it is told to."""

    asked: ClassVar[list[str]] = []
    held: ClassVar[threading.Event] = threading.Event()
    slow: ClassVar[bool] = False

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.slow and self.path == "/bruecke?page=3":
            self.held.set()
            time.sleep(20)
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Handler.asked.clear()
    Handler.held.clear()
    Handler.slow = False
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def arguments(site: str, *more: str) -> list[str]:
    settings = [f"ARCHIVE_ALLOW_ADDRESSES={site}", "DOWNLOAD_DELAY=0", "ARCHIVE_MIN_FREE_BYTES=0"]
    return ["crawl", "web", "-a", f"seeds=http://{site}/", *more, *(word for one in settings for word in ("-s", one))]


def rows(scrapy: Scrapy, sql: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(f"file:{scrapy.archives}/web/index.db?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


FILED = "SELECT story_id, n, headline, body, problems, first_seen, last_seen FROM versions ORDER BY story_id, n"


def told(scrapy: Scrapy) -> dict[str, list[int]]:
    """The pages whose lines each headline's body holds, in order."""
    found = {}
    for _, _, headline, body, *_ in rows(scrapy, FILED):
        numbers = [int(word) for word in body.replace("Seite ", "\x00").split("\x00")[1:] for word in [word.split()[0]]]
        found[headline] = list(dict.fromkeys(numbers))
    return found


WANTED = {
    "Der Rat hält die alte Brücke offen": [1, 2, 3],
    "Hafen wird später ausgebaggert als geplant": [7],
    "Der Fluss steigt seit gestern Nacht wieder": [8],
}


def test_pages_are_joined_and_a_rebuild_gives_the_same(scrapy: Scrapy, site: str) -> None:
    out = scrapy(*arguments(site, "-a", "depth=1")).stdout
    assert "COMPLETE" in out
    assert told(scrapy) | {"Kommentare zum Hafen und anderes mehr": [9]} == WANTED | {"Kommentare zum Hafen und anderes mehr": [9]}
    assert {"/bruecke?page=2", "/bruecke?page=3"} <= set(Handler.asked)
    filed = rows(scrapy, FILED)
    assert [row[4] for row in filed if "Brücke" in row[2]] == ["[]"]
    stories = rows(scrapy, "SELECT id, versions FROM stories WHERE id LIKE '%bruecke%'")
    assert [versions for _, versions in stories] == [1]
    assert scrapy("verify", "web", "--deep").returncode == 0
    scrapy("reindex", "web")
    assert rows(scrapy, FILED) == filed
    scrapy("reindex", "web", "--story", stories[0][0])
    assert rows(scrapy, FILED) == filed
    compared = json.loads(scrapy("reindex", "web", "--compare", "--json").stdout)
    assert "changed" not in json.dumps(compared) or '"changed": 0' in json.dumps(compared)
    found = scrapy("search", "Seite 3", "-c", "web", "--json").stdout
    assert "bruecke" in found


def test_a_kill_between_the_pages_costs_nothing(scrapy: Scrapy, site: str) -> None:
    Handler.slow = True
    with scrapy.start(*arguments(site, "-a", "depth=1"), unchecked="killed") as crawl:
        assert Handler.held.wait(60)
        crawl.kill()
        crawl.wait()
    Handler.slow = False
    scrapy(*arguments(site, "-a", "depth=1"))
    assert told(scrapy)["Der Rat hält die alte Brücke offen"] == [1, 2, 3]
    assert rows(scrapy, "SELECT versions FROM stories WHERE id LIKE '%bruecke%'") == [(1,)]
    assert scrapy("verify", "web", "--deep").returncode == 0


def test_fewer_pages_where_fewer_are_wanted(scrapy: Scrapy, site: str) -> None:
    scrapy(*arguments(site, "-a", "depth=1", "-s", "ARCHIVE_MAX_ARTICLE_PAGES=2"))
    assert told(scrapy)["Der Rat hält die alte Brücke offen"] == [1, 2]
    assert [json.loads(row[4]) for row in rows(scrapy, FILED) if "Brücke" in row[2]] == [["pages-missing"]]
