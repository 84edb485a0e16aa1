"""Strangers' bytes, made up: see `fuzz.py` for what is promised, and `found/` for what once broke a promise."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz import TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FOUND = sorted((Path(__file__).parent / "found").iterdir())
PIECES = {
    "head": [b"HTTP/1.1 200 OK", b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"Content-Length:", b" 5", b"-1", b"Transfer-Encoding:", b"chunked", b",", b"gzip", b" \t", b"\0", b"\xe9"],
    "chunks": [b"0", b"5", b"ffffffffffffffff", b"\r\n", b"\n", b";a=b", b"hello", b"0\r\n\r\n", b"X: y\r\n", b"-1", b" ", b"\0"],
    "address": [b"http", b"https", b":", b"//", b"/", b"a.example", b"[::1", b"]", b"@", b"?", b"#", b"%", b"%2e", b"..", b"\\", b":99999", b"&", b"=", b";jsessionid=0123456789abcdef", b"sid", b"\xf0\x9f\x93\xb0", b"\xff", b" ", b"xn--", b"127.1"],
    "sitemap": [b"<urlset>", b"<url>", b"<loc>", b"http://a.example/x", b"javascript:1", b"</loc>", b"</url>", b"</urlset>", b"<![CDATA[", b"]]>", b"&amp;", b"&x;", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"]>", b"\x1f\x8b", b"\0", b"<sitemapindex>", b"<?xml encoding='utf-16'?>"],
    "feed": [b"<rss>", b"<channel>", b"<item>", b"<link>", b"/x", b"</link>", b"<guid>", b"</guid>", b"<pubDate>", b"Mon, 99 Foo", b"</pubDate>", b"</item>", b"<feed>", b"<entry>", b"<link href='x'/>", b"<updated>", b"2026-13-45", b"&nbsp;", b"\xff"],
    "robots": [b"User-agent:", b" *", b"\n", b"Disallow:", b"Allow:", b"/", b"*", b"$", b"**", b"Crawl-delay:", b"nan", b"1e999", b"-1", b"Request-rate: 1/0", b"Visit-time: 9999-0", b"#", b"\0", b"%zz", b"\xef\xbb\xbf"],
}  # fmt: skip


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found(path: Path) -> None:
    TARGETS[path.name.partition(".")[0]](path.read_bytes())


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_made_up(name: str) -> None:
    pieces = st.sampled_from(PIECES[name]) | st.binary(max_size=6)

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.lists(pieces, max_size=30).map(b"".join))
    def check(data: bytes) -> None:
        TARGETS[name](data)

    check()
