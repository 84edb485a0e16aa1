"""CDXJ lines of all captures of a collection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crawler.index.index import Index
from crawler.warc import cdxj


def lines_of(index: Index, path: Path) -> Iterator[bytes]:
    """Yield the CDXJ lines of every capture of a collection, each with its newline.

    Args:
        path: Of the collection.
    """
    # Of a name more the SELECT would go through all captures: names are looked up by the index of places.
    name: str | None = ""
    while (name := _next(index, str(name))) is not None:
        listed = cdxj.place(path / "indexes", name)
        if listed.exists():
            with listed.open("rb") as lines:
                yield from (line for line in lines if line.strip())
        else:
            yield from (cdxj.line(capture).encode() + b"\n" for capture in index.captures(warc=name))


def _next(index: Index, name: str) -> str | None:
    row = index.query("SELECT warc FROM captures WHERE state = 'ok' AND warc > ? ORDER BY warc LIMIT 1", [name])
    return str(row[0][0]) if row else None


def paths_of(index: Index, path: Path) -> Iterator[tuple[str, str]]:
    """Yield name and place of each WARC of a collection."""
    for row in index.warcs():
        where = str(row["path"])
        yield str(row["name"]), where if "://" in where else str((path / where).absolute())
