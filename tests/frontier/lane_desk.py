"""A frontier whose writer commits when told to, and whose clock is set by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crawler.frontier.store import SqliteFrontier
from crawler.index.index import Index

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
Work = tuple[Callable[[sqlite3.Connection], None], Callable[[], None]]


class Desk:
    """An index whose writer commits when told to, and a clock that is set by hand."""

    def __init__(self, path: Path) -> None:
        self.index, self.now, self.waiting = Index.open(path), START, list[Work]()
        self.run = self.index.start_run("web", {}, START)
        self.frontier = self.open()

    def open(self) -> SqliteFrontier:
        return SqliteFrontier(self.index.path, submit=lambda *work: self.waiting.append(work), run_id=self.run, clock=lambda: self.now)

    def commit(self, most: int = 10**9) -> None:
        some, self.waiting = self.waiting[:most], self.waiting[most:]
        with self.index.atomic():
            for job, _ in some:
                job(self.index.conn)
        for _, committed in some:
            committed()


@contextmanager
def queries(frontier: SqliteFrontier) -> Iterator[list[str]]:
    """List the statements that a frontier asks its table meanwhile."""
    statements: list[str] = []
    frontier._table.db.set_trace_callback(statements.append)
    yield statements
    frontier._table.db.set_trace_callback(None)
