"""Interface of a job store; `tests/jobs/conformance` holds both engines to it.

`sqlite_store.SqliteJobStore` is one file for one worker process (`ARCHIVE_DIR/jobs.db`), PostgreSQL one server for many
(`crawler.cluster`). All methods may wait for a disk or a network: call them from a thread, never in the event loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from crawler.jobs.rows import Claim, Job, JobReport, LaneState, Part, Schedule


class JobStore(Protocol):
    """Jobs, schedules, lanes and parts.

    Every method raises `errors.Unreachable` when the store cannot be reached, and changes nothing then, or all of it.
    """

    shared: bool
    """Several workers use it, and rows of the frontier lie in it: see `crawler.cluster`."""

    # -- what is to be done

    def enqueue(self, job: Job) -> None:
        """Add a job, whose lanes are due at once.

        The same id twice is one job.
        """

    def schedule(self, schedule: Schedule) -> None:
        """Add a schedule, or change the one of the same site and arguments.

        That one keeps its id and falls due no later.
        """

    def unschedule(self, id: str) -> bool:
        """Remove a schedule; False if there is none of that id."""

    def schedules(self) -> list[Schedule]:
        """List the schedules, the next to fall due first."""

    def fire(self, now: datetime) -> list[Job]:
        """Make the jobs of due schedules; one whose last job is open only moves on.

        A schedule that lies further ahead than its step (a clock was set back) is drawn near: to one step from now.
        """

    def jobs(self, *, open_only: bool = False, most: int = 100) -> list[Job]:
        """List jobs, the newest first."""

    def report(self, job: str) -> JobReport | None:
        """Tell how a job stands; None for an unknown or ambiguous id.

        Args:
            job: Its id, or the beginning of it.
        """

    # -- whose turn it is

    def claim(self, worker: str, most: int, *, lease: float) -> list[Claim]:
        """Take free lanes with work that is due, the longest due first.

        Args:
            lease: Seconds until the deadline.
        """

    def renew(self, worker: str, states: Mapping[str, LaneState], *, lease: float) -> dict[str, Claim]:
        """Extend deadlines of lanes and save their states; return those still held.

        With them come the jobs that wait in them now.
        """

    def release(self, worker: str, lane: str, state: LaneState) -> None:
        """Give a lane back, if it is still held.

        It is free after its delay; jobs that ran in it wait.
        """

    def add_lanes(self, job: str, lanes: Iterable[str]) -> None:
        """Have a job go on in further lanes.

        Those that ended wait again; those that run do so when their part has ended.
        """

    # -- parts of jobs

    def begin_part(self, part: Part) -> None:
        """Write down that a worker has begun a part; its lanes of the job run.

        It may be told again, with its run.
        """

    def end_part(self, part: Part, *, again: datetime | None = None) -> None:
        """Write down how a part ended.

        Lanes that are not held any more are left alone.

        Args:
            again: Its lanes wait until then (it was stopped, or more of the job is left); None: they have ended.
        """

    def take_budget(self, job: str, name: str, most: int) -> int:
        """Take from what is left of a limit of the job (`max_pages`).

        Without such a limit it is all that was asked for.
        """

    # -- who works

    def hurry(self) -> None:
        """Give calls up soon that get no answer, those under way too: the worker ends."""

    def beat(self, worker: str, about: Mapping[str, object]) -> None:
        """Note that a worker lives, with its figures."""

    def workers(self) -> list[dict[str, object]]:
        """List the workers.

        Returns:
            `name`, `seen` (ISO time), `alive`, `lanes` (number held), `about` (as it was last told).
        """

    def lanes(self, *, most: int = 100) -> list[dict[str, object]]:
        """List lanes that are held or have work, the longest due first.

        Returns:
            `lane`, `owner`, `token`, `due` (ISO time or None), `waiting` and `running` (numbers of jobs).
        """

    def idle(self) -> bool:
        """Return True if no lane of a job waits or runs, or is held."""

    def declare_lost(self, worker: str) -> int:
        """Give up a worker that is gone with its disk: its lanes are free.

        Returns:
            Number of rows that are queued again as their WARC is not stored; where rows are not shared, of lanes of jobs that wait again.

        Raises:
            CollectionLocked: It works.
        """

    def close(self) -> None:
        """Close the connection."""
