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
from crawler.frontier.foreign import ForeignRequests
from crawler.frontier.lane_queries import LaneQueries
from crawler.frontier.lanes import Lanes
from crawler.frontier.lookups import Lookups
from crawler.frontier.news_first import MANY, NewsFirst
from crawler.frontier.protocol import Closed
from crawler.frontier.rows import OPEN_STATES, FrontierRow, State, is_retitled, new_row, queued_again
from crawler.frontier.run_scope import RunScope
from crawler.frontier.scoped_table import ScopedTable
from crawler.frontier.table import ALL, FrontierTable
from crawler.frontier.unsaved import Submit, Unsaved
from crawler.index.rows import iso
from crawler.items import FrontierRequest
from crawler.items.record_ids import new_record_id
from crawler.urls.known_keys import KnownKeys

LEASE_SECONDS = 900
ROWS_OF_A_SCOPE = 128
"""Rows of the table held in memory by one run among many."""


class SqliteFrontier(Lookups):
    """The frontier of one collection during one run: `protocol.Frontier` over SQLite.

    Args:
        path: Of `index.db`.
        submit: Hands a change to the collection's writer.
        rechecks: Known stories that lists may still queue because they are due.
        table: Shared by the runs of a process; None: one of its own.
        known: As `table`.
        scope: The rows that the run may hand out; None: all.
    """

    def __init__(
        self, path: Path, *, submit: Submit, run_id: int | None, clock: Callable[[], datetime], rechecks: int = MANY,
        table: FrontierTable | None = None, known: KnownKeys | None = None, scope: RunScope | None = None,
    ) -> None:  # fmt: skip
        self._unsaved, self._submit = Unsaved(submit, self._committed), submit
        super().__init__(path, self._unsaved.rows, run_id=run_id, clock=clock, table=table, known=known, scope=scope)
        self._version, self._added = 0, datetime.min.replace(tzinfo=UTC)
        self.news = NewsFirst(rechecks)
        self.on_foreign: Callable[[frozenset[str]], None] = lambda lanes: None
        """Called with the lanes of committed requests that other runs are to make."""
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
            most = None if self._scope is None else ROWS_OF_A_SCOPE
            queries = LaneQueries(self._table, self._overlay)
            self._lanes = Lanes(queries, self._overlay, selection, now=iso(now), most=most, is_lost=self._is_lost if self._scope else None)
        return self._lanes.rows(now, closed)

    def _is_lost(self, host_lane: str) -> bool:
        return self._scope is not None and not self._scope.may_ask(self._scope.lane_of_host(host_lane))

    def take_lane(self, lane: str) -> None:
        """Hand out rows of a further lane, which are in the table by now."""
        if self._scope is not None:
            self._scope.lanes.add(lane)
            self._look_into(lane)

    def leave_lane(self, lane: str) -> None:
        """Hand out nothing of a lane any more."""
        scope = self._scope
        if scope is not None:
            scope.lanes.discard(lane)
            scope.past.add(lane)
            self._queued = None
            if self._lanes is not None:
                self._lanes.leave_out(lambda name: scope.lane_of_host(name) == lane)

    def _look_into(self, lane: str) -> None:
        """Take in rows of a lane that others have written."""
        self._queued = None
        if self._lanes is not None and isinstance(self._table, ScopedTable):
            self._lanes.take_in(self._table.hosts_of(lane))

    def lease(self, row: FrontierRow, host: str) -> FrontierRow:
        """Hand a row out for one host, with the record id of its future capture.

        Raises:
            LaneLost: The deadline of its lane has passed.
        """
        if self._scope is not None:
            self._scope.check(row.lane or self._scope.lane_of(row.site, row.url))
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
        """Leave a captured row to be parsed later, or one whose lane is lost."""
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

    def handed_out(self) -> list[FrontierRow]:
        """List the rows handed out, leased or captured."""
        return list(self._leased.values())

    def in_flight(self, host: str | None = None) -> int:
        """Count the rows handed out, of one host or of all."""
        return len(self._leased) if host is None else self._busy[host]

    def pending(self, *, only_run: bool = False, without_stories: bool = False) -> bool:
        """Return True while rows are leased, or queued for now or later."""
        selection = self._selection(only_run, without_stories)
        if self._leased or (self._scope is not None and any(self._coming[lane] for lane in self._scope.lanes)):
            return True
        return any(map(selection.holds, self._waiting())) or self._table.has_queued(selection, self._overlay)

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

    # -- changes

    def add(self, requests: Iterable[FrontierRequest], *, run_id: int | None = None) -> int:
        """Queue new, due and repeated requests; return the number queued."""
        asked = list(requests)
        found, run_id = self.rows(request.key for request in asked), self._run_id if run_id is None else run_id
        foreign, own = 0, asked
        if self._scope is not None:
            own = [request for request in asked if self._scope.is_own(request, found.get(request.key))]
            foreign = self._add_foreign(self._scope, asked, found) if len(own) < len(asked) else 0
        with self._unsaved.gathered():
            rows = ((request, self._overlay.get(request.key) or found.get(request.key)) for request in own)
            return foreign + sum(self._add(request, row, run_id) for request, row in rows)

    def _add_foreign(self, scope: RunScope, asked: list[FrontierRequest], found: dict[str, FrontierRow]) -> int:
        """Queue requests in lanes of others; return the number queued."""
        some = {request.key: request for request in asked if not scope.is_own(request, found.get(request.key))}
        change = ForeignRequests.that_change(some.values(), found, scope, iso(self._clock()))
        for request in change.requests:
            self._known.add(request.key)
        lanes = change.lanes

        self._coming.update(lanes)

        def committed() -> None:
            self._coming.subtract(lanes)
            for lane in lanes & scope.lanes:
                self._look_into(lane)
            self.on_foreign(lanes)

        if lanes:
            self._submit(change, committed)
        return len(change.requests)

    def _add(self, request: FrontierRequest, row: FrontierRow | None, run_id: int | None) -> bool:
        if row is None:
            self._put(new_row(request, run_id, iso(self._clock()), added=self._time_of_its_own()))
            return True
        if row.state in OPEN_STATES:
            self._add_again(row, request, run_id)
            return False
        if row.run_id == run_id or (self._scope is not None and row.job == self._scope.job):
            return False
        again = self.news.limited(queued_again(row, request, run_id, iso(self._clock())), row, request)
        if again is not None:
            self._put(again if self._scope is None else self._scope.kept_in_lane(again, row), row)
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
        if self._scope is not None and (row.lane is None or (row.job != self._scope.job and row.state in OPEN_STATES)):
            row = self._scope.placed(row)
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
