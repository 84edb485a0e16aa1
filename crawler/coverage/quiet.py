"""Check that new stories come: no silence longer than a site's own rhythm allows.

Learned from six weeks of looks at the site's lists: the longest silence that was seen there, nights, weekends and holidays among them. A
silence is what looks without a new story show; hours in which nobody looked say nothing. Three times the longest is allowed, but not more
than four days above it, which holidays add; and at least a day where no silence was longer than six hours, three days elsewhere: a site
that knows nights may know holidays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from attrs import frozen

from crawler.coverage.finding import Finding
from crawler.index.rows import iso, moment

Query = Callable[..., list[sqlite3.Row]]
MEMORY = timedelta(days=42)
LEAST_KNOWN = timedelta(days=14)
"""Time between the first and the last new story below which nothing is learned."""
LEAST_NEWS = 10
"""Looks that showed a new story, below which nothing is learned."""
FACTOR, HOLIDAYS = 3, timedelta(days=4)
AROUND_THE_CLOCK = timedelta(hours=6)
LEAST, LEAST_WITH_NIGHTS, MOST = timedelta(hours=24), timedelta(hours=72), timedelta(days=14)
_LOOKS = (
    "SELECT c.date AS date, EXISTS (SELECT 1 FROM announced a WHERE a.capture_id = c.id) AS news FROM captures c"
    " WHERE c.site = ? AND c.date > ? AND c.date <= ? AND c.role IN ('feed', 'seed', 'section') AND c.status IN (200, 304)"
    " AND c.via IS NULL ORDER BY c.date DESC"
)


_LAST_NEWS = (
    "SELECT max(c.date) AS date FROM announced a JOIN captures c ON c.id = a.capture_id"
    " WHERE c.site = ? AND c.role IN ('feed', 'seed', 'section')"
)
TOGETHER = timedelta(minutes=30)
"""Looks within it count as one: some lists of a run show what is new, others do not."""


@frozen
class Look:
    """A list that was asked for and answered, or several together."""

    date: datetime
    news: bool
    """It announced a story first."""


def together(looks: Iterable[Look]) -> Iterator[Look]:
    """Join looks of about the same time; newest first, dated by the newest."""
    held: Look | None = None
    for look in looks:
        if held is not None and held.date - look.date <= TOGETHER:
            held = Look(held.date, held.news or look.news)
            continue
        if held is not None:
            yield held
        held = look
    if held is not None:
        yield held


def looks_at(rows: Callable[..., Iterable[sqlite3.Row]], site: str, *, after: datetime, until: datetime) -> Iterable[Look]:
    """Yield the looks at a site's lists, newest first."""
    for row in rows(_LOOKS, [site, iso(after), iso(until)]):
        yield Look(moment(row["date"]), bool(row["news"]))


def silence_of(looks: Iterable[Look]) -> tuple[datetime, datetime] | None:
    """Dates of the last new story and the last look; None without news.

    Args:
        looks: Newest first.
    """
    last: datetime | None = None
    for look in looks:
        last = last or look.date
        if look.news:
            return look.date, last
    return None


def longest_silence(looks: Iterable[Look]) -> timedelta | None:
    """Longest silence between two new stories; None if too little is known.

    Args:
        looks: Newest first.
    """
    longest, news = timedelta(), 0
    end = before = newest = None
    for look in together(looks):
        if look.news:
            news += 1
            newest = newest or look.date
            if before is not None:
                longest = max(longest, before - look.date)
            end, before = look.date, None
        elif end is not None and before is None:
            before = look.date
    known = newest is not None and end is not None and newest - end >= LEAST_KNOWN
    return longest if known and news >= LEAST_NEWS else None


def allowed(longest: timedelta) -> timedelta:
    """The silence that is allowed where the longest one seen was this.

    >>> allowed(timedelta(hours=3)), allowed(timedelta(hours=62)).total_seconds() / 3600
    (datetime.timedelta(days=1), 158.0)
    """
    return max(LEAST if longest <= AROUND_THE_CLOCK else LEAST_WITH_NIGHTS, min(FACTOR * longest, longest + HOLIDAYS, MOST))


def quiet(rows: Callable[..., Iterable[sqlite3.Row]], site: str, *, started: datetime, now: datetime, hours: float = 0.0) -> Finding | None:
    """Check that new stories come; None if this run had no look at a list.

    Args:
        started: When the run began.
        hours: Without a new story that are allowed; 0 to learn them.
    """
    found = silence_of(looks_at(rows, site, after=now - MEMORY, until=now))
    if found is None:
        look, then = next(iter(looks_at(rows, site, after=started, until=now)), None), next(iter(rows(_LAST_NEWS, [site])))["date"]
        if look is None or then is None:
            return _never(look)
        found = moment(then), look.date
    news, last = found
    if last < started:
        return None
    silence = last - news if news < started else timedelta()
    if hours:
        return _finding(silence, timedelta(hours=hours), "ARCHIVE_QUIET_HOURS")
    if silence < LEAST:
        return Finding(check="quiet", name="new stories come", good=True, detail=f"the last one {_span(silence)} before the last look")
    longest = longest_silence(looks_at(rows, site, after=news - MEMORY, until=news))
    if longest is None and silence <= MOST:
        detail = f"none for {_span(silence)}; too little is known of the site's rhythm to judge"
        return Finding(check="quiet", name="new stories come", good=True, detail=detail)
    if longest is None:
        return _finding(silence, MOST, "of a site whose rhythm is not known")
    return _finding(silence, allowed(longest), f"the longest silence before was {_span(longest)}")


def _never(look: Look | None) -> Finding | None:
    """The finding where no look ever showed a new story."""
    if look is None:
        return None
    return Finding(check="quiet", name="new stories come", good=True, detail="no list showed a new one yet: the site's rhythm is not known")


def _finding(silence: timedelta, limit: timedelta, why: str) -> Finding:
    good = silence <= limit
    advice = (
        "Open the front page in a browser: if it has new stories, the lists in the site file are no longer those of the site; if a holiday"
        " is the reason, set ARCHIVE_QUIET_HOURS"
    )
    detail = f"none for {_span(silence)}, {'within' if good else 'more than'} the {_span(limit)} allowed ({why})"
    return Finding(check="quiet", name="new stories come", good=good, detail=detail, advice="" if good else advice)


def _span(time: timedelta) -> str:
    hours = time.total_seconds() / 3600
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.0f} h" if hours >= 1 else f"{hours * 60:.0f} min"
