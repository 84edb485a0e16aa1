"""Links that need no parsing: whatever a pattern takes for one of them, the parser makes the same of it."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.urls import BadAddress, host_of, join, page_key, parse_address, problem_of, problems, resolved
from crawler.urls.plain import is_key, joined, needs_no_parsing, plain_host

ORIGINS = (
    "http://a.example", "https://www.a.example", "http://a.example:8080", "https://127.0.0.1:81", "http://[2001:db8::1]", "http://a_b.example",
    "http://xn--e1afmkfd.example", "http://a.example.", "http://a.example:80", "http://127.1", "http://a..example", "http://A.example",
    "HTTP://a.example", "http://ada@a.example", "http://a.example:0", "http://0x7f", "ftp://a.example", "http://", "http://a.example:x", "http://a%2eb",
)  # fmt: skip
PIECES = (
    "/", "//", "a", "news", "x.html", ".", "..", "/.", "/../", "%2e", "%2E", "%20", "%", "%7e", "?", "?q=1", "&b=c", "#", "#top", ":", "a:b", "@",
    ";sid=1", "'", '"', "<", "`", "{", "}", "|", "^", "\\", " ", "\t", "\n", "\x00", "é", "Иран", "\ud800", "[", "]", "~", "+", "-", "_", "(", ")",
    "http:", "https://", "javascript:", "//b.example/", "y" * 2100,
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=7).map("".join) | st.text(max_size=12)
rests = texts | texts.map(lambda text: f"/{text}")
addresses = st.tuples(st.sampled_from(ORIGINS), rests).map("".join)


def parsed(base: str, href: str) -> str | None:
    """The slow way; without a base where that is no address."""
    try:
        place = parse_address(base)
    except BadAddress:
        place = None
    try:
        return resolved(href, place).url
    except BadAddress:
        return None


@settings(max_examples=1500)
@given(base=addresses, href=rests | addresses)
@example(base="http://a.example?x/y", href="/z")
@example(base="http://a.example/x/..", href="z")
@example(base="http://a.example/x%2f/y", href="z")
def test_a_link_that_needs_no_parsing_is_joined_as_the_parser_joins_it(base: str, href: str) -> None:
    found = joined(base, href)
    assert found is None or found == parsed(base, href)
    assert join(base, href) == parsed(base, href)
    if found is not None and "?" not in href[-1:]:
        assert found == urldefrag(urljoin(base, href)).url


def slow_problem_of(url: str) -> str | None:
    """What is said of an address when every address is parsed."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(problems, "needs_no_parsing", lambda url: False)
        return problem_of(url)


@settings(max_examples=1500)
@given(url=addresses)
def test_what_is_taken_for_a_key_or_a_host_is_one(url: str) -> None:
    if is_key(url):
        address = parse_address(url)
        assert (address.url, address.fragment, address.user) == (url, None, "")
        assert "%" not in url
        assert page_key(url) == url
    if needs_no_parsing(url):
        assert resolved(url).url == url
        assert slow_problem_of(url) is None
    if (host := plain_host(url)) is not None:
        assert host == (urlsplit(url).hostname or "").lower().rstrip(".") == host_of(url)


@pytest.mark.parametrize(
    ("base", "href"),
    [
        ("http://a.example/x/y.html", "/science/2025/03/04/some-story-59.html"), ("http://a.example/x/y.html", "z.html"),
        ("http://a.example:8080/x/y.html?a=b", "/z?page=2&sort=new#top"), ("https://a.example/", "https://b.example/a%20b/c,1+2(3).html"),
        ("https://a.example/", "https://b.example/"), ("https://a.example/x", "/"), ("https://a.example/x/y", "z/?a:b"),
    ],
)  # fmt: skip
def test_common_links_need_no_parsing(base: str, href: str) -> None:
    found = joined(base, href)
    assert found == parsed(base, href)
    assert found is not None
    assert is_key(found) == ("%" not in found)
    assert plain_host(found) == urlsplit(found).hostname
