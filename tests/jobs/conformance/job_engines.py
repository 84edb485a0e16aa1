"""Engines of the job store under test: how each is opened, and how time passes for it.

A second engine adds a class with the methods of `Engine` and its name in `ENGINES`; no test changes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from crawler.cluster.store import PgJobStore
from crawler.jobs.protocol import JobStore
from crawler.jobs.sqlite_store import SqliteJobStore

START = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


class Engine(Protocol):
    """One job store, and processes that use it."""

    @property
    def now(self) -> datetime:
        """The time, as the store sees it."""

    def open(self) -> JobStore:
        """Start a process that works: after `die`, on the embedded engine, the next; else one more."""

    def another(self) -> JobStore:
        """Connect as a second worker of another name; on the embedded engine a thread of the same process."""

    def visit(self) -> JobStore:
        """Start a process that does not work: it enqueues and looks."""

    def wait(self, seconds: float) -> None:
        """Let seconds pass, for deadlines, delays and what is due."""

    def die(self, store: JobStore) -> None:
        """Stop a working process for so long that its lanes are free; its connection can be used still, by then too late."""

    def close(self) -> None:
        """Close everything."""


class SqliteEngine:
    """`jobs.db` in a folder."""

    def __init__(self, folder: Path) -> None:
        self._path, self._passed = folder / "jobs.db", 0.0
        self.shift = 0.0
        self._open: list[SqliteJobStore] = []

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self._passed + self.shift)

    def visit(self) -> SqliteJobStore:
        self._open.append(SqliteJobStore(self._path, now=lambda: self.now, ticks=lambda: 1000.0 + self._passed))
        return self._open[-1]

    open = visit

    def another(self) -> SqliteJobStore:
        return self._open[-1]

    def wait(self, seconds: float) -> None:
        self._passed += seconds

    def die(self, store: JobStore) -> None:
        assert isinstance(store, SqliteJobStore)
        assert store._lock is not None
        os.close(store._lock)
        store._lock = None

    def close(self) -> None:
        for store in self._open:
            store.close()


class PostgresEngine:
    """A database; time passes by moving what stands in it into the past."""

    def __init__(self, address: str) -> None:
        self._address, self.now = address, datetime.now(UTC)
        self._open: list[PgJobStore] = []

    def visit(self) -> PgJobStore:
        self._open.append(PgJobStore.open(self._address, by_server=False))
        self.now = datetime.now(UTC)
        return self._open[-1]

    open = another = visit

    def wait(self, seconds: float) -> None:
        past = "- make_interval(secs => %s)"
        self._run(f"UPDATE news_archive.lanes SET until = until {past}, next_due = next_due {past}", seconds, seconds)
        self._run(f"UPDATE news_archive.entries SET due = due {past}", seconds)
        self.now = datetime.now(UTC)

    def die(self, store: JobStore) -> None:
        self._run("UPDATE news_archive.lanes SET until = until - interval '1 day' WHERE owner IS NOT NULL")

    def close(self) -> None:
        for store in self._open:
            store.close()

    def _run(self, sql: str, *arguments: float) -> None:
        with psycopg.connect(self._address) as db:
            db.execute(sql, arguments)


def _postgres(request: pytest.FixtureRequest, folder: Path) -> Engine:
    return PostgresEngine(request.getfixturevalue("database"))


ENGINES: dict[str, Callable[[pytest.FixtureRequest, Path], Engine]] = {"sqlite": lambda _, folder: SqliteEngine(folder), "postgres": _postgres}
PARAMETERS = [pytest.param(name, marks=pytest.mark.outer if name == "postgres" else ()) for name in sorted(ENGINES)]
