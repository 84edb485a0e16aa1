"""Nouns of the job store: jobs, schedules, lanes, parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from attrs import field, frozen

EntryState = Literal["waiting", "running", "ended"]
"""State of one lane of one job."""


def iso(moment: datetime) -> str:
    """Format a time such that text sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@frozen(kw_only=True)
class Job:
    """One crawl to do: of a site, or of seeds of no known site."""

    id: str
    """UUID, 32 hexadecimal digits."""
    site: str
    """A site file's name; `web` for seeds."""
    arguments: Mapping[str, str] = field(factory=dict)
    """Spider arguments: scope and limits of the whole job stand here, for every worker alike."""
    created: datetime
    schedule: str | None = None
    """The schedule that made it."""
    lanes: tuple[str, ...] = ()
    """Lanes it begins in: the site's, or those of the seeds."""


@frozen(kw_only=True)
class Schedule:
    """A job that is made again and again."""

    id: str
    """UUID, 32 hexadecimal digits."""
    site: str
    arguments: Mapping[str, str] = field(factory=dict)
    lanes: tuple[str, ...] = ()
    every: float
    """Seconds between two jobs. One that is still open when the next falls due is not doubled."""
    next_at: datetime
    """When the next job is made."""


@frozen(kw_only=True)
class LaneState:
    """State of a lane that must outlive its owner; plain JSON values."""

    delay: float = 0.0
    """Seconds between two requests: so long after an owner's deadline the next one may begin."""
    waits: Mapping[str, str] = field(factory=dict)
    """Host to ISO 8601 UTC time before which it takes no request (Retry-After)."""
    mirrors: Sequence[Mapping[str, Any]] = ()
    """Rows of table `mirrors`."""
    given_up: Mapping[str, str] = field(factory=dict)
    """Host to the last reason, of hosts given up."""
    robots: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    """Origin to `{"fetched": ISO time, "status": ..., "text": ...}` of its last robots.txt."""


@frozen(kw_only=True)
class Claim:
    """A lane given to this worker until a deadline."""

    lane: str
    token: int
    """Grows with each claim; what is written under an older one changes nothing."""
    deadline: float
    """By this process's monotonic clock, taken before the claim or renewal was sent."""
    state: LaneState = field(factory=LaneState)
    jobs: tuple[Job, ...] = ()
    """Open jobs that have something due in the lane, the longest due first."""
    seq: int = 0
    """Number of the last change of the lane's rows by anybody; 0 where rows are not shared."""
    same_owner: bool = False
    """Nobody else has held the lane since this worker did last."""


@frozen(kw_only=True)
class Part:
    """One worker's share of a job: one run, in its index."""

    id: str
    job: str
    worker: str
    lanes: tuple[str, ...] = ()
    run_id: int | None = None
    """In the worker's index."""
    started: datetime
    ended: datetime | None = None
    exit_code: int | None = None
    reason: str | None = None
    stats: Mapping[str, Any] = field(factory=dict)
    """The run report's figures."""


@frozen(kw_only=True)
class JobReport:
    """Standing of a job: its parts and what is left."""

    job: Job
    parts: tuple[Part, ...]
    states: Mapping[str, int]
    """Rows of the job by state, where rows are shared; else the parts' figures are summed."""
    open_lanes: int
    """Lanes of the job that wait or run."""

    @property
    def ended(self) -> bool:
        """No lane and no row of the job is open."""
        return not self.open_lanes and not any(self.states.get(state) for state in ("queued", "leased", "captured"))

    @property
    def complete(self) -> bool:
        """It has ended, and no worker's part of it failed."""
        return self.ended and all(part.exit_code == 0 for part in self.last_parts)

    @property
    def last_parts(self) -> tuple[Part, ...]:
        """The parts that were the last to end in any of their lanes.

        What one has lost or left to be done, another has done. One that never ended, since its
        worker was killed, counts where no other had its lanes.
        """
        last: dict[str, Part] = {}
        for part in sorted(self.parts, key=lambda part: (part.ended is not None, part.ended or part.started, part.started)):
            last.update(dict.fromkeys(part.lanes or ("",), part))
        counting = {part.id for part in last.values()}
        return tuple(part for part in sorted(self.parts, key=lambda part: part.started) if part.id in counting)
