"""One crawl as a command runs it: settings, spider, collection, report."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

from crawler.crawl.config import readers_of, recheck_hours, user_agent, writer_options
from crawler.crawl.opening import finish_run, open_run
from crawler.crawl.run import Run
from crawler.crawl.stop import CrawlStopper, from_handler, stop_reactor
from crawler.errors import EXIT_SETUP, UnknownSite
from crawler.http.handler import client_of
from crawler.interrupts import INTERRUPTS
from crawler.maintenance.opening import open_recovered
from crawler.spiders.base import ArchiveSpider
from crawler.spiders.engine import give_engine
from crawler.spiders.loader import SiteSpiderLoader

if TYPE_CHECKING:
    from scrapy.crawler import CrawlerProcessBase

    from crawler.crawl.report import Report


def spider_of(settings: BaseSettings, name: str) -> type[ArchiveSpider]:
    """Load the spider class of a name.

    Raises:
        UnknownSite
    """
    loader = SiteSpiderLoader(settings)
    try:
        spider = loader.load(name)
    except KeyError as error:
        raise UnknownSite(name, loader.list()) from error
    assert issubclass(spider, ArchiveSpider)
    return spider


def crawl_and_report(
    process: CrawlerProcessBase, spider: type[ArchiveSpider], arguments: dict[str, str], path: Path, *, document: str | None = None
) -> int:  # fmt: skip
    """Crawl, print the run report and return its exit code.

    Args:
        document: File for the report as JSON.
    Raises:
        SetupError: That file cannot be written; raised before the crawl begins.
    """
    if document is not None:
        from crawler.crawl.report import write_report

        write_report(document, None)
    report = crawl(process, spider, arguments, path)
    from crawler.crawl.report_text import render  # not before the first request

    if document is not None:
        write_report(document, report)
    print(render(report), file=sys.stderr if "-" in str(process.settings.getdict("FEEDS")) else sys.stdout)
    return report.exit_code


def crawl(process: CrawlerProcessBase, spider: type[ArchiveSpider], texts: dict[str, str], path: Path) -> Report:
    """Crawl one site with spider arguments into the collection at `path`."""
    settings = process.settings
    arguments = spider.parse_arguments(texts)
    # Scrapy only logs what is wrong with a download handler's settings, and then refuses every request.
    client_of(settings)
    recheck_hours(str(settings.get("ARCHIVE_RECHECK_HOURS")))
    began = time.monotonic()
    site = spider.site
    with closing(readers_of(settings)) as readers:
        collection = open_recovered(
            path, readers, site=site.name, options=writer_options(settings), parse=arguments.read == "yes"
        )  # fmt: skip
    run = open_run(settings, collection, site=site, arguments=arguments, texts=texts)
    try:
        _tell_recovered(run)
        reason = _run_spider(process, run, spider, texts)
    except BaseException:
        run.close()
        raise
    INTERRUPTS.enter("finishing")
    report = finish_run(run, finish_reason=reason, began=began, exit_code=EXIT_SETUP if process.bootstrap_failed else None)
    INTERRUPTS.enter("working")
    return report


def _run_spider(process: CrawlerProcessBase, run: Run, spider: type[ArchiveSpider], arguments: dict[str, str]) -> str:
    """Run the spider to its end; return Scrapy's finish reason."""
    crawler = process.create_crawler(spider)
    crawler.settings.set("USER_AGENT", user_agent(process.settings), priority="cmdline")
    if not process.settings.get("ARCHIVE_SPOOL_DIR"):
        crawler.settings.set("ARCHIVE_SPOOL_DIR", str(run.collection.path), priority="cmdline")
    give_engine(crawler)
    stopper = CrawlStopper(crawler)
    process.crawl(crawler, run=run, **arguments)
    INTERRUPTS.crawling(
        stop=lambda: from_handler(stopper.stop), force=lambda: from_handler(stop_reactor),
        about=lambda: f"finishing what is in flight ({run.frontier.in_flight()} requests)",
    )  # fmt: skip
    # Scrapy installs its handlers late and removes them early: a signal before or after would end the process by itself.
    process.start(install_signal_handlers=False)
    if process.bootstrap_failed:
        return "start_error"
    # A forced stop (second signal, slow servers) leaves no reason.
    return str(crawler.stats.get_value("finish_reason") or "shutdown")


def _tell_recovered(run: Run) -> None:
    """Name on stderr each WARC file that recovery sealed."""
    for file in run.collection.recovered:
        kept = f"; torn tail kept as {file.part.name}" if file.part else ""
        print(f"recovered {file.name}: left by a run that was killed{kept}", file=sys.stderr)
