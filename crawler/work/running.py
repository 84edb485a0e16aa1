"""`scrapy work` from its settings to its exit code."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field
from scrapy.utils.reactor import install_reactor

from crawler.errors import EXIT_COMPLETE, EXIT_SIGNAL, EXIT_WRITE_FAILED, ArchiveError
from crawler.formatting import counted
from crawler.http.handler import client_of
from crawler.interrupts import INTERRUPTS
from crawler.jobs.options import WorkOptions
from crawler.jobs.protocol import JobStore
from crawler.sites.known import WEB
from crawler.spiders.loader import SiteSpiderLoader
from crawler.spiders.stop import from_handler, stop_reactor
from crawler.work.crawlers import crawler_settings
from crawler.work.downloading import LaneHandler, SharedHosts
from crawler.work.health import health_of
from crawler.work.lane_keeper import LaneKeeper
from crawler.work.parts import Parts
from crawler.work.progress import Progress
from crawler.work.shard import Shard
from crawler.work.told import Told
from crawler.work.worker import Worker

if TYPE_CHECKING:
    from scrapy.crawler import CrawlerProcessBase

logger = logging.getLogger(__name__)

LOOP_SECONDS = 15.0
"""Without a turn of the loop for so long, a worker is not well."""
UPLOAD_SECONDS = 8.0
"""For sealed files to be uploaded at the end; the next start uploads the rest."""
MANY_JOBS = 100_000
"""More than can be open."""


@define(kw_only=True, eq=False)
class Working:
    """A worker in this process, with all around it."""

    process: CrawlerProcessBase
    options: WorkOptions
    store: JobStore
    shard: Shard
    told: Told
    until_idle: bool
    worker: Worker = field(init=False)
    _rows: Any = field(default=None, init=False)
    _uploader: Any = field(default=None, init=False)
    _code: int | None = field(default=None, init=False)
    _error: BaseException | None = field(default=None, init=False)

    def run(self) -> int:
        """Work until the end; the collection is sealed and closed then.

        Raises:
            ArchiveError: It could not work.
        """
        settings = self.process.settings
        install_reactor(str(settings["TWISTED_REACTOR"]), settings["ASYNCIO_EVENT_LOOP"])
        LaneHandler.client = client_of(settings)
        keeper = LaneKeeper(store=self.store, options=self.options, floor=settings.getfloat("DOWNLOAD_DELAY"), about=self.about)
        try:
            self._open_shared(keeper)
            self.worker = self._made(keeper)
            self._run_loop()
        finally:
            INTERRUPTS.enter("finishing")
            self._close()
        if isinstance(self._error, ArchiveError):
            raise self._error
        if self._error is not None:
            raise self._error
        broken = self.shard.collection.broken
        # Without a code the loop was ended by force.
        code = EXIT_SIGNAL if self._code is None else self._code
        return EXIT_WRITE_FAILED if broken is not None and code == EXIT_COMPLETE else code

    def _made(self, keeper: LaneKeeper) -> Worker:
        settings = self.process.settings
        loader = SiteSpiderLoader(settings)
        parts = Parts(
            store=self.store, shard=self.shard, keeper=keeper, settings=crawler_settings(settings, self.shard.collection.path),
            loader=loader, rows=self._rows,
        )  # fmt: skip
        return Worker(
            store=self.store, shard=self.shard, keeper=keeper, parts=parts, told=self.told,
            grace=settings.getfloat("ARCHIVE_SHUTDOWN_SECONDS"), until_idle=self.until_idle,
        )  # fmt: skip

    def _open_shared(self, keeper: LaneKeeper) -> None:
        """Begin to share rows and sealed files, where that is asked for."""
        LaneHandler.shared_hosts = None
        if self.store.shared:
            from crawler.cluster.shard import SharedRows

            LaneHandler.shared_hosts = SharedHosts(self.store.take_turn, self.shard.owners)  # type: ignore[attr-defined]
            self._rows = SharedRows(self.store, self.shard.collection, keeper.held, self.shard.owners)  # type: ignore[arg-type]
            self._rows.start()
        else:
            add_waiting(self.store, self.shard.waiting())
        if self.options.store is not None:
            from crawler.uploading.uploader import uploader_of

            note, worker = getattr(self.store, "note_warc", None), self.options.worker
            told = None if note is None else lambda name, safety, address: note(worker, name, safety)
            self._uploader = uploader_of(self.process.settings, self.shard.collection, told=told)

    def _run_loop(self) -> None:
        """Run the event loop until the worker has ended."""
        from twisted.internet import reactor

        reactor.callWhenRunning(lambda: asyncio.ensure_future(self._main()))
        INTERRUPTS.crawling(
            stop=lambda: from_handler(self.worker.stop), force=lambda: from_handler(stop_reactor),
            about=lambda: f"ending {counted(len(self.worker.running), 'part')}",
        )  # fmt: skip
        self.process.start(stop_after_crawl=False, install_signal_handlers=False)

    async def _main(self) -> None:
        health, progress = health_of(self.options.health, self.facts), Progress(self.worker, self.process.settings)
        try:
            if health is not None:
                await health.start()
            progress.start()
            self._code = await self.worker.work()
        except BaseException as error:  # noqa: BLE001 - raised again by `run`
            self._error = error
        finally:
            progress.close()
            if health is not None:
                await health.close()
            await LaneHandler.client.close()
            stop_reactor()

    def _close(self) -> None:
        """Seal and close all, whatever fails."""
        if self._rows is not None:
            self._rows.close()
        if self._uploader is not None:
            self.shard.collection.seal()
            if (left := self._uploader.settled(UPLOAD_SECONDS)) is not None:
                logger.warning("not-uploaded %s", left)
            self._uploader.close()
        self.shard.close()

    # -- what others are told

    def facts(self) -> Mapping[str, Any]:
        """The state of the worker, for probes."""
        collection, keeper = self.shard.collection, self.worker.keeper
        still = time.monotonic() - self.worker.turned
        faults = [
            name
            for name, bad in (
                ("loop", still > LOOP_SECONDS), ("writer", collection.broken is not None), ("disk", not collection.disk.enough()),
                ("store", keeper.overdue() > self.options.lease), ("stopping", self.worker.stopping),
            )
            if bad
        ]  # fmt: skip
        from crawler import clock

        return {
            "ok": not faults, "faults": faults, "worker": self.options.worker, "time": clock.now().isoformat(timespec="seconds"),
            "loop_seconds": round(still, 1), "writer": str(collection.broken) if collection.broken else "well",
            "disk_free_bytes": collection.disk.free, "store_seconds": round(keeper.overdue(), 1), **self.about(),
        }  # fmt: skip

    def about(self) -> Mapping[str, object]:
        """The figures of the worker, for `scrapy jobs`."""
        return {
            "collection": str(self.shard.collection.path), "lanes": len(self.worker.keeper.claims), "parts": len(self.worker.running),
            "ended": self.told.ended, "captures": self.told.captures, "unsent": self._rows.unsent if self._rows is not None else 0,
            "unstored": self._uploader.waiting if self._uploader is not None else 0,
        }  # fmt: skip


def add_waiting(store: JobStore, waiting: Mapping[str, set[str]]) -> None:
    """Tell the store of lanes that a killed worker could not tell it of."""
    for job in store.jobs(open_only=True, most=MANY_JOBS):
        if job.site == WEB.name and (lanes := waiting.get(job.id)):
            store.add_lanes(job.id, sorted(lanes))


def work(process: CrawlerProcessBase, options: WorkOptions, store: JobStore, path: Path, *, until_idle: bool, as_json: bool) -> int:
    """Open the worker's collection, work, and tell how it went.

    Raises:
        ArchiveError
    """
    settings = process.settings
    sites = SiteSpiderLoader(settings).sites
    told = Told(as_json=as_json)
    shard = Shard.open(settings, options, path, sites.values())
    for file in shard.collection.recovered:
        print(f"recovered {file.name}: left by a worker that was killed", file=sys.stderr)
    code = Working(process=process, options=options, store=store, shard=shard, told=told, until_idle=until_idle).run()
    if as_json:
        print(json.dumps(told.document(options.worker, str(path), code), ensure_ascii=False, default=str))
    else:
        print(told.summary(code), flush=True)
    return code
