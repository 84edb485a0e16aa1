"""Which addresses are one page: only those that no server can tell apart; and which host names were registered together."""

from __future__ import annotations

import pytest

from crawler.urls import join, page_key, registrable_domain, web_story

H = "http://courier.example"
STRANGERS = [
    ("/pcL4f", "/pCL4f"), ("/a?id=Ab", "/a?id=aB"), ("/t/AC%2FDC", "/t/AC/DC"), ("/n//1", "/n/1"), ("/d/x/", "/d/x"), ("/s?q=", "/s?q"),
    ("/k?a=1&a=2", "/k?a=2&a=1"), ("/k?a=1&b=2", "/k?b=2&a=1"), ("/p?id=1;2", "/p?id=1&2"), ("/x?q=a+b", "/x?q=a%2Bb"),
    ("/story?sid=harbour-crane-sold", "/story?sid=harbour-ferry-sinks"), ("/?PHPSESSID=0123456789abcdef01", "/?PHPSESSID=0123456789abcdef02"),
    ("/x;jsessionid=0123456789abcdef", "/x"), ("/x?utm_campaign=march", "/x?utm_campaign=april"), ("/x%3Fy", "/x?y"), ("/a%26b", "/a&b"),
    ("/index.html", "/"), ("/100%25", "/100%"), ("/%2541", "/%41"), ("/v?", "/v"),
]  # fmt: skip
ONE = [
    ("/%7Eada/%41", "/~ada/A"), ("/caf%c3%a9", "/caf%C3%A9"), ("/caf%C3%A9", "/café"), ("", "/"), ("/x#top", "/x"), ("?a=%2d", "/?a=-"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), STRANGERS)
def test_addresses_that_a_server_may_tell_apart_are_two_pages(one: str, other: str) -> None:
    assert page_key(H + one) != page_key(H + other)
    assert web_story(H + one) != web_story(H + other)


@pytest.mark.parametrize(
    ("one", "other"), [(f"http://{a}/x", f"http://{b}/x") for a, b in [("a.example", "www.a.example"), ("www.a.example", "www2.a.example")]]
)
def test_hosts_are_told_apart(one: str, other: str) -> None:
    assert page_key(one) != page_key(other)
    assert web_story(one) != web_story(other)


@pytest.mark.parametrize(("one", "other"), ONE)
def test_addresses_that_no_server_can_tell_apart_are_one_page(one: str, other: str) -> None:
    assert page_key(H + one) == page_key(H + other)
    assert web_story(H + one) == web_story(H + other)


def test_scheme_host_and_port_are_written_in_many_ways() -> None:
    assert page_key("HTTP://Courier.Example:80/x") == page_key(f"{H}/x") == f"{H}/x"
    assert page_key("https://a.example:443/") == "https://a.example/"
    assert page_key("https://a.example:80/") == "https://a.example:80/"
    assert page_key("http://Пример.example/") == "http://xn--e1afmkfd.example/"


@pytest.mark.parametrize(
    "text", ["%%34%31", "a%4%31", "http://x/%%341", "", "//", "http://[::1", "urn:x:y", "http://a b/ c", "dns:a.example"]
)
def test_a_key_is_its_own_key(text: str) -> None:
    key = page_key(text)
    assert page_key(key) == key
    assert " " not in key


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("///b.example/x", "http://b.example/x"), ("////b.example/x", "http://b.example/x"), ("http:///b.example/x", "http://b.example/x"),
        ("\\\\\\b.example/x", "http://b.example/x"), ("https:////b.example", "https://b.example/"), ("//b.example/x", "http://b.example/x"),
        ("/x///y", "http://courier.example/x///y"), ("x///y", "http://courier.example/d/x///y"),
    ],
)  # fmt: skip
def test_slashes_before_a_host_are_two_however_many_there_are(href: str, url: str) -> None:
    assert join(f"{H}/d/", href) == url


@pytest.mark.parametrize(
    ("base", "href", "url"),
    [
        ("/n//1", "2", "/n//2"), ("/n/1", "x//y", "/n/x//y"), ("/a/b/c", "../x", "/a/x"), ("/a/b/c", "%2e%2E/x", "/a/x"), ("/a", "../../x", "/x"),
        ("/a/b/", ".", "/a/b/"), ("/a/b/", "..", "/a/"), ("/a/b?x=1", "?y=2", "/a/b?y=2"), ("/a/b?x=1", "#top", "/a/b?x=1"),
        ("/a", "/q?a[]=1|2&b={3}^`", "/q?a[]=1|2&b={3}^`"), ("/a", "/p[1]|2", "/p[1]|2"), ("/a", "/v?#top", "/v?"), ("/a?x", "", "/a?x"),
        ("/a/b", "http:c", "/a/c"), ("/a", "http://%63ourier.example/y", "/y"), ("/a", "http://courier.example/x/../y", "/y"), ("/a/b", "./c:d", "/a/c:d"), ("", "x", "/x"),
    ],
)  # fmt: skip
def test_links_lead_where_a_browser_would_go(base: str, href: str, url: str) -> None:
    assert join(H + base, href) == H + url


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.presstv.co.uk", "presstv.co.uk"), ("news.courier.example", "courier.example"), ("a.b.newtopdomain", "b.newtopdomain"),
        ("localhost", "localhost"), ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("co.uk", "co.uk"), ("", ""),
    ],
)  # fmt: skip
def test_registered_domains(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain
