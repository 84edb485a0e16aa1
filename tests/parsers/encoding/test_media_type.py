"""What bytes are, whatever the server calls them."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import article_of, reason_of
from page_readings import page_read

from crawler.items import Outcome
from crawler.parsers.encoding.media_type import sniffed

TEXT = "The council has decided after four hours of debate that the old swing bridge will be kept and repaired in the spring. " * 3
STORY = f"<!doctype html><html lang=en><head><title>Bridge kept</title></head><body><article><h1>Bridge kept</h1><p>{TEXT}</p><p>{TEXT}</p></article><a href=/next>next</a></body></html>"
XHTML = f'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Bridge kept</title></head><body><h1>Bridge kept</h1><p>{TEXT}</p><a href="/next">next</a></body></html>'
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><item><title>a</title><link>https://a.example/1</link></item></channel></rss>'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" * 9
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj <<>> endobj"

WRAPPED = """Bridge kept

The council has decided after four hours of debate that the old
swing bridge will be kept and repaired in the spring of next
year, and not replaced by a new one.

    "We are glad", said the keeper of the bridge, who has opened it
    for ships since he was a boy of fourteen years.
"""
WET = """Bridge kept | The Harbour Courier
Home
Politics
Sport
The council has decided after four hours of debate that the old swing bridge will be kept and repaired in the spring of next year.
Read more
"We are glad", said the keeper of the bridge, who has opened it for ships since he was a boy of fourteen years.
© 2026
"""

NAMELESS = [
    None,
    "",
    "unknown/unknown",
    "*/*",
    "application/octet-stream",
    "binary/octet-stream",
    "html",
    "nonsense",
    '"text/html"',
    ";charset=utf-8",
    "application/unknown",
    "text/html, text/html",
]


@pytest.mark.parametrize(
    "mime",
    [*NAMELESS, "text/plain", "text/plain; charset=utf-8", "application/xml", "text/xml", "image/jpeg", "application/json", "TEXT/HTML"],
)
@pytest.mark.parametrize(
    "data", [STORY.encode(), b"\xef\xbb\xbf" + STORY.encode(), STORY.encode("utf-16"), b"  \n<!-- cached -->\n" + STORY.encode()]
)
def test_html_is_html(mime: str | None, data: bytes) -> None:
    assert sniffed(mime, data) in ("text/html", "application/xhtml+xml")


@pytest.mark.parametrize(
    ("mime", "data", "found"),
    [
        ("application/xml", XHTML.encode(), "application/xhtml+xml"),
        ("text/html", XHTML.encode(), "text/html"),
        ("text/html", FEED.encode(), "application/rss+xml"),
        (None, FEED.encode(), "application/rss+xml"),
        ("text/html", b"<feed xmlns='http://www.w3.org/2005/Atom'><entry/>", "application/atom+xml"),
        ("text/plain", b"<?xml version='1.0'?><urlset><url>", "application/xml"),
        ("text/html", PNG, "image/png"),
        ("text/plain", b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        ("text/html", PDF, "application/pdf"),
        (None, b"\r\n" + PDF, "application/pdf"),
        ("text/html", gzip.compress(b"x"), "application/gzip"),
        (None, b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        ("text/html", b"\0\0\0\x1cftypavif\0\0\0\0", "image/avif"),
        (None, b"\x01\x02\x03\x04 binary", "application/octet-stream"),
        ("text/html", b"\x01\x02\x03\x04 binary", "application/octet-stream"),
        ("font/x", b"\x01\x02\x03\x04 binary", "font/x"),
        (None, b"Just words.\nAnd more.", "text/plain"),
        ("text/html", b"Just words.\nAnd more.", "text/html"),
        ("text/plain", b"BMW opens a plant in the harbour.", "text/plain"),
        ("text/plain", b"ID3 is a format of tags.", "text/plain"),
        ("text/plain", b"<p> is how a paragraph begins in HTML.", "text/plain"),
        (None, b"<p>A paragraph", "text/html"),
        ("application/json", b'{"html": "<html>"}', "application/json"),
        ("text/css", b"p{margin:0}", "text/css"),
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        ("", b"", "text/plain"),
        ("text/html", b"", "text/html"),
    ],
)
def test_types_by_bytes(mime: str | None, data: bytes, found: str) -> None:
    assert sniffed(mime, data) == found


@given(st.one_of(st.none(), st.text(max_size=20)), st.binary(max_size=200))
def test_any_bytes_have_a_type(mime: str | None, data: bytes) -> None:
    assert "/" in sniffed(mime, data)


def reading_of(mime: str | None, data: bytes) -> Outcome:
    return page_read(data, mime=mime, url="https://www.paper.example/2026/7")


@pytest.mark.parametrize("mime", [*NAMELESS, "text/plain", "text/xml", "application/xml", "image/png"])
def test_a_page_is_read_and_its_links_followed_whatever_it_is_called(mime: str | None) -> None:
    found = reading_of(mime, STORY.encode())
    assert article_of(found) is not None
    assert article_of(found).headline == "Bridge kept"
    assert [link.url for link in found.links] == ["https://www.paper.example/next"]


@pytest.mark.parametrize("control", ["\0", "\x01", "\x0b", "\x1a", "\0" * 40])
@pytest.mark.parametrize("mime", ["text/html", None, "text/plain"])
def test_a_control_character_in_a_page_costs_neither_text_nor_links(mime: str | None, control: str) -> None:
    for data in (STORY.replace("Bridge kept", f"Bridge{control} kept"), control + STORY, STORY.replace("/next", f"/next{control}")):
        found = reading_of(mime, data.encode())
        assert article_of(found) is not None
        assert [link.url.partition("%")[0] for link in found.links] == ["https://www.paper.example/next"]


def test_words_with_a_control_character_that_are_called_a_page_are_one() -> None:
    data = b"Notice: Undefined index \x0b in line 4 " * 4 + STORY.encode()
    assert (sniffed("text/html", data), sniffed(None, data)) == ("text/html", "application/octet-stream")


@pytest.mark.parametrize(
    ("mime", "data", "kind"),
    [
        ("text/html", PDF, "application/pdf"),
        ("application/pdf", PDF, "application/pdf"),
        (None, b"\x01\x02\x03\x04", "application/octet-stream"),
        ("application/msword", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "application/x-ole-storage"),
    ],
)
def test_a_document_that_is_no_page_is_told_by_its_type(mime: str | None, data: bytes, kind: str) -> None:
    found = reading_of(mime, data)
    assert (reason_of(found), found.read_state, article_of(found), found.links) == (None, "not-a-story", None, ())
    assert [reason for reason, _ in found.left_out] == [f"document of type {kind} not read"]


def test_a_picture_called_a_page_is_no_document_that_was_left_out() -> None:
    found = reading_of("text/html", PNG)
    assert (reason_of(found), found.read_state, found.left_out) == (None, "not-a-story", ())


@pytest.mark.parametrize("mime", ["text/plain", None, "text/plain; charset=utf-8"])
def test_prose_in_plain_text_is_read(mime: str | None) -> None:
    wrapped, wet = article_of(reading_of(mime, WRAPPED.encode())), article_of(reading_of(mime, WET.encode()))
    assert wrapped is not None
    assert wet is not None
    assert (wrapped.headline, wet.headline) == ("Bridge kept", "Bridge kept | The Harbour Courier")
    assert [len(wrapped.blocks), len(wet.blocks)] == [2, 2]
    assert wrapped.body.startswith("The council has decided after four hours of debate that the old swing bridge will be")
    assert "Home" not in wet.body
    assert (wet.language, "plain-text" in wet.problems) == ("en", True)


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\nDisallow: /private/\n" * 20,
        "10.0.0.1 - - [28/Nov/2026] GET / 200 1234.\n" * 20,
        "a,b,c\n1,2,3\n" * 40,
        "word " * 100,
    ],
)
def test_what_is_no_prose_is_told_and_not_read(text: str) -> None:
    found = reading_of("text/plain", text.encode())
    assert (article_of(found), found.read_state) == (None, "not-a-story")
    assert found.left_out == (("document of type text/plain not read", 1),)
