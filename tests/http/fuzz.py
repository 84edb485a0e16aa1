"""What strangers' bytes must never break: one check for each reader, used by hypothesis, by kept files and by atheris (`fuzz_on.py`).

Each target takes bytes and raises where a promise is broken. What breaks one is kept in `found/TARGET.NAME`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from crawler.http.chunked import Dechunker
from crawler.http.http1 import head_end, parse_head, response_framing
from crawler.parsers.limits import ReadLimits
from crawler.parsers.listings.feeds import read_feed
from crawler.parsers.listings.sitemaps import read_sitemap
from crawler.parsers.robotstxt.robotstxt import read_robots
from crawler.urls import canonical_url, host_of, join, page_key, path_of, problem_of, surt

SMALL = ReadLimits(sitemap_bytes=100_000, sitemap_urls=100)


def head(data: bytes) -> None:
    """A head is parsed whatever it is, and its fields are told as they stand."""
    found = parse_head(data)
    framing, length, _ = response_framing(found, "GET")
    assert framing in ("length", "chunked", "close", "none"), framing
    assert framing != "length" or (length is not None and length >= 0)
    end = head_end(data, 0)
    assert end == -1 or 0 < end <= len(data)


def chunks(data: bytes) -> None:
    """A chunked body means the same however it is cut into pieces, and no byte is lost or invented."""
    whole = Dechunker(max_bytes=10_000)
    entity = whole.feed(data)
    pieces, out = Dechunker(max_bytes=10_000), b""
    step = 1 + len(data) % 7
    for start, stop in pairwise([*range(0, len(data), step), len(data)]):
        if pieces.done or pieces.over or pieces.problem:
            break
        out += pieces.feed(data[start:stop])
    assert out == entity, (out, entity)
    assert (pieces.done, pieces.problem, pieces.odd, pieces.consumed) == (whole.done, whole.problem, whole.odd, whole.consumed)
    assert len(entity) <= min(len(data), 10_000)


def address(data: bytes) -> None:
    """Any text may stand where an address should: nothing raises, and what may be asked for has one key."""
    text = data.decode("utf-8", "surrogateescape")
    for function in (host_of, problem_of, surt, canonical_url, page_key, path_of):
        assert isinstance(function(text), str | None)
    url = join("https://a.example/b/c?d=e", text)
    if url is None:
        return
    assert problem_of(url) is None
    assert url.startswith(("http://", "https://"))
    assert url.isascii() or host_of(url)
    key = page_key(url)
    assert page_key(key) == key, (key, page_key(key))
    assert not set(key) & set("\r\n\0 ")


def sitemap(data: bytes) -> None:
    """A sitemap is read as far as it goes; only http and https come out."""
    found = read_sitemap(data, "https://a.example/sitemap.xml", SMALL)
    assert len(found.entries) <= SMALL.sitemap_urls
    assert all(problem_of(entry.url) is None for entry in found.entries)


def feed(data: bytes) -> None:
    """A feed likewise."""
    found = read_feed(data, "https://a.example/rss.xml", SMALL)
    assert len(found.entries) <= SMALL.sitemap_urls
    assert all(problem_of(entry.url) is None for entry in found.entries)


def robots(data: bytes) -> None:
    """Any robots.txt gives rules that can be asked."""
    rules, _ = read_robots(data, (), 4096, 50)
    assert rules.can_fetch("https://a.example/x?y=z", "news-archive-crawler") in (True, False)
    delay = rules.crawl_delay("news-archive-crawler")
    assert delay is None or isinstance(delay, float | int)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "head": head, "chunks": chunks, "address": address, "sitemap": sitemap, "feed": feed, "robots": robots,
}  # fmt: skip
