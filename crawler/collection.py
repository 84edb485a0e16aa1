"""One named body of WARCs and its index: the only writer of both.

Everything is written by one thread, in the order it was handed over. Each round takes what has come meanwhile, at most 32
jobs, and brings it to disk before anybody hears of it:

    append to the WARC  ->  fdatasync  ->  one SQLite transaction (synchronous=FULL)  ->  acknowledge
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import queue
import shutil
import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from attrs import define, field, frozen

from crawler import __version__
from crawler.errors import ArchiveError, CollectionLocked, SetupError, WriteFailed
from crawler.filing import add_archived, add_capture, failure_of, file_reading, take_in
from crawler.index.store import Filed, Index
from crawler.items import Capture, Exchange, Failure, Lease, Reading
from crawler.warc.reader import Archived
from crawler.warc.recover import Recovered, recover
from crawler.warc.writer import Sealed, WarcWriter

BATCH = 32
PYWB_CONFIG = """\
# `wayback` serves this directory in place: run it here.
collections_root: .
archive_paths: archive
index_paths: indexes
"""


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


@define
class _Job:
    """One piece of work for the writer thread: first the WARC part, then the index part."""

    commit: Callable[[Index, object], object]
    write: Callable[[WarcWriter], object] | None = None
    done: Callable[[object, BaseException | None], None] = lambda result, error: None
    result: object = field(default=None, init=False)
    written: object = field(default=None, init=False)


class Collection:
    """A collection opened for writing: locked, recovered, with its writer thread running."""

    def __init__(
        self, path: Path, *, name: str, lock: IO[str], index: Index, options: WriterOptions, recovered: Sequence[Recovered] = ()
    ) -> None:
        self.path, self.name, self.index, self.recovered = path, name, index, tuple(recovered)
        self.broken: WriteFailed | None = None
        """Set when writing failed: nothing more is written, every later call raises it."""
        self._lock, self._options = lock, options
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
            for folder in ("archive", "indexes", "quarantine"):
                (path / folder).mkdir(parents=True, exist_ok=True)
            lock = _lock(path)
            _lay_out(path, name)
        except OSError as error:
            raise SetupError(f"{path}: cannot write there: {error.strerror or error}") from error
        try:
            index = Index.open(path / "index.db")
            folders = (path / "archive", path / "quarantine", path / "indexes")
            recovered = recover(*folders, committed=lambda warc: index.captures(warc=warc))
            for file in recovered:
                take_in(index, path, file)
            _check_space(path, options.min_free_bytes)
            collection = cls(path, name=name, lock=lock, index=index, options=options, recovered=recovered)
            collection._make_reserve()
        except BaseException:
            lock.close()
            raise
        return collection

    @classmethod
    def hold(cls, path: Path) -> IO[str]:
        """Take a collection's lock without opening it; close what is returned to let go.

        Raises:
            CollectionLocked: Another process writes it.
        """
        return _lock(path)

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

        self._jobs.put(_Job(commit=lambda index, _: job(index.db.conn), done=done))

    def now(self, job: Callable[[Index], object]) -> object:
        """Run a change of the index in the writer thread and wait for it: for what comes before and after the crawl."""
        finished: queue.SimpleQueue[tuple[object, BaseException | None]] = queue.SimpleQueue()
        self._jobs.put(_Job(commit=lambda index, _: job(index), done=lambda result, error: finished.put((result, error))))
        result, error = finished.get()
        if error is not None:
            raise error
        return result

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
        self._jobs.put(None)
        self._thread.join()
        self._reserve.unlink(missing_ok=True)
        try:
            self._writer.close()
            self._note_sealed()
            self.index.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (WriteFailed, sqlite3.OperationalError, OSError) as error:
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
            _check_space(self.path, self._options.min_free_bytes)
            self._write(batch)
            self._commit(batch)
        except (WriteFailed, OSError, sqlite3.OperationalError) as error:
            self.broken = _write_failed(self.path, error)
            self._reserve.unlink(missing_ok=True)
            for job in batch:
                job.done(None, self.broken)
        else:
            self._fresh.clear()
            for job in batch:
                job.done(job.result, None if not isinstance(job.result, BaseException) else job.result)

    def _write(self, batch: list[_Job]) -> None:
        wrote = False
        for job in batch:
            if job.write is not None:
                job.written = job.write(self._writer)
                wrote = True
        if wrote:
            self._writer.sync()

    def _commit(self, batch: list[_Job]) -> None:
        try:
            with self.index.atomic():
                for job in batch:
                    job.result = job.commit(self.index, job.written)
                self._note_sealed()
        except sqlite3.OperationalError:
            raise
        except (sqlite3.DatabaseError, sqlite3.InterfaceError, ArchiveError, ValueError, TypeError):
            self._commit_singly(batch)

    def _commit_singly(self, batch: list[_Job]) -> None:
        """One job of the batch cannot be committed: do each by itself, so that only its owner hears of it."""
        for job in batch:
            try:
                with self.index.atomic():
                    job.result = job.commit(self.index, job.written)
            except sqlite3.OperationalError:
                raise
            except (sqlite3.DatabaseError, sqlite3.InterfaceError, ArchiveError, ValueError, TypeError) as error:
                job.result = error

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

    def _note_sealed(self) -> None:
        while self._sealed_files:
            file = self._sealed_files.pop(0)
            self.index.add_warc(file.name, str(Path("archive") / file.name), bytes=file.bytes, sealed=file.sealed, sha256=file.sha256)

    def _make_reserve(self) -> None:
        """Bytes that are let go of when the disk is full, so that the WARC can still be sealed."""
        if self._options.reserve_bytes:
            with self._reserve.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, self._options.reserve_bytes)


# -- the place on disk


def _lock(path: Path) -> IO[str]:
    """Take the collection's lock; the kernel lets go of it when the process dies."""
    file = (path / "archive.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read(200).strip()
        file.close()
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise CollectionLocked(path, holder) from error
        raise
    file.truncate(0)
    file.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    file.flush()
    return file


def _lay_out(path: Path, name: str) -> None:
    """Write what pywb needs to serve the directory in place, where it is not there yet."""
    for file, text in ((path.parent / "config.yaml", PYWB_CONFIG), (path / "metadata.yaml", f"title: {name}\n")):
        if not file.exists():
            file.write_text(text)


def _check_space(path: Path, least: int) -> None:
    free = shutil.disk_usage(path).free
    if free < least:
        what = f"only {free // 2**20} MiB free, ARCHIVE_MIN_FREE_BYTES asks for {least // 2**20} MiB"
        raise WriteFailed(path, OSError(errno.ENOSPC, what))


def _write_failed(path: Path, error: BaseException) -> WriteFailed:
    if isinstance(error, WriteFailed):
        return error
    return WriteFailed(path, error if isinstance(error, OSError) else OSError(errno.EIO, str(error)))
