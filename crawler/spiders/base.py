"""Base of all spiders: spider arguments, site and run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Spider

from crawler.crawl.run import Run
from crawler.crawl.run_extension import no_run
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.sites.site import Site
from crawler.spiders.arguments import parse_arguments

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class ArchiveSpider(Spider):
    """Spider of one run, with its arguments parsed."""

    site: ClassVar[Site]
    argument_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name)
        self.arguments = self.parse_arguments(arguments)
        self.run: Run

    @classmethod
    def parse_arguments(cls, texts: Mapping[str, Any]) -> CrawlArguments:
        """Parse the arguments of a command line.

        Raises:
            Usage, SetupError: They mean nothing, or cannot be done.
        """
        arguments = parse_arguments(texts, cls.argument_names, site=getattr(cls, "site", None))
        cls.check(arguments)
        return arguments

    @classmethod
    def check(cls, arguments: CrawlArguments) -> None:
        """Refuse arguments that cannot work; a subclass adds to it."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, run: Run | None = None, **kwargs: Any) -> Self:
        """Make the spider of a run; Scrapy's other parts find the run by it.

        Raises:
            SetupError: Without a run.
        """
        if run is None:
            raise no_run()
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.run = run
        return spider
