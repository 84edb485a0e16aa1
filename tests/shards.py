"""A worker's collection: one table, one writer that commits when told to, and many runs at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from targets import made

from crawler.frontier.changes import reopen
from crawler.frontier.run_scope import RunScope
from crawler.frontier.store import SqliteFrontier
from crawler.frontier.table import FrontierTable
from crawler.index.index import Index
from crawler.items import FrontierRequest
from crawler.jobs.held import HeldLanes
from crawler.urls.known_keys import KnownKeys

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
Work = tuple[Callable[[sqlite3.Connection], None], Callable[[], None]]


class Shard:
    """An index that many runs share, and a clock that is set by hand."""

    def __init__(self, folder: Path) -> None:
        self.index, self.now, self.waiting, self.seconds = Index.open(folder / "index.db"), START, list[Work](), 0.0
        self.table = FrontierTable(self.index.path)
        self.known = KnownKeys(self.table.keys_after)
        self.held = HeldLanes(clock=lambda: self.seconds)
        self.told: list[frozenset[str]] = []
        self.run = 0

    def site(self, name: str, job: str = "j", *, due: bool = False) -> SqliteFrontier:
        """Begin the run of a site, its lane held for ten seconds."""
        self.held.take(name, token=1, deadline=self.seconds + 10)
        return self.begin(RunScope.of_site(name, job=job, held=self.held), due=due)

    def web(self, job: str, *lanes: str, owners: dict[str, str] | None = None) -> SqliteFrontier:
        """Begin the run of a job over seeds, its lanes held for ten seconds."""
        for lane in lanes:
            self.held.take(lane, token=1, deadline=self.seconds + 10)
        return self.begin(RunScope.of_job(job, lanes=lanes, held=self.held, owners=owners))

    def begin(self, scope: RunScope | None, *, due: bool = False) -> SqliteFrontier:
        with self.index.atomic():
            self.run = run = self.index.start_run(scope.site if scope else "web", {}, self.now)
            reopen(self.index.conn, run_id=run, now=self.now, due=due, scope=scope)
        frontier = SqliteFrontier(
            self.index.path, submit=lambda *work: self.waiting.append(work), run_id=run, clock=lambda: self.now, table=self.table,
            known=self.known, scope=scope,
        )  # fmt: skip
        frontier.on_foreign = self.told.append
        return frontier

    def commit(self) -> None:
        work, self.waiting = self.waiting, []
        with self.index.atomic():
            for change, _ in work:
                change(self.index.conn)
        for _, committed in work:
            committed()

    def cells(self, columns: str, where: str = "1") -> list[tuple[object, ...]]:
        return self.index.conn.execute(f"SELECT {columns} FROM frontier WHERE {where} ORDER BY key").fetchall()


def story(site: str, n: int, **more: object) -> FrontierRequest:
    key = f"{site}/{n}"
    values = {"key": key, "url": f"https://www.{site}.example/{n}", "site": site, "role": "story", "story": key}
    return made(FrontierRequest, values | more)


def page(host: str, n: int, **more: object) -> FrontierRequest:
    url = f"https://{host}/{n}"
    return made(FrontierRequest, {"key": url, "url": url, "site": "web", "role": "page"} | more)


def keys(rows: Iterable[object]) -> list[str]:
    return [row.key for row in rows]  # type: ignore[attr-defined]


def take(frontier: SqliteFrontier, host: str = "h") -> str:
    rows = frontier.queued()
    row = next(rows)
    rows.close()  # type: ignore[attr-defined]
    return frontier.lease(row, host).key
