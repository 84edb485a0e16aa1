"""Engines of the frontier under test: how each is opened, committed and killed.

A second engine adds a class with the methods of `Engine` and its name in `ENGINES`; no test changes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest
from attrs import evolve
from postgres import PostgresServer

from crawler.cluster.shard import SharedRows
from crawler.cluster.store import PgJobStore
from crawler.frontier.changes import mark_captured, queue_lost, reopen, save
from crawler.frontier.protocol import Frontier
from crawler.frontier.rows import FrontierRow
from crawler.frontier.run_scope import RunScope
from crawler.frontier.store import SqliteFrontier
from crawler.index.index import Index
from crawler.index.rows import iso
from crawler.items import Capture, Target
from crawler.jobs.held import HeldLanes
from crawler.jobs.rows import Job
from crawler.outbox.noted import LOCAL, install

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

    def beside(self, folder: Path) -> Engine:
        """Make another collection of this kind."""


class SqliteEngine:
    """Table `frontier` of one `index.db`."""

    def __init__(self, folder: Path) -> None:
        self._index, self.now = Index.open(folder / "index.db"), START
        self._changes: list[tuple[Callable[[sqlite3.Connection], None], Callable[[], None]]] = []
        self.run = self._index.start_run("demo", {}, START)
        self._open: list[SqliteFrontier] = []

    def beside(self, folder: Path) -> SqliteEngine:
        return type(self)(folder)

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
        return RunScope.of_site("demo", job=f"j{self.run}", held=self.held)

    def kill(self) -> None:
        super().kill()
        assert self._rows_of_others() == self._others

    def _rows_of_others(self) -> list[tuple[object, ...]]:
        return self._index.conn.execute("SELECT * FROM frontier WHERE site = 'other' ORDER BY key").fetchall()


class SharedEngine(SqliteEngine):
    """A working copy whose changes PostgreSQL is told of after each commit; what it was told is what the copy says."""

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        super().__init__(folder)
        self._server, self._others = server, list[SharedEngine]()
        self.name, self.broken, self.held = "w1", None, HeldLanes()
        self._store = PgJobStore.open(server.new_database(), by_server=False)
        self._store.enqueue(Job(id="1" * 32, site="demo", created=datetime.now(UTC), lanes=("demo",)))
        (claim,) = self._store.claim(self.name, 1, lease=600)
        self.held.take("demo", token=claim.token, deadline=claim.deadline)
        self._rows = SharedRows(self._store, _WriterOf(self), self.held)  # type: ignore[arg-type]
        self._rows.take(claim)
        install(self._index.conn)

    def scope(self) -> RunScope:
        return RunScope.of_site("demo", job=f"j{self.run}", held=self.held)

    def now_(self, change: Callable[[Index], Any]) -> Any:
        with self._index.atomic():
            return change(self._index)

    def commit(self) -> None:
        super().commit()
        self._tell()

    def record(self, row: FrontierRow) -> None:
        super().record(row)
        self._tell()

    def lose(self, row: FrontierRow) -> None:
        super().lose(row)
        self._tell()

    def kill(self) -> None:
        super().kill()
        self.check()

    def begin(self, *, due: bool = False) -> Frontier:
        begun = super().begin(due=due)
        self._tell()
        self.check()
        return begun

    def beside(self, folder: Path) -> SharedEngine:
        self._others.append(SharedEngine(folder, self._server))
        return self._others[-1]

    def close(self) -> None:
        self.check()
        self._store.close()
        for other in self._others:
            other.close()

    def _tell(self) -> None:
        while self._rows._round(self._index):
            pass
        self._rows._forget_told()
        assert self._rows.refused == 0

    def check(self) -> None:
        """Hold that the database and the working copy say the same, and that another worker would take over just that."""
        shared = {row.key: row for row in self._store.pull("demo")}
        cursor = self._index.conn.cursor()
        cursor.row_factory = sqlite3.Row
        here = {row["key"]: dict(row) for row in cursor.execute("SELECT * FROM frontier")}
        # A lease alone is told to nobody: the row of a request that was added and leased in one commit is new to the database when it ends.
        assert set(here) - set(shared) <= {key for key, row in here.items() if row["state"] in ("leased", "captured")}
        assert set(shared) <= set(here)
        for key, row in shared.items():
            mine = here[key]
            flying = mine["state"] in ("leased", "captured")
            assert row.state == ("queued" if flying else mine["state"])
            if not flying:
                told = {**row.columns, "key": key, "lane": row.lane, "job": row.job, "state": row.state, "due": row.due, "priority": row.priority}
                apart = LOCAL | {name for name, value in mine.items() if value in (None, "[]")}
                assert {name: value for name, value in told.items() if name not in apart} == {n: v for n, v in mine.items() if n not in apart}


class _WriterOf:
    """What the rows need of a collection, in this thread."""

    def __init__(self, engine: SharedEngine) -> None:
        self.name, self.broken, self._engine = engine.name, None, engine

    def now(self, change: Callable[[Index], Any]) -> Any:
        return self._engine.now_(change)


def _shared(request: pytest.FixtureRequest, folder: Path) -> Engine:
    engine = SharedEngine(folder, request.getfixturevalue("postgres"))
    request.addfinalizer(engine.close)
    return engine


ENGINES: dict[str, Callable[[pytest.FixtureRequest, Path], Engine]] = {
    "sqlite": lambda _, folder: SqliteEngine(folder), "scoped": lambda _, folder: ScopedEngine(folder), "shared": _shared,
}  # fmt: skip
PARAMETERS = [pytest.param(name, marks=pytest.mark.outer if name == "shared" else ()) for name in sorted(ENGINES)]
