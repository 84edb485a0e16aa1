"""Writer thread of a collection: batches of jobs, one fsync and transaction each.

The thread opens the SQLite connection, uses it alone and closes it: SQLite refuses it in any other thread. Every job gets its result
or an error, also after a failure or after the end.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from crawler.collection.job_queue import JobQueue
from crawler.collection.jobs import Job, Payloads, SealJob, commit_together, empty_log
from crawler.disk.disk_space import DiskSpace
from crawler.disk.write_errors import closed, is_disk_full, is_fatal, write_failed
from crawler.errors import WriteFailed
from crawler.failpoints import failpoint
from crawler.index.index import Index
from crawler.interrupts import join, wait_for
from crawler.warc.writer import Sealed, WarcWriter

logger = logging.getLogger(__name__)

T = TypeVar("T")


class WriterThread:
    """Do jobs in the order in which they are submitted, in batches.

    A batch: append to the WARC, fdatasync, one SQLite transaction (synchronous=FULL), tell the results.

    Args:
        path: Of the collection.
        sealed: Files that `writer` has sealed and that have no row yet; `writer.on_seal` adds to it.
        reserve: A file that is deleted when writing has failed, so that there is room to seal the WARC.
    """

    def __init__(self, path: Path, *, writer: WarcWriter, sealed: list[Sealed], disk: DiskSpace, reserve: Path) -> None:
        self.broken: WriteFailed | None = None
        """Set when writing failed: nothing more is written, every later job gets this error."""
        self.after_batch: Callable[[], None] = lambda: None
        """Called in the thread when all jobs of a batch have been told."""
        self.after_seal: Callable[[], None] = lambda: None
        """Called in the thread when the rows of sealed files are committed."""
        self._path, self._writer, self._sealed, self._disk, self._reserve = path, writer, sealed, disk, reserve
        self._uncommitted: Payloads = {}
        self._jobs = JobQueue()
        self._jobs.overdue = lambda: [SealJob()] if writer.is_old and self.broken is None else []
        self._gate = threading.Lock()
        self._companions: dict[str, Callable[[Index], object]] = {}
        self._index: Index
        self._thread: threading.Thread

    # -- in any thread

    def start(self, prepare: Callable[[Index], T]) -> T:
        """Start the thread, open the index in it, and return the result of `prepare`.

        Raises:
            Whatever opening or preparing raises; the thread has ended then.
        """
        prepared: Future[T] = Future()
        self._thread = threading.Thread(target=self._run, args=(prepare, prepared), name=f"writer of {self._path.name}", daemon=True)
        self._thread.start()
        try:
            return wait_for(prepared)
        except KeyboardInterrupt:
            # It goes on until recovery is done, and ends; the caller does not wait for that.
            self._jobs.close()
            raise

    def submit(self, job: Job[Any], *, patient: bool = False) -> None:
        """Hand a job over; its future is settled whatever happens.

        Args:
            patient: It may wait a little for another job, to be committed along with it, and before it.
        """
        if not self._jobs.put(job, patient=patient):
            self._refuse(job)

    def commit_along(self, name: str, change: Callable[[Index], object]) -> None:
        """Commit a change with the next batch; a newer change of that name replaces it."""
        with self._gate:
            self._companions[name] = change

    def close(self) -> None:
        """Finish all jobs, seal the WARC and close the index; may be called again."""
        self._jobs.close()
        join(self._thread)

    # -- in the thread

    def _run(self, prepare: Callable[[Index], T], prepared: Future[T]) -> None:
        index: Index | None = None
        try:
            index = self._index = Index.open(self._path / "index.db")
            result = prepare(index)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits for it
            if index is not None:
                index.close()
            self._refuse_all()
            prepared.set_exception(error)
            return
        prepared.set_result(result)
        del prepared, prepare
        try:
            self._serve()
            self._finish()
        except BaseException as error:  # noqa: BLE001 - kept in `broken`, which every caller gets
            self._fail(error)
        finally:
            self._refuse_all()
            index.close()

    def _serve(self) -> None:
        """Do batches until the end is asked for."""
        stopping = False
        while not stopping:
            batch, stopping = self._jobs.batch()
            self._do(batch)

    def _do(self, batch: list[Job[Any]]) -> None:
        """Bring one batch to disk and tell each job."""
        try:
            if self.broken:
                raise self.broken
            self._with_room(self._write, batch)
            self._with_room(self._commit, batch)
            for job in batch:
                if job.error is None:
                    job.after(self._index)
        except BaseException as error:  # noqa: BLE001 - kept in `broken`, which every caller gets
            broken = self._fail(error)
            for job in batch:
                self._after_failure(job, broken)
        else:
            self._uncommitted.clear()
        for job in batch:
            job.tell()
        self.after_batch()
        if self.broken is None:
            failpoint("acknowledge:after")

    def _with_room(self, step: Callable[[list[Job[Any]]], None], batch: list[Job[Any]]) -> None:
        """Do a step, again after a wait for room if the disk is full."""
        while True:
            try:
                step(batch)
            except (WriteFailed, OSError, sqlite3.Error) as error:
                if not (is_disk_full(error) and self._writer.usable):
                    raise
                self._disk.note_full()
                if not self._disk.wait():
                    raise
            else:
                return

    def _write(self, batch: list[Job[Any]]) -> None:
        """Do the WARC parts that are not done yet, and one fdatasync for all."""
        appended = any(job.is_written for job in batch)
        for job in batch:
            if job.is_written or job.error is not None:
                continue
            try:
                appended |= job.write(self._writer, self._index, self._uncommitted)
            except (WriteFailed, OSError):
                raise
            except Exception as error:
                # Only this record cannot be made: a group of records is appended whole or not at all.
                logger.exception("record-fault path=%s", self._path)
                job.error = error
            else:
                job.is_written = True
        if appended:
            self._writer.sync()

    def _commit(self, batch: list[Job[Any]]) -> None:
        """Do the index parts, companions and rows of sealed files in one transaction."""
        batch = [job for job in batch if job.error is None]
        failpoint("commit:before")
        try:
            with self._index.atomic():
                commit_together(batch, self._index)
                failpoint("commit:middle")
                for change in self._take_companions():
                    change(self._index)
                noted = self._note_sealed()
            if noted:
                del self._sealed[:noted]
                self.after_seal()
        except Exception as error:
            if is_fatal(error):
                raise
            logger.warning("commit-singly path=%s error=%r", self._path, error)
            self._commit_singly(batch)
        failpoint("commit:after")

    def _commit_singly(self, batch: list[Job[Any]]) -> None:
        """Commit each job of a batch alone, so that a fault stays its own."""
        for job in batch:
            try:
                with self._index.atomic():
                    job.result = job.commit(self._index)
            except Exception as error:
                if is_fatal(error):
                    raise
                logger.exception("commit-fault path=%s", self._path)
                job.error = error

    def _take_companions(self) -> list[Callable[[Index], object]]:
        with self._gate:
            companions, self._companions = list(self._companions.values()), {}
        return companions

    def _note_sealed(self) -> int:
        """Add the rows of sealed files; their number."""
        for file in self._sealed:
            self._index.add_warc(file.name, str(Path("archive") / file.name), bytes=file.bytes, sealed=file.sealed, sha256=file.sha256)
        return len(self._sealed)

    def _finish(self) -> None:
        """Seal the WARC and empty the log of the index."""
        self._reserve.unlink(missing_ok=True)
        self._writer.close()
        if self.broken is None:
            # Else records may stand in it that were not committed: without its row, the next start scans it again.
            with self._index.atomic():
                noted = self._note_sealed()
            if noted:
                self.after_seal()
            self._index.tidy()
        empty_log(self._index)

    # -- failures

    def _fail(self, error: BaseException) -> WriteFailed:
        """Remember that writing failed, and delete the reserve; log an unforeseen error."""
        if not isinstance(error, WriteFailed | OSError | sqlite3.Error):
            logger.critical("writer-fault path=%s", self._path, exc_info=error)
        if self.broken is None:
            self.broken = write_failed(self._path, error)
        try:
            self._reserve.unlink(missing_ok=True)
        except OSError as kept:
            logger.warning("reserve-kept path=%s error=%s", self._reserve, kept)
        return self.broken

    def _after_failure(self, job: Job[Any], broken: WriteFailed) -> None:
        """End a job of a failed batch, by the failure or its index part."""
        job.error = broken
        if job.tries_after_failure:
            try:
                with self._index.atomic():
                    job.result = job.commit(self._index)
            except Exception as error:  # noqa: BLE001 - the first failure is the one that counts
                logger.warning("commit-failed path=%s error=%r", self._path, error)
            else:
                job.error = None

    def _refuse(self, job: Job[Any]) -> None:
        job.error = self.broken or closed(self._path)
        job.tell()
        self.after_batch()

    def _refuse_all(self) -> None:
        """Accept no more jobs, and tell those that came too late."""
        for job in self._jobs.rest():
            self._refuse(job)
