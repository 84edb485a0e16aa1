"""One connection to the shared database, opened again when it was lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from crawler import clock
from crawler.cluster.address import Address
from crawler.cluster.watch import Watch
from crawler.errors import SetupError, Unreachable

if TYPE_CHECKING:
    import psycopg

logger = logging.getLogger(__name__)

T = TypeVar("T")
Row = tuple[Any, ...]
SCHEMA = "news_archive"
_LIKE_CLOCKS = timedelta(seconds=5)
_MEASURED_EVERY = 30.0
_IN_SESSION = f"SET search_path = {SCHEMA}; SET idle_in_transaction_session_timeout = '10s'; SET lock_timeout = '20s'; SET timezone = 'UTC'"
ANSWER_SECONDS = 60.0
"""For which the answer to a statement is waited for."""
BY_INDEX = "; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off"
"""For statements that look up few rows of a large table, whatever its statistics said when they were planned."""


class Database:
    """A connection that threads use in turn.

    Statements are transactions of their own, and safe to be sent twice: one that may have been lost is sent again over a new connection.
    """

    def __init__(self, address: Address, *, session: str = "") -> None:
        self.address = address
        self._session = _IN_SESSION + session
        self._lock = threading.RLock()
        self._conn: psycopg.Connection[Row] | None = None
        self._measured: tuple[float, timedelta] | None = None
        self.watch = Watch(ANSWER_SECONDS)

    def rows(self, sql: str, arguments: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and return its rows."""
        return self.run(lambda conn: _fetched(conn.execute(sql, arguments)))

    def run(self, work: Callable[[psycopg.Connection[Row]], T], *, patient: bool = False) -> T:
        """Do something with the connection; once more if it had died unnoticed.

        Args:
            patient: It may take as long as it wants; else 60 seconds.

        Raises:
            Unreachable: The server cannot be reached, ended the connection twice, or answers nothing.
            SetupError: It refuses what it is asked for (no right to a table, no such table).
        """
        import psycopg

        with self._lock:
            known = self._conn is not None and not self._conn.closed
            try:
                return self._done(work, patient)
            except psycopg.OperationalError as error:
                self._forget()
                if not known or self.watch.fired or isinstance(error, psycopg.errors.LockNotAvailable):
                    raise self._unreachable(error) from error
            except psycopg.Error as error:
                raise self._refused(error) from error
            try:
                return self._done(work, patient)
            except psycopg.OperationalError as error:
                self._forget()
                raise self._unreachable(error) from error
            except psycopg.Error as error:
                raise self._refused(error) from error

    def _done(self, work: Callable[[psycopg.Connection[Row]], T], patient: bool) -> T:
        self.watch.fired = False
        conn = self.connection()
        with nullcontext() if patient else self.watch.over(conn):
            return work(conn)

    @contextmanager
    def reading(self) -> Iterator[psycopg.Connection[Row]]:
        """Hold the connection for a longer read, in one transaction.

        Who reads says by `watch.answered` that rows come.
        """
        import psycopg

        with self._lock:
            try:
                self.rows("SELECT 1")
                with self.watch.over(conn := self.connection()), conn.transaction():
                    conn.execute("SET LOCAL idle_in_transaction_session_timeout = '120s'")
                    yield conn
            except psycopg.OperationalError as error:
                self._forget()
                raise self._unreachable(error) from error
            except psycopg.Error as error:
                raise self._refused(error) from error

    def connection(self) -> psycopg.Connection[Row]:
        """Return the open connection, or open one."""
        import psycopg

        if self._conn is None or self._conn.closed:
            conn = psycopg.connect(self.address.conninfo(), autocommit=True)
            try:
                with self.watch.over(conn):
                    conn.execute(self._session)
            except psycopg.Error:
                conn.close()
                raise
            self._conn = conn
        return self._conn

    def ahead(self) -> timedelta:
        """The server's clock less this machine's, rounded; 0 within 5 seconds."""
        if self._measured is None or monotonic() > self._measured[0] + _MEASURED_EVERY:
            away = self.rows("SELECT clock_timestamp()")[0][0] - clock.now()
            whole = timedelta(seconds=round(away.total_seconds()))
            self._measured = monotonic(), whole if abs(whole) > _LIKE_CLOCKS else timedelta(0)
        return self._measured[1]

    def close(self) -> None:
        """Close the connection; the next statement opens another."""
        with self._lock:
            self._forget()
            self.watch.close()

    def _forget(self) -> None:
        if self._conn is not None:
            self._conn.close()
        self._conn = None

    def _unreachable(self, error: Exception) -> Unreachable:
        if self.watch.fired:
            return Unreachable(self.address.shown, f"no answer in {self.watch.seconds:g} seconds")
        return Unreachable(self.address.shown, self.address.cleaned(str(error)) or type(error).__name__)

    def _refused(self, error: Exception) -> SetupError:
        return SetupError(f"{self.address.shown}: {self.address.cleaned(str(error))}")


def _fetched(cursor: psycopg.Cursor[Row]) -> list[Row]:
    return cursor.fetchall() if cursor.description else []
