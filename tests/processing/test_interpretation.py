"""Outcomes of captures: what each role, status, head and body comes to, in a table; on a site with mirrors and without one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from outcomes import read

from crawler.errors import FetchFailed
from crawler.items import (
    Capture,
    CutOff,
    LeasedRequest,
    Listing,
    Media,
    Mirror,
    NotModified,
    Parsed,
    Redirect,
    Robots,
    Target,
    Unparsed,
    Unusable,
)
from crawler.processing.redirects import RedirectChain, check_target, is_redirect, target_of
from crawler.processing.truncated import cut_off
from crawler.sites.known import WEB
from crawler.sites.site import Site

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SITE = Site(
    name="demo", title="Demo", language="en", stories=(r"^/(?P<id>\d+)(?:[/?].*)?$",), never=(r"^/counter/",), gone_words=("this story was removed",),
    mirrors=(Mirror("a.example"), Mirror("b.example"), Mirror("lost.example", until=date(2020, 1, 1))),
)  # fmt: skip
URL = "https://a.example/7"
HTML = (("Content-Type", "text/html; charset=utf-8"),)
TEXT = "The harbour wall of the town was mended on Monday, eight days after the storm had broken it in two places. "
STORY = f"<html><head><title>The wall is mended</title></head><body><article><h1>The wall is mended</h1><p>{TEXT * 2}</p><p>{TEXT * 20}</p></article></body></html>".encode()
RSS = b"<rss><channel><title>Demo</title><item><title>One</title><link>https://a.example/7</link></item><item><link>https://a.example/12</link></item></channel></rss>"
SITEMAP = b"<urlset><url><loc>https://a.example/7</loc></url><url><loc>https://a.example/12</loc></url></urlset>"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def outcome(
    body: bytes = STORY, *, role: str = "story", status: int | None = 200, headers: tuple[tuple[str, str], ...] = HTML, url: str = URL, site: Site = SITE,
    options: dict[str, Any] | None = None, **more: Any,
) -> Any:  # fmt: skip
    story = site.story_id(url) if role == "story" else "web/x" if role == "page" else None
    target = Target(key="k", url=url, site=site.name, role=role, story=story, language="en")  # type: ignore[arg-type]
    values = {"record_id": "urn:uuid:1", "host": "a.example", "date": NOW, "warc": "w", "offset": 0, "length": 1, "status": status, "mime": "text/html"}
    capture = Capture(target=target, **{**values, **more})  # type: ignore[arg-type]
    return read(site, LeasedRequest(target=target), capture, headers, body, **options or {})


def location(where: str) -> tuple[tuple[str, str], ...]:
    return (*HTML, ("Location", where))


@pytest.mark.parametrize(
    ("made", "kind", "reason", "answer"),
    [
        (outcome(), Parsed, None, None),
        (outcome(b""), Unusable, "soft-404", None),
        (outcome(b"<html><body></body></html>"), Unusable, "soft-404", None),
        (outcome(b"<html><title>Not found</title><h1>404</h1><p>this story was removed</p>"), Unusable, "soft-404", True),
        (outcome(b"gone", status=404), Unusable, "status", True),
        (outcome(b"gone", status=410), Unusable, "status", True),
        (outcome(b"busy", status=503), Unusable, "status", False),
        (outcome(b"slow", status=429), Unusable, "status", False),
        (outcome(b"no", status=403), Unusable, "status", False),
        (outcome(STORY[:500], status=206), Unusable, "partial", False),
        (outcome(b"", status=301, headers=location("/7?x=1")), Redirect, None, None),
        (outcome(b"", status=302, headers=location("https://b.example/7")), Redirect, None, None),
        (outcome(b"", status=301, headers=location("/")), Unusable, "redirect", True),
        (outcome(b"", status=301, headers=location("/12")), Unusable, "redirect", True),
        (outcome(b"", status=301, headers=location("https://lost.example/7")), Unusable, "redirect", False),
        (outcome(b"", status=301, headers=location("https://nobody.example/7")), Unusable, "redirect", False),
        (outcome(b"", status=301, headers=location("/counter/7")), Unusable, "redirect", False),
        (outcome(b"", status=301, headers=location(URL)), Unusable, "redirect", False),
        (outcome(b"", status=301), Unusable, "redirect", False),
        (outcome(b"", status=301, headers=location("javascript:x()")), Unusable, "bad-url", False),
        (outcome(b"", status=300), Unusable, "soft-404", None),
        (outcome(b"", status=304), Unusable, "status", False),
        (outcome(b"", status=304, record_type="revisit", revisit_of="urn:uuid:0"), NotModified, None, None),
        (outcome(options={"parse": False}), Unparsed, None, None),
    ],
)  # fmt: skip
def test_stories(made: Any, kind: type, reason: str | None, answer: bool | None) -> None:
    assert type(made) is kind
    assert getattr(made, "reason", None) == reason
    if answer is not None:
        assert made.answer is answer


@pytest.mark.parametrize(
    ("made", "kind", "links"),
    [
        (outcome(RSS, role="feed", headers=(("Content-Type", "application/rss+xml"),)), Listing, 2),
        (outcome(SITEMAP, role="sitemap", headers=(("Content-Type", "application/xml"),)), Listing, 2),
        (outcome(b"https://a.example/7\nhttps://a.example/12\n", role="sitemap", headers=(("Content-Type", "text/plain"),)), Listing, 2),
        (outcome(b"<html><body><a href=/7>One</a><a href=/12>Two</a>", role="section"), Listing, 2),
        (outcome(b"<html><body><a href=/7>One</a>", role="seed"), Listing, 1),
        (outcome(SITEMAP, role="page", site=WEB, url="https://x.example/map", headers=(("Content-Type", "application/xml"),)), Listing, 2),
        (outcome(b"words", role="feed", headers=(("Content-Type", "application/rss+xml"),)), Unusable, 0),
    ],
)
def test_lists(made: Any, kind: type, links: int) -> None:
    assert type(made) is kind
    assert len(made.links) == links


def test_a_feed_tells_its_newest_story_and_a_sitemap_its_kind() -> None:
    feed = outcome(RSS, role="feed", headers=(("Content-Type", "application/rss+xml"),))
    assert (feed.kind, feed.newest) == ("feed", 12)
    assert outcome(SITEMAP, role="sitemap", headers=(("Content-Type", "application/xml"),)).kind == "urlset"


@pytest.mark.parametrize(
    ("made", "kind", "reason"),
    [
        (outcome(PNG, role="requisite", headers=(("Content-Type", "image/png"),)), Media, None),
        (outcome(b"body {}", role="requisite", headers=(("Content-Type", "text/css"),)), Media, None),
        (outcome(b"gone", role="requisite", status=404), Unusable, "status"),
        (outcome(PNG, role="requisite", status=206, headers=(("Content-Type", "image/png"), ("Content-Range", "bytes 0-47/100"))), Unusable, "partial"),
        (outcome(b"User-agent: *\nDisallow: /x\n", role="robots", headers=(("Content-Type", "text/plain"),)), Robots, None),
        (outcome(b"none", role="robots", status=404), Robots, None),
        (outcome(b"no", role="robots", status=403), Robots, None),
        (outcome(b"slow", role="robots", status=429), Unusable, "status"),
        (outcome(b"busy", role="robots", status=500), Unusable, "status"),
        (outcome(b"%PDF-1.7 x", role="page", site=WEB, url="https://x.example/a.pdf", headers=(("Content-Type", "application/pdf"),)), Media, None),
        (outcome((TEXT * 5).encode(), role="page", site=WEB, url="https://x.example/a.txt", headers=(("Content-Type", "text/plain"),)), Parsed, None),
        (outcome(STORY, role="page", site=WEB, url="https://x.example/a"), Parsed, None),
        (outcome(b"<html><title>x</title><a href=/1>1</a>", role="page", site=WEB, url="https://x.example/a"), Listing, None),
    ],
)
def test_everything_else(made: Any, kind: type, reason: str | None) -> None:
    assert type(made) is kind
    assert getattr(made, "reason", None) == reason


def test_a_document_that_is_not_read_is_counted_by_its_type() -> None:
    made = outcome(b"%PDF-1.7 x", role="page", site=WEB, url="https://x.example/a.pdf", headers=(("Content-Type", "application/pdf"),))
    assert made.left_out == (("document of type application/pdf not read", 1),)
    picture = outcome(PNG, role="page", site=WEB, url="https://x.example/a.png", headers=(("Content-Type", "image/png"),))
    assert picture.left_out == ()


@pytest.mark.parametrize(
    ("body", "kind", "target"),
    [
        (b"<meta http-equiv=refresh content='0;url=/7?x=1'>", Redirect, "https://a.example/7?x=1"),
        (b"<meta http-equiv=refresh content='0;url=https://nobody.example/'>", Unusable, None),
        (b"<meta http-equiv=refresh content='300;url=/7?x=1'><h1>Head</h1>", Unusable, None),
        (b"<meta http-equiv=refresh content='0;url=/7?x=1'>" + STORY, Parsed, None),
    ],
)
def test_a_page_that_holds_only_a_refresh_is_a_redirect(body: bytes, kind: type, target: str | None) -> None:
    made = outcome(body)
    assert type(made) is kind
    if target:
        assert (made.target, made.by_refresh) == (target, True)


@pytest.mark.parametrize("reason", ["disconnect", "timeout", "too-large"])
def test_the_part_that_came_of_a_story_is_read_and_the_attempt_failed_all_the_same(reason: str) -> None:
    made = cut_off(outcome(STORY[:-60], truncated="disconnect"), reason, "5 of 9 bytes came")
    assert type(made) is CutOff
    assert (made.reason, made.detail, made.noted) == (reason, "5 of 9 bytes came", True)
    assert made.read.article.headline == "The wall is mended"


@pytest.mark.parametrize(
    "made",
    [
        outcome(b"<html><head><tit", truncated="disconnect"), outcome(b"", truncated="disconnect"), outcome(b"<rss><channel>", role="feed", truncated="disconnect"),
        outcome(b"busy", status=503, truncated="disconnect"), outcome(b"", role="requisite", truncated="length"),
    ],
)  # fmt: skip
def test_a_part_that_holds_nothing_of_use_is_unreadable(made: Any) -> None:
    failed = cut_off(made, "disconnect", "cut")
    assert type(failed) is Unusable
    assert (failed.reason, failed.read_state, failed.noted) == ("disconnect", "unreadable", True)


def test_a_list_that_was_cut_off_tells_no_newest_story() -> None:
    made = cut_off(outcome(RSS[:-30], role="feed", truncated="disconnect"), "disconnect", "cut")
    assert isinstance(made, CutOff)
    assert isinstance(made.read, Listing)
    assert (made.read.newest, len(made.links) >= 1) == (None, True)


def test_an_attempt_that_failed_though_all_came_keeps_what_was_read() -> None:
    made = cut_off(outcome(role="section"), "status", "503 behind it")
    assert type(made) is Unusable or type(made) is CutOff
    assert made.reason == "status"


@pytest.mark.parametrize(
    ("status", "headers", "sent"),
    [(301, (), True), (302, (), True), (303, (), True), (307, (), True), (308, (), True), (300, (), False), (300, location("/x"), True), (304, location("/x"), False), (200, location("/x"), False), (None, (), False)],
)
def test_statuses_that_send_elsewhere(status: int | None, headers: tuple[tuple[str, str], ...], sent: bool) -> None:
    assert is_redirect(status, headers) is sent


def leased(url: str = URL, role: str = "story", **more: Any) -> LeasedRequest:
    return LeasedRequest(target=Target(key="k", url=url, site="demo", role=role, story="demo/7" if role == "story" else None), **more)  # type: ignore[arg-type]


def test_a_page_may_set_a_cookie_and_send_to_itself() -> None:
    assert target_of(SITE, leased(), URL, NOW.date(), (*location(URL), ("Set-Cookie", "a=b"))) == URL


def test_a_robots_txt_may_lie_on_any_host() -> None:
    robots = leased("https://a.example/robots.txt", role="robots")
    assert target_of(SITE, robots, robots.url, NOW.date(), location("https://nobody.example/robots.txt")) == "https://nobody.example/robots.txt"
    with pytest.raises(FetchFailed, match="never-fetch list"):
        check_target(SITE, leased(), "https://a.example/counter/1", NOW.date())


def test_hops_are_counted_and_end_at_the_limit() -> None:
    chain, lease = RedirectChain(most=3), leased()
    for n in range(3):
        lease = chain.follow(lease, lease.url, f"https://a.example/7?n={n}")
        assert (lease.hops, lease.etag) == (n + 1, None)
    with pytest.raises(FetchFailed) as caught:
        chain.follow(lease, lease.url, "https://a.example/7?n=4")
    assert (caught.value.reason, caught.value.detail) == ("redirect", "more than 3 redirects")


def test_a_loop_is_told_and_a_cookie_may_break_it() -> None:
    chain, lease = RedirectChain(most=9), leased()
    onward = chain.follow(lease, URL, "https://a.example/7?x=1")
    with pytest.raises(FetchFailed, match=r"redirects in a loop, back to https://a\.example/7"):
        chain.follow(onward, onward.url, URL)
    chain, lease = RedirectChain(most=9), leased()
    onward = chain.follow(lease, URL, "https://a.example/7?x=1", [("Set-Cookie", "seen=1; Path=/")])
    again = chain.follow(onward, onward.url, URL)
    assert chain.cookies(again.url) == "seen=1"
    with pytest.raises(FetchFailed, match="cookie wall: sets cookie seen and redirects in a loop"):
        chain.follow(again, URL, "https://a.example/7?x=1")


@pytest.mark.parametrize(("role", "most"), [("story", 2), ("robots", 5)])
def test_a_robots_txt_has_five_hops_at_least(role: str, most: int) -> None:
    chain, lease = RedirectChain(most=2), leased(role=role)
    for n in range(most):
        lease = chain.follow(lease, lease.url, f"https://a.example/{n}x")
    assert lease.hops == most
    with pytest.raises(FetchFailed, match=f"more than {most} redirects"):
        chain.follow(lease, lease.url, "https://a.example/one-more")
