"""Jobs for the writer thread: a WARC part, an index part, and a result."""

from __future__ import annotations

import logging
import sqlite3
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from crawler.collection.ingest import add_capture, failure_of
from crawler.frontier.changes import RowChanges, mark_captured
from crawler.index.index import Index
from crawler.items import Capture, Exchange, Failure, LeasedRequest, Lookup
from crawler.warc.writer import WarcWriter

logger = logging.getLogger(__name__)
T = TypeVar("T")
Lookups = deque[Lookup]
Payloads = dict[str, Capture]
"""By payload digest: captures written in this batch, not yet committed."""


class Job(ABC, Generic[T]):
    """Unit of work for the writer thread.

    Both parts may be done again where the disk was full; the WARC part only if it has raised.
    """

    tries_after_failure = False
    """Try the index part although a write has failed before: for rows about the failure."""

    def __init__(self) -> None:
        self.on_end: Callable[[], None] | None = None
        """Called in the writer thread when `result` or `error` is set; its faults are logged."""
        self._future: Future[T] | None = None
        self.error: BaseException | None = None
        """A fault of this job alone."""
        self.is_written = False
        """The WARC part is done."""
        self.result: T

    def write(self, writer: WarcWriter, index: Index, uncommitted: Payloads) -> bool:
        """Append to the WARC; whether anything was appended."""
        return False

    @abstractmethod
    def commit(self, index: Index) -> T:
        """Change the index, inside the transaction of the batch."""

    def after(self, index: Index) -> None:
        """Follow the transaction, outside of any."""

    @property
    def future(self) -> Future[T]:
        """A future of the result, to be asked for before the job is handed over."""
        if self._future is None:
            self._future = Future()
        return self._future

    def tell(self) -> None:
        """Tell the one who waits that the job has ended."""
        if self._future is not None:
            if self.error is not None:
                self._future.set_exception(self.error)
            else:
                self._future.set_result(self.result)
        # Let go of: it mostly refers to this job, and such a circle would wait for the garbage collector with all that the job holds.
        on_end, self.on_end = self.on_end, None
        if on_end is not None:
            try:
                on_end()
            except Exception:
                # A fault of ours in one caller's code; the batch is on disk, and the others of it must be told.
                logger.exception("job-untold job=%s", type(self).__name__)


class Change(Job[T]):
    """A change of the index alone."""

    def __init__(self, change: Callable[[Index], T], *, tries_after_failure: bool = False) -> None:
        super().__init__()
        self._change = change
        self.tries_after_failure = tries_after_failure

    def commit(self, index: Index) -> T:
        """Make the change."""
        return self._change(index)


class FrontierJob(Job[None]):
    """Change the frontier."""

    def __init__(self, change: Callable[[sqlite3.Connection], None]) -> None:
        super().__init__()
        self.change = change

    def commit(self, index: Index) -> None:
        """Make the change."""
        self.change(index.conn)


def commit_together(jobs: Iterable[Job[Any]], index: Index) -> None:
    """Make the changes of a batch, changed rows of the frontier first."""
    rows = RowChanges({})
    # That order is theirs anyway: a row changes again only when its record is acknowledged, and the record then marks it.
    others = [job for job in jobs if not (isinstance(job, FrontierJob) and rows.then(job.change))]
    rows(index.conn)
    for job in others:
        job.result = job.commit(index)


class RecordJob(Job[Capture]):
    """Write an exchange to the WARC, and its capture to the index.

    Args:
        lookups: Names looked up meanwhile, written before the exchange.
        reason: Why the exchange is no usable answer, if that is known already (cut off, malformed).
    """

    def __init__(
        self, exchange: Exchange, lease: LeasedRequest, *, lookups: Lookups, run_id: int | None, reason: str | None, detail: str
    ) -> None:  # fmt: skip
        super().__init__()
        self._exchange, self._lease, self._lookups, self._run_id = exchange, lease, lookups, run_id
        self._reason, self._detail = reason, detail
        self._capture: Capture

    def write(self, writer: WarcWriter, index: Index, uncommitted: Payloads) -> bool:
        """Append the records of the exchange, as a revisit if its payload is known."""
        _write_lookups(self._lookups, writer)
        digests = writer.digests(self._exchange)
        self._capture = capture = writer.write_exchange(
            self._exchange, self._lease, original=self._original(index, digests.sha1, uncommitted), payload=digests,
            reason=self._reason, detail=self._detail,
        )  # fmt: skip
        if capture.payload_digest and capture.revisit_of is None and not capture.truncated and capture.via is None:
            uncommitted.setdefault(capture.payload_digest, capture)
        return True

    def commit(self, index: Index) -> Capture:
        """Add the capture, its failure if there is one, and the state of its request."""
        capture, run_id = self._capture, self._run_id
        add_capture(index, capture, run_id=run_id)
        if self._reason:
            size = len(self._exchange.response)
            index.add_failure(failure_of(self._lease, capture, self._reason, self._detail, size=size), run_id=run_id)
            if not capture.is_cut:
                # As a reader of the WARC has it; what was cut off is yet to be parsed.
                index.set_read_state(capture.record_id, "unreadable")
        if capture.via is None:
            mark_captured(index.conn, self._lease.key, capture.record_id)
        return capture

    def _original(self, index: Index, digest: str, uncommitted: Payloads) -> Capture | None:
        """The earlier capture that this exchange repeats, if there is one."""
        exchange = self._exchange
        # A copy from a web archive stands for itself: a revisit would tie what the host sent to an archive's word, or the other way round.
        if exchange.truncated or self._lease.original is not None:
            return None
        if exchange.status == 304:
            return index.capture(self._lease.validates) if self._lease.validates else None
        if not len(exchange.payload):
            return None
        return uncommitted.get(digest) or index.capture_of_payload(digest)


class FailureJob(Job[None]):
    """Write an attempt without a byte: a metadata record and a row of `failures`."""

    def __init__(self, failure: Failure, *, lookups: Lookups, run_id: int | None) -> None:
        super().__init__()
        self._failure, self._lookups, self._run_id = failure, lookups, run_id

    def write(self, writer: WarcWriter, index: Index, uncommitted: Payloads) -> bool:
        """Append the metadata record."""
        _write_lookups(self._lookups, writer)
        writer.write_failure(self._failure)
        return True

    def commit(self, index: Index) -> None:
        """Add the row."""
        index.add_failure(self._failure, run_id=self._run_id)


class SealJob(Job[None]):
    """Seal the WARC, and empty the write-ahead log of the index."""

    def write(self, writer: WarcWriter, index: Index, uncommitted: Payloads) -> bool:
        """Seal the WARC."""
        writer.seal()
        return True

    def commit(self, index: Index) -> None:
        """Leave the index as it is: the thread itself adds the rows of sealed files."""

    def after(self, index: Index) -> None:
        """Empty the log."""
        empty_log(index)


def empty_log(index: Index) -> None:
    """Bring SQLite's write-ahead log into the index file itself."""
    index.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _write_lookups(lookups: Lookups, writer: WarcWriter) -> None:
    while lookups:
        # It leaves the queue once it is written: a full disk is waited for, and then this is done again.
        writer.write_lookup(lookups[0])
        lookups.popleft()
