"""The one thread that writes a collection: WARC and index, in batches of jobs.

The thread opens the SQLite connection itself, uses it alone and closes it: SQLite refuses it in any other thread. Whatever goes wrong in
here, every job that was handed over is told, and so is every later one: nobody waits for a thread that has ended.
"""

from __future__ import annotations

import errno
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from attrs import define, field

from crawler.collection.interrupts import join, take
from crawler.collection.layout import Room
from crawler.errors import WriteFailed
from crawler.failpoints import failpoint
from crawler.index.index import Index
from crawler.items import Capture
from crawler.warc.writer import Sealed, WarcWriter

logger = logging.getLogger(__name__)

T = TypeVar("T")

BATCH = 32
_FATAL = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)


@define
class Job:
    """One piece of work for the thread: first the WARC part, then the index part."""

    commit: Callable[[Index, object], object]
    write: Callable[[WarcWriter, Index], object] | None = None
    after: Callable[[Index], object] | None = None
    """Called once the transaction is committed, outside of any."""
    done: Callable[[object, BaseException | None], None] = lambda result, error: None
    """Called once, in the thread (or in the caller's, where the thread has ended)."""
    anyway: bool = False
    """Try the index part although writing has failed before: for what tells of the failure."""
    result: object = field(default=None, init=False)
    written: object = field(default=None, init=False)
    is_written: bool = field(default=False, init=False)
    error: BaseException | None = field(default=None, init=False)


class WriterThread:
    """Does jobs in the order in which they are handed over, at most `BATCH` a round.

    A round: append to the WARC, fdatasync, one SQLite transaction (synchronous=FULL), acknowledge.

    Args:
        path: Of the collection.
        sealed: The files that `writer` has sealed and that have no row yet; `writer.on_seal` adds to it.
        reserve: A file to let go of when the disk is full.
    """

    def __init__(self, path: Path, *, writer: WarcWriter, sealed: list[Sealed], room: Room, reserve: Path) -> None:
        self.broken: WriteFailed | None = None
        """Set when writing failed: nothing more is written, every later job is told so."""
        self.fresh: dict[str, Capture] = {}
        """By payload digest: captures written in this round, not yet committed."""
        self._path, self._writer, self._sealed, self._room, self._reserve = path, writer, sealed, room, reserve
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._riders: dict[str, Callable[[Index], object]] = {}
        self._index: Index
        self._thread: threading.Thread

    # -- in any thread

    def start(self, prepare: Callable[[Index], T]) -> T:
        """Start the thread, have it open the index and prepare it, and return what that gives.

        Raises:
            Whatever opening or preparing raises; the thread has ended then.
        """
        opened: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, args=(prepare, opened), name=f"writer of {self._path.name}", daemon=True)
        self._thread.start()
        try:
            result, error = take(opened)
        except KeyboardInterrupt:
            # It goes on until what it mends is in order, and ends; nobody waits for that.
            with self._gate:
                self._closed = True
                self._jobs.put(None)
            raise
        if error is not None:
            raise error
        return result  # type: ignore[return-value]

    def submit(self, job: Job) -> None:
        """Hand a job over; `job.done` is called whatever happens."""
        with self._gate:
            if not self._closed:
                self._jobs.put(job)
                return
        self._tell(job, None, self.broken or WriteFailed(self._path, OSError(errno.EBADF, "the collection is closed")))

    def ride(self, name: str, commit: Callable[[Index], object]) -> None:
        """Have a change committed along with the next batch, which it does not bring about; a newer one of the same name replaces it."""
        with self._gate:
            self._riders[name] = commit

    def close(self) -> None:
        """Have the thread finish what was handed over, seal the WARC and close the index; closing again waits for the same."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        join(self._thread)

    # -- in the thread

    def _work(self, prepare: Callable[[Index], T], opened: queue.SimpleQueue[tuple[T | None, BaseException | None]]) -> None:
        index: Index | None = None
        try:
            index = self._index = Index.open(self._path / "index.db")
            result = prepare(index)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits for it
            if index is not None:
                index.close()
            self._refuse()
            opened.put((None, error))
            return
        opened.put((result, None))
        del opened, prepare
        try:
            self._serve()
            self._finish()
        except BaseException as error:  # noqa: BLE001 - kept in `broken`, which every caller is told
            self._fail(error)
        finally:
            self._refuse()
            index.close()

    def _serve(self) -> None:
        stopping = False
        while not stopping:
            batch: list[Job] = []
            job = self._jobs.get()
            while job is not None:
                batch.append(job)
                if len(batch) >= BATCH or self._jobs.empty():
                    break
                job = self._jobs.get()
            stopping = job is None
            self._round(batch)

    def _refuse(self) -> None:
        """Take no more jobs, and tell those that came too late."""
        with self._gate:
            self._closed = True
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None:
                self._tell(job, None, self.broken or WriteFailed(self._path, OSError(errno.EBADF, "the collection is closed")))

    def _round(self, batch: list[Job]) -> None:
        """Bring one batch to disk and tell each job's owner."""
        try:
            if self.broken:
                raise self.broken
            self._patiently(self._write, batch)
            self._patiently(self._commit, batch)
            for job in batch:
                if job.after is not None and job.error is None:
                    job.after(self._index)
        except BaseException as error:  # noqa: BLE001 - kept in `broken`, which every caller is told
            self._fail(error)
            for job in batch:
                self._tell(job, *self._anyway(job))
            return
        self.fresh.clear()
        for job in batch:
            self._tell(job, job.result, job.error)
        failpoint("acknowledge:after")

    def _fail(self, error: BaseException) -> None:
        """Remember that writing failed; what nobody foresaw is logged with its traceback."""
        if not isinstance(error, WriteFailed | OSError | sqlite3.Error):
            logger.critical("writer-fault path=%s", self._path, exc_info=error)
        if self.broken is None:
            self.broken = _write_failed(self._path, error)
        try:
            self._reserve.unlink(missing_ok=True)
        except OSError as kept:
            logger.warning("reserve-kept path=%s error=%s", self._reserve, kept)

    def _tell(self, job: Job, result: object, error: BaseException | None) -> None:
        """Tell a job's owner how it ended; a fault of the owner's own costs nobody else the answer."""
        try:
            job.done(result, error)
        except Exception:
            logger.exception("acknowledge-fault path=%s", self._path)

    def _anyway(self, job: Job) -> tuple[object, BaseException | None]:
        """How a job of a failed round ends: by the failure, unless its index part is to be tried all the same and succeeds."""
        if not job.anyway:
            return None, self.broken
        try:
            with self._index.atomic():
                return job.commit(self._index, job.written), None
        except Exception as error:  # noqa: BLE001 - the first failure is the one that counts
            logger.warning("commit-failed path=%s error=%r", self._path, error)
            return None, self.broken

    def _patiently(self, step: Callable[[list[Job]], None], batch: list[Job]) -> None:
        """Do a step; where the disk is full and nothing half done stands, do it again once somebody has made room."""
        while True:
            try:
                step(batch)
            except (WriteFailed, OSError, sqlite3.Error) as error:
                if not (_is_full(error) and self._writer.usable):
                    raise
                self._room.full()
                if not self._room.wait():
                    raise
            else:
                return

    def _write(self, batch: list[Job]) -> None:
        wrote = False
        for job in batch:
            if job.is_written:
                wrote = True
            elif job.write is not None and job.error is None:
                try:
                    job.written = job.write(self._writer, self._index)
                except (WriteFailed, OSError):
                    raise
                except Exception as error:
                    # A record that cannot be made is its owner's affair; a group is appended whole or not at all.
                    logger.exception("record-fault path=%s", self._path)
                    job.error = error
                else:
                    job.is_written = wrote = True
        if wrote:
            self._writer.sync()

    def _commit(self, batch: list[Job]) -> None:
        batch = [job for job in batch if job.error is None]
        failpoint("commit:before")
        try:
            with self._index.atomic():
                for job in batch:
                    job.result = job.commit(self._index, job.written)
                failpoint("commit:middle")
                for ride in self._taken_along():
                    ride(self._index)
                noted = self._note_sealed()
            del self._sealed[:noted]
        except Exception as error:
            if _is_fatal(error):
                raise
            logger.warning("commit-singly path=%s error=%r", self._path, error)
            self._commit_singly(batch)
        failpoint("commit:after")

    def _commit_singly(self, batch: list[Job]) -> None:
        """One job of the batch cannot be committed: do each by itself, so that only its owner hears of it."""
        for job in batch:
            try:
                with self._index.atomic():
                    job.result = job.commit(self._index, job.written)
            except Exception as error:
                if _is_fatal(error):
                    raise
                logger.exception("commit-fault path=%s", self._path)
                job.error = error

    def _taken_along(self) -> list[Callable[[Index], object]]:
        with self._gate:
            riders, self._riders = list(self._riders.values()), {}
        return riders

    def _note_sealed(self) -> int:
        """Add the rows of the files that were sealed; how many."""
        for file in self._sealed:
            self._index.add_warc(file.name, str(Path("archive") / file.name), bytes=file.bytes, sealed=file.sealed, sha256=file.sha256)
        return len(self._sealed)

    def _finish(self) -> None:
        """Seal the WARC and empty the index's log."""
        self._reserve.unlink(missing_ok=True)
        self._writer.close()
        if self.broken is None:
            # Else records may stand in it that were not committed: without its row it is looked through again at the next start.
            with self._index.atomic():
                self._note_sealed()
        empty_log(self._index)


def empty_log(index: Index) -> None:
    """Bring what stands in SQLite's write-ahead log into the index itself."""
    index.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


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
    if isinstance(error, OSError):
        return WriteFailed(path, error)
    told = str(error) if isinstance(error, sqlite3.Error) else f"a fault of ours: {type(error).__name__}: {error}; see the log"
    return WriteFailed(path, OSError(errno.EIO, told))


def _is_fatal(error: BaseException) -> bool:
    """Whether an error is the disk's or the file's, not that of what was to be written."""
    if isinstance(error, WriteFailed | OSError | sqlite3.OperationalError):
        return True
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _FATAL
