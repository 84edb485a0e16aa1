"""Scrapy without an archive: it follows links by its own LinkExtractor and stores nothing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor


class PlainSpider(Spider):
    """Follows every link of one host."""

    name = "plain"

    def __init__(self, url: str) -> None:
        super().__init__()
        self.start_urls = [url]
        self.links = LinkExtractor(allow=[re.escape(url)])

    def parse(self, response: Response) -> Iterator[Request]:
        """Yield a request for each link."""
        if isinstance(response, HtmlResponse):
            for link in self.links.extract_links(response):
                yield Request(link.url)


def main(url: str, at_once: str) -> None:
    """Crawl, so many requests at once."""
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": int(at_once), "CONCURRENT_REQUESTS_PER_DOMAIN": int(at_once), "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": False, "COOKIES_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "RETRY_ENABLED": False,
            "LOG_LEVEL": "WARNING",
        }
    )  # fmt: skip
    process.crawl(PlainSpider, url=url)
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
