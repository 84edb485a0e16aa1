"""How a robots.txt is come by (RFC 9309 2.3): statuses, redirects, what lies in its place, and for which host it counts. Two crawls."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from test_odd_sites import SETTINGS, Site, page, reply, rows, site

__all__ = ["site"]
FORBID = b"User-agent: *\nDisallow: /private\n"
SAVED = b"<!DOCTYPE html>\n<html><body>\nUser-agent: *<br>\nDisallow: /private<br>\n</body></html>"


def hops(count: int) -> Callable[[str], bytes]:
    """A robots.txt behind redirects that lead over another host."""

    def answer(path: str) -> bytes:
        at = int(path.rpartition("/")[2] or 0) if path != "/robots.txt" else 0
        return reply(body=FORBID) if at == count else reply("301 Moved", f"Location: http://host{at % 2}.example/hop/{count}/{at + 1}")

    return answer


ALLOWS = {
    **{f"s{status}": lambda path, status=status: reply(f"{status} No", body=FORBID) for status in (400, 401, 403, 404, 410, 451, 499)},
    "empty": lambda path: reply(), "gone": lambda path: page("Not found"), "home": lambda path: page("Front", more="<a href=/x>x</a>"),
    "s204": lambda path: reply("204 No Content"),
}  # fmt: skip
"""What is in place of robots.txt where all is allowed."""
FORBIDS = {
    "plain": lambda path: reply(body=FORBID), "hops5": hops(5), "hops9": hops(9), "saved": lambda path: reply(body=SAVED),
    "page-type": lambda path: reply("200 OK", "Content-Type: text/html", body=FORBID), "marked": lambda path: reply(body=b"\xef\xbb\xbf" + FORBID),
    "zip": lambda path: reply("200 OK", "Content-Encoding: gzip", body=gzip.compress(FORBID)), "cr": lambda path: reply(body=FORBID.replace(b"\n", b"\r")),
    "picture": lambda path: reply("200 OK", "Content-Type: image/png", body=FORBID),
    "long": lambda path: reply(body=FORBID + b"# comment\n" * 200 + b"Allow: /private\n"),
    "moved": lambda path: page("/") if path == "/" else reply(body=FORBID) if path == "/r" else reply("301 Moved", "Location: /r", body=b"Allow: /"),
}  # fmt: skip
"""Where it is obeyed."""
FAILS = {
    **{f"s{status}": lambda path, status=status: reply(f"{status} No", body=FORBID) for status in (429, 500, 503)},
    "loop": lambda path: reply("302 Found", "Location: /robots.txt"), "far": hops(40),
}  # fmt: skip
"""Where nothing is allowed, since it cannot be had."""
KINDS = {f"{name}.{group}.example": answer for group, of in (("a", ALLOWS), ("f", FORBIDS), ("n", FAILS)) for name, answer in of.items()}


async def crawled(scrapy: Any, site: Site, seeds: list[str], scope: str = "page", **settings: Any) -> dict[str, Any]:
    values = SETTINGS | {
        "ARCHIVE_CONNECT_TO": f"*:*=127.0.0.1:{site.port}", "ROBOTSTXT_OBEY": True, "ARCHIVE_ATTEMPTS": 1, "CONCURRENT_REQUESTS": 16,
    } | settings  # fmt: skip
    words = [word for name, value in values.items() for word in ("-s", f"{name}={value}")]
    report = Path(scrapy.archives).parent / "report.json"
    asked = ("crawl", "web", "-a", f"seeds={','.join(seeds)}", "-a", f"scope={scope}", "--report-json", str(report))
    await asyncio.to_thread(scrapy, *asked, *words, exits=None)
    found: dict[str, Any] = json.loads(report.read_text())
    return found


async def test_what_answers_in_its_place_allows_forbids_or_is_waited_for(scrapy: Any, site: Site) -> None:
    def answer(path: str, headers: dict[str, str]) -> bytes:
        host = headers["host"]
        if path.startswith("/hop/"):
            return hops(int(path.split("/")[2]))(path)
        return KINDS[host](path) if path in ("/robots.txt", "/r") else page(f"Page {host}{path}")

    site.answer = answer
    await crawled(
        scrapy, site, [f"http://{host}{path}" for host in KINDS for path in ("/private/x", "/open")], ARCHIVE_MAX_ROBOTS_BYTES=1000
    )
    ends = {
        (url.split("/")[2], url.rpartition("/")[2]): (state, reason)
        for url, state, reason in rows(scrapy, "SELECT url, state, reason FROM frontier")
    }
    assert {host: end for (host, path), end in ends.items() if ".a." in host and end != ("done", None)} == {}
    assert {
        host: end
        for (host, path), end in ends.items()
        if ".f." in host and end != {"open": ("done", None)}.get(path, ("refused", "robots"))
    } == {}
    reasons = {"loop": "redirect", "far": "redirect"}
    failed = {(host, end) for (host, path), end in ends.items() if ".n." in host}
    assert failed == {(host, ("failed", reasons.get(host.split(".")[0], "status"))) for host in KINDS if ".n." in host}
    assert len({url for (url,) in rows(scrapy, "SELECT url FROM captures WHERE role = 'robots'")}) >= len(KINDS), "each is archived"


async def test_a_robots_txt_found_on_another_host_counts_for_the_one_that_was_asked(scrapy: Any, site: Site) -> None:
    rules = FORBID + b"Crawl-delay: 0.2\nSitemap: /map.txt\n"

    def answer(path: str, headers: dict[str, str]) -> bytes:
        old = headers["host"] == "old.example"
        if path == "/robots.txt":
            return reply("301 Moved", "Location: http://new.example/there.txt") if old else reply("404 No")
        return reply(body=rules) if path == "/there.txt" else page(path)

    site.answer = answer
    report = await crawled(scrapy, site, ["http://old.example/private/x", "http://new.example/private/x"])
    ends = dict(rows(scrapy, "SELECT url, state FROM frontier"))
    assert ends == {"http://old.example/private/x": "refused", "http://new.example/private/x": "done"}
    assert report["stats"]["crawl_delay"] == {"old.example": 0.2}
    assert report["stats"]["omitted"]["sitemap named by robots.txt, beyond scope= or depth="]["example"] == "http://new.example/map.txt"


async def test_groups_are_for_the_product_token_of_the_user_agent_that_is_sent(scrapy: Any, site: Site) -> None:
    groups = b"User-agent: news-archive-crawler\nDisallow: /a\n\nUser-agent: Paper-Keeper\nDisallow: /b\nCrawl-delay: 0.1\n"
    site.answer = lambda path, headers: reply(body=groups) if path == "/robots.txt" else page(path)
    report = await crawled(scrapy, site, ["http://paper.example/a", "http://paper.example/b"], USER_AGENT="Paper-Keeper/2.1 (archive)")
    assert dict(rows(scrapy, "SELECT url, state FROM frontier")) == {"http://paper.example/a": "done", "http://paper.example/b": "refused"}
    assert report["stats"]["crawl_delay"] == {"paper.example": 0.1}


async def test_sitemaps_are_asked_for_where_robots_txt_names_them_and_counted_where_they_are_not(scrapy: Any, site: Site) -> None:
    www, rules, files = "http://www.paper.example", "http://rules.example", "http://files.example"
    lines = [
        "\ufeffSITEMAP: map.txt", f"User-agent: *\nsitemap : {files}/other.txt # ours", f"Site-map: {files}/other.txt", "Sitemap:",
        "Disallow: /hidden.txt\nSitemap ftp://files.example/x", "Sitemap: mailto:me@paper.example", f"Sitemaps: {www}/hidden.txt",
    ]  # fmt: skip
    known = {
        f"{rules}/there/all.txt": reply("200 OK", "Content-Type: text/plain; charset=utf-8", body="\r".join(lines).encode()),
        f"{www}/robots.txt": reply("301 Moved", f"Location: {rules}/there/all.txt"),
        f"{rules}/there/map.txt": reply("200 OK", "Content-Type: text/plain", body=f"{www}/relative\n".encode()),
        f"{files}/other.txt": reply("200 OK", "Content-Type: text/plain", body=f"{www}/other\n{files}/beyond\n".encode()),
        f"{files}/robots.txt": reply(body=f"Sitemap: {files}/more.txt\nSitemap: {files}/most.txt".encode()),
        **{f"{www}{path}": page(f"Page {path}") for path in ("/", "/relative", "/other")},
    }  # fmt: skip
    asked: set[str] = set()

    def answer(path: str, headers: dict[str, str]) -> bytes:
        asked.add(f"http://{headers['host']}{path}")
        return known.get(f"http://{headers['host']}{path}", reply("404 No"))

    site.answer = answer
    report = await crawled(scrapy, site, [f"{www}/"], scope="host")
    assert asked == {*known, f"{rules}/robots.txt"}
    omitted = report["stats"]["omitted"]
    assert omitted["sitemap named by robots.txt, no address that can be asked for"] | {"example": ""} == {
        "count": 2,
        "example": "",
        "incomplete": False,
    }
    assert omitted["sitemap named by robots.txt, beyond scope= or depth="]["example"] == f"{files}/more.txt"
    assert omitted["sitemap named by robots.txt, beyond scope= or depth="]["count"] == 2
    states = dict(rows(scrapy, "SELECT url, reason FROM frontier WHERE state = 'refused'"))
    assert states == {f"{www}/hidden.txt": "robots"}
    assert report["exit_code"] == 0
