"""Bringing WARCs and index into line again after a crash, a power cut or a lost file; deletes nothing."""

from __future__ import annotations

from pathlib import Path

from crawler.collection.ingest import give_up, take_in
from crawler.collection.open_files import Recovered, look_again, recover
from crawler.index.index import Index

_COMPLETE = 1
"""Written into the head of the index as SQLite's `user_version`."""


def mend(index: Index, path: Path) -> list[Recovered]:
    """Seal what a crash left open, and index whatever whole record of any file has no row; doing it again ends the same.

    Returns:
        The files that were not in order.
    Raises:
        WriteFailed: The disk did not take it; nothing is lost.
    """
    complete = _is_complete(index, path)
    mended = recover(path / "archive", path / "quarantine", committed=index.reach, complete=complete)
    for file in mended:
        take_in(index, path, file)
    listed = {row["name"] for row in index.warcs()}
    for warc in sorted((path / "archive").glob("*.warc.gz")):
        if warc.name not in listed:
            # Sealed, but its row was never committed; so may be its last captures.
            file = look_again(warc, committed=index.reach(warc.name))
            if file.path is not None:
                take_in(index, path, file)
                mended.append(file)
    if not complete:
        _call_complete(index)
    return mended


def _is_complete(index: Index, path: Path) -> bool:
    """Whether the index knows all that anybody was told of: not so where it was made beside WARCs that were there before it."""
    if index.conn.execute("PRAGMA user_version").fetchone()[0] == _COMPLETE:
        return True
    if any((path / "archive").glob("*.warc.gz*")):
        return False
    _call_complete(index)
    return True


def _call_complete(index: Index) -> None:
    index.conn.execute(f"PRAGMA user_version = {_COMPLETE}")


def lost_behind_the_end(index: Index, path: Path) -> int:
    """Give up the captures that lie behind the end of their file, and ask for them again; how many.

    A file that is not there at all is another matter: it may be put back.
    """
    lost: list[str] = []
    for row in index.query("SELECT warc, max(offset + length) AS reach FROM captures WHERE state = 'ok' GROUP BY warc"):
        file = path / "archive" / str(row["warc"])
        if file.exists() and (size := file.stat().st_size) < row["reach"]:
            sql = "SELECT record_id FROM captures WHERE state = 'ok' AND warc = ? AND offset + length > ?"
            lost += [found[0] for found in index.query(sql, [row["warc"], size])]
    with index.atomic():
        give_up(index, lost)
    return len(lost)
