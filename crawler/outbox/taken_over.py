"""Rows of a lane as others left them, written into this worker's index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from attrs import define, field

from crawler.outbox.noted import APART, LOCAL, keys_noted, untold

_IN = "IN (SELECT value FROM json_each(?))"
_AMONG = f"key {_IN}"
_VALIDATORS = frozenset(("etag", "last_modified", "validates", "validates_host"))


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
    with untold(db):
        _write(db, written, known - LOCAL - APART)
    done.new = [row.key for row in written if row.key not in here]
    if noted:
        db.execute(f"DELETE FROM outbox WHERE {_AMONG}", (json.dumps([row.key for row in written]),))
    done.written, done.dropped = len(written), len(noted.intersection(row.key for row in written))
    return done


def _write(db: sqlite3.Connection, rows: Sequence[RowOfOthers], known: set[str]) -> None:
    """Insert or replace rows, those of the same columns together."""
    named = [row.columns.get(name) for row in rows for name in ("record_id", "validates")]
    here = {record for (record,) in db.execute(f"SELECT record_id FROM captures WHERE record_id {_IN}", (json.dumps(named),))}
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for row in rows:
        missing = _VALIDATORS if row.columns.get("validates") not in here else frozenset[str]()
        if row.columns.get("record_id") not in here:
            missing |= {"record_id"}
        values = {name: getattr(row, name) for name in APART}
        values |= {name: row.columns[name] for name in sorted(row.columns) if name in known and name not in missing}
        groups.setdefault(tuple(values), []).append(tuple(values.values()))
    for names, some in groups.items():
        db.executemany(f"INSERT OR REPLACE INTO frontier ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", some)


def _stays(row: RowOfOthers, state: str | None, noted: set[str], held: set[str], *, still_ours: bool) -> bool:
    """Return True if the row here is kept."""
    if state is None:
        return False
    if still_ours:
        return row.key in noted or state in ("queued", "leased", "captured")
    return row.key in held and row.state == "queued"
