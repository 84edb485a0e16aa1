"""File `jobs.db`: transactions, and the lock of the worker that works on it."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from crawler import clock
from crawler.errors import CollectionLocked, WriteFailed
from crawler.jobs.rows import iso
from crawler.jobs.sqlite_schema import connect, in_words

LOOKS = 10
"""A lock that is refused is asked for so many times: `workers()` of another process takes it for an instant."""


class JobFile:
    """Connection of one process, for any of its threads."""

    def __init__(
        self, path: Path | None, *, now: Callable[[], datetime] = clock.now, ticks: Callable[[], float] = monotonic
    ) -> None:  # fmt: skip
        """Open the store; None for an empty one that is kept nowhere."""
        self.path = path or Path("jobs.db")
        self._conn, self._now, self._ticks = connect(path), now, ticks
        self._lock_path = path.with_name("jobs.lock") if path else None
        self._mutex = threading.RLock()
        self._held: dict[tuple[str, str], int] = {}
        self._lock: int | None = None

    @contextmanager
    def _look(self) -> Iterator[sqlite3.Connection]:
        """Read, from one thread at a time."""
        with self._mutex, in_words(self.path):
            yield self._conn

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Change all that is changed within, or nothing; on disk when it returns."""
        with self._mutex, in_words(self.path):
            self._conn.execute("BEGIN IMMEDIATE")
            try:
                yield self._conn
                self._conn.execute("COMMIT")
            except BaseException:
                if self._conn.in_transaction:
                    self._conn.execute("ROLLBACK")
                raise

    def _moment(self) -> dict[str, Any]:
        return {"now": iso(self._now()), "ticks": self._ticks()}

    # -- the one worker

    def _take_lock(self, worker: str) -> None:
        """Be the worker of this store; what the last one held is free then.

        Raises:
            CollectionLocked: Another process is.
        """
        if self._lock is not None or self._lock_path is None:
            return
        for left in range(LOOKS - 1, -1, -1):
            fd = self._locked()
            if fd is not None:
                break
            if not left:
                raise CollectionLocked(self.path, self._holder())
            sleep(0.05)
        assert fd is not None
        os.truncate(fd, 0)
        os.pwrite(fd, json.dumps({"worker": worker, "process": os.getpid()}).encode(), 0)
        self._lock = fd
        with self._change() as conn:
            self._recover(conn)

    def _locked(self) -> int | None:
        """Return an open file with the lock, or None if another process has it."""
        assert self._lock_path is not None
        try:
            fd = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise WriteFailed(self._lock_path, error) from error
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            return None
        return fd

    def _holder(self) -> str:
        told = self._told()
        return f"worker {told['worker']} (process {told['process']})" if told else "a worker"

    def _told(self) -> dict[str, Any]:
        """Read the lock's file: the worker that has or had it."""
        try:
            told = json.loads(self._lock_path.read_text()) if self._lock_path else {}
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) and {"worker", "process"} <= told.keys() else {}

    def _alive(self) -> str | None:
        """Name the worker that works on this store now."""
        if self._lock is None:
            fd = self._locked() if self._lock_path and self._lock_path.exists() else -1
            if fd is not None:
                if fd >= 0:
                    os.close(fd)
                return None
        return str(self._told().get("worker", ""))

    def _recover(self, conn: sqlite3.Connection) -> int:
        """Free the lanes of a dead worker; return how many entries wait again."""
        conn.execute("UPDATE lanes SET owner = NULL, released = ? WHERE owner IS NOT NULL", (self._ticks(),))
        conn.execute("UPDATE parts SET ended = ?, reason = 'the worker died' WHERE ended IS NULL", (iso(self._now()),))
        return self._run_again(conn, "1")

    def _run_again(self, conn: sqlite3.Connection, which: str, *values: str) -> int:
        now = iso(self._now())
        changed = conn.execute(
            f"UPDATE entries SET state = 'waiting', since = ?, due = ?, more = 0 WHERE state = 'running' AND {which}", (now, now, *values)
        )
        return changed.rowcount

    def close(self) -> None:
        """Close the file and let go of the lock."""
        with self._mutex:
            self._conn.close()
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None
