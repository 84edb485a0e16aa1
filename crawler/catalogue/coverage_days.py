"""Announced against held, day by day, for a span that is quick to count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from attrs import frozen

from crawler.coverage.figures import Counts, Day, Gap, days, gaps, total

if TYPE_CHECKING:
    from crawler.index.index import Index

SPAN_DAYS = 31
MOST_GAPS = 200


@frozen(kw_only=True)
class CoverageDay:
    """All that was announced first on one day."""

    day: str
    counts: Counts
    hosts: Sequence[Day]


@frozen(kw_only=True)
class CoverageSpan:
    """Days up to one, the last first."""

    since: str
    until: str
    """The last day of the span."""
    days: Sequence[CoverageDay]
    total: Counts
    gaps: Sequence[Gap]
    """What is missing, address by address, as far as asked for; the first `MOST_GAPS`."""
    more_gaps: bool
    earlier: str | None
    """The last day of the span before this; None where nothing was captured earlier."""


def coverage_span(index: Index, *, until: str | None = None, missing: bool = False) -> CoverageSpan:
    """Count a month of announcements.

    Args:
        until: The last day, `2026-11-30`; the last one on which something was announced if None.
        missing: Whether to name the gap address by address.
    Raises:
        ValueError: `until` is no day.
    """
    last = date.fromisoformat(until) if until else _last_day(index)
    first = last - timedelta(days=SPAN_DAYS - 1)
    since, end = first.isoformat(), (last + timedelta(days=1)).isoformat()
    found = days(index.query, since=since, until=end)
    by_day: dict[str, list[Day]] = {}
    for one in found:
        by_day.setdefault(one.day, []).append(one)
    named = list(islice(gaps(index.query, since=since, until=end), MOST_GAPS + 1)) if missing else []
    return CoverageSpan(
        since=since, until=last.isoformat(), total=total(found), gaps=named[:MOST_GAPS], more_gaps=len(named) > MOST_GAPS,
        days=[CoverageDay(day=day, counts=total(some), hosts=some) for day, some in sorted(by_day.items(), reverse=True)],
        earlier=_earlier(index, since),
    )  # fmt: skip


def _last_day(index: Index) -> date:
    """The day of the last capture that announced something; of captures if none did."""
    # By row number, not by date: a look at each of a million captures would take a second. Imports of old files may come last.
    announced = index.query("SELECT date FROM captures WHERE id = (SELECT max(capture_id) FROM announced)")
    newest = announced or index.query("SELECT date FROM captures ORDER BY date DESC LIMIT 1")
    return date.fromisoformat(newest[0]["date"][:10]) if newest else date(2000, 1, 1)


def _earlier(index: Index, since: str) -> str | None:
    """The day before a span, if there are captures before it."""
    first = index.query("SELECT min(date) AS date FROM captures")[0]["date"]
    return (date.fromisoformat(since) - timedelta(days=1)).isoformat() if first and first < since else None
