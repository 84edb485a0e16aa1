"""Open a run from settings and arguments, and finish it with a report."""

from __future__ import annotations

import errno
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from attrs import evolve

from crawler.clock import steady
from crawler.collection.collection import Collection
from crawler.coverage.writing import catch_up_all, know_sites
from crawler.crawl.config import SettingsLike, outage_policy, parser_pool, retry_policy
from crawler.crawl.run import Run, make_run
from crawler.crawl.stats import CrawlStats
from crawler.disk.file_limit import fetches_at_once
from crawler.errors import EXIT_WRITE_FAILED, ArchiveError, WriteFailed
from crawler.frontier.changes import reopen
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.store import SqliteFrontier
from crawler.hosts.comparison import MirrorComparison
from crawler.hosts.health import HostHealth
from crawler.hosts.mirror_health import MirrorBoard
from crawler.hosts.policy import HostPolicy
from crawler.index.index import Index
from crawler.index.known import KnownStories
from crawler.index.rows import iso
from crawler.pacing.from_settings import make_pace
from crawler.rechecks.from_settings import files_after, recheck_schedule
from crawler.rechecks.rates import experienced
from crawler.rechecks.recheck import RecheckPolicy
from crawler.sites.site import Site

if TYPE_CHECKING:
    from crawler.crawl.report import Report
    from crawler.processing.parser_pool import ParserPool

Upload = Callable[[], ArchiveError | None]

HEALTH_REPORTS = 20
"""Reports on mirrors after which their counts are saved."""


def open_run(
    settings: SettingsLike, collection: Collection, *, site: Site, arguments: CrawlArguments, texts: Mapping[str, str],
    parsers: ParserPool | None = None, among: int = 1,
) -> Run:  # fmt: skip
    """Begin a run in an open collection: write it down, and make its parts.

    Args:
        texts: The spider arguments as given, for table `runs`.
        parsers: A pool that other runs use as well, and that is closed by who made it.
        among: Runs of this process, which share the files that it may open.
    Raises:
        SetupError, WriteFailed: The collection is closed.
    """
    try:
        return _begin(settings, collection, site, arguments, texts, parsers, among)
    except BaseException:
        collection.close()
        raise


def _begin(
    settings: SettingsLike, collection: Collection, site: Site, arguments: CrawlArguments, texts: Mapping[str, str],
    parsers: ParserPool | None, among: int,
) -> Run:  # fmt: skip
    started, most = (clock := steady())(), settings.getint("ARCHIVE_RECHECKS_PER_RUN")

    def begin(index: Index) -> tuple[int, int]:
        know_sites(index, tuple(map(str, settings.getlist("ARCHIVE_SITES"))), site=site if site.mirrors else None)
        run_id = index.start_run(site.name, texts, started)
        return run_id, reopen(index.conn, run_id=run_id, now=started, due=arguments.asks_for_due, rechecks=most, files=arguments.with_files)

    run_id, planned = collection.now(begin)
    catch_up_all(collection.now)
    file, left = collection.path / "index.db", most - planned
    frontier = SqliteFrontier(file, submit=collection.change, run_id=run_id, clock=clock, rechecks=left)
    known = KnownStories(file)
    with collection.reader() as index:
        mirrors = MirrorBoard(site.name, site.mirrors, index.mirrors(site.name), clock=clock)
        schedule = experienced(recheck_schedule(settings), index, site.name, started)
    health = HostHealth(
        mirrors=mirrors, give_up_after=settings.getint("ARCHIVE_HOST_FAILURES"), keep=health_keeper(collection, mirrors)
    )  # fmt: skip
    confirm_after = timedelta(hours=settings.getfloat("ARCHIVE_GONE_CONFIRM_HOURS"))
    policy = HostPolicy(
        site=site, arguments=arguments, health=health, retry=retry_policy(settings), clock=clock, known=known, confirm_after=confirm_after
    )  # fmt: skip
    recheck = RecheckPolicy(site=site, known=known, schedule=schedule, confirm_after=confirm_after, files_after=files_after(settings))
    with collection.reader() as index:
        pace = make_pace(settings, index, policy, started)
    stats = CrawlStats(
        site=site, arguments=arguments, known=known, recheck_budget=most, most_backlog=settings.getint("ARCHIVE_RECHECK_BACKLOG")
    )  # fmt: skip
    collection.counters[run_id] = stats.count_failure
    compare = MirrorComparison(
        site=site, named=arguments.mirrors, health=health, frontier=frontier, rows=known.rows, clock=clock, counts=stats.comparisons,
        share=settings.getfloat("ARCHIVE_COMPARE_SHARE"), per_run=settings.getint("ARCHIVE_COMPARE_PER_RUN"),
    )  # fmt: skip
    return make_run(
        id=run_id, started=iso(started), arguments=arguments, collection=collection, frontier=frontier, known=known, policy=policy,
        recheck=recheck, stats=stats, parsers=parsers or parser_pool(settings, whole_machine=site.name == "replay"),
        owns_parsers=parsers is None, at_once=max(1, fetches_at_once() // among),
        compare=compare, pace=pace, outages=outage_policy(settings),
    )  # fmt: skip


def finish_run(
    run: Run, *, finish_reason: str, began: float, exit_code: int | None = None, upload: Upload = lambda: None
) -> Report:  # fmt: skip
    """Write down how a run ended, close its collection, and report on it.

    Args:
        began: `time.monotonic()` of its start.
        exit_code: Of a spider that could not start: stands whatever the checks say, unless a write failed.
        upload: Waits until all sealed WARCs are in the store; returns what kept them from it.
    Raises:
        WriteFailed: The index cannot be read any more.
    """
    from crawler.crawl.report import failed  # not before the first request

    try:
        report = _ended(run, finish_reason, began, exit_code, upload)
    except sqlite3.DatabaseError as error:
        text = f"{error}; `scrapy repair {run.collection.path}` makes it anew from the WARCs"
        raise WriteFailed(run.collection.path / "index.db", OSError(errno.EIO, text)) from error
    finally:
        run.close()
    return failed(report, run.collection.broken) if run.collection.broken else report


def _ended(run: Run, finish_reason: str, began: float, exit_code: int | None, upload: Upload) -> Report:
    """Bring all to disk, judge the run, and write down how it ended."""
    from crawler.crawl.report import failed, make_report, unstored

    collection = run.collection
    collection.disk.stop_waiting()
    try:
        collection.seal()  # first, so that what is reported is what is on disk
        catch_up_all(collection.now)
    except (WriteFailed, sqlite3.Error):
        finish_reason = "write-failed"
    report = make_report(run, finish_reason=finish_reason, seconds=time.monotonic() - began)
    if exit_code is not None and report.exit_code != EXIT_WRITE_FAILED:
        report = evolve(report, exit_code=exit_code)
    if report.exit_code != EXIT_WRITE_FAILED and (error := upload()) is not None:
        report = unstored(report, error)

    def end(index: Index) -> None:
        save_health(index, rows=run.policy.health.mirrors.rows())
        stats = {**report.stats, "checks": report.document()["checks"]}
        index.end_run(run.id, ended=run.clock(), exit_code=report.exit_code, reason=report.reason, stats=stats)

    try:
        collection.now(end, tries_after_failure=True)
    except (WriteFailed, sqlite3.Error) as error:
        return failed(report, error)
    return report


def save_health(index: Index, *, rows: Iterable[dict[str, Any]]) -> None:
    """Save the health of the mirrors that were asked."""
    for row in rows:
        if row["successes"] or row["failures"]:
            index.save_mirror(**row)


def health_keeper(collection: Collection, board: MirrorBoard) -> Callable[[bool], None]:
    """Make the function that saves the mirrors' health now and then during a run.

    A change of state is saved at once, counts every `HEALTH_REPORTS` reports; always along with what is committed next, never by itself.
    """
    reports = count()

    def keep(changed: bool) -> None:
        if next(reports) % HEALTH_REPORTS == 0 or changed:
            collection.commit_along(f"mirrors of {board.site}", partial(save_health, rows=board.rows()))

    return keep
