"""Time at which a known page is due again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from attrs import frozen

from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.index.known import KnownStories
from crawler.items import Article
from crawler.sites.site import Site

LONGEST = timedelta(days=365)


@frozen(kw_only=True)
class RecheckPolicy:
    """Interval between two requests for a page, by its age."""

    site: Site
    known: KnownStories
    hours: Sequence[tuple[float, float]] = ((24, 3), (168, 24), (720, 168), (8760, 1440))
    """Age and interval, in hours, youngest first: ARCHIVE_RECHECK_HOURS."""

    def next_check(self, row: FrontierRow, now: datetime, article: Article | None = None) -> datetime:
        """Time at which a page is due again, at most `LONGEST` from now."""
        day = self._day(row, article)
        age = (now.date() - day).days * 24.0 if day else 0.0
        for below, every in self.hours:
            if age <= below:
                return now + timedelta(hours=every)
        return now + LONGEST

    def _day(self, row: FrontierRow, article: Article | None) -> date | None:
        """Date a page by its address, its text, or its first capture."""
        day = self.site.date_in(row.url) or printed_day(article)
        if day is None and row.story:
            day = self.known.first_day(row.story)
        if day is None and row.role == "page" and row.added:
            day = date.fromisoformat(row.added[:10])
        return day


def printed_day(article: Article | None) -> date | None:
    """The day of publication that a page prints."""
    try:
        return date.fromisoformat(article.published[:10]) if article and article.published else None
    except ValueError:
        return None


def is_outside_days(article: Article, url: str, site: Site, arguments: CrawlArguments) -> bool:
    """Tell whether only the article's text shows that it is outside `since=` and `until=`."""
    day = printed_day(article) if site.date_in(url) is None else None
    return day is not None and not (arguments.since or day) <= day <= (arguments.until or day)
