"""The worker's own collection, and what all runs in it share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

from attrs import define, evolve, field
from scrapy.settings import BaseSettings

from crawler import clock
from crawler.collection.collection import Collection
from crawler.coverage.writing import catch_up_all, know_sites
from crawler.crawl.config import parser_pool, readers_of, writer_options
from crawler.crawl.opening import Shared, begin_run
from crawler.crawl.run import Run
from crawler.frontier.changes import name_lanes
from crawler.frontier.crawl_arguments import CrawlArguments
from crawler.frontier.lane_names import owners_of
from crawler.frontier.run_scope import RunScope
from crawler.frontier.table import FrontierTable
from crawler.frontier_reads.queries import open_lanes
from crawler.index.index import Index
from crawler.index.known import KnownStories
from crawler.jobs.options import WorkOptions
from crawler.jobs.rows import Job, LaneState
from crawler.maintenance.opening import open_recovered
from crawler.maintenance.unread import parse_unread
from crawler.pacing.crowd import Crowd
from crawler.pacing.from_settings import make_crowd
from crawler.processing.parser_pool import ParserPool
from crawler.sites.site import Site
from crawler.urls.known_keys import KnownKeys
from crawler.work.lane_states import saved_mirrors

SEAL_SECONDS = 900.0
"""Age at which a worker seals a WARC if ARCHIVE_WARC_MAX_SECONDS is 0."""
FEW_FILES = 8
"""Share of the files that this process may open: each run gets that of so many lanes fewer."""


@define(kw_only=True)
class Shard:
    """An open collection with the connections, readers and delays of its runs."""

    collection: Collection
    parsers: ParserPool
    crowd: Crowd
    owners: Mapping[str, str]
    """Names of sites by host."""
    _settings: BaseSettings
    _among: int
    _table: FrontierTable = field(init=False)
    _keys: KnownKeys = field(init=False)
    _known: KnownStories = field(init=False)

    def __attrs_post_init__(self) -> None:
        # In the event loop's thread, which alone reads them.
        file = self.collection.path / "index.db"
        self._table, self._known = FrontierTable(file), KnownStories(file)
        self._keys = KnownKeys(self._table.keys_after)

    @classmethod
    def open(cls, settings: BaseSettings, options: WorkOptions, path: Path, sites: Iterable[Site]) -> Shard:
        """Open the collection, recover it, and parse what an earlier worker left.

        Raises:
            SetupError, CollectionLocked, WriteFailed: Nothing stays open.
        """
        writing = evolve(writer_options(settings), max_seconds=options.seal_seconds or SEAL_SECONDS, part_of_site=True)
        with closing(readers_of(settings)) as readers:
            collection = open_recovered(path, readers, site="", options=writing)
            try:
                for site in _interrupted(collection):
                    parse_unread(collection, readers, site=site)
            except BaseException:
                collection.close()
                raise
        folders, owners = tuple(map(str, settings.getlist("ARCHIVE_SITES"))), owners_of(sites)
        collection.now(lambda index: know_sites(index, folders))
        collection.now(lambda index: name_lanes(index.conn, owners))
        catch_up_all(collection.now)
        with collection.reader() as index:
            crowd = make_crowd(settings, index, clock.now)
        return cls(
            collection=collection, parsers=parser_pool(settings), crowd=crowd, owners=owners, settings=settings,
            among=max(1, options.lanes // FEW_FILES),
        )  # fmt: skip

    def begin(
        self, site: Site, arguments: CrawlArguments, texts: Mapping[str, str], scope: RunScope, states: Iterable[LaneState]
    ) -> Run:  # fmt: skip
        """Begin a run; in a thread that may wait.

        Args:
            states: Of its lanes, from other owners.
        """
        for state in states:
            if state.mirrors:
                self.collection.now(partial(saved_mirrors, state))
        if self.crowd.budget is not None:
            self.crowd.budget.begin_again()
        shared = Shared(scope=scope, table=self._table, keys=self._keys, known=self._known, crowd=self.crowd)
        return begin_run(
            self._settings, self.collection, site=site, arguments=arguments, texts=texts, parsers=self.parsers, among=self._among,
            shared=shared,
        )  # fmt: skip

    def know(self, keys: Iterable[str]) -> None:
        """Take note of rows that others have written; in the event loop."""
        for key in keys:
            self._keys.add(key)

    def waiting(self) -> dict[str, set[str]]:
        """The lanes in which requests of each job wait."""
        with self.collection.reader() as index:
            return open_lanes(lambda sql, values: index.query(sql, list(values)))

    def asked_before(self, job: Job) -> int:
        """Count the stories and pages that earlier parts of a job have asked for."""
        sql = (
            "SELECT count(DISTINCT key) FROM captures WHERE run_id IN (SELECT id FROM runs WHERE job = ?)"
            " AND role IN ('story', 'page')"
        )
        with self.collection.reader() as index:
            return int(index.query(sql, [job.id])[0][0])

    def close(self) -> None:
        """Seal and close the collection; what runs shared is closed with it."""
        self.parsers.close()
        self._known.close()
        self._table.close()
        self.collection.close()


def _interrupted(collection: Collection) -> list[str]:
    """The sites of runs that were killed."""
    with collection.reader() as index:
        return [str(row[0]) for row in index.query("SELECT DISTINCT site FROM runs WHERE ended IS NULL ORDER BY site", [])]


def end_interrupted(index: Index) -> None:
    """Write down that the runs of a worker that was killed have ended."""
    index.conn.execute("UPDATE runs SET reason = 'killed' WHERE ended IS NULL AND reason IS NULL AND job IS NOT NULL")
