"""Job store of several workers: jobs, schedules, lanes, parts and the shared rows, in PostgreSQL."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Generator, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from crawler import clock
from crawler.cluster import standing
from crawler.cluster.address import Address
from crawler.cluster.database import BY_INDEX, Database, Row
from crawler.cluster.lanes import Lanes, listed
from crawler.cluster.migrations import migrate
from crawler.cluster.rows import JOB, PART, SCHEDULE, Pushed, SharedRow, clean, job_of, jsonb, row_of_part, schedule_of
from crawler.cluster.shared_rows import RowsOnServer
from crawler.errors import SetupError, Unreachable
from crawler.jobs.rows import Claim, Job, JobReport, LaneState, Part, Schedule

if TYPE_CHECKING:
    import psycopg

KEPT_OF_SCHEDULE = 50
KEPT_OTHERS = 1000
"""So many ended jobs are kept, of a schedule and of none; what they crawled is in the workers' indexes."""
_NOT_LET_IN = re.compile("password authentication failed|no password supplied|no pg_hba.conf entry|(role|database) .* does not exist")
"""Told so at the start; a worker that has rows to tell waits, as it does for a server that is away. libpq tells no code for it."""
_HURRY_SECONDS = 5.0
_OPEN = "EXISTS (SELECT 1 FROM entries e WHERE e.job = j.id AND e.state <> 'ended')"


class PgJobStore:
    """Jobs, schedules, lanes, parts and rows in one database.

    Times are by the server's clock, deadlines by this process's monotonic one, taken before the statement is sent.

    Args:
        by_server: Whether schedules fall due by the server's clock, whatever the time of day is here.
    """

    shared = True

    def __init__(self, address: str, *, by_server: bool = True) -> None:
        self.address = Address(address)
        self._db = Database(self.address)
        self._lanes = Lanes(self._db)
        self._rows = RowsOnServer(Database(self.address, session=BY_INDEX), Database(self.address, session=BY_INDEX), by_server=by_server)
        self._by_server, self._claiming = by_server, threading.Lock()

    @classmethod
    def open(cls, address: str, *, by_server: bool = True) -> PgJobStore:
        """Connect, and bring the schema up to date.

        Raises:
            Unreachable: There is no such server.
            SetupError: The extra is not installed, the server does not let us in, or the schema is newer than this program.
        """
        try:
            import psycopg  # noqa: F401 - told here in one line
        except ImportError as error:
            raise SetupError("ARCHIVE_FRONTIER needs psycopg: pip install 'news-archive-crawler[cluster]'") from error
        store = cls(address, by_server=by_server)
        try:
            migrate(store._db)
        except Unreachable as error:
            if _NOT_LET_IN.search(error.what):
                raise SetupError(f"{error.where}: {error.what}") from error
            raise
        return store

    # -- what is to be done

    def enqueue(self, job: Job) -> None:
        """Add a job, unless its id is known; its lanes are due at once."""
        self._db.run(lambda conn: self._add(conn, job))

    def _add(self, conn: psycopg.Connection[Row], job: Job) -> None:
        kept = KEPT_OTHERS if job.schedule is None else KEPT_OF_SCHEDULE
        row = (job.id, clean(job.site), jsonb(dict(job.arguments)), job.created, job.schedule, [clean(lane) for lane in job.lanes], kept)
        conn.execute("SELECT enqueue(%s, %s, %s, %s, %s, %s::text[], %s)", row)

    def schedule(self, schedule: Schedule) -> None:
        """Add a schedule, or replace the one of the same site and arguments.

        It keeps its id then, and falls due no later.
        """
        same = json.dumps(dict(schedule.arguments), sort_keys=True).encode().hex()
        row = (schedule.id, schedule.site, jsonb(dict(schedule.arguments)), list(schedule.lanes), schedule.every, schedule.next_at)
        self._db.rows(
            f"INSERT INTO schedules AS s ({SCHEDULE}, same) VALUES (%s, %s, %s, %s, %s, %s, sha256(decode(%s, 'hex')))"
            " ON CONFLICT (site, same) DO UPDATE SET"
            " lanes = excluded.lanes, every = excluded.every, next_at = least(s.next_at, %s)",
            (*row, same, schedule.next_at + timedelta(seconds=schedule.every)),
        )

    def unschedule(self, id: str) -> bool:
        """Remove a schedule; False if there is none of that id."""
        return bool(self._db.rows("DELETE FROM schedules WHERE id = %s RETURNING id", [clean(id)]))

    def schedules(self) -> list[Schedule]:
        """List the schedules, the next to fall due first."""
        return [schedule_of(row) for row in self._db.rows(f"SELECT {SCHEDULE} FROM schedules ORDER BY next_at, id")]

    def fire(self, now: datetime) -> list[Job]:
        """Make the jobs of due schedules; one whose last job is open only moves on.

        A schedule that lies further ahead than its step was made by a clock that has been set back since: it is drawn near.
        """
        away = now - clock.now()
        due = "next_at <= {now} OR next_at > {now} + make_interval(secs => every + 1e-3)"
        due = due.format(now="now() + %(away)s" if self._by_server else "%(now)s")
        arguments: dict[str, object] = {"away": away, "now": None if self._by_server else now}
        if not self._db.run(lambda conn: conn.execute(f"SELECT 1 FROM schedules WHERE {due} LIMIT 1", arguments).fetchone()):
            return []
        return self._db.run(lambda conn: self._fire(conn, due, arguments))

    def _fire(self, conn: psycopg.Connection[Row], due: str, arguments: Mapping[str, object]) -> list[Job]:
        made: list[Job] = []
        with conn.transaction():
            told = f"coalesce(%(now)s::timestamptz, now() + %(away)s), {SCHEDULE}"
            sql = f"SELECT {told} FROM schedules WHERE {due} ORDER BY id FOR UPDATE SKIP LOCKED"
            for now, *row in conn.execute(sql, arguments).fetchall():
                one = schedule_of(row)
                step = timedelta(seconds=one.every)
                late = one.next_at <= now
                later = one.next_at + step * ((now - one.next_at) // step + 1) if late else now + step
                conn.execute("UPDATE schedules SET next_at = %s WHERE id = %s", (later, one.id))
                if late and not conn.execute(f"SELECT 1 FROM jobs j WHERE j.schedule = %s AND {_OPEN} LIMIT 1", (one.id,)).fetchone():
                    job = Job(id=uuid4().hex, site=one.site, arguments=one.arguments, created=now, schedule=one.id, lanes=one.lanes)
                    self._add(conn, job)
                    made.append(job)
        return made

    def jobs(self, *, open_only: bool = False, most: int = 100) -> list[Job]:
        """List jobs, the newest first."""
        which = f"WHERE {_OPEN}" if open_only else ""
        return [job_of(row) for row in self._db.rows(f"SELECT {JOB} FROM jobs j {which} ORDER BY j.seq DESC LIMIT %s", [most])]

    def report(self, job: str) -> JobReport | None:
        """Tell how the job stands whose id begins so; None for none or several."""
        return standing.report(self._db, clean(job))

    # -- whose turn it is

    def claim(self, worker: str, most: int, *, lease: float) -> list[Claim]:
        """Take free lanes with work that is due, the longest due first."""
        with self._claiming:
            return self._lanes.claim(worker, most, lease=lease)

    def renew(self, worker: str, states: Mapping[str, LaneState], *, lease: float) -> dict[str, Claim]:
        """Extend deadlines of lanes and save their states; return those still held."""
        return self._lanes.renew(worker, states, lease=lease)

    def release(self, worker: str, lane: str, state: LaneState) -> None:
        """Give a lane back, if it is still held; what ran in it waits."""
        self._lanes.release(worker, lane, state)

    def add_lanes(self, job: str, lanes: Iterable[str]) -> None:
        """Have a job go on in further lanes; those that ended wait again.

        Those that run wait again when their part has ended.
        """
        names = [clean(lane) for lane in dict.fromkeys(lanes)]
        self._db.run(lambda conn: _wake(conn, job, names))

    # -- parts of jobs

    def begin_part(self, part: Part) -> None:
        """Write down that a worker has begun a part; its lanes of the job run."""
        self._note(part)
        lanes, tokens = self._lanes.held(part.worker, part.lanes)
        self._db.rows("SELECT start(%s, %s, %s::text[], %s::bigint[])", (part.worker, part.job, lanes, tokens))

    def end_part(self, part: Part, *, again: datetime | None = None) -> None:
        """Write down how a part ended; lanes not held any more are left alone.

        Args:
            again: Its lanes wait until then (it was stopped, or more of the job is left); None: they have ended.
        """
        self._note(part)
        lanes, tokens = self._lanes.held(part.worker, part.lanes)
        after = None if again is None else max(0.0, (again - clock.now()).total_seconds())
        self._db.rows("SELECT finish(%s, %s, %s::text[], %s::bigint[], %s)", (part.worker, part.job, lanes, tokens, after))

    def _note(self, part: Part) -> None:
        changed = ", ".join(f"{name} = excluded.{name}" for name in PART.split(", ")[3:])
        values = ", ".join(["%s"] * len(PART.split(", ")))
        self._db.rows(f"INSERT INTO parts ({PART}) VALUES ({values}) ON CONFLICT (id) DO UPDATE SET {changed}", row_of_part(part))

    def take_budget(self, job: str, name: str, most: int) -> int:
        """Take from what is left of a limit of the job.

        Where it has no such limit, all that is asked for.
        """
        return int(self._db.rows("SELECT take_budget(%s, %s, %s)", (job, name, most))[0][0])

    def take_turn(self, host: str, seconds: float) -> float:
        """Take a turn at a host that other workers may ask, too.

        Args:
            seconds: Least time between two requests.
        Returns:
            The seconds until the turn comes.
        """
        return float(self._db.rows("SELECT take_turn(%s, %s)", (clean(host), seconds))[0][0])

    # -- who works

    def hurry(self) -> None:
        """Give calls up after five seconds without an answer: the worker ends."""
        self._db.watch.hurry(_HURRY_SECONDS)
        self._rows.hurry(_HURRY_SECONDS)

    def beat(self, worker: str, about: Mapping[str, object]) -> None:
        """Note that a worker lives, with its figures."""
        self._db.rows(
            "INSERT INTO workers (name, seen, about) VALUES (%s, clock_timestamp(), %s)"
            " ON CONFLICT (name) DO UPDATE SET seen = excluded.seen, about = excluded.about, lost = false",
            (worker, jsonb(dict(about))),
        )

    def workers(self) -> list[dict[str, object]]:
        """List the workers: `name`, `seen`, `alive`, `lanes`, `about`."""
        return standing.workers(self._db)

    def lanes(self, *, most: int = 100) -> list[dict[str, object]]:
        """List lanes that are held or have work: `lane`, `owner`, `token`, `due`, `waiting`, `running`."""
        return listed(self._db, most)

    def idle(self) -> bool:
        """Return True if no lane of a job waits or runs, or is held."""
        some = "SELECT 1 FROM entries WHERE state <> 'ended' UNION ALL SELECT 1 FROM lanes WHERE owner IS NOT NULL LIMIT 1"
        return not self._db.rows(some)

    # -- rows, see `shared_rows`

    def push(self, worker: str, tokens: Mapping[str, int], rows: Sequence[SharedRow]) -> Pushed:
        """Write rows of lanes held under tokens, and queue what is new in other lanes."""
        return self._rows.push(worker, tokens, rows)

    def pull(self, lane: str, since_seq: int = 0) -> Generator[SharedRow]:
        """Yield the rows of a lane; with `since_seq`, those that others wrote later."""
        return self._rows.pull(lane, since_seq)

    def tokens(self, worker: str, lanes: Iterable[str]) -> dict[str, int]:
        """The tokens of lanes that no other worker has claimed since, nor this process."""
        with self._claiming:
            ours = set(self._lanes.held(worker, names := list(lanes))[0])
            return self._rows.tokens(worker, [lane for lane in names if lane not in ours])

    def note_warc(self, worker: str, name: str, safety: str) -> None:
        """Note how safe a WARC is: `written`, `stored` or `verified`."""
        self._rows.note_warc(worker, name, safety)

    def declare_lost(self, worker: str) -> int:
        """Give up a worker that is gone with its disk; count the rows queued again.

        Its lanes are free, and rows whose WARC is not stored are queued.
        """
        return self._rows.declare_lost(worker)

    def close(self) -> None:
        """Close the connections."""
        self._db.close()
        self._rows.close()


def _wake(conn: psycopg.Connection[Row], job: str, lanes: Iterable[str]) -> None:
    names = list(lanes)
    if names:
        at = "array_fill(clock_timestamp(), ARRAY[cardinality(%s::text[])])"
        conn.execute(f"SELECT wake(array_fill(%s::text, ARRAY[cardinality(%s::text[])]), %s::text[], {at})", (job, names, names, names))
