"""Announcements: what counts, in any order of filing, with lists taken back and read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from attrs import evolve
from histories import SITE, announced, at, file, page_of, shot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.coverage import announcements
from crawler.coverage.writing import catch_up_all, know_sites
from crawler.index.index import Index
from crawler.items import Capture, Link, Listing, Outcome


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as opened:
        yield opened


class Undone(Exception):
    """Rolls one example back."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("shared") / "index.db") as opened:
        yield opened


def test_the_first_place_counts_and_only_what_the_site_file_says_is_a_story(index: Index) -> None:
    front = page_of(shot(1, "seed", at(0)), [7, 8], others=["https://a.example/about", "https://elsewhere.example/story/9"])
    feed = page_of(shot(2, "feed", at(1), host="b.example"), [8, 10], host="b.example")
    story = page_of(shot(3, "story", at(2), story=8), [8, 11, 13], others=["https://a.example/story/13/print"])
    file(index, front, feed, story)
    assert announced(index) == {
        "gazette/7": ("urn:uuid:00000001", "https://a.example/story/7"),
        "gazette/8": ("urn:uuid:00000001", "https://a.example/story/8"),
        "gazette/10": ("urn:uuid:00000002", "https://b.example/story/10"),
        "gazette/11": ("urn:uuid:00000003", "https://a.example/story/11"),
        "gazette/13": ("urn:uuid:00000003", "https://a.example/story/13"),
    }
    (row,) = index.query("SELECT site, host, day, place, list_url FROM announcements WHERE story_id = 'gazette/10'")
    assert tuple(row) == ("gazette", "b.example", "2026-03-02", "feed", "https://b.example/rss.xml")


def test_a_story_announces_others_not_itself(index: Index) -> None:
    file(index, page_of(shot(1, "story", at(0), story=5), [5]))
    assert announced(index) == {}
    file(index, page_of(shot(2, "story", at(1), story=6), [5]))
    assert announced(index) == {"gazette/5": ("urn:uuid:00000002", "https://a.example/story/5")}


def test_pictures_unread_pages_and_answers_that_are_none_announce_nothing(index: Index) -> None:
    unusable = page_of(shot(2, "section", at(1)), [6], reason="soft-404")
    file(index, page_of(shot(1, "requisite", at(0)), [5]), evolve(unusable, links=(Link(url="https://a.example/story/6"),)))
    assert announced(index) == {}


def test_without_a_site_file_feeds_and_sitemaps_announce_pages_do_not(index: Index) -> None:
    links = ["https://c.example/a", "https://c.example/b.html"]
    page = shot(1, "page", at(0), site="web", story="web/https://c.example/", key="https://c.example/", mime="text/xml")
    parts = shot(2, "sitemap", at(1), site="web", url="https://c.example/map")
    sitemap = shot(3, "sitemap", at(2), site="web", url="https://c.example/part")
    feed = shot(4, "page", at(3), site="web", url="https://c.example/feed", mime="text/html")
    file(index, page_of(page, [], others=links))
    listing = page_of(parts, [], others=["https://c.example/part"], kind="index")
    assert isinstance(listing, Listing)
    file(index, evolve(listing, links=(Link(url="https://c.example/part", listing=True),)))
    assert announced(index) == {}
    file(index, page_of(sitemap, [], others=links[:1], kind="urlset"), page_of(feed, [], others=links, kind="feed"))
    first = {"web/https://c.example/a": "urn:uuid:00000003", "web/https://c.example/b.html": "urn:uuid:00000004"}
    assert {story: record for story, (record, _) in announced(index).items()} == first
    with index.atomic():
        index.forget(3)
    catch_up_all(index)
    assert {record for record, _ in announced(index).values()} == {"urn:uuid:00000004"}


def test_a_rolled_back_transaction_leaves_no_memory(index: Index) -> None:
    outcome = page_of(shot(1, "seed", at(0)), [7])
    know_sites(index, site=SITE)
    with suppress(Undone), index.atomic():
        file(index, outcome)
        raise Undone
    assert announced(index) == {}
    file(index, outcome)
    assert list(announced(index)) == ["gazette/7"]


def test_hundreds_of_known_links_need_no_statement(index: Index) -> None:
    stories = range(100, 400)
    file(index, *(page_of(shot(n, "seed", at(n)), stories) for n in range(2)))
    statements: list[str] = []
    index.conn.set_trace_callback(statements.append)
    file(index, page_of(shot(2, "seed", at(2)), stories))
    assert [one for one in statements if "announced" in one] == []


CAPTURES = st.lists(
    st.tuples(st.sampled_from(["feed", "seed", "section", "sitemap", "story"]), st.integers(0, 4), st.sets(st.integers(1, 9), max_size=5)),
    min_size=1, max_size=7,
)  # fmt: skip


def expected(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """What must stand, by the definition."""
    first: dict[str, tuple[object, str]] = {}
    for one in outcomes:
        capture = one.capture
        assert capture is not None
        for link in one.links:
            story = SITE.story_id(link.url)
            if story is not None and story != capture.story:
                first[story] = min(first.get(story, (capture.date, capture.record_id)), (capture.date, capture.record_id))
    return {story: record for story, (_, record) in first.items()}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(captures=CAPTURES, data=st.data(), remembered=st.sampled_from([2, 16_384]))
def test_any_order_gives_the_same_also_with_lists_that_change(
    shared: Index, captures: list[tuple[str, int, set[int]]], data: st.DataObject, remembered: int
) -> None:
    outcomes = [
        page_of(shot(n, role, at(hour), story=90 + n if role == "story" else None), sorted(stories))
        for n, (role, hour, stories) in enumerate(captures)
    ]  # fmt: skip
    changed = data.draw(st.dictionaries(st.integers(0, len(outcomes) - 1), st.sets(st.integers(1, 9), max_size=5), max_size=3))
    before = {n: page_of(_capture(outcomes[n]), sorted(stories)) for n, stories in changed.items()}
    order = data.draw(st.permutations(range(len(outcomes))))
    most, announcements.REMEMBERED = announcements.REMEMBERED, remembered
    try:
        with suppress(Undone), shared.atomic():
            know_sites(shared, site=SITE)
            file(shared, *(before.get(n, outcomes[n]) for n in order))
            for n in changed:
                shared.forget(shared.query("SELECT id FROM captures WHERE record_id = ?", [_capture(outcomes[n]).record_id])[0][0])
                file(shared, outcomes[n])
            catch_up_all(shared)
            found = {story: record for story, (record, _) in announced(shared).items()}
            raise Undone
    finally:
        announcements.REMEMBERED = most
    assert found == expected(outcomes)


def test_what_a_migration_leaves_is_caught_up(index: Index) -> None:
    outcomes = [page_of(shot(n, "seed", at(n)), range(n, n + 3)) for n in range(6)]
    file(index, *outcomes)
    before = announced(index)
    with index.atomic():
        index.conn.execute("DELETE FROM announced")
        index.conn.execute("INSERT INTO lists_to_announce SELECT DISTINCT capture_id FROM link_lists")
        know_sites(index, site=SITE)
    assert catch_up_all(index) == 6
    assert announced(index) == before
    assert catch_up_all(index) == 0


def _capture(outcome: Outcome) -> Capture:
    assert outcome.capture is not None
    return outcome.capture


def test_two_captures_of_one_second_are_told_apart_by_their_record(index: Index) -> None:
    file(index, page_of(shot(2, "seed", at(0)), [7]), page_of(shot(1, "feed", at(0)), [7]))
    assert announced(index)["gazette/7"][0] == "urn:uuid:00000001"
