"""One named body of WARCs and its index: the only writer of both.

Everything is written by one thread (`writer_thread`), in the order it was handed over, and is on disk before anybody hears of it.
Whoever wants to read the index opens a connection of their own (`Collection.reader`).
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO

from attrs import frozen

from crawler import __version__
from crawler.archive_files.reader import cdxj_lines
from crawler.collection import layout as place
from crawler.collection.ingest import add_capture, failure_of, file_reading, unanswered
from crawler.collection.interrupts import take
from crawler.collection.open_files import Recovered
from crawler.collection.recovery import mend
from crawler.collection.sealing import Finisher, unfinished
from crawler.collection.writer_thread import Job, WriterThread, empty_log
from crawler.errors import POLICY_REASONS, SetupError, WriteFailed
from crawler.frontier.changes import mark_captured
from crawler.index.connection import unreadable
from crawler.index.index import Filed, Index
from crawler.items import Capture, Exchange, Failure, Lease, Lookup, Reading
from crawler.urls import host_of
from crawler.warc.algorithms import Algorithm
from crawler.warc.writer import Sealed, WarcWriter

logger = logging.getLogger(__name__)


@frozen(kw_only=True)
class WriterOptions:
    """How WARCs are written; the settings of the same names."""

    prefix: str | None = None
    max_bytes: int = 1_000_000_000
    operator: str | None = None
    user_agent: str | None = None
    chunked_digest: str = "spec"
    algorithm: Algorithm = "sha1"
    min_free_bytes: int = 0
    reserve_bytes: int = 0
    disk_wait: float = 0.0
    """Seconds to wait for room on a full disk."""


class Collection:
    """A collection opened for writing: locked, recovered, with its writer thread running."""

    def __init__(
        self, path: Path, *, name: str, lock: IO[str], thread: WriterThread, room: place.Room, recovered: Sequence[Recovered],
        waiting: Sequence[str],
    ) -> None:  # fmt: skip
        self.path, self.name, self.room, self.recovered = path, name, room, tuple(recovered)
        self._lock, self._thread = lock, thread
        self._finisher = Finisher(path, waiting, note=self._finished)
        self._ending = threading.Lock()
        self._lookups: deque[Lookup] = deque()
        self.on_failure: Callable[[str, str], None] = lambda reason, host: None
        """Called with reason and host of each attempt without a usable answer, once it is on disk."""

    @classmethod
    def open(cls, path: Path, *, name: str | None = None, options: WriterOptions | None = None) -> Collection:
        """Open or create a collection, under its lock, and mend what a crash left.

        Raises:
            CollectionLocked: Another process writes it.
            SetupError: The place cannot be written, or the index cannot be read.
            WriteFailed: The disk has not the room that must stay free, or did not take what was mended.
        """
        options = options or WriterOptions()
        name = name or path.name
        try:
            place.make_folders(path)
            lock = place.lock(path)
            place.lay_out(path, name)
        except OSError as error:
            raise SetupError(f"{path}: cannot write there: {error.strerror or error}") from error
        room = place.Room(path, least=options.min_free_bytes, patience=options.disk_wait)
        thread = _thread_of(path, name, options, room)

        def prepare(index: Index) -> tuple[list[Recovered], list[str]]:
            recovered = mend(index, path)
            place.check_space(path, options.min_free_bytes)
            place.make_reserve(_reserve(path), options.reserve_bytes)
            return recovered, unfinished(index)

        try:
            recovered, waiting = thread.start(prepare)
        except sqlite3.Error as error:
            lock.close()
            raise unreadable(path / "index.db", error) from error
        except Exception:
            lock.close()
            raise
        # A KeyboardInterrupt passes with the lock held: the thread may still be mending, and nobody else may begin to before it is gone.
        return cls(path, name=name, lock=lock, thread=thread, room=room, recovered=recovered, waiting=waiting)

    @classmethod
    def hold(cls, path: Path) -> IO[str]:
        """Take a collection's lock without opening it; close what is returned to let go.

        Raises:
            CollectionLocked: Another process writes it.
        """
        return place.lock(path)

    @property
    def broken(self) -> WriteFailed | None:
        """Set when writing failed: nothing more is written, every later call raises it."""
        return self._thread.broken

    def reader(self) -> Index:
        """Open the index for reading, for the calling thread: what was committed last."""
        return Index.open(self.path / "index.db", readonly=True)

    # -- writing, from the event loop

    async def record(
        self, exchange: Exchange, lease: Lease, *, run_id: int | None = None, reason: str | None = None, detail: str = ""
    ) -> Capture:
        """Write an exchange to the WARC and its row to the index; returns when both are on disk.

        Args:
            reason: Why the exchange is no usable answer, where that is known already (cut off, malformed).
        Raises:
            WriteFailed: Nothing of it counts.
        """

        def write(writer: WarcWriter, index: Index) -> object:
            self._write_lookups(writer)
            digests = writer.digests(exchange)
            original = self._original(index, exchange, lease, digests.sha1)
            capture = writer.write_exchange(exchange, lease, original=original, payload=digests, reason=reason, detail=detail)
            self._remember(capture)
            return capture

        def commit(index: Index, written: object) -> object:
            assert isinstance(written, Capture)
            add_capture(index, written, run_id=run_id)
            if reason:
                index.add_failure(failure_of(lease, written, reason, detail, size=len(exchange.response)), run_id=run_id)
                if not written.is_cut:
                    # As whoever reads it from the WARC has it; what was cut off is yet to be read.
                    index.set_read_state(written.record_id, "unreadable")
            mark_captured(index.conn, lease.key, written.record_id)
            return written

        result = await self._submit(Job(write=write, commit=commit))
        assert isinstance(result, Capture)
        if reason:
            self._failed(failure_of(lease, result, reason, detail))
        return result

    async def fail(self, failure: Failure, *, run_id: int | None = None) -> None:
        """Write down an attempt without a byte: a metadata record and a row of `failures`."""

        def write(writer: WarcWriter, index: Index) -> object:
            self._write_lookups(writer)
            writer.write_failure(failure)
            return None

        await self._submit(Job(write=write, commit=lambda index, _: index.add_failure(failure, run_id=run_id)))
        self._failed(failure)

    def resolved(self, lookups: Iterable[Lookup]) -> None:
        """Have names that were looked up written along with what is recorded next; nobody waits for it."""
        self._lookups.extend(lookups)

    async def file(self, reading: Reading, *, run_id: int | None = None) -> Filed | None:
        """Write down what a capture turned out to be, or that an attempt failed of which nobody has written yet."""
        if reading.capture is None and reading.reason and not reading.noted:
            await self.fail(unanswered(reading.lease, reading.reason, reading.detail), run_id=run_id)
            return None
        result = await self._submit(Job(commit=lambda index, _: file_reading(index, reading, run_id=run_id)))
        if reading.capture is not None and reading.reason and not reading.noted:
            self._failed(failure_of(reading.lease, reading.capture, reading.reason, reading.detail))
        return result if isinstance(result, Filed) else None

    def _failed(self, failure: Failure) -> None:
        """Tell of one attempt without a usable answer: each has one row of `failures`, one line of the log, and is counted once."""
        host = host_of(failure.url)
        self.on_failure(failure.reason, host)
        logger.info(
            "%s reason=%s host=%s attempt=%d role=%s detail=%r url=%s", "refused" if failure.reason in POLICY_REASONS else "failed",
            failure.reason, host, failure.attempt, failure.role, failure.detail, failure.url,
        )  # fmt: skip

    def change(self, job: Callable[[sqlite3.Connection], None], committed: Callable[[], None]) -> None:
        """Hand over a change of the frontier; `committed` is called in the caller's event loop once it is on disk."""
        loop = asyncio.get_running_loop()

        def done(result: object, error: BaseException | None) -> None:
            if error is None and not loop.is_closed():
                loop.call_soon_threadsafe(committed)
            # A fault has been logged by the writer, and a failed write stops the crawl; the change stays laid over the table.

        self._thread.submit(Job(commit=lambda index, _: job(index.db.conn), done=done))

    def along(self, name: str, job: Callable[[Index], object]) -> None:
        """Have a change of the index committed with whatever is written next; a newer one of the same name replaces it."""
        self._thread.ride(name, job)

    # -- writing, from a thread that may wait: before and after the crawl

    def now(self, job: Callable[[Index], object], *, anyway: bool = False) -> object:
        """Run a change of the index in the writer thread and wait for it; not for the event loop.

        Args:
            anyway: Try it although a write has failed before: for what tells of that failure.
        Raises:
            WriteFailed: A write failed, now or before, or the collection is closed.
        """
        return self._wait(Job(commit=lambda index, _: job(index), anyway=anyway))

    def seal(self) -> None:
        """Bring all that was handed over to disk and seal the WARC, so that `broken` says whether everything is there.

        Raises:
            WriteFailed
        """
        self._finisher.close()
        self.now(lambda index: None)  # a batch of its own, so that a file that cannot be sealed takes nothing else with it
        self._wait(Job(write=lambda writer, _: writer.seal(), commit=lambda index, _: None, after=empty_log))

    def _wait(self, job: Job) -> object:
        finished: queue.SimpleQueue[tuple[object, BaseException | None]] = queue.SimpleQueue()
        job.done = lambda result, error: finished.put((result, error))
        self._thread.submit(job)
        result, error = take(finished)
        if error is not None:
            raise error
        return result

    def _finished(self, warc: str, sha256: str) -> None:
        """Note the digest of a file that was mended; called in the finisher's thread."""

        def commit(index: Index, _: object) -> object:
            return index.conn.execute("UPDATE warcs SET sha256 = ? WHERE name = ?", (sha256, warc))

        self._thread.submit(Job(commit=commit))

    async def _submit(self, job: Job) -> object:
        if self.broken:
            raise self.broken
        loop = asyncio.get_running_loop()
        future: asyncio.Future[object] = loop.create_future()

        def settle(result: object, error: BaseException | None) -> None:
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)

        def done(result: object, error: BaseException | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, result, error)

        job.done = done
        self._thread.submit(job)
        return await future

    def close(self) -> None:
        """Finish what was handed over, seal the WARC, let go of the lock; closing again does nothing."""
        with self._ending:
            self._finisher.close()
            self._thread.close()
            self._lock.close()

    # -- in the writer thread

    def _write_lookups(self, writer: WarcWriter) -> None:
        while self._lookups:
            # It leaves the queue when it stands: a full disk is waited for, and then this is done again.
            writer.write_lookup(self._lookups[0])
            self._lookups.popleft()

    def _original(self, index: Index, exchange: Exchange, lease: Lease, digest: str) -> Capture | None:
        """The earlier capture that this exchange repeats, if there is one."""
        if exchange.truncated:
            return None
        if exchange.status == 304:
            return index.capture(lease.validates) if lease.validates else None
        if not len(exchange.payload):
            return None
        return self._thread.fresh.get(digest) or index.capture_of_payload(digest)

    def _remember(self, capture: Capture) -> None:
        if capture.payload_digest and capture.revisit_of is None and not capture.truncated:
            self._thread.fresh.setdefault(capture.payload_digest, capture)


def _reserve(path: Path) -> Path:
    return path / "reserve"


def _thread_of(path: Path, name: str, options: WriterOptions, room: place.Room) -> WriterThread:
    """The thread that will write a collection, not yet started."""
    sealed: list[Sealed] = []
    writer = WarcWriter(
        folder=path / "archive", indexes=path / "indexes", quarantine=path / "quarantine", prefix=options.prefix or name,
        max_bytes=options.max_bytes, operator=options.operator, software=f"news-archive-crawler/{__version__}",
        user_agent=options.user_agent, robots="obey", is_part_of=name, hostname=None, chunked_digest=options.chunked_digest,
        algorithm=options.algorithm, on_seal=sealed.append, lines_of=cdxj_lines,
    )  # fmt: skip
    return WriterThread(path, writer=writer, sealed=sealed, room=room, reserve=_reserve(path))
