"""SELECTs on table `frontier` during a run, over a read-only connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence, Sized
from pathlib import Path
from typing import Protocol

from attrs import frozen

from crawler.frontier.due_rechecks import DUE, OF_RECHECK, OVERDUE
from crawler.frontier.rows import LANE, FrontierRow, State, Urgency, is_fresh_page, row_of
from crawler.items import Role

_PAGE = 8
"""Rows fetched at a time, after the first."""
_CACHE_KIB = 6144
"""For the upper pages of the indexes of a million rows."""
_KEYS = 250
"""Keys looked up with one statement."""
KNOWN_PAGE = 200
"""Rows of known pages fetched at a time."""
LANES = f"""SELECT {LANE}, priority, added, key FROM frontier WHERE state = 'queued' AND {LANE} > ?
    ORDER BY {LANE}, priority DESC, added, key LIMIT 1"""
OF_LANE = f"SELECT * FROM frontier WHERE {{where}} AND +due <= ? AND {LANE} = ? ORDER BY priority DESC, added, key LIMIT ?"
IN_ORDER = "SELECT * FROM frontier WHERE {where} AND +due <= ? ORDER BY priority DESC, added, key LIMIT ?"
# The plus keeps SQLite from taking the index by `due`, which would sort all that waits.
_FRESH = "role IN ('story', 'page') AND attempts = 0 AND host IS NULL"


class Keys(Sized, Protocol):
    """Keys of rows with uncommitted changes, which the table's rows do not count for."""

    def __contains__(self, key: object, /) -> bool: ...


@frozen(kw_only=True)
class Selection:
    """Queued rows of one run or all, with or without pages never requested."""

    run_id: int | None = None
    """None for rows of all runs."""
    fresh: bool | None = None
    """Only stories and pages not asked for yet (True), or all but these (False)."""

    def holds(self, row: FrontierRow) -> bool:
        """Return True for a queued row that is among them."""
        return (self.run_id is None or row.run_id == self.run_id) and (self.fresh is None or is_fresh_page(row) == self.fresh)

    @property
    def where(self) -> str:
        """The condition in SQL; its arguments are `arguments`."""
        kind = {None: "", True: f" AND {_FRESH}", False: f" AND NOT ({_FRESH})"}[self.fresh]
        return "state = 'queued'" + ("" if self.run_id is None else " AND run_id IS ?") + kind

    @property
    def arguments(self) -> tuple[int, ...]:
        """The arguments of `where`."""
        return () if self.run_id is None else (self.run_id,)


ALL = Selection()
"""All queued rows."""
NOTHING: Keys = frozenset()


class FrontierTable:
    """The committed rows of one `index.db`.

    Args:
        path: Of `index.db`.
    """

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")

    def close(self) -> None:
        """Close the connection."""
        self.db.close()

    def row(self, key: str) -> FrontierRow | None:
        """Look up one row."""
        found = self.db.execute("SELECT * FROM frontier WHERE key = ?", (key,)).fetchone()
        return row_of(found) if found else None

    def rows(self, keys: Sequence[str]) -> dict[str, FrontierRow]:
        """Look up the rows of some keys, by key."""
        found: dict[str, FrontierRow] = {}
        for first in range(0, len(keys), _KEYS):
            some = keys[first : first + _KEYS]
            sql = f"SELECT * FROM frontier WHERE key IN ({', '.join('?' * len(some))})"
            found |= {row["key"]: row_of(row) for row in self.db.execute(sql, some)}
        return found

    def has(self, key: str) -> bool:
        """Return True if there is a row of a key."""
        return self.db.execute("SELECT 1 FROM frontier WHERE key = ?", (key,)).fetchone() is not None

    def keys_after(self, key: str, most: int) -> list[str]:
        """List the next keys in order, whatever became of their rows."""
        return [found for (found,) in self.db.execute("SELECT key FROM frontier WHERE key > ? ORDER BY key LIMIT ?", (key, most))]

    # -- queued rows

    def lanes_after(self, lane: str, most: int) -> tuple[list[tuple[str, Urgency]], str | None]:
        """List the next lanes by name with their first rows' urgency; see `lanes.Table`."""
        found: list[tuple[str, Urgency]] = []
        while len(found) < most and (row := self.db.execute(LANES, (lane,)).fetchone()):
            lane = row[0]
            found.append((lane, urgency_of(row)))
        return found, lane if len(found) == most else None

    def of_lane(self, lane: str, selection: Selection, now: str, *, skip: Keys, most: int) -> Iterator[FrontierRow]:
        """Yield the rows of a lane that are due, the most urgent first."""
        return self._due(OF_LANE, selection, (now, lane), skip, most)

    def in_order(self, selection: Selection, now: str, *, skip: Keys, most: int) -> Iterator[FrontierRow]:
        """Yield the rows of all lanes that are due, the most urgent first."""
        return self._due(IN_ORDER, selection, (now,), skip, most)

    def _due(self, sql: str, selection: Selection, arguments: tuple[str, ...], skip: Keys, most: int) -> Iterator[FrontierRow]:
        cursor = self.db.execute(sql.format(where=selection.where), (*selection.arguments, *arguments, len(skip) + most))
        page = 1
        while some := cursor.fetchmany(page):
            yield from (row_of(found) for found in some if found["key"] not in skip)
            page = _PAGE

    def fell_due(self, after: str, now: str) -> Iterator[tuple[str, Urgency]]:
        """Yield lane and urgency of each row that fell due between two times."""
        sql = f"SELECT {LANE}, priority, added, key FROM frontier WHERE state = 'queued' AND due > ? AND due <= ?"
        for row in self.db.execute(sql, (after, now)):
            yield row[0], urgency_of(row)

    def next_due(self, after: str, selection: Selection = ALL, skip: Keys = NOTHING) -> str | None:
        """Return the time at which the next row after a time falls due."""
        sql = f"SELECT key, due FROM frontier WHERE {selection.where} AND due > ? ORDER BY due LIMIT ?"
        found = self.db.execute(sql, (*selection.arguments, after, len(skip) + 1))
        return next((str(row["due"]) for row in found if row["key"] not in skip), None)

    def has_queued(self, selection: Selection, skip: Keys) -> bool:
        """Return True if any row is queued, for now or for later."""
        found = self.db.execute(f"SELECT key FROM frontier WHERE {selection.where} LIMIT ?", (*selection.arguments, len(skip) + 1))
        return any(key not in skip for (key,) in found)

    def count(self, selection: Selection) -> int:
        """Count queued rows."""
        return int(self.db.execute(f"SELECT count(*) FROM frontier WHERE {selection.where}", selection.arguments).fetchone()[0])

    def first_url(self, selection: Selection) -> str:
        """Return the address of the most urgent queued row, or nothing."""
        sql = f"SELECT url FROM frontier WHERE {selection.where} ORDER BY priority DESC, added, key LIMIT 1"
        found = self.db.execute(sql, selection.arguments).fetchone()
        return str(found[0]) if found else ""

    def is_queued(self, key: str, selection: Selection) -> bool:
        """Return True if the row of a key is among the queued."""
        sql = f"SELECT 1 FROM frontier WHERE {selection.where} AND key = ?"
        return self.db.execute(sql, (*selection.arguments, key)).fetchone() is not None

    # -- rows captured or settled

    def captured(self, site: str) -> list[str]:
        """List the keys of unparsed captures of a site, the most urgent first."""
        sql = "SELECT key FROM frontier WHERE state = 'captured' AND site = ? ORDER BY priority DESC, key"
        return [key for (key,) in self.db.execute(sql, (site,)).fetchall()]

    def known(self, site: str, role: Role) -> Iterator[FrontierRow]:
        """Yield every settled row of a site and role, by key, in pages."""
        key = ""
        settled = "+state IN ('done', 'failed', 'refused')"  # By key: by state, all settled rows would be sorted for each page.
        sql = f"SELECT * FROM frontier WHERE site = ? AND role = ? AND {settled} AND key > ? ORDER BY key LIMIT {KNOWN_PAGE}"
        while some := [row_of(found) for found in self.db.execute(sql, (site, role, key)).fetchall()]:
            yield from some
            key = some[-1].key

    def due(self, site: str, role: Role, now: str) -> Iterator[FrontierRow]:
        """Yield settled rows due for a recheck, the most overdue first."""
        sql = f"SELECT key FROM frontier WHERE {DUE} AND site = :site AND role = :role ORDER BY {OVERDUE} DESC, due, key"
        keys = [key for (key,) in self.db.execute(sql, {"now": now, "site": site, "role": role})]
        for first in range(0, len(keys), KNOWN_PAGE):
            some = keys[first : first + KNOWN_PAGE]
            rows = self.rows(some)
            yield from (rows[key] for key in some)

    def backlog(self, until: str) -> tuple[int, str]:
        """Count the rechecks due at a time and not queued, and give one address."""
        sql = f"SELECT count(*), min(url) FROM frontier WHERE {DUE} AND {OF_RECHECK}"
        count, url = self.db.execute(sql, {"now": until}).fetchone()
        return int(count), url or ""

    def not_due(self, site: str, role: Role, now: str, run_id: int | None) -> int:
        """Count the done rows that are not due and were not requested in a run."""
        sql = "SELECT count(*) FROM frontier WHERE state = 'done' AND due > ? AND site = ? AND role = ? AND run_id IS NOT ?"
        return int(self.db.execute(sql, (now, site, role, run_id)).fetchone()[0])

    # -- how a run ended

    def outcomes(self, run_id: int) -> dict[str, int]:
        """Count the rows of a run by state."""
        found = self.db.execute("SELECT state, count(*) FROM frontier WHERE run_id = ? GROUP BY state", (run_id,))
        return {row[0]: row[1] for row in found}

    def ended(self, state: State, run_id: int) -> Iterator[FrontierRow]:
        """Yield the rows of a run in one state, by address."""
        sql = "SELECT * FROM frontier WHERE state = ? AND run_id = ? ORDER BY url"
        yield from map(row_of, self.db.execute(sql, (state, run_id)))

    def ended_well(self, key: str, run_id: int) -> bool:
        """Return True if some host gave what others refused."""
        sql = "SELECT 1 FROM frontier WHERE run_id = ? AND +state = 'done' AND key >= ? AND key < ? LIMIT 1"
        return self.db.execute(sql, (run_id, f"{key}@", f"{key}A")).fetchone() is not None


def urgency_of(row: sqlite3.Row) -> Urgency:
    """Sort key of a row by its columns."""
    return -row["priority"], row["added"], row["key"]
