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
        """Add a job; its lanes are due at once."""

    def schedule(self, schedule: Schedule) -> None:
        """Add a schedule, or replace the one of the same site and arguments."""

    def unschedule(self, id: str) -> bool:
        """Remove a schedule; False if there is none of that id."""

    def schedules(self) -> list[Schedule]:
        """List the schedules, the next to fall due first."""

    def fire(self, now: datetime) -> list[Job]:
        """Make the jobs of due schedules; one whose last job is open only moves on."""

    def jobs(self, *, open_only: bool = False, most: int = 100) -> list[Job]:
        """List jobs, the newest first."""

    def report(self, job: str) -> JobReport | None:
        """Tell how a job stands; None for an unknown or ambiguous id."""

    # -- whose turn it is

    def claim(self, worker: str, most: int, *, lease: float) -> list[Claim]:
        """Take free lanes with work that is due, the longest due first.

        Args:
            lease: Seconds until the deadline.
        """

    def renew(self, worker: str, states: Mapping[str, LaneState], *, lease: float) -> dict[str, Claim]:
        """Extend deadlines of lanes and save their states; return those still held."""

    def release(self, worker: str, lane: str, state: LaneState) -> None:
        """Give a lane back, if it is still held; it is free after its delay."""

    def add_lanes(self, job: str, lanes: Iterable[str]) -> None:
        """Have a job go on in further lanes; lanes of it that ended wait again."""

    # -- parts of jobs

    def begin_part(self, part: Part) -> None:
        """Write down that a worker has begun a part; its lanes of the job run."""

    def end_part(self, part: Part, *, again: datetime | None = None) -> None:
        """Write down how a part ended.

        Args:
            again: Its lanes wait until then (it was stopped, or more of the job is left); None: they have ended.
        """

    def take_budget(self, job: str, name: str, most: int) -> int:
        """Take from what is left of a limit of the job (`max_pages`)."""

    # -- who works

    def beat(self, worker: str, about: Mapping[str, object]) -> None:
        """Note that a worker lives, with its figures."""

    def workers(self) -> list[dict[str, object]]:
        """List the workers: `name, seen` (ISO time), lanes held, and what they last told of themselves."""

    def idle(self) -> bool:
        """Return True if no lane of a job waits or runs, or is held."""

    def close(self) -> None:
        """Close the connection."""
