"""Recovery: bring WARCs and index into line after a crash or lost file; deletes nothing."""

from __future__ import annotations

from pathlib import Path

from crawler.collection.ingest import index_recovered, mark_lost
from crawler.collection.open_files import Recovered, rescan, seal_open_files
from crawler.index.index import Index

_COMPLETE = 1
"""Written into the head of the index as SQLite's `user_version`."""


def recover(index: Index, path: Path) -> list[Recovered]:
    """Seal files left open by a crash, and index records without a row; idempotent.

    Returns:
        The files that were not in order.
    Raises:
        WriteFailed: The disk did not take it; nothing is lost.
    """
    complete = _is_complete(index, path)
    recovered = seal_open_files(path / "archive", path / "quarantine", committed=index.reach, complete=complete)
    for file in recovered:
        index_recovered(index, path, file)
    listed = {row["name"] for row in index.warcs()}
    for warc in sorted((path / "archive").glob("*.warc.gz"), key=str):
        if warc.name not in listed:
            # Sealed, but its row was never committed; so may be its last captures.
            file = rescan(warc, committed=index.reach(warc.name))
            if file.path is not None:
                index_recovered(index, path, file)
                recovered.append(file)
    if not complete:
        _mark_complete(index)
    return recovered


def _is_complete(index: Index, path: Path) -> bool:
    """Test if the index holds all acknowledged captures, not made beside older WARCs."""
    if index.conn.execute("PRAGMA user_version").fetchone()[0] == _COMPLETE:
        return True
    if any((path / "archive").glob("*.warc.gz*")):
        return False
    _mark_complete(index)
    return True


def _mark_complete(index: Index) -> None:
    index.conn.execute(f"PRAGMA user_version = {_COMPLETE}")


def lost_behind_the_end(index: Index, path: Path) -> int:
    """Mark captures behind the end of their file lost and requeue them; the count.

    A missing file is left alone: it may be put back.
    """
    lost: list[str] = []
    for row in index.query("SELECT warc, max(offset + length) AS reach FROM captures WHERE state = 'ok' GROUP BY warc"):
        file = path / "archive" / str(row["warc"])
        if file.exists() and (size := file.stat().st_size) < row["reach"]:
            sql = "SELECT record_id FROM captures WHERE state = 'ok' AND warc = ? AND offset + length > ?"
            lost += [found[0] for found in index.query(sql, [row["warc"], size])]
    with index.atomic():
        mark_lost(index, lost)
    return len(lost)
