"""How far a run goes: each limit cuts where it should, counts what it left out, and lets ordinary addresses pass."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import pytest
from outcomes import made

from crawler.items import Article, Block, Capture, LeasedRequest, Link, Outcome, Target
from crawler.scope.counters import Seen, Sketch
from crawler.scope.crawl_scope import CrawlScope, ScopeLimits
from crawler.scope.page_copies import REMEMBERED, Copies, Repeats
from crawler.scope.seed_scope import SeedScope
from crawler.scope.session_arguments import SessionArguments, arguments_of
from crawler.urls import join

A = "https://a.example"


@pytest.mark.parametrize(
    ("url", "depth", "limit"),
    [
        (f"{A}/{'x/' * 3}{'/'.join(map(str, range(18)))}", 1, "path segments"),
        (f"{A}/a/b/a/b/a/b/a", 1, "repeated path segments"),
        (f"{A}/x", 101, "link depth"),
        (f"{A}/{'x' * 2100}", 1, "URL length"),
    ],
)
def test_growing_addresses_are_left_out(url: str, depth: int, limit: str) -> None:
    scope = CrawlScope()
    assert not scope.page(url, depth)
    assert scope.hit == {limit: 1}
    assert [(one.reason, one.count) for one in scope.omitted] == [(f"beyond the limit of {limit}", 1)]
    assert next(iter(scope.omitted)).example == url[:197] + "..." if len(url) > 200 else url


@pytest.mark.parametrize("url", [f"{A}/", f"{A}/2026/11/24/news/world/a-story", f"{A}/en/en/en/x", f"{A}/x?page=2"])
def test_ordinary_addresses_pass(url: str) -> None:
    assert CrawlScope().page(url, 3)


def test_pages_are_counted_by_host_and_queries_by_path() -> None:
    scope = CrawlScope(limits=ScopeLimits(pages_per_host=4, queries_per_path=2))
    assert [scope.page(f"{A}/calendar?d={n}", n) for n in range(3)] == [True, True, False]
    assert [scope.page(f"{A}/{n}", n) for n in range(3)] == [True, True, False]
    assert scope.page("https://b.example/calendar?d=9", 1)
    assert scope.hit == {"queries per path": 1, "pages per host": 1}


def test_sitemaps_have_a_depth_and_a_number() -> None:
    scope = CrawlScope(limits=ScopeLimits(sitemaps=2, sitemap_depth=3))
    assert [scope.sitemap(depth) for depth in (4, 3, 1, 1)] == [False, True, True, False]
    assert scope.hit == {"sitemap depth": 1, "sitemap files": 1}


def test_counts_of_many_names_take_little_memory() -> None:
    sketch = Sketch()
    for n in range(100_000):
        sketch.add(f"a.example /path/{n}")
    assert [sketch.add("b.example /calendar") for _ in range(3)][-1] <= 3 + 100_000 // 8192
    assert sum(sys.getsizeof(row) for row in sketch._rows) < 50 * 100_000


# -- pages that repeat one another


def test_names_seen_before_are_known_again_in_little_memory() -> None:
    seen = Seen()
    new = sum(seen.add(f"https://a.example/{n}") for n in range(50_000))
    assert 49_950 <= new <= 50_000
    assert not any(seen.add(f"https://a.example/{n}") for n in range(50_000))
    assert sys.getsizeof(seen._bits) < 1.1 * 2**20


def test_a_page_under_a_second_address_leads_nowhere_new() -> None:
    scope = CrawlScope()
    assert not scope.copy(f"{A}/1", "sha1:A", [f"{A}/x"])
    assert not scope.copy(f"{A}/1", "sha1:A", [f"{A}/x"])
    assert scope.copy(f"{A}/2", "sha1:A", [f"{A}/x"])
    assert not scope.copy(f"{A}/2", None)
    assert scope.hit == {"links of a page seen under another address": 1}
    assert not list(scope.omitted), "the very same links are looked at once: nothing is left out"
    assert not any(scope.copy(f"{A}/{n}", f"sha1:{n}") for n in range(REMEMBERED))
    assert not scope.copy(f"{A}/2", "sha1:A", [f"{A}/x"])  # forgotten


@pytest.mark.parametrize(
    ("above", "url"),
    [
        ("/2025/", "/2026/"), ("/a/b/c/", "/a/"), ("/en/", "/fr/x"), ("/", "https://b.example/"), ("/m/", "https://mirror.test/m/m/"),
    ],
)  # fmt: skip
def test_the_same_bytes_elsewhere_are_followed(above: str, url: str) -> None:
    copies = Copies()
    url = url if url.startswith("http") else A + url
    front = "https://front.example/"
    assert copies.repeats(A + above, "sha1:A", [f"{A}{above}1.html"], found_on=front, depth=1) is Repeats.NOTHING
    found_on = A + above if url.count("/") <= (A + above).count("/") else front
    assert copies.repeats(url, "sha1:A", [f"{url}1.html"], found_on=found_on, depth=1) is Repeats.NOTHING


def test_the_same_bytes_nearer_to_the_seed_are_followed() -> None:
    copies = Copies()
    assert copies.repeats(f"{A}/1", "sha1:A", [f"{A}/x"], found_on=None, depth=4) is Repeats.NOTHING
    assert copies.repeats(f"{A}/2", "sha1:A", [f"{A}/x"], found_on=None, depth=1) is Repeats.NOTHING
    assert copies.repeats(f"{A}/3", "sha1:A", [f"{A}/x"], found_on=None, depth=1) is Repeats.LINKS


@pytest.mark.parametrize("links", [["deeper/"], ["../x/y/"], ["a/", "b/"], ["./q/r/s"]])
def test_relative_links_that_grow_end(links: list[str]) -> None:
    scope, queue, asked = CrawlScope(), [(f"{A}/p/q/", "", 0)], set[str]()
    while queue:
        url, found_on, depth = queue.pop(0)
        asked.add(url)
        assert len(asked) < 20
        found = [join(url, link) or "" for link in links]
        if not scope.copy(url, "sha1:A", found, found_on=found_on, depth=depth):
            queue += [(one, url, depth + 1) for one in found if one not in asked]
    assert "in a deeper folder" in next(iter(scope.omitted)).reason


# -- arguments that name a session


def reading(url: str, text: str, *links: str) -> Outcome:
    capture = Capture(
        target=Target(url=url, site="web", role="page", key=url), record_id="urn:uuid:x", host="a.example",
        date=datetime(2026, 11, 1, tzinfo=UTC), warc="w", offset=0, length=1,
    )  # fmt: skip
    article = Article(url=url, headline="A page", blocks=(Block(kind="paragraph", text=text),)) if text else None
    lease = LeasedRequest(target=Target(key=url, url=url, site="web", role="page"))
    return made(lease, capture, article=article, links=tuple(Link(url=link) for link in links))


@pytest.mark.parametrize("form", ["/x?p={n}&PHPSESSID={s}", "/x;jsessionid={s}?p={n}", "/(S({s}))/x?p={n}", "/x?sid={s}&p={n}"])
def test_an_argument_is_a_sessions_when_pages_that_differ_in_it_are_the_same(form: str) -> None:
    sessions = SessionArguments()
    for session in range(2):
        for n in range(3):
            assert sessions.bare(A + form.format(n=7, s="z9")) is None
            sessions.learn(reading(A + form.format(n=n, s=f"s{session}"), f"Page {n}."))
    bare = sessions.bare(A + form.format(n=7, s="z9"))
    assert bare is not None
    assert "z9" not in bare
    assert sessions.bare(f"https://b.example{form.format(n=7, s='z9')}") is None
    assert not sessions.shown(A + form.format(n=7, s="z9"))
    assert sessions.shown(A + form.format(n=2, s="z9"))


def test_pages_without_text_are_compared_by_where_they_lead() -> None:
    sessions = SessionArguments()
    for n in range(4):
        sessions.learn(reading(f"{A}/list?sid=s{n}", "", f"{A}/1?sid=s{n}", f"{A}/2?sid=s{n}"))
    assert sessions.bare(f"{A}/1?sid=s9") == f"{A}/1"


def test_arguments_that_are_ids_are_never_a_sessions() -> None:
    sessions = SessionArguments()
    for n in range(50):
        sessions.learn(reading(f"{A}/story?sid=story-{n}", f"Story {n}."))
        sessions.learn(reading(f"{A}/story?sid=story-{n}", f"Story {n}."))  # asked for again: says nothing
        sessions.learn(reading(f"{A}/gone?page={n}", "Nothing here."))
    assert sessions.bare(f"{A}/story?sid=story-99") is None
    assert sessions.bare(f"{A}/gone?page=99") is None


def test_a_session_of_one_host_and_ids_of_another_are_told_apart() -> None:
    assert [name for name, _ in arguments_of(f"{A}/x;sid=1/y?a=1&utm_source=b&SESSION=c&side=2")] == ["utm_source", "session", ";sid"]
    assert not list(arguments_of(f"{A}/x?q=sid&session_title=a"))


# -- scope


@pytest.mark.parametrize(
    ("kind", "inside", "outside"),
    [
        ("host", ["http://www.a.example/x", "https://WWW.A.example:8080/"], ["http://a.example/", "http://b.example/", "mailto:x", ""]),
        ("domain", ["http://a.example/", "http://pictures.a.example/"], ["http://b.example/", "http://example/"]),
        ("page", [], ["http://www.a.example/", "http://www.a.example/x"]),
    ],
)  # fmt: skip
def test_what_a_scope_holds(kind: str, inside: list[str], outside: list[str]) -> None:
    scope = SeedScope(kind, ["http://www.a.example/"])  # type: ignore[arg-type]
    assert [url for url in inside + outside if scope.holds(url)] == inside
    scope.take_in("http://moved.test/y")
    assert scope.holds("http://moved.test/z") is (kind != "page")
    assert scope.holds("http://www.moved.test/z") is (kind == "domain")
