"""Rows of a lane as others left them, written into this worker's index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from attrs import define, field

from crawler.outbox.noted import APART, LOCAL, keys_noted

_AMONG = "key IN (SELECT value FROM json_each(?))"
_ELSEWHERE = "NOT IN (SELECT record_id FROM captures)"


class RowOfOthers(Protocol):
    """A row of the shared frontier."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def lane(self) -> str:
        """Its lane."""

    @property
    def job(self) -> str | None:
        """The job that asks for it."""

    @property
    def state(self) -> str:
        """`queued`, `done`, `failed` or `refused`."""

    @property
    def due(self) -> str:
        """Not before."""

    @property
    def priority(self) -> int:
        """The higher goes first."""

    @property
    def columns(self) -> Mapping[str, Any]:
        """The other columns."""


@define
class TakenOver:
    """Result of a take-over."""

    new: list[str] = field(factory=list)
    """Keys that had no row here."""
    written: int = 0
    dropped: int = 0
    """Changes of our own that came too late: another worker had the lane since."""


def take_over(db: sqlite3.Connection, rows: Sequence[RowOfOthers], *, still_ours: bool) -> TakenOver:
    """Write rows of a lane as others left them, without noting them in the outbox.

    Of rows captured by another worker, neither validators nor record are kept: an answer 304 would repeat what is not here.

    Args:
        still_ours: Nobody else has held the lane since this worker did: what it changed and has not told, or has in flight, is newer.
    """
    keys = json.dumps([row.key for row in rows])
    here = dict(db.execute(f"SELECT key, state FROM frontier WHERE {_AMONG}", (keys,)))
    noted = keys_noted(db, [row.key for row in rows])
    held = {key for (key,) in db.execute(
        f"SELECT key FROM frontier WHERE {_AMONG} AND state = 'captured' AND record_id IN (SELECT record_id FROM captures)", (keys,)
    )}  # fmt: skip
    done = TakenOver()
    written = [row for row in rows if not _stays(row, here.get(row.key), noted, held, still_ours=still_ours)]
    known = {name for _, name, *_ in db.execute("SELECT * FROM pragma_table_info('frontier')")}
    for row in written:
        _write(db, row, known - LOCAL - APART)
    done.new = [row.key for row in written if row.key not in here]
    keys = json.dumps([row.key for row in written])
    nowhere = "etag = NULL, last_modified = NULL, validates = NULL, validates_host = NULL"
    db.execute(f"UPDATE frontier SET {nowhere} WHERE {_AMONG} AND (validates IS NULL OR validates {_ELSEWHERE})", (keys,))
    db.execute(f"UPDATE frontier SET record_id = NULL WHERE {_AMONG} AND record_id {_ELSEWHERE}", (keys,))
    db.execute(f"DELETE FROM outbox WHERE {_AMONG}", (keys,))
    done.written, done.dropped = len(written), len(noted.intersection(row.key for row in written))
    return done


def _write(db: sqlite3.Connection, row: RowOfOthers, known: set[str]) -> None:
    values = {name: getattr(row, name) for name in APART}
    values |= {name: value for name, value in row.columns.items() if name in known}
    db.execute(f"INSERT OR REPLACE INTO frontier ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))


def _stays(row: RowOfOthers, state: str | None, noted: set[str], held: set[str], *, still_ours: bool) -> bool:
    """Return True if the row here is kept."""
    if state is None:
        return False
    if still_ours:
        return row.key in noted or state in ("queued", "leased", "captured")
    return row.key in held and row.state == "queued"
