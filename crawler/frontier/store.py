"""The frontier in table `frontier` of the collection: one row a story or address.

Rows are read over a read-only connection (`table`); changes are handed to the collection's writer, which commits them in order. Until a
change is committed it is kept in memory and laid over what the table says. So memory holds what is in flight, never the queue.

    queued -> leased -> captured -> done | failed | refused        done -> queued when a recheck is due
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import evolve

from crawler.frontier.due_rechecks import RECHECK
from crawler.frontier.known_keys import KnownKeys
from crawler.frontier.lane_queries import LaneQueries
from crawler.frontier.lanes import Lanes
from crawler.frontier.news_first import MANY, NewsFirst
from crawler.frontier.one_lane import OneLane
from crawler.frontier.protocol import Closed
from crawler.frontier.rows import OPEN_STATES, FrontierRow, State, is_fresh_page, is_retitled, new_row, queued_again
from crawler.frontier.table import ALL, FrontierTable, Selection
from crawler.frontier.unsaved import Submit, Unsaved
from crawler.index.rows import iso
from crawler.items import FrontierRequest, Role
from crawler.items.record_ids import new_record_id

LEASE_SECONDS = 900


class SqliteFrontier(OneLane):
    """The frontier of one collection during one run: `protocol.Frontier` over SQLite.

    Args:
        path: Of `index.db`.
        submit: Hands a change to the collection's writer.
        rechecks: Known stories that lists may still queue because they are due.
    """

    def __init__(self, path: Path, *, submit: Submit, run_id: int | None, clock: Callable[[], datetime], rechecks: int = MANY) -> None:
        self._table = FrontierTable(path)
        self._run_id, self._clock = run_id, clock
        self._known = KnownKeys(self._table.keys_after)
        self._unsaved = Unsaved(submit, self._committed)
        self._overlay = self._unsaved.rows
        self._version, self._added = 0, datetime.min.replace(tzinfo=UTC)
        self.news = NewsFirst(rechecks)
        self._queued: int | None = None
        """Queued rows, once they were counted."""
        self._lanes: Lanes | None = None
        """Made when rows are first asked for."""
        self._leased: dict[str, FrontierRow] = {}
        self._busy: Counter[str] = Counter()
        """Rows handed out, by host."""

    # -- what to ask for

    def queued(
        self, *, only_run: bool = False, without_stories: bool = False, closed: Closed = lambda host, pinned: None
    ) -> Iterator[FrontierRow]:
        """Yield queued rows that are due, the most urgent first; see `Frontier.queued`.

        Only the first rows of each lane are read: rows that wait for a busy host neither hide others, nor are read through each time.
        """
        now, selection = self._clock(), self._selection(only_run, without_stories)
        if self._lanes is None or self._lanes.selection != selection:
            self._lanes = Lanes(LaneQueries(self._table, self._overlay), self._overlay, selection, now=iso(now))
        return self._lanes.rows(now, closed)

    def _selection(self, only_run: bool, without_stories: bool = False) -> Selection:
        return Selection(run_id=self._run_id if only_run else None, fresh=False if without_stories else None)

    def lease(self, row: FrontierRow, host: str) -> FrontierRow:
        """Hand a row out for one host, with the record id of its future capture."""
        until = iso(self._clock() + timedelta(seconds=LEASE_SECONDS))
        tried, record_id = (*row.tried, host), new_record_id()
        leased = self._change(
            row, state="leased", lease_until=until, attempts=row.attempts + 1, tried=tried, run_id=self._run_id, record_id=record_id
        )
        self._hold(leased)
        return leased

    def left_over(self, site: str) -> Iterator[FrontierRow]:
        """Yield the rows that an earlier run captured and did not parse, as leased."""
        for key in self._table.captured(site):
            if (row := self.take_up(key)) is not None:
                yield row

    def leave(self, key: str) -> None:
        """Leave a captured row to be parsed later."""
        self._let_go(key)

    def take_up(self, key: str) -> FrontierRow | None:
        """Hold a row that was captured and not parsed; None for any other."""
        row = self.row(key)
        if row is None or row.state != "captured" or key in self._leased:
            return None
        self._hold(row)
        return row

    def _hold(self, row: FrontierRow) -> None:
        self._let_go(row.key)
        self._leased[row.key] = row
        if row.state == "leased":
            self._busy[row.tried[-1] if row.tried else ""] += 1

    def _let_go(self, key: str) -> FrontierRow | None:
        row = self._leased.pop(key, None)
        if row is not None and row.state == "leased":
            self._busy[row.tried[-1] if row.tried else ""] -= 1
        return row

    def leased(self, key: str) -> FrontierRow | None:
        """Return the row of a key while it is handed out."""
        return self._leased.get(key)

    def in_flight(self, host: str | None = None) -> int:
        """Count the rows handed out, of one host or of all."""
        return len(self._leased) if host is None else self._busy[host]

    def pending(self, *, only_run: bool = False, without_stories: bool = False) -> bool:
        """Return True while rows are leased, or queued for now or later."""
        selection = self._selection(only_run, without_stories)
        return bool(self._leased) or any(map(selection.holds, self._waiting())) or self._table.has_queued(selection, self._overlay)

    def soonest(self, *, only_run: bool = False) -> datetime | None:
        """Return the time at which the next waiting row falls due."""
        now, selection = iso(self._clock()), self._selection(only_run)
        if self._lanes is not None and self._lanes.selection == selection == ALL:
            due = self._lanes.next_due()
            return datetime.fromisoformat(due) if due else None
        dues = [row.due for row in self._waiting() if row.due > now and selection.holds(row)]
        if stored := self._table.next_due(now, selection, self._overlay):
            dues.append(stored)
        return datetime.fromisoformat(min(dues)) if dues else None

    def next_open(self) -> datetime | None:
        """Return when the next host is free again that was closed until a known time."""
        opens = self._lanes.next_open() if self._lanes is not None else None
        return datetime.fromisoformat(opens) if opens else None

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

    # -- changes

    def add(self, requests: Iterable[FrontierRequest], *, run_id: int | None = None) -> int:
        """Queue new, due and repeated requests; return the number queued."""
        asked = list(requests)
        found, run_id = self.rows(request.key for request in asked), self._run_id if run_id is None else run_id
        with self._unsaved.gathered():
            return sum(self._add(request, self._overlay.get(request.key) or found.get(request.key), run_id) for request in asked)

    def _add(self, request: FrontierRequest, row: FrontierRow | None, run_id: int | None) -> bool:
        if row is None:
            self._put(new_row(request, run_id, iso(self._clock()), added=self._time_of_its_own()))
            return True
        if row.state in OPEN_STATES:
            self._add_again(row, request, run_id)
            return False
        if row.run_id == run_id:
            return False
        again = self.news.limited(queued_again(row, request, run_id, iso(self._clock())), row, request)
        if again is not None:
            self._put(again, row)
        elif request.hint and request.hint != row.hint:
            self._change(row, hint=request.hint)
        return again is not None

    def _time_of_its_own(self) -> str:
        """Return a time behind that of the row before, so that links keep their order."""
        self._added = max(self._clock(), self._added + timedelta(microseconds=1))
        return iso(self._added)

    def _add_again(self, row: FrontierRow, request: FrontierRequest, run_id: int | None) -> None:
        """Update the hint of an open row, and the urgency of a queued one."""
        hint, priority = request.hint or row.hint, max(request.priority, row.priority)
        if row.priority <= RECHECK and not is_retitled(row, request):
            priority = row.priority
        if row.state != "queued":
            priority, run_id = row.priority, row.run_id
        # Compared first: nearly every link of a page leads to a row that is open and stays as it is.
        if (hint, priority, run_id) != (row.hint, row.priority, row.run_id):
            more = self._change(row, hint=hint, priority=priority, run_id=run_id)
            if row.key in self._leased:
                self._leased[row.key] = more

    def settle(self, key: str, state: State, **columns: Any) -> None:
        """Set how a row ended, or queue it again (state `queued` with a `due`)."""
        row = self._let_go(key) or self.row(key)
        if row is not None:
            self._change(row, state=state, lease_until=None, **columns)

    def _change(self, row: FrontierRow, **columns: Any) -> FrontierRow:
        return self._put(row, row, **columns)

    def _put(self, row: FrontierRow, was: FrontierRow | None = None, **columns: Any) -> FrontierRow:
        if was is None:
            self._known.add(row.key)
        before = was is not None and was.state == "queued"
        self._version += 1
        row = evolve(row, changed=iso(self._clock()), version=self._version, **columns)
        if self._queued is not None:
            self._queued += (row.state == "queued") - before
        self.news.note(row)
        self._unsaved.put(row, was)
        if self._lanes is not None:
            self._lanes.put(row, was, row.changed)
        return row

    def _committed(self, row: FrontierRow) -> None:
        if self._lanes is not None:
            self._lanes.committed(row)

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
        """Close the reading connection."""
        self._table.close()
