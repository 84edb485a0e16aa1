"""Calendar of stories: how many were published on each day of a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from crawler.index.index import Index

LEVELS = 4
"""Shades of a day with stories."""
_YEARS = (
    "SELECT substr(published, 1, 4) AS year, count(*) AS stories FROM stories WHERE published >= '0001' AND published < ?"
    " GROUP BY 1 ORDER BY 1"
)
_DAYS = (
    "SELECT substr(published, 1, 10) AS day, count(*) AS stories FROM stories WHERE published >= ? AND published < ? GROUP BY 1 ORDER BY 1"
)


@frozen(kw_only=True)
class CalendarDay:
    """One day of the year that is shown."""

    day: str
    stories: int
    level: int
    """0 for none, else 1 to LEVELS by how the days compare."""
    week: int
    """Column, from 0."""
    weekday: int
    """Row: 0 is Monday."""


@frozen(kw_only=True)
class CalendarMonth:
    """One month of the year that is shown."""

    month: str
    stories: int
    week: int
    """Column in which it begins."""
    days: Sequence[CalendarDay]


@frozen(kw_only=True)
class Calendar:
    """Stories by day of publication."""

    year: int
    years: Mapping[str, int]
    """Stories of each year that has any."""
    stories: int
    """Of the year that is shown."""
    most: int
    """Stories of its fullest day."""
    steps: Sequence[int]
    """Of each level the fewest stories."""
    months: Sequence[CalendarMonth]
    weeks: int


def calendar(index: Index, *, year: int | None = None, until: str) -> Calendar:
    """Count the stories of one year by day.

    Args:
        year: The last one with stories if None.
        until: No story can have been published after this: the end of the last year that counts.
    """
    beyond = f"{int(until[:4]) + 1:04d}"
    rows = index.query(_YEARS, [beyond])
    years = {row["year"]: int(row["stories"]) for row in rows if row["year"].isascii() and row["year"].isdecimal()}
    shown = year or int(max(years, default=until[:4]))
    found = {row["day"]: int(row["stories"]) for row in index.query(_DAYS, [f"{shown:04d}", f"{shown + 1:04d}"])}
    steps = levels_of(list(found.values()))
    months = _months(shown, found, steps)
    return Calendar(
        year=shown, years=years, stories=sum(one.stories for one in months), most=max(found.values(), default=0), steps=steps,
        months=months, weeks=1 + max(day.week for month in months for day in month.days),
    )  # fmt: skip


def levels_of(counts: Sequence[int]) -> list[int]:
    """The fewest stories of each level: as many days on each as can be.

    >>> levels_of([1, 1, 2, 3, 8, 9, 20, 40]), levels_of([5]), levels_of([])
    ([1, 2, 8, 20], [5], [])
    """
    ordered = sorted(counts)
    return sorted({ordered[len(ordered) * level // LEVELS] for level in range(LEVELS)}) if ordered else []


def _months(year: int, found: Mapping[str, int], steps: Sequence[int]) -> list[CalendarMonth]:
    first = date(year, 1, 1)
    offset = first.weekday()
    months: list[CalendarMonth] = []
    for number in range(1, 13):
        begin = date(year, number, 1)
        length = (date(year + number // 12, number % 12 + 1, 1) - begin).days if year < 9999 else 31
        days = []
        for n in range(length):
            day = begin + timedelta(days=n)
            stories = found.get(day.isoformat(), 0)
            level = sum(stories >= step for step in steps) if stories else 0
            week = ((day - first).days + offset) // 7
            days.append(CalendarDay(day=day.isoformat(), stories=stories, level=level, week=week, weekday=day.weekday()))
        stories = sum(one.stories for one in days)
        months.append(CalendarMonth(month=begin.isoformat()[:7], stories=stories, week=days[0].week, days=days))
    return months
