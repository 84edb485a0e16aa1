"""Requests in lanes that a run does not work on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, frozen

from crawler.frontier.changes import save
from crawler.frontier.rows import OPEN_STATES, FrontierRow, new_row, queued_again, row_of
from crawler.frontier.run_scope import RunScope
from crawler.items import FrontierRequest


@frozen
class ForeignRequests:
    """Change that queues requests for other runs.

    It goes by the rows as they stand when it is committed: rows that are open stay as they are, but for the job of those that are queued.
    """

    requests: Sequence[FrontierRequest]
    scope: RunScope
    now: str
    lanes: frozenset[str] = frozenset()

    @classmethod
    def that_change(
        cls, requests: Iterable[FrontierRequest], found: Mapping[str, FrontierRow], scope: RunScope, now: str
    ) -> ForeignRequests:
        """Choose the requests that change a row, by the rows as known now."""
        one = cls((), scope, now)
        rows = [(request, one._queued(request, found.get(request.key))) for request in requests]
        lanes = frozenset(row.lane for _, row in rows if row is not None and row.lane is not None)
        return cls([request for request, row in rows if row is not None], scope, now, lanes)

    def __call__(self, db: sqlite3.Connection) -> None:
        """Save the changes."""
        cursor = db.cursor()
        cursor.row_factory = sqlite3.Row
        for request in self.requests:
            found = cursor.execute("SELECT * FROM frontier WHERE key = ?", (request.key,)).fetchone()
            row = self._queued(request, row_of(found) if found else None)
            if row is not None:
                save(db, evolve(row, changed=self.now))

    def _queued(self, request: FrontierRequest, row: FrontierRow | None) -> FrontierRow | None:
        if row is None:
            return self.scope.placed(new_row(request, None, self.now, added=self.now))
        if row.state in OPEN_STATES:
            return self.scope.placed(row) if row.state == "queued" and row.job != self.scope.job else None
        if row.job == self.scope.job:
            return None  # this job has asked for it; a seed would be asked for by each of its parts, without end
        again = queued_again(row, request, None, self.now)
        return None if again is None else self.scope.placed(self.scope.kept_in_lane(again, row))
