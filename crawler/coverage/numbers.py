"""Numbers never seen between known neighbours, with an estimate of stories among them.

A newspaper's numbers are shared by its languages, videos and drafts, so that most numbers never seen are no stories of ours. What share is,
the lists tell: between the lowest and the highest number of a feed or sitemap that is held, what was published was shown. The share of seen
numbers there, day by day, is applied to the numbers that no list spans.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from attrs import frozen

from crawler.index.index import Index
from crawler.schema.link_lists import links_at
from crawler.sites.site import Site

NEAR = timedelta(days=3)
"""Two stories published within it have all numbers between them from about that time."""
WIDEST = 50
"""Times the median step between a list's numbers, beyond which a step is to an older story that the list shows again."""
LEAST_DAYS = 3
"""Days of lists below which the share is given no bounds from day to day."""
_NUMBER = re.compile(r"/(\d{1,18})$")
_SEEN = (
    "SELECT id AS story, versions > 0 AS held, coalesce(published, first_seen) AS day FROM stories WHERE site = ?1"
    " UNION ALL SELECT a.story_id, 0, substr(c.date, 1, 10) FROM announced a JOIN captures c ON c.id = a.capture_id WHERE c.site = ?1"
)
_LISTS = (
    "SELECT id, substr(date, 1, 10) FROM captures WHERE site = ? AND role IN ('feed', 'sitemap') AND date >= ? AND state = 'ok'"
    " AND revisit_of IS NULL AND read_state = 'read' AND (language IS NULL OR language = ?) ORDER BY date"
)


@frozen(kw_only=True)
class Unseen:
    """A range of numbers never seen, between two held stories near in time."""

    first: int
    last: int
    after: date
    """The day of the held story before it."""
    before: date
    """The day of the held story behind it."""
    listed: bool
    """A feed or sitemap that is held spans it and does not show it: hardly stories of ours."""

    @property
    def size(self) -> int:
        """Count of the numbers."""
        return self.last - self.first + 1


@frozen(kw_only=True)
class Estimate:
    """Estimate of the stories missed among numbers never seen."""

    seen: int
    """Numbers seen, on a list or a page or held."""
    unseen: int
    """Numbers never seen between held neighbours near in time."""
    listed: int
    """Those of them that lists span and do not show."""
    share: float | None
    """Share of numbers that are stories, where lists span them; None without such lists."""
    low: int
    likely: int | None
    """Stories missed; None where nothing tells."""
    high: int


def unseen_ranges(index: Index, site: Site, *, since: date | None = None, until: date | None = None) -> list[Unseen]:
    """List the ranges of numbers never seen between held neighbours near in time, in order.

    Args:
        since, until: Days between which both neighbours were published.
    """
    if not site.is_numbered:
        return []
    seen, held = _numbers(index, site)
    spans = _merged(span for _, span in _spans(index, site, since))
    return [
        one
        for (low, after), (high, before) in pairwise(sorted(held.items()))
        if abs(before - after) <= NEAR and (since is None or min(after, before) >= since) and (until is None or max(after, before) <= until)
        for one in _between(seen, low, high, after, before, spans)
    ]


def estimate(index: Index, site: Site, ranges: Sequence[Unseen], *, since: date | None = None) -> Estimate:
    """Estimate how many stories are among ranges of numbers never seen."""
    seen, _ = _numbers(index, site)
    unseen, listed = sum(one.size for one in ranges), sum(one.size for one in ranges if one.listed)
    shares = _shares(seen, _spans(index, site, since))
    if not shares:
        return Estimate(seen=len(seen), unseen=unseen, listed=listed, share=None, low=0, likely=None, high=unseen - listed)
    inside, spanned = sum(count for count, _ in shares), sum(size for _, size in shares)
    share, out = inside / spanned, unseen - listed
    daily = sorted(count / size for count, size in shares)
    low, high = (_quantile(daily, 0.1), _quantile(daily, 0.9)) if len(daily) >= LEAST_DAYS else (0.0, 1.0)
    return Estimate(
        seen=len(seen), unseen=unseen, listed=listed, share=share,
        low=_less(min(low, share) * out), likely=round(share * out), high=min(out, _more(max(high, share) * out)),
    )  # fmt: skip


def told(found: Estimate) -> str:
    """Tell an estimate in a line."""
    if not found.unseen:
        return f"{found.seen:,} numbers seen, none left out between stories near in time"
    words = f"{found.unseen:,} numbers never seen between stories near in time; {found.listed:,} of them in the span of a list"
    if found.likely is None:
        return f"{words}; no feed or sitemap here tells how many of the rest are stories (0 to {found.high:,})"
    share = f"{100 * (found.share or 0):.0f} % of the numbers that lists span are stories"
    return f"{words}; of the rest some {found.likely:,} ({found.low:,} to {found.high:,}) are stories that were missed, since {share}"


def _less(expected: float) -> int:
    return max(0, int(expected - 2 * expected**0.5))


def _more(expected: float) -> int:
    return int(expected + 2 * expected**0.5 + 0.999)


def _numbers(index: Index, site: Site) -> tuple[list[int], dict[int, date]]:
    """List the numbers seen, and map those held to their day."""
    seen, held = set[int](), dict[int, date]()
    for row in index.query(_SEEN, [site.name]):
        if found := _NUMBER.search(row["story"]):
            seen.add(number := int(found[1]))
            if row["held"] and (day := day_of(row["day"])) is not None:
                held[number] = day
    return sorted(seen), held


def _between(seen: Sequence[int], low: int, high: int, after: date, before: date, spans: Sequence[tuple[int, int]]) -> Iterator[Unseen]:
    """Yield the ranges between two held numbers, parted at ends of lists' spans."""
    for one, other in pairwise(seen[bisect_left(seen, low) : bisect_right(seen, high)]):
        first = one + 1
        while first < other:
            begins = bisect_right(spans, (first, 1 << 62)) - 1
            listed = begins >= 0 and spans[begins][1] >= first
            end = spans[begins][1] if listed else spans[begins + 1][0] - 1 if begins + 1 < len(spans) else other - 1
            last = min(end, other - 1)
            yield Unseen(first=first, last=last, after=after, before=before, listed=listed)
            first = last + 1


def _spans(index: Index, site: Site, since: date | None) -> list[tuple[str, tuple[int, int]]]:
    """List day and span of numbers of each list, without leaps to older stories."""
    found: list[tuple[str, tuple[int, int]]] = []
    rows = index.query(_LISTS, [site.name, since.isoformat() if since else "", site.language])
    for row, day in rows:
        numbers = sorted({int(n) for _, _, url, _ in links_at(index.conn, [row]) if (n := site.number(url)) and n.isdecimal()})
        found += [(day, span) for span in _runs(numbers)]
    return found


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Part the numbers of a list where it leaps, in runs of three or more."""
    if len(numbers) < 3:
        return
    usual = median(b - a for a, b in pairwise(numbers))
    first = at = 0
    for at, (one, other) in enumerate(pairwise(numbers), 1):
        if other - one > WIDEST * usual:
            if at - first >= 3:
                yield numbers[first], numbers[at - 1]
            first = at
    if at + 1 - first >= 3:
        yield numbers[first], numbers[-1]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(high, merged[-1][1])
        else:
            merged.append((low, high))
    return merged


def _shares(seen: Sequence[int], spans: Sequence[tuple[str, tuple[int, int]]]) -> list[tuple[int, int]]:
    """Count the numbers seen in the span of each day's lists, and all."""
    shares = []
    for day in dict.fromkeys(day for day, _ in spans):
        merged = _merged(span for of, span in spans if of == day)
        # A span begins and ends with a story, which would make it look denser than it is.
        shares.append((sum(bisect_right(seen, high) - bisect_left(seen, low) - 1 for low, high in merged), sum(b - a for a, b in merged)))
    return shares


def _quantile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, max(0, round(share * (len(values) - 1))))]


def day_of(text: str | None) -> date | None:
    """Read the day of a time; None if there is none."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
