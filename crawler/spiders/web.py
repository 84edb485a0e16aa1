"""The spider of addresses without a site file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self

from crawler.discovery.discovery import asked_again
from crawler.discovery.page_needs import page_above
from crawler.discovery.site_discovery import SiteDiscovery
from crawler.discovery.web_discovery import ROBOTS_SITEMAP, WebDiscovery, WebState
from crawler.errors import Usage
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.due_rechecks import RECHECK
from crawler.frontier.rows import FrontierRow
from crawler.frontier_reads.known_pages import KnownPages
from crawler.index.rows import iso
from crawler.items import FrontierRequest, Role
from crawler.sites.known import WEB
from crawler.spiders.argument_help import WEB_ARGUMENTS
from crawler.spiders.frontier_spider import FrontierSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
BEYOND_PAGES = "page beyond max_pages="


class WebSpider(FrontierSpider):
    """Archives pages of any site from a list of seeds."""

    name = "web"
    site = WEB
    argument_names: ClassVar[tuple[str, ...]] = WEB_ARGUMENTS

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self.state: WebState

    @classmethod
    def check(cls, arguments: CrawlArguments) -> None:
        """Refuse a crawl of nothing."""
        if not arguments.seeds:
            raise Usage("web: name what to archive: -a seeds=URL[,URL]")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider of a run."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        run = spider.run
        spider.state = WebState(
            frontier=run.frontier, known=KnownPages(run.collection.path / "index.db"), omitted=run.stats.omitted,
            came_before=run.completion.came_before, run_id=run.id, started=run.started, now=lambda: iso(run.clock()),
        )  # fmt: skip
        return spider

    def make_discovery(self, arguments: CrawlArguments) -> WebDiscovery:
        """Make the discovery from the seeds in some arguments."""
        run = self.run
        pictures = SiteDiscovery(
            site=run.site, arguments=arguments, today=run.clock().date(), scope=self.scope, omitted=run.stats.omitted,
            max_article_pages=self.crawler.settings.getint("ARCHIVE_MAX_ARTICLE_PAGES"), row_of=run.frontier.row,
        )  # fmt: skip
        return WebDiscovery(arguments=arguments, state=self.state, pictures=pictures)

    @property
    def of_pages(self) -> SiteDiscovery:
        """The discovery of what pages need to be shown."""
        assert isinstance(self.discovery, WebDiscovery)
        return self.discovery.pictures

    def is_within(self, row: FrontierRow) -> bool:
        """Tell whether a known page is within the scope."""
        assert isinstance(self.discovery, WebDiscovery)
        return self.discovery.scope.holds(row.url)

    def seeds(self) -> list[FrontierRequest]:
        """List the requests for the addresses that were named."""
        return list(self.discovery.seeds())

    def known_again(self) -> Iterator[FrontierRequest | None]:
        """Yield known pages within scope: those that are due, or all with `recheck=yes`."""
        recheck, frontier, discovery = self.arguments.recheck, self.run.frontier, self.discovery
        if recheck is False:
            return
        assert isinstance(discovery, WebDiscovery)
        for row in frontier.due("web", "requisite") if self.arguments.with_files else ():
            page, _ = page_above(frontier.row, row.found_on)
            yield asked_again(row) if page and discovery.scope.holds(page) else None
        roles: tuple[Role, ...] = ("page", "sitemap")
        for role in roles:
            for row in frontier.known("web", role) if recheck else frontier.due("web", role):
                if not discovery.scope.holds(row.url):
                    yield None
                elif recheck or role == "sitemap":
                    yield asked_again(row, priority=RECHECK if role == "page" else None)
                elif frontier.news.take_recheck():
                    yield asked_again(row, priority=RECHECK)
                else:
                    self.run.stats.rechecks_left(row.url)

    def named(self, seeds: list[FrontierRequest]) -> dict[str, str]:
        """Map row keys to `seeds=`."""
        return {seed.key: f"seeds={url}" for seed, url in zip(seeds, self.arguments.seeds, strict=False)}

    def closed(self, reason: str) -> None:
        """Count the requests that the limits of the run left in the queue."""
        self.state.known.close()
        for urls in self.state.robots_sitemaps.values():
            self.run.stats.omitted.add(ROBOTS_SITEMAP, urls[0], count=len(urls))
        if self.arguments.max_pages is not None and reason == "finished":
            count, example = self.run.frontier.unasked()
            self.run.stats.omitted.add(BEYOND_PAGES, example, count=count)
        self.run.stats.not_due = self.run.frontier.not_due("web", "page")
