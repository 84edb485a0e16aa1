"""`scrapy crawl SITE[,SITE]`: crawl into collections, report, end with a truthful exit code."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import BaseRunSpiderCommand

from crawler.cli import METRICS, REPORT_JSON, SpiderCommand
from crawler.errors import Usage


class Command(SpiderCommand, BaseRunSpiderCommand):
    """Crawl a site into its collection."""

    usage = "[options] SITE[,SITE ...] | all"
    summary = "Crawl sites into their collections (WARC files and index.db)"
    details = (
        "Crawl a site into its collection (WARC files and index.db). Several sites with commas between them, or `all` site files, are"
        " crawled at the same time in one process, each into a collection of its own; the exit code is then the gravest of theirs."
    )
    options = (REPORT_JSON, METRICS)

    def epilog(self, width: int) -> str:
        """Return the lines about the spider arguments."""
        from crawler.spiders.argument_help import argument_lines

        return "\n".join(argument_lines(width))

    def sites(self, args: list[str]) -> list[str]:
        """The sites of the first argument."""
        return [name.strip() for name in args[0].split(",") if name.strip()] if args else []

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse unknown sites and spider arguments."""
        from crawler.spiders.crawling import spiders_of

        assert self.settings is not None
        if len(args) != 1:
            raise Usage("name one site to crawl, several with commas between them, or `all`; `scrapy list` shows them")
        spiders = spiders_of(self.settings, args[0])
        for spider in spiders:
            spider.parse_arguments(dict(opts.spargs))
        if len(spiders) > 1:
            self._check_several([spider.name for spider in spiders], dict(opts.spargs))

    def _check_several(self, names: list[str], arguments: dict[str, str]) -> None:
        """Refuse what several sites cannot share: places to write to, names of pages."""
        assert self.settings is not None
        if self.settings.get("ARCHIVE_COLLECTION"):
            raise Usage("ARCHIVE_COLLECTION names one collection; several sites are crawled into one each, named as they are")
        if "replay" in names:
            raise Usage("replay: name it alone")
        if "story" in arguments:
            raise Usage(f"story: names a page of one site, and {len(names)} are named")
        for place in self.settings.getdict("FEEDS"):
            if "%(name)s" not in str(place):
                raise Usage(f"-o {place}: several sites would write it at once; put %(name)s into its name")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Crawl and report; return the run's exit code."""
        from crawler.spiders.crawling import SiteCrawl, crawl_and_report, spiders_of

        assert self.settings is not None
        assert self.crawler_process is not None
        assert self.outputs is not None
        arguments, wanted = dict(opts.spargs), list[SiteCrawl]()
        for spider in spiders_of(self.settings, args[0]):
            name = spider.parse_arguments(arguments).collection or self.settings.get("ARCHIVE_COLLECTION") or spider.name
            wanted.append(SiteCrawl(spider=spider, texts=arguments, path=self._path(name)))
        return crawl_and_report(self.crawler_process, wanted, self.outputs)

    def _path(self, collection: str) -> Path:
        """Resolve a collection to be crawled into: a name under ARCHIVE_DIR or a path."""
        if collection in (".", "..") or collection.startswith("-"):
            raise Usage(f"collection: {collection!r} is no name")
        return Path(collection).expanduser().absolute() if "/" in collection else self.archive_dir() / collection
