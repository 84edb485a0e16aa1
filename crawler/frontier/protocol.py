"""Interface of a frontier during one run; `tests/frontier/conformance` holds every engine to it.

Table `frontier` of the collection is the only engine. Where several workers share one frontier, each has a working copy of the rows of
the lanes it holds there: lanes are claimed at the job store (`crawler.jobs`), `RunScope` knows which are held, and what changes is noted
in an outbox in the same transaction (`crawler.outbox`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from crawler.frontier.news_first import NewsFirst
from crawler.frontier.rows import FrontierRow, State
from crawler.items import FrontierRequest, Role

Closed = Callable[[str, bool], datetime | None]
"""Until when a host takes nothing (now: until something changes), or None; told whether it is the only one that may be asked."""


class Frontier(Protocol):
    """Requests yet to be made, and the outcome of past ones; reads are local."""

    news: NewsFirst
    """Limits of rechecks, which never hold up news."""

    # -- what to ask for

    def queued(self, *, only_run: bool = False, without_stories: bool = False, closed: Closed = ...) -> Iterator[FrontierRow]:
        """Yield due rows of lanes that are held, the most urgent first.

        Close it before the next call.

        Args:
            only_run: Rows of this run only.
            without_stories: Leave out stories and pages that were not asked for yet.
            closed: Asked for the host of each lane; lanes of closed hosts are not looked into.
        """

    def lease(self, row: FrontierRow, host: str) -> FrontierRow:
        """Hand a row out for one host, with the record id of its future capture.

        Raises:
            LaneLost: The deadline of its lane has passed.
        """

    def take_lane(self, lane: str) -> None:
        """Hand out rows of a further lane."""

    def leave_lane(self, lane: str) -> None:
        """Hand out nothing of a lane any more."""

    def left_over(self, site: str) -> Iterator[FrontierRow]:
        """Yield the rows that were captured and not parsed, as leased."""

    def leave(self, key: str) -> None:
        """Leave a captured row to be parsed later, or one whose lane is lost."""

    def take_up(self, key: str) -> FrontierRow | None:
        """Hold a row that was captured and not parsed; None for any other."""

    def leased(self, key: str) -> FrontierRow | None:
        """Return the row of a key while it is handed out."""

    def handed_out(self) -> list[FrontierRow]:
        """List the rows handed out, leased or captured."""

    def is_open(self, lane: str) -> bool:
        """Return True while a row of a lane is queued, leased or captured."""

    def in_flight(self, host: str | None = None) -> int:
        """Count the rows handed out, of one host or of all."""

    def pending(self, *, only_run: bool = False, without_stories: bool = False) -> bool:
        """Return True while rows are leased, or queued for now or later."""

    def soonest(self, *, only_run: bool = False) -> datetime | None:
        """Return the time at which the next waiting row falls due."""

    def next_open(self) -> datetime | None:
        """Return when the next host is free again that was closed until a known time."""

    # -- what is known

    def row(self, key: str) -> FrontierRow | None:
        """Return a row as it stands now, committed or not."""

    def rows(self, keys: Iterable[str]) -> Mapping[str, FrontierRow]:
        """Return the rows of some keys as they stand now, by key."""

    def has(self, key: str) -> bool:
        """Return True if there is a row of a key, committed or not."""

    def count(self) -> int:
        """Count the queued rows, roughly: for the progress line."""

    @property
    def unsaved(self) -> int:
        """The number of changes that are not committed yet."""

    def known(self, site: str, role: Role) -> Iterator[FrontierRow]:
        """Yield every settled row of a site and role, by key."""

    def due(self, site: str, role: Role) -> Iterator[FrontierRow]:
        """Yield the settled rows of a site and role that are due for a recheck."""

    def not_due(self, site: str, role: Role) -> int:
        """Count the done rows that are not due and were not requested in this run."""

    def backlog(self, until: str) -> tuple[int, str]:
        """Count the rechecks due at a time and not queued, and give one address."""

    def unasked(self) -> tuple[int, str]:
        """Count the stories and pages never requested, and give one address."""

    # -- changes

    def add(self, requests: Iterable[FrontierRequest], *, run_id: int | None = None) -> int:
        """Queue new, due and repeated requests; return the number queued.

        Those in lanes of others are left to them.

        Args:
            run_id: The run that asks; None for this one.
        """

    def settle(self, key: str, state: State, **columns: Any) -> None:
        """Set how a row ended, or queue it again (state `queued` with a `due`)."""

    # -- how a run ended, asked when all changes are committed

    def waiting(self, *, only_run: bool = False, fresh: bool | None = None) -> tuple[int, str]:
        """Count the queued rows, and give the address of the most urgent.

        Args:
            fresh: Only stories and pages not asked for yet (True), or all but these (False).
        """

    def outcomes(self, run_id: int) -> dict[str, int]:
        """Count the rows of a run by state."""

    def ended(self, state: State, run_id: int) -> Iterator[FrontierRow]:
        """Yield the rows of a run in one state, by address."""

    def ended_well(self, key: str, run_id: int) -> bool:
        """Return True if some host gave what others refused."""

    def close(self) -> None:
        """Close what is open; changes handed over are still committed."""
