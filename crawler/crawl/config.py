"""From settings and arguments to an open run, and from a finished one to its report."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from itertools import count
from math import inf
from pathlib import Path
from typing import Any, Protocol

from attrs import evolve

from crawler.collection.collection import Collection, WriterOptions
from crawler.crawl.drift import EARLIER_RUNS, reckoned
from crawler.crawl.file_limit import fetches_at_once
from crawler.crawl.host_health import MirrorBoard
from crawler.crawl.host_policy import Patience
from crawler.crawl.hosts import Hosts
from crawler.crawl.report import Report, failed, make_report
from crawler.crawl.run import Run
from crawler.crawl.stats import CrawlStats
from crawler.errors import EXIT_WRITE_FAILED, SetupError, WriteFailed
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.scope import ScopeLimits
from crawler.frontier.store import SqliteFrontier, reopen
from crawler.index.index import Index
from crawler.index.known import KnownStories
from crawler.index.rows import iso
from crawler.maintenance.reindex import restore_index
from crawler.maintenance.unread import read_unread
from crawler.parsers.limits import ReadLimits
from crawler.processing.parse_again import Readers
from crawler.processing.parser_pool import ParserPool
from crawler.processing.workers import JobLimits, Workers
from crawler.sites.site import Site

HEALTH_REPORTS = 20
"""Reports on mirrors after which their counts are saved."""


class Knobs(Protocol):
    """Scrapy's settings, as far as they matter here."""

    def get(self, name: str, default: Any = None) -> Any:
        """One setting."""

    def getint(self, name: str, default: int = 0) -> int:
        """One setting as a whole number."""

    def getfloat(self, name: str, default: float = 0.0) -> float:
        """One setting as a number."""

    def getlist(self, name: str, default: Any = None) -> list[Any]:
        """One setting as a list."""


def now() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC)


def steady(clock: Callable[[], datetime] = now) -> Callable[[], datetime]:
    """A clock that stands still where the system's is set back: nothing that is due now is put off until it has caught up."""
    last = clock()

    def time() -> datetime:
        nonlocal last
        last = max(last, clock())
        return last

    return time


def user_agent(settings: Knobs) -> str:
    """Who we say we are: the setting, and whom to write to."""
    agent, contact = str(settings.get("USER_AGENT")), settings.get("ARCHIVE_CONTACT")
    if not contact:
        return agent
    return f"{agent.removesuffix(')')}; +{contact})" if agent.endswith(")") else f"{agent} (+{contact})"


def recheck_hours(text: str) -> list[tuple[float, float]]:
    """Read ARCHIVE_RECHECK_HOURS.

    Raises:
        SetupError: A piece of it is not `AGE:EVERY`.

    >>> recheck_hours("24:3,168:24")
    [(24.0, 3.0), (168.0, 24.0)]
    """
    try:
        pairs = [piece.split(":") for piece in text.split(",") if piece.strip()]
        hours = sorted((float(age), float(every)) for age, every in pairs)
        if not all(0 <= number < inf for pair in hours for number in pair):
            raise ValueError(text)
        return hours
    except ValueError as error:
        raise SetupError(f"ARCHIVE_RECHECK_HOURS: {text!r}; write AGE:EVERY,... in hours") from error


def writer_options(settings: Knobs) -> WriterOptions:
    """The settings that say how WARCs are written."""
    return WriterOptions(
        prefix=settings.get("ARCHIVE_WARC_PREFIX"), max_bytes=settings.getint("ARCHIVE_WARC_MAX_BYTES"),
        operator=settings.get("ARCHIVE_OPERATOR"), user_agent=user_agent(settings),
        chunked_digest=str(settings.get("ARCHIVE_CHUNKED_PAYLOAD_DIGEST")), algorithm=settings.get("ARCHIVE_DIGEST"),
        min_free_bytes=settings.getint("ARCHIVE_MIN_FREE_BYTES"),
        reserve_bytes=settings.getint("ARCHIVE_RESERVE_BYTES"), disk_wait=settings.getfloat("ARCHIVE_DISK_WAIT_SECONDS"),
    )  # fmt: skip


def read_limits(settings: Knobs) -> ReadLimits:
    """The settings that say how much of a page is read."""
    return ReadLimits(
        text_bytes=settings.getint("ARCHIVE_MAX_DECODED_BYTES"), ratio=settings.getint("ARCHIVE_MAX_DECODED_RATIO"),
        html_bytes=settings.getint("ARCHIVE_MAX_HTML_BYTES"), links=settings.getint("ARCHIVE_MAX_LINKS"),
        sitemap_bytes=settings.getint("ARCHIVE_MAX_SITEMAP_BYTES"), sitemap_urls=settings.getint("ARCHIVE_MAX_SITEMAP_URLS"),
    )  # fmt: skip


def job_limits(settings: Knobs) -> JobLimits:
    """The settings that say what reading one page may cost."""
    return JobLimits(
        seconds=settings.getfloat("ARCHIVE_PARSE_SECONDS"), memory=settings.getint("ARCHIVE_PARSE_MEMORY"),
        workers=settings.getint("ARCHIVE_PARSE_WORKERS"),
    )  # fmt: skip


def readers_of(settings: Knobs, *, workers: int | None = None) -> Readers:
    """The settings that say who reads pages and what one may cost.

    Args:
        workers: How many; None for one a core.
    """
    limits = evolve(job_limits(settings), workers=workers or os.cpu_count() or 1)
    folders = tuple(map(str, settings.getlist("ARCHIVE_SITES")))
    return Readers(workers=Workers(limits), folders=folders, limits=read_limits(settings))


def parser_pool(settings: Knobs) -> ParserPool:
    """The same beside a crawl."""
    readers = readers_of(settings, workers=job_limits(settings).workers)
    return ParserPool(readers=readers, from_bytes=settings.getint("ARCHIVE_PARSE_ASIDE_BYTES"))


def web_limits(settings: Knobs) -> ScopeLimits:
    """The settings that say how far a crawl goes."""
    return ScopeLimits(
        url_characters=settings.getint("ARCHIVE_MAX_URL_CHARACTERS"),
        path_segments=settings.getint("ARCHIVE_MAX_PATH_SEGMENTS"), path_repeats=settings.getint("ARCHIVE_MAX_PATH_REPEATS"),
        pages_per_host=settings.getint("ARCHIVE_MAX_PAGES_PER_HOST"), queries_per_path=settings.getint("ARCHIVE_MAX_QUERIES_PER_PATH"),
        depth=settings.getint("ARCHIVE_MAX_DEPTH"), sitemaps=settings.getint("ARCHIVE_MAX_SITEMAPS"),
        sitemap_depth=settings.getint("ARCHIVE_MAX_SITEMAP_DEPTH"),
    )  # fmt: skip


def open_run(settings: Knobs, *, site: Site, path: Path, limits: CrawlArguments, arguments: Mapping[str, str]) -> Run:
    """Open a collection, lock and mend it, and begin a run in it.

    Raises:
        SetupError, CollectionLocked, WriteFailed
    """
    with closing(readers_of(settings)) as readers:
        restore_index(path, readers)
        collection = Collection.open(path, name=path.name, options=writer_options(settings))
        try:
            if limits.read == "yes":
                for file in collection.recovered:
                    read_unread(collection, readers, warc=file.name)
                read_unread(collection, readers, site=site.name)
            return _begin(settings, collection, site, limits, arguments)
        except BaseException:
            collection.close()
            raise


def _begin(settings: Knobs, collection: Collection, site: Site, limits: CrawlArguments, arguments: Mapping[str, str]) -> Run:
    clock = steady()
    started = clock()

    def begin(index: Index) -> int:
        run_id = index.start_run(site.name, arguments, started)
        reopen(index.conn, run_id=run_id, now=started, due=limits.recheck is not False and not (limits.scoped or limits.seeds))
        return run_id

    run_id = collection.now(begin)
    assert isinstance(run_id, int)
    frontier = SqliteFrontier(collection.path / "index.db", submit=collection.change, run_id=run_id, clock=clock)
    patience = Patience(
        attempts=settings.getint("ARCHIVE_ATTEMPTS"), retry_delay=settings.getfloat("ARCHIVE_RETRY_DELAY"),
        leases_per_host=settings.getint("ARCHIVE_LEASES_PER_HOST"), max_wait=settings.getfloat("ARCHIVE_MAX_RETRY_AFTER"),
        recheck_hours=recheck_hours(str(settings.get("ARCHIVE_RECHECK_HOURS"))),
    )  # fmt: skip
    with collection.reader() as index:
        board = MirrorBoard(site.name, site.mirrors, index.mirrors(site.name), clock=clock)
        earlier = reckoned(index.stats_of_runs(site.name, before=run_id, most=EARLIER_RUNS))
    hosts = Hosts(most=settings.getint("ARCHIVE_HOST_FAILURES"))
    stats = CrawlStats()
    collection.on_failure = stats.failed
    return Run(
        site=site, collection=collection, frontier=frontier, board=board, limits=limits, id=run_id, patience=patience, clock=clock,
        started=iso(started), hosts=hosts, at_once=fetches_at_once(), known=KnownStories(collection.path / "index.db"), earlier=earlier,
        stats=stats, keep_health=health_keeper(collection, board),
    )  # fmt: skip


def finish_run(run: Run, *, finish_reason: str, began: float, exit_code: int | None = None) -> Report:
    """Write down how a run ended, close its collection, and say what came of it.

    Args:
        began: `time.monotonic()` of its start.
        exit_code: What it is to be whatever the run looks like, unless a write failed: that of a spider that could not start.
    Raises:
        WriteFailed: The index cannot be read any more.
    """
    try:
        report = _ended(run, finish_reason, began, exit_code)
    except sqlite3.DatabaseError as error:
        told = f"{error}; `scrapy repair {run.collection.path}` makes it anew from the WARCs"
        raise WriteFailed(run.collection.path / "index.db", OSError(errno.EIO, told)) from error
    finally:
        close_run(run)
    return failed(report, run.collection.broken) if run.collection.broken else report


def close_run(run: Run) -> None:
    """Let go of what a run holds open; its collection is sealed."""
    run.known.close()
    run.frontier.close()
    run.collection.close()


def _ended(run: Run, finish_reason: str, began: float, exit_code: int | None) -> Report:
    """Bring all to disk, judge the run, and write down how it ended."""
    collection = run.collection
    collection.disk.stop_waiting()
    try:
        collection.seal()  # first, so that what is reported is what is on disk
    except (WriteFailed, sqlite3.Error):
        finish_reason = "write-failed"
    report = make_report(run, finish_reason=finish_reason, seconds=time.monotonic() - began)
    if exit_code is not None and report.exit_code != EXIT_WRITE_FAILED:
        report = evolve(report, exit_code=exit_code)

    def end(index: Index) -> None:
        save_health(index, rows=run.board.rows())
        index.end_run(run.id, ended=now(), exit_code=report.exit_code, reason=report.reason, stats=report.stats)

    try:
        collection.now(end, tries_after_failure=True)
    except (WriteFailed, sqlite3.Error) as error:
        return failed(report, error)
    return report


def save_health(index: Index, *, rows: Iterable[dict[str, Any]]) -> None:
    """Save what is known of the health of mirrors; one that was never asked is not known to be well."""
    for row in rows:
        if row["successes"] or row["failures"]:
            index.save_mirror(**row)


def health_keeper(collection: Collection, board: MirrorBoard) -> Callable[[bool], None]:
    """What saves the mirrors' health while a run goes on, so that a kill loses little of it.

    A change of state is saved at once, counts every `HEALTH_REPORTS` reports; always along with what is committed next, never by itself.
    """
    reports = count()

    def keep(changed: bool) -> None:
        if next(reports) % HEALTH_REPORTS == 0 or changed:
            collection.commit_along("mirrors", partial(save_health, rows=board.rows()))

    return keep
