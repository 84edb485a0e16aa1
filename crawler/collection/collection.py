"""Collection: a named body of WARCs and its index, opened for writing.

One thread (`writer_thread`) writes everything, in the order of the calls, and each call returns when its bytes are on disk.
Readers of the index open a connection of their own (`Collection.reader`).
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO, TypeVar

from attrs import frozen

from crawler import __version__
from crawler.collection import layout
from crawler.collection.entering import Entering
from crawler.collection.ingest import failure_of, file_outcome, unanswered
from crawler.collection.jobs import Change, FailureJob, FrontierJob, Job, Lookups, RecordJob, SealJob
from crawler.collection.mailbox import Mailbox
from crawler.collection.open_files import Recovered
from crawler.collection.recovery import recover
from crawler.collection.sealing import Sealing, cdxj_lines, recovered_without_digest
from crawler.collection.writer_thread import WriterThread
from crawler.disk.disk_space import DiskSpace, check_space, make_reserve
from crawler.errors import POLICY_REASONS, SetupError, WriteFailed
from crawler.index.connection import unreadable
from crawler.index.index import Filed, Index
from crawler.interrupts import wait_for
from crawler.items import Capture, Exchange, Failure, LeasedRequest, Lookup, Outcome, Unusable
from crawler.urls import host_of
from crawler.warc.algorithms import Algorithm
from crawler.warc.writer import Sealed, WarcWriter

logger = logging.getLogger(__name__)

T = TypeVar("T")
RESERVE = "reserve"


@frozen(kw_only=True)
class WriterOptions:
    """Options for writing WARCs; the settings of the same names."""

    prefix: str | None = None
    max_bytes: int = 1_000_000_000
    max_seconds: float = 0.0
    """ARCHIVE_WARC_MAX_SECONDS."""
    part_of_site: bool = False
    """Whether the files hold captures of several sites, whose names the records then carry."""
    operator: str | None = None
    user_agent: str | None = None
    chunked_digest: str = "spec"
    algorithm: Algorithm = "sha1"
    min_free_bytes: int = 0
    reserve_bytes: int = 0
    disk_wait: float = 0.0
    """Seconds to wait for room on a full disk."""


class Collection:
    """A collection opened for writing: locked, recovered, its writer thread running. Made by `open`."""

    def __init__(
        self, path: Path, *, name: str, lock: IO[str], thread: WriterThread, disk: DiskSpace, recovered: Sequence[Recovered],
        without_digest: Sequence[str],
    ) -> None:  # fmt: skip
        self.path, self.name, self.disk, self.recovered = path, name, disk, tuple(recovered)
        self._lock, self._thread = lock, thread
        self._sealing = Sealing(path, without_digest, note=self._note_digest)
        self._closing = threading.Lock()
        self._lookups = Lookups()
        self._mail: dict[asyncio.AbstractEventLoop, Mailbox] = {}
        thread.after_batch = self._wake
        self._entering = Entering(path, entered=lambda: self.on_sealed())
        thread.after_seal = self._entering.wake
        self.on_sealed: Callable[[], None] = lambda: None
        """Called in a thread of its own when sealed files stand in index, manifest and chain."""
        self.on_failure: Callable[[str, str], None] = lambda reason, host: None
        """Called with reason and host of each attempt without a usable answer, once it is on disk."""
        self.counters: dict[int | None, Callable[[str, str], None]] = {}
        """As `on_failure`, by the run whose attempts they count."""

    @classmethod
    def open(cls, path: Path, *, name: str | None = None, options: WriterOptions | None = None) -> Collection:
        """Open or create a collection, under its lock, and recover it after a crash.

        Raises:
            CollectionLocked: Another process writes it.
            SetupError: The directory cannot be written, or the index cannot be read.
            WriteFailed: The disk has not the room that must stay free, or recovery could not be written.
        """
        options = options or WriterOptions()
        name = name or path.name
        try:
            layout.make_folders(path)
            lock = layout.lock(path)
            layout.write_layout(path, name)
        except OSError as error:
            raise SetupError(f"{path}: cannot write there: {error.strerror or error}") from error
        disk = DiskSpace(path, least=options.min_free_bytes, patience=options.disk_wait)
        thread = _writer_thread(path, name, options, disk)

        def prepare(index: Index) -> tuple[list[Recovered], list[str]]:
            recovered = recover(index, path)
            check_space(path, options.min_free_bytes)
            make_reserve(path / RESERVE, options.reserve_bytes)
            return recovered, recovered_without_digest(index)

        try:
            recovered, without_digest = thread.start(prepare)
        except sqlite3.Error as error:
            lock.close()
            raise unreadable(path / "index.db", error) from error
        except Exception:
            lock.close()  # the next may try
            raise
        # A KeyboardInterrupt passes with the lock held: the thread may still be recovering, and no other process may begin to.
        collection = cls(path, name=name, lock=lock, thread=thread, disk=disk, recovered=recovered, without_digest=without_digest)
        collection._sealing.start()
        return collection

    @classmethod
    def hold(cls, path: Path) -> IO[str]:
        """Take a collection's lock without opening it; closing the returned file releases it.

        Raises:
            CollectionLocked: Another process writes it.
        """
        return layout.lock(path)

    @property
    def broken(self) -> WriteFailed | None:
        """Set when writing failed: nothing more is written, every later call raises it."""
        return self._thread.broken

    def reader(self) -> Index:
        """Open the index read-only, for the calling thread: it shows the last commit."""
        return Index.open(self.path / "index.db", readonly=True)

    # -- writing, from the event loop

    async def record(
        self, exchange: Exchange, lease: LeasedRequest, *, run_id: int | None = None, reason: str | None = None, detail: str = ""
    ) -> Capture:
        """Write an exchange to the WARC and its row to the index.

        Args:
            reason: Why the exchange is no usable answer, if that is known already (cut off, malformed).
        Returns:
            The capture, once both are on disk.
        Raises:
            WriteFailed: Nothing of it counts.
        """
        capture = await self._submit(RecordJob(exchange, lease, lookups=self._lookups, run_id=run_id, reason=reason, detail=detail))
        if reason:
            self._tell_failure(failure_of(lease, capture, reason, detail), run_id)
        return capture

    async def fail(self, failure: Failure, *, run_id: int | None = None) -> None:
        """Write an attempt without a byte: a metadata record and a row of `failures`."""
        await self._submit(FailureJob(failure, lookups=self._lookups, run_id=run_id))
        self._tell_failure(failure, run_id)

    def resolved(self, lookups: Iterable[Lookup]) -> None:
        """Have DNS lookups written with the next record; returns at once."""
        self._lookups.extend(lookups)

    async def file(self, outcome: Outcome, *, run_id: int | None = None) -> Filed | None:
        """File the outcome of a capture; a failed attempt without a capture as `fail`."""
        fresh = outcome if isinstance(outcome, Unusable) and not outcome.noted and not outcome.unused else None
        if fresh is not None and fresh.capture is None:
            await self.fail(unanswered(fresh.lease, fresh.reason, fresh.detail), run_id=run_id)
            return None
        filed = await self._submit(Change(lambda index: file_outcome(index, outcome, run_id=run_id)))
        if fresh is not None and fresh.capture is not None:
            self._tell_failure(failure_of(fresh.lease, fresh.capture, fresh.reason, fresh.detail), run_id)
        return filed

    def change(self, change: Callable[[sqlite3.Connection], None], committed: Callable[[], None]) -> None:
        """Submit a change of the frontier, committed along with the next record or outcome.

        A fault is logged by the writer, and a failed write stops the crawl; the frontier then keeps the change laid over its table.

        Args:
            committed: Called in the caller's event loop once the change is on disk.
        """
        mailbox = self._mailbox()
        job = FrontierJob(change)
        job.on_end = lambda: mailbox.post(committed) if job.error is None else None
        self._thread.submit(job, patient=True)

    def commit_along(self, name: str, change: Callable[[Index], object]) -> None:
        """Commit a change with the next write; a newer change of that name replaces it."""
        self._thread.commit_along(name, change)

    async def changed(self, change: Callable[[Index], T], *, tries_after_failure: bool = False) -> T:
        """Change the index, awaited in the event loop; else as `now`."""
        return await self._submit(Change(change, tries_after_failure=tries_after_failure))

    async def _submit(self, job: Job[T]) -> T:
        if self.broken and not job.tries_after_failure:
            raise self.broken
        mailbox = self._mailbox()
        done = mailbox.loop.create_future()

        def settle() -> None:
            if not done.done():
                done.set_result(None)

        job.on_end = lambda: mailbox.post(settle)
        self._thread.submit(job)
        await done
        if job.error is not None:
            raise job.error
        return job.result

    def _mailbox(self) -> Mailbox:
        """The mailbox of the running event loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._mail:
            self._mail[loop] = Mailbox(loop)
        return self._mail[loop]

    def _wake(self) -> None:
        """Have the callers told of the jobs that have ended."""
        for mailbox in list(self._mail.values()):
            mailbox.wake()

    def _tell_failure(self, failure: Failure, run_id: int | None) -> None:
        """Count and log one attempt without a usable answer: once, as its row of `failures`."""
        host = host_of(failure.url)
        self.counters.get(run_id, self.on_failure)(failure.reason, host)
        logger.info(
            "%s reason=%s host=%s attempt=%d role=%s detail=%r url=%s", "refused" if failure.reason in POLICY_REASONS else "failed",
            failure.reason, host, failure.attempt, failure.role, failure.detail, failure.url,
        )  # fmt: skip

    # -- writing, from a thread that may wait: before and after the crawl

    def now(self, change: Callable[[Index], T], *, tries_after_failure: bool = False) -> T:
        """Change the index in the writer thread and wait; not in the event loop.

        Args:
            tries_after_failure: Try it although a write has failed before: for rows that tell of that failure.
        Returns:
            What `change` returns, once it is committed.
        Raises:
            WriteFailed: A write failed, now or before, or the collection is closed.
        """
        return self._wait(Change(change, tries_after_failure=tries_after_failure))

    def seal(self) -> None:
        """Finish all submitted jobs and seal the WARC; afterwards `broken` tells of failures.

        Raises:
            WriteFailed
        """
        self._sealing.close()
        self.now(lambda index: None)  # a batch of its own, so that a file that cannot be sealed takes nothing else with it
        self._wait(SealJob())

    def close(self) -> None:
        """Finish all submitted jobs, seal the WARC and release the lock; closing again does nothing."""
        with self._closing:
            self._sealing.close()
            self._thread.close()
            self._entering.close(enter=not self.broken and not self._lock.closed)
            self._lock.close()

    def _wait(self, job: Job[T]) -> T:
        future = job.future
        self._thread.submit(job)
        return wait_for(future)

    def _note_digest(self, warc: str, sha256: str) -> None:
        """Note the SHA-256 of a recovered file; called in the thread of `Sealing`."""

        def note(index: Index) -> None:
            index.conn.execute("UPDATE warcs SET sha256 = ? WHERE name = ?", (sha256, warc))

        self._thread.submit(Change(note))


def _writer_thread(path: Path, name: str, options: WriterOptions, disk: DiskSpace) -> WriterThread:
    """The writer thread of a collection, not started."""
    sealed: list[Sealed] = []
    writer = WarcWriter(
        folder=path / "archive", indexes=path / "indexes", quarantine=path / "quarantine", prefix=options.prefix or name,
        max_bytes=options.max_bytes, max_seconds=options.max_seconds, part_of_site=options.part_of_site, operator=options.operator,
        software=f"news-archive-crawler/{__version__}",
        user_agent=options.user_agent, robots="obey", is_part_of=name, hostname=None, chunked_digest=options.chunked_digest,
        algorithm=options.algorithm, on_seal=sealed.append, lines_of=cdxj_lines,
    )  # fmt: skip
    return WriterThread(path, writer=writer, sealed=sealed, disk=disk, reserve=path / RESERVE)
