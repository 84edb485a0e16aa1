"""Order of queued rows, by lanes in memory, without a query for each lease.

A lane holds the rows of one host. Its first rows lie in memory, those that are not committed yet among them; of the rest only a lower
bound is known, so that memory grows by hosts, not by rows. Taking the most urgent row is a step in a heap, and now and then one statement
about one lane. Lanes whose host is busy are passed over without a statement; those whose host takes nothing for a known time lie in a heap
of their own until then, and come back in the order in which their hosts became free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from heapq import heappop, heappush, merge
from itertools import count
from typing import Protocol

from crawler.frontier.host_lane import HostLane
from crawler.frontier.protocol import Closed
from crawler.frontier.rows import FrontierRow, Urgency, just_after, lane_of, urgency
from crawler.frontier.table import Selection
from crawler.index.rows import iso

LOOK_AHEAD = 200
"""Rows of one lane, or of the table while not all lanes are known, that are looked at for one whose host is free."""
LANES_AT_ONCE = 64
"""Lanes looked up with each lease, until all are known: the first lease does not wait for thousands."""
MOST_ROWS = 5000
"""Rows of the table held in memory, of all lanes: some six megabytes."""
ROWS_AT_ONCE = 32
"""Rows of a lane read at a time, at most."""


class Table(Protocol):
    """Queries of the lanes; rows laid over the table are left out."""

    def lanes_after(self, lane: str, most: int) -> tuple[list[tuple[str, Urgency]], str | None]:
        """List the next lanes by name with bounds of their urgency, and the last.

        None in place of the last if there are no more.
        """

    def of_lane(self, lane: str, selection: Selection, now: str, most: int) -> Iterator[FrontierRow]:
        """Yield so many due rows of a lane, the most urgent first."""

    def in_order(self, selection: Selection, now: str, most: int) -> Iterator[FrontierRow]:
        """Yield the due rows of all lanes, the most urgent first."""

    def fell_due(self, after: str, now: str) -> Iterator[tuple[str, Urgency]]:
        """Yield lane and urgency of each row that fell due between two times."""

    def next_due(self, after: str) -> str | None:
        """Return the time at which the next row falls due."""


class Lanes:
    """The lanes of one run.

    Args:
        overlay: Rows that are not committed yet, by key; they count in place of the table's.
        selection: The rows to hand out.
        most: Rows of the table held in memory; None: `MOST_ROWS`.
        is_lost: Tells by name whether nothing of a lane may be asked for.
    """

    def __init__(
        self, table: Table, overlay: Mapping[str, FrontierRow], selection: Selection, *, now: str, most: int | None = None,
        is_lost: Callable[[str], bool] | None = None,
    ) -> None:  # fmt: skip
        self.selection, self._table, self._overlay = selection, table, overlay
        self._most, self._is_lost = most, is_lost
        self._lanes: dict[str, HostLane] = {}
        self._ready: list[tuple[str, Urgency, str]] = []
        self._resting: list[tuple[str, str]] = []
        self._later: list[tuple[str, str, int]] = []
        self._known_to: str | None = ""
        """The last lane that was looked up; None: all are known."""
        self._seen, self._next_due = now, table.next_due(now)
        self._numbers = count()
        for row in overlay.values():
            self.put(row, None, now)

    # -- what changes

    def put(self, row: FrontierRow, was: FrontierRow | None, now: str) -> None:
        """Account for a row that is laid over the table.

        Args:
            was: As it stood before; None if it is new, or was not queued.
        """
        if was is not None and was.state == "queued" and (lane := self._lanes.get(lane_of(was))) is not None:
            lane.remove(was)
        if row.state != "queued" or not self.selection.holds(row):
            return
        if row.due > now:
            heappush(self._later, (row.due, row.key, row.version))
        else:
            lane = self._lane(lane_of(row))
            lane.insert(row)
            self._offer(lane)

    def committed(self, row: FrontierRow) -> None:
        """Account for a row that was laid over the table and stands in it now."""
        if row.state != "queued" or not self.selection.holds(row):
            return
        if row.due > max(self._seen, row.changed):  # else it is in its lane
            self._next_due = min(self._next_due or row.due, row.due)
        elif (lane := self._lanes.get(lane_of(row))) is not None:
            self._trim(lane)

    def next_open(self) -> str | None:
        """Return when the next host is free again that takes nothing for a known time."""
        return self._resting[0][0] if self._resting else None

    def next_due(self) -> str | None:
        """Return when the next waiting row falls due, committed or not."""
        while self._later and not self._is_current(*self._later[0][1:]):
            heappop(self._later)
        dues = [due for due in (self._next_due, self._later[0][0] if self._later else None) if due is not None]
        return min(dues, default=None)

    def _is_current(self, key: str, version: int) -> bool:
        row = self._overlay.get(key)
        return row is not None and row.version == version

    def _lane(self, name: str) -> HostLane:
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = HostLane.named(name)
        return lane

    def _bound(self, name: str, at: Urgency) -> None:
        """Take note of a row of the table that is not in memory."""
        lane = self._lane(name)
        lane.extend(at)
        self._offer(lane)

    def _offer(self, lane: HostLane) -> None:
        """Put a lane into the heap, or drop it if it has no rows."""
        if lane.held:
            return
        if (first := lane.first()) is None:
            if lane.entry is None:
                self._lanes.pop(lane.name, None)
        elif lane.entry is None or (lane.since, first) < lane.entry:
            lane.entry = lane.since, first
            heappush(self._ready, (lane.since, first, lane.name))

    def _trim(self, lane: HostLane) -> None:
        """Leave the last rows of a lane to the table, if memory holds too many."""
        lane.trim(min(LOOK_AHEAD, self._share()), self._overlay)

    def _share(self) -> int:
        """Return how many rows of each lane memory has room for."""
        return (MOST_ROWS if self._most is None else self._most) // len(self._lanes)

    def take_in(self, found: Iterable[tuple[str, Urgency]]) -> None:
        """Take in rows that others have written: lanes with bounds of their urgency."""
        for name, at in found:
            self._bound(name, at)

    def leave_out(self, name: Callable[[str], bool]) -> None:
        """Forget the lanes of some names, and their rows in memory."""
        for one in [one for one in self._lanes if name(one)]:
            del self._lanes[one]

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
            for row in self._in_order(now, closed) if self._known_to is not None else ():
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
            if self._is_current(key, version):
                self.put(self._overlay[key], None, now)
        while self._resting and self._resting[0][0] <= now:
            until, name = heappop(self._resting)
            if (lane := self._lanes.get(name)) is None:
                continue
            # A row for one host only does not stand back behind those that the same host shares with others, and that never rest.
            lane.held, lane.since = False, "" if lane.pinned else until
            self._offer(lane)
        if self._next_due is not None and self._next_due <= now:
            for name, at in self._table.fell_due(self._seen, now):
                self._bound(name, at)
            self._next_due = self._table.next_due(now)
        self._seen = max(self._seen, now)

    def _look_up(self, most: int) -> None:
        """Query some more lanes."""
        assert self._known_to is not None
        found, self._known_to = self._table.lanes_after(self._known_to, most)
        self.take_in(found)

    def _in_order(self, now: str, closed: Closed) -> Iterator[FrontierRow]:
        """Yield the first rows of the whole table, while lanes are still unknown."""
        fresh = sorted((row for row in self._overlay.values() if self._stands(row, now)), key=urgency)
        for row in merge(self._table.in_order(self.selection, now, LOOK_AHEAD), fresh, key=urgency):
            lane = self._lanes.get(name := lane_of(row)) or HostLane.named(name)
            if closed(lane.host, lane.pinned) is None:
                yield row

    def _stands(self, row: FrontierRow, now: str) -> bool:
        return row.state == "queued" and row.due <= now and self.selection.holds(row)

    def _by_lane(self, now: str, when: datetime, closed: Closed) -> Iterator[FrontierRow]:
        taken: list[HostLane] = []
        local: list[tuple[str, Urgency, int, int, FrontierRow, HostLane]] = []

        def show(lane: HostLane, nth: int, after: Urgency | None = None) -> None:
            if nth < LOOK_AHEAD and (row := self._next(lane, after, now)) is not None:
                heappush(local, (lane.since, urgency(row), next(self._numbers), nth, row, lane))

        try:
            while True:
                while self._ready and (not local or self._ready[0][:2] < local[0][:2]):
                    if (lane := self._take()) is None:
                        continue
                    lost = self._is_lost is not None and self._is_lost(lane.name)
                    until, lane.held = when if lost else closed(lane.host, lane.pinned), True
                    if until is not None and until > when:
                        heappush(self._resting, (iso(until), lane.name))
                        continue
                    taken.append(lane)
                    if until is None:
                        show(lane, 0)
                if not local:
                    return
                _, at, _, nth, row, lane = heappop(local)
                yield row
                show(lane, nth + 1, at)
        finally:
            for lane in taken:
                lane.held = False
                self._trim(lane)
                self._offer(lane)

    def _take(self) -> HostLane | None:
        """Take the first lane out of the heap; None if its place has changed."""
        since, at, name = heappop(self._ready)
        lane = self._lanes.get(name)
        if lane is None or lane.entry != (since, at):
            return None
        lane.entry = None
        if lane.first() != at:
            self._offer(lane)
            return None
        return lane

    def _next(self, lane: HostLane, after: Urgency | None, now: str) -> FrontierRow | None:
        """Return the row that follows another, from memory or the table."""
        while (row := lane.after(after)) is None and lane.end is not None:
            self._read(lane, now)
        return row

    def _read(self, lane: HostLane, now: str) -> None:
        """Read some more rows of a lane from the table."""
        left = max(1, min(ROWS_AT_ONCE, self._share()))
        lane.end = None
        for row in self._table.of_lane(lane.name, self.selection, now, len(lane.ahead) + left):
            left -= lane.insert(row)
            if left == 0:
                lane.end = just_after(row)
                return
