"""Jobs and schedules in `jobs.db`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from crawler.jobs.rows import Job, JobReport, Schedule, iso
from crawler.jobs.sqlite_file import JobFile
from crawler.jobs.sqlite_rows import JOB, canonical, job_of, report_of, schedule_of

KEPT_OF_SCHEDULE = 50
KEPT_OTHERS = 1000
"""So many ended jobs are kept, of a schedule and of none; what they crawled is in the worker's index."""


class JobTables(JobFile):
    """Tables of what is to be done."""


    def enqueue(self, job: Job) -> None:
        """Add a job, whose lanes are due at once."""
        with self._change() as conn:
            self._add(conn, job, self._now())

    def schedule(self, schedule: Schedule) -> None:
        """Add a schedule, or change the one of the same site and arguments."""
        what = (schedule.site, canonical(dict(schedule.arguments)), canonical(schedule.lanes))
        step = timedelta(seconds=schedule.every)
        with self._change() as conn:
            conn.execute(
                "INSERT INTO schedules VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (site, arguments) DO UPDATE SET"
                " lanes = excluded.lanes, every = excluded.every, next_at = min(next_at, ?)",
                (schedule.id, *what, schedule.every, iso(schedule.next_at), iso(schedule.next_at + step)),
            )

    def unschedule(self, id: str) -> bool:
        """Remove a schedule; False if there is none of that id."""
        with self._change() as conn:
            return conn.execute("DELETE FROM schedules WHERE id = ?", (id,)).rowcount > 0

    def schedules(self) -> list[Schedule]:
        """List the schedules, the next to fall due first."""
        with self._look() as conn:
            return [schedule_of(row) for row in conn.execute("SELECT * FROM schedules ORDER BY next_at, id")]

    def fire(self, now: datetime) -> list[Job]:
        """Make the jobs of due schedules; one whose last job is open only moves on.

        A schedule that lies further ahead than its step was made by a clock that has been set back since: it is drawn near.
        """
        made: list[Job] = []
        with self._look() as conn:
            if not self._to_fire(conn, now):
                return made
        with self._change() as conn:
            for one in self._to_fire(conn, now):
                step = timedelta(seconds=one.every)
                if one.next_at > now:
                    conn.execute("UPDATE schedules SET next_at = ? WHERE id = ?", (iso(now + step), one.id))
                    continue
                later = one.next_at + step * ((now - one.next_at) // step + 1)
                conn.execute("UPDATE schedules SET next_at = ? WHERE id = ?", (iso(later), one.id))
                last = "SELECT 1 FROM jobs j JOIN entries e ON e.job = j.id AND e.state != 'ended' WHERE j.schedule = ? LIMIT 1"
                if conn.execute(last, (one.id,)).fetchone() is None:
                    job = Job(id=uuid4().hex, site=one.site, arguments=one.arguments, created=now, schedule=one.id, lanes=one.lanes)
                    self._add(conn, job, self._now())
                    made.append(job)
        return made

    def _to_fire(self, conn: sqlite3.Connection, now: datetime) -> list[Schedule]:
        found = [schedule_of(row) for row in conn.execute("SELECT * FROM schedules ORDER BY next_at, id")]
        return [one for one in found if one.next_at <= now or one.next_at > now + timedelta(seconds=one.every)]

    def _add(self, conn: sqlite3.Connection, job: Job, now: datetime) -> None:
        row = (job.id, job.site, canonical(dict(job.arguments)), iso(job.created), job.schedule, canonical(job.lanes))
        if conn.execute(f"INSERT OR IGNORE INTO jobs ({JOB}) VALUES (?, ?, ?, ?, ?, ?)", row).rowcount:
            self._wait(conn, job.id, job.lanes, now)
            self._prune(conn, job.schedule)

    def _wait(self, conn: sqlite3.Connection, job: str, lanes: Iterable[str], now: datetime) -> None:
        """Have lanes of a job wait from now on; those that run, after their part."""
        for lane in lanes:
            conn.execute("INSERT OR IGNORE INTO lanes (lane, token, delay, state) VALUES (?, 0, 0, '{}')", (lane,))
            conn.execute(
                "INSERT INTO entries VALUES (:job, :lane, 'waiting', :now, :now, 0) ON CONFLICT (job, lane) DO UPDATE SET"
                " more = (state = 'running'), state = iif(state = 'ended', 'waiting', state),"
                " due = iif(state = 'ended', :now, min(due, :now)), since = iif(state = 'ended' OR due > :now, :now, since)",
                {"job": job, "lane": lane, "now": iso(now)},
            )

    def _prune(self, conn: sqlite3.Connection, schedule: str | None) -> None:
        kept = KEPT_OTHERS if schedule is None else KEPT_OF_SCHEDULE
        old = conn.execute(
            "SELECT id FROM jobs j WHERE schedule IS ?1"
            " AND seq <= (SELECT seq FROM jobs WHERE schedule IS ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)"
            " AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.job = j.id AND e.state != 'ended')",
            (schedule, kept),
        )
        for (job,) in old.fetchall():
            for table in ("entries", "budgets", "parts"):
                conn.execute(f"DELETE FROM {table} WHERE job = ?", (job,))
            conn.execute("DELETE FROM jobs WHERE id = ?", (job,))

    def jobs(self, *, open_only: bool = False, most: int = 100) -> list[Job]:
        """List jobs, the newest first."""
        which = "WHERE EXISTS (SELECT 1 FROM entries e WHERE e.job = jobs.id AND e.state != 'ended')" if open_only else ""
        with self._look() as conn:
            return [job_of(row) for row in conn.execute(f"SELECT {JOB} FROM jobs {which} ORDER BY seq DESC LIMIT ?", (most,))]

    def report(self, job: str) -> JobReport | None:
        """Tell how a job stands; None for an unknown or ambiguous id."""
        with self._look() as conn:
            return report_of(conn, job)
