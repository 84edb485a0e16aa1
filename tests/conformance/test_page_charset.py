"""The charset of a page in the queries of its links, and its base address, wherever an address is taken from it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.parsers.document.flow import flow
from crawler.parsers.document.page import Page
from crawler.parsers.encoding.charset_labels import codec_of
from crawler.parsers.encoding.encoders import encoder_of
from crawler.parsers.generic.generic import read_generic
from crawler.parsers.links.page_links import page_links, page_refresh
from crawler.parsers.listings.feeds import read_feed
from crawler.requisites.of_page import page_requisites

NOW = datetime(2026, 11, 28, tzinfo=UTC)
URL = "https://news.example/a/b"


def page(html: str, charset: str | None, *, codec: str | None = None, url: str = URL) -> Page:
    label = f"; charset={charset}" if charset else ""
    payload = html.encode(codec or codec_of(charset or "utf-8") or "utf-8", "xmlcharrefreplace")
    return Page.from_payload(url=url, date=NOW, headers=[("Content-Type", f"text/html{label}")], payload=payload)


def asked(html: str, charset: str | None, codec: str | None = None) -> list[str]:
    return [link.url.removeprefix("https://news.example") for link in page_links(page(html, charset, codec=codec))]


CHARSETS = [
    ("windows-1251", "Иран", "%C8%F0%E0%ED"), ("koi8-r", "Иран", "%E9%D2%C1%CE"), ("iso-8859-1", "café", "caf%E9"), ("windows-1252", "“x”€", "%93x%94%80"),
    ("shift_jis", "新聞", "%90V%95%B7"), ("euc-jp", "新聞①", "%BF%B7%CA%B9%AD%A1"), ("iso-2022-jp", "新a", "%1B$B?7%1B(Ba"), ("gb2312", "新€", "%D0%C2%80"),
    ("gb18030", "新€𠀀", "%D0%C2%A2%E3%952%826"), ("big5", "新聞", "%B7s%BBD"), ("euc-kr", "신문", "%BD%C5%B9%AE"), ("windows-1255", "שלום", "%F9%EC%E5%ED"),
    ("utf-8", "Иран", "%D0%98%D1%80%D0%B0%D0%BD"), ("utf-16le", "é", "%C3%A9"),
]  # fmt: skip


@pytest.mark.parametrize(("charset", "word", "query"), CHARSETS)
def test_a_query_is_sent_in_the_charset_of_the_page_and_a_path_in_utf8(charset: str, word: str, query: str) -> None:
    html = f"<html><body><p>{word}</p><a href='/s?q={word}&b=1'>x</a> <a href='/p/&eacute;'>y</a></body></html>"
    assert asked(html, charset) == [f"/s?q={query}&b=1", "/p/%C3%A9"]


@pytest.mark.parametrize(
    ("charset", "written", "query"),
    [
        ("windows-1251", "&#1048;", "%C8"), ("windows-1251", "&eacute;", "%26%23233%3B"), ("koi8-r", "†&#8224;", "%26%238224%3B%26%238224%3B"),
        ("iso-8859-1", "&#128512;", "%26%23128512%3B"), ("windows-1251", "%D0%98&amp;'", "%D0%98&%27"), ("shift_jis", "&yen;&oline;&#8722;", "\\~%81|"),
        ("gbk", "&#131072;", "%26%23131072%3B"), ("big5", "&#8224;", "%26%238224%3B"), ("utf-8", "&eacute;", "%C3%A9"),
    ],
)  # fmt: skip
def test_what_a_charset_lacks_is_sent_as_a_reference(charset: str, written: str, query: str) -> None:
    html = f"<p>text</p><a href=\"/s?q={written}\">x</a>".replace("†", "&#8224;")
    assert asked(html, charset) == [f"/s?q={query}"]


def test_the_charset_that_the_text_was_read_in_counts_not_the_one_that_is_named() -> None:
    words = "Über die Brücke führt kein Weg für Fußgänger, hörten wir."
    html = f"<p>{words}</p><a href='/s?q=ü'>x</a>"
    assert asked(html, "windows-1251", "utf-8") == ["/s?q=%C3%BC"]
    assert asked("\ufeff" + html, "koi8-r", "utf-8") == ["/s?q=%C3%BC"]
    assert asked("<meta charset=koi8-r><p>only ASCII <a href='/s?q=&#1048;'>x</a>", None) == ["/s?q=%E9"]
    assert [link.url for link in page_links(Page.from_text(URL, NOW, html))] == ["https://news.example/s?q=%C3%BC"]


EVERYWHERE = """<html><head><base href="/c/é/?y=é"><title>Ein Titel</title>
<link rel=canonical href="ü?c=ü"><link rel=alternate type="application/rss+xml" href="?f=ü"><meta http-equiv=refresh content="900;url=r?r=ü">
<link rel=stylesheet href="s.css?s=ü"></head><body>
<article><h1>Ein Titel für alle Fälle</h1><figure><img srcset="a.jpg?i=ü 300w, b.jpg?i=ü 900w" src="a.jpg?i=ü"><figcaption>Foto: Ada Lovelace / dpa</figcaption></figure>
<p>Die Brücke über den Fluß ist gesperrt, <a href="l?l=ü">hörten wir</a>, und das bleibt nach Auskunft der Behörden noch lange so.</p>
<video poster="v.jpg?p=ü"></video><iframe src="f.html?e=ü"></iframe></article></body></html>"""


def test_base_and_charset_hold_wherever_an_address_is_taken_from_a_page() -> None:
    found = page(EVERYWHERE, "iso-8859-1")
    base = "https://news.example/c/%C3%A9/"
    assert found.base == f"{base}?y=%E9"
    links = {link.url for link in page_links(found)}
    assert links == {f"{base}%C3%BC?c=%FC", f"{base}?f=%FC", f"{base}r?r=%FC", f"{base}l?l=%FC", f"{base}f.html?e=%FC"}
    assert (refresh := page_refresh(found)) is not None
    assert refresh.url == f"{base}r?r=%FC"
    assert {f"{base}s.css?s=%FC", f"{base}a.jpg?i=%FC", f"{base}b.jpg?i=%FC", f"{base}v.jpg?p=%FC"} <= set(page_requisites(found))
    pieces = flow(found)
    assert {piece.picture for piece in pieces if piece.picture} == {f"{base}b.jpg?i=%FC", f"{base}v.jpg?p=%FC"}
    assert [link.url for piece in pieces for link in piece.links] == [f"{base}l?l=%FC"]
    article = read_generic(found)
    assert article.canonical_url == f"{base}%C3%BC?c=%FC"
    assert [image.url for image in article.images][:1] == [f"{base}b.jpg?i=%FC"]


@pytest.mark.parametrize(
    ("head", "link"),
    [
        ("<base href='/x/'><base href='/y/'>", "/x/l"), ("<base target=_top><base href='/y/'>", "/y/l"), ("<base href='javascript:x'>", "/a/l"),
        ("<base href='data:,x'>", "/a/l"), ("<base href=''>", "/a/l"), ("<template><base href='/x/'></template>", "/a/l"), ("<base href='http://[x/'>", "/a/l"),
        ("<base href='..//z/'>", "//z/l"), ("<base href='?q'>", "/a/l"), ("<base href='https:/z/'>", "/z/l"),
    ],
)  # fmt: skip
def test_the_first_base_that_is_an_address_counts(head: str, link: str) -> None:
    assert asked(f"<html><head>{head}</head><body><p>text <a href=l>x</a></body></html>", None) == [link]


def test_a_feed_is_utf8_whatever_its_charset() -> None:
    feed = "<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><item><title>t</title><link>https://news.example/s?q=é</link></item></channel></rss>"
    found = read_feed(feed.encode("latin-1"), "https://news.example/rss.xml")
    assert [entry.url for entry in found.entries] == ["https://news.example/s?q=%C3%A9"]


def test_every_charset_sends_back_what_it_reads() -> None:
    for codec in ("cp1251", "cp874", "koi8-u", "mac-cyrillic", "iso8859-16", "cp932", "euc-jp", "cp949", "gbk", "gb18030", "big5hkscs"):
        encode = encoder_of(codec)
        assert encode is not None
        assert encode("A%~\\") == b"A%~\\"
        assert encode("\U000e0001") == (b"\xd3\x36\x95\x39" if codec == "gb18030" else b"%26%23917505%3B")
    assert encoder_of("utf-8") is encoder_of("utf-16-be") is encoder_of("replacement") is None


def test_links_that_a_rule_of_ours_refuses_are_counted_and_those_that_nobody_follows_are_not() -> None:
    hrefs = ["http://ada@b.example/", "//:x@b.example", "http://b.example:0/", "http://{{host}}/", "//a..b/", "/" + "x" * 2050, "mailto:a@b.example", "javascript:x", "http://[x/", "#", "", "/x"]
    found = page("".join(f'<a href="{href}">x</a>' for href in hrefs), None)
    assert [link.url for link in page_links(found)] == [URL, "https://news.example/x"]
    assert found.left_out == {
        "links not asked for: user name": 2, "links not asked for: port 0": 1, "links not asked for: host name": 2, "links not asked for: over 2048 characters": 1,
    }  # fmt: skip
