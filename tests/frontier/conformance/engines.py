"""Engines of the frontier under test: how each is opened, committed and killed.

A second engine adds a class with the methods of `Engine` and its name in `ENGINES`; no test changes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from attrs import evolve

from crawler.frontier.changes import mark_captured, queue_lost, reopen, save
from crawler.frontier.protocol import Frontier
from crawler.frontier.rows import FrontierRow
from crawler.frontier.run_scope import RunScope
from crawler.frontier.store import SqliteFrontier
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.items import Capture, Target
from crawler.jobs.held import HeldLanes

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Engine(Protocol):
    """One collection, its clock set by hand, its commits made when told to."""

    now: datetime
    run: int

    def open(self) -> Frontier:
        """Open the frontier for the present run."""

    def commit(self) -> None:
        """Commit what was changed."""

    def record(self, row: FrontierRow) -> None:
        """Commit a capture of a leased row."""

    def lose(self, row: FrontierRow) -> None:
        """Lose the WARC of a capture."""

    def kill(self) -> None:
        """End the process: what is not committed is gone."""

    def begin(self, *, due: bool = False) -> Frontier:
        """Begin another run."""


class SqliteEngine:
    """Table `frontier` of one `index.db`."""

    def __init__(self, folder: Path) -> None:
        self._index, self.now = Index.open(folder / "index.db"), START
        self._changes: list[tuple[Callable[[sqlite3.Connection], None], Callable[[], None]]] = []
        self.run = self._index.start_run("demo", {}, START)
        self._open: list[SqliteFrontier] = []

    def scope(self) -> RunScope | None:
        """The rows of the present run; None for all."""
        return None

    def open(self) -> Frontier:
        frontier = SqliteFrontier(
            self._index.path, submit=lambda *some: self._changes.append(some), run_id=self.run, clock=lambda: self.now, scope=self.scope()
        )
        self._open.append(frontier)
        return frontier

    def commit(self) -> None:
        with self._index.atomic():
            for change, _ in self._changes:
                change(self._index.conn)
        for _, committed in self._changes:
            committed()
        self._changes = []

    def record(self, row: FrontierRow) -> None:
        self.commit()
        capture = Capture(
            target=row.target, record_id=row.record_id or "", host="a.example", date=self.now, warc="w.warc.gz", offset=0, length=1, status=200
        )
        with self._index.atomic():
            self._index.add_capture(capture)
            mark_captured(self._index.conn, row.key, capture.record_id)

    def lose(self, row: FrontierRow) -> None:
        with self._index.atomic():
            self._index.mark_lost(row.record_id or "")
            queue_lost(self._index.conn, row.record_id or "")

    def kill(self) -> None:
        self._changes = []
        for frontier in self._open:
            frontier.close()
        self._open = []

    def begin(self, *, due: bool = False) -> Frontier:
        with self._index.atomic():
            self.run = self._index.start_run("demo", {}, self.now)
            reopen(self._index.conn, run_id=self.run, now=self.now, due=due, scope=self.scope())
        return self.open()


class ScopedEngine(SqliteEngine):
    """The rows of one site, among those of another that is under way in every state."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.seconds = 0.0
        self.held = HeldLanes(clock=lambda: self.seconds)
        self.held.take("demo", token=1, deadline=100.0)
        with self._index.atomic():
            for n, state in enumerate(("queued", "leased", "captured", "done", "failed", "refused") * 2):
                target = Target(key=f"other/{n}", url=f"https://a.example/o{n}", site="other", role="story", story=f"other/{n}")
                other = FrontierRow(target=target, state=state, due=iso(START), added=iso(START), lane="other", job="j", priority=99)  # type: ignore[arg-type]
                save(self._index.conn, evolve(other, run_id=self.run))
        self._others = self._rows_of_others()

    def scope(self) -> RunScope:
        return RunScope.of_site("demo", job="j", held=self.held)

    def kill(self) -> None:
        super().kill()
        assert self._rows_of_others() == self._others

    def _rows_of_others(self) -> list[tuple[object, ...]]:
        return self._index.conn.execute("SELECT * FROM frontier WHERE site = 'other' ORDER BY key").fetchall()


ENGINES: dict[str, Callable[[Path], Engine]] = {"sqlite": SqliteEngine, "scoped": ScopedEngine}
