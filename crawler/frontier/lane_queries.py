"""Queries of the lanes on the table, without the rows that are laid over it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from crawler.frontier.rows import FrontierRow, Urgency
from crawler.frontier.table import FrontierTable, Keys, Selection


@frozen
class LaneQueries:
    """`lanes.Table` over table `frontier`."""

    table: FrontierTable
    overlay: Keys

    def lanes_after(self, lane: str, most: int) -> tuple[list[tuple[str, Urgency]], str | None]:
        """List the next lanes by name, each with its first row's urgency."""
        return self.table.lanes_after(lane, most)

    def of_lane(self, lane: str, selection: Selection, now: str, most: int) -> Iterator[FrontierRow]:
        """Yield the rows of a lane that are due and not laid over."""
        return self.table.of_lane(lane, selection, now, skip=self.overlay, most=most)

    def in_order(self, selection: Selection, now: str, most: int) -> Iterator[FrontierRow]:
        """Yield the rows of all lanes that are due and not laid over."""
        return self.table.in_order(selection, now, skip=self.overlay, most=most)

    def fell_due(self, after: str, now: str) -> Iterator[tuple[str, Urgency]]:
        """Yield lane and urgency of each row that fell due between two times."""
        return self.table.fell_due(after, now)

    def next_due(self, after: str) -> str | None:
        """Return when the next row of the table falls due."""
        return self.table.next_due(after)
