"""Feeds, sitemaps and pages into entries and links; broken and hostile ones too."""

from __future__ import annotations

import gzip
import random
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import read

from crawler.items import Capture, Headers, LeasedRequest, Target
from crawler.parsers.document.page import Page
from crawler.parsers.links.page_links import Refresh, page_links, page_refresh, refreshed
from crawler.parsers.listings.feeds import read_feed
from crawler.parsers.listings.recognise import list_in
from crawler.parsers.listings.sitemaps import read_sitemap
from crawler.requisites.of_page import page_requisites
from crawler.sites.known import WEB

BASE = "https://www.paper.example/feed.xml"
SHARED = Path(__file__).parents[3].parent / "shared"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def urls(result) -> list[str]:
    return [entry.url for entry in result.entries]


def page(html: str, url: str = "https://www.paper.example/a/b") -> Page:
    return Page.from_text(url, NOW, html)


def sitemap(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</urlset>'.encode()


def test_rss_entries_once_in_order_with_trimmed_words():
    feed = read_feed(
        """\n<?xml version="1.0"?><rss version="2.0"><channel><title> The Paper </title><language>en-gb</language>
        <lastBuildDate>Sat, 15 Aug 2026 21:39:28 +0330</lastBuildDate>
        <item><title>
           Tides   rise </title><link>
           https://www.paper.example/2 </link><pubDate>Fri, 14 Aug 2026 10:00:00 GMT</pubDate></item>
        <item><link>/1</link><title><![CDATA[Bread & <b>salt</b>]]></title></item>
        <item><link>https://www.paper.example/2</link></item>
        <item><title>no address</title><guid isPermaLink="false">9</guid></item>
        <item><guid>https://www.paper.example/3</guid></item></channel></rss>""",
        BASE,
    )
    assert (feed.kind, feed.title, feed.language) == ("rss", "The Paper", "en-gb")
    assert feed.built == datetime(2026, 8, 15, 18, 9, 28, tzinfo=UTC)
    assert urls(feed) == ["https://www.paper.example/2", "https://www.paper.example/1", "https://www.paper.example/3"]
    assert feed.entries[0].title == "Tides rise"
    assert feed.entries[0].published == datetime(2026, 8, 14, 10, tzinfo=UTC)
    assert feed.entries[1].published is None
    assert (feed.repeated, feed.skipped, feed.problems) == (1, 1, ())


def test_atom_and_rdf():
    atom = read_feed(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><updated>2026-03-01T00:00:00Z</updated>
        <entry><title type="html">Un &amp;lt;b&amp;gt;</title><link rel="self" href="/self"/>
        <link rel="alternate" type="application/pdf" href="/x.pdf"/>
        <link type="text/html" href="/1"/><published>2026-02-28T23:00:00+01:00</published><updated>2026-03-01</updated></entry></feed>""",
        BASE,
    )
    assert atom.kind == "atom"
    assert urls(atom) == ["https://www.paper.example/1"]
    assert atom.entries[0].published == datetime(2026, 2, 28, 22, tzinfo=UTC)
    assert atom.entries[0].modified == datetime(2026, 3, 1, tzinfo=UTC)
    rdf = read_feed(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel><items><rdf:Seq><rdf:li rdf:resource="/1"/></rdf:Seq></items></channel>
        <item rdf:about="/1"><title>One</title><link>/1</link><dc:date>2026-01-02T03:04Z</dc:date></item></rdf:RDF>""",
        BASE,
    )
    assert (rdf.kind, urls(rdf)) == ("rdf", ["https://www.paper.example/1"])
    assert rdf.entries[0].published == datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def test_broken_feed_is_read_as_far_as_it_goes_and_half_an_address_is_no_address():
    cut = "<rss><channel><item><link>/1</link></item><item><title>b</item><item><link>/2</link></item><item><link>/detail/77"
    feed = read_feed(cut, BASE)
    assert urls(feed) == ["https://www.paper.example/2", "https://www.paper.example/1"] or urls(feed) == [
        "https://www.paper.example/1",
        "https://www.paper.example/2",
    ]
    assert "line 1" in feed.problems[0]


def test_stray_ampersands_entities_and_words_before_the_xml():
    feed = read_feed(
        b"Warning: cache cold\n<?xml version='1.0' encoding='windows-1252'?><rss><channel><item><title>Caf\xe9 &nbsp;R&D &amp; co</title>"
        b"<link>http://a.example/?x=1&y=2</link></item><item><title><![CDATA[a & b &nbsp;]]></title><link>/2</link></item></channel></rss>",
        BASE,
    )
    assert (feed.entries[0].url, feed.entries[0].title) == ("http://a.example/?x=1&y=2", "Café R&D & co")
    assert feed.entries[1].title == "a & b"


def test_characters_that_xml_forbids_are_dropped():
    feed = read_feed(b"<rss><channel><item><title>Lamp\x0b\x00s</title><link>/1</link></item></channel></rss>", BASE)
    assert (feed.entries[0].title, feed.problems) == ("Lamps", ())


@pytest.mark.parametrize("charset", ["utf-16", "utf-8-sig", "utf-16-be"])
def test_byte_order_marks(charset):
    text = "<rss><channel><item><title>Straße</title><link>/1</link></item></channel></rss>"
    data = text.encode(charset) if charset != "utf-16-be" else b"\xfe\xff" + text.encode(charset)
    assert read_feed(data, BASE).entries[0].title == "Straße"


def test_sitemap_with_news_images_and_bad_addresses():
    got = read_sitemap(
        sitemap(
            """<url><loc> https://www.paper.example/1 </loc><lastmod>2026-02-03</lastmod>
            <news:news xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><news:publication><news:name>The Paper</news:name>
            <news:language>en</news:language></news:publication><news:publication_date>2026-02-02T10:00:00+02:00</news:publication_date>
            <news:title>Tides</news:title><news:keywords>sea, moon,</news:keywords></news:news>
            <image:image xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><image:loc>https://pictures.example/1.jpg</image:loc></image:image></url>
            <url><loc>file:///etc/passwd</loc></url><url><loc>javascript:1</loc></url><url><loc></loc></url><url><loc>https://www.paper.example/2</loc></url>"""
        ),
        BASE,
    )
    assert (got.kind, got.skipped) == ("urlset", 3)
    assert urls(got) == ["https://www.paper.example/1", "https://www.paper.example/2"]
    first = got.entries[0]
    assert (first.title, first.modified, first.published) == (
        "Tides",
        datetime(2026, 2, 3, tzinfo=UTC),
        datetime(2026, 2, 2, 8, tzinfo=UTC),
    )
    assert first.news is not None
    assert (first.news.name, first.news.language, first.news.keywords) == ("The Paper", "en", ("sea", "moon"))
    assert first.images == ("https://pictures.example/1.jpg",)


def test_sitemap_index_text_list_and_feed():
    index = read_sitemap("<sitemapindex><sitemap><loc>/s1.xml.gz</loc></sitemap></sitemapindex>", BASE)
    assert (index.kind, urls(index)) == ("index", ["https://www.paper.example/s1.xml.gz"])
    text = read_sitemap(b"\xef\xbb\xbfhttps://a.example/1\r\n\r\nftp://a.example/2\r\nhttps://a.example/1\r\n", BASE)
    assert (text.kind, urls(text), text.skipped, text.repeated) == ("text", ["https://a.example/1"], 1, 1)
    feed = read_sitemap("<rss><channel><item><link>/1</link></item></channel></rss>", BASE)
    assert (feed.kind, urls(feed)) == ("feed", ["https://www.paper.example/1"])


def test_gzip_whole_cut_and_bomb():
    whole = gzip.compress(sitemap("<url><loc>https://a.example/1</loc></url>"))
    assert urls(read_sitemap(whole, BASE)) == ["https://a.example/1"]
    cut = read_sitemap(gzip.compress(sitemap("<url><loc>https://a.example/1</loc></url>" + "<!-- -->" * 9999))[:-30], BASE)
    assert urls(cut) == ["https://a.example/1"]
    assert "gzip: cut off" in cut.problems
    words = random.Random(1).randbytes(200_000).hex()
    damaged = bytearray(gzip.compress(sitemap(f"<url><loc>https://a.example/1</loc></url><!-- {words} --><url><loc>https://a.example/2</loc></url>")))
    damaged[len(damaged) // 2 : len(damaged) // 2 + 40] = b"\xff" * 40
    assert urls(read_sitemap(bytes(damaged), BASE))[:1] == ["https://a.example/1"]
    assert any("gzip: damaged" in problem for problem in read_sitemap(bytes(damaged), BASE).problems)
    two = gzip.compress(sitemap("<url><loc>https://a.example/1</loc></url>")[:-9]) + gzip.compress(b"<url><loc>/2</loc></url></urlset>")
    assert len(read_sitemap(two, BASE).entries) == 2
    bomb = gzip.compress(b"<urlset><url><loc>" + b" " * (60 << 20) + b"</loc></url></urlset>", 1)
    started = time.monotonic()
    got = read_sitemap(bomb, BASE)
    assert (urls(got), time.monotonic() - started < 5) == ([], True)
    assert any("the rest not read" in p for p in got.problems)


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<?xml version="1.0"?><!DOCTYPE u SYSTEM "http://127.0.0.1:9/d" [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
        '<!DOCTYPE u [<!ENTITY a "<urlset><url><loc>https://evil.example/</loc></url></urlset>">]>',
    ],
)
def test_documents_that_bring_a_dtd_are_refused(prolog):
    got = read_sitemap(prolog + "<urlset><url><loc>https://a.example/?&x;</loc></url></urlset>", BASE)
    assert (got.entries, got.problems) == ((), ("document brings a DTD: refused",))


def test_bare_doctype_of_rss_091_is_passed_over():
    feed = read_feed(
        '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://n.example/rss.dtd"><rss><channel><item><link>/1</link></item></channel></rss>',
        BASE,
    )
    assert (len(feed.entries), feed.problems) == (1, ("document names a DTD: passed over",))


@pytest.mark.slow
def test_limits_hold_and_are_told():
    big = read_sitemap(sitemap("".join(f"<url><loc>https://a.example/{n}</loc></url>" for n in range(50_100))), BASE)
    assert len(big.entries) == 50_000
    assert big.problems == ("over 50000 addresses: the rest not read",)
    wide = read_feed("<rss><channel><item>" + "<x/>" * 150_000 + "<link>/1</link></item></channel></rss>", BASE)
    assert (wide.entries, len(wide.problems)) == ((), 1)
    tag = read_feed("<rss><channel><item><link>/1</link></item><item " + " ".join(f"a{n}='1'" for n in range(30_000)) + "/>", BASE)
    assert urls(tag) == ["https://www.paper.example/1"]
    assert tag.problems[0] == "a tag over 128 KiB: the rest not read"
    deep = read_feed("<rss>" * 5000, BASE)
    assert deep.entries == ()
    assert "depth" in deep.problems[0]


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE html><html><body>Not found</body></html>", "  <HTML><a href=/1>", "", "Not found", "<feedback/>", '{"a": 1}']
)
def test_what_is_no_feed_says_so(text):
    assert (read_feed(text, BASE).entries, len(read_feed(text, BASE).problems)) == ((), 1)
    assert (read_sitemap(text, BASE).entries, len(read_sitemap(text, BASE).problems)) == ((), 1)


_PIECES = [
    "<rss>", "<item>", "</item>", "<link>", "</link>", "http://a/", "<![CDATA[", "]]>", "<!DOCTYPE", "[", "&", "&amp;", "<url>", "<loc>",
    "\x1f\x8b", "<?xml version='1.0' encoding='", "utf-7", "punycode", "'?>", "\0", "é", "<!--", "-->", "<feed><entry><updated>",
    "9999-12-31T23:59:59-23:59", "</b>", "<a:b:c xmlns:a='{}' d:e:f='1' g:='2' xmlns:xml='q'>", " xmlns='http://a b/%zz'>", "&#55357;", "<_.-:x>", "\U0010f7e9",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(_PIECES), max_size=30).map(lambda p: "".join(p).encode())))
def test_no_bytes_make_a_reader_raise(data):
    for read_list in (read_feed, read_sitemap):
        for given_data in (data, data.decode("utf-8", "surrogateescape"), gzip.compress(data, 1)):
            got = read_list(given_data, BASE)
            assert all(entry.url.startswith(("http://", "https://")) for entry in got.entries)


def test_the_real_feed_of_the_first_site():
    sample = SHARED / "samples" / "presstv" / "rss_2026-08-15.excerpt.xml"
    if not sample.is_file():
        pytest.skip("no shared samples beside the project")
    feed = read_feed(sample.read_bytes(), "https://www.presstv.co.uk/rss.xml")
    assert (feed.title, feed.language, len(feed.entries)) == ("Presstv", "en-us", 12)
    assert feed.repeated >= 1
    assert feed.built == datetime(2026, 8, 15, 18, 9, 28, tzinfo=UTC)
    assert all(entry.title == entry.title.strip() and entry.published is None for entry in feed.entries)
    assert feed.problems == ()


def test_page_links_in_order_once_with_first_words():
    found = page_links(
        page(
            """<base href="https://www.paper.example/deep/x"><link rel=canonical href=/a/1><link rel=alternate href=/feed.xml>
            <link rel=stylesheet href=/s.css>
            <a href=one#top><img alt="A boat" src=b.jpg></a><a href=/two> </a><a href="one">again</a><a href=/two>Two
            words</a><a href="javascript:x()">no</a><a href="mailto:a@b.example">no</a><a>no</a><map><area href=/three alt=Three></map>
            <a href="http://[::1">bad</a><a href="">self</a>"""
        )
    )
    assert [(link.url.removeprefix("https://www.paper.example"), link.text) for link in found] == [
        ("/a/1", ""), ("/feed.xml", ""), ("/deep/one", "A boat"), ("/two", "Two words"), ("/three", "Three"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("<base href='http://paper.example/news/'>", "http://paper.example/news/c"), ("<base target=_top><base href=/x/y>", "https://www.paper.example/x/c"),
        ("<base href='../'>", "https://www.paper.example/c"), ("<base href='javascript:1'>", "https://www.paper.example/a/c"),
        ("<base href='//cdn.example/d/'>", "https://cdn.example/d/c"), ("<base href='/1/'><base href='/2/'>", "https://www.paper.example/1/c"),
    ],
)  # fmt: skip
def test_links_are_relative_to_the_base_whatever_its_host(base: str, url: str) -> None:
    assert [link.url for link in page_links(page(f"{base}<a href=c>c</a>"))] == [url]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<FRAMESET><FRAME SRC=in.html><NOFRAMES><BODY><A HREF='/n?a=1&amp;b=2'>no frames</A></BODY></NOFRAMES></FRAMESET>", ["/a/in.html", "/n?a=1&b=2"]),
        ("<base href=/f/><frameset><noframes><a href=n>x</a></noframes><frame src=in></frameset>", ["/f/in", "/f/n"]),
        ("<frameset><frame src=/in></frameset><noframes><map><area href=/n></map></noframes>", ["/in", "/n"]),
        ("<frameset><frame src=/in><noframes></noframes></frameset>", ["/in"]),
        ("<p>No frameset.</p><noframes><a href=/n>x</a></noframes>", []),
    ],
)  # fmt: skip
def test_noframes_is_followed_on_a_frameset_page_only(text: str, found: list[str]) -> None:
    assert [link.url.removeprefix("https://www.paper.example") for link in page_links(page(f"<html>{text}</html>"))] == found


def test_frames_and_embedded_documents_are_links() -> None:
    found = page_links(
        page(
            """<html><frameset><frame src=menu.html><frame src="/main?x=1"></frameset>
            <iframe src=inner.html></iframe><iframe src="about:blank"></iframe><object data=/film.swf></object><object data=/o.php></object>
            <object type="text/html; charset=utf-8" data=/o2.dat></object><embed src=/e.html><embed src=/e.mp4><embed type=video/mp4 src=/f>
            <svg><a xlink:href=/svg>map</a></svg></html>"""
        )
    )
    assert [link.url.removeprefix("https://www.paper.example") for link in found] == [
        "/a/menu.html", "/main?x=1", "/a/inner.html", "/o.php", "/o2.dat", "/e.html", "/svg",
    ]  # fmt: skip


def test_other_forms_of_a_page_are_links_unless_they_are_for_programs() -> None:
    head = "".join(
        f"<link {words}>"
        for words in (
            "rel=alternate hreflang=fr href=/fr", "rel='alternate' type=application/rss+xml href=/feed", "rel=amphtml href=/amp",
            "rel=alternate type=application/json+oembed href=/oembed", "rel='alternate stylesheet' href=/dark.css", "rel=NEXT href=/2",
            "rel=alternate type=application/json href=/wp-json", "rel=alternate href=android-app://x/y", "rel=preload href=/p",
        )
    )  # fmt: skip
    assert [link.url.removeprefix("https://www.paper.example") for link in page_links(page(head))] == ["/fr", "/feed", "/amp", "/2"]


def test_where_a_page_refreshes_to_is_a_link():
    found = page(
        """<meta http-equiv=Refresh content="180"><meta http-equiv="refresh" content="0; URL='/moved'"><meta name=refresh content="0;url=/no">
        <meta http-equiv=refresh content="1,url=file:///etc/passwd">"""
    )
    found.headers = Headers([("refresh", "5; url=/headers")])
    assert [link.url.rpartition("/")[2] for link in page_links(found)] == ["headers", "moved"]


@pytest.mark.parametrize(
    ("content", "seconds", "href"),
    [
        ("0; /x", 0, "/x"), ("0;url=/x", 0, "/x"), ('5 , URL = "/x y" z', 5, "/x y"), ("2.5;'/q'", 2, "/q"), (".5; /x", 0, "/x"), ("0 /x", 0, "/x"),
        ("url=/x", 0, "/x"), ("0\n;\n url='/x", 0, "/x"), ("0; urls.html", 0, "urls.html"), ("0;url=/a?url=/b", 0, "/a?url=/b"), ("30", 30, ""),
        ("0;", 0, ""), ("", 0, ""), ("soon", 0, ""), ("0x; /x", 0, ""), (" " * 4000 + "u", 0, ""),
    ],
)  # fmt: skip
def test_refresh_in_every_form(content: str, seconds: int, href: str) -> None:
    assert refreshed(content) == (seconds, href)


def test_where_a_page_sends_its_reader() -> None:
    sent = page_refresh(page("<meta content='0; ../moved' http-equiv=REFRESH>"))
    assert sent == Refresh(url="https://www.paper.example/moved", seconds=0, scripted=False)
    sent = page_refresh(page("<noscript><meta http-equiv=refresh content='9;url=/plain'></noscript><p>x</p>"))
    assert sent is not None
    assert (sent.seconds, sent.scripted) == (9, True)
    assert page_refresh(page("<meta http-equiv=refresh content='0; b'><meta http-equiv=refresh content='60'>")) is None
    asks = page("<meta http-equiv=refresh content='0; b'>")
    asks.headers = Headers([("set-cookie", "seen=1")])
    assert page_refresh(asks) == Refresh(url=asks.url, seconds=0, scripted=False)


@pytest.mark.parametrize("title", ["one<br>two", "<p>one", "1 < 2 & 3 <3"])
def test_a_broken_title_costs_no_entry(title: str) -> None:
    items = "".join(f"<item><title>{words}</title><link>https://www.paper.example/{n}</link></item>" for n, words in enumerate(["a", title, "b"]))
    feed = read_feed(f"<rss><channel>{items}</channel></rss>", "https://www.paper.example/feed")
    assert sorted(entry.url[-1] for entry in feed.entries) == ["0", "1", "2"]


def test_an_entry_with_nothing_but_an_id_is_had_where_the_id_is_an_address() -> None:
    entries = "<entry><id>https://www.paper.example/1</id></entry><entry><id>tag:paper.example,2026:2</id></entry>"
    feed = read_feed(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>", "https://www.paper.example/feed")
    assert [entry.url for entry in feed.entries] == ["https://www.paper.example/1"]
    assert feed.skipped == 1


@pytest.mark.parametrize("version", ["1", "1.1"])
def test_json_feed(version: str) -> None:
    text = f"""\ufeff{{"items": [{{"id": "7", "url": "/1", "title": " One ", "date_published": "2026-11-02T03:04:05Z"}}, {{"id": "http://b.example/2"}},
        {{"id": "9", "external_url": "http://c.example/3"}}, {{"id": "10"}}, 5], "title": "The Paper", "version": "https://jsonfeed.org/version/{version}",
        "next_url": "?page=2"}}"""
    for data in (text, text.encode()):
        feed = read_feed(data, BASE)
        assert (feed.kind, feed.title, urls(feed)) == (
            "json",
            "The Paper",
            ["https://www.paper.example/1", "http://b.example/2", "http://c.example/3"],
        )
        assert (feed.entries[0].title, feed.entries[0].published, feed.skipped) == ("One", datetime(2026, 11, 2, 3, 4, 5, tzinfo=UTC), 1)
        assert feed.next_page == "https://www.paper.example/feed.xml?page=2"
        assert (read_sitemap(data, BASE).kind, urls(read_sitemap(data, BASE))) == ("feed", urls(feed))
    assert read_feed("[" * 100_000, BASE).entries == ()
    assert read_feed('{"a":' * 100_000, BASE).problems[0].startswith("no feed: JSON")


def test_xml_base_and_the_next_page_of_a_feed() -> None:
    feed = read_feed(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://b.example/news/"><link rel="next" href="?p=2"/>
        <entry xml:base="2026/"><link href="1"/></entry><entry><link xml:base="/y/" href="2"/></entry></feed>""",
        BASE,
    )
    assert urls(feed) == ["http://b.example/news/2026/1", "http://b.example/y/2"]
    assert feed.next_page == "http://b.example/news/?p=2"
    rss = read_feed("<rss xml:base='http://b.example/x/'><channel><item><link>1</link></item></channel></rss>", BASE)
    assert urls(rss) == ["http://b.example/x/1"]


def test_other_languages_in_a_sitemap_are_addresses_of_it() -> None:
    link = '<x:link xmlns:x="http://www.w3.org/1999/xhtml" rel="alternate" hreflang="{0}" href="https://www.paper.example/{0}"/>'
    links = "".join(map(link.format, ("en", "fr")))
    got = read_sitemap(sitemap(f"<url><loc>/de</loc>{links}</url><url><loc>/en</loc><lastmod>2026-02-03</lastmod>{links}</url>"), BASE)
    assert [url.rpartition("/")[2] for url in urls(got)] == ["de", "en", "fr"]
    assert got.entries[1].modified == datetime(2026, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "mime", "listed"),
    [
        ("\ufeffhttp://a.example/1\r\n\r\nhttps://a.example/2", "", True), ("http://a.example/1", "text/html", True),
        ("http://a.example/ is down", "text/plain", False), ("<p>http://a.example/", "text/html", False), ("\ufeff<?xml version='1.0'?><urlset>", "text/html", True),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "application/json", True), ('{"items": []}', "application/json", False),
        ('{"items": []}', "application/feed+json", True), ("http://a.example/" + "\nhttp://a.example/x" * 900, "text/plain", True), ("", "", False),
    ],
)  # fmt: skip
def test_lists_are_told_by_their_bytes(text: str, mime: str, listed: bool) -> None:
    assert list_in(text, mime) is listed


def test_page_links_end_at_the_limit_in_good_time():
    started = time.monotonic()
    assert len(page_links(page("".join(f"<a href=/{n}>x</a>" for n in range(20_000))))) == 5000
    assert time.monotonic() - started < 4
    assert page_links(page("")) == ()


def test_requisites():
    found = page_requisites(
        page(
            """<link rel="stylesheet" href="/s.css"><link rel="shortcut icon" href=/i.ico>
            <link rel=preload as=font href=/f.woff2><link rel=preload as=fetch href=/no>
            <script src=/j.js></script><script>var u="url(/no)"</script>
            <style>@import "/t.css"; a{background:url( '/u.png' )} b{background:url(data:image/png;base64,x)}</style>
            <img src="data:image/gif;base64,R0" data-src=/lazy.jpg srcset="/small.jpg 320w, /big.jpg 2x">
            <picture><source srcset="/p.webp"></picture>
            <video src=/no.mp4 poster=/poster.jpg><source src=/no.webm></video><iframe src=/no.html></iframe><td background=/b.gif>
            <div style="background-image:url(&quot;/c.jpg&quot;)"></div><input type=image src=/go.gif><input type=text src=/no.gif>"""
        )
    )
    assert [url.removeprefix("https://www.paper.example") for url in found] == [
        "/s.css", "/i.ico", "/f.woff2", "/j.js", "/t.css", "/u.png",
        "/lazy.jpg", "/small.jpg", "/big.jpg", "/p.webp", "/poster.jpg", "/b.gif", "/c.jpg", "/go.gif",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        (sitemap("<url><loc>/1</loc></url><url><loc>ftp://x/</loc></url>"), [("entry of a feed or sitemap without an address fit to be asked for", 1)]),
        (gzip.compress(sitemap("<url><loc>/1</loc></url>" + "<!-- -->" * 9999))[:-30], [("feed or sitemap not read to its end", 1)]),
        (b"<urlset><url><loc>/1</loc></url><url><loc>/2", [("feed or sitemap not read to its end", 1)]),
        *((b"<urlset><url><loc>/1</loc></url>" + end, [("feed or sitemap not read to its end", 1)]) for end in (b"<", b"<ur", b"</urlset", b"</url")),
        (b"<urlset><url><loc>/1</loc></b></url></urlset>", [("feed or sitemap with faults in its text, read on behind them", 1)]),
        (b"<!DOCTYPE u [<!ENTITY x 'y'>]><urlset><url><loc>/1</loc></url></urlset>", [("feed or sitemap not read to its end", 1)]),
        (b"<rss><channel><item><link>/1</link></item>", [("feed or sitemap not read to its end", 1)]),
        (sitemap("<url><loc>/1</loc><title>2 < 3 & <![CDATA[<3 < 4]]></title></url><url><loc>/2</loc></url>"), []),
        (sitemap("<page><loc>/1</loc></page>"), []),
        (sitemap("<page><location>/1</location></page>"), [("list without a usable entry, though it is not empty", 1)]),
        (sitemap("<loc>/1</loc>"), []),
        (sitemap("\n"), []),
        (b"<rss><channel><news><link>/1</link></news></channel></rss>", [("list without a usable entry, though it is not empty", 1)]),
        (b"<rss><channel><title>t</title><image><url>/i.png</url></image><link>/</link></channel></rss>", []),
        (b"<feed><title>t</title><author><name>n</name></author></feed>", []),
        (b"<urlsets><url><loc>/1</loc></url></urlsets>", [("feed or sitemap with faults in its text, read on behind them", 1)]),
        (b"<urlsets><page>/1</page></urlsets>", [("list that is neither feed nor sitemap", 1)]),
        (sitemap("<url><loc>/1</loc></url>"), []),
    ],
)  # fmt: skip
def test_what_a_list_offers_and_cannot_be_taken_is_counted(body: bytes, reasons: list[tuple[str, int]]) -> None:
    capture = Capture(
        target=Target(url=BASE, site="web", role="sitemap", key=BASE), record_id="urn:uuid:x", host="www.paper.example", date=NOW,
        warc="w", offset=0, length=1, status=200,
    )  # fmt: skip
    found = read(WEB, LeasedRequest(target=Target(key=BASE, url=BASE, site="web", role="sitemap")), capture, (("content-type", "text/xml"),), body)
    assert list(found.left_out) == reasons


def test_what_a_template_holds_is_no_part_of_the_page():
    text = (
        "<body><template><a href=/inert>{{title}}</a><img src=/inert.jpg></template><div><template shadowrootmode=open><a href=/shadow>s</a>"
        "</template></div><a href=/shown>s</a><img src=/shown.jpg>"
    )
    assert [link.url for link in page_links(page(text))] == ["https://www.paper.example/shadow", "https://www.paper.example/shown"]
    assert page_requisites(page(text)) == ("https://www.paper.example/shown.jpg",)


def test_a_template_that_is_left_open_swallows_no_link():
    assert [link.url for link in page_links(page("<body><template><div></template><p>Hello <a href=/a>a</a>"))] == ["https://www.paper.example/a"]


@pytest.mark.parametrize("written", [str.upper, str.lower, str.title])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<rss><channel><title>T</title><item><title>x</title><link>/1</link><pubdate>Fri, 14 Aug 2026 10:00:00 GMT</pubdate></item>"
         "<item><guid ispermalink='false'>/2</guid></item></channel></rss>", "feed"),
        ("<feed><title>T</title><entry><title>x</title><link rel='self' href='/2'/><link href='/1'/><published>2026-08-14T10:00:00Z</published></entry></feed>", "feed"),
        ("<urlset><url><loc>/1</loc><news:news xmlns:news='n'><news:title>x</news:title><news:publication_date>2026-08-14T10:00:00Z"
         "</news:publication_date></news:news></url></urlset>", "urlset"),
        ("<sitemapindex><sitemap><loc>/1</loc></sitemap></sitemapindex>", "index"),
    ],
)  # fmt: skip
def test_names_of_elements_and_attributes_are_known_in_any_case(text: str, kind: str, written) -> None:
    names = re.compile(r"(?<=[</])(?!news)\w+|(?<= )(?:rel|href|ispermalink)(?==)")
    found = read_sitemap(names.sub(lambda name: written(name[0]), text), BASE)
    assert (found.kind, urls(found)) == (kind, ["https://www.paper.example/1"])
    if kind != "index":
        assert (found.entries[0].title, found.entries[0].published) == ("x", datetime(2026, 8, 14, 10, tzinfo=UTC))


PAGE = "<!DOCTYPE html><html><body><h1>The Paper</h1><p>All the news.</p></body></html>"


@pytest.mark.parametrize(
    ("found_on", "body", "answer", "told"),
    [
        ("https://www.paper.example/robots.txt", PAGE, True, 1),
        ("https://www.paper.example/robots.txt", "<html><title>404 Not Found</title><h1>Not Found</h1></html>", True, 1),
        ("https://www.paper.example/robots.txt", "<html><title>Fatal error</title><h1>Error establishing a database connection</h1></html>", False, 0),
        ("https://www.paper.example/robots.txt", "", False, 0),
        ("https://www.paper.example/index.xml", PAGE, False, 0),
        (None, PAGE, False, 0),
    ],
)  # fmt: skip
def test_a_page_in_place_of_a_sitemap_is_an_answer_where_only_robots_txt_names_it(found_on: str | None, body: str, answer: bool, told: int) -> None:
    capture = Capture(
        target=Target(url="https://www.paper.example/", site="web", role="sitemap", key=BASE), record_id="urn:uuid:x",
        host="www.paper.example", date=NOW, warc="w", offset=0, length=1, status=200,
    )  # fmt: skip
    lease = LeasedRequest(target=Target(key=BASE, url=BASE, site="web", role="sitemap", found_on=found_on))
    found = read(WEB, lease, capture, (("content-type", "text/html"),), body.encode())
    assert (found.reason, found.answer, len(found.left_out), found.links) == ("soft-404", answer, told, ())
