"""Measure what `index.db` holds of a collection: bytes a capture, by table and index, against the bytes of its WARCs.

python -m benchmarks.index_size COLLECTION ...
"""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path

from attrs import frozen


@frozen(kw_only=True)
class IndexSize:
    """Sizes of one collection, in bytes."""

    captures: int
    warc: int
    index: int
    parts: dict[str, int]
    """By table and index, the largest first; empty where SQLite has no table `dbstat`."""

    @property
    def ratio(self) -> float:
        """Bytes of the index for each byte in WARCs."""
        return self.index / self.warc if self.warc else 0.0


def index_size(collection: Path) -> IndexSize:
    """Measure a collection that nobody writes."""
    file = collection / "index.db"
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
        captures = int(db.execute("SELECT count(*) FROM captures").fetchone()[0])
        try:
            parts = dict(db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC").fetchall())
            parts["(free pages)"] = file.stat().st_size - sum(parts.values())
        except sqlite3.OperationalError:
            parts = {}
    warc = sum(one.stat().st_size for one in (collection / "archive").iterdir() if ".warc" in one.name)
    held = sum(one.stat().st_size for one in (file, collection / "index.db-wal") if one.exists())
    return IndexSize(captures=captures, warc=warc, index=held, parts=parts)


def main(words: list[str] | None = None) -> None:
    """Print the sizes of collections."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.index_size", description=__doc__.split("\n")[0])
    options.add_argument("collections", nargs="+", type=Path, metavar="COLLECTION")
    for collection in options.parse_args(words).collections:
        size = index_size(collection)
        each = max(size.captures, 1)
        print(f"{collection}: {size.captures:,} captures; {size.ratio:.3f} bytes of index a byte of WARC")
        print(f"{size.warc / each:10,.0f}  a capture in WARCs\n{size.index / each:10,.0f}  a capture in the index, of which")
        for name, held in size.parts.items():
            print(f"{held / each:10,.0f}    {name}")


if __name__ == "__main__":
    main()
