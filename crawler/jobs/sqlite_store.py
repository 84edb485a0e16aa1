"""Job store of one machine: `jobs.db`, for one worker process and any number that enqueue.

The worker holds a lock on `jobs.lock` beside it: a process that gets the lock knows that the last worker is gone, so lanes need no
deadline here, and no clock decides whose they are.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from crawler.errors import CollectionLocked
from crawler.jobs.rows import Claim, LaneState, Part, iso
from crawler.jobs.sqlite_jobs import JobTables
from crawler.jobs.sqlite_rows import JOB, PART, canonical, job_of, row_of, state_of, text_of

_DUE = "e.state = 'waiting' AND (e.due <= :now OR e.since > :now)"
_FREE = "(l.owner IS NULL AND NOT (l.released IS NOT NULL AND l.released <= :ticks AND :ticks < l.released + l.delay))"


class SqliteJobStore(JobTables):
    """Jobs, schedules, lanes and parts in one file."""

    shared = False

    # -- whose turn it is

    def claim(self, worker: str, most: int, *, lease: float) -> list[Claim]:
        """Take free lanes with work that is due, the longest due first.

        Raises:
            CollectionLocked: Another worker process works on this store.
        """
        deadline = self._ticks() + lease
        with self._mutex:
            self._take_lock(worker)
            with self._look() as conn:
                if not self._free(conn, min(most, 1)):
                    return []
            with self._change() as conn:
                claims = [self._given(conn, worker, lane, deadline) for lane in self._free(conn, most)]
            self._held.update({(worker, claim.lane): claim.token for claim in claims})
            return claims

    def _free(self, conn: sqlite3.Connection, most: int) -> list[str]:
        """Find free lanes with work that is due, by an index in that order."""
        found: dict[str, None] = {}
        entries = f"SELECT e.lane FROM entries e CROSS JOIN lanes l ON l.lane = e.lane WHERE {_DUE} AND {_FREE} ORDER BY e.due, e.lane"
        for (lane,) in conn.execute(entries, self._moment()) if most > 0 else ():
            found[lane] = None
            if len(found) == most:
                break
        return list(found)

    def _given(self, conn: sqlite3.Connection, worker: str, lane: str, deadline: float) -> Claim:
        before = conn.execute("SELECT last_owner FROM lanes WHERE lane = ?", (lane,)).fetchone()[0]
        conn.execute("UPDATE lanes SET owner = ?1, last_owner = ?1, token = token + 1 WHERE lane = ?2", (worker, lane))
        return self._claim_of(conn, lane, deadline, same_owner=before == worker)

    def _claim_of(self, conn: sqlite3.Connection, lane: str, deadline: float, *, same_owner: bool) -> Claim:
        token, state = conn.execute("SELECT token, state FROM lanes WHERE lane = ?", (lane,)).fetchone()
        rows = conn.execute(
            f"SELECT {JOB} FROM (SELECT j.*, e.due FROM entries e JOIN jobs j ON j.id = e.job WHERE e.lane = :lane AND {_DUE})"
            " ORDER BY due, seq",
            {**self._moment(), "lane": lane},
        )
        jobs = tuple(job_of(row) for row in rows)
        return Claim(lane=lane, token=token, deadline=deadline, state=state_of(state), jobs=jobs, same_owner=same_owner)

    def renew(self, worker: str, states: Mapping[str, LaneState], *, lease: float) -> dict[str, Claim]:
        """Extend deadlines of lanes and save their states; return those still held."""
        deadline = self._ticks() + lease
        with self._change() as conn:
            held = [lane for lane in states if self._holds(conn, worker, lane)]
            for lane in held:
                self._save(conn, lane, states[lane])
            return {lane: self._claim_of(conn, lane, deadline, same_owner=True) for lane in held}

    def release(self, worker: str, lane: str, state: LaneState) -> None:
        """Give a lane back, if it is still held; it is free after its delay."""
        with self._change() as conn:
            if self._holds(conn, worker, lane):
                self._save(conn, lane, state)
                conn.execute("UPDATE lanes SET owner = NULL, released = ? WHERE lane = ?", (self._ticks(), lane))
                self._run_again(conn, "lane = ?", lane)
            self._held.pop((worker, lane), None)

    def add_lanes(self, job: str, lanes: Iterable[str]) -> None:
        """Have a job go on in further lanes."""
        with self._change() as conn:
            if conn.execute("SELECT 1 FROM jobs WHERE id = ?", (job,)).fetchone():
                self._wait(conn, job, lanes, self._now())

    # -- parts of jobs

    def begin_part(self, part: Part) -> None:
        """Write down that a worker has begun a part; its lanes of the job run."""
        with self._change() as conn:
            self._note(conn, part)
            for lane in part.lanes:
                if self._holds(conn, part.worker, lane):
                    conn.execute("UPDATE entries SET state = 'running' WHERE job = ? AND lane = ? AND state = 'waiting'", (part.job, lane))

    def end_part(self, part: Part, *, again: datetime | None = None) -> None:
        """Write down how a part ended, and set its lanes that are still held.

        Args:
            again: Its lanes wait until then (it was stopped, or more of the job is left); None: they have ended.
        """
        now = self._now()
        with self._change() as conn:
            self._note(conn, part)
            for lane in part.lanes:
                if self._holds(conn, part.worker, lane):
                    conn.execute(
                        "UPDATE entries SET state = iif(:again IS NULL AND NOT more, 'ended', 'waiting'), since = :now,"
                        " due = iif(more OR :again IS NULL, :now, :again), more = 0 WHERE job = :job AND lane = :lane AND state != 'ended'",
                        {"again": iso(again) if again else None, "now": iso(now), "job": part.job, "lane": lane},
                    )

    def _note(self, conn: sqlite3.Connection, part: Part) -> None:
        conn.execute(f"INSERT OR REPLACE INTO parts ({PART}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row_of(part))

    def take_budget(self, job: str, name: str, most: int) -> int:
        """Take from what is left of a limit of the job (`max_pages`)."""
        with self._change() as conn:
            found = conn.execute("SELECT arguments FROM jobs WHERE id = ?", (job,)).fetchone()
            limit = json.loads(found[0]).get(name) if found else None
            if limit is None:
                return most
            conn.execute("INSERT OR IGNORE INTO budgets VALUES (?, ?, ?)", (job, name, int(limit)))
            left = conn.execute("SELECT left FROM budgets WHERE job = ? AND name = ?", (job, name)).fetchone()[0]
            taken = max(0, min(most, left))
            conn.execute("UPDATE budgets SET left = left - ? WHERE job = ? AND name = ?", (taken, job, name))
            return int(taken)

    # -- who works

    def hurry(self) -> None:
        """Nothing is waited for that is not on this machine."""

    def beat(self, worker: str, about: Mapping[str, object]) -> None:
        """Note that a worker lives, with its figures."""
        with self._change() as conn:
            conn.execute("INSERT OR REPLACE INTO workers VALUES (?, ?, ?)", (worker, iso(self._now()), canonical(dict(about))))

    def workers(self) -> list[dict[str, object]]:
        """List the workers: `name`, `seen`, `alive`, `lanes`, `about`."""
        with self._look() as conn:
            alive = self._alive()
            rows = conn.execute("SELECT name, seen, about, (SELECT count(*) FROM lanes WHERE owner = name) FROM workers ORDER BY name")
            return [
                {"name": name, "seen": seen, "alive": name == alive, "lanes": lanes, "about": json.loads(about)}
                for name, seen, about, lanes in rows
            ]

    def lanes(self, *, most: int = 100) -> list[dict[str, object]]:
        """List lanes that are held or have work, the longest due first."""
        with self._look() as conn:
            rows = conn.execute(
                "SELECT l.lane, l.owner, l.token, min(iif(e.state = 'waiting', e.due, NULL)) AS due,"
                " count(iif(e.state = 'waiting', 1, NULL)) AS waiting, count(iif(e.state = 'running', 1, NULL)) AS running"
                " FROM lanes l LEFT JOIN entries e ON e.lane = l.lane AND e.state != 'ended'"
                " GROUP BY l.lane HAVING l.owner IS NOT NULL OR waiting OR running ORDER BY l.owner IS NULL, due, l.lane LIMIT ?",
                (most,),
            )
            names = [column[0] for column in rows.description]
            return [dict(zip(names, row, strict=True)) for row in rows]

    def idle(self) -> bool:
        """Return True if no lane of a job waits or runs, or is held."""
        with self._look() as conn:
            busy = "SELECT 1 FROM entries WHERE state != 'ended' UNION ALL SELECT 1 FROM lanes WHERE owner IS NOT NULL LIMIT 1"
            return conn.execute(busy).fetchone() is None

    def declare_lost(self, worker: str) -> int:
        """Give up a worker that is gone with its disk; return how many entries wait.

        Raises:
            CollectionLocked: It works.
        """
        with self._mutex:
            if self._alive() is not None:
                raise CollectionLocked(self.path, self._holder())
            with self._change() as conn:
                return self._recover(conn) if conn.execute("SELECT 1 FROM lanes WHERE last_owner = ?", (worker,)).fetchone() else 0

    # -- inside transactions

    def _holds(self, conn: sqlite3.Connection, worker: str, lane: str) -> bool:
        found = conn.execute("SELECT token FROM lanes WHERE lane = ? AND owner = ?", (lane, worker)).fetchone()
        return found is not None and found[0] == self._held.get((worker, lane))

    def _save(self, conn: sqlite3.Connection, lane: str, state: LaneState) -> None:
        conn.execute("UPDATE lanes SET state = ?, delay = ? WHERE lane = ?", (text_of(state), state.delay, lane))
