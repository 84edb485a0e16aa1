"""Redirects: one limit, loops and cookie walls told as such, cookies of one errand only."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.errors import FetchFailed
from crawler.items import LeasedRequest, Target
from crawler.processing.cookies import MAX_COOKIES, Cookies
from crawler.processing.redirects import RedirectChain, is_redirect, target_of
from crawler.sites.known import WEB

A, B = "http://paper.example/a", "http://paper.example/b"
SET = (("Set-Cookie", "sid=1; Path=/"),)


def lease(url: str = A, hops: int = 0, role: str = "page") -> LeasedRequest:
    return LeasedRequest(target=Target(key=url, url=url, site="web", role=role), hops=hops)  # type: ignore[arg-type]


def walk(chain: RedirectChain, *hops: tuple[str, str, tuple[tuple[str, str], ...]], role: str = "page") -> LeasedRequest:
    now = lease(hops[0][0], role=role)
    for url, target, headers in hops:
        now = chain.follow(now, url, target, headers)
    return now


@pytest.mark.parametrize(
    ("status", "headers", "follow"),
    [
        (301, (), True), (308, (), True), (300, (), False), (300, (("Location", "/x"),), True), (304, (), False), (305, (), False),
        (200, (("Location", "/x"),), False), (None, (), False),
    ],
)  # fmt: skip
def test_what_is_a_redirect(status: int | None, headers: tuple[tuple[str, str], ...], follow: bool) -> None:
    assert is_redirect(status, headers) is follow


def test_hops_are_counted_up_to_the_limit() -> None:
    hops = [(f"{A}{n}", f"{A}{n + 1}", ()) for n in range(4)]
    assert walk(RedirectChain(most=4), *hops).hops == 4
    with pytest.raises(FetchFailed, match="more than 3 redirects"):
        walk(RedirectChain(most=3), *hops)
    assert walk(RedirectChain(most=0), *hops, role="robots").hops == 4, "RFC 9309: five at least"


@pytest.mark.parametrize(
    ("hops", "says"),
    [
        ([(A, A, ())], "redirects to itself"),
        ([(A, B, ()), (B, A, ())], f"in a loop, back to {A}"),
        ([(A, A, SET), (A, A, SET)], "cookie wall: sets cookie sid and redirects to itself"),
        ([(A, B, SET), (B, A, ()), (A, B, SET)], "cookie wall: sets cookie sid and redirects in a loop"),
        (
            [(A, A, (("Set-Cookie", f"n={n}"),)) for n in range(12)],
            "cookie wall: sets cookie n and redirects to itself, more than 10 times",
        ),
    ],
)
def test_a_loop_is_told_as_what_it_is(hops: list[tuple[str, str, tuple[tuple[str, str], ...]]], says: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        walk(RedirectChain(), *hops)
    assert says in caught.value.detail
    assert caught.value.reason == "redirect"


def test_a_cookie_lets_the_same_address_be_asked_once_more() -> None:
    chain = RedirectChain()
    assert walk(chain, (A, A, SET)).url == A
    assert chain.cookies(A) == "sid=1"
    chain = RedirectChain()
    walk(chain, (A, B, SET), (B, A, (("Set-Cookie", "ok=1"),)))
    assert chain.cookies(A) == "sid=1; ok=1"
    assert RedirectChain().cookies(A) == ""


def test_cookies_go_where_they_may() -> None:
    jar = Cookies()
    url = "https://www.paper.example/news/1"
    lines = [
        "host=1", "root=2; Path=/", "wide=3; Path=/; Domain=paper.example", "safe=4; Path=/; Secure", "suffix=5; Domain=example; Path=/",
        "other=6; Domain=strangers.example; Path=/", "gone=7; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "late=8; Path=/; Max-Age=0",
        f"long={'x' * 5000}; Path=/", "broken", "",
    ]  # fmt: skip
    jar.receive(url, [("set-cookie", line) for line in lines])

    def sent(to: str) -> set[str]:
        return {pair.partition("=")[0] for pair in jar.header(to).split("; ") if pair}

    assert sent("https://www.paper.example/news/2") == {"host", "root", "wide", "safe", "broken"}
    assert sent("http://www.paper.example/") == {"root", "wide"}
    assert sent("https://paper.example/") == {"wide"}
    assert sent("https://strangers.example/") == sent("https://xpaper.example/") == set()
    jar = Cookies()
    jar.receive("http://a.co.uk/", [("Set-Cookie", "x=1; Domain=co.uk; Path=/")])
    assert jar.header("http://b.co.uk/") == ""
    jar.receive("http://a.co.uk/", [("Set-Cookie", f"c{n}=1") for n in range(100)])
    assert jar.header("http://a.co.uk/").count("=") == MAX_COOKIES


def test_what_the_answer_itself_forbids() -> None:
    def target(*headers: tuple[str, str]) -> str:
        return target_of(WEB, lease(), A, date(2026, 11, 28), headers)

    assert target(("Location", "b")) == B
    assert target(("Location", "/a"), ("Set-Cookie", "x=1")) == A
    for headers, says in (
        [(), "without Location"],
        [(("Location", "/a"),), "to itself"],
        [(("Location", "ftp://x/"),), "Location 'ftp://x/'"],
    ):
        with pytest.raises(FetchFailed, match=says):
            target(*headers)
