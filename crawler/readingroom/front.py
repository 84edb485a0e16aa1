"""Front page of a collection, and the list of collections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from attrs import frozen

from crawler.catalogue.calendar import Calendar, calendar
from crawler.catalogue.figures import Holdings, holdings
from crawler.catalogue.mirror_months import MirrorHealth, health_of_mirrors
from crawler.catalogue.newest import NewStory, newest_stories
from crawler.catalogue.run_list import RunLine, runs
from crawler.coverage.figures import Counts, days, total
from crawler.roomframe.page import Asked, Page
from crawler.roomframe.strings import TEXTS

NEWEST_SHOWN = 12
RUNS_SHOWN = 5
MONTH_DAYS = 31
CELL, GAP, TOP, LEFT = 12, 3, 18, 34
"""Of the calendar's picture, in its own units: a day's square, the space between, room for names of months and days."""


@frozen(kw_only=True)
class CalendarPicture:
    """Measures of the calendar's picture."""

    width: int
    height: int
    cell: int = CELL
    step: int = CELL + GAP
    top: int = TOP
    left: int = LEFT


@frozen(kw_only=True)
class Month:
    """Announced stories of the last weeks, against those held."""

    since: str
    until: str
    counts: Counts


@frozen(kw_only=True)
class Front:
    """Data of the front page."""

    holdings: Holdings
    calendar: Calendar | None
    """None while nothing is held."""
    newest: Sequence[NewStory]
    runs: Sequence[RunLine] = ()
    mirrors: Sequence[MirrorHealth] = ()
    month: Month | None = None
    """Of announcements; None where nothing was announced."""
    _picture: CalendarPicture | None = None

    @property
    def picture(self) -> CalendarPicture | None:
        """Measures of the calendar's picture; no part of the JSON."""
        return self._picture


def front_page_of(asked: Asked) -> Page:
    """Make the front page of a collection; argument `year` chooses that of the calendar."""
    held = holdings(asked.index)
    if held.last_capture is None:
        data = Front(holdings=held, calendar=None, newest=())
        return Page(template="front.html", title=asked.collection, data=data)
    year = asked.number("year", 0, least=1, most=9998) or None
    shown = calendar(asked.index, year=year, until=held.last_capture)
    size = CalendarPicture(width=LEFT + shown.weeks * (CELL + GAP), height=TOP + 7 * (CELL + GAP))
    data = Front(
        holdings=held, calendar=shown, newest=newest_stories(asked.index, limit=NEWEST_SHOWN, until=held.last_capture),
        runs=runs(asked.index, most=RUNS_SHOWN)[0], mirrors=health_of_mirrors(asked.index), month=_month(asked, held.last_capture),
        picture=size,
    )  # fmt: skip
    return Page(template="front.html", title=asked.collection, data=data)


def _month(asked: Asked, last_capture: str) -> Month | None:
    """Count what was announced in the month before the last capture."""
    last = date.fromisoformat(last_capture[:10])
    since, beyond = (last - timedelta(days=MONTH_DAYS - 1)).isoformat(), (last + timedelta(days=1)).isoformat()
    counts = total(days(asked.index.query, since=since, until=beyond))
    return Month(since=since, until=last.isoformat(), counts=counts) if counts.announced else None


@frozen(kw_only=True)
class Summary:
    """One collection in the list."""

    name: str
    address: str
    holdings: Holdings


@frozen(kw_only=True)
class Collections:
    """Data of the list of collections."""

    collections: Sequence[Summary]


def collections_page(asked: Asked) -> Summary:
    """Sum one collection up."""
    return Summary(name=asked.collection, address=asked.to.front(), holdings=holdings(asked.index))


def joined_collections(summaries: Sequence[Summary]) -> Page:
    """Make the list of collections."""
    return Page(template="collections.html", title=TEXTS["collections_title"], data=Collections(collections=summaries))
