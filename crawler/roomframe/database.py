"""Database of Datasette over the index of a collection, read-only."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from datasette.database import Database

from crawler.errors import SetupError
from crawler.index.connection import files_beside, remove_beside

T = TypeVar("T")


class CollectionDatabase(Database):
    """Database of Datasette over an `index.db` that is never written.

    Threads keep their connections; all are renewed once the file has been replaced, as `scrapy reindex` does.
    """

    def __init__(self, datasette: Any, collection: Path) -> None:
        super().__init__(datasette, path=str(collection / "index.db"), is_mutable=True)
        self.collection = collection
        self._mine = threading.local()

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Open the file, for reading only.

        Raises:
            SetupError: It is to be written.
        """
        if write:
            raise SetupError(f"{self.path}: the reading room writes nothing")
        conn = sqlite3.connect(address_of(Path(self.path)), uri=True, check_same_thread=False)
        conn.execute("PRAGMA query_only = ON")
        self._all_file_connections.append(conn)
        return conn

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function with this thread's connection, in a thread of the pool."""

        def in_thread() -> T:
            return fn(self._connection())

        return await asyncio.get_running_loop().run_in_executor(self.ds.executor, in_thread)

    def _connection(self) -> sqlite3.Connection:
        """The connection of this thread, to the file that is there now."""
        file = _identity(Path(self.path))
        if getattr(self._mine, "file", None) != file or file is None:
            if old := getattr(self._mine, "conn", None):
                self._all_file_connections.remove(old)
                old.close()
                self._mine.conn = None
            conn = self.connect()
            self.ds._prepare_connection(conn, self.name)
            self._mine.conn, self._mine.file = conn, file
        conn = self._mine.conn
        assert isinstance(conn, sqlite3.Connection)
        return conn


def address_of(file: Path) -> str:
    """The address by which SQLite opens a file for reading.

    On a medium that cannot be written there is no place for the shared memory of a write-ahead log, and no writer either.
    """
    log = file.with_name(f"{file.name}-wal")
    still = not os.access(file.parent, os.W_OK) and not (log.exists() and log.stat().st_size)
    return f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if still else ''}"


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


@contextmanager
def left_as_found(datasette: Any) -> Iterator[None]:
    """Close the indexes behind a block, and remove the files that reading made."""
    ours = [one for one in datasette.databases.values() if isinstance(one, CollectionDatabase)]
    alone = [one for one in ours if not any(file.exists() for file in files_beside(Path(one.path)))]
    try:
        yield
    finally:
        if datasette.executor is not None:
            datasette.executor.shutdown()
        for one in ours:
            one.close()
        for one in alone:
            remove_beside(Path(one.path))
