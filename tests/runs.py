"""Runs for tests: of a real collection and its real frontier, at a clock that stands still, without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from attrs import evolve

from crawler.collection.collection import Collection
from crawler.crawl.config import readers_of, writer_options
from crawler.crawl.opening import open_run
from crawler.crawl.run import Run, make_run
from crawler.crawl.stats import CrawlStats
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.rows import FrontierRow
from crawler.frontier.store import SqliteFrontier
from crawler.hosts.health import HostHealth
from crawler.hosts.mirror_health import MirrorBoard
from crawler.hosts.policy import HostPolicy, RetryPolicy
from crawler.index.known import KnownStories
from crawler.maintenance.opening import open_recovered
from crawler.processing.parser_pool import ParserPool
from crawler.rechecks.recheck import RecheckPolicy
from crawler.sites.site import Site

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def opened_run(settings: Any, *, site: Site, path: Path, arguments: CrawlArguments, texts: dict[str, str]) -> Run:
    """Open a collection and begin a run in it, as `scrapy crawl` does."""
    with closing(readers_of(settings)) as readers:
        collection = open_recovered(path, readers, site=site.name, options=writer_options(settings), parse=arguments.read == "yes")
    return open_run(settings, collection, site=site, arguments=arguments, texts=texts)


def fixture_of_runs(name: str) -> Any:
    """A fixture of `runs` in a collection of that name, one for all tests of a file."""

    @pytest.fixture(scope="module")
    def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Run]]:
        with runs(tmp_path_factory.mktemp("runs") / name) as made:
            yield made

    return make


@contextmanager
def runs(path: Path) -> Iterator[Callable[..., Run]]:
    """Make one run after the other in one collection; each begins with an empty frontier."""
    collection, made = Collection.open(path), list[Run]()

    def submit(job: Callable[[Any], None], committed: Callable[[], None]) -> None:
        collection.now(lambda index: job(index.conn))
        committed()

    def make(site: Site, *, retry: RetryPolicy | None = None, at_once: int = 1000, **limits: Any) -> Run:
        def begin(index: Any) -> int:
            index.conn.execute("DELETE FROM frontier")
            return int(index.start_run(site.name, {}, NOW))

        run_id, arguments = collection.now(begin), CrawlArguments(**limits)
        frontier = SqliteFrontier(path / "index.db", submit=submit, run_id=run_id, clock=lambda: NOW)
        known = KnownStories(path / "index.db")
        health = HostHealth(mirrors=MirrorBoard(site.name, site.mirrors, clock=lambda: NOW))
        policy = HostPolicy(site=site, arguments=arguments, health=health, retry=retry or RetryPolicy(), clock=lambda: NOW)
        made.append(
            make_run(
                id=run_id, started=NOW.isoformat(), arguments=arguments, collection=collection, frontier=frontier, known=known, policy=policy,
                recheck=RecheckPolicy(site=site, known=known), stats=CrawlStats(site=site, arguments=arguments, known=known),
                parsers=ParserPool(), at_once=at_once,
            )
        )  # fmt: skip
        return made[-1]

    try:
        yield make
    finally:
        for run in made:
            run.known.close()
            run.frontier.close()
            run.parsers.close()
        collection.close()


def lease(run: Run, row: FrontierRow) -> FrontierRow:
    """Have a row leased, as if it had been asked for."""
    leased = evolve(row, state="leased", run_id=run.id)
    frontier = cast(SqliteFrontier, run.frontier)
    frontier._hold(leased)
    frontier._put(leased)
    return leased


def row_of(run: Run, key: str) -> FrontierRow:
    """A row as it lies in the index."""
    row = run.frontier.row(key)
    assert row is not None
    return row
