"""Any address, no site file: a list of pages, a host or a whole domain, with the generic reader."""

from __future__ import annotations

from typing import ClassVar

from crawler.errors import Usage
from crawler.items import Errand, Reading
from crawler.reading import web_story
from crawler.rebuild import WEB
from crawler.run import Limits
from crawler.spiders.errands import PRIORITY
from crawler.spiders.news import NewsSpider
from crawler.urls import canonical_url, host_of, registrable_domain


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

    def found(self, reading: Reading) -> list[Errand]:
        """Pictures of the page, and the links within scope and depth."""
        errands = list(self.discovery.found(reading))
        if reading.capture is None or reading.reason or reading.lease.role != "page":
            return errands
        depth = reading.lease.depth + 1
        if self.limits.depth is not None and depth > self.limits.depth:
            return errands
        for link in reading.links:
            if self.within(link.url):
                errands.append(self._page(link.url, found_on=reading.capture.url, depth=depth))
        return errands

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
            key=canonical_url(url), url=url, site="web", role="page", story=web_story(url), priority=PRIORITY["page"] - depth,
            found_on=found_on, depth=depth, again=depth == 0,
        )  # fmt: skip
