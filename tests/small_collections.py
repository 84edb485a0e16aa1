"""Small collections recorded in this process, their one WARC file, and changes of their index by hand."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from exchange_makers import exchange, lease

from crawler.collection.collection import Collection
from crawler.items import Exchange, LeasedRequest


def recorded(path: Path, pairs: Iterable[tuple[Exchange, LeasedRequest]]) -> Path:
    """Record exchanges into a collection and seal its file."""
    collection = Collection.open(path)

    async def fill() -> None:
        for one, leased in pairs:
            await collection.record(one, leased)

    asyncio.run(fill())
    collection.close()
    return path


def twelve(path: Path) -> Path:
    """A collection of twelve captures in one sealed file."""
    return recorded(path, [(exchange(n, b"<p>page %d" % n), lease(n)) for n in range(12)])


def warc_of(path: Path) -> Path:
    (file,) = (path / "archive").glob("*.warc.gz*")
    return file


def change(path: Path, *sql: str) -> None:
    """Change the index by hand."""
    with closing(sqlite3.connect(path / "index.db")) as db, db:
        for one in sql:
            db.execute(one)
