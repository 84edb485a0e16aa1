"""Any address, no site file: a list of pages, a host or a whole domain, with the generic reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from crawler.errors import Usage
from crawler.items import Errand, Reading
from crawler.limits import Limits
from crawler.reading import web_story
from crawler.reread import WEB
from crawler.spiders.errands import PRIORITY
from crawler.spiders.news import NewsSpider
from crawler.urls import host_of, page_key, registrable_domain


class WebSpider(NewsSpider):
    """Archives pages of any site from a list of seeds."""

    name = "web"
    site = WEB
    arguments: ClassVar[tuple[str, ...]] = ("seeds", "scope", "max_pages", "depth", "requisites", "read")

    @classmethod
    def check(cls, limits: Limits) -> None:
        """Refuse a crawl of nothing."""
        if not limits.seeds:
            raise Usage("web: name what to archive: -a seeds=URL[,URL]")

    def seeds(self) -> list[Errand]:
        """The addresses that were named."""
        return [self._page(url, found_on=None, depth=0) for url in self.limits.seeds]

    def found(self, reading: Reading) -> Iterator[Errand | None]:
        """Pictures of the page, and the links within scope and depth; None for those left out."""
        yield from self.discovery.found(reading)
        depth = reading.lease.depth + 1
        if reading.capture is None or reading.reason or reading.lease.role != "page":
            return
        if self.limits.depth is not None and depth > self.limits.depth:
            return
        if not reading.listing and self.discovery.reach.copy(reading.capture.url, reading.capture.payload_digest):
            return
        for link in reading.links:
            if not self.within(link.url):
                yield None
                continue
            errand = self._page(link.url, found_on=reading.capture.url, depth=depth)
            known = self.run.frontier.row(errand.key) is not None
            yield errand if known or self._reached(link.url, depth, listed=reading.listing) else None

    def _reached(self, url: str, depth: int, *, listed: bool) -> bool:
        """Whether a page that is new to the collection lies within the run's limits."""
        reach = self.discovery.reach
        nested = listed and url.partition("?")[0].endswith((".xml", ".xml.gz"))
        return (not nested or reach.sitemap(depth)) and reach.page(url, depth)

    def within(self, url: str) -> bool:
        """Whether an address is within the scope of the seeds."""
        host = host_of(url)
        if self.limits.scope == "page":
            return False
        seeds = {host_of(seed) for seed in self.limits.seeds}
        if self.limits.scope == "host":
            return host in seeds
        return registrable_domain(host) in {registrable_domain(seed) for seed in seeds}

    def _page(self, url: str, *, found_on: str | None, depth: int) -> Errand:
        return Errand(
            key=page_key(url), url=url, site="web", role="page", story=web_story(url), priority=PRIORITY["page"] - depth,
            found_on=found_on, depth=depth, again=depth == 0,
        )  # fmt: skip
