"""Begin of a backfill by number: its range, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date

from crawler.backfill.day_search import search_between
from crawler.backfill.known_numbers import known_days, known_numbers, newest_number
from crawler.backfill.number_range import Anchor, anchors_of, range_of
from crawler.backfill.numbers import NumberBackfill, Rows, days_searched
from crawler.index.connection import IndexConnection
from crawler.sites.site import Site


def number_backfill(
    reader: Callable[[], AbstractContextManager[IndexConnection]], site: Site, *, since: date | None, until: date | None, today: date,
    rows_of: Callable[[IndexConnection], Iterable[tuple[str, bool]]], host: str, frontier: Rows, day_of: Callable[[str], date | None],
) -> NumberBackfill:  # fmt: skip
    """Make the backfill of a site by number, within days.

    Args:
        reader: Opens the index.
        rows_of: Gives the rows of the site's stories in the frontier.
        host: Mirror in whose name numbers are queued.
        day_of: Gives the day of publication that the index knows for a story id.
    """
    with reader() as index:
        newest = newest_number(index, site.name)
        span = range_of(site, since=since, until=until, newest=newest)
        known = known_numbers(index, site.name, span, rows_of(index))
        days = sorted({*anchors_of(site), *known_days(index, site.name), Anchor(newest, today)}, key=lambda one: one.number)
    days, (first, behind) = [one for one in days if one.number], days_searched(since, until)
    return NumberBackfill(
        site=site, host=host, frontier=frontier, span=span, known=known, day_of=day_of,
        low=search_between(days, first) if first else None, high=search_between(days, behind) if behind else None,
    )  # fmt: skip
