"""Numbers never seen between known neighbours, and how many of them are stories that were missed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from histories import BEGIN, SITE, at, file, page_of, shot

from crawler.coverage.numbers import Unseen, estimate, told, unseen_ranges
from crawler.index.index import Index
from crawler.items import Outcome, Parsed


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as opened:
        yield opened


def story(n: int, number: int, day: float) -> Outcome:
    """A story that is held."""
    when = at(24 * day)
    read = page_of(shot(n, "story", when, story=number), [])
    assert isinstance(read, Parsed)
    return evolve(read, article=evolve(read.article, published=when.isoformat()))


def spans(ranges: list[Unseen]) -> list[tuple[int, int, bool]]:
    return [(one.first, one.last, one.listed) for one in ranges]


def test_ranges_lie_between_held_stories_near_in_time_and_are_parted_by_what_was_seen(index: Index) -> None:
    file(index, story(1, 100, 0), story(2, 110, 1), story(3, 200, 30), story(4, 203, 31), page_of(shot(5, "seed", at(1)), [105]))
    assert spans(unseen_ranges(index, SITE)) == [(101, 104, False), (106, 109, False), (201, 202, False)]
    assert spans(unseen_ranges(index, SITE, since=at(24 * 30).date())) == [(201, 202, False)]
    assert spans(unseen_ranges(index, SITE, until=at(24).date())) == [(101, 104, False), (106, 109, False)]
    (first, *_) = unseen_ranges(index, SITE)
    assert (first.size, first.after, first.before) == (4, BEGIN.date(), at(24).date())


def test_what_a_feed_spans_and_does_not_show_is_told_apart(index: Index) -> None:
    file(index, story(1, 100, 0), story(2, 130, 1), page_of(shot(3, "feed", at(5)), [104, 108, 112]))
    ranges = unseen_ranges(index, SITE)
    assert spans(ranges) == [
        (101, 103, False), (105, 107, True), (109, 111, True), (113, 129, False),
    ]  # fmt: skip
    found = estimate(index, SITE, ranges)
    assert (found.seen, found.unseen, found.listed) == (5, 26, 6)
    assert found.share == pytest.approx(2 / 8)
    assert found.likely == 5
    assert (found.low, found.high) == (0, 20), "one day of lists gives no bounds"
    assert told(found).startswith("26 numbers never seen between stories near in time; 6 of them in the span of a list")


def test_a_leap_to_an_old_story_in_a_feed_is_no_span(index: Index) -> None:
    file(index, story(1, 100, 0), story(2, 9000, 1), page_of(shot(3, "feed", at(5)), [101, 8000, 8002, 8004, 8006]))
    listed = [(one.first, one.last) for one in unseen_ranges(index, SITE) if one.listed]
    assert listed == [(8001, 8001), (8003, 8003), (8005, 8005)]


def test_without_lists_only_bounds_are_told(index: Index) -> None:
    file(index, story(1, 100, 0), story(2, 110, 1))
    found = estimate(index, SITE, unseen_ranges(index, SITE))
    assert (found.share, found.low, found.likely, found.high) == (None, 0, None, 9)
    assert "no feed or sitemap here tells" in told(found)


def test_nothing_is_unseen_where_numbers_are_dense_or_there_are_none(index: Index) -> None:
    file(index, *(story(n, 100 + n, n / 10) for n in range(5)))
    assert unseen_ranges(index, SITE) == []
    assert told(estimate(index, SITE, [])) == "5 numbers seen, none left out between stories near in time"
    assert unseen_ranges(index, evolve(SITE, stories=(r"^/(?P<id>[a-z-]+)$",))) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_estimate_holds_what_was_really_missed(index: Index, seed: int) -> None:
    """A third of the numbers are stories; the feed shows the last ten, and on some days nobody looks."""
    chance = random.Random(seed)
    stories = [(1000 + 60 * day + k, day + k / 60) for day in range(40) for k in range(60) if chance.random() < 1 / 3]
    outcomes: list[Outcome] = []
    shown: dict[int, float] = {}
    for n in range(10, len(stories) + 1, 5):
        some, day = stories[n - 10 : n], stories[n - 1][1]
        if int(day) % 8 != 5:
            outcomes.append(page_of(shot(5000 + n, "feed", BEGIN + timedelta(days=day)), [number for number, _ in some]))
            shown |= dict(some)
    outcomes += [story(n, number, day) for n, (number, day) in enumerate(shown.items())]
    with index.atomic():
        file(index, *outcomes)
    missed = len([number for number, _ in stories if min(shown) < number < max(shown) and number not in shown])
    found = estimate(index, SITE, unseen_ranges(index, SITE))
    assert missed > 40
    assert found.likely is not None
    assert found.low <= missed <= found.high
    assert abs(found.likely - missed) < 0.35 * missed
    assert found.high < found.unseen - found.listed
