"""What a run remembers of addresses in bounded memory: sessions, copies, counts; what earlier runs know of a page."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from exchange_makers import START
from hypothesis import given
from hypothesis import strategies as st

from crawler.frontier_reads.known_pages import KnownPage, KnownPages
from crawler.index.index import Index
from crawler.index.stories import know_story
from crawler.items import Article, Block, Capture, LeasedRequest, Link, Listing, Parsed, Target, Usable
from crawler.scope import page_copies, session_arguments
from crawler.scope.counters import Seen, Sketch
from crawler.scope.page_copies import Copies, Repeats
from crawler.scope.session_arguments import PROOFS, SessionArguments, arguments_of

H = "http://a.example"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (f"{H}/x", []), (f"{H}/x?id=7", []), (f"{H}/x?sid=7", [("sid", f"{H}/x")]), (f"{H}/x?id=1&PHPSESSID=7", [("phpsessid", f"{H}/x?id=1")]),
        (f"{H}/x?utm_source=a&utm_medium=b", [("utm_source", f"{H}/x?utm_medium=b"), ("utm_medium", f"{H}/x?utm_source=a")]), (f"{H}/x;jsessionid=7", [(";jsessionid", f"{H}/x")]),
        (f"{H}/x;jsessionid=7?id=1", [(";jsessionid", f"{H}/x?id=1")]), (f"{H}/(S(abc123))/x", [(";s", f"{H}/x")]), (f"{H}/x?sid", [("sid", f"{H}/x")]), (f"{H}/x?mysid=7", []),
        (f"{H}/x?", []), (f"{H}/x?fbclid=7#top", [("fbclid", f"{H}/x")]),
    ],
)  # fmt: skip
def test_session_like_arguments_and_the_address_without_them(url: str, found: list[tuple[str, str]]) -> None:
    assert list(arguments_of(url)) == found


def page(url: str, text: str | None, *, links: tuple[str, ...] = ()) -> Usable:
    """A page of these words, or of links alone."""
    target = Target(key=url, url=url, site="web", role="page")
    capture = Capture(target=target, record_id="urn:uuid:1", host="a.example", date=START, warc="w", offset=0, length=1, status=200)
    found = tuple(Link(url=link) for link in links)
    if text is None:
        return Listing(lease=LeasedRequest(target=target), capture=capture, links=found)
    article = Article(url=url, headline=text, blocks=(Block(kind="paragraph", text=text),))
    return Parsed(lease=LeasedRequest(target=target), capture=capture, article=article, links=found)


def test_an_argument_is_a_session_s_after_so_many_proofs_and_on_that_host_alone() -> None:
    sessions = SessionArguments()
    assert sessions.bare(f"{H}/1?sid=a") is None
    for n in range(PROOFS):
        assert sessions.bare(f"{H}/{n}?sid=a") is None, "not yet"
        sessions.learn(page(f"{H}/{n}?sid=a", f"story {n}"))
        sessions.learn(page(f"{H}/{n}?sid=b", f"story {n}"))
    assert sessions.bare(f"{H}/9?sid=c&id=1") == f"{H}/9?id=1"
    assert sessions.bare(f"{H}/9?id=1") is None
    assert sessions.bare("http://b.example/9?sid=c") is None
    assert sessions.shown(f"{H}/1?sid=z")
    assert not sessions.shown(f"{H}/99?sid=z")


def test_pages_that_differ_speak_against_it() -> None:
    sessions = SessionArguments()
    for n in range(PROOFS):
        for session in "ab":
            sessions.learn(page(f"{H}/{n}?sid={session}", f"story {n}"))
    sessions.learn(page(f"{H}/x?sid=a", "one"))
    sessions.learn(page(f"{H}/x?sid=b", "another"))
    assert sessions.bare(f"{H}/9?sid=c") is None


def test_the_same_address_twice_and_pages_without_content_prove_nothing() -> None:
    sessions = SessionArguments()
    for n in range(2 * PROOFS):
        sessions.learn(page(f"{H}/{n}?sid=a", f"story {n}"))
        sessions.learn(page(f"{H}/{n}?sid=a", f"story {n}"))
        sessions.learn(page(f"{H}/e{n}?sid=a", None))
        sessions.learn(page(f"{H}/e{n}?sid=b", None))
    assert sessions.bare(f"{H}/9?sid=c") is None


def test_lists_are_compared_by_their_links_without_sessions() -> None:
    sessions = SessionArguments()
    for n in range(PROOFS):
        for session in "ab":
            sessions.learn(page(f"{H}/{n}?sid={session}", None, links=(f"{H}/s/{n}?sid={session}",)))
    assert sessions.bare(f"{H}/9?sid=c") == f"{H}/9"


def test_no_more_is_remembered_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_arguments, "REMEMBERED", 4)
    sessions = SessionArguments()
    for n in range(20):
        sessions.learn(page(f"{H}/{n}?sid=a", f"story {n}"))
    assert len(sessions._shown) == 4
    for n in range(20):
        for session in "ab":
            sessions.learn(page(f"http://h{n}.example/1?sid={session}", "same"))
    assert len(sessions._proofs) <= 4


LINKS = (f"{H}/1", f"{H}/2")


@pytest.mark.parametrize(
    ("url", "payload", "links", "depth", "repeats"),
    [
        ("/b", "p", LINKS, 1, Repeats.LINKS), ("/b", "p", LINKS, 0, Repeats.NOTHING), ("/a", "p", LINKS, 1, Repeats.NOTHING), ("/b", "q", LINKS, 1, Repeats.NOTHING),
        ("/b", "p", (f"{H}/3",), 1, Repeats.NOTHING),
    ],
)  # fmt: skip
def test_a_page_that_leads_to_the_same_addresses(url: str, payload: str, links: tuple[str, ...], depth: int, repeats: Repeats) -> None:
    copies = Copies()
    assert copies.repeats(f"{H}/a", "p", LINKS, found_on=None, depth=1) is Repeats.NOTHING
    assert copies.repeats(f"{H}{url}", payload, links, found_on=f"{H}/a", depth=depth) is repeats


def test_links_that_grow_at_each_step_end_at_the_first_repeat() -> None:
    copies = Copies()
    assert copies.repeats(f"{H}/", "same bytes", (f"{H}/x/",), found_on=None, depth=0) is Repeats.NOTHING
    assert copies.repeats(f"{H}/x/", "same bytes", (f"{H}/x/x/",), found_on=f"{H}/", depth=1) is Repeats.ITSELF
    assert copies.repeats(f"{H}/y", "same bytes", (f"{H}/y2",), found_on=f"{H}/", depth=1) is Repeats.NOTHING, "no deeper folder"


def test_as_many_pages_are_remembered_as_the_limit_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_copies, "REMEMBERED", 3)
    copies = Copies()
    for n in range(10):
        copies.repeats(f"{H}/{n}", str(n), (f"{H}/to/{n}",), found_on=None, depth=1)
    assert copies.repeats(f"{H}/new", "9", (f"{H}/to/9",), found_on=None, depth=1) is Repeats.LINKS
    assert copies.repeats(f"{H}/new", "0", (f"{H}/to/0",), found_on=None, depth=1) is Repeats.NOTHING, "forgotten"


@given(st.lists(st.sampled_from([f"name {n}" for n in range(30)]), max_size=200))
def test_counts_are_never_too_low_and_right_for_a_few_names(names: list[str]) -> None:
    sketch, real = Sketch(), Counter[str]()
    for name in names:
        real[name] += 1
        assert sketch.add(name) >= real[name]
    assert {name: sketch.count(name) for name in real} == dict(real)
    assert sketch.count("never added") == 0


@given(st.lists(st.text(max_size=8), max_size=60))
def test_what_was_seen_is_never_new_again(names: list[str]) -> None:
    seen, known = Seen(), set[str]()
    for name in names:
        assert not (seen.add(name) and name in known)
        known.add(name)
    assert not any(seen.add(name) for name in known)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Three captures of one page, the last of them a 404, and one of a story of a site."""
    path = tmp_path / "index.db"
    with Index.open(path) as opened, opened.atomic():
        for n, (url, status, role) in enumerate([(f"{H}/old", 301, "page"), (f"{H}/new", 200, "page"), (f"{H}/new", 404, "page"), (f"{H}/s", 200, "story")]):
            target = Target(key=f"{H}/old" if role == "page" else "demo/1", url=url, site="web", role=role, story="web/x" if role == "page" else "demo/1")  # type: ignore[arg-type]
            opened.add_capture(
                Capture(target=target, record_id=f"urn:uuid:{n}", host="a.example", date=START.replace(hour=n), warc="w", offset=n, length=1, status=status)
            )
        opened.conn.execute(
            "INSERT INTO frontier (key, url, site, role, story_id, priority, due, state, attempts, changed) VALUES (?, ?, 'web', 'page', 'web/x', 0, '', 'done', 1, '')",
            [f"{H}/old", f"{H}/old"],
        )
    return path


def test_what_the_index_knows_of_a_page(index: Path) -> None:
    known = KnownPages(index)
    assert known.of_address(f"{H}/old") == KnownPage(f"{H}/old", "web/x")
    assert known.of_address(f"{H}/new") is None, "its row has another address"
    assert known.of_address(f"{H}/s") is None, "a story of a site is no page"
    assert known.landed(f"{H}/old") == f"{H}/new"
    assert known.landed("nosuch") is None
    known.close()


@pytest.mark.parametrize(("story", "keys"), [("web/http://a.example/1", False), ("web/https://a.example/1", False), ("web/example,a)/1", True), ("demo/1", False), ("web/zz,a)/1", True)])
def test_identities_of_earlier_versions_are_recognised(tmp_path: Path, story: str, keys: bool) -> None:
    path = tmp_path / "index.db"
    with Index.open(path) as opened, opened.atomic():
        know_story(opened.conn, story)
    known = KnownPages(path)
    assert known.has_search_keys is keys
    known.close()
