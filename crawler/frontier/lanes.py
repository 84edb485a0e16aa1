"""Order of queued rows, by lanes in memory, without a query for every host.

A lane holds the rows of one host. Of what the table has in it only a lower bound is known (three words), so that memory grows by
hosts, not by rows; rows that are not committed yet are pointed at where they lie. Taking the most urgent row is a step in a heap and
one statement about one lane. Lanes whose host is busy are passed over without a statement; those whose host asked us to wait lie in a
heap of their own until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from heapq import heappop, heappush, merge
from itertools import count
from typing import Protocol

from attrs import define, field

from crawler.frontier.protocol import Closed
from crawler.frontier.rows import FrontierRow, Urgency, lane_of, urgency
from crawler.frontier.table import Selection
from crawler.index.rows import iso
from crawler.urls import host_of

LOOK_AHEAD = 200
"""Rows of one lane, or of the table while not all lanes are known, that are looked at for one whose host is free."""
LANES_AT_ONCE = 64
"""Lanes looked up with each lease, until all are known: the first lease does not wait for thousands."""


class Table(Protocol):
    """Queries of the lanes; rows laid over the table are left out."""

    def lanes_after(self, lane: str, most: int) -> list[tuple[str, Urgency]]:
        """List the next lanes by name, each with a lower bound of its urgency."""

    def of_lane(self, lane: str, selection: Selection, now: str) -> Iterator[FrontierRow]:
        """Yield the due rows of a lane, the most urgent first."""

    def in_order(self, selection: Selection, now: str, most: int) -> Iterator[FrontierRow]:
        """Yield the due rows of all lanes, the most urgent first."""

    def fell_due(self, after: str, now: str) -> Iterator[tuple[str, Urgency]]:
        """Yield lane and urgency of each row that fell due between two times."""

    def next_due(self, after: str) -> str | None:
        """Return the time at which the next row falls due."""


@define
class _Lane:
    name: str
    bound: Urgency | None = None
    """No row of the table in this lane that is due is more urgent; None: there is none."""
    fresh: list[tuple[Urgency, int]] = field(factory=list)
    """A heap of what is laid over the table: urgency and version."""
    entry: Urgency | None = None
    """Under what it stands in the heap of lanes; None: it does not."""


class Lanes:
    """The lanes of one run.

    Args:
        overlay: Rows that are not committed yet, by key; they count in place of the table's.
        selection: The rows to hand out.
    """

    def __init__(self, table: Table, overlay: Mapping[str, FrontierRow], selection: Selection, *, now: str) -> None:
        self.selection, self._table, self._overlay = selection, table, overlay
        self._lanes: dict[str, _Lane] = {}
        self._ready: list[tuple[Urgency, str]] = []
        self._resting: list[tuple[str, str]] = []
        self._later: list[tuple[str, str, int]] = []
        self._known_to: str | None = ""
        """The last lane that was looked up; None: all are known."""
        self._seen, self._next_due = now, table.next_due(now)
        self._numbers = count()
        for row in overlay.values():
            self.put(row, now)

    # -- what changes

    def put(self, row: FrontierRow, now: str) -> None:
        """Account for a row that is laid over the table."""
        if row.state != "queued" or not self.selection.holds(row):
            return
        if row.due > now:
            heappush(self._later, (row.due, row.key, row.version))
        else:
            lane = self._lane(lane_of(row))
            heappush(lane.fresh, (urgency(row), row.version))
            self._offer(lane, urgency(row))

    def committed(self, row: FrontierRow) -> None:
        """Account for a row that was laid over the table and stands in it now."""
        if row.state != "queued" or not self.selection.holds(row):
            return
        if row.due > self._seen:
            self._next_due = min(self._next_due or row.due, row.due)
        else:
            self._bound(lane_of(row), urgency(row))
        lane = self._lanes.get(lane_of(row))
        if lane is not None and len(lane.fresh) > 2 * len(self._overlay) + LOOK_AHEAD:
            lane.fresh = sorted(entry for entry in lane.fresh if self._valid(entry) is not None)

    def _lane(self, name: str) -> _Lane:
        return self._lanes.setdefault(name, _Lane(name))

    def _bound(self, name: str, at: Urgency) -> None:
        lane = self._lane(name)
        lane.bound = at if lane.bound is None else min(lane.bound, at)
        self._offer(lane, at)

    def _offer(self, lane: _Lane, at: Urgency) -> None:
        if lane.entry is None or at < lane.entry:
            lane.entry = at
            heappush(self._ready, (at, lane.name))

    # -- what goes next

    def rows(self, when: datetime, closed: Closed) -> Iterator[FrontierRow]:
        """Yield due rows, the most urgent first, each lane's in order.

        Args:
            closed: Asked for each lane's host before the lane is looked into.
        """
        now = iso(when)
        self._pass_time(now)
        shown: set[str] = set()
        if self._known_to is not None:
            self._look_up(LANES_AT_ONCE)
            for row in self._in_order(now, when, closed):
                shown.add(row.key)
                yield row
            while self._known_to is not None:
                self._look_up(LANES_AT_ONCE)
        for row in self._by_lane(now, when, closed):
            if row.key not in shown:
                yield row

    def _pass_time(self, now: str) -> None:
        """Bring in rows that have fallen due and hosts that have rested."""
        while self._later and self._later[0][0] <= now:
            _, key, version = heappop(self._later)
            row = self._overlay.get(key)
            if row is not None and row.version == version:
                self.put(row, now)
        while self._resting and self._resting[0][0] <= now:
            self._stand(self._lane(heappop(self._resting)[1]))
        if self._next_due is not None and self._next_due <= now:
            for lane, at in self._table.fell_due(self._seen, now):
                self._bound(lane, at)
            self._next_due = self._table.next_due(now)
        self._seen = max(self._seen, now)

    def _look_up(self, most: int) -> None:
        """Query some more lanes."""
        assert self._known_to is not None
        found = self._table.lanes_after(self._known_to, most)
        for name, at in found:
            self._bound(name, at)
        self._known_to = found[-1][0] if len(found) == most else None

    def _in_order(self, now: str, when: datetime, closed: Closed) -> Iterator[FrontierRow]:
        """Yield the first rows of the whole table, while lanes are still unknown."""
        fresh = sorted((row for row in self._overlay.values() if self._stands(row, now)), key=urgency)
        for row in merge(self._table.in_order(self.selection, now, LOOK_AHEAD), fresh, key=urgency):
            if closed(*_host_of(lane_of(row))) is None:
                yield row

    def _stands(self, row: FrontierRow, now: str) -> bool:
        return row.state == "queued" and row.due <= now and self.selection.holds(row)

    def _by_lane(self, now: str, when: datetime, closed: Closed) -> Iterator[FrontierRow]:
        taken: list[_Lane] = []
        local: list[tuple[Urgency, int, FrontierRow, Iterator[FrontierRow]]] = []

        def show(rows: Iterator[FrontierRow]) -> None:
            if (row := next(rows, None)) is not None:
                heappush(local, (urgency(row), next(self._numbers), row, rows))

        try:
            while True:
                while self._ready and (not local or self._ready[0][0] < local[0][0]):
                    if (lane := self._take()) is None:
                        continue
                    until = closed(*_host_of(lane.name))
                    if until is not None and until > when:
                        heappush(self._resting, (iso(until), lane.name))
                        continue
                    taken.append(lane)
                    if until is None:
                        show(self._of(lane, now))
                if not local:
                    return
                _, _, row, rows = heappop(local)
                yield row
                show(rows)
        finally:
            for lane in taken:
                self._stand(lane)

    def _take(self) -> _Lane | None:
        at, name = heappop(self._ready)
        lane = self._lanes.get(name)
        if lane is None or lane.entry != at:
            return None
        lane.entry = None
        return lane

    def _stand(self, lane: _Lane) -> None:
        """Put a lane back into the heap under its most urgent row, if any."""
        while lane.fresh and self._valid(lane.fresh[0]) is None:
            heappop(lane.fresh)
        bounds = [at for at in (lane.bound, lane.fresh[0][0] if lane.fresh else None) if at is not None]
        if bounds:
            self._offer(lane, min(bounds))
        elif lane.entry is None:
            self._lanes.pop(lane.name, None)

    def _valid(self, fresh: tuple[Urgency, int]) -> FrontierRow | None:
        """Return the row that an entry of a lane points at, unless it changed since."""
        row = self._overlay.get(fresh[0][2])
        return row if row is not None and row.version == fresh[1] else None

    def _of(self, lane: _Lane, now: str) -> Iterator[FrontierRow]:
        return merge(self._stored(lane, now), self._laid_over(lane), key=urgency)

    def _stored(self, lane: _Lane, now: str) -> Iterator[FrontierRow]:
        """Yield the table's rows of a lane, and set its bound by the first."""
        if lane.bound is None:
            return
        lane.bound = None
        for row in self._table.of_lane(lane.name, self.selection, now):
            lane.bound = lane.bound or urgency(row)
            yield row

    def _laid_over(self, lane: _Lane) -> Iterator[FrontierRow]:
        heap = list(lane.fresh)
        while heap:
            if (row := self._valid(heappop(heap))) is not None:
                yield row


def _host_of(lane: str) -> tuple[str, bool]:
    """Return the host of a lane, and whether only that host may be asked."""
    return (host_of(lane), False) if "://" in lane else (lane, True)
