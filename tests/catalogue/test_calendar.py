"""Stories by day, and the newest ones."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from exchange_makers import START
from targets import made

from crawler.catalogue.calendar import calendar, levels_of
from crawler.catalogue.figures import holdings
from crawler.catalogue.newest import newest_stories
from crawler.index.index import Index
from crawler.items import Article, Capture


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.open(tmp_path / "index.db")


def add(index: Index, n: int, published: str | None, **changes: object) -> None:
    """A story of one version, captured n minutes after the start."""
    values = {
        "record_id": f"urn:uuid:{n}", "url": f"https://a.example/{n}", "host": "a.example", "site": "paper", "date": START + timedelta(minutes=n),
        "role": "story", "key": f"paper/{n}", "warc": "x.warc.gz", "offset": n, "length": 1, "status": 200, "story": f"paper/{n}",
    }  # fmt: skip
    shot = made(Capture, values)
    with index.atomic():
        index.add_capture(shot)
        index.file_article(shot, Article(url=shot.url, story=f"paper/{n}", headline=f"Story {n}", published=published, **changes))  # type: ignore[arg-type]


def test_days_are_counted_by_what_stories_print(index: Index) -> None:
    with index:
        printed = ["2024-02-29T10:00:00Z", "2024-02-29", "2024-12-31T23:30:00-05:00", "2023-01-01T00:00:00Z", None]
        for n, published in enumerate(printed):
            add(index, n, published)
        shown = calendar(index, year=2024, until="2026-11-24T00:00:00Z")
        assert shown.years == {"2023": 1, "2024": 2, "2025": 1}
        days = {day.day: day for month in shown.months for day in month.days}
        assert len(days) == 366
        assert days["2024-02-29"].stories == 2
        assert days["2024-02-29"].weekday == 3
        assert shown.months[1].stories == 2
        assert shown.stories == 2
        assert calendar(index, until="2026-11-24T00:00:00Z").year == 2025


@pytest.mark.parametrize("year", [1, 1999, 2000, 2023, 2024, 9998])
def test_each_day_of_a_year_has_a_place_of_its_own(index: Index, year: int) -> None:
    with index:
        shown = calendar(index, year=year, until="2026-11-24T00:00:00Z")
    places = [(day.week, day.weekday) for month in shown.months for day in month.days]
    assert len(places) == len(set(places)) in (365, 366)
    assert places == sorted(places)
    assert shown.weeks in (53, 54)
    assert max(place[0] for place in places) == shown.weeks - 1


def test_dates_that_are_none_count_nowhere(index: Index) -> None:
    with index:
        for n, published in enumerate(["soon", "", "99999-01-01", "٢٠٢٤-01-01", "3024-01-01"]):
            add(index, n, published)
        shown = calendar(index, until="2026-11-24T00:00:00Z")
        assert shown.stories == 0
        assert shown.year == 2026
        assert shown.steps == []


def test_levels_hold_as_many_days_each_as_can_be() -> None:
    assert levels_of([1] * 300) == [1]
    assert levels_of(list(range(1, 101))) == [1, 26, 51, 76]


def test_the_newest_stories_come_first_and_undated_ones_last(index: Index) -> None:
    with index:
        for n, published in enumerate(["2026-11-20T10:00:00Z", "2026-11-23", None, "2126-01-01", "2026-11-24T11:00:00Z"]):
            add(index, n, published)
        found = newest_stories(index, limit=10, until="2026-11-24T12:10:00Z")
        assert [one.story_id for one in found] == ["paper/4", "paper/1", "paper/0", "paper/2"], "what is dated a century ahead is dated wrong"
        assert [one.story_id for one in newest_stories(index, limit=2, until="2026-11-24T12:10:00Z")] == ["paper/4", "paper/1"]
        assert found[0].picture is None


def test_holdings_of_an_empty_index(index: Index) -> None:
    with index:
        held = holdings(index)
        assert (held.stories, held.captures, held.first_capture) == (0, 0, None)
