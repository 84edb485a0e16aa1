"""Whole answers that are well framed and say strange things: codings, redirects, addresses, markup, XML, charsets, media types."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import brotli
from fault_server import page

MIB = 1024 * 1024
WORDS = "Some words that make a paragraph of a story. " * 20
STORY = f"<html><head><title>A story of the day</title>{{}}</head><body><h1>A story of the day</h1><p>{WORDS}</p>{{}}</body></html>"


def answer(body: bytes, *headers: str, mime: str = "text/html", status: str = "200 OK") -> bytes:
    """A whole answer with these header lines."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {mime}", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def moved(to: str, *headers: str) -> bytes:
    """A redirect."""
    return answer(b"", f"Location: {to}", *headers, status="302 Found")


def story(head: str = "", body: str = "") -> bytes:
    """A story with something in its head or behind its text."""
    return page(STORY.format(head, body))


def codings() -> Iterator[tuple[str, bytes]]:
    """Content codings that lie, nest, grow or break off."""
    html = STORY.format("", "").encode()
    big = b"<p>" + bytes(64 * MIB)
    yield "gzip-nested", answer(gzip.compress(gzip.compress(gzip.compress(html))), "Content-Encoding: gzip, gzip, gzip")
    yield "gzip-trailing", answer(gzip.compress(html) + b"behind the end", "Content-Encoding: gzip")
    yield "gzip-twice", answer(gzip.compress(gzip.compress(html)), "Content-Encoding: gzip")
    yield "deflate-raw", answer(zlib.compress(html)[2:-4], "Content-Encoding: deflate")
    yield "br-bomb", answer(brotli.compress(big, quality=1), "Content-Encoding: br")
    yield "br-cut", answer(brotli.compress(html)[:-40], "Content-Encoding: br")
    yield "gz-file-bomb", answer(gzip.compress(big), mime="application/gzip")


def redirects(port: int) -> Iterator[tuple[str, bytes]]:
    """Redirects to strange places; `port` is that of a service nobody may touch."""
    yield "to-latin-1", moved("/caf\xe9")
    yield "to-utf-8", moved("/\u062e\u0628\u0631".encode().decode("latin-1"))
    yield "to-two", moved("/fine?two", f"Location: http://127.0.0.1:{port}/second")
    for name, host in (
        ("octal", "0177.0.0.1"), ("hex", "0x7f.1"), ("short", "127.1"), ("mapped", "[::ffff:127.0.0.1]"), ("loopback-6", "[::1]"), ("circled", "①②⑦.0.0.1"),
        ("full-stop", "127。0。0。1"), ("trailing-dot", "127.0.0.1."), ("user", "a.example@127.0.0.1"), ("zero", "0"), ("nat64", "[64:ff9b::7f00:1]"),
    ):  # fmt: skip
        yield f"to-{name}", moved(f"http://{host}:{port}/{name}".encode().decode("latin-1"))
    yield "to-schemeless", moved(f"//127.0.0.1:{port}/schemeless")
    yield "to-backslash", moved(f"http:\\\\127.0.0.1:{port}\\backslash")
    yield "to-tab", moved(f"ht\ttp://127.0.0.1:{port}/tab")
    for name, value in (
        ("port", "http://127.0.0.1:99999999/"),
        ("file", "file:///etc/passwd"),
        ("data", "data:text/html,x"),
        ("host", "http://[::1/"),
    ):
        yield f"to-bad-{name}", moved(value)
    yield "refresh-header", answer(STORY.format("", "").encode(), f"Refresh: 0; url=http://127.0.0.1:{port}/refresh")
    yield "refresh-meta", story(f'<meta http-equiv="REFRESH" content="0;URL=\'http://127.0.0.1:{port}/meta\'">')
    yield "refresh-file", story('<meta http-equiv=refresh content="1,url=file:///etc/passwd">')


def headers() -> Iterator[tuple[str, bytes]]:
    """Header values that a client would echo, log or keep."""
    html = STORY.format("", "").encode()
    yield "etag-odd", answer(html, 'ETag: "a\x85b\xff\'); DROP TABLE captures;--"')
    yield "etag-long", answer(html, f'ETag: "{"e" * 15_000}"')
    yield "modified-odd", answer(html, "Last-Modified: yesterday\tor so \x1b[31m")
    yield "mime-odd", answer(html, mime="text/html;;; =\x1b; charset")
    yield "cookies", answer(html, *(f"Set-Cookie: c{n}={'x' * 300}" for n in range(60)))
    yield "retry-after", answer(b"", "Retry-After: 99999999999999999999", status="503 Busy")


def markup() -> Iterator[tuple[str, bytes]]:
    """Pages that are large, deep or wrong where a reader looks."""
    ld = '<script type="application/ld+json">{}</script>'
    yield "token-long", page(f"<html><body><h1>News of the day</h1><{'x' * 4 * MIB} y=1><p>{WORDS}")
    yield "text-long", story(body="z" * 4 * MIB)
    yield "deep-divs", story(body="<div>" * 60_000)
    yield "deep-tables", story(body="<table><tr><td>" * 3_000)
    yield "selects", story(body="<select><option>" * 20_000)
    yield "marks", story(body="a" + "\u0301" * 100_000)
    yield "entities", story(body="&#xD800;&#0;&#x110000;&#xFFFFFFFFFF;&notanentity;" * 2000)
    yield "ld-integer", story(ld.format('{"@type":"NewsArticle","headline":' + "9" * 100_000 + "}"))
    yield "ld-deep", story(ld.format('{"@graph":[' * 50_000))
    yield (
        "ld-types",
        story(
            ld.format('{"@type":["NewsArticle",{}],"headline":[[]],"author":{"name":{"a":1}},"datePublished":{"x":[]},"image":[[1,null]]}')
        ),
    )
    yield "ld-surrogate", story(ld.format('{"@type":"NewsArticle","headline":"A \\ud800 story of the day"}'))
    yield "ld-many", story(ld.format('{"@type":"NewsArticle"}') * 5000)
    for n, when in enumerate(
        ("9999-99-99T99:99:99Z", "0000-00-00", "-1", "1e400", "2026-02-30", "20260101" * 1000, "2026-01-01T00:00:00+99:99")
    ):
        yield f"date-{n}", story(f'<meta property="article:published_time" content="{when}">', f'<time datetime="{when}">{when}</time>')
    yield "canonical-lie", story('<link rel=canonical href="http://localhost/secret"><meta property="og:url" content="file:///etc/passwd">')
    yield "pictures", story(body="".join(f'<img src="http://127.0.0.1/{n}.jpg" srcset="{"a 1x," * 50}">' for n in range(300)))
    yield "template-words", story(body="{{7*7}} ${7*7} <%= 7*7 %> %s %(x)s {0.__class__} \"' OR 1=1 NEAR( * ^")
    yield "formula", page(STORY.format("", "").replace("A story of the day", "=HYPERLINK('x') +1 @SUM -2"))


def charsets() -> Iterator[tuple[str, bytes]]:
    """Charsets that are none, lie, or are codecs of another kind."""
    html = STORY.format("", "&eacute; ").encode() + b"\xe9\xff\x00\x80\xc3\x28"
    for name in (
        "utf-7",
        "utf-16",
        "rot13",
        "base64_codec",
        "zlib",
        "idna",
        "undefined",
        "unicode_escape",
        "x" * 3000,
        "../../etc/passwd",
        "utf-8\x00",
    ):
        yield f"charset-{name[:12].strip(chr(0)).replace('/', '-')}", answer(html, mime=f"text/html; charset={name}")
    yield (
        "charset-meta",
        page(STORY.format('<meta charset="utf-16"><meta http-equiv=content-type content="text/html;charset=hz">', "~{<:Ky2;~}")),
    )
    yield "utf-16-odd", answer(b"\xff\xfe" + STORY.format("", "").encode("utf-16-le") + b"\xd8")


def media() -> Iterator[tuple[str, bytes]]:
    """Bodies of another kind than they say."""
    html = STORY.format("", "").encode()
    yield "html-as-png", answer(html, mime="image/png")
    yield "png-as-html", answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 500)
    yield "pdf-as-html", answer(b"%PDF-1.7\n" + bytes(range(256)) * 500)
    yield "json-as-html", answer(b'{"a":' * 50_000)
    yield "no-mime", b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(html) + html
    yield "empty", answer(b"")
    yield "nul", answer(bytes(MIB))


def xml(port: int) -> Iterator[tuple[str, bytes]]:
    """Sitemaps and feeds that loop, grow, reach out or break off."""
    entity = f'<!DOCTYPE urlset [<!ENTITY a "{"x" * 50_000}"><!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY h SYSTEM "http://127.0.0.1:{port}/xxe">]>'
    loc = "<url><loc>{}</loc></url>"
    yield "map-quadratic.xml", page(f"{entity}<urlset>{loc.format('http://a.example/' + '&a;' * 20_000)}</urlset>", "text/xml")
    yield "map-external.xml", page(f"{entity}<urlset>{loc.format('&e;')}{loc.format('&h;')}</urlset>", "text/xml")
    yield "map-deep.xml", page("<urlset>" + "<url>" * 100_000, "text/xml")
    yield (
        "map-loop.xml",
        page(
            "<sitemapindex><sitemap><loc>/map-loop.xml</loc></sitemap><sitemap><loc>/map-loop.xml?2</loc></sitemap></sitemapindex>",
            "text/xml",
        ),
    )
    yield (
        "map-odd.xml",
        page(
            "<urlset>"
            + "".join(map(loc.format, ("javascript:x", "file:///x", "", " ", "http://[", f"http://127.0.0.1:{port}/map", "/fine?map"))),
            "text/xml",
        ),
    )
    yield "map-cut.xml", page(f"<urlset>{loc.format('/fine?cut')}<url><loc>/fi", "text/xml")
    yield (
        "feed-entity.xml",
        page(f"{entity}<rss><channel><item><title>&e;&h;</title><link>/fine?feed</link></item></channel></rss>", "application/rss+xml"),
    )
    yield (
        "feed-html.xml",
        page("<rss><channel><item><title><![CDATA[<script>x</script>]]></title><link>javascript:alert(1)</link></item>", "text/xml"),
    )
    yield (
        "include.xml",
        page(f'<urlset xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="http://127.0.0.1:{port}/xi"/></urlset>', "text/xml"),
    )


def strange_pages(port: int) -> dict[str, bytes]:
    """All of them by name; `port` is that of a service nobody may touch."""
    groups = (codings(), redirects(port), headers(), markup(), charsets(), media(), xml(port))
    return {name: data for group in groups for name, data in group}
