"""One named body of WARCs and its index: the only writer of both.

Everything is written by one thread, in the order it was handed over. Each round takes what has come meanwhile, at most 32
jobs, and brings it to disk before anybody hears of it:

    append to the WARC  ->  fdatasync  ->  one SQLite transaction (synchronous=FULL)  ->  acknowledge
"""

from __future__ import annotations

import asyncio
import errno
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from attrs import define, field, frozen

from crawler import __version__, place
from crawler.errors import SetupError, WriteFailed
from crawler.faults import at
from crawler.filing import add_archived, add_capture, failure_of, file_reading
from crawler.finishing import Finisher, unfinished
from crawler.index.opening import unreadable
from crawler.index.store import Filed, Index
from crawler.items import Capture, Exchange, Failure, Lease, Reading
from crawler.mending import mend
from crawler.warc.reader import Archived
from crawler.warc.recover import Recovered
from crawler.warc.writer import Sealed, WarcWriter

logger = logging.getLogger(__name__)

BATCH = 32
_FATAL = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)


@frozen(kw_only=True)
class WriterOptions:
    """How WARCs are written; the settings of the same names."""

    prefix: str | None = None
    max_bytes: int = 1_000_000_000
    operator: str | None = None
    user_agent: str | None = None
    chunked_digest: str = "spec"
    min_free_bytes: int = 0
    reserve_bytes: int = 0
    disk_wait: float = 0.0
    """Seconds to wait for room on a full disk."""


@define
class _Job:
    """One piece of work for the writer thread: first the WARC part, then the index part."""

    commit: Callable[[Index, object], object]
    write: Callable[[WarcWriter], object] | None = None
    done: Callable[[object, BaseException | None], None] = lambda result, error: None
    result: object = field(default=None, init=False)
    written: object = field(default=None, init=False)
    is_written: bool = field(default=False, init=False)
    error: BaseException | None = field(default=None, init=False)


class Collection:
    """A collection opened for writing: locked, recovered, with its writer thread running."""

    def __init__(
        self, path: Path, *, name: str, lock: IO[str], index: Index, options: WriterOptions, recovered: Sequence[Recovered] = ()
    ) -> None:
        self.path, self.name, self.index, self.recovered = path, name, index, tuple(recovered)
        self.broken: WriteFailed | None = None
        """Set when writing failed: nothing more is written, every later call raises it."""
        self._lock, self._options = lock, options
        self.room = place.Room(path, least=options.min_free_bytes, patience=options.disk_wait)
        self._reserve = path / "reserve"
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._fresh: dict[str, Capture] = {}
        self._writer = WarcWriter(
            folder=path / "archive", indexes=path / "indexes", quarantine=path / "quarantine", prefix=options.prefix or name,
            max_bytes=options.max_bytes, operator=options.operator, software=f"news-archive-crawler/{__version__}",
            user_agent=options.user_agent, robots="obey", is_part_of=name, hostname=None, chunked_digest=options.chunked_digest,
            on_seal=self._sealed,
        )  # fmt: skip
        self._sealed_files: list[Sealed] = []
        self._thread = threading.Thread(target=self._work, name=f"writer of {name}", daemon=True)
        self._thread.start()
        self._finisher = Finisher(path, unfinished(index), note=self._finished)

    @classmethod
    def open(cls, path: Path, *, name: str | None = None, options: WriterOptions | None = None) -> Collection:
        """Open or create a collection, under its lock, and mend what a crash left.

        Raises:
            CollectionLocked: Another process writes it.
            SetupError: The place cannot be written, or the index cannot be read.
        """
        options = options or WriterOptions()
        name = name or path.name
        try:
            place.make_folders(path)
            lock = place.lock(path)
            place.lay_out(path, name)
        except OSError as error:
            raise SetupError(f"{path}: cannot write there: {error.strerror or error}") from error
        index: Index | None = None
        try:
            index = Index.open(path / "index.db")
            recovered = mend(index, path)
            place.check_space(path, options.min_free_bytes)
            place.make_reserve(path / "reserve", options.reserve_bytes)
            return cls(path, name=name, lock=lock, index=index, options=options, recovered=recovered)
        except BaseException as error:
            if index is not None:
                index.close()
            lock.close()
            if isinstance(error, sqlite3.Error):
                raise unreadable(path / "index.db", error) from error
            raise

    @classmethod
    def hold(cls, path: Path) -> IO[str]:
        """Take a collection's lock without opening it; close what is returned to let go.

        Raises:
            CollectionLocked: Another process writes it.
        """
        return place.lock(path)

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

        def write(writer: WarcWriter) -> object:
            digest = WarcWriter.digest(exchange)
            original = self._original(exchange, lease, digest)
            capture = writer.write_exchange(exchange, lease, original=original, payload_digest=digest, reason=reason, detail=detail)
            self._remember(capture)
            return capture

        def commit(index: Index, written: object) -> object:
            assert isinstance(written, Capture)
            add_capture(index, written, run_id=run_id)
            if reason:
                index.add_failure(failure_of(lease, written, reason, detail, size=len(exchange.response)), run_id=run_id)
            index.db.execute("UPDATE frontier SET state = 'captured', record_id = ? WHERE key = ?", [written.record_id, lease.key])
            return written

        result = await self._submit(_Job(write=write, commit=commit))
        assert isinstance(result, Capture)
        return result

    async def adopt(self, entry: Archived) -> bool:
        """Index what a WARC that is already in place holds; whether it was new."""
        return bool(await self._submit(_Job(commit=lambda index, _: add_archived(index, entry))))

    async def fail(self, failure: Failure, *, run_id: int | None = None) -> None:
        """Write down an attempt without a byte: a metadata record and a row of `failures`."""
        await self._submit(_Job(write=lambda w: w.write_failure(failure), commit=lambda i, _: i.add_failure(failure, run_id=run_id)))

    async def file(self, reading: Reading, *, run_id: int | None = None) -> Filed | None:
        """Write down what a capture turned out to be."""
        result = await self._submit(_Job(commit=lambda index, _: file_reading(index, reading, run_id=run_id)))
        return result if isinstance(result, Filed) else None

    def change(self, job: Callable[[sqlite3.Connection], None], committed: Callable[[], None]) -> None:
        """Hand over a change of the frontier; `committed` is called in the caller's event loop once it is on disk."""
        loop = asyncio.get_running_loop()

        def done(result: object, error: BaseException | None) -> None:
            if error is None and not loop.is_closed():
                loop.call_soon_threadsafe(committed)
            # A fault has been logged by the writer, and a failed write stops the crawl; the change stays laid over the table.

        self._jobs.put(_Job(commit=lambda index, _: job(index.db.conn), done=done))

    def now(self, job: Callable[[Index], object]) -> object:
        """Run a change of the index in the writer thread and wait for it: for what comes before and after the crawl."""
        finished: queue.SimpleQueue[tuple[object, BaseException | None]] = queue.SimpleQueue()
        self._jobs.put(_Job(commit=lambda index, _: job(index), done=lambda result, error: finished.put((result, error))))
        result, error = finished.get()
        if error is not None:
            raise error
        return result

    def _finished(self, warc: str, sha256: str) -> None:
        """Note the digest of a file that was mended; called in the finisher's thread."""

        def commit(index: Index, _: object) -> object:
            return index.conn.execute("UPDATE warcs SET sha256 = ? WHERE name = ?", (sha256, warc))

        self._jobs.put(_Job(commit=commit))

    async def _submit(self, job: _Job) -> object:
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
        self._jobs.put(job)
        return await future

    def close(self) -> None:
        """Finish what was handed over, seal the WARC, let go of the lock."""
        self._finisher.close()
        self._jobs.put(None)
        self._thread.join()
        self._reserve.unlink(missing_ok=True)
        try:
            self._writer.close()
            if self.broken is None:
                # Else records may stand in it that were not committed: without its row it is looked through again at the next start.
                self._note_sealed()
            self.index.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (WriteFailed, sqlite3.Error, OSError) as error:
            self.broken = self.broken or _write_failed(self.path, error)
        finally:
            self.index.close()
            self._lock.close()

    # -- in the writer thread

    def _work(self) -> None:
        stopping = False
        while not stopping:
            batch: list[_Job] = []
            job = self._jobs.get()
            while job is not None:
                batch.append(job)
                if len(batch) >= BATCH or self._jobs.empty():
                    break
                job = self._jobs.get()
            stopping = job is None
            self._round(batch)

    def _round(self, batch: list[_Job]) -> None:
        """Bring one batch to disk and tell each job's owner."""
        try:
            if self.broken:
                raise self.broken
            self._patiently(self._write, batch)
            self._patiently(self._commit, batch)
        except (WriteFailed, OSError, sqlite3.Error) as error:
            self.broken = _write_failed(self.path, error)
            self._reserve.unlink(missing_ok=True)
            for job in batch:
                job.done(None, self.broken)
        else:
            self._fresh.clear()
            for job in batch:
                job.done(job.result, job.error)
            at("acknowledge:after")

    def _patiently(self, step: Callable[[list[_Job]], None], batch: list[_Job]) -> None:
        """Do a step; where the disk is full and nothing half done stands, do it again once somebody has made room."""
        while True:
            try:
                step(batch)
            except (WriteFailed, OSError, sqlite3.Error) as error:
                if not (_is_full(error) and self._writer.usable):
                    raise
                self.room.full()
                if not self.room.wait():
                    raise
            else:
                return

    def _write(self, batch: list[_Job]) -> None:
        wrote = False
        for job in batch:
            if job.is_written:
                wrote = True
            elif job.write is not None and job.error is None:
                try:
                    job.written = job.write(self._writer)
                except (WriteFailed, OSError):
                    raise
                except Exception as error:
                    # A record that cannot be made is its owner's affair; a group is appended whole or not at all.
                    logger.exception("record-fault collection=%s", self.name)
                    job.error = error
                else:
                    job.is_written = wrote = True
        if wrote:
            self._writer.sync()

    def _commit(self, batch: list[_Job]) -> None:
        batch = [job for job in batch if job.error is None]
        at("commit:before")
        try:
            with self.index.atomic():
                for job in batch:
                    job.result = job.commit(self.index, job.written)
                at("commit:middle")
                noted = self._note_sealed()
            del self._sealed_files[:noted]
        except Exception as error:
            if _is_fatal(error):
                raise
            logger.warning("commit-singly collection=%s error=%r", self.name, error)
            self._commit_singly(batch)
        at("commit:after")

    def _commit_singly(self, batch: list[_Job]) -> None:
        """One job of the batch cannot be committed: do each by itself, so that only its owner hears of it."""
        for job in batch:
            try:
                with self.index.atomic():
                    job.result = job.commit(self.index, job.written)
            except Exception as error:
                if _is_fatal(error):
                    raise
                logger.exception("commit-fault collection=%s", self.name)
                job.error = error

    def _original(self, exchange: Exchange, lease: Lease, digest: str) -> Capture | None:
        """The earlier capture that this exchange repeats, if there is one."""
        if exchange.truncated:
            return None
        if exchange.status == 304:
            return self.index.capture(lease.validates) if lease.validates else None
        if not len(exchange.payload):
            return None
        return self._fresh.get(digest) or self.index.capture_of_payload(digest)

    def _remember(self, capture: Capture) -> None:
        if capture.payload_digest and capture.revisit_of is None and not capture.truncated:
            self._fresh.setdefault(capture.payload_digest, capture)

    def _sealed(self, file: Sealed) -> None:
        self._sealed_files.append(file)

    def _note_sealed(self) -> int:
        """Add the rows of the files that were sealed; how many."""
        for file in self._sealed_files:
            self.index.add_warc(file.name, str(Path("archive") / file.name), bytes=file.bytes, sealed=file.sealed, sha256=file.sha256)
        return len(self._sealed_files)


def _is_full(error: BaseException) -> bool:
    """Whether an error says that the disk is full."""
    cause = error.error if isinstance(error, WriteFailed) else error
    if isinstance(cause, OSError):
        return cause.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL


def _write_failed(path: Path, error: BaseException) -> WriteFailed:
    if isinstance(error, WriteFailed):
        return error
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return WriteFailed(path / "index.db", OSError(errno.EIO, f"{error}; `scrapy repair {path}` makes it anew from the WARCs"))
    return WriteFailed(path, error if isinstance(error, OSError) else OSError(errno.EIO, str(error)))


def _is_fatal(error: BaseException) -> bool:
    """Whether an error is the disk's or the file's, not that of what was to be written."""
    if isinstance(error, WriteFailed | OSError | sqlite3.OperationalError):
        return True
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _FATAL
