"""What is yet to be asked for: table `frontier` of the collection, one row a story or address.

Reading is done here, over a connection of its own; changes are handed to the collection's writer, which commits them in order.
Until a change is committed it is kept in memory and laid over what the table says. So memory holds what is in flight,
never the queue.

    queued -> leased -> captured -> done | failed | refused        done -> queued when a recheck is due
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from attrs import evolve

from crawler.frontier.changes import reopen as reopen
from crawler.frontier.lanes import LOOK_AHEAD, Closed, Lanes
from crawler.frontier.rows import COLUMNS as COLUMNS
from crawler.frontier.rows import LANE, Urgency, is_fresh_page, row_of
from crawler.frontier.rows import FrontierRow as FrontierRow
from crawler.frontier.rows import State as State
from crawler.frontier.rows import save as save
from crawler.index.rows import iso
from crawler.items import FrontierRequest, Role

OPEN_STATES = ("queued", "leased", "captured")
LEASE_SECONDS = 900
_PAGE = 8
LANES = f"""SELECT {LANE}, priority, added, key FROM frontier WHERE state = 'queued' AND {LANE} > ?
    ORDER BY {LANE}, priority DESC, added, key LIMIT 1"""
OF_LANE = f"SELECT * FROM frontier WHERE {{where}} AND {LANE} = ? ORDER BY priority DESC, added, key LIMIT ?"
IN_ORDER = "SELECT * FROM frontier WHERE {where} ORDER BY priority DESC, added, key LIMIT ?"
_DUE = "state = 'queued' AND +due <= ?"
# The plus keeps SQLite from taking the index by `due`, which would sort all that waits.
_IDLE_STORY = "NOT (role IN ('story', 'page') AND attempts = 0)"

Job = Callable[[sqlite3.Connection], None]
Submit = Callable[[Job, Callable[[], None]], None]
"""Takes a change and what to call, in the caller's thread, once it is committed."""


class SqliteFrontier:
    """The frontier of one collection during one run."""

    def __init__(self, path: Path, *, submit: Submit, run_id: int | None, clock: Callable[[], datetime]) -> None:
        self._db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._submit, self._run_id, self._clock = submit, run_id, clock
        self._overlay: dict[str, FrontierRow] = {}
        self._gathered: list[FrontierRow] | None = None
        """While errands are added: the rows that are to be saved together."""
        self._version = 0
        self._lanes: Lanes | None = None
        """Made when rows are first asked for."""
        self.leased: dict[str, FrontierRow] = {}

    # -- reading

    def row(self, key: str) -> FrontierRow | None:
        """A row as it stands now, committed or not."""
        if key in self._overlay:
            return self._overlay[key]
        found = self._db.execute("SELECT * FROM frontier WHERE key = ?", (key,)).fetchone()
        return row_of(found) if found else None

    def queued(
        self, *, only_run: bool = False, without_stories: bool = False, closed: Closed = lambda host, pinned: None
    ) -> Iterator[FrontierRow]:
        """Queued rows that are due, the most urgent first: what the table says, with what changed since laid over it.

        Rows stand in lanes, by the host of their address, and only the first of each lane are shown: so what waits for a busy host
        neither hides what others could give, nor is read through each time. Close what is returned before the next call.

        Args:
            without_stories: Leave out stories that were not asked for yet.
            closed: Tells of a lane's host until when it takes nothing; such lanes are not looked into.
        """
        now, mode = self._clock(), (self._run_id if only_run else None, without_stories)
        if self._lanes is None or self._lanes.mode != mode:
            self._lanes = Lanes(self, self._overlay, only_run=mode[0], without_stories=mode[1], now=iso(now))
        return self._lanes.rows(now, closed)

    def lanes_after(self, lane: str, most: int) -> list[tuple[str, Urgency]]:
        """The next lanes by name, each with its first row's urgency: one look into the index each."""
        found: list[tuple[str, Urgency]] = []
        while len(found) < most and (row := self._db.execute(LANES, (lane,)).fetchone()):
            lane = row[0]
            found.append((lane, (-row["priority"], row["added"], row["key"])))
        return found

    def of_lane(self, lane: str, now: str) -> Iterator[FrontierRow]:
        """The first rows of a lane that are due and not laid over."""
        where, arguments = self._wanted(now)
        yield from self._rows(OF_LANE.format(where=where), (*arguments, lane, len(self._overlay) + LOOK_AHEAD))

    def in_order(self, now: str, most: int) -> Iterator[FrontierRow]:
        """The first rows of all lanes that are due and not laid over."""
        where, arguments = self._wanted(now)
        yield from self._rows(IN_ORDER.format(where=where), (*arguments, len(self._overlay) + most))

    def fell_due(self, after: str, now: str) -> Iterator[tuple[str, Urgency]]:
        """Lane and urgency of what fell due between two times."""
        sql = f"SELECT {LANE}, priority, added, key FROM frontier WHERE state = 'queued' AND due > ? AND due <= ?"
        for row in self._db.execute(sql, (after, now)):
            yield row[0], (-row["priority"], row["added"], row["key"])

    def next_due(self, after: str) -> str | None:
        """When the next row falls due that the table has."""
        found = self._db.execute("SELECT due FROM frontier WHERE state = 'queued' AND due > ? ORDER BY due LIMIT 1", (after,)).fetchone()
        return str(found[0]) if found else None

    def _wanted(self, now: str) -> tuple[str, tuple[object, ...]]:
        """The condition for rows that are due, of the kind that the lanes are made for."""
        assert self._lanes is not None
        only_run, without_stories = self._lanes.mode
        where = _DUE + (" AND run_id IS ?" if only_run is not None else "") + (f" AND {_IDLE_STORY}" if without_stories else "")
        return where, (now,) if only_run is None else (now, only_run)

    def _rows(self, sql: str, arguments: tuple[object, ...]) -> Iterator[FrontierRow]:
        """Rows that are not laid over, read a few at a time."""
        cursor, page = self._db.execute(sql, arguments), 1
        while some := cursor.fetchmany(page):
            yield from (row_of(found) for found in some if found["key"] not in self._overlay)
            page = _PAGE

    def soonest(self, *, only_run: bool = False) -> datetime | None:
        """When the next row that waits for later falls due."""
        now = iso(self._clock())
        fresh = [r.due for r in self._waiting(only_run) if r.due > now]
        where, arguments = self._where(only_run)
        stored = self._db.execute(
            f"SELECT key, due FROM frontier WHERE {where} AND due > ? ORDER BY due LIMIT ?", (*arguments, now, len(self._overlay) + 1)
        )
        dues = [*fresh, *(row["due"] for row in stored if row["key"] not in self._overlay)]
        return datetime.fromisoformat(min(dues)) if dues else None

    def pending(self, *, only_run: bool = False, without_stories: bool = False) -> bool:
        """Whether anything is leased, or queued for now or soon."""
        if self.leased or any(not (without_stories and is_fresh_page(r)) for r in self._waiting(only_run)):
            return True
        where, arguments = self._where(only_run)
        if without_stories:
            where += f" AND {_IDLE_STORY}"
        stored = self._db.execute(f"SELECT key FROM frontier WHERE {where} LIMIT ?", (*arguments, len(self._overlay) + 1))
        return any(key not in self._overlay for (key,) in stored)

    def _waiting(self, only_run: bool) -> list[FrontierRow]:
        return [r for r in self._overlay.values() if r.state == "queued" and not (only_run and r.run_id != self._run_id)]

    def _where(self, only_run: bool) -> tuple[str, tuple[object, ...]]:
        return ("state = 'queued' AND run_id IS ?", (self._run_id,)) if only_run else ("state = 'queued'", ())

    def known(self, site: str, role: Role) -> Iterator[FrontierRow]:
        """Every row of a site and role that is settled, by key, read some at a time."""
        key = ""
        settled = "state IN ('done', 'failed', 'refused')"
        sql = f"SELECT * FROM frontier WHERE site = ? AND role = ? AND {settled} AND key > ? ORDER BY key LIMIT 200"
        while some := [row_of(found) for found in self._db.execute(sql, (site, role, key)).fetchall()]:
            yield from some
            key = some[-1].key

    def due(self, site: str, role: Role) -> Iterator[FrontierRow]:
        """The settled rows of a site and role that are due to be asked for again, read some at a time."""
        now, last = iso(self._clock()), ("", "")
        where = "state IN ('done', 'failed') AND due > '' AND due <= ? AND site = ? AND role = ? AND (due, key) > (?, ?)"
        sql = f"SELECT * FROM frontier WHERE {where} ORDER BY due, key LIMIT 200"
        while some := [row_of(found) for found in self._db.execute(sql, (now, site, role, *last)).fetchall()]:
            yield from some
            last = some[-1].due, some[-1].key

    def not_due(self, site: str, role: Role) -> int:
        """How many rows of a site and role are done, not yet due, and were not asked for in this run."""
        sql = "SELECT count(*) FROM frontier WHERE state = 'done' AND due > ? AND site = ? AND role = ? AND run_id IS NOT ?"
        return int(self._db.execute(sql, (iso(self._clock()), site, role, self._run_id)).fetchone()[0])

    def unasked(self) -> tuple[int, str]:
        """How many pages and stories wait in the queue that were never asked for, and the address of one."""
        fresh = "state = 'queued' AND role IN ('story', 'page') AND attempts = 0"
        count = int(self._db.execute(f"SELECT count(*) FROM frontier WHERE {fresh}").fetchone()[0])
        for key, row in self._overlay.items():
            stored = self._db.execute(f"SELECT 1 FROM frontier WHERE key = ? AND {fresh}", (key,)).fetchone()
            count += (row.state == "queued" and is_fresh_page(row)) - bool(stored)
        found = self._db.execute(f"SELECT url FROM frontier WHERE {fresh} ORDER BY priority DESC, added, key LIMIT 1").fetchone()
        waiting = (row.url for row in self._overlay.values() if row.state == "queued" and is_fresh_page(row))
        return count, str(found[0]) if found else next(waiting, "")

    def count(self) -> int:
        """How many rows wait in the queue, roughly: for the progress line."""
        return int(self._db.execute("SELECT count(*) FROM frontier WHERE state = 'queued'").fetchone()[0])

    def waiting(self, *, only_run: bool = False, fresh: bool | None = None) -> tuple[int, str]:
        """How many rows are queued, and the address of the first. Call when all changes are committed.

        Args:
            fresh: Only stories and pages that were not asked for yet (True), or all but these (False).
        """
        where, arguments = self._where(only_run)
        where += {None: "", True: f" AND NOT {_IDLE_STORY}", False: f" AND {_IDLE_STORY}"}[fresh]
        count = int(self._db.execute(f"SELECT count(*) FROM frontier WHERE {where}", arguments).fetchone()[0])
        if not count:
            return 0, ""
        first = f"SELECT url FROM frontier WHERE {where} ORDER BY priority DESC, added, key LIMIT 1"
        return count, str(self._db.execute(first, arguments).fetchone()[0])

    def outcomes(self, run_id: int) -> dict[str, int]:
        """How many rows of a run ended in which state. Call when all changes are committed."""
        found = self._db.execute("SELECT state, count(*) FROM frontier WHERE run_id = ? GROUP BY state", (run_id,))
        return {row[0]: row[1] for row in found}

    def ended(self, state: State, run_id: int) -> Iterator[FrontierRow]:
        """The rows of a run in one state, by address."""
        yield from map(row_of, self._db.execute("SELECT * FROM frontier WHERE state = ? AND run_id = ? ORDER BY url", (state, run_id)))

    def ended_well(self, key: str, run_id: int) -> bool:
        """Whether some host gave what others refused: rows whose keys differ only by `@host`."""
        sql = "SELECT 1 FROM frontier WHERE run_id = ? AND state = 'done' AND key >= ? AND key < ? LIMIT 1"
        return self._db.execute(sql, (run_id, f"{key}@", f"{key}A")).fetchone() is not None

    @property
    def unsaved(self) -> int:
        """How many rows are held in memory until they are committed."""
        return len(self._overlay)

    # -- changing

    def add(self, errands: Iterable[FrontierRequest], *, run_id: int | None = None) -> int:
        """Ask for what is new, due again, or wanted again; the number of rows queued.

        Args:
            run_id: The run that asks, where it is not this one.
        """
        self._gathered = []
        try:
            return sum(self._add(errand, self._run_id if run_id is None else run_id) for errand in errands)
        finally:
            rows, self._gathered = self._gathered, None
            self._hand_over(rows)

    def _add(self, errand: FrontierRequest, run_id: int | None) -> bool:
        now = iso(self._clock())
        row = self.row(errand.key)
        if row is None:
            self._put(
                FrontierRow(
                    target=errand.target, priority=errand.priority, due=now, hint=errand.hint, host=errand.host, run_id=run_id, added=now,
                )
            )  # fmt: skip
            return True
        if row.state in OPEN_STATES:
            self._add_again(row, errand, run_id)
            return False
        retitled = errand.hint is not None and row.hint is not None and errand.hint != row.hint
        asked_already = row.run_id == run_id
        due = row.state == "failed" or (not errand.only_new and (errand.again or retitled or bool(row.due and row.due <= now)))
        if asked_already or not due:
            if errand.hint and errand.hint != row.hint and not asked_already:
                self._put(evolve(row, hint=errand.hint))
            return False
        fresh = evolve(row, state="queued", due=now, attempts=0, tried=(), reason=None, answered=(), run_id=run_id)
        target = evolve(row.target, url=errand.url, found_on=errand.found_on)
        self._put(evolve(fresh, target=target, priority=errand.priority, hint=errand.hint or row.hint))
        return True

    def _add_again(self, row: FrontierRow, errand: FrontierRequest, run_id: int | None) -> None:
        """What finding an errand once more tells while it is still under way: its urgency, and what the feed calls it."""
        more = evolve(row, hint=errand.hint or row.hint)
        if row.state == "queued":
            more = evolve(more, priority=max(errand.priority, row.priority), run_id=run_id)
        if more != row:
            if row.key in self.leased:
                self.leased[row.key] = more
            self._put(more)

    def lease(self, row: FrontierRow, host: str) -> FrontierRow:
        """Hand a row out to be fetched from a host now, with the record id that its capture will have."""
        until = iso(self._clock() + timedelta(seconds=LEASE_SECONDS))
        tried, record_id = (*row.tried, host), f"urn:uuid:{uuid4()}"
        leased = evolve(
            row, state="leased", lease_until=until, attempts=row.attempts + 1, tried=tried, run_id=self._run_id, record_id=record_id
        )
        self.leased[row.key] = leased
        self._put(leased)
        return leased

    def left_over(self, site: str) -> Iterator[FrontierRow]:
        """Rows that an earlier run captured and did not live to read: each is held like a leased one until it is settled."""
        found = self._db.execute("SELECT key FROM frontier WHERE state = 'captured' AND site = ? ORDER BY priority DESC, key", (site,))
        for (key,) in found.fetchall():
            row = self.row(key)
            if row is not None and row.state == "captured" and key not in self.leased:
                self.leased[key] = row
                yield row

    def settle(self, key: str, state: State, **columns: Any) -> None:
        """Write down how a leased row ended, or that it waits again (state `queued` with a `due`)."""
        row = self.leased.pop(key, None) or self.row(key)
        if row is not None:
            self._put(evolve(row, state=state, lease_until=None, **columns))

    def _put(self, row: FrontierRow) -> None:
        self._version += 1
        row = evolve(row, changed=iso(self._clock()), version=self._version)
        self._overlay[row.key] = row
        if self._lanes is not None:
            self._lanes.put(row, row.changed)
        if self._gathered is None:
            self._hand_over([row])
        else:
            self._gathered.append(row)

    def _hand_over(self, rows: list[FrontierRow]) -> None:
        """Have the writer save rows, all in one piece of work."""

        def saved(db: sqlite3.Connection) -> None:
            for row in rows:
                save(db, row)

        def committed() -> None:
            for row in rows:
                if (current := self._overlay.get(row.key)) and current.version == row.version:
                    del self._overlay[row.key]
                    if self._lanes is not None:
                        self._lanes.committed(row)

        if rows:
            self._submit(saved, committed)

    def close(self) -> None:
        """Let go of the reading connection."""
        self._db.close()
