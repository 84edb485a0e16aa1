"""Addresses by the URL Standard: resolving, hosts, escapes, the charset of queries, refusals, keys. All cases are our own."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.address_guard import Guard, address_of
from crawler.http.request import target_of
from crawler.items import Capture, Target
from crawler.urls import BadAddress, canonical_url, host_of, join, page_key, parse_address, problem_of, resolved, surt
from crawler.warc.cdxj import line

BASE = "https://news.example/a//b/page?x=1#top"

RESOLVED = [
    # Dots, in whole and in relative addresses; doubled slashes stay.
    ("https://news.example/./politik/", "https://news.example/politik/"), ("https://other.example/../x", "https://other.example/x"),
    ("http://other.example/a/%2E%2e/b/%2e", "http://other.example/b/"), ("/a/.%2e/b", "https://news.example/b"), ("/..//x", "https://news.example//x"),
    ("...", "https://news.example/a//b/..."), ("d", "https://news.example/a//b/d"), ("../d", "https://news.example/a//d"), ("../../d", "https://news.example/a/d"),
    ("go/http://b.example/c", "https://news.example/a//b/go/http://b.example/c"), ("/x/..", "https://news.example/"), ("./", "https://news.example/a//b/"),
    # Slashes and schemes.
    ("///b.example/x", "https://b.example/x"), ("/\\b.example\\x", "https://b.example/x"), ("\\x\\y?a\\b", "https://news.example/x/y?a\\b"),
    ("http:/b.example/x", "http://b.example/x"), ("http:b.example", "http://b.example/"), ("https:c", "https://news.example/a//b/c"), ("HTTPS:/c", "https://news.example/c"),
    ("https:////b.example//x", "https://b.example//x"), ("h\nttp://b.ex\tample/\rx", "http://b.example/x"), ("\x00 \x1fhttp://b.example/ \x0b", "http://b.example/"),
    # Queries and fragments.
    ("?", "https://news.example/a//b/page?"), ("?#f", "https://news.example/a//b/page?"), ("#f", "https://news.example/a//b/page?x=1"), ("", "https://news.example/a//b/page?x=1"),
    ("/v?", "https://news.example/v?"), ("/v#?a", "https://news.example/v"), ("?a?b", "https://news.example/a//b/page?a?b"), ("https:?y", "https://news.example/a//b/page?y"),
    # Escapes.
    ("/a b\"<>`{}^|[]'é%zz%2f", "https://news.example/a%20b%22%3C%3E%60%7B%7D%5E|[]'%C3%A9%zz%2f"), ("/%41%7e", "https://news.example/%41%7e"),
    ("/?a b\"<>`{}^|[]'é%zz%2f", "https://news.example/?a%20b%22%3C%3E`{}^|[]%27%C3%A9%zz%2f"), ("/\x7f\x80\ufeff", "https://news.example/%7F%C2%80%EF%BB%BF"),
    ("/\ud800x", "https://news.example/%EF%BF%BDx"), ("/x\xa0", "https://news.example/x%C2%A0"),
    # Ports and users.
    ("http://b.example:80/", "http://b.example/"), ("http://b.example:/", "http://b.example/"), ("http://b.example:00443/", "http://b.example:443/"),
    ("https://b.example:443", "https://b.example/"), ("http://@b.example/", "http://b.example/"), ("http://:@b.example/", "http://b.example/"),
    # Hosts.
    ("http://%6eews.Example/", "http://news.example/"), ("http://i❤.example/", "http://xn--i-7iq.example/"), ("http://-a-.example/", "http://-a-.example/"),
    ("http://a--b_c.example/", "http://a--b_c.example/"), ("http://STRAẞE.example/", "http://xn--strae-oqa.example/"), ("http://a\u00adb。example/", "http://ab.example/"),
    ("http://xn--a.example/", "http://xn--a.example/"), ("http://ü--.example/", "http://xn-----wka.example/"), ("http://ＮＥＷＳ.example./", "http://news.example./"),
    ("http://127.1/", "http://127.0.0.1/"), ("http://0x5DB8D822/", "http://93.184.216.34/"), ("http://0135.0270.0330.042/", "http://93.184.216.34/"),
    ("http://1.2.3.4./", "http://1.2.3.4/"), ("http://①.2.3.4/", "http://1.2.3.4/"), ("http://0x/", "http://0.0.0.0/"), ("http://1.2.3.4.example/", "http://1.2.3.4.example/"),
    ("http://[2001:DB8:0:0:1:0:0:0]:8080/", "http://[2001:db8:0:0:1::]:8080/"), ("http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]/"), ("http://[1:2:3:4:5:6:7::]/", "http://[1:2:3:4:5:6:7:0]/"),
]  # fmt: skip


@pytest.mark.parametrize(("href", "url"), RESOLVED)
def test_an_address_is_resolved_as_browsers_do(href: str, url: str) -> None:
    assert join(BASE, href) == url
    assert join("http://elsewhere.example/", url) == url, "what was resolved stays"
    assert problem_of(url) is None


REFUSED = [
    # What browsers refuse.
    ("http://", "no host"), ("//", "no host"), ("https://?x", "no host"), ("http://:80/", "no host"), ("http://a@/", "no host"), ("http://\u00ad/", "no host"),
    ("http://b.example:x/", "port 'x'"), ("http://b.example:65536/", "port '65536'"), ("http://b.example:-1/", "port '-1'"), ("http://b.example:8\u0660/", "port"),
    ("http://b%00.example/", "host name with"), ("http://b%2fx.example/", "host name with '/'"), ("http://b<.example/", "host name with '<'"), ("http://b%25.example/", "host name with '%'"),
    ("http://b^c.example/", "host name with '^'"), ("http://b c.example/", "host name with ' '"), ("http://b％.example/", "host name with '%'"), ("http://[b].example/", "no IPv6"),
    ("http://a\u200cb.example/", "host name"), ("http://xn--a.ü/", "host name"), ("http://א1a.example/", "host name"), ("http://\u0301a.example/", "host name"), ("http://\ufdd0.example/", "host name"),
    ("http://1.2.3.256/", "no IPv4"), ("http://1.2.3.4.5/", "no IPv4"), ("http://b.0x4/", "for a number"), ("http://1..2/", "for a number"), ("http://4294967296/", "no IPv4"), ("http://1.2.3.08/", "for a number"),
    ("http://[::1", "no IPv6"), ("http://[::1%25eth0]/", "no IPv6"), ("http://[1::2::3]/", "no IPv6"), ("http://[::1.2.3]/", "no IPv6"), ("http://[]/", "no IPv6"), ("http://[::1]x/", "no IPv6"),
    ("javascript:alert(1)", "scheme javascript"), ("mailto:a@b.example", "scheme mailto"), ("ftp://b.example/", "scheme ftp"), ("data:,x", "scheme data"),
    # What we refuse.
    ("http://ada@b.example/", "user name"), ("http://:secret@b.example/", "user name"), ("http://b.example:0/", "port 0"), ("/" + "x" * 2048, "over 2048 characters"),
    ("http://{{host}}/", "no name server"), ("http://'+host+'/", "no name server"), ("http://a*b.example/", "no name server"), ("http://a..b/", "empty or too long"), ("http://./", "empty or too long"),
    ("http://" + "a" * 64 + ".example/", "empty or too long"), ("http://" + "é" * 999 + ".example/", "empty or too long"), ("http://" + "a" * 1025, "of 1025 characters"), ("http://" + "a." * 130 + "example/", "empty or too long"),
]  # fmt: skip


@pytest.mark.parametrize(("href", "reason"), REFUSED)
def test_what_is_refused_says_why(href: str, reason: str) -> None:
    assert join(BASE, href) is None
    with pytest.raises(BadAddress, match=reason.replace("^", r"\^")):
        resolved(href, parse_address(BASE))


def test_a_relative_address_needs_a_base() -> None:
    with pytest.raises(BadAddress, match="no scheme"):
        parse_address("/x")
    assert join("about:blank", "x") is None
    assert join("about:blank", "http://b.example") == "http://b.example/"


def test_the_fragment_is_known_though_not_asked_for() -> None:
    address = parse_address("/x# a`é", parse_address(BASE))
    assert (address.fragment, address.url) == ("%20a%60%C3%A9", "https://news.example/x")
    assert parse_address(BASE).fragment == "top"


# -- one address for everybody who looks at it

PIECES = [
    "http:", "https:", "HTTP://", "/", "//", "\\", "?", "#", "@", ":", ".", "..", "%2e", "%00", "%40", "%5c", "%2F", "\t", "\n", " ", "\x00",
    "[", "]", "[::1]", "[1::2]", "80", "8080", "0", "a.example", "b.example", "127.1", "0x7f000001", "é", "ß", "。", "\u00ad", "❤", "\ud800", "'", "{", "&", "=", "xn--", "-",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join))
def test_parser_connector_and_robots_see_one_host(text: str) -> None:
    url = join(BASE, text)
    if url is None:
        return
    target, parts = target_of(url), urlsplit(url)
    assert problem_of(url) is None
    assert target.url == url == f"{target.scheme}://{target.authority}{target.path}"
    assert target.host == host_of(url) == (parts.hostname or "").rstrip(".")
    assert parts.scheme == target.scheme
    assert (parts.port or target.port) == target.port
    assert parts.netloc == target.authority
    assert join("http://x.example/", url) == url
    assert page_key(page_key(url)) == page_key(url)


@pytest.mark.parametrize(
    "raw",
    [
        "http://a.example\\@b.example/", "http://a.example\t@b.example/", "http://a.example%00.b.example/", "http://a.example%2eb.example/", "http://0177.1/",
        "http://a.example:80@b.example/", "http://a.example／b.example/", "http://[::1]@b.example/", "http://a.example\n.b.example/", "http://[0:0::1]/",
    ],
)  # fmt: skip
def test_an_address_that_parsers_read_in_two_ways_is_not_asked_for_as_it_stands(raw: str) -> None:
    assert problem_of(raw)


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "017700000001", "2130706433", "①②⑦.1", "127。0。0。1", "%31%32%37.1", "[::ffff:127.0.0.1]", "[::1]", "0", "10.0x1"])
def test_the_guard_knows_an_address_of_the_own_network_in_whatever_form(host: str) -> None:
    url = join(BASE, f"//{host}/x")
    assert url is not None
    address = address_of(target_of(url).host)
    assert address is not None
    assert not Guard().allows(address, 443)


# -- keys


def test_addresses_that_browsers_tell_apart_have_two_keys() -> None:
    urls = [
        "/a%2fc", "/a/c", "/a//c", "/a/c/", "/a/c?", "/a/c?b", "/a/c?b=", "/a/c?%7Bb%7D", "/a/c?{b}", "/a/c?b^", "/a/c?b%5E", "/a/c?b`", "/a/c?b\\", "/a/c?b%5C", "/A/c",
        "/a%5Cc", "/a|c", "/a%7Cc", "/a/c;b", "/a%3Bc", "/%25", "/%", "/a/c?b%20c", "/a/c?b+c", "/a/c?'", "//a/c", "/a%00c", "/a%ffc", "/a%ff%20c",
    ]  # fmt: skip
    hosts = [
        "http://h.example", "https://h.example", "http://h.example.", "http://h.example:81", "http://www.h.example", "http://ada@h.example", "http://Ada@h.example",
        "http://ada:@h.example:81", "http://[2001:db8::1]:8080", "http://[2001:db8::1:8080]", "http://[::]", "http://0", "http://h.example:443", "https://h.example:80",
    ]  # fmt: skip
    whole = {parse_address(host + url).url if "@" not in host else host + url for host in hosts for url in urls}
    assert len(whole) == len(hosts) * len(urls)
    assert len({page_key(url) for url in whole}) == len(whole)
    assert all(page_key(page_key(url)) == page_key(url) for url in whole)


ONE_KEY = [
    "http://H.example:80/a/./b/../%63?%7e%2D%c3%A9'#x", "\thttp:\\\\h.example/x/%2e%2e/a/c?~-é%27", "http://h.ex\nample:/a/%63?%7E-%C3%a9'",
]  # fmt: skip


@pytest.mark.parametrize("url", ONE_KEY)
def test_one_address_written_in_several_ways_has_one_key(url: str) -> None:
    assert page_key(url) == "http://h.example/a/c?~-%C3%A9%27"


def test_an_ipv6_host_keeps_its_brackets_in_every_key() -> None:
    one, other = "http://[2001:db8::1]:8080/x", "http://[2001:db8::1:8080]/x"
    assert page_key(one) == canonical_url(one) == one
    assert page_key(other) == canonical_url(other) == other
    assert canonical_url(canonical_url(one)) == one
    assert (surt(one), surt(other)) == ("[2001:db8::1]:8080)/x", "[2001:db8::1:8080])/x")


@given(st.lists(st.sampled_from([*PIECES, "%41", "%4", "%%", "2f", "%7e", "%C3", "%a9"]), max_size=8).map("".join))
def test_a_key_is_its_own_key_whatever_was_written(text: str) -> None:
    for address in (text, f"http://h.example/{text}"):
        key = page_key(address)
        assert page_key(key) == key
        assert key.isascii()


def test_keys_of_common_addresses_are_those_of_earlier_versions() -> None:
    known = [
        "https://www.courier.example/politik/2026/11/28/abc-1234.html", "http://courier.example/?p=12&utm_source=x", "https://courier.example:8443/a/b/?x=1&y=%2Fz#top",
        "https://courier.example/caf%C3%A9/~ada/a+b,c;d=(1)!*$", "https://xn--e1afmkfd.example/a|b[1]",
    ]  # fmt: skip
    assert [page_key(url) for url in known] == [url.partition("#")[0] for url in known]
    assert canonical_url(known[1]) == "http://courier.example/?p=12"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://[2001:db8::1]:8080/X", "2001:db8::1:8080)/x"), ("dns:Courier.example", "dns:courier.example"), ("http://www.courier.example/A?b&a", "example,courier)/a?a&b"),
        ("warcinfo:a.warc.gz", "warcinfo:a.warc.gz"), ("filedesc://a.arc.gz", "filedesc://a.arc.gz"), ("urn:uuid:AB", "urn:uuid:ab"), ("ftp://courier.example/A", "example,courier)/a"),
    ],
)  # fmt: skip
def test_a_cdxj_line_begins_with_the_key_that_pywb_looks_up(url: str, key: str) -> None:
    from surt import surt as of_pywb  # type: ignore[import-untyped, unused-ignore]

    capture = Capture(
        target=Target(url=url, site="", role="page", key=""), record_id="urn:uuid:1", host="", date=datetime(2026, 11, 28, tzinfo=UTC),
        warc="a.warc.gz", offset=0, length=1,
    )
    assert line(capture).split(" ")[0] == key == of_pywb(url)
