"""Time at which a known page is due again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from attrs import field, frozen

from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.index.known import KnownStories
from crawler.items import Article
from crawler.rechecks.age import begun, day_of
from crawler.rechecks.rates import SHORTEST
from crawler.rechecks.schedule import Schedule
from crawler.sites.site import Site

LAST_CHECKS = 8
"""Checks of one story by which its interval is shortened or lengthened."""
LONGEST_MISSING = timedelta(days=90)
"""After which a story that is gone is looked for again, at most."""
PAGE_GONE = timedelta(days=7)
"""After which a page that is no story, and not there, is asked for again, if a list still shows it."""

LONGEST_FILE = timedelta(days=365)
"""After which a style sheet or script is asked for again, at most."""


@frozen(kw_only=True)
class RecheckPolicy:
    """Interval between two requests for a page."""

    site: Site
    known: KnownStories
    schedule: Schedule = field(factory=Schedule)
    confirm_after: timedelta = timedelta(hours=6)
    """Before a story that is missing is asked for a second time: ARCHIVE_GONE_CONFIRM_HOURS."""

    files_after: timedelta = timedelta(days=7)
    """After which a style sheet or script is asked for again: ARCHIVE_REQUISITE_HOURS."""

    def next_check(self, row: FrontierRow, now: datetime, article: Article | None = None) -> datetime:
        """Time at which a page is due again, at most a year from now."""
        printed, first_seen = self.known.beginning(row.story) if row.story else (None, None)
        born = begun(
            addressed=self.site.date_in(row.url), printed=(article.published if article else None) or printed, announced=row.announced,
            first_seen=first_seen, added=row.added,
        )  # fmt: skip
        age = max(0.0, _hours(now - born)) if born is not None else 0.0
        activity = self.schedule.activity(self._checks(row.story, born, now)) if row.story and born is not None else 1.0
        return now + timedelta(seconds=round(3600 * self.schedule.interval(age, activity)))

    def missing_check(self, row: FrontierRow, now: datetime) -> datetime:
        """Time at which a page that is not there is asked for again.

        A missing story after `confirm_after`; one that stays missing after as long as it has been missing, at most `LONGEST_MISSING`.
        """
        missing = self.known.missing(row.story) if row.story else None
        if missing is None:
            return now + PAGE_GONE
        if not missing.gone:
            second = missing.since + self.confirm_after
            return second if second > now else now + self.confirm_after
        return now + min(max(self.confirm_after, now - missing.since), LONGEST_MISSING)

    def next_file_check(self, row: FrontierRow, now: datetime, *, unchanged: bool) -> datetime:
        """Time at which a style sheet or script is asked for again.

        Each time that it is unchanged after twice as long, up to a year.
        """
        every = timedelta(seconds=row.every or 0) * 2 if unchanged else self.files_after
        return now + min(max(every, self.files_after), LONGEST_FILE)

    def _checks(self, story: str, born: datetime, now: datetime) -> Iterator[tuple[float, float, bool]]:
        """Yield the last checks of a story: age, hours, and if changed."""
        last = [(datetime.fromisoformat(date), new) for date, new in self.known.last_checks(story, LAST_CHECKS + 1)]
        for (at, new), (before, _) in pairwise(last):
            if (hours := _hours(at - before)) >= SHORTEST and at <= now:
                yield max(0.0, _hours(before - born)), hours, new


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600


def is_outside_days(article: Article, url: str, site: Site, arguments: CrawlArguments) -> bool:
    """Tell whether only the article's text shows that it is outside `since=` and `until=`."""
    day = day_of(article.published) if site.date_in(url) is None else None
    return day is not None and not (arguments.since or day) <= day <= (arguments.until or day)
