"""Verdicts: what is no story must be told, and a story about such things must stay one."""

from __future__ import annotations

import importlib.util
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import read

from crawler.errors import REASONS
from crawler.items import Capture, LeasedRequest, Target
from crawler.parsers.classify import classify as judging
from crawler.parsers.classify.classify import Answer, Expectation, Verdict
from crawler.parsers.classify.retry_after import retry_after
from crawler.parsers.document.page import Page
from crawler.sites.presstv import SITE as PRESSTV

EVAL = Path(__file__).parents[3].parent / "shared" / "eval" / "presstv_mirrors.py"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KINDS = ("story", "list", "feed", "sitemap", "robots", "media")
LONG = (
    "The harbour office said on Tuesday that the second ferry would return to service once the new propeller "
    "shaft had been fitted and tried at sea."
)


def page(html: str, url: str = "https://www.paper.example/2026/03/04/1041/x", headers=()) -> Page:
    return Page(url=url, date=NOW, text=html, headers=headers)


def judge(page: Page | None, **facts: Any) -> Verdict:
    answer = {name: facts.pop(name) for name in ("status", "headers", "start", "size", "marked", "now") if name in facts}
    return judging.classify(Answer(page=page, **answer), Expectation(**facts))


def number_of(address: str) -> str | None:
    found = re.search(r"paper\.example/\d{4}/\d\d/\d\d/0*(\d+)", address)
    return found[1] if found else None


NOT_THE_SITE = {
    "seized": [
        "<title>x</title><h1>THIS WEBSITE HAS BEEN SEIZED</h1><p>in accordance with a warrant</p>",
        "<html><title>Notice</title><body><p>The domain name paper.example has been seized by the Federal Bureau of "
        "Investigation pursuant to a seizure warrant issued"
        " by the United States District Court under 18 U.S.C. 981.</p>",
        "<html><title>paper.example</title><body><img src='/img/banner.jpg' alt='Seized by HSI and Europol'></body>",
        "<html><head><title></title></head><body><center><img src=seizure_notice.png></center>",
        "<!doctype html><title>Diese Webseite wurde durch das Bundeskriminalamt beschlagnahmt</title><body></body>",
        "<html><title>Seized</title><body><script src='https://seizedservers.com/x.js'></script>Please wait",
    ],
    "challenge": [
        "<!DOCTYPE html><title>Just a moment...</title><body><noscript>Enable JavaScript and cookies to continue</noscript>"
        "<script>window._cf_chl_opt={}</script>",
        "<html><head><title>DDoS-Guard</title></head><body><p>Checking your browser before accessing paper.example</p></body>",
        "<html><body><script>document.cookie='__arcsjs=1';location.reload()</script></body></html>",
        "<html><head><META NAME='robots' CONTENT='noindex,nofollow'></head><body><iframe src='/_Incapsula_Resource?x=1'>Request "
        "unsuccessful. Incapsula incident ID: 1-2</iframe>",
        "<html><title>paper.example</title><body><h2>Please verify you are a human</h2><div class=g-recaptcha></div></body>",
        "<!doctype html><title>Access Denied</title><h1>Access Denied</h1>You don't have permission. Reference #18.1",
    ],
    "parked": [
        "<html><title>paper.example is for sale</title><body><a href=/offer>Make an offer</a>",
        "<!DOCTYPE html><title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page, the web server is installed.",
        "<html><title>paper.example</title><body><script src=//img.sedoparking.com/x.js></script><a href=1>Loans</a>",
    ],
    "consent": [
        "<html><title>Before you continue</title><form action='https://consent.yahoo.com/v2/collectConsent'><button>Accept "
        "all</button></form>",
        f"<html><title>DPG Media Privacy Gate</title><body><p>{LONG}<p>{LONG}",
    ],
    "soft-404": [
        "<html><title>Runtime Error</title><h1>Server Error in '/' Application.</h1><p>An application error occurred.",
        "<html><title>The Paper</title><nav>" + "<a href=/s>section</a>" * 60 + "</nav><h1>Page not found</h1><p>Try the search.",
        "<html><title>404 - The Paper</title><h1>Oops! That page can't be found.</h1>",
        "<br />\n<b>Fatal error: Uncaught PDOException: SQLSTATE</b>",
        "",
        "  \n ",
        "<html><title>Seite nicht gefunden | Zeitung</title>",
        "<html><title>The Paper-Page Not Found</title><body>Sorry.",
        "<html><title>The Paper</title><h1>Page not found</h1><div class=side>"
        + f"<a href=/x><p class=teaser>{LONG}</p></a><aside><p>{LONG}</p></aside>" * 6,
        "<html><title>The Paper</title><h2>The article you are looking for no longer exists.</h2>",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("reason", "html"), [(reason, html) for reason, pages in NOT_THE_SITE.items() for html in pages])
def test_pages_that_are_not_the_site(reason, html):
    verdict = judge(page(html), kind="story", number="1041", number_of=number_of)
    assert verdict.reason == reason, verdict
    assert reason == "soft-404" or not verdict.answer


ARTICLES = {
    "seizure, quoted at once": f'<h1>Paper\'s website seized by government</h1><p>"This website has been seized"; this message '
    f'appeared on our site on Tuesday. {LONG}</p>' + f"<p>{LONG}</p>" * 4,
    "seizure, in the headline": f"<title>This website has been seized: how a banner looks</title><meta property=og:type "
    f"content=article><p>{LONG}",
    "warrant in the text": f"<title>Court</title><h1>Marina domain taken over</h1><p>The website has been seized pursuant to a "
    f"warrant, said the FBI. {LONG}" + f"<p>{LONG}" * 3,
    "captcha": f"<title>Why captchas ask you to verify you are human</title><h1>Verify you are human</h1><p>{LONG}<p>{LONG}<p>{LONG}",
    "404 days": f"<h1>404 days at sea</h1><p>{LONG}</p>",
    "page not found as a subject": f"<title>Page not found: an essay on error pages</title><h1>Page not found: an essay</h1><p>"
    f"{LONG}<p>{LONG}<p>{LONG}",
    "domain for sale": f"<h1>This domain is for sale: the town that sold its name</h1><p>{LONG}<p>{LONG}<p>{LONG}",
    "privacy": f"<h1>Your privacy matters</h1><script type='application/ld+json'>{{\"@type\": \"NewsArticle\"}}</script><p>{LONG}",
    "comment form with captcha": f"<h1>Ferry back</h1><p>{LONG}<p>{LONG}<p>{LONG}<form><div class=g-recaptcha></div></form>"
    f"<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>",
    "very short, plain": "<html><title>Ferry back in service</title><h1>Ferry back in service</h1><p>It sails at noon.</p>",
    "maintenance": f"<h1>Maintenance of the pier begins</h1><p>{LONG}",
    "document removed": f"<h1>Leaked document was removed from court file</h1><p>{LONG}",
    "page": f"<h1>Torn page of the charter is found</h1><p>{LONG}",
    "not found": f"<h1>Missing trawler not found after third day of search</h1><p>{LONG}",
}  # fmt: skip


@pytest.mark.parametrize("name", ARTICLES)
def test_articles_about_such_things_pass(name):
    assert judge(page("<html>" + ARTICLES[name]), kind="story", gone_words=("This story is gone",)) == Verdict()


def test_a_marked_page_is_a_story_whatever_its_words_but_not_when_it_says_gone():
    assert judge(page("<h1>This website has been seized</h1><p>Brief.</p>"), kind="story", marked=True) == Verdict()
    verdict = judge(page("<h1>Story withdrawn.</h1><p>Sorry.</p>"), kind="story", marked=True, gone_words=("story withdrawn",))
    assert (verdict.reason, verdict.answer) == ("soft-404", True)
    assert (
        judge(page("<h1>Story withdrawn</h1>" + f"<p>{LONG}</p>" * 3), kind="story", marked=True, gone_words=("story withdrawn",))
        == Verdict()
    )
    verdict = judge(page("<h1>The page you are looking for does not exist.</h1><p>Sorry.</p>"), kind="story", marked=True)
    assert verdict.reason == "soft-404"
    assert judge(page("<html><p>Dear reader: Story  Withdrawn</p>"), kind="story", gone_words=("story withdrawn",)).reason == "soft-404"


IDENTITY = ("//meta[@property='og:url']/@content", "//link[@rel='canonical']/@href", "//*[@data-id]/@data-id")


def witnesses(og="", canonical="", *ids) -> Page:
    return page(
        f"<html><meta property=og:url content='{og}'><link rel=canonical href='{canonical}'>"
        + "".join(f"<i data-id='{n}'></i>" for n in ids)
        + f"<p>{LONG}"
    )


MINE, OTHER = "https://paper.example/2026/03/04/1041/a", "https://paper.example/2026/01/01/977/b"


@pytest.mark.parametrize(
    ("witness", "reason"),
    [
        (witnesses(MINE, MINE, "1041"), None),
        (witnesses("/2026/03/04/01041/z", "", "977", "1041"), None),
        (witnesses(OTHER, OTHER, "977"), "wrong-article"),
        (witnesses(OTHER, MINE), None),
        (witnesses(OTHER, MINE, "977"), "wrong-article"),
        (witnesses("", "", "977", "978", "979"), None),
        (witnesses(), None),
        (witnesses("", "", "977"), "wrong-article"),
        (witnesses("https://www.paper.example/", "/"), "soft-404"),
        (witnesses("https://www.paper.example/", MINE), None),
        (
            witnesses("https://social.invalid/share?u=https%3A%2F%2Fpaper.example%2F2026%2F01%2F01%2F977%2Fb", "/counter/977"),
            "wrong-article",
        ),
        (witnesses("https://social.invalid/share?u=https%3A%2F%2Fpaper.example%2F2026%2F03%2F04%2F1041%2Fb", "/counter/1041"), None),
    ],
)
def test_the_story_asked_for_by_majority_of_witnesses(witness, reason):
    witness.headers = ()
    found = judge(
        witness, kind="story", identity=IDENTITY, number="1041", number_of=lambda a: number_of(a.replace("www.", "")), marked=True
    )
    assert found.reason == reason, found


def test_statuses():
    note = page("<html><h1>Not Found</h1>")
    assert judge(note, kind="story", status=404) == Verdict("status", "404", answer=True)
    assert judge(None, kind="media", status=410) == Verdict("status", "410", answer=True)
    assert judge(note, kind="story", status=451).answer is False
    busy = page("<h1>Busy</h1>", headers=(("retry-after", "7"),))
    assert judge(busy, kind="feed", status=503) == Verdict("status", "503", answer=False, retry_after=7.0)
    assert judge(page(NOT_THE_SITE["challenge"][0]), kind="robots", status=403).reason == "challenge"
    assert judge(page(NOT_THE_SITE["seized"][0]), kind="list", status=404).reason == "seized"
    assert judge(page("", headers=(("CF-Mitigated", "challenge"),)), kind="story", status=403).reason == "challenge"
    assert judge(None, kind="story", status=304) == Verdict()
    assert judge(None, kind="story", status=302, headers=[("Location", "/x")]) == Verdict("redirect", "302 /x", answer=False)
    assert judge(None, kind="story", status=None).reason == "status"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0), ("4.0", 4.0), ("4.", 4.0), ("0", 0.0), (" 7 ", 7.0), ("3600", 3600.0), ("9" * 5000, 999_999_999_999.0),
        ("Tue, 24 Nov 2026 12:01:30 GMT", 90.0), ("Tuesday, 24-Nov-26 12:01:30 GMT", 90.0), ("Tue Nov 24 12:01:30 2026", 90.0),
        ("Tue, 24 Nov 2020 12:01:30 GMT", 0.0), ("Tue, 24 Nov 2026 13:01:30 +0100", 90.0),
        ("", None), ("-1", None), ("-1.5", None), ("soon", None), ("\u00b2", None), ("inf", None), ("nan", None), ("1e3", None), (".5", None),
        ("Tue, 99 Nov 2026 12:01:30 GMT", None),
    ],
)  # fmt: skip
def test_retry_after_in_every_form(value: str, seconds: float | None) -> None:
    assert retry_after([("Retry-After", value)], NOW) == seconds


def test_retry_after_is_held_against_the_servers_own_clock() -> None:
    date = ("Date", "Tue, 24 Nov 2020 12:00:30 GMT")
    assert retry_after([date, ("Retry-After", "Tue, 24 Nov 2020 12:01:30 GMT")], NOW) == 60.0
    assert retry_after([("Date", "yesterday"), ("Retry-After", "Tue, 24 Nov 2026 12:01:30 GMT")], NOW) == 90.0


def test_what_was_asked_for_as_feed_sitemap_robots_or_picture():
    html = page("<!-- cached --><!DOCTYPE html><html><title>The Paper</title><p>Welcome")
    assert [judge(html, kind=kind).reason for kind in KINDS] == [None, None, "soft-404", "soft-404", "soft-404", "soft-404"]
    assert judge(page("<?xml version='1.0'?><rss/>"), kind="feed") == Verdict()
    assert judge(page("Warning: x\n<rss version='2.0'>"), kind="feed") == Verdict()
    assert judge(page("https://a.example/1\n"), kind="sitemap") == Verdict()
    assert judge(None, kind="sitemap", start=b"\x1f\x8b\x08\x00rest") == Verdict()
    assert judge(page('{"error": 1}'), kind="feed").reason == "malformed"
    assert judge(page("User-agent: *\nDisallow: /x\n"), kind="robots") == Verdict()
    assert judge(page(""), kind="robots") == Verdict()
    assert judge(None, kind="media", start=b"\xff\xd8\xff\xe0\0\x10JFIF") == Verdict()
    assert judge(None, kind="media", start=b"<svg xmlns='http://www.w3.org/2000/svg'/>") == Verdict()
    assert judge(None, kind="media", start=b"body{margin:0}") == Verdict()
    assert judge(None, kind="media", start=b"\r\n<!DOCTYPE HTML><html>").reason == "soft-404"
    assert judge(None, kind="media", start=b"").detail == "empty body"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.sampled_from(KINDS), st.integers(100, 599))
def test_any_text_gets_a_verdict(text, kind, status):
    found = judge(
        page("<html>" + text), kind=kind, status=status, identity=IDENTITY, number="1", number_of=number_of, gone_words=("", "gone")
    )
    assert found.reason is None or found.reason in REASONS


@pytest.fixture(scope="module")
def play():
    if not EVAL.is_file():
        pytest.skip("no shared stand-in site beside the project")
    spec = importlib.util.spec_from_file_location("presstv_mirrors", EVAL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["presstv_mirrors"] = module
    spec.loader.exec_module(module)
    yield module, module.World()
    del sys.modules["presstv_mirrors"]


def test_the_stand_in_sites_stories_pass_without_any_mark(play):
    module, world = play
    pages = {number: world.render(story) for number, story in world.stories.items()}
    pages |= {"home": world.home().encode()} | {f"section {n}": world.section_front(n, 9).encode() for n in module.SECTION_NAMES}
    for name, body in pages.items():
        shown = page(body.decode(), "https://www.presstv.co.uk/x")
        assert judge(shown, kind="story" if name.isdigit() else "list") == Verdict(), name


def test_the_stand_in_sites_modes_are_told(play):
    _, world = play
    for mode, reason in (
        ("seized", "seized"),
        ("challenge", "challenge"),
        ("503", "status"),
        ("soft-error", "soft-404"),
        ("redirect-to-dead", "redirect"),
    ):
        answer = world.answer("ir", "www.presstv.ir", "/rss.xml", mode)
        for kind in KINDS:
            verdict = judge(page(answer.body.decode(), headers=tuple(answer.headers)), kind=kind, status=answer.status)
            assert (verdict.reason, verdict.answer) == (reason, False), (mode, kind)
    assert judge(page(world.not_found(200).body.decode()), kind="story").reason == "soft-404"
    other = page(world.story("co.uk", "774394", "wrong-article").body.decode(), "https://www.presstv.co.uk/Detail/2026/08/15/774394/x")
    story = re.compile(r"/detail/\d+/\d+/\d+/(\d+)", re.IGNORECASE)
    found = judge(
        other,
        kind="story",
        identity=("//meta[@property='og:url']/@content",),
        number="774394",
        number_of=lambda a: m[1] if (m := story.search(a)) else None,
    )
    assert found.reason == "wrong-article"


@pytest.mark.parametrize(
    ("status", "payload", "verdict"),
    [
        (404, b"", ("status", "404", True)),
        (410, b" \r\n", ("status", "410", True)),
        (503, b"", ("status", "503", False)),
        (200, b"", ("soft-404", "empty body", False)),
        (200, b"\xef\xbb\xbf \n", ("soft-404", "empty body", False)),
    ],
)
def test_a_story_that_answers_nothing_is_told_by_its_status(status: int, payload: bytes, verdict: tuple[str, str, bool]) -> None:
    url = "https://www.presstv.ir/Detail/2016/04/07/459588/x"
    capture = Capture(
        target=Target(url=url, site="presstv", role="story", key="presstv/459588", story="presstv/459588"), record_id="urn:uuid:1",
        host="www.presstv.ir", date=datetime(2026, 8, 16, tzinfo=UTC), warc="w", offset=0, length=1, status=status,
    )  # fmt: skip
    lease = LeasedRequest(target=Target(key="presstv/459588", url=url, site="presstv", role="story", story="presstv/459588"))
    found = read(PRESSTV, lease, capture, [("Content-Type", "text/html")], payload)
    assert (found.reason, found.detail, found.answer) == verdict
