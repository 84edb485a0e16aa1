"""Whole crawls without a site file: what is taken in, what is left out and said, and what a second run asks for."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from stands import Scrapy

Answer = tuple[int, dict[str, str], str]
TEXT = "The harbour wall was mended on Monday, after a storm had taken eleven metres of it in the winter. " * 4
NS = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def story(title: str, more: str = "", head: str = "") -> Answer:
    return (
        200,
        HTML,
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1><p>{TEXT}</p></article>{more}</body></html>",
    )


def front(*links: str, head: str = "") -> Answer:
    items = "".join(f"<li><a href='{link}'>Story {n}</a></li>" for n, link in enumerate(links))
    return 200, HTML, f"<html><head><title>The Paper</title>{head}</head><body><ul>{items}</ul></body></html>"


def text(body: str, kind: str = "text/plain") -> Answer:
    return 200, {"Content-Type": kind}, body


def moved(url: str) -> Answer:
    return 301, {"Location": url}, ""


class World:
    """Every host, on loopback; what is asked for and not known is not there."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer | Callable[[str], Answer]] = {}
        self.asked: list[str] = []
        self.validators: dict[str, str] = {}
        self.cut = ""
        """Places that begin so announce a byte more than they send."""
        self.port = 0

    def answer(self, place: str) -> Answer:
        known = self.pages.get(place) or self.pages.get(place.partition("?")[0])
        return known(place) if callable(known) else known or (404, HTML, "not there")


@pytest.fixture
def world() -> Iterator[World]:
    made = World()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place = f"{self.headers['Host']}{self.path}"
            if self.path != "/robots.txt":
                made.asked.append(place)
            status, headers, body = made.answer(place)
            tag = made.validators.get(place)
            if tag and self.headers.get("If-None-Match") == tag:
                status, headers, body = 304, {}, ""
            self.send_response(status)
            for name, value in (
                ({"ETag": tag} if tag else {} | headers).items() if status == 304 else {**headers, **({"ETag": tag} if tag else {})}.items()
            ):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.encode()) + bool(made.cut and place.startswith(made.cut))))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.port = server.server_address[1]
    yield made
    server.shutdown()
    server.server_close()


def crawl(scrapy: Scrapy, world: World, seeds: str, *arguments: str, unchecked: str = "") -> str:
    settings = {
        "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{world.port}", "DOWNLOAD_DELAY": 0, "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0,
        "ARCHIVE_RETRY_DELAY": 0.05,
    }  # fmt: skip
    words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    world.asked.clear()
    return scrapy("crawl", "web", "-a", f"seeds={seeds}", *arguments, *words, exits=None, unchecked=unchecked).stdout


def rows(scrapy: Scrapy, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{scrapy.archives}/web/index.db?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def test_what_is_read_later_leads_to_the_same_addresses(scrapy: Scrapy, world: World) -> None:
    pages = [f"/news/{n}" for n in range(12)]
    picture = "<figure><img src='/pictures/{}.jpg' width=600 height=400><figcaption>The wall</figcaption></figure>"
    shown = {
        path: story(f"Story {n}", f"<nav><a href='/'>Front</a><a href='/news/{n + 1}'>Next</a></nav>", head="<link rel=canonical href='/c/x'>")
        for n, path in enumerate(pages)
    }
    illustrated = story("Illustrated", picture.format(1) + "<img src='/logo.gif' width=1 height=1>")
    in_session = {f"/day?sid={n}": story(f"Day {n}", f"<a href='/day?sid={n + 1}'>Next day</a>") for n in range(8)}
    world.pages = {
        "paper.example/": front("/news/0", "/list", "/words.txt", "/illustrated", "/empty", "/day?sid=0", "/frames", "/feed", "http://other.example/"),
        "paper.example/list": front(*pages, "/news/404"), "paper.example/words.txt": text("<a href='/from-plain-text'>no link</a> " * 9),
        "paper.example/empty": (200, HTML, "<html><body><a href=/behind-nothing></a></body></html>"), "paper.example/illustrated": illustrated,
        "paper.example/behind-nothing": story("Behind"), "paper.example/frames": (200, HTML, "<html><frameset><frame src=/framed></frameset></html>"),
        "paper.example/framed": story("Framed"), "paper.example/c/x": story("Canonical"), "paper.example/pictures/1.jpg": (200, {"Content-Type": "image/gif"}, "GIF89a"),
        "paper.example/feed": text(f"<urlset {NS}><url><loc>http://paper.example/fed</loc></url></urlset>", "text/xml"), "paper.example/fed": story("Fed"),
        **{f"paper.example{path}": answer for path, answer in (shown | in_session).items()},
    }  # fmt: skip
    asked: dict[str, set[str]] = {}
    for read in ("yes", "later"):
        crawl(scrapy, world, "http://paper.example/", "-a", f"read={read}", "-a", "requisites=images")
        asked[read] = set(world.asked)
        if read == "yes":
            (scrapy.archives / "web").rename(scrapy.archives / "read")
    late = {"paper.example/pictures/1.jpg"}
    assert asked["yes"] - asked["later"] == late
    assert asked["later"] < asked["yes"]
    assert {"paper.example/day?sid=7", "paper.example/news/11", "paper.example/framed", "paper.example/fed"} < asked["later"]
    scrapy("reindex", "web", "--unread")
    crawl(scrapy, world, "http://paper.example/", "-a", "recheck=no")
    assert set(world.asked) - {"paper.example/"} == late
    assert rows(scrapy, "SELECT count(*) FROM captures WHERE read_state = 'unread'") == [(0,)]


def test_a_site_is_taken_in_where_its_seed_leads(scrapy: Scrapy, world: World) -> None:
    www = "www.paper.example"
    world.pages = {
        "paper.example/": moved(f"http://{www}/"),
        f"{www}/": (200, HTML, "<html><frameset><frame src=menu.html><frame src=/pcL4f></frameset></html>"),
        f"{www}/menu.html": front("/pcL4f", "/pCL4f", "/a%2Fb", "/a/b", "/a//b", "http://other.example/x", "http://other.example/x#y", "http://other.example/y", "mailto:x@y.example"),
        f"{www}/robots.txt": text("User-agent: *\nDisallow: /never\nSitemap: /maps/\nSitemap: http://files.example/list\n"),
        f"{www}/maps/": text(f"<sitemapindex {NS}><sitemap><loc>http://{www}/maps/2026/11</loc></sitemap></sitemapindex>", "text/html"),
        f"{www}/maps/2026/11": text(
            f"<urlset {NS} xmlns:x='http://www.w3.org/1999/xhtml'><url><loc>http://{www}/mapped</loc>"
            f"<x:link rel='alternate' hreflang='fr' href='http://{www}/fr'/></url></urlset>", "text/xml"
        ),
        "files.example/list": text(f"\ufeffhttp://{www}/listed\nhttp://other.example/z\nhttp://other.example/x\n"),
        **{f"{www}{path}": story(f"Story {path}") for path in ("/pcL4f", "/pCL4f", "/a%2Fb", "/a/b", "/a//b", "/mapped", "/fr", "/listed")},
    }  # fmt: skip
    out = crawl(scrapy, world, "http://paper.example/")
    paths = ["/", "/menu.html", "/maps/", "/maps/2026/11", "/pcL4f", "/pCL4f", "/a%2Fb", "/a/b", "/a//b", "/mapped", "/fr", "/listed"]
    assert sorted(world.asked) == sorted(["paper.example/", "files.example/list", *(www + path for path in paths)])
    assert "3 x link out of scope, first http://other.example/" in out
    assert "COMPLETE (exit code 0)" in out
    stories = rows(scrapy, "SELECT id, versions FROM stories WHERE versions > 0")
    assert sorted(stories) == sorted((f"web/http://{www}{path}", 1) for path in paths[4:])
    scrapy("reindex", "web")
    assert sorted(rows(scrapy, "SELECT id, versions FROM stories WHERE versions > 0")) == sorted(stories)


def test_a_list_named_as_the_seed_brings_what_it_names_and_no_more(scrapy: Scrapy, world: World) -> None:
    world.pages = {
        "feeds.test/": text(
            '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "http://paper.example/1"}], "next_url": "/2"}'
        ),
        "feeds.test/2": text("<rss><channel><item><link>http://paper.example/2</link></item></channel></rss>"),
        "paper.example/1": story("One", "<a href=/3>three</a>"),
        "paper.example/2": (200, HTML, "<meta http-equiv=refresh content='0; /moved/2'>"),
        "paper.example/moved/2": story("Two"),
    }
    out = crawl(scrapy, world, "http://feeds.test/")
    assert sorted(world.asked) == ["feeds.test/", "feeds.test/2", "paper.example/1", "paper.example/2", "paper.example/moved/2"]
    assert "1 x link out of scope, first http://paper.example/3" in out
    assert sorted(h for (h,) in rows(scrapy, "SELECT headline FROM versions")) == ["One", "Two"]
    assert rows(scrapy, "SELECT count(*) FROM frontier WHERE url LIKE '%moved%'") == [(0,)], "a refresh is a redirect: no errand of its own"


def test_a_faulty_list_is_read_to_its_end_and_one_that_breaks_off_makes_the_run_incomplete(scrapy: Scrapy, world: World) -> None:
    items = [f"<item><title>{title}</title><link>http://paper.example/{n}</link></item>" for n, title in enumerate(("a", "I <3 you <b>", "c</i>", "d"))]
    feed = f"<?xml version='1.0'?><rss><channel><title>x</title>{''.join(items)}</channel></rss>"
    world.pages = {"paper.example/feed.xml": text(feed, "text/xml"), **{f"paper.example/{n}": story(f"Story {n}") for n in range(4)}}
    out = crawl(scrapy, world, "http://paper.example/feed.xml")
    assert "COMPLETE (exit code 0)" in out
    assert "1 x feed or sitemap with faults in its text, read on behind them, first http://paper.example/feed.xml" in out
    assert rows(scrapy, "SELECT count(*) FROM stories WHERE versions > 0") == [(4,)]
    scrapy("reindex", "web")
    assert rows(scrapy, "SELECT count(*) FROM stories WHERE versions > 0") == [(4,)]
    world.pages["paper.example/feed.xml"] = text(feed[: feed.index("paper.example/3")], "text/xml")
    world.validators["paper.example/feed.xml"] = '"cut"'
    for _ in range(2):
        out = crawl(scrapy, world, "http://paper.example/feed.xml", "-s", "ARCHIVE_COLLECTION=cut")
        assert "INCOMPLETE (exit code 10)" in out
        assert "1 x feed or sitemap not read to its end (http://paper.example/feed.xml)" in out
    assert world.asked[0] == "paper.example/feed.xml"


def test_limits_say_what_they_left_out(scrapy: Scrapy, world: World) -> None:
    world.pages = {
        "paper.example/": front("/1", "/2", "/3", "/4"),
        **{f"paper.example/{n}": story(f"Story {n}", f"<a href=/deep/{n}>more</a>") for n in range(1, 5)},
    }
    out = crawl(scrapy, world, "http://paper.example/", "-a", "depth=1", "-a", "max_pages=3")
    assert len(world.asked) == 3
    assert "2 x page beyond max_pages=, first http://paper.example/" in out
    assert "2 x link beyond depth=, first http://paper.example/deep/" in out
    out = crawl(scrapy, world, "http://paper.example/", "-a", "scope=page", "-s", "ARCHIVE_COLLECTION=one")
    assert world.asked == ["paper.example/"]
    assert "4 x link out of scope" in out


def test_session_ids_end_and_ids_stay(scrapy: Scrapy, world: World) -> None:
    count = iter(range(10_000))

    def page(place: str) -> Answer:
        number = place.partition("p=")[2].partition("&")[0]
        links = "".join(f"<a href='/x?p={n}&PHPSESSID=s{next(count):030d}'>x</a>" for n in range(4))
        return story(f"Page {number}", links)

    world.pages = {"trap.example/x": page, "paper.example/": front(*(f"/story?sid=some-long-story-id-{n}" for n in range(9)))}
    world.pages |= {f"paper.example/story?sid=some-long-story-id-{n}": story(f"Story {n}") for n in range(9)}
    out = crawl(scrapy, world, "http://trap.example/x?p=0,http://paper.example/")
    assert len([place for place in world.asked if place.startswith("paper")]) == 10
    assert 4 < len([place for place in world.asked if place.startswith("trap")]) < 60
    assert "link merged under another address that differs only in a session argument, first http://trap.example/x?p=" in out


def test_a_second_crawl_asks_again_for_what_is_due_or_may_have_changed(scrapy: Scrapy, world: World) -> None:
    world.pages = {
        "paper.example/": front("/section"), "paper.example/section": front("/1", "/2"),
        "paper.example/1": story("One"), "paper.example/2": story("Two"),
    }  # fmt: skip
    world.validators = {"paper.example/": '"front"'}
    crawl(scrapy, world, "http://paper.example/")
    assert len(world.asked) == 4
    out = crawl(scrapy, world, "http://paper.example/")
    assert world.asked == ["paper.example/"], "nothing has changed, and nothing is due"
    assert re.search(r"known, not due +3 pages", out)
    assert "COMPLETE (exit code 0)" in out
    world.pages["paper.example/1"] = story("One, mended")
    crawl(scrapy, world, "http://paper.example/", "-a", "recheck=yes")
    assert sorted(world.asked) == ["paper.example/", "paper.example/1", "paper.example/2", "paper.example/section"]
    world.validators.clear()
    world.pages |= {
        "paper.example/": front("/section", "/new"),
        "paper.example/new": story("New"),
        "paper.example/section": front("/1", "/2", "/new"),
    }
    crawl(scrapy, world, "http://paper.example/", "-a", "recheck=no")
    assert sorted(world.asked) == ["paper.example/", "paper.example/new"]
    world.pages["paper.example/"] = front("/section", "/new", "/")
    crawl(scrapy, world, "http://paper.example/")
    assert sorted(world.asked) == [f"paper.example/{path}" for path in ("", "1", "2", "new", "section")], (
        "what changed lists name is asked again"
    )
    with sqlite3.connect(f"{scrapy.archives}/web/index.db") as db:
        db.execute("UPDATE frontier SET due = '2026-01-01T00:00:00.000000Z' WHERE url = 'http://paper.example/2'")
        db.execute("UPDATE frontier SET due = '2026-01-01T00:00:00.000000Z' WHERE url = 'http://paper.example/new'")
    del world.pages["paper.example/new"]
    out = crawl(scrapy, world, "http://paper.example/")
    assert sorted(world.asked) == ["paper.example/", "paper.example/2", "paper.example/new"]
    assert "0 gone, 1 missing" in out, "a page that is missing once is not gone yet"
    state = "SELECT state FROM stories WHERE id = 'web/http://paper.example/new'"
    assert rows(scrapy, state) == [("live",)]
    assert "1 gone" in crawl(scrapy, world, "http://paper.example/", "-a", "recheck=yes")
    assert rows(scrapy, state) == [("gone",)]


def test_a_collection_of_an_earlier_version_keeps_its_identities(scrapy: Scrapy, world: World) -> None:
    world.pages = {"paper.example/": front("/a//b"), "paper.example/a//b": story("One"), "paper.example/a/b": story("Other")}
    crawl(scrapy, world, "http://paper.example/")
    with sqlite3.connect(f"{scrapy.archives}/web/index.db") as db:
        db.execute("UPDATE frontier SET key = 'http://paper.example/a/b', story_id = 'web/example,paper)/a/b' WHERE url LIKE '%b'")
        db.execute("UPDATE captures SET key = 'http://paper.example/a/b', story_id = 'web/example,paper)/a/b' WHERE url LIKE '%b'")
        db.execute("UPDATE versions SET story_id = 'web/example,paper)/a/b'")
        db.execute("UPDATE stories SET id = 'web/example,paper)/a/b'")
    world.pages |= {"paper.example/": front("/a//b", "/a/b"), "paper.example/a//b": story("One, mended")}
    out = crawl(scrapy, world, "http://paper.example/", unchecked="its WARC names the keys of this version")
    assert "COMPLETE (exit code 0)" in out
    assert sorted(world.asked) == ["paper.example/", "paper.example/a//b", "paper.example/a/b"]
    found = dict(rows(scrapy, "SELECT story_id, group_concat(headline) FROM versions GROUP BY 1"))
    assert found == {"web/example,paper)/a/b": "One,One, mended", "web/http://paper.example/a/b": "Other"}


def test_what_a_server_always_cuts_off_is_asked_for_again_like_any_other(scrapy: Scrapy, world: World) -> None:
    figure = "<figure><img src='/quay.jpg' width='900' height='600'><figcaption>The quay</figcaption></figure>"
    world.cut = "paper.example/"
    world.pages = {
        "paper.example/": front("/1", "/2"), "paper.example/1": story("One", figure), "paper.example/2": story("Two"),
        "paper.example/quay.jpg": (200, {"Content-Type": "image/jpeg"}, "\xff\xd8\xff" + "quay" * 99),
    }  # fmt: skip
    everything = ["", "1", "2", "quay.jpg"]
    crawl(scrapy, world, "http://paper.example/")
    assert sorted(world.asked) == sorted(f"paper.example/{path}" for path in everything * 2)
    picture = "SELECT state, round(julianday(due) - julianday(changed)) FROM frontier WHERE role = 'requisite'"
    assert rows(scrapy, picture) == [("done", 7.0)], "half a picture may be whole next week"
    crawl(scrapy, world, "http://paper.example/")
    assert world.asked == ["paper.example/"] * 2, "nothing has changed, and nothing is due"
    world.pages["paper.example/"] = front("/1", "/2", "/new")
    world.pages["paper.example/new"] = story("New")
    with sqlite3.connect(scrapy.archives / "web" / "index.db") as db:
        db.execute("UPDATE frontier SET due = '2026-01-01T00:00:00.000000Z' WHERE role = 'requisite'")
    db.close()
    out = crawl(scrapy, world, "http://paper.example/")
    assert sorted(world.asked) == sorted(f"paper.example/{path}" for path in [*everything, "new"] * 2), "what a changed list names"
    assert rows(scrapy, picture) == [("done", None)], "the same bytes on another day: nothing more is to be had"
    assert "COMPLETE (exit code 0)" in out


def test_a_304_that_nobody_asked_for_is_no_answer(scrapy: Scrapy, world: World) -> None:
    world.pages = {f"paper.example/{name}": (304, {}, "") for name in ("page", "feed.xml", "robots.txt")} | {"other.example/1": story("One")}
    world.pages["cold.example/page"] = (304, {}, "")
    out = crawl(scrapy, world, "http://other.example/1,http://cold.example/page,http://paper.example/feed.xml")
    assert "INCOMPLETE (exit code 10)" in out
    asked = [place for place in world.asked if place != "other.example/1"]
    assert asked == ["cold.example/page"] * 3, "a host whose robots.txt is not known is asked for nothing"
    told = dict(rows(scrapy, "SELECT url, state || ' ' || reason || ' ' || detail FROM frontier WHERE state = 'failed'"))
    assert told == {
        "http://cold.example/page": "failed status 304, and no validator was sent",
        "http://paper.example/feed.xml": "failed status robots.txt: 304, and no validator was sent",
    }
    before = rows(scrapy, "SELECT url, reason, detail, attempt FROM failures ORDER BY url, date")
    scrapy("reindex", "web", exits=None)
    assert rows(scrapy, "SELECT url, reason, detail, attempt FROM failures ORDER BY url, date") == before


def test_an_address_that_moved_is_asked_by_the_validators_of_the_one_that_answered(scrapy: Scrapy, world: World) -> None:
    """Each hop as it happens, and no body a second time; never the validators of another address."""
    world.pages = {
        "paper.example/old": moved("http://paper.example/new"), "paper.example/new": story("Moved"),
        "paper.example/elsewhere": moved("http://other.example/there"), "other.example/there": story("Elsewhere"),
    }  # fmt: skip
    world.validators = {"paper.example/new": '"1"', "other.example/there": '"2"'}
    seeds = "http://paper.example/old,http://paper.example/elsewhere"
    crawl(scrapy, world, seeds)
    crawl(scrapy, world, seeds, "-a", "recheck=yes")
    assert sorted(world.asked) == sorted(world.pages)
    answers = "SELECT url, status FROM captures WHERE run_id = 2 AND role = 'page' ORDER BY url"
    assert rows(scrapy, answers) == [
        ("http://other.example/there", 304), ("http://paper.example/elsewhere", 301), ("http://paper.example/new", 304),
        ("http://paper.example/old", 301),
    ]  # fmt: skip
    world.pages |= {"paper.example/old": moved("http://paper.example/third"), "paper.example/third": story("Moved")}
    world.validators["paper.example/third"] = '"1"'
    crawl(scrapy, world, seeds, "-a", "recheck=yes")
    assert rows(scrapy, "SELECT status FROM captures WHERE url = 'http://paper.example/third'") == [(200,)], "the same words may mean another page"
