"""Rhythm of a feed, beside what other lists announce."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import frozen

LEAST_STORIES = 10
"""Stories of other lists below which a feed's share of them is not known."""
UNKNOWN_SHARE = 0.3
CHANCE = 0.001
"""Chance of a healthy feed to be called stuck."""


@frozen(kw_only=True)
class Shown:
    """Stories that a list showed at one look."""

    date: datetime
    stories: frozenset[str]


@frozen(kw_only=True)
class Standstills:
    """Behaviour of a feed before it stood still."""

    share: float | None
    """Of the stories that lists announced, how many it showed; None if too few are known."""
    longest: int
    """The most stories that other lists announced while it stood still, and that it showed later or never."""


def standstills(looks: Sequence[Shown], news: Iterable[tuple[datetime, str]], others: Iterable[tuple[datetime, str]]) -> Standstills:
    """Tell from earlier looks how a feed behaves.

    Args:
        looks: Newest first.
        news: Date and id of each story that lists announced meanwhile, the feed itself among them.
        others: Those that other lists announced first, by date.
    """
    if not looks:
        return Standstills(share=None, longest=0)
    begin, end = looks[-1].date, looks[0].date
    ever = frozenset[str]().union(*(look.stories for look in looks))
    known = [story in ever for date, story in news if begin < date <= end]
    share = sum(known) / len(known) if len(known) >= LEAST_STORIES else None
    dates, longest, at = [date for date, _ in others if begin < date <= end], 0, 0
    while at < len(looks):
        first = at
        while at + 1 < len(looks) and looks[at + 1].stories == looks[first].stories:
            at += 1
        longest = max(longest, bisect_right(dates, looks[first].date) - bisect_right(dates, looks[at].date))
        at += 1
    return Standstills(share=share, longest=longest)


def is_stuck(missed: int, before: Standstills) -> bool:
    """Test if a feed that lacks so many stories stands still.

    >>> is_stuck(3, Standstills(share=1.0, longest=0)), is_stuck(3, Standstills(share=0.2, longest=0))
    (True, False)
    """
    share = UNKNOWN_SHARE if before.share is None else min(0.95, max(before.share, 0.02))
    return missed > 2 * before.longest and (1 - share) ** missed < CHANCE
