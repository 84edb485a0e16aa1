"""One lane: the queued rows of one host, the first of them in memory."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container

from attrs import define, field

from crawler.frontier.rows import FrontierRow, Urgency, urgency
from crawler.urls import host_of

Turn = tuple[str, Urgency]
"""Place of a lane among others: since when its host is free, and its most urgent row."""
Ahead = tuple[Urgency, FrontierRow]


@define
class HostLane:
    """Queued rows of one host."""

    name: str
    host: str
    pinned: bool
    """Only this host may be asked."""
    ahead: list[Ahead] = field(factory=list)
    """Rows in memory, the most urgent first."""
    end: Urgency | None = None
    """Rows of the table that are less urgent than this may not be in `ahead`; None: all rows are."""
    since: str = ""
    """When its host became free after the last rest; empty before the first."""
    held: bool = False
    """It stands in no heap while it rests, or is looked into."""
    entry: Turn | None = None
    """Under what it stands in the heap of lanes; None: it does not."""

    @classmethod
    def named(cls, name: str) -> HostLane:
        """Make the lane of a name, as `lane_of` gives it."""
        pinned = "://" not in name
        return cls(name, name if pinned else host_of(name), pinned)

    def first(self) -> Urgency | None:
        """Lower bound of the urgency of its rows; None if it has none."""
        at = self.ahead[0][0] if self.ahead else None
        return at if self.end is None or (at is not None and at < self.end) else self.end

    def insert(self, row: FrontierRow) -> bool:
        """Add a row, or replace it; True if it was not there."""
        at = urgency(row)
        place = bisect_left(self.ahead, at, key=_at)
        if place < len(self.ahead) and self.ahead[place][0] == at:
            self.ahead[place] = (at, row)
            return False
        self.ahead.insert(place, (at, row))
        return True

    def remove(self, row: FrontierRow) -> None:
        """Remove a row, if it is there."""
        at = urgency(row)
        place = bisect_left(self.ahead, at, key=_at)
        if place < len(self.ahead) and self.ahead[place][0] == at:
            del self.ahead[place]

    def after(self, at: Urgency | None) -> FrontierRow | None:
        """Return the next row in memory; None if the table may hold an earlier one."""
        place = 0 if at is None else bisect_right(self.ahead, at, key=_at)
        if place < len(self.ahead) and (self.end is None or self.ahead[place][0] < self.end):
            return self.ahead[place][1]
        return None

    def extend(self, at: Urgency) -> None:
        """Take note of a row of the table that is not in memory."""
        self.end = at if self.end is None else min(self.end, at)

    def trim(self, most: int, overlay: Container[str]) -> None:
        """Leave all but the first rows to the table, as far as it has them.

        Args:
            overlay: Keys of rows that are not committed.
        """
        while len(self.ahead) > most and self.ahead[-1][1].key not in overlay:
            self.extend(self.ahead.pop()[0])


def _at(entry: Ahead) -> Urgency:
    return entry[0]
