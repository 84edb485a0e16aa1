"""`scrapy crawl SITE`: crawl into a collection, report, end with a truthful exit code."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import BaseRunSpiderCommand

from crawler.cli import REPORT_JSON, SpiderCommand
from crawler.errors import Usage


class Command(SpiderCommand, BaseRunSpiderCommand):
    """Crawl a site into its collection."""

    usage = "[options] SITE"
    summary = "Crawl a site into its collection (WARC files and index.db)"
    options = (REPORT_JSON,)

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse unknown sites and spider arguments."""
        from crawler.spiders.crawling import spider_of

        assert self.settings is not None
        if len(args) != 1:
            raise Usage("name one site to crawl; `scrapy list` shows them")
        spider_of(self.settings, args[0]).parse_arguments(dict(opts.spargs))

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Crawl and report; return the run's exit code."""
        from crawler.spiders.crawling import crawl_and_report, spider_of

        assert self.settings is not None
        assert self.crawler_process is not None
        (name,), arguments = args, dict(opts.spargs)
        spider = spider_of(self.settings, name)
        path = self._path(spider.parse_arguments(arguments).collection or self.settings.get("ARCHIVE_COLLECTION") or name)
        return crawl_and_report(self.crawler_process, spider, arguments, path, document=opts.report_json)

    def _path(self, collection: str) -> Path:
        """Resolve a collection to be crawled into: a name under ARCHIVE_DIR or a path."""
        if collection in (".", "..") or collection.startswith("-"):
            raise Usage(f"collection: {collection!r} is no name")
        return Path(collection).expanduser().absolute() if "/" in collection else self.archive_dir() / collection
