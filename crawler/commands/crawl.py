"""`scrapy crawl SITE`: Scrapy's own command, with a collection opened before it and a report and a truthful exit code after it."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import ClassVar

from scrapy.commands import BaseRunSpiderCommand
from scrapy.settings import SETTINGS_PRIORITIES

from crawler.cli import ArchiveCommand
from crawler.collection.interrupts import INTERRUPTS
from crawler.crawl.config import close_run, finish_run, open_run, recheck_hours, user_agent
from crawler.crawl.report import Report, render, write_report
from crawler.crawl.run import Run
from crawler.crawl.session import attach
from crawler.crawl.stop import from_handler, stop_crawl, stop_reactor
from crawler.errors import EXIT_SETUP, ArchiveError, UnknownSite, Usage
from crawler.frontier.limits import Limits
from crawler.http.handler import client_of
from crawler.spiders.loader import SiteSpiderLoader
from crawler.spiders.site import NewsSpider


class Command(ArchiveCommand, BaseRunSpiderCommand):
    """Crawl a site into its collection."""

    reads_pages = True
    requires_crawler_process = True
    default_settings: ClassVar = {}

    def syntax(self) -> str:
        """Scrapy's hook."""
        return "[options] SITE"

    def short_desc(self) -> str:
        """Scrapy's hook."""
        return "Crawl a site into its collection (WARC files and index.db)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's hook."""
        super().add_options(parser)
        parser.add_argument("--report-json", metavar="FILE", help="write the run report to FILE as one JSON document")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """On a terminal the progress line stands for the log, unless a log was asked for."""
        assert self.settings is not None
        INTERRUPTS.install()
        super().process_options(args, opts)
        asked_for = opts.logfile or (self.settings.getpriority("LOG_LEVEL") or 0) >= SETTINGS_PRIORITIES["cmdline"]
        if sys.stderr.isatty() and not asked_for:
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
        try:
            self.check(args, opts)
        except Usage as error:
            self.refuse(error)
        except ArchiveError:
            pass  # `execute` meets it again, and says it

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what means nothing before Scrapy starts and logs about itself."""
        assert self.settings is not None
        if len(args) != 1:
            raise Usage("name one site to crawl; `scrapy list` shows them")
        self.spider_of(SiteSpiderLoader(self.settings), args[0]).limits_of(dict(opts.spargs))

    @staticmethod
    def spider_of(loader: SiteSpiderLoader, name: str) -> type[NewsSpider]:
        """The spider class of a name.

        Raises:
            UnknownSite
        """
        try:
            spider = loader.load(name)
        except KeyError as error:
            raise UnknownSite(name, loader.list()) from error
        assert issubclass(spider, NewsSpider)
        return spider

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Crawl, report, and tell by the exit code how it went."""
        return self.crawl(args[0], dict(opts.spargs), document=opts.report_json)

    def crawl(self, name: str, arguments: dict[str, str], *, document: str | None = None) -> int:
        """Crawl one site with spider arguments and print the report; the exit code.

        Args:
            document: File that gets the report as JSON.
        Raises:
            SetupError: That file cannot be written; found out before anything is asked for.
        """
        assert self.settings is not None
        if document is not None:
            write_report(document, None)
        report = self.crawled(name, arguments)
        if document is not None:
            write_report(document, report)
        print(render(report), file=sys.stderr if "-" in str(self.settings.getdict("FEEDS")) else sys.stdout)
        return report.exit_code

    def crawled(self, name: str, arguments: dict[str, str]) -> Report:
        """Crawl one site with spider arguments; its report."""
        assert self.settings is not None
        assert self.crawler_process is not None
        spider = self.spider_of(SiteSpiderLoader(self.settings), name)
        limits = spider.limits_of(arguments)
        # Scrapy only logs what is wrong with a download handler's settings, and then refuses every request.
        client_of(self.settings)
        recheck_hours(str(self.settings.get("ARCHIVE_RECHECK_HOURS")))
        began = time.monotonic()
        run = open_run(self.settings, site=spider.site, path=self._path(name, limits), limits=limits, arguments=arguments)
        try:
            self._say_recovered(run)
            reason = self._crawl(run, spider, arguments)
        except BaseException:
            close_run(run)
            raise
        INTERRUPTS.enter("finishing")
        exit_code = EXIT_SETUP if self.crawler_process.bootstrap_failed else None
        report = finish_run(run, finish_reason=reason, began=began, exit_code=exit_code)
        INTERRUPTS.enter("working")
        return report

    def _crawl(self, run: Run, spider: type[NewsSpider], arguments: dict[str, str]) -> str:
        """Crawl until all is done or somebody stops it; Scrapy's word for why it ended."""
        assert self.settings is not None
        assert self.crawler_process is not None
        crawler = self.crawler_process.create_crawler(spider)
        crawler.settings.set("USER_AGENT", user_agent(self.settings), priority="cmdline")
        if not self.settings.get("ARCHIVE_SPOOL_DIR"):
            crawler.settings.set("ARCHIVE_SPOOL_DIR", str(run.collection.path), priority="cmdline")
        attach(crawler, run)
        self.crawler_process.crawl(crawler, **arguments)
        INTERRUPTS.crawling(
            stop=lambda: from_handler(stop_crawl, crawler), force=lambda: from_handler(stop_reactor),
            about=lambda: f"finishing what is in flight ({len(run.frontier.leased)} requests)",
        )  # fmt: skip
        # Scrapy's handlers are put in late and taken away early: a signal before or behind them would end the process by itself.
        self.crawler_process.start(install_signal_handlers=False)
        if self.crawler_process.bootstrap_failed:
            return "start_error"
        # A stop that was not waited for (a second signal, or slow servers) leaves no reason behind.
        return str(crawler.stats.get_value("finish_reason") or "shutdown")

    def preset(self, values: dict[str, object]) -> None:
        """Settings of a command's own, where the user has not set them on the command line."""
        assert self.settings is not None
        for name, value in values.items():
            if (self.settings.getpriority(name) or 0) < SETTINGS_PRIORITIES["cmdline"]:
                self.settings.set(name, value, priority="cmdline")

    def _path(self, name: str, limits: Limits) -> Path:
        """Where the collection lies: the one asked for, or the spider's name, under ARCHIVE_DIR or as a path."""
        assert self.settings is not None
        wanted = limits.collection or self.settings.get("ARCHIVE_COLLECTION") or name
        if wanted in (".", "..") or wanted.startswith("-"):
            raise Usage(f"collection: {wanted!r} is no name")
        return Path(wanted).expanduser().absolute() if "/" in wanted else self.archive_dir() / wanted

    @staticmethod
    def _say_recovered(run: Run) -> None:
        for file in run.collection.recovered:
            kept = f"; torn tail kept as {file.part.name}" if file.part else ""
            print(f"recovered {file.name}: left by a run that was killed{kept}", file=sys.stderr)
