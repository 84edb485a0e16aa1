"""First step: captures of shards, unread, and failures without a capture."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from attrs import evolve

from crawler.collection.ingest import add_capture, identified
from crawler.gathering.notes import ShardNotes
from crawler.gathering.shard import SAMPLES, Shard
from crawler.index.index import Index
from crawler.index.rows import capture_of, moment
from crawler.items import Capture, Failure, Target

_NOT_IN_WARC = "capture_id IS NULL"
Reached = Callable[[int], None]
"""Called after each transaction with the number of rows looked at."""


def capture_here(row: sqlite3.Row, names: dict[str, str]) -> Capture:
    """The capture of a shard's row, as its record was written."""
    capture = capture_of(row)
    warc = names[capture.warc]
    return evolve(
        capture, warc=warc, revisit_of=row["refers_to"], record_id=capture.written_id or capture.record_id, written_id=None
    )  # fmt: skip


def add_captures(index: Index, shard: Shard, notes: ShardNotes, reached: Reached) -> tuple[int, int]:
    """Add the captures of sealed WARCs.

    Returns:
        Counts of those added, and of those in WARCs that are still being written.
    """
    sealed, added, waiting = shard.sealed(), 0, 0
    stop: int | None = None
    """The first capture that must be looked at again."""
    for some in shard.rows_after("captures", notes.captures_to, "state = 'ok'"):
        with index.atomic():
            for row in some:
                if row["warc"] not in sealed:
                    waiting, stop = waiting + 1, row["id"] if stop is None else stop
                    continue
                capture = identified(index, capture_here(row, notes.warcs))
                if capture is not None:
                    add_capture(index, capture, reader_version=row["reader_version"])
                    added += 1
        notes.captures_to = some[-1]["id"] if stop is None else stop - 1
        reached(len(some))
    _sample(shard, notes)
    return added, waiting


def _sample(shard: Shard, notes: ShardNotes) -> None:
    """Note some captures, by which changes of the shard are seen."""
    to = notes.captures_to
    ids = sorted({max(1, to * part // SAMPLES) for part in range(1, SAMPLES + 1)}) if to else []
    notes.samples = [[one, *row] for one in ids for row in shard.sample([one])]


def add_failures(index: Index, shard: Shard, notes: ShardNotes) -> Iterator[str]:
    """Add the failures of which no byte came; yields their keys."""
    for some in shard.rows_after("failures", notes.failures_to, _NOT_IN_WARC):
        with index.atomic():
            for row in some:
                index.add_failure(failure_of(row, None))
        yield from (str(row["key"]) for row in some if row["key"])
        notes.failures_to = some[-1]["id"]


def failure_of(row: sqlite3.Row, record_id: str | None) -> Failure:
    """The failure of a shard's row."""
    values: dict[str, Any] = {name: row[name] for name in ("reason", "attempt", "elapsed_ms")}
    target = Target(
        key=row["key"], url=row["url"], site=row["site"], role=row["role"], story=row["story_id"], language=row["language"],
        found_on=row["found_on"],
    )  # fmt: skip
    return Failure(
        target=target, date=moment(row["date"]), detail=row["detail"] or "", bytes=row["bytes"] or 0, record_id=record_id, **values
    )
