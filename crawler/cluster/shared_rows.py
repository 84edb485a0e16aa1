"""Rows of the frontier on the server, sent in batches and read by lane."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import evolve

from crawler import clock
from crawler.cluster.database import Database
from crawler.cluster.rows import SHARED, Pushed, SharedRow, anew, clean, jsonb, moved, shared_row_of
from crawler.index.rows import iso, moment

KNOWN = 100_000
"""Keys in lanes of others that are remembered as known."""
_PAGE = 2000
_TEXTS = ", ".join(["%s::text[]"] * 4)
_HELD = f"SELECT kept, added FROM push_held(%s, %s::text[], %s::bigint[], %s, {_TEXTS}, %s::text[], %s::int[], %s::text[], %s::jsonb[])"
_FOUND = f"SELECT push_found({_TEXTS}, %s::timestamptz[], %s::int[], %s::jsonb[])"


class RowsOnServer:
    """Rows that this process sends and reads.

    Args:
        sending: A connection for batches.
        reading: Another, since a large lane takes its time.
        by_server: Whether `due` is told by the server's clock, so that a machine whose clock is wrong puts nothing off for others.
    """

    def __init__(self, sending: Database, reading: Database, *, by_server: bool = True) -> None:
        self._sending, self._reading, self._by_server = sending, reading, by_server
        self._known: OrderedDict[tuple[str | None, str], None] = OrderedDict()

    def push(self, worker: str, tokens: Mapping[str, int], rows: Sequence[SharedRow]) -> Pushed:
        """Write rows of lanes held under tokens, and queue what is new in other lanes.

        Sent twice, it is written once. Of a key only the last row is sent. In lanes of others only new addresses can be told: how something
        ended there is refused, but if nobody knows it, it is queued, for this worker's disk may be lost.
        """
        last = {row.key: row for row in rows}
        held = [row for row in last.values() if row.lane in tokens]
        others = [row for row in last.values() if row.lane not in tokens]
        pushed = Pushed(refused=sum(row.state != "queued" for row in others))
        # What a page led to before the page itself: if this process dies in between, the page is asked for again.
        if others:
            now = iso(clock.now())
            found = self._push_found([row if row.state == "queued" else anew(row, now) for row in others])
            pushed += evolve(found, known=found.known - min(found.known, pushed.refused))
        return pushed + self._push_held(worker, {row.lane: tokens[row.lane] for row in held}, held) if held else pushed

    def _push_held(self, worker: str, tokens: Mapping[str, int], rows: Sequence[SharedRow]) -> Pushed:
        keys, lanes, jobs, states, dues, priorities, others = self._columns(rows)
        warcs = [row.warc for row in rows]
        now = moved(iso(clock.now()), self._ahead())
        arguments = (worker, list(tokens), list(tokens.values()), now, keys, lanes, jobs, states, dues, priorities, warcs, others)
        kept, added = self._sending.rows(_HELD, arguments)[0]
        return Pushed(kept=kept, added=added, refused=len(rows) - kept - added)

    def _push_found(self, rows: Sequence[SharedRow]) -> Pushed:
        unknown = [row for row in rows if (row.job, row.key) not in self._known]
        added = 0
        if unknown:
            keys, lanes, jobs, _, dues, priorities, others = self._columns(unknown)
            at = [moment(due) if due else _PAST for due in dues]
            added = int(self._sending.rows(_FOUND, (keys, lanes, jobs, dues, at, priorities, others))[0][0])
        for row in rows:
            self._known[row.job, row.key] = None
            self._known.move_to_end((row.job, row.key))
        while len(self._known) > KNOWN:
            self._known.popitem(last=False)
        return Pushed(added=added, known=len(rows) - added)

    def _columns(self, rows: Sequence[SharedRow]) -> tuple[list[Any], ...]:
        """The values of rows by column: key, lane, job, state, due, priority, the others."""
        return (
            [clean(row.key) for row in rows], [clean(row.lane) for row in rows], [row.job for row in rows], [row.state for row in rows],
            [moved(row.due, self._ahead()) for row in rows], [row.priority for row in rows], [jsonb(row.columns) for row in rows],
        )  # fmt: skip

    def _ahead(self) -> timedelta:
        return self._sending.ahead() if self._by_server else timedelta(0)

    def pull(self, lane: str, since_seq: int) -> Generator[SharedRow]:
        """Yield the rows of a lane; with `since_seq`, those that others wrote later."""
        where = "lane = %s AND seq > %s" if since_seq else "lane = %s AND seq >= %s"
        ahead = self._ahead()
        with self._reading.reading() as conn, conn.cursor(name="pull") as cursor:
            cursor.itersize = _PAGE
            for row in cursor.execute(f"SELECT {SHARED} FROM frontier WHERE {where}", (lane, since_seq)):
                self._reading.watch.answered()
                found = shared_row_of(row)
                yield found if not ahead else evolve(found, due=moved(found.due, -ahead))

    def tokens(self, worker: str, lanes: Iterable[str]) -> dict[str, int]:
        """The tokens of lanes that no other worker has claimed since."""
        sql = "SELECT lane, token FROM lanes WHERE lane = ANY (%s) AND last_owner = %s"
        return dict(self._sending.rows(sql, (list(lanes), worker)))

    def note_warc(self, worker: str, name: str, safety: str) -> None:
        """Note how safe a WARC is."""
        self._sending.rows(
            "INSERT INTO warcs (worker, name, safety, changed) VALUES (%s, %s, %s, clock_timestamp())"
            " ON CONFLICT (worker, name) DO UPDATE SET safety = excluded.safety, changed = excluded.changed",
            (worker, name, safety),
        )

    def declare_lost(self, worker: str) -> int:
        """Free the lanes of a worker, and queue again what is nowhere else."""
        return int(self._reading.rows("SELECT declare_lost(%s, %s)", (worker, moved(iso(clock.now()), self._ahead())))[0][0])

    def hurry(self, seconds: float) -> None:
        """Wait no longer for answers than that."""
        for db in (self._sending, self._reading):
            db.watch.hurry(seconds)

    def close(self) -> None:
        """Close the connections."""
        self._sending.close()
        self._reading.close()


_PAST = datetime(2000, 1, 1, tzinfo=UTC)
