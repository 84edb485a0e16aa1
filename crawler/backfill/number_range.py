"""Range of story numbers that a backfill asks for, by days and anchors."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import frozen

from crawler.sites.site import NUMBER_SLACK, Site

NEAR = timedelta(days=3)
"""By how much a story may be older or younger than its neighbours by number, where their days are known."""


@frozen
class Anchor:
    """A story number and the day of its story."""

    number: int
    day: date


@frozen(kw_only=True)
class NumberRange:
    """Numbers to ask for, ends included; none if `last` is below `first`."""

    first: int
    last: int

    def __len__(self) -> int:
        return max(0, self.last - self.first + 1)


def anchors_of(site: Site) -> list[Anchor]:
    """List the pairs of number and day in a site file, rising."""
    return [Anchor(number, day) for number, day in site.numbered]


def range_of(site: Site, *, since: date | None, until: date | None, newest: int = 0) -> NumberRange:
    """Bound the numbers by the anchors of the site file.

    Args:
        newest: The highest number known; beyond the last anchor it bounds the range.
    Returns:
        From the first anchor to the last one or the highest number known. With days, those numbers whose stories may be of these days.
    """
    anchors = anchors_of(site)
    first, last = anchors[0].number, max(anchors[-1].number, newest)
    if since is not None:
        first = max([first, *(one.number + 1 for one in anchors if one.day + NUMBER_SLACK < since)])
    if until is not None:
        last = min([last, *(one.number - 1 for one in anchors if one.day - NUMBER_SLACK > until)])
    return NumberRange(first=first, last=last)
