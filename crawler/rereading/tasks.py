"""Tasks of re-reading: one WARC each, as plain functions that any engine can run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from crawler.errors import EXIT_COMPLETE, EXIT_DAMAGED, EXIT_INCOMPLETE, ArchiveError
from crawler.failpoints import failpoint
from crawler.rereading.copies import state_of
from crawler.rereading.part_columns import PARTS
from crawler.rereading.parts import RECORDS_TABLE, PartState, PartWriter, about, part_path
from crawler.rereading.places import WarcPlace
from crawler.rereading.read_warc import Original, ReadOptions, Tally, read_warc, walk_warc
from crawler.rereading.rows import Row

MOST_TOLD = 20
"""Faults of one file in a result; the part has all."""
Tell = Callable[[int], object]
"""Called with the number of captures so far."""


@frozen(kw_only=True)
class Task:
    """One WARC to be walked or read into a folder of parts."""

    place: WarcPlace
    folder: str
    options: ReadOptions
    readers: str
    """Name of the readers of all sites: a part that others made is not up to date."""
    originals: Mapping[int, Original] = field(factory=dict)
    again: bool = False
    """Read also what is up to date."""


def walk(task: Task, tell: Tell = lambda count: None) -> dict[str, Any]:
    """Write part `records` of a WARC; the result as JSON values."""
    return _done(task, (RECORDS_TABLE,), lambda tally: walk_warc(task.place.where, options=task.options, name=task.place.name), tell)


def read(task: Task, tell: Tell = lambda count: None) -> dict[str, Any]:
    """Write the other parts of a WARC; the result as JSON values."""
    place = task.place
    return _done(
        task, tuple(PARTS),
        lambda tally: read_warc(place.where, options=task.options, originals=task.originals, tally=tally, name=place.name), tell,
    )  # fmt: skip


def up_to_date(task: Task, function: Callable[..., dict[str, Any]]) -> dict[str, Any] | None:
    """The result of an earlier call of the same file and readers."""
    result = {"name": task.place.name, "where": task.place.where, "skipped": True}
    known = None if task.again else about(Path(task.folder), _last_table(function), task.place.name)
    if known is None:
        return None
    state = _state(task, _last_table(function))
    same = (known["size"], known["changed"], known["readers"]) == (state.size, state.changed, state.readers)
    return {**known, **result} if same else None


def _last_table(function: Callable[..., dict[str, Any]]) -> str:
    return RECORDS_TABLE if function is walk else [*PARTS][-1]


def _done(task: Task, tables: tuple[str, ...], rows: Callable[[Tally], Any], tell: Tell) -> dict[str, Any]:
    """Write some tables of a WARC."""
    began, result = time.process_time(), {"name": task.place.name, "where": task.place.where}
    try:
        state, tally = _state(task, tables[-1]), Tally()
        noted = _write(task, state, tables, rows(tally), tally, tell)
    except ArchiveError as error:
        # Whoever runs the tasks goes on with the others.
        return {**result, "error": str(error), "exit_code": _code(error)}
    return {**result, **noted, "size": state.size, "seconds": time.process_time() - began, "skipped": False}


def _code(error: ArchiveError) -> int:
    return error.exit_code if error.exit_code != 1 else EXIT_INCOMPLETE


def _state(task: Task, table: str) -> PartState:
    """The state that the parts of a file have when they are up to date.

    Raises:
        SetupError, Unreachable: The file is not there.
    """
    size, changed = state_of(task.place.where)
    return PartState(where=task.place.where, size=size, changed=changed, readers=_readers(task, table))


def _readers(task: Task, table: str) -> str:
    """Name the readers, and the originals of the file's revisits."""
    if table == RECORDS_TABLE or not task.originals:
        return task.readers
    named = repr(sorted((offset, sorted(asdict(original).items(), key=str)) for offset, original in task.originals.items()))
    return f"{task.readers}+{sha256(named.encode()).hexdigest()[:16]}"


def _write(
    task: Task, state: PartState, tables: tuple[str, ...], rows: Any, tally: Tally, tell: Tell
) -> dict[str, Any]:  # fmt: skip
    writer, count = PartWriter(Path(task.folder), task.place.name, state, tables), 0
    try:
        for row in rows:
            writer.add(_of_collection(row, task.place.collection))
            failpoint("reread:row")
            if row.table == tables[-1]:
                count += 1
                tell(count)
        damaged = [f"offset {fault.offset}: {fault.what}" for fault in tally.faults] + tally.problems
        noted = {
            "exit_code": EXIT_DAMAGED if damaged else EXIT_COMPLETE, "damaged": damaged[:MOST_TOLD], "faults": len(damaged),
            "stats": tally.stats.document(), "rows": dict(writer.counts),
        }  # fmt: skip
        writer.commit(noted)
    except BaseException:
        writer.discard()
        raise
    return noted


def _of_collection(row: Row, collection: str | None) -> Row:
    return Row(row.table, {**row.values, "collection": collection}) if collection and row.table == "captures" else row


def walked(folder: Path, name: str) -> Path:
    """The part that `walk` wrote."""
    return part_path(folder, RECORDS_TABLE, name)
