"""No new story for too long: learned from the site's rhythm, silent on nights, weekends and holidays."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from histories import BEGIN, announced, at, file, page_of, shot

from crawler.coverage.quiet import MEMORY, Look, allowed, longest_silence, quiet, silence_of, together
from crawler.index.index import Index

HOUR = timedelta(hours=1)


def looks(
    news: list[datetime], *, every: timedelta = HOUR, until: datetime, gaps: tuple[tuple[datetime, datetime], ...] = ()
) -> list[Look]:
    """A look an hour from the first Monday on, newest first."""
    found, when, last = [], BEGIN, BEGIN - every
    while when <= until:
        if not any(begin <= when < end for begin, end in gaps):
            found.append(Look(when, any(last < one <= when for one in news)))
            last = when
        when += every
    return found[::-1]


def working_hours(days: int, *, weekend: bool = False, closed: tuple[int, ...] = ()) -> list[datetime]:
    """A story an hour from 8 to 18, Mondays to Fridays or on all days."""
    return [
        BEGIN + timedelta(days=day, hours=hour)
        for day in range(days)
        for hour in range(11)
        if (weekend or (BEGIN + timedelta(days=day)).weekday() < 5) and day not in closed
    ]  # fmt: skip


def test_nights_weekends_and_a_holiday_are_within_what_was_learned() -> None:
    weeks = looks(working_hours(42), until=BEGIN + timedelta(days=42))
    longest = longest_silence(weeks)
    assert longest is not None
    assert timedelta(hours=60) < longest < timedelta(hours=64)
    assert allowed(longest) > timedelta(days=5), "Christmas on a Thursday, and the weekend behind it"


def test_a_day_of_silence_is_much_where_news_never_sleep() -> None:
    news = [BEGIN + timedelta(hours=2 * n) for n in range(12 * 20)]
    longest = longest_silence(looks(news, until=news[-1]))
    assert longest is not None
    assert longest < timedelta(hours=3)
    assert allowed(longest) == timedelta(hours=24)


def test_a_week_without_network_is_no_silence_of_the_site() -> None:
    week = (BEGIN + timedelta(days=15), BEGIN + timedelta(days=22))
    shown = looks(working_hours(30, weekend=True), until=BEGIN + timedelta(days=30), gaps=(week,))
    longest = longest_silence(shown)
    assert longest is not None
    assert longest < timedelta(hours=16)


def test_what_one_list_of_a_run_shows_late_is_no_silence() -> None:
    some = [Look(at(2.1), False), Look(at(2), True), Look(at(1.9), False), Look(at(0), True)]
    assert [(look.date, look.news) for look in together(some)] == [(at(2.1), True), (at(0), True)]


def test_too_little_known_is_not_judged() -> None:
    assert longest_silence(looks(working_hours(9), until=BEGIN + timedelta(days=9))) is None
    assert longest_silence([]) is None
    assert silence_of([Look(BEGIN, False)]) is None
    assert silence_of([Look(at(3), False), Look(at(1), True), Look(at(0), True)]) == (at(1), at(3))


# -- the same over an index


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index.db") as opened:
        yield opened


def play(index: Index, news: list[datetime], *, until: datetime, every: timedelta) -> None:
    """Look at the feed in steps, and see the newest stories."""
    when, n = BEGIN, 0
    outcomes = []
    while when <= until:
        known = [k for k, one in enumerate(news) if one <= when][-5:]
        outcomes.append(page_of(shot(n, "feed", when), [1000 + k for k in known]))
        when, n = when + every, n + 1
    with index.atomic():
        file(index, *outcomes)


@pytest.mark.parametrize(("after", "good"), [(timedelta(hours=20), True), (timedelta(hours=70), False)])
def test_silence_of_a_site_that_publishes_daily(index: Index, after: timedelta, good: bool) -> None:
    news = [BEGIN + timedelta(hours=3 * n) for n in range(8 * 20)]
    until = news[-1] + after
    play(index, news, until=until, every=timedelta(hours=3))
    assert len(announced(index)) == len(news)
    found = quiet(index.rows, "gazette", started=until - 4 * HOUR, now=until)
    assert found is not None
    assert found.good is good
    assert bool(found.advice) is not good


def test_hours_that_were_set_count_as_they_are(index: Index) -> None:
    play(index, [BEGIN], until=at(12), every=HOUR)
    for hours, good in ((6, False), (24, True)):
        found = quiet(index.rows, "gazette", started=at(11.5), now=at(12), hours=hours)
        assert found is not None
        assert found.good is good
    found = quiet(index.rows, "gazette", started=at(11.5), now=at(12))
    assert found is not None
    assert found.good, "nothing is learned of half a day"
    assert quiet(index.rows, "gazette", started=at(13), now=at(14)) is None, "this run looked at nothing"
    assert quiet(index.rows, "other", started=at(11.5), now=at(12)) is None


def test_a_site_that_stopped_months_ago_is_still_told(index: Index) -> None:
    play(index, [BEGIN + timedelta(hours=3 * n) for n in range(60)], until=BEGIN + MEMORY + timedelta(days=40), every=timedelta(days=1))
    now = BEGIN + MEMORY + timedelta(days=40)
    found = quiet(index.rows, "gazette", started=now - HOUR, now=now)
    assert found is not None
    assert not found.good


def test_a_year_of_a_weekly_rhythm_with_holidays_raises_no_alarm() -> None:
    chance = random.Random(14)
    closed = (45, 46, 116, 240, 297, 298, 299)
    news = sorted(one + chance.random() * HOUR for one in working_hours(364, closed=closed) if chance.random() < 0.4)
    shown = looks(news, every=2 * HOUR, until=BEGIN + timedelta(days=364))[::-1]
    alarms, judged = [], 0
    for n in range(12 * 21, len(shown), 6):
        told = silence_of(reversed(shown[: n + 1]))
        assert told is not None
        since, last = told
        if last - since < timedelta(hours=24):
            continue
        longest = longest_silence(look for look in reversed(shown[:n]) if since - MEMORY <= look.date <= since)
        judged += longest is not None
        alarms += [last] if longest is not None and last - since > allowed(longest) else []
    assert judged > 100
    assert alarms == []
