"""The spider of every site file."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import evolve

from crawler.discovery.discovery import asked_again
from crawler.discovery.offered_links import OfferedLinks
from crawler.discovery.site_discovery import SiteDiscovery
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.due_rechecks import RECHECK
from crawler.frontier.rows import FrontierRow
from crawler.frontier_reads.queries import story_rows
from crawler.items import FrontierRequest, Link
from crawler.spiders.argument_help import SITE_ARGUMENTS
from crawler.spiders.frontier_spider import FrontierSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


logger = logging.getLogger(__name__)


class SiteSpider(FrontierSpider):
    """Spider of one site; the loader makes a subclass for each site file."""

    argument_names: ClassVar[tuple[str, ...]] = SITE_ARGUMENTS

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self.on_site: SiteDiscovery
        self._lookups: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider of a run."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        run, settings = spider.run, crawler.settings
        spider.on_site = SiteDiscovery(
            site=run.site, arguments=spider.arguments, today=run.clock().date(), scope=spider.scope, omitted=run.stats.omitted,
            recent=timedelta(days=settings.getint("ARCHIVE_RECENT_DAYS")),
            max_section_pages=settings.getint("ARCHIVE_MAX_SECTION_PAGES"),
            max_article_pages=settings.getint("ARCHIVE_MAX_ARTICLE_PAGES"),
            story_link_depth=settings.getint("ARCHIVE_STORY_LINK_DEPTH"), published=run.known.published, found_on=run.found_on,
            row_of=run.frontier.row,
            followed=OfferedLinks(), passed=OfferedLinks(),
        )  # fmt: skip
        run.unfollowed = lambda: spider.on_site.unfollowed
        if spider.arguments.from_archives:
            from crawler.spiders.archives import ArchiveLookups

            spider._lookups = ArchiveLookups(spider, crawler)  # kept: Scrapy's signals hold their receivers weakly
            spider._lookups.connect()
        return spider

    def make_discovery(self, arguments: CrawlArguments) -> SiteDiscovery:
        """Make the discovery on this site within some arguments."""
        return evolve(self.on_site, arguments=arguments)

    async def begin_backfill(self) -> None:
        """Find the numbers that are not known, and have them queued as the run goes."""
        arguments, run = self.arguments, self.run
        named = arguments.story or arguments.url or arguments.sections
        if "numbers" not in arguments.backfill or named:
            return
        from crawler.backfill.begin import number_backfill

        mirrors = arguments.mirrors or tuple(mirror.host for mirror in run.site.mirrors_of(run.site.language, run.clock().date()))
        made = await asyncio.to_thread(
            number_backfill, run.collection.reader, run.site, since=arguments.since, until=arguments.until, today=run.clock().date(),
            rows_of=lambda index: story_rows(index, run.site.name), host=mirrors[0], frontier=run.frontier, day_of=run.known.published,
        )  # fmt: skip
        run.dispatcher.numbers, run.completion.by_number = made, made.note
        logger.info("backfill-numbers first=%d last=%d left=%d", made.span.first, made.span.last, made.left())

    @property
    def _story_key(self) -> str:
        """The row key of the story that is asked for."""
        return f"{self.run.site.name}/{(self.arguments.story or '').rpartition('/')[2]}"

    def seeds(self) -> list[FrontierRequest]:
        """List the first requests: a known story at its own address, else the seeds."""
        if self.arguments.story and (known := self.run.frontier.row(self._story_key)) is not None:
            return [asked_again(known)]
        return list(self.discovery.seeds())

    def known_again(self) -> Iterator[FrontierRequest | None]:
        """Yield every known story within the arguments, which `recheck=yes` asks for again."""
        arguments = self.arguments
        if arguments.recheck is not True or arguments.story or arguments.url:
            return
        for row in self.run.frontier.known(self.run.site.name, "story"):
            if not row.target.is_comparison:
                yield asked_again(row, priority=RECHECK) if self.is_within(row) else None

    def is_within(self, row: FrontierRow) -> bool:
        """Tell whether a known page is within `sections=`, `since=` and `until=`.

        With `story=` and `url=` none is: those are asked for themselves.
        """
        arguments = self.arguments
        if arguments.story or arguments.url or (self._shown is not None and row.key not in self._shown):
            return False
        return row.role != "story" or self.on_site.in_days(Link(url=row.url), "story")

    @cached_property
    def _shown(self) -> set[str | None] | None:
        """Stories that known fronts of `sections=` link; None without."""
        site, wanted = self.run.site, self.arguments.sections
        if not wanted:
            return None
        links = self.run.known.linked_on(site.name, "section", lambda url: (site.section(url) or ("", 0))[0] in wanted)
        return {site.story_id(url) for url in links}

    @property
    def of_pages(self) -> SiteDiscovery:
        """The discovery of what pages need to be shown."""
        return self.make_discovery(self.arguments)

    def named(self, seeds: list[FrontierRequest]) -> dict[str, str]:
        """Map row keys to `story=`, `url=` or `sections=`."""
        arguments = self.arguments
        if arguments.story:
            return {self._story_key: f"story={arguments.story}"}
        name, values = ("url", arguments.url) if arguments.url else ("sections", arguments.sections)
        return {seed.key: f"{name}={value}" for seed, value in zip(seeds, values, strict=False)}
