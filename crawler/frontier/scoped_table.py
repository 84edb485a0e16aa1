"""SELECTs on table `frontier` that look at the rows of one run's scope alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from crawler.frontier.due_rechecks import BY_STATE, DUE, OF_RECHECK, OVERDUE
from crawler.frontier.rows import LANE, OPEN_STATES, FrontierRow, State, Urgency, row_of
from crawler.frontier.run_scope import RunScope
from crawler.frontier.table import ALL, KNOWN_PAGE, NOTHING, FrontierTable, Keys, Selection, urgency_of
from crawler.items import Role
from crawler.views.work_tables import SCOPE

# Named, since without statistics SQLite would now and then take an index that holds the rows of all sites.
NEXT = "frontier INDEXED BY idx_frontier_scope_next"
"""SQL: queued rows, by lane, scope and host, the most urgent first."""
MINE = f"lane = ? AND {SCOPE} = ?"
"""SQL: a row of a lane that the run may hand out."""
SCOPED_LANES = f"""SELECT {LANE}, priority, added, key FROM {NEXT} WHERE {MINE} AND state = 'queued' AND {LANE} > ?
    ORDER BY {LANE}, priority DESC, added, key LIMIT 1"""
SCOPED_OF_LANE = (
    f"SELECT * FROM {NEXT} WHERE {MINE} AND {{where}} AND +due <= ? AND {LANE} = ? ORDER BY priority DESC, added, key LIMIT ?"
)
_SETTLED = "state IN ('done', 'failed', 'refused')"


class ScopedTable(FrontierTable):
    """The committed rows of one run's scope, read over the connection of another table.

    Looking up a row by its key finds those of others too.
    """

    def __init__(self, table: FrontierTable, scope: RunScope) -> None:
        self.db, self._scope = table.db, scope

    def close(self) -> None:
        """Leave the connection to its owner."""

    # -- queued rows

    def lanes_after(self, lane: str, most: int) -> tuple[list[tuple[str, Urgency]], str | None]:
        """List the hosts of the run's lanes, which are few, with their first rows' urgency."""
        return [host for name in sorted(self._scope.lanes) for host in self.hosts_of(name)], None

    def hosts_of(self, lane: str) -> Iterator[tuple[str, Urgency]]:
        """Yield the hosts of a lane, each with the urgency of its first row."""
        host = ""
        while row := self.db.execute(SCOPED_LANES, (lane, self._scope.name, host)).fetchone():
            host = row[0]
            self._scope.note_host(host, lane)
            yield host, urgency_of(row)

    def of_lane(self, lane: str, selection: Selection, now: str, *, skip: Keys, most: int) -> Iterator[FrontierRow]:
        """Yield the rows of a host that are due, the most urgent first."""
        sql = SCOPED_OF_LANE.format(where=selection.where)
        mine = self._scope.lane_of_host(lane), self._scope.name
        for found in self.db.execute(sql, (*mine, *selection.arguments, now, lane, len(skip) + most)):
            if found["key"] not in skip:
                yield row_of(found)

    def fell_due(self, after: str, now: str) -> Iterator[tuple[str, Urgency]]:
        """Yield host and urgency of each row that fell due between two times."""
        sql = f"SELECT {LANE}, lane, priority, added, key FROM {BY_STATE} WHERE {MINE} AND state = 'queued' AND due > ? AND due <= ?"
        for row in self._mine(sql, (after, now)):
            self._scope.note_host(row[0], row["lane"])
            yield row[0], urgency_of(row)

    def next_due(self, after: str, selection: Selection = ALL, skip: Keys = NOTHING) -> str | None:
        """Return the time at which the next row after a time falls due."""
        sql = f"SELECT key, due FROM {BY_STATE} WHERE {MINE} AND {selection.where} AND due > ? ORDER BY due LIMIT ?"
        found = self._mine(sql, (*selection.arguments, after, len(skip) + 1))
        return min((str(row["due"]) for row in found if row["key"] not in skip), default=None)

    def has_queued(self, selection: Selection, skip: Keys) -> bool:
        """Return True if any row is queued, for now or for later."""
        sql = f"SELECT key FROM {NEXT} WHERE {MINE} AND {selection.where} LIMIT ?"
        return any(row["key"] not in skip for row in self._mine(sql, (*selection.arguments, len(skip) + 1)))

    def is_open(self, lane: str, skip: Keys) -> bool:
        """Return True if a row of a lane is queued, leased or captured."""
        sql = f"SELECT key FROM {BY_STATE} WHERE {MINE} AND state = ? LIMIT ?"
        states = (self.db.execute(sql, (lane, self._scope.name, state, len(skip) + 1)) for state in OPEN_STATES)
        return any(row["key"] not in skip for found in states for row in found)

    def count(self, selection: Selection) -> int:
        """Count queued rows."""
        return self._sum(f"SELECT count(*) FROM {NEXT} WHERE {MINE} AND {selection.where}", selection.arguments)

    def first_url(self, selection: Selection) -> str:
        """Return the address of the most urgent queued row, or nothing."""
        sql = f"SELECT url, priority, added, key FROM {NEXT} WHERE {MINE} AND {selection.where} ORDER BY priority DESC, added, key LIMIT 1"
        found = list(self._mine(sql, selection.arguments))
        return str(min(found, key=urgency_of)["url"]) if found else ""

    def is_queued(self, key: str, selection: Selection) -> bool:
        """Return True if the row of a key is among the queued."""
        sql = f"SELECT 1 FROM frontier WHERE {selection.where} AND key = ? AND {SCOPE} = ?"
        return self.db.execute(sql, (*selection.arguments, key, self._scope.name)).fetchone() is not None

    # -- rows captured or settled, whichever job asked for them

    def captured(self, site: str) -> list[str]:
        """List the keys of unparsed captures of a site, the most urgent first."""
        rows = self._all(f"SELECT key, priority FROM {BY_STATE} WHERE lane = ? AND state = 'captured' AND site = ?", (site,))
        return [row["key"] for row in sorted(rows, key=lambda row: (-row["priority"], row["key"]))]

    def known(self, site: str, role: Role) -> Iterator[FrontierRow]:
        """Yield every settled row of a site and role, by key, in pages."""
        found = self._all(f"SELECT key FROM {BY_STATE} WHERE lane = ? AND {_SETTLED} AND site = ? AND role = ?", (site, role))
        return (row for row in self._pages(sorted(key for (key,) in found)) if row.state in ("done", "failed", "refused"))

    def due(self, site: str, role: Role, now: str) -> Iterator[FrontierRow]:
        """Yield settled rows due for a recheck, the most overdue first."""
        due, overdue = DUE.replace(":now", "?2"), OVERDUE.replace(":now", "?2")
        sql = f"SELECT key, {overdue} AS overdue, due FROM {BY_STATE} WHERE lane = ?1 AND {due} AND site = ?3 AND role = ?4"
        rows = self._all(sql, (now, site, role))
        return self._pages([row["key"] for row in sorted(rows, key=lambda row: (-row["overdue"], row["due"], row["key"]))])

    def _pages(self, keys: Sequence[str]) -> Iterator[FrontierRow]:
        for first in range(0, len(keys), KNOWN_PAGE):
            some = keys[first : first + KNOWN_PAGE]
            rows = self.rows(some)
            yield from (rows[key] for key in some if key in rows)

    def backlog(self, until: str) -> tuple[int, str]:
        """Count the rechecks due at a time and not queued, and give one address."""
        due = DUE.replace(":now", "?2")
        sql = f"SELECT count(*) AS found, min(url) AS url FROM {BY_STATE} WHERE lane = ?1 AND {due} AND {OF_RECHECK} AND site = ?3"
        rows = list(self._all(sql, (until, self._scope.site)))
        return sum(row["found"] for row in rows), min((row["url"] for row in rows if row["url"]), default="")

    def not_due(self, site: str, role: Role, now: str, run_id: int | None) -> int:
        """Count the done rows that are not due and were not requested in a run."""
        where = "lane = ? AND state = 'done' AND due > ? AND site = ? AND role = ? AND run_id IS NOT ?"
        rows = self._all(f"SELECT count(*) FROM {BY_STATE} WHERE {where}", (now, site, role, run_id))
        return sum(count for (count,) in rows)

    # -- how a run ended

    def outcomes(self, run_id: int) -> dict[str, int]:
        """Count the rows of a run by state."""
        counts: dict[str, int] = {}
        for state, count in self._all(f"SELECT state, count(*) FROM {BY_STATE} WHERE lane = ? AND run_id = ? GROUP BY state", (run_id,)):
            counts[state] = counts.get(state, 0) + count
        return counts

    def ended(self, state: State, run_id: int) -> Iterator[FrontierRow]:
        """Yield the rows of a run in one state, by address."""
        sql = f"SELECT * FROM {BY_STATE} WHERE lane = ? AND state = ? AND run_id = ?"
        yield from sorted(map(row_of, self._all(sql, (state, run_id))), key=lambda row: row.url)

    # -- lane by lane

    def _mine(self, sql: str, arguments: Iterable[Any]) -> Iterator[Any]:
        """Query the rows that the run may hand out, lane by lane."""
        arguments = tuple(arguments)
        for lane in sorted(self._scope.lanes):
            yield from self.db.execute(sql, (lane, self._scope.name, *arguments)).fetchall()

    def _sum(self, sql: str, arguments: Iterable[Any]) -> int:
        return sum(int(row[0]) for row in self._mine(sql, arguments))

    def _all(self, sql: str, arguments: Iterable[Any]) -> Iterator[Any]:
        """Query all rows of the lanes on which the run works or has worked."""
        arguments = tuple(arguments)
        for lane in self._scope.worked:
            yield from self.db.execute(sql, (lane, *arguments)).fetchall()
