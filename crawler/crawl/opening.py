"""Open a run from settings and arguments, and finish it with a report."""

from __future__ import annotations

import errno
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

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
from crawler.frontier.protocol import Frontier
from crawler.frontier.run_scope import RunScope
from crawler.frontier.store import SqliteFrontier
from crawler.frontier.table import FrontierTable
from crawler.hosts.comparison import MirrorComparison
from crawler.hosts.health import HostHealth
from crawler.hosts.mirror_health import MirrorBoard
from crawler.hosts.policy import HostPolicy
from crawler.index.index import Index
from crawler.index.known import KnownStories
from crawler.index.rows import iso
from crawler.pacing.crowd import Crowd
from crawler.pacing.from_settings import make_pace
from crawler.rechecks.from_settings import files_after, recheck_schedule
from crawler.rechecks.rates import experienced
from crawler.rechecks.recheck import RecheckPolicy
from crawler.sites.site import Site
from crawler.urls.known_keys import KnownKeys

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
    """Begin a run in an open collection of its own.

    Args:
        texts: The spider arguments as given, for table `runs`.
        parsers: A pool that other runs use as well, and that is closed by who made it.
        among: Runs of this process, which share the files that it may open.
    Raises:
        SetupError, WriteFailed: The collection is closed.
    """
    try:
        return begin_run(settings, collection, site=site, arguments=arguments, texts=texts, parsers=parsers, among=among)
    except BaseException:
        collection.close()
        raise


@frozen(kw_only=True)
class Shared:
    """Parts that the runs of a worker share in its collection."""

    scope: RunScope
    """Its own: the rows that it may hand out."""
    table: FrontierTable
    keys: KnownKeys
    known: KnownStories
    crowd: Crowd


def begin_run(
    settings: SettingsLike, collection: Collection, *, site: Site, arguments: CrawlArguments, texts: Mapping[str, str],
    parsers: ParserPool | None = None, among: int = 1, shared: Shared | None = None,
) -> Run:  # fmt: skip
    """Begin a run: write it down, and make its parts.

    Args:
        shared: Of a run that is not alone in its collection. It may then be begun in another thread than the event loop's.
    """
    scope = shared.scope if shared else None
    started, most = (clock := steady())(), settings.getint("ARCHIVE_RECHECKS_PER_RUN")

    def begin(index: Index) -> tuple[int, int]:
        if shared is None:
            know_sites(index, tuple(map(str, settings.getlist("ARCHIVE_SITES"))), site=site if site.mirrors else None)
        return _written_down(index, site, arguments, texts, started, most, scope)

    run_id, planned = collection.now(begin)
    catch_up_all(collection.now)
    frontier = _frontier(collection, shared, run_id, clock, most - planned)
    known = shared.known if shared else KnownStories(collection.path / "index.db")
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
        pace = make_pace(settings, index, policy, started, shared.crowd if shared else None)
    backlog = settings.getint("ARCHIVE_RECHECK_BACKLOG")
    stats = CrawlStats(site=site, arguments=arguments, known=known, recheck_budget=most, most_backlog=backlog)
    collection.counters[run_id] = stats.count_failure
    run = make_run(
        id=run_id, started=iso(started), arguments=arguments, collection=collection, frontier=frontier, known=known, policy=policy,
        recheck=recheck, stats=stats, parsers=parsers or parser_pool(settings, whole_machine=site.name == "replay"),
        owns_parsers=parsers is None, at_once=max(1, fetches_at_once() // among),
        compare=_comparison(settings, policy, frontier, stats), pace=pace, outages=outage_policy(settings),
    )  # fmt: skip
    run.scope = scope
    return run


def _frontier(
    collection: Collection, shared: Shared | None, run_id: int, clock: Callable[[], datetime], rechecks: int
) -> SqliteFrontier:  # fmt: skip
    """Make the frontier of one run."""
    file, submit = collection.path / "index.db", collection.change
    if shared is None:
        return SqliteFrontier(file, submit=submit, run_id=run_id, clock=clock, rechecks=rechecks)
    return SqliteFrontier(
        file, submit=submit, run_id=run_id, clock=clock, rechecks=rechecks, table=shared.table, known=shared.keys, scope=shared.scope
    )  # fmt: skip


def _comparison(settings: SettingsLike, policy: HostPolicy, frontier: Frontier, stats: CrawlStats) -> MirrorComparison:
    """Make the comparison of mirrors of one run."""
    return MirrorComparison(
        site=policy.site, named=policy.arguments.mirrors, health=policy.health, frontier=frontier, rows=policy.known.rows,
        clock=policy.clock, counts=stats.comparisons,
        share=settings.getfloat("ARCHIVE_COMPARE_SHARE"), per_run=settings.getint("ARCHIVE_COMPARE_PER_RUN"),
    )  # fmt: skip


def _written_down(
    index: Index, site: Site, arguments: CrawlArguments, texts: Mapping[str, str], started: datetime, most: int, scope: RunScope | None
) -> tuple[int, int]:  # fmt: skip
    """Write down a run that begins, and queue its rows; its id and the rechecks."""
    run_id = index.start_run(site.name, texts, started, job=scope.job if scope else None)
    due, files = arguments.asks_for_due, arguments.with_files
    return run_id, reopen(index.conn, run_id=run_id, now=started, due=due, rechecks=most, files=files, scope=scope)


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


def let_go(run: Run) -> None:
    """Let go of what a run of a worker holds beside what it shares."""
    if (crowd := run.dispatcher.pace.crowd) is not None:
        crowd.leave(run.dispatcher.pace)
    run.collection.counters.pop(run.id, None)
    run.frontier.close()


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
