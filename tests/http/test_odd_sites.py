"""Sites that send visitors round: redirect limits, cookie walls, choices, parts in place of pages, robots.txt in UTF-16."""

from __future__ import annotations

import asyncio
import gzip
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import pytest

Answer = Callable[[str, dict[str, str]], bytes]
TEXT = "The harbour wall was mended on Monday, after a storm had taken eleven metres of it in the winter. " * 4
SETTINGS = {
    "ARCHIVE_MIN_FREE_BYTES": 0, "ARCHIVE_RESERVE_BYTES": 0, "ARCHIVE_RETRY_DELAY": 0.05, "DOWNLOAD_DELAY": 0, "LOG_LEVEL": "WARNING",
    "ROBOTSTXT_OBEY": False,
}  # fmt: skip


def reply(status: str = "200 OK", *headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]).encode() + b"\r\n\r\n" + body


def page(title: str, *headers: str, status: str = "200 OK", more: str = "") -> bytes:
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{TEXT}</p>{more}</body></html>".encode()
    return reply(status, "Content-Type: text/html", *headers, body=body)


class Site:
    """A server on loopback that answers as a function says."""

    def __init__(self) -> None:
        self.answer: Answer = lambda path, headers: page(path)
        self.asked: list[str] = []
        self.times: list[float] = []
        self.cookies: list[str] = []
        self.port = 0
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
                path = lines[0].split(" ")[1]
                self.asked.append(path)
                self.times.append(time.monotonic())
                self.cookies.append(headers.get("cookie", ""))
                writer.write(self.answer(path, headers))
        writer.close()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made = Site()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()


async def crawl(scrapy: Any, site: Site, *paths: str, **settings: Any) -> tuple[int, str]:
    values = SETTINGS | {"ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{site.port}"} | settings
    words = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
    seeds = ",".join(f"http://paper.example{path}" for path in paths)
    done = await asyncio.to_thread(scrapy, "crawl", "web", "-a", f"seeds={seeds}", "-a", "scope=page", *words, exits=None)
    return done.returncode, done.stdout


def rows(scrapy: Any, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{scrapy.archives}/web/index.db?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def ends(scrapy: Any) -> dict[str, tuple[str, str | None, str | None]]:
    found = rows(scrapy, "SELECT url, state, reason, detail FROM frontier")
    return {url.removeprefix("http://paper.example"): (state, reason, detail) for url, state, reason, detail in found}


def failures(scrapy: Any) -> Counter[tuple[str, str, str]]:
    found = rows(scrapy, "SELECT url, reason, detail FROM failures")
    return Counter((url.removeprefix("http://paper.example"), reason, detail) for url, reason, detail in found)


@pytest.mark.parametrize(("most", "code"), [(3, 10), (20, 0)])
async def test_a_chain_over_the_limit_is_one_failure_and_one_within_is_none(scrapy: Any, site: Site, most: int, code: int) -> None:
    def answer(path: str, headers: dict[str, str]) -> bytes:
        n = int(path.rpartition("/")[2])
        return reply("302 Found", f"Location: /r/{n - 1}") if n else page("Behind many hops")

    site.answer = answer
    found = await crawl(scrapy, site, "/r/14", ARCHIVE_MAX_REDIRECTS=most)
    assert found[0] == code, found[1]
    assert failures(scrapy) == ({("/r/11", "redirect", "more than 3 redirects"): 1} if most == 3 else {})
    sql = "SELECT f.url, f.date, reason, detail, f.attempt, bytes, read_state FROM failures f JOIN captures c ON c.id = f.capture_id"
    before = rows(scrapy, sql)
    await asyncio.to_thread(scrapy, "reindex", "web")
    assert rows(scrapy, sql) == before


async def test_cookies_are_carried_through_one_errand_and_no_further(scrapy: Any, site: Site) -> None:
    fixed = {
        "/check": reply("307 Temporary Redirect", "Location: /checked", "Set-Cookie: ok=caf\xe9; Path=/").replace("é".encode(), b"\xe9"),
        "/never": reply("302 Found", "Location: /never", "Set-Cookie: sid=3"), "/round": reply("302 Found", "Location: /round", "X: y"),
        "/choice": page("Choose", "Location: /plain?", status="300 Multiple Choices"),
        "/choices": page("Choices", status="300 Multiple Choices"),
    }  # fmt: skip

    def answer(path: str, headers: dict[str, str]) -> bytes:
        have = headers.get("cookie", "")
        if path == "/wall":
            return page("In") if "sid=1" in have else reply("302 Found", "Location: /wall", "Set-Cookie: sid=1; Path=/; HttpOnly")
        if path == "/checked":
            return page("Checked") if "ok=caf\xe9" in have and "sid=2" in have else reply("302 F", "Location: /check", "Set-Cookie: sid=2")
        return fixed.get(path, page("Plain"))

    site.answer = answer
    seeds = ("/wall", "/checked", "/never", "/round", "/choice", "/choices", "/plain")
    code, out = await crawl(scrapy, site, *seeds, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert code == 10, out
    end = ends(scrapy)
    assert {end[seed][:2] for seed in ("/wall", "/checked", "/choice", "/choices", "/plain")} == {("done", None)}
    assert end["/never"] == ("failed", "redirect", "cookie wall: sets cookie sid and redirects to itself")
    assert end["/round"] == ("failed", "redirect", "redirects to itself")
    assert failures(scrapy) == {("/never", *end["/never"][1:]): 1, ("/round", *end["/round"][1:]): 1}
    assert {path for path, cookie in zip(site.asked, site.cookies, strict=True) if cookie} == {"/wall", "/check", "/checked", "/never"}
    assert Counter(path for path in site.asked if path in ("/wall", "/never", "/round")) == {"/wall": 2, "/never": 2, "/round": 1}
    assert {title for (title,) in rows(scrapy, "SELECT headline FROM versions")} >= {"In", "Checked", "Choices"}
    requests = b"".join(file.read_bytes() for file in (scrapy.archives / "web" / "archive").glob("*.warc.gz"))
    assert b"\r\nCookie: sid=1\r\n" in gzip.decompress(requests)
    assert b"\r\nCookie: sid=2; ok=caf\xe9\r\n" in gzip.decompress(requests)
    before = failures(scrapy)
    await asyncio.to_thread(scrapy, "reindex", "web")
    assert failures(scrapy) == before


async def test_a_part_is_never_taken_for_the_whole(scrapy: Any, site: Site) -> None:
    tries: Counter[str] = Counter()

    def answer(path: str, headers: dict[str, str]) -> bytes:
        tries[path] += 1
        whole = page(path.strip("/")).partition(b"\r\n\r\n")[2]
        size = len(whole)
        if path == "/once" and tries[path] > 1:
            return page("once")
        if path == "/whole":
            return page("whole", f"Content-Range: bytes 0-{size - 1}/{size}", status="206 Partial Content")
        if path == "/delta":
            return page("delta", "IM: feed", status="226 IM Used")
        if path == "/nothing":
            return page("nothing", "Content-Range: nonsense")
        status = "200 OK" if path == "/quiet" else "206 Partial Content"
        more = [] if path == "/unsaid" else [f"Content-Range: bytes 0-299/{size if path != '/star' else '*'}"]
        return reply(status, "Content-Type: text/html", *more, body=whole[:300])

    site.answer = answer
    code, out = await crawl(
        scrapy, site, "/part", "/once", "/whole", "/delta", "/quiet", "/unsaid", "/star", "/nothing", ARCHIVE_ATTEMPTS=2
    )
    assert code == 10, out
    end = ends(scrapy)
    assert {path: found[0] for path, found in end.items()} == {
        "/part": "failed", "/once": "done", "/whole": "done", "/delta": "failed", "/quiet": "failed", "/unsaid": "failed", "/star": "failed",
        "/nothing": "done",
    }  # fmt: skip
    assert {found[1] for found in end.values() if found[0] == "failed"} == {"partial"}
    assert sum(failures(scrapy).values()) == 5 * 2 + 1
    assert {title for (title,) in rows(scrapy, "SELECT headline FROM versions")} == {"once", "whole", "nothing"}
    assert rows(scrapy, "SELECT count(*) FROM captures WHERE status = 206 AND problem IS NULL") == [(0,)]
    before = failures(scrapy)
    await asyncio.to_thread(scrapy, "reindex", "web")
    assert failures(scrapy) == before


async def test_what_a_site_asks_to_wait_before_a_redirect_is_waited(scrapy: Any, site: Site) -> None:
    def answer(path: str, headers: dict[str, str]) -> bytes:
        return page("Later") if path == "/later" else reply("302 Found", "Location: /later", "Retry-After: 1.5")

    site.answer = answer
    code, _ = await crawl(scrapy, site, "/now")
    assert (code, site.asked) == (0, ["/now", "/later"])
    assert site.times[1] - site.times[0] >= 1.4


async def test_robots_txt_in_utf_16_behind_a_cookie_is_obeyed(scrapy: Any, site: Site) -> None:
    rules = "\ufeffUser-agent: *\r\nDisallow: /private\r\n".encode("utf-16-le")

    def answer(path: str, headers: dict[str, str]) -> bytes:
        if path == "/robots.txt":
            known = "k=1" in headers.get("cookie", "")
            return reply(body=rules) if known else reply("302 Found", "Location: /robots.txt", "Set-Cookie: k=1")
        return page("Open")

    site.answer = answer
    await crawl(scrapy, site, "/open", "/private/x", ROBOTSTXT_OBEY=True)
    assert ends(scrapy) == {"/open": ("done", None, None), "/private/x": ("refused", "robots", "disallowed by robots.txt")}
    assert site.cookies == ["", "k=1", ""]
