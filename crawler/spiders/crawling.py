"""Crawls as commands run them: settings, spiders, collections, reports."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from attrs import frozen
from scrapy.settings import BaseSettings

from crawler.crawl.config import parser_pool, readers_of, user_agent, writer_options
from crawler.crawl.opening import open_run
from crawler.crawl.run import Run
from crawler.crawl.started import Started, finish
from crawler.errors import ArchiveError, UnknownSite, Usage
from crawler.formatting import counted
from crawler.http.handler import client_of
from crawler.interrupts import INTERRUPTS
from crawler.maintenance.opening import open_recovered
from crawler.pacing.crowd import Crowd
from crawler.pacing.pace import Pace
from crawler.rechecks.from_settings import recheck_schedule
from crawler.spiders.base import ArchiveSpider
from crawler.spiders.engine import give_engine
from crawler.spiders.loader import SiteSpiderLoader
from crawler.spiders.stop import CrawlStopper, from_handler, stop_reactor
from crawler.terminal.log_lines import keep_lines_whole
from crawler.terminal.paint import paint_report
from crawler.terminal.program import as_typed
from crawler.uploading.uploader import check_settings, uploader_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler, CrawlerProcessBase

    from crawler.crawl.report import Report
    from crawler.monitoring.outputs import Outputs
    from crawler.processing.parser_pool import ParserPool


logger = logging.getLogger(__name__)


@frozen(kw_only=True)
class SiteCrawl:
    """A site to be crawled into a collection."""

    spider: type[ArchiveSpider]
    texts: Mapping[str, str]
    """Spider arguments."""
    path: Path


def spiders_of(settings: BaseSettings, text: str) -> list[type[ArchiveSpider]]:
    """Load the spider classes of `NAME,NAME` or, for `all`, of every site file.

    Raises:
        Usage: No name, or an unknown one.
    """
    loader = SiteSpiderLoader(settings)
    names = sorted(loader.sites) if text == "all" else list(dict.fromkeys(filter(None, map(str.strip, text.split(",")))))
    if not names:
        raise Usage("name a site to crawl; `scrapy list` shows them")
    return [_loaded(loader, name) for name in names]


def spider_of(settings: BaseSettings, name: str) -> type[ArchiveSpider]:
    """Load the spider class of a name.

    Raises:
        UnknownSite
    """
    return _loaded(SiteSpiderLoader(settings), name)


def _loaded(loader: SiteSpiderLoader, name: str) -> type[ArchiveSpider]:
    try:
        spider = loader.load(name)
    except KeyError as error:
        raise UnknownSite(name, loader.list()) from error
    assert issubclass(spider, ArchiveSpider)
    return spider


def crawl_and_report(process: CrawlerProcessBase, wanted: Sequence[SiteCrawl], outputs: Outputs) -> int:
    """Crawl sites, print a run report of each, tell `outputs`, and return the exit code.

    Raises:
        SetupError: A file of `outputs` cannot be written; raised before the crawl begins.
        ArchiveError: Nothing could be crawled: the error of the only site, of which `outputs` is not told yet.
    """
    outputs.begin()
    ended = crawl_sites(process, wanted)
    if len(ended) == 1 and isinstance(ended[0], ArchiveError):
        raise ended[0]
    from crawler.crawl.report_text import render  # not before the first request
    from crawler.monitoring.crawls_report import exit_code_of, render_summary
    from crawler.monitoring.endings import Ending
    from crawler.monitoring.logged_report import log_refusal, log_report

    names = [one.spider.site.name for one in wanted]
    file = sys.stderr if "-" in str(process.settings.getdict("FEEDS")) else sys.stdout
    for one in ended:
        if not isinstance(one, ArchiveError):
            text = as_typed(render(one))
            print(paint_report(text, file), end="\n\n" if len(ended) > 1 else "\n", file=file)
            if process.settings.get("LOG_FILE"):
                log_report(text)
        elif process.settings.get("LOG_FILE"):
            log_refusal(str(one))
    if len(ended) > 1:
        print(paint_report(as_typed(render_summary(names, ended)), file), file=file)
    file.flush()  # before a webhook keeps us waiting
    code = exit_code_of(ended)
    endings = [Ending(site=name, path=one.path, outcome=end) for name, one, end in zip(names, wanted, ended, strict=True)]
    for fault in outputs.tell(endings):
        print(fault, file=sys.stderr)
        code = code or fault.exit_code
    return code


def crawl(process: CrawlerProcessBase, spider: type[ArchiveSpider], texts: dict[str, str], path: Path) -> Report:
    """Crawl one site with spider arguments into the collection at `path`."""
    (ended,) = crawl_sites(process, [SiteCrawl(spider=spider, texts=texts, path=path)])
    if isinstance(ended, ArchiveError):
        raise ended
    return ended


def crawl_sites(process: CrawlerProcessBase, wanted: Sequence[SiteCrawl]) -> list[Report | ArchiveError]:
    """Crawl sites at the same time, each into a collection of its own.

    They share the worker processes, and hosts that several of them ask are asked at one pace.

    Returns:
        For each site its report, or why its collection could not be opened: the others are crawled all the same.
    """
    settings = process.settings
    # Scrapy only logs what is wrong with a download handler's settings, and then refuses every request.
    client_of(settings)
    _miss_contact(settings, wanted)
    recheck_schedule(settings)
    check_settings(settings)
    if not settings.get("ARCHIVE_MEMENTO_ENDPOINTS") and any(one.spider.parse_arguments(one.texts).from_archives for one in wanted):
        raise Usage("from_archives=yes: no web archive is named; see ARCHIVE_MEMENTO_ENDPOINTS in docs/web-archives.md")
    pool = parser_pool(settings) if len(wanted) > 1 else None
    opened: list[Started | ArchiveError] = []
    started: list[Started] = []
    try:
        for one in wanted:
            opened.append(found := _open(settings, one, pool, among=len(wanted)))
            if isinstance(found, Started):
                started.append(found)
                _tell_recovered(found.run)
        if started:
            _run_spiders(process, started)
    except BaseException:
        for one_started in started:
            one_started.run.close()
        raise
    finally:
        if pool is not None:
            pool.close()
    INTERRUPTS.enter("finishing")
    patience = settings.getfloat("ARCHIVE_FRONTIER_WAIT")
    ended = [finish(one, patience) if isinstance(one, Started) else one for one in opened]
    INTERRUPTS.enter("working")
    return ended


def _miss_contact(settings: BaseSettings, wanted: Sequence[SiteCrawl]) -> None:
    """Warn of a crawl of the public web that names no contact."""
    led_elsewhere = settings.get("ARCHIVE_CONTACT") or settings.get("ARCHIVE_CONNECT_TO") or settings.get("ARCHIVE_ALLOW_ADDRESSES")
    if not led_elsewhere and any(one.spider.name != "replay" for one in wanted):
        logger.warning("no-contact set ARCHIVE_CONTACT, so that site owners can reach you (docs/robot-page.md)")


def _open(settings: BaseSettings, wanted: SiteCrawl, pool: ParserPool | None, *, among: int) -> Started | ArchiveError:
    """Open the collection of a site and begin its run, or tell why not."""
    began, site, arguments = monotonic(), wanted.spider.site, wanted.spider.parse_arguments(wanted.texts)
    try:
        with closing(readers_of(settings)) as readers:
            collection = open_recovered(
                wanted.path, readers, site=site.name, options=writer_options(settings), parse=arguments.read == "yes"
            )  # fmt: skip
        run = open_run(settings, collection, site=site, arguments=arguments, texts=wanted.texts, parsers=pool, among=among)
    except ArchiveError as error:
        return error
    try:
        uploader = uploader_of(settings, collection)
    except ArchiveError as error:
        run.close()
        return error
    return Started(run=run, spider=wanted.spider, texts=wanted.texts, began=began, uploader=uploader)


def _run_spiders(process: CrawlerProcessBase, started: Sequence[Started]) -> None:
    """Run the spiders to their ends."""
    if len(started) > 1:
        share_paces([one.run.dispatcher.pace for one in started])
    stoppers = [_begin(process, one) for one in started]

    def stop() -> None:
        for stopper in stoppers:
            from_handler(stopper.stop)

    INTERRUPTS.crawling(
        stop=stop, force=lambda: from_handler(stop_reactor),
        about=lambda: f"finishing what is in flight ({counted(sum(one.run.frontier.in_flight() for one in started), 'request')})",
    )  # fmt: skip
    # Scrapy installs its handlers late and removes them early: a signal before or after would end the process by itself.
    process.start(install_signal_handlers=False)
    if len(started) == 1:
        started[0].failed |= process.bootstrap_failed


def share_paces(paces: Sequence[Pace]) -> None:
    """Have runs of one process keep the delays of a host together."""
    crowd = Crowd(delays=paces[0].delays, budget=paces[0].budget)
    for pace in paces:
        crowd.join(pace)


def _begin(process: CrawlerProcessBase, started: Started) -> CrawlStopper:
    """Make the crawler of a run and have it started with the event loop."""
    started.crawler = crawler = process.create_crawler(started.spider)
    crawler.settings.set("USER_AGENT", user_agent(process.settings), priority="cmdline")
    if not process.settings.get("ARCHIVE_SPOOL_DIR"):
        crawler.settings.set("ARCHIVE_SPOOL_DIR", str(started.run.collection.path), priority="cmdline")
    give_engine(crawler)
    keep_lines_whole_of(crawler)
    ending = process.crawl(crawler, run=started.run, **started.texts)
    if isinstance(ending, asyncio.Future):
        ending.add_done_callback(started.end)
    return CrawlStopper(crawler)


def keep_lines_whole_of(crawler: Crawler) -> None:
    """Set our formatter each time Scrapy makes its log handler, which it does twice."""
    renew = crawler._update_root_log_handler

    def renew_and_keep() -> None:
        renew()
        keep_lines_whole()

    crawler._update_root_log_handler = renew_and_keep  # type: ignore[method-assign]
    keep_lines_whole()


def _tell_recovered(run: Run) -> None:
    """Name on stderr each WARC file that recovery sealed."""
    for file in run.collection.recovered:
        kept = f"; torn tail kept as {file.part.name}" if file.part else ""
        print(f"recovered {file.name}: left by a run that was killed{kept}", file=sys.stderr)
