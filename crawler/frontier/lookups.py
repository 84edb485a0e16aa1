"""Lookups of a frontier: what is known, and how a run ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from attrs import evolve

from crawler.frontier.rows import OPEN_STATES, FrontierRow, State, is_fresh_page
from crawler.frontier.run_scope import RunScope
from crawler.frontier.scoped_table import ScopedTable
from crawler.frontier.table import ALL, FrontierTable, Selection
from crawler.index.rows import iso
from crawler.items import Role
from crawler.urls.known_keys import KnownKeys


class Lookups:
    """Rows of the table with uncommitted changes laid over it.

    Args:
        path: Of `index.db`.
        overlay: Rows that are not committed yet, by key.
        table: Shared by the runs of a process; None: one of its own.
        known: As `table`.
        scope: The rows that the run may hand out; None: all.
    """

    def __init__(
        self, path: Path, overlay: Mapping[str, FrontierRow], *, run_id: int | None, clock: Callable[[], datetime],
        table: FrontierTable | None, known: KnownKeys | None, scope: RunScope | None,
    ) -> None:  # fmt: skip
        self._whole, self._owns_table = table or FrontierTable(path), table is None
        self._table = self._whole if scope is None else ScopedTable(self._whole, scope)
        self._known = known if known is not None else KnownKeys(self._whole.keys_after)
        self._overlay, self._run_id, self._clock, self._scope = overlay, run_id, clock, scope
        self._coming = Counter[str]()
        """Changes under way that queue rows in lanes that were others', by lane."""
        self._queued: int | None = None
        """Queued rows, once they were counted."""

    def _selection(self, only_run: bool, without_stories: bool = False) -> Selection:
        return Selection(run_id=self._run_id if only_run else None, fresh=False if without_stories else None)

    def _waiting(self) -> Iterator[FrontierRow]:
        return (row for row in self._overlay.values() if row.state == "queued")

    # -- what is known

    def row(self, key: str) -> FrontierRow | None:
        """Return a row as it stands now, committed or not."""
        return self._overlay.get(key) or (None if self._known.lacks(key) else self._table.row(key))

    def rows(self, keys: Iterable[str]) -> dict[str, FrontierRow]:
        """Return the rows of some keys as they stand now, by key."""
        self._known.read_on()
        asked = [key for key in dict.fromkeys(keys) if not self._known.lacks(key)]
        held = {key: row for key in asked if (row := self._overlay.get(key)) is not None}
        return held | self._table.rows([key for key in asked if key not in held])

    def has(self, key: str) -> bool:
        """Return True if there is a row of a key, committed or not."""
        return self._known.holds(key) or (not self._known.lacks(key) and self._table.has(key))

    def count(self) -> int:
        """Count the queued rows, roughly: for the progress line."""
        if self._queued is None:
            self._queued = self._table.count(ALL)
            for key, row in self._overlay.items():
                self._queued += (row.state == "queued") - self._table.is_queued(key, ALL)
        return self._queued

    @property
    def unsaved(self) -> int:
        """The number of rows held in memory until they are committed."""
        return len(self._overlay)

    def is_open(self, lane: str) -> bool:
        """Return True while a row of a lane is open, or about to be queued."""
        if self._coming[lane] or any(row.lane == lane and row.state in OPEN_STATES for row in self._overlay.values()):
            return True
        return isinstance(self._table, ScopedTable) and self._table.is_open(lane, self._overlay)

    def known(self, site: str, role: Role) -> Iterator[FrontierRow]:
        """Yield every settled row of a site and role, by key."""
        return self._table.known(site, role)

    def due(self, site: str, role: Role) -> Iterator[FrontierRow]:
        """Yield the settled rows of a site and role that are due for a recheck."""
        return self._table.due(site, role, iso(self._clock()))

    def not_due(self, site: str, role: Role) -> int:
        """Count the done rows that are not due and were not requested in this run."""
        return self._table.not_due(site, role, iso(self._clock()), self._run_id)

    def backlog(self, until: str) -> tuple[int, str]:
        """Count the rechecks due at a time and not queued, and give one address."""
        return self._table.backlog(until)

    def unasked(self) -> tuple[int, str]:
        """Count the stories and pages never requested, and give one address."""
        fresh = Selection(fresh=True)
        count = self._table.count(fresh)
        for key, row in self._overlay.items():
            count += (row.state == "queued" and is_fresh_page(row)) - self._table.is_queued(key, fresh)
        waiting = (row.url for row in self._waiting() if is_fresh_page(row))
        return count, self._table.first_url(fresh) or next(waiting, "")

    # -- how a run ended

    def waiting(self, *, only_run: bool = False, fresh: bool | None = None) -> tuple[int, str]:
        """Count the queued rows, and give the address of the most urgent; see `Frontier.waiting`."""
        selection = evolve(self._selection(only_run), fresh=fresh)
        count = self._table.count(selection)
        return count, self._table.first_url(selection) if count else ""

    def outcomes(self, run_id: int) -> dict[str, int]:
        """Count the rows of a run by state."""
        return self._table.outcomes(run_id)

    def ended(self, state: State, run_id: int) -> Iterator[FrontierRow]:
        """Yield the rows of a run in one state, by address."""
        return self._table.ended(state, run_id)

    def ended_well(self, key: str, run_id: int) -> bool:
        """Return True if some host gave what others refused."""
        return self._table.ended_well(key, run_id)

    def close(self) -> None:
        """Close the reading connection, unless it is shared."""
        if self._owns_table:
            self._whole.close()
