"""Feeds that stand still or are empty, and lists that show stories no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from histories import SITE, at, file, page_of, shot

from crawler.coverage.finding import Finding
from crawler.coverage.lists import ListReader, feeds_move, lists_show_stories
from crawler.coverage.rhythm import Shown, Standstills, is_stuck, standstills
from crawler.index.index import Index

HOUR = timedelta(hours=1)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as opened:
        yield opened


def play(index: Index, feed: Sequence[Sequence[int]], front: Sequence[Sequence[int]], *, first: int = 0) -> None:
    """Ask for the feed, then the front, once an hour."""
    outcomes = []
    for n, (of_feed, of_front) in enumerate(zip(feed, front, strict=True), first):
        outcomes.append(page_of(shot(2 * n, "feed", at(n)), of_feed))
        outcomes.append(page_of(shot(2 * n + 1, "seed", at(n + 0.01)), of_front))
    with index.atomic():
        file(index, *outcomes)


def checked(index: Index, hour: float, stale: Sequence[str] = ()) -> tuple[Finding, Finding]:
    """The findings of a run that began at the last whole hour."""
    reader = ListReader(index, SITE)
    started, now = at(hour), at(hour + 0.5)
    feeds, lists = feeds_move(reader, started=started, now=now, stale=stale), lists_show_stories(reader, started=started, now=now)
    assert feeds is not None
    assert lists is not None
    return feeds, lists


def newest(n: int, count: int = 5) -> range:
    return range(100 + n - count, 100 + n)


def test_a_feed_that_moves_with_the_others_is_fine(index: Index) -> None:
    play(index, [newest(n) for n in range(40)], [newest(n) for n in range(40)])
    assert all(one.good for one in checked(index, 39))


def test_a_feed_that_sticks_while_the_front_moves_is_told(index: Index) -> None:
    play(index, [newest(min(n, 30)) for n in range(48)], [newest(n) for n in range(48)])
    feeds, lists = checked(index, 47, ["a.example"])
    assert lists.good
    assert not feeds.good
    assert "https://a.example/rss.xml shows the same 5 stories since 2026-03-03 14:00 UTC" in feeds.detail
    assert "known to lag" in feeds.detail
    assert feeds.advice


def test_a_quiet_weekend_is_no_stuck_feed(index: Index) -> None:
    play(index, [newest(min(n, 20)) for n in range(80)], [newest(min(n, 20)) for n in range(80)])
    assert all(one.good for one in checked(index, 79))


def test_a_feed_that_is_made_once_a_day_is_fine(index: Index) -> None:
    play(index, [newest(n - n % 24, 30) for n in range(24 * 6)], [newest(n) for n in range(24 * 6)])
    assert checked(index, 24 * 6 - 1)[0].good
    play(index, [newest(24 * 5, 30)] * 60, [newest(24 * 6 + n) for n in range(60)], first=24 * 6)
    assert not checked(index, 24 * 6 + 59)[0].good, "and when it is not made for three days it is told"


def test_a_feed_of_few_of_the_stories_is_given_time(index: Index) -> None:
    rare = [[k for k in newest(n, 40) if k % 10 == 0] for n in range(100)]
    play(index, rare, [newest(n) for n in range(100)])
    assert checked(index, 99)[0].good
    play(index, [rare[-1]] * 12, [newest(100 + n) for n in range(12)], first=100)
    assert checked(index, 111)[0].good, "twelve stories without one of its kind happen"


def test_an_empty_feed_is_told_at_once(index: Index) -> None:
    play(index, [[]], [newest(1)])
    feeds, lists = checked(index, 0)
    assert (feeds.good, lists.good) == (False, True)
    assert feeds.detail == "https://a.example/rss.xml answers without a story"


def test_a_new_paper_without_a_story_is_fine_and_a_feed_that_had_some_is_not(index: Index) -> None:
    play(index, [[], [], newest(2), []], [[], [], newest(2), []])
    assert all(one.good for one in checked(index, 1))
    assert not checked(index, 3)[0].good


def test_a_list_that_used_to_show_stories_and_shows_none_is_told(index: Index) -> None:
    play(index, [newest(n) for n in range(6)], [*(newest(n) for n in range(5)), []])
    feeds, lists = checked(index, 5)
    assert feeds.good
    assert lists.detail == "https://a.example/ shows none, 5 before"
    assert lists.advice


def test_a_list_that_never_showed_any_is_fine(index: Index) -> None:
    play(index, [newest(n) for n in range(6)], [[]] * 6)
    assert all(one.good for one in checked(index, 5))


def test_a_304_shows_what_it_validates(index: Index) -> None:
    play(index, [newest(n) for n in range(6)], [newest(n) for n in range(6)])
    validated = index.query("SELECT record_id FROM captures WHERE role = 'seed' ORDER BY date DESC LIMIT 1")[0][0]
    again = page_of(shot(90, "seed", at(6), status=304, revisit_of=validated, record_type="revisit"), [])
    file(index, again, page_of(shot(91, "feed", at(6)), newest(6)))
    assert all(one.good for one in checked(index, 6))


def test_without_a_list_nothing_is_said(index: Index) -> None:
    reader = ListReader(index, SITE)
    assert feeds_move(reader, started=at(0), now=at(1)) is None
    assert lists_show_stories(reader, started=at(0), now=at(1)) is None


def test_rhythm() -> None:
    assert standstills([], [], []) == Standstills(share=None, longest=0)
    looks = [Shown(date=at(n), stories=frozenset(map(str, newest(min(n, 3))))) for n in range(6, -1, -1)]
    told = [(at(n + 0.5), str(99 + n)) for n in range(-12, 6)]
    assert standstills(looks, told, told) == Standstills(share=None, longest=3)
    assert not is_stuck(6, Standstills(share=1.0, longest=3))
    assert is_stuck(7, Standstills(share=1.0, longest=3))
    assert not is_stuck(15, Standstills(share=None, longest=0))
    assert is_stuck(20, Standstills(share=None, longest=0))
