"""Feeds and sitemaps that no standard allows or that few readers read: every entry is had, and what may be missing is told."""

import gzip
import time
from datetime import UTC, datetime

import pytest
from outcomes import read, reason_of

from crawler.items import Capture, LeasedRequest, Target, Unusable, Usable
from crawler.parsers.dates.list_dates import when
from crawler.parsers.listings.feeds import read_feed
from crawler.parsers.listings.recognise import list_in
from crawler.parsers.listings.sitemaps import read_sitemap
from crawler.sites.known import WEB

BASE = "https://news.example/feeds/rss.xml"
HERE = "https://news.example/"

FAULTS = {
    "stray <": ["a < b", "I <3 you", "x <- y", "x <", "1<2", "a <= b <> c", "<", "<<<", "a <\t b", "«<»", "<é>"],
    "declarations": ["<! [CDATA[a]]>", "<!DOCTYPE html>", "<!-> a", "<!>", "<!doctype", "<!ENTITY x 'y'>", "<![cdata[a]]>", "<![if IE]>", "<![CDATA a"],
    "left open": [
        "<!-- a", "<!-- a --", "<![CDATA[a", "<![CDATA[<b>a</b>", "<?php echo", "<?php echo '<b>'", "<?xml version='1.0'", '<a href="x>q</a>', "<a href='x>q</a>",
        '<img alt="it"s">', "<b <i>", "<b", "<img src=", "<p title='a", "<a b=\"<c>\"",
    ],
    "comments": ["<!-- a --->", "<!-- a -- b -->", "<!---->", "<!-->", "<!--->", "<!-- <item> -->", "<!-- a --><!-- b --->", "<!--a--!>x<!-- -->"],
    "nesting": ["a<br>b", "<p>a", "a</b>c", "<b><i>x</b></i>", "<b>x</B>", "</p>", "<ul><li>a<li>b</ul>", "<1a>x</1a>", "<joe@example.org>", "<a:b:c>x</a:b:c>", "<b></i></b></b>"],
    "attributes": ["<img src=a.jpg/>", "<input checked/>", '<a x="1" x="2"/>', '<a title="1 < 2">q</a>', '<a b="1"c="2"/>', '<a xlink:href="x"/>', '<a xmlns:q=""/>', '<a xmlns:q="{}"/>'],
    "references": ["&#0;", "&#x1F;", "&#x110000;", "&#xFFFF;", "&#xD83D;", "&#55357;&#56832;", "&#xDE00;&#xD83D;", "&foo;", "&", "&#;", "&#x;", "&#99999999999999;", "&nbsp;&eacute;&CounterClockwiseContourIntegral;"],
    "other": ["a\x08b", "a\x00b", "a ]]> b", "<script>if (a<b && c) {}</script>", "<?php echo 1; ?>", "<foo:bar>x</foo:bar>", "<xmlfoo/>", "\ufffe", "<style>a>b{}</style>"],
}  # fmt: skip


def rss(*items: str) -> str:
    return '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>x</title>' + "\n".join(items) + "</channel></rss>"


def item(n: int, title: str = "t", more: str = "") -> str:
    return f"<item>{more}<title>{title}</title><link>{HERE}{n}</link></item>"


def numbers(found) -> str:
    return "".join(entry.url[-1] for entry in found.entries)


@pytest.mark.parametrize(("kind", "fault"), [(kind, fault) for kind, faults in FAULTS.items() for fault in faults])
def test_a_fault_in_one_entry_costs_none(kind: str, fault: str) -> None:
    places = [item(2, title=fault), item(2, more=f"<description>{fault}</description>"), f"{item(2)[:-7]}<description>{fault}</description></item>"]
    for place in places:
        assert numbers(read_feed(rss(item(1), place, item(3)).encode("utf-8", "surrogatepass"), BASE)) == "123", place
    entries = "".join(f"<entry><title>{fault if n == 2 else 't'}</title><link href='{HERE}{n}'/></entry>" for n in (1, 2, 3))
    assert numbers(read_feed(f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>', BASE)) == "123"
    urls = "".join(f"<url><image:image><image:title>{fault if n == 2 else 't'}</image:title></image:image><loc>{HERE}{n}</loc></url>" for n in (1, 2, 3))
    assert numbers(read_sitemap(f"<urlset xmlns:image='i'>{urls}</urlset>", BASE)) == "123"


@pytest.mark.parametrize(
    "between", ["<!-- x --->", "</item>", "</description>", "<", "<item>", "<item/>", "<p>", "&", "<!--", "]]>", "<!-- " + item(9) + " -->", "</channel>", "</channel></rss>"]
)  # fmt: skip
def test_a_fault_between_entries_costs_none(between: str) -> None:
    assert numbers(read_feed(rss(item(1), between, item(2), item(3)), BASE)) == "123"


@pytest.mark.parametrize(
    "left_open",
    [f"<item><title>a</title><link>{HERE}2</link>", f"<item><title>a<link>{HERE}2</link></item>", f"<item><title>a<link>{HERE}2<guid>x</item>",
     f"<item><link>{HERE}2<title>a</item>", f"<item><link>{HERE}2</link><description><p>x</item>", f"<item><link>{HERE}2</link </item>"],
)  # fmt: skip
def test_an_element_left_open_ends_with_its_entry_or_where_the_next_begins(left_open: str) -> None:
    assert numbers(read_feed(rss(item(1), left_open, item(3)), BASE)) == "123"


@pytest.mark.parametrize(
    "text",
    [rss(item(1), item(2, "<![CDATA[a"), item(3, "<![CDATA[b]]>")), rss(item(1), item(2, "<!-- a"), item(3, "<!-- b -->")), rss(item(1), item(2, "<![CDATA[a"), item(3, "<![CDATA[b]]></i>"))],
)  # fmt: skip
def test_a_section_left_open_does_not_end_with_the_next_one(text: str) -> None:
    found = read_feed(text, BASE)
    assert (numbers(found), len(found.problems)) == ("123", 1)


@pytest.mark.parametrize("doctype", ["<!DOCTYPE rss [ ]>", "<!doctype rss SYSTEM 'x.dtd'>", "<!DOCTYPE rss PUBLIC '-//N//DTD' 'http://n.example/rss.dtd' [<!ELEMENT rss ANY>]>"])
def test_a_dtd_that_defines_no_entities_is_passed_over(doctype: str) -> None:
    assert numbers(read_feed(f"<?xml version='1.0'?>{doctype}<rss><channel>{item(1)}</channel></rss>", BASE)) == "1"


@pytest.mark.parametrize("doctype", ["<!DOCTYPE rss [<!ENTITY a '<rss><channel><item><link>/9</link></item></channel></rss>'>]>", "<!doctype rss [<!entity % p SYSTEM 'file:///etc/hostname'> %p;]>"])
def test_a_dtd_that_defines_entities_is_refused(doctype: str) -> None:
    found = read_feed(f"{doctype}<rss><channel>{item(1, '&a;&p;')}</channel></rss>", BASE)
    assert (found.entries, found.problems) == ((), ("document brings a DTD: refused",))


def test_a_json_feed_has_the_items_that_came_whole() -> None:
    text = '{"version": "https://jsonfeed.org/version/1", "title": "x", "items": [{"url": "/1", "title": "a\nb"}, {"url": "/2"}, {"url": "/3"'
    found = read_feed(text, BASE)
    assert (found.kind, numbers(found), len(found.problems)) == ("json", "12", 1)
    assert "cut off" in found.problems[0]
    assert numbers(read_feed(text + "}]}", BASE)) == "123"


def test_well_formed_text_and_the_same_behind_a_fault_give_the_same_entries() -> None:
    from crawler.parsers.markup.xml import XmlEntries
    from crawler.parsers.markup.xml_names import local

    text = (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<channel><title>T</title></channel><item rdf:about='/1'><title>a &amp;amp; b<![CDATA[<c>&amp;]]></title><dc:date>2026-01-02</dc:date>"
        "<link a=\"x>y\" b='&lt;'>/1</link><x:y xmlns:x='n'/></item><!-- <item/> --><item><title><b>1</b>2<i>3</i>4</title><link>/2</link></item></rdf:RDF>"
    )
    both = []
    for document in (text, text.replace("</channel>", "</b></channel>")):
        read = XmlEntries(document, frozenset({"item"}))
        both.append([[(local(e), e.text, e.tail, sorted(e.items())) for e in entry.iter()] for entry in read])
        assert bool(read.problems) == (document is not text)
    assert both[0] == both[1]
    assert len(both[0]) == 2


HOSTILE = (
    "<", "<a ", "<a", '<a "', "<!--", "<![CDATA[", "<?", "<!D", "</a", "</a>", "<a>", "<a b='<", "&", "<item>", "<item/>", "<item><title>", "]]>", "x<i>y</i>",
    "<a:b xmlns:a='x'>", "<title><item></b>", '<a "< ', "<?</b>", "<![CDATA[</b>", "<!--</item>", "&#55357;", "<a b=c ", "<item><!--", "<link>",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_more_time_than_its_length_allows(piece: str) -> None:
    def seconds(length: int) -> float:
        started = time.process_time()
        read_feed("<rss><channel><item></b>" + piece * (length // len(piece)), BASE)
        return time.process_time() - started

    assert seconds(80_000) < 40 * max(seconds(20_000), 0.01)


ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">{}</rdf:RDF>'
RSS = "<rss><channel>{}</channel></rss>"
A = f"{HERE}a"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ATOM.format(f"<entry><id>{A}</id></entry>"), [A]),
        (ATOM.format(f"<entry><id>{A}</id><link rel='self' href='/self'/><link rel='enclosure' href='/x.mp3'/></entry>"), [A]),
        (ATOM.format("<entry><id>/a</id></entry>"), [A]),
        (ATOM.format(f"<entry><id>/other</id><link href='{A}'/></entry>"), [A]),
        (ATOM.format("<entry><id>/two words</id></entry>"), []),
        (ATOM.format("<entry><id>right</id></entry>"), []),
        (ATOM.format("<entry><id>tag:news.example,2026:1</id><link rel='enclosure' href='/x.mp3'/></entry>"), []),
        (ATOM.format(f"<entry><link>{A}</link></entry>"), [A]),
        (ATOM.format(f"<entry><link rel='http://www.iana.org/assignments/relation/alternate' href='{A}'/></entry>"), [A]),
        (ATOM.format(f"<entry><link rel='HTTP://www.IANA.org/assignments/link-relations/alternate' href='{A}'/></entry>"), [A]),
        (ATOM.format(f"<entry><link rel=' ALTERNATE ' href='{A}'/></entry>"), [A]),
        (ATOM.format(f"<entry><link rel='' href='{A}'/></entry>"), [A]),
        (ATOM.format(f"<entry><source><link href='/other'/><id>{HERE}o</id></source><link href='{A}'/></entry>"), [A]),
        (ATOM.format(f"<entry><source><id>{HERE}o</id><link href='/o'/></source></entry>"), []),
        (ATOM.format(f"<entry><content type='xhtml'><div><item><link>/z</link></item><entry><link href='/z'/></entry></div></content><link href='{A}'/></entry>"), [A]),
        (RSS.format(f"<item><guid isPermaLink='false'>{A}</guid></item>"), [A]),
        (RSS.format("<item><guid isPermaLink='true'>/a</guid></item>"), [A]),
        (RSS.format("<item><guid isPermaLink='TRUE'>../a</guid></item>"), [A]),
        (RSS.format("<item><guid>/a</guid></item>"), [A]),
        (RSS.format("<item><guid>12345</guid></item>"), []),
        (RSS.format("<item><guid isPermaLink='false'>/a</guid></item>"), []),
        (RSS.format(f"<item><guid isPermaLink='false'>{HERE}g</guid><link>{A}</link></item>"), [A]),
        (RSS.format(f"<item><link/><guid>{A}</guid></item>"), [A]),
        (RSS.format(f"<item xmlns:atom='http://www.w3.org/2005/Atom'><atom:link rel='self' href='/s'/><atom:link href='{A}'/></item>"), [A]),
        (RSS.format(f"<item><source url='/s'>x</source><enclosure url='/e.mp3'/><link>{A}</link></item>"), [A]),
        (RSS.format("<item><enclosure url='/e.mp3'/></item>"), []),
        (RSS.format(f"<item><feedburner:origLink>{A}</feedburner:origLink></item>"), [A]),
        (RSS.format(f"<item><link>http://feedproxy.google.com/~r/x/~3/1</link><feedburner:origLink>{A}</feedburner:origLink></item>"), [A]),
        (RSS.format(f"<item><link>{A}</link><feedburner:origLink>{HERE}b</feedburner:origLink></item>"), [A]),
        (RSS.format(f"<item><link>{A}</link><link>{HERE}b</link></item>"), [A]),
        (RSS.format(f"<item><media:content url='/x.jpg'><media:link>/x</media:link></media:content><link>{A}</link></item>"), [A]),
        (RSS.format(f"<item><link>\n  {HERE}\n  a\n</link></item>"), [A]),
        (RSS.format("<item><link>news.example/a</link></item>"), [A]),
        (RSS.format(f"<ITEM><LINK>{A}</LINK></ITEM>"), [A]),
        (RDF.format(f"<item rdf:about='{A}'><title>t</title></item>"), [A]),
        (RDF.format(f"<item about='{A}'><title>t</title></item>"), [A]),
        (f"<rss xml:base='{HERE}x/y'><channel xml:base='../w/'><item xml:base='v/'><link>a</link></item></channel></rss>", [f"{HERE}w/v/a"]),
        (f"<feed xml:base='{HERE}w/'><entry><link xml:base='v/' href='a'/></entry></feed>", [f"{HERE}w/v/a"]),
        (f"<feed xml:base='{HERE}w/'><entry><link href='a'/></b></entry></feed>", [f"{HERE}w/a"]),
        (f"<rss><channel><item><link>{A}</link><description>half", [A]),
        (f"<rss><channel><item><title>x</title><link>{A}</link", [A]),
        ("<rss><channel><item><title>x</title><link>https://news.example/half-of", []),
        (f"<feed><entry><link href='{A}'/><summary>half", [A]),
        ("<feed><entry><link href='https://news.example/half", []),
    ],
)  # fmt: skip
def test_an_address_is_found_wherever_it_stands(text: str, found: list[str]) -> None:
    assert [entry.url for entry in read_feed(text, BASE).entries] == found


MAP = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</urlset>"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<sitemapindex><sitemap><loc>/a</loc><loc>/b</loc></sitemap></sitemapindex>", [A, f"{HERE}b"]),
        (MAP.format("<url><loc><url>/a</url></loc></url>"), [A]),
        (MAP.format("<url></b><loc><url>/a</url></loc></url>"), [A]),
        (MAP.format("<url><loc>news.example/a</loc></url><url><loc>www.news.example/a</loc></url>"), [A, "https://www.news.example/a"]),
        (MAP.format("<url xmlns:image='i'><image:loc>/x.jpg</image:loc><loc>/a</loc></url>"), [A]),
        (MAP.format("<url><image:image><image:loc>/x.jpg</image:loc></image:image><loc>/a</loc></url>"), [A]),
        (MAP.format("<url><loc>/a</loc><url><loc>/b</loc></url>"), [A, f"{HERE}b"]),
        (MAP.format(f"<url><loc>{A}</loc><lastmod>2026-"), [A]),
        (f"<sitemapindex><sitemap>\n{A}\n</sitemap><sitemap>words</sitemap></sitemapindex>", [A]),
        (MAP.format(f"<url><loc>{A}</lo")[:-9], [A]), (MAP.format(f"<url><loc>{A}</")[:-9], []), (MAP.format(f"<url><loc>{A}")[:-9], []),
        (MAP.format("<loc>/a</loc><loc>/b</loc>"), [A, f"{HERE}b"]), (MAP.format("<loc>/a</loc></b><loc>/b<loc>/c</loc>"), [A, f"{HERE}b", f"{HERE}c"]),
        (MAP.format("<loc>/a</loc><loc>https://news.example/hal")[:-9], [A]), (MAP.format("<sitemap>https://news.example/hal")[:-9], []),
        ("; ours\n// of today\nhttps://news.example/a\n", [A]), ("//news.example/a\n//news.example/b\n", [A, f"{HERE}b"]),
        (f"<URLSET><URL><LOC>{A}</LOC></URL></URLSET>", [A]),
        ("\ufeff# ours\n\nhttps://news.example/a # first\nhttps://news.example/b\n", [A, f"{HERE}b"]),
        ("news.example/a\nnews.example/b?x=1\n", [A, f"{HERE}b?x=1"]),
        ("https://news.example/a\t2026-01-01\r\nhttps://news.example/b 0.5\n", [A, f"{HERE}b"]),
        ("https://news.example/a, 2026-01-01\nhttps://news.example/b,weekly", [A, f"{HERE}b"]),
        ("https://news.example/a https://news.example/b\nhttps://news.example/c", [A, f"{HERE}b", f"{HERE}c"]),
        (MAP.format("<url><loc>&lt;![CDATA[https://news.example/a]]&gt;</loc></url><url><loc>'/b'</loc></url>"), [A, f"{HERE}b"]),
        ("https://news.example/a?x=1,2", [f"{A}?x=1,2"]),
    ],
)  # fmt: skip
def test_an_address_of_a_sitemap_is_found_wherever_it_stands(text: str, found: list[str]) -> None:
    assert [entry.url for entry in read_sitemap(text.encode(), BASE).entries] == found


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("; sitemap\n// of today\nhttps://news.example/1\n", True), ("# sitemap\nhttps://news.example/1\n", True), ("https://news.example/1\t2026-01-01\t0.5\n", True), ("news.example/1\nnews.example/2\n", True),
        ("Warning: cache is cold\n<?xml version='1.0'?>\n<rss version='2.0'>", True), ("<br />\n<b>Notice</b>: x in <b>/a.php</b><br />\n<?xml version='1.0'?><urlset>", True),
        ("<p>How to write <?xml version='1.0'?><rss></p>", True), ("<html><pre><?xml version='1.0'?><rss>", False), ("Read news.example/1 today", False),
        ("# a heading\nand words", False), ("# a comment alone\n", False), ("<p>A <rss> feed is</p>", False), ("example", False), ("", False),
    ],
)  # fmt: skip
def test_a_list_is_known_by_its_bytes(text: str, listed: bool) -> None:
    assert list_in(text, "text/plain") is listed


def test_of_several_addresses_each_has_the_time_that_follows_it() -> None:
    text = "<sitemapindex><sitemap><loc>/a</loc><lastmod>2026-01-02</lastmod><loc>/b</loc><loc>/c</loc><lastmod>2026-01-03</lastmod></sitemap></sitemapindex>"
    assert [entry.modified and entry.modified.day for entry in read_sitemap(text, BASE).entries] == [2, None, 3]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<channel><item><link>/a</link></item></channel>", "rss"), ("<Channel xmlns='http://purl.org/net/rss1.1#'><items><item><link>/a</link></item></items></Channel>", "rss"),
        ("<entry><link href='/a'/></entry>", "atom"), ("<page><item>words</item></page>", None),
    ],
)  # fmt: skip
def test_a_feed_is_known_by_its_entries_where_its_root_is_none_of_a_feed(text: str, kind: str | None) -> None:
    found = read_feed(text, BASE)
    assert (found.kind, [entry.url for entry in found.entries], len(found.problems)) == (kind, [A] if kind else [], 1)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<url><loc>/a</loc></url>", "urlset"), ("<maps><sitemap><loc>/a</loc></sitemap></maps>", "index"), ("<urlset><sitemap><loc>/a</loc></sitemap></urlset>", "index"),
        ("<sitemapindex><url><loc>/a</loc></url></sitemapindex>", "index"), ("<urlset><url><loc>/a</loc></url></urlset>", "urlset"),
    ],
)  # fmt: skip
def test_a_sitemap_is_known_by_its_entries(text: str, kind: str) -> None:
    assert (read_sitemap(text, BASE).kind, [entry.url for entry in read_sitemap(text, BASE).entries]) == (kind, [A])


NEWS = "新聞 новости خبر"


@pytest.mark.parametrize(
    ("charset", "declared", "http"),
    [(codec, declared, http) for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig", "utf-8")
     for declared, http in ((None, None), ("utf-8", None), ("utf-16", "utf-16"), (None, "iso-8859-1"))],
)  # fmt: skip
def test_unicode_is_known_by_its_first_bytes(charset: str, declared: str | None, http: str | None) -> None:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    found = read_feed((prolog + rss(item(1, NEWS)).partition("\n")[2]).encode(charset), BASE, charset=http)
    assert [(entry.url, entry.title) for entry in found.entries] == [(f"{HERE}1", NEWS)]


@pytest.mark.parametrize(
    ("label", "codec", "title"),
    [
        ("x-sjis", "shift_jis", "新聞"), ("Shift-JIS", "shift_jis", "新聞"), ("big5-hkscs", "big5hkscs", "新聞"), ("tis-620", "tis-620", "ข่าว"), ("ks_c_5601-1987", "cp949", "뉴스"),
        ("iso-2022-jp", "iso2022-jp", "新聞"), ("macintosh", "mac-roman", "Übung"), ("koi8-r", "koi8-r", "новости"), ("windows-1256", "cp1256", "خبر"), ("x-gbk", "gb18030", "新闻"),
        ("cp1251", "cp1251", "новости"), ("EUC-JP", "euc-jp", "新聞"), ("l2", "iso8859-2", "zpráva"), ("hebrew", "iso8859-8", "חדשות"),
    ],
)  # fmt: skip
def test_a_charset_is_known_by_its_label_in_the_document_or_in_http(label: str, codec: str, title: str) -> None:
    text = rss(item(1, title)).partition("\n")[2]
    assert read_feed(f'<?xml version="1.0" encoding="{label}"?>{text}'.encode(codec), BASE).entries[0].title == title
    assert read_feed(text.encode(codec), BASE, charset=label).entries[0].title == title


@pytest.mark.parametrize(
    ("text", "url", "title"),
    [
        (rss(f"<item><title>caf\xe9</title><link>{HERE}caf\xe9?q=\xfc</link></item>").partition("\n")[2].encode("latin-1"), f"{HERE}caf%E9?q=%FC", "café"),
        (rss(f"<item><title>caf\xe9</title><link>{HERE}caf\xe9</link></item>").encode("latin-1"), f"{HERE}caf%E9", "café"),
        (rss(item(0, "новости дня и ночи из всех городов")).encode() .replace(b"/0<", b"/caf\xe9<"), f"{HERE}caf%E9", "новости дня и ночи из всех городов"),
        (rss(f"<item><title>caf\xe9</title><link>{HERE}caf\xe9</link></item>").replace("utf-8", "latin1").encode("latin-1"), f"{HERE}caf%C3%A9", "café"),
    ],
)  # fmt: skip
def test_bytes_that_nobody_explains_are_asked_for_as_they_are(text: bytes, url: str, title: str) -> None:
    assert [(entry.url, entry.title) for entry in read_feed(text, BASE).entries] == [(url, title)]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<media:title xmlns:media='http://search.yahoo.com/mrss/'>photo</media:title><title>The headline</title>", "The headline"),
        ("<media:title>photo</media:title><title>The headline</title>", "The headline"), ("<media:title>photo</media:title>", None),
        ("<image><title>photo</title></image><title>The headline</title>", "The headline"), ("<dc:title>The headline</dc:title>", "The headline"),
        ("<title type='html'>A &amp;amp; B &lt;b&gt;c&lt;/b&gt;</title>", "A & B c"), ("<title type='text'>The &lt;b&gt; tag &amp;amp;</title>", "The <b> tag &amp;"),
        ("<title>Iran&amp;#8217;s</title>", "Iran’s"), ("<title>A &amp;amp;amp; B</title>", "A & B"), ("<title><![CDATA[Iran&#8217;s &amp; <i>more</i>]]></title>", "Iran’s & more"),
        ("<title>one&lt;br/&gt;two</title>", "one two"), ("<title>I &lt;3 you &amp; 1 &lt; 2</title>", "I <3 you & 1 < 2"), ("<title>List&lt;String&gt;</title>", "List<String>"), ("<title>a &lt;b and c&gt; d</title>", "a <b and c> d"),
        ("<title>&lt;a href='x' title=\"&gt;\"&gt;a&lt;/a &gt; &lt;img src=x /&gt;b</title>", "a b"),
        ("<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a <b>b</b> &amp;amp; c</div></title>", "a b &amp; c"),
        ("<title type='xhtml'><div>a<br/>b<p>c</p></div></title>", "a b c"), ("<title>&lt;![CDATA[a]]&gt;</title>", "a"), ("<title>a<br>b</title>", "a b"),
        ("<title mode='base64' type='text/html'>PGI+bmV3czwvYj4=</title>", "news"), ("<title>&#X41;&#x42;&#146;</title>", "AB’"), ("<title>AT&T; R&D &copy 5</title>", "AT&T; R&D &copy 5"),
        ("<title> a\n\t b\u00a0 c </title>", "a b c"), ("<title>a&#55357;&#56832;b&#xD83D;c</title>", "a😀bc"), ("<title></title><title>b</title>", "b"),
        ("<title>&lt;script&gt;x()&lt;/script&gt;a &lt;!-- b --&gt;c</title>", "a c"), ("<title>a<!-- b -->c</title>", "ac"), ("<title>Caf&eacute; &hellip;</title>", "Café …"),
    ],
)  # fmt: skip
def test_a_headline_is_plain_text(title: str, shown: str | None) -> None:
    assert read_feed(f"<rss><channel><item>{title}<link>{A}</link></item></channel></rss>", BASE).entries[0].title == shown


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        *((f"Fri, 05 Jan 2018 10:00:00 {zone}", f"2018-01-05T{hour}") for zone, hour in (
            ("+01:00", "09:00"), ("GMT+0100", "09:00"), ("GMT+1", "09:00"), ("UTC-05:00", "15:00"), ("+0100 (CET)", "09:00"), ("(CET)", "09:00"), ("CEST", "08:00"), ("MET", "09:00"),
            ("MSK", "07:00"), ("EST", "15:00"), ("ET", "15:00"), ("PT", "18:00"), ("EDT", "14:00"), ("BST", "09:00"), ("IST", "04:30"), ("JST", "01:00"), ("-0000", "10:00"), ("Z", "10:00"),
            ("UT", "10:00"), ("+0530 IST", "04:30"), ("+5:30", "04:30"), ("", "10:00"), ("\u22120500", "15:00"),
        )),
        ("Wed, 05 Jul 2018 10:00:00 ET", "2018-07-05T14:00"), ("2014-06", "2014-06-01T00:00"), ("2014", "2014-01-01T00:00"), ("Thu, 01 Jan 2004", "2004-01-01T00:00"),
        ("13 Feb, 2012 06:28", "2012-02-13T06:28"), ("Tue, 05 Sept. 2018 10:00:00 GMT", "2018-09-05T10:00"), ("Fri, 05 Jan 2018 10:00 PM GMT", "2018-01-05T22:00"),
        ("Jan 5, 2018 12:30 a.m.", "2018-01-05T00:30"), ("January 5th, 2018 3pm", "2018-01-05T15:00"), ("Fri, 05 Jan 2018 10:00:00 AT", "2018-01-05T14:00"), ("05-Jan-18 10:00:00 GMT", "2018-01-05T10:00"),
        ("5 Jan 98 10:00 GMT", "1998-01-05T10:00"), ("Fri Jan  5 10:00:00 2018", "2018-01-05T10:00"), ("Fri Jan 05 10:00:00 PST 2018", "2018-01-05T18:00"),
        ("Fri Jan 05 2018 10:00:00 GMT+0100 (Central European Time)", "2018-01-05T09:00"), ("Fri Jan 05 10:00:00 +0100 2018", "2018-01-05T09:00"),
        ("2018-01-05T24:00:00Z", "2018-01-06T00:00"), ("2018-01-05 10:00:00 +0100", "2018-01-05T09:00"), ("2018-01-05T10:00:00.123456789-08:00", "2018-01-05T18:00"),
        ("2018-W01-5", "2018-01-05T00:00"), ("2018-005", "2018-01-05T00:00"), ("20180105T101500Z", "2018-01-05T10:15"), ("2018-1-5 9:05", "2018-01-05T09:05"),
        ("2018-01-05T10:00+01", "2018-01-05T09:00"), ("2018-01-05Z", "2018-01-05T00:00"), ("2018/01/05 10:00", "2018-01-05T10:00"), ("Fri, 05/01/2018 10:00", "2018-01-05T10:00"), ("Fri, 01/05/2018", "2018-01-05T00:00"),
        ("Fri, 05 Jan 2018 10:00:00 Europe/Paris", "2018-01-05T09:00"), ("2018-07-05 10:00 America/New_York", "2018-07-05T14:00"), ("Monday, October 8, 2018 - 16:29", "2018-10-08T16:29"), ("2018 January 05", "2018-01-05T00:00"), ("10:00 05.01.2018 +0100", "2018-01-05T09:00"), ("13/01/2018 10:00", "2018-01-13T10:00"),
        ("01/13/2018", "2018-01-13T00:00"), ("13.01.2018, 10:00 Uhr", "2018-01-13T10:00"), ("Fr, 05 Jänner 2018 10:00:00 +0100", "2018-01-05T09:00"), ("ven., 5 janv. 2018 10:00", "2018-01-05T10:00"),
        ("Mar, 06 mar 2018 10:00:00 +0100", "2018-03-06T09:00"), ("Пт, 5 янв 2018 10:00:00 +0300", "2018-01-05T07:00"), ("2018年1月5日 10時00分", "2018-01-05T10:00"), ("2018-01-05 오후 1:00", "2018-01-05T04:00"), ("2018년 1월 5일 10:00 UTC", "2018-01-05T10:00"),
        ("2004-július-13T9:15-05:00", "2004-07-13T14:15"), ("Παρ, 05 Ιαν 2018 10:00:00 EET", "2018-01-05T08:00"), ("1515146400", "2018-01-05T10:00"), ("Fri, 05 Jan 2018 10:00:60 GMT", "2018-01-05T10:00"),
        *((text, None) for text in (
            "Fri, 05 Jan 2018 10:00:00 XYZ", "Fri, 05 Jan 2018 10:00:00 A", "03/04/2018", "Thu, 05/01/2018", "Fri, 05 Jan 2018 10:00:00 Europe/Nowhere", "2018-01-05 10:00 America/Indiana", "2018-02-30", "2018-13", "31 Jun 2018", "2018-01-05T25:00:00Z", "05 Jan", "10:00", "soon", "",
            "0000-00-00 00:00:00", "Mon, 01 Jan 0001 00:00:00 GMT", "2018-01-05T10:00:00+99:00", "2018-01-05 1000", "1-2-3", "5 Jan 2018 7 8", "9" * 5000, "2018-01-05-01", "5.1.2018.7", "Fri, 05 Jan 2018 1:2:3:4 GMT", "2018-01-05T10:00:00+05:99",
        )),
    ],
)  # fmt: skip
def test_a_date_is_the_right_instant_or_none(text: str, instant: str | None) -> None:
    found = when(text)
    assert (found.isoformat()[:16] if found else None) == instant


@pytest.mark.parametrize(
    ("elements", "published", "modified"),
    [
        ("<modified>2026-01-02</modified>", None, "2026-01-02"), ("<created>2026-01-02</created>", "2026-01-02", None), ("<issued>2026-01-02</issued>", "2026-01-02", None),
        ("<atom:updated>2026-01-02</atom:updated>", None, "2026-01-02"), ("<dcterms:created>2026-01-02</dcterms:created><dcterms:modified>2026-01-03</dcterms:modified>", "2026-01-02", "2026-01-03"),
        ("<dcterms:issued>2026-01-02</dcterms:issued>", "2026-01-02", None), ("<dc:date>2026-01-02</dc:date>", "2026-01-02", None),
        ("<pubDate>soon</pubDate><dc:date>2026-01-02</dc:date>", "2026-01-02", None), ("<published>2026-01-02</published><updated>2026-01-03</updated>", "2026-01-02", "2026-01-03"),
        ("<media:content><media:date>2026-01-02</media:date></media:content>", None, None),
    ],
)  # fmt: skip
def test_dates_are_known_by_their_names(elements: str, published: str | None, modified: str | None) -> None:
    for text in (f"<rss><channel><item><link>/1</link>{elements}</item></channel></rss>", f"<feed><entry><link href='/1'/>{elements}</entry></feed>"):
        entry = read_feed(text, BASE).entries[0]
        assert tuple(time and time.isoformat()[:10] for time in (entry.published, entry.modified)) == (published, modified)


def asked_for(role: str, body: bytes, kind: str = "text/xml") -> Usable | Unusable:
    capture = Capture(
        target=Target(url=BASE, site="web", role=role, key=BASE), record_id="urn:uuid:x", host="news.example",
        date=datetime(2026, 11, 28, tzinfo=UTC), warc="w", offset=0, length=1, status=200,
    )  # fmt: skip
    return read(WEB, LeasedRequest(target=Target(key=BASE, url=BASE, site="web", role=role)), capture, (("content-type", kind),), body)


WARNING = "<br />\n<b>Warning</b>:  x in <b>/a.php</b> on line <b>1</b><br />\n<?xml version='1.0'?>"
ONE = "<rss version='2.0'><channel><item><title>новости дня</title><link>/a</link></item></channel></rss>"
JSON = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/a", "title": "новости дня"}]}'


@pytest.mark.parametrize("role", ["feed", "sitemap", "page"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ONE.encode("cp1251"), "application/rss+xml; charset=windows-1251"), (ONE.encode("utf-16-le"), "text/xml"), (ONE.encode("utf-32"), "text/xml"),
        (ONE.encode("utf-32-be"), "text/xml"), ((WARNING + ONE).encode(), "text/html"), (JSON.encode(), "application/feed+json"), (gzip.compress(ONE.encode()), "application/gzip"),
        (("<!-- x -->" * 900 + ONE).encode(), "text/xml"), ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>новости дня</a:title><a:link href='/a'/></a:entry></a:feed>".encode(), "text/xml"),
    ],
)  # fmt: skip
def test_what_a_list_is_asked_for_as_makes_no_difference(role: str, body: bytes, kind: str) -> None:
    found = asked_for(role, body, kind)
    assert [(link.url, link.text) for link in found.links] == [(A, "новости дня")]
    assert (reason_of(found), found.left_out, found.unfinished) == (None, (), False)


@pytest.mark.parametrize("role", ["feed", "sitemap", "page"])
@pytest.mark.parametrize("body", [ONE[:-8], JSON[:-2] + ', {"url": "/b"', ONE[:-23], ONE.replace("<link>", "<link></b>")[:-6], ONE + "<x"])
def test_a_list_that_breaks_off_is_unfinished(role: str, body: str) -> None:
    found = asked_for(role, body.encode())
    assert [link.url for link in found.links] == [A]
    assert found.unfinished is not body.startswith(f"{ONE}<")
