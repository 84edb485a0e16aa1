"""Pages from payload bytes: codings, charsets, caps; and no bytes that crash."""

from __future__ import annotations

import contextlib
import gc
import gzip
import random
import re
import tracemalloc
import weakref
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import brotli
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import Unreadable
from crawler.parsers.document.page import Page
from crawler.parsers.encoding.content_coding import content_decoded, grows_beyond
from crawler.parsers.json import as_json
from crawler.parsers.links.page_links import page_links
from crawler.parsers.template import parse
from crawler.requisites.of_page import page_requisites
from crawler.sites.presstv import SITE

NOW = datetime(2026, 8, 15, tzinfo=UTC)
HTML = "<html><body><p>héllo " + "".join(random.Random(1).choices("abcdefghijklmnop ", k=40_000))


def page(payload: bytes, coding: str = "", kind: str = "text/html") -> Page:
    headers = [("Content-Type", kind), *([("Content-Encoding", coding)] if coding else [])]
    return Page.from_payload(url="https://a.example/", date=NOW, headers=headers, payload=payload)


@pytest.mark.parametrize(
    ("payload", "coding"),
    [
        (gzip.compress(HTML.encode()), "gzip"),
        (gzip.compress(HTML.encode()), "x-gzip"),
        (zlib.compress(HTML.encode()), "deflate"),
        (zlib.compress(HTML.encode())[2:-4], "deflate"),
        (gzip.compress(gzip.compress(HTML.encode())), "gzip, gzip"),
        (HTML.encode(), "identity"),
        (brotli.compress(HTML.encode()), "br"),
        (zstd.compress(HTML.encode()), "zstd"),
    ],
)
def test_codings(payload: bytes, coding: str) -> None:
    found = page(payload, coding)
    assert found.text == HTML
    assert not found.problems


def test_what_came_before_the_damage_is_used() -> None:
    packed = gzip.compress(HTML.encode())
    cut = page(packed[: len(packed) // 2], "gzip")
    assert HTML.startswith(cut.text[:1000])
    assert len(cut.text) > 1000
    assert "cut off" in cut.problems[0]
    broken = page(packed[:-600] + b"\xff" * 600, "gzip")
    assert HTML.startswith(broken.text[:1000])
    assert broken.problems


@pytest.mark.parametrize(("compress", "coding"), [(gzip.compress, "gzip"), (brotli.compress, "br"), (zstd.compress, "zstd")])
def test_a_bomb_is_cut_at_its_cap(compress: Callable[[bytes], bytes], coding: str) -> None:
    packed = compress(b"<p>" + b"a" * 60_000_000)
    tracemalloc.start()
    found = page(packed, coding)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.text) < 33_000_000
    assert "grows beyond" in found.problems[0]
    assert peak < 8_000_000 + 4 * len(found.text)  # never more of it than what is kept


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "br", "deflate", "zstd"])
@pytest.mark.parametrize("text", [HTML, "<p>short</p>", "<p>\ufeffмэр</p>" * 9, '{"a": 1}'])
def test_a_stored_copy_that_lost_its_coding_is_read(coding: str, text: str) -> None:
    found = page(text.encode(), coding)
    assert found.text == text
    assert found.problems == (f"content-coding: {coding.removeprefix('x-')} said, not found",)


def test_codings_that_cannot_be_taken_off_are_told() -> None:
    assert "at most 2" in page(b"x", "gzip, gzip, gzip").problems[0]
    assert "unknown" in page(b"x", "sdch").problems[0]


@pytest.mark.parametrize(("compress", "name"), [(gzip.compress, "gzip"), (zstd.compress, "zstd")])
@pytest.mark.parametrize("said", ["", "identity", "other"])
def test_a_coding_that_only_the_bytes_tell_is_taken_off(compress: Callable[[bytes], bytes], name: str, said: str) -> None:
    wrong = {"gzip": "zstd", "zstd": "gzip"}[name]
    found = page(compress(HTML.encode()), wrong if said == "other" else said)
    assert found.text == HTML
    assert found.problems == (f"content-coding: {name} found, {f'{wrong} said' if said == 'other' else 'not said'}",)


PACKERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}


@pytest.mark.parametrize("there", PACKERS)
@pytest.mark.parametrize("said", PACKERS)
def test_the_coding_that_is_there_is_taken_off_whichever_is_said(there: str, said: str) -> None:
    found = page(PACKERS[there](HTML.encode()), said)
    assert found.text == HTML
    assert found.problems == (() if there == said else (f"content-coding: {there} found, {said} said",))


@pytest.mark.parametrize("inner", ["gzip", "zstd"])
@pytest.mark.parametrize("said", PACKERS)
def test_what_is_coded_more_often_than_said_is_decoded(inner: str, said: str) -> None:
    note = f"content-coding: {inner} found, not said"
    once = PACKERS[inner](HTML.encode())
    assert (page(PACKERS[said](once), said).text, page(PACKERS[said](once), said).problems) == (HTML, (note,))
    assert page(PACKERS[said](PACKERS[inner](once)), said).problems == (note, note)
    assert page(PACKERS[inner](once), "").problems == (note, note)
    assert page(once, "none").text == HTML


def test_codings_that_nobody_said_are_taken_off_twice_and_of_texts_only() -> None:
    packed = gzip.compress(HTML.encode())
    four = gzip.compress(gzip.compress(gzip.compress(packed)))
    assert content_decoded(four, [("Content-Encoding", "gzip")])[0] == packed
    assert content_decoded(gzip.compress(packed), [("Content-Type", "application/gzip"), ("Content-Encoding", "gzip")]) == (packed, [])
    assert grows_beyond(gzip.compress(packed), [("Content-Encoding", "gzip")], len(packed) + 100)


def test_a_bomb_within_a_coding_is_cut_at_its_cap() -> None:
    packed = gzip.compress(b"<p>" + b"a" * 60_000_000)
    for headers in ([("Content-Encoding", "gzip")], [("Content-Encoding", "br")]):
        body, problems = content_decoded(gzip.compress(packed), headers)
        assert len(body) < 33_000_000
        assert sum("grows beyond" in problem for problem in problems) == 1


def test_of_a_beginning_what_is_there_is_decoded_and_of_other_bytes_nothing() -> None:
    packed = gzip.compress(HTML.encode())
    start, problems = content_decoded(packed[:4096], [("Content-Encoding", "br")])
    assert HTML.encode().startswith(start[:1000])
    assert len(start) > 1000
    assert problems == ["content-coding: gzip found, br said; gzip damaged: cut off"]
    noise = random.Random(2).randbytes(5000)
    for said in ("gzip", "zstd"):
        assert content_decoded(noise, [("Content-Encoding", said)]) == (noise, [f"content-coding: {said} said, not found"])


def test_a_packed_file_is_no_coded_page() -> None:
    packed = gzip.compress(HTML.encode())
    assert content_decoded(packed, [("Content-Type", "application/gzip")]) == (packed, [])
    assert content_decoded(b"\x89PNG\r\n\x1a\n\0\0", [("Content-Type", "image/png"), ("Content-Encoding", "br")])[0].startswith(b"\x89PNG")
    assert grows_beyond(packed, [("Content-Type", "text/html")], len(packed) + 100)


@pytest.mark.parametrize(
    ("payload", "kind", "text"),
    [
        ("é".encode("latin-1"), "text/html; charset=iso-8859-1", "é"),
        (b'<meta charset="windows-1256">' + "سلام".encode("cp1256"), "text/html", '<meta charset="windows-1256">سلام'),
        ("é".encode(), "text/html", "é"),
        (b"caf\xe9", "text/html", "café"),
        ("\ufeffé".encode(), "text/html; charset=iso-8859-1", "é"),
        ("é".encode("utf-16"), "text/html", "é"),
        (b"\x81\x40", "text/html; charset=Shift_JIS", "\u3000"),
        (b"\xf9\xec\xe5\xed", "text/html; charset=ISO-8859-8-I", "שלום"),
        ("é".encode(), "text/html; charset=rot13", "é"),
        (b"+ADw-b+AD4-", "text/html; charset=utf-7", "+ADw-b+AD4-"),
        (b"\\u0041 \xc3\xa9", "text/html; charset=unicode_escape", "\\u0041 é"),
        (b"xn--e1afmkfd", "text/html; charset=idna", "xn--e1afmkfd"),
    ],
)
def test_charsets(payload: bytes, kind: str, text: str) -> None:
    assert page(payload, kind=kind).text == text


@pytest.mark.parametrize("payload", [b"", b"   ", b"<!-- -->", b"<div>" * 100_000])
def test_nothing_to_read_is_unreadable(payload: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(page(payload))


def test_deep_but_bounded_nesting_is_read() -> None:
    found = parse(page(b"<h1>A headline of words</h1>" + b"<font>" * 1500 + b"<p>text</p>"))
    assert found.headline == "A headline of words"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "gzip", "deflate", "br", "gzip, deflate", "x"]))
def test_arbitrary_bytes_are_read_or_unreadable(payload: bytes, coding: str) -> None:
    with contextlib.suppress(Unreadable):
        as_json(parse(page(payload, coding), SITE.templates, key_of_picture=SITE.key_of_picture))


TAGS = [
    "p",
    "div",
    "h1",
    "a href=//x",
    "img src=/photo/1.jpg alt=x",
    "figure",
    "figcaption",
    "td",
    "table",
    "li",
    "br",
    "span",
    "b",
    "/p",
    "/div",
    "/h1",
    "/a",
    "/figure",
]
WORDS = [
    "SHARE THIS ARTICLE",
    "Mon Sep 23, 2019 09:34PM",
    "News / Politics",
    "Press TV, Tehran",
    "(IRNA photo)",
    "\x00",
    "\ud800",
    "x" * 90,
    "website can also be accessed at the following alternate addresses:",
]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(TAGS).map(lambda t: f"<{t}>"), st.sampled_from(WORDS)), max_size=40))
def test_any_soup_of_tags_and_words_is_read_or_unreadable(parts: list[str]) -> None:
    soup = Page.from_text("https://www.presstv.ir/Detail/2019/09/23/606960/x", NOW, "<title>PressTV-x</title>" + "".join(parts))
    try:
        article = parse(soup, SITE.templates, key_of_picture=SITE.key_of_picture)
    except Unreadable:
        return
    assert all(b.image is None or b.image < len(article.images) for b in article.blocks)


@pytest.mark.parametrize(
    "begin", ["<title>A</title>", "<html><head><title>A</title><meta name=x content=y>", "<html><title>A</title><script>1</script>"]
)
@pytest.mark.parametrize(
    "rest", ["<main><h1>B</h1></main>", "<header>Menu</header><div><h1>B</h1></div>", "<article><h1>B</h1></article><p>C</p>"]
)
def test_a_page_without_the_tags_that_may_be_left_out(begin: str, rest: str) -> None:
    page = Page.from_text("https://a.example/", datetime(2026, 1, 1, tzinfo=UTC), begin + rest)
    assert page.xpath("string(//body//h1)").get() == "B"
    assert [node.root.tag for node in page.xpath("//head/*")][:1] == ["title"]
    assert not page.xpath("//head//h1")
    whole = Page.from_text("https://a.example/", datetime(2026, 1, 1, tzinfo=UTC), f"<html><head></head><body>{rest}</body></html>")
    assert "".join(page.root.find("body").itertext()) == "".join(whole.root.find("body").itertext())


TEXT = "The council has decided after four hours of debate that the old swing bridge will be kept and repaired in the spring. "


def seen(html: str) -> tuple[str, list[str], tuple[str, ...]]:
    page = Page.from_text("https://a.example/", NOW, html)
    text = " ".join("".join(page.root.find("body").itertext()).split())
    return text, page.xpath("//a/@href").getall(), page.problems


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<html><head><title>t</title></head></html><body><p>A <a href=/x>x</a>", "A x"),
        ("<html><body><p>A</p></body></html> and <a href=/x>x</a> text<p>more</p>", "A and x text more"),
        ("<html><body><p>A</p></body></html><div><a href=/x>x</a></div></html><p>c</p>", "A xc"),
        ("<html><body>junk</body></html><!doctype html><html lang=en><head><title>t</title></head><body><p>A <a href=/x>x</a></p></body></html>", "junkA x"),
        ("<p>A <a href=/x>x</a></p></html>b", "A xb"),
    ],
)
def test_what_stands_behind_the_end_tag_is_read(html: str, text: str) -> None:
    found, links, problems = seen(html)
    assert found.replace(" ", "") == text.replace(" ", "")
    assert links == ["/x"]
    assert problems == ("content behind </html>",)


@pytest.mark.parametrize("odd", ["\x1a", "\x0c", "&#1;", "\ufffe", "\x7f"])
def test_a_control_character_behind_the_end_tag_is_no_fault(odd: str) -> None:
    page = f"<html><body><p>A</p>{odd}</body></html><html x='{odd}'>{odd} and<body class='{odd}'>{odd} more <a href=/x>x</a>"
    assert "A and more x" in " ".join(re.sub("[^A-Za-z]+", " ", seen(page)[0]).split())


@pytest.mark.parametrize("behind", ["", "\n<!-- 0.2 s -->\n", "<script>count()</script>", "\n\n"])
def test_what_nobody_sees_behind_the_end_tag_is_not_told(behind: str) -> None:
    assert seen(f"<html><body><p>A</p></body></html>{behind}")[2] == ()


def test_a_second_document_gives_its_head_and_language() -> None:
    page = Page.from_text("https://a.example/", NOW, f"<html><body></body></html><!doctype html><html lang=tr><head><title>t</title><meta name=x content=y></head><body class=z><h1>A headline of words</h1><p>{TEXT * 3}</p>")
    assert page.xpath("//html/head/meta/@content").getall() == ["y"]
    assert (page.root.get("lang"), page.root.find("body").get("class")) == ("tr", "z")
    article = parse(page)
    assert article.headline == "A headline of words"
    assert "swing bridge" in article.body
    assert "content behind </html>" in article.problems


@pytest.mark.parametrize("tag", ["x-app", "button", "picture", "details", "label", "time", "search", "svg"])
def test_any_element_opens_the_body(tag: str) -> None:
    page = Page.from_text("https://a.example/", NOW, f"<title>t</title><{tag}><p>Hello</p></{tag}><p>World")
    assert "".join(page.root.find("body").itertext()) == "HelloWorld"
    assert [node.root.tag for node in page.xpath("//head/*")] == ["title"]


def test_a_page_that_was_read_is_gone_at_once() -> None:
    # A reference back to the page from what it keeps would hold its tree until the next collection of circles: 30 MB more in a crawl.
    text = f"<html><head><title>A headline</title><base href='/x/'></head><body><h1>A headline</h1><p>{TEXT * 9} <a href=y>z</a></p><img srcset='a.jpg 900w' alt=b></body></html>"
    page: Page | None = Page.from_text("https://a.example/", NOW, text)
    assert page is not None
    gc.disable()
    try:
        parse(page)
        page_links(page)
        page_requisites(page)
        left, page = weakref.ref(page), None
        assert left() is None
    finally:
        gc.enable()
