"""Connection to `index.db`: opening, transactions, SELECTs, and errors that name the next step."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, Self

from crawler.errors import SetupError, WriteFailed
from crawler.index.full_text import UNINDEXED, index_texts
from crawler.index.rows import Value
from crawler.index.snapshot import snapshot
from crawler.schema.applied import MIGRATIONS, MIGRATIONS_TABLE, applied_migrations
from crawler.schema.link_lists import LinkLists
from crawler.schema.reader_names import ReaderNames
from crawler.schema.shrink import check_room, prepare_file, shrink, tidy
from crawler.schema.story_events import renew_all, renew_events, watch

BUSY_SECONDS = 30.0
_LEAST_FREE = 128 * 1024
"""Bytes on the disk without which SQLite makes no shared memory: what it says then is no damage."""
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR)


class OtherVersion(SetupError):
    """An index of another version of this software, not damaged."""


class Memory(Protocol):
    """Memory that a writer of tables keeps of them."""

    def forget(self) -> None:
        """Forget it: a transaction was rolled back, and rows with it."""


class IndexConnection:
    """An open `index.db`."""

    def __init__(self, path: Path, conn: sqlite3.Connection, *, readonly: bool, alone: bool = False) -> None:
        self.path, self.conn, self.readonly = path, conn, readonly
        self.link_lists, self.reader_names = LinkLists(), ReaderNames()
        self.memories: dict[str, Memory] = {}
        """Those of writers that this room does not know, by name."""
        self._alone = alone
        """It is only read, and nobody had it open."""

    @classmethod
    def open(cls, path: Path | str, *, readonly: bool = False, older: bool = False) -> Self:
        """Open an index, made or migrated unless `readonly`.

        Only the thread that opens it may use and close it.

        Args:
            older: Accept one of an earlier version as it is, if it is only read.
        Raises:
            SetupError: It is not there (`readonly`), cannot be read, is not an index, or is of another version.
        """
        path = Path(path)
        alone = readonly and not any(file.exists() for file in files_beside(path))
        return cls(path, open_database(path, readonly=readonly, older=older), readonly=readonly, alone=alone)

    def close(self) -> None:
        """Close the file; what is only read is left as it was found."""
        self.conn.close()
        if self._alone:
            self._alone = False
            remove_beside(self.path)

    def tidy(self) -> None:
        """Merge the full text and give free pages back to the disk, in bounded time."""
        tidy(self.conn)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Run a block as one transaction; a block inside a block is a savepoint."""
        try:
            if self.conn.in_transaction:
                with self._savepoint():
                    yield
            else:
                with self._transaction():
                    yield
        except BaseException:
            self.link_lists.forget()
            self.reader_names.forget()
            for memory in self.memories.values():
                memory.forget()
            raise

    def snapshot(self) -> AbstractContextManager[None]:
        """Read everything in a block as of its first SELECT."""
        return snapshot(self.conn)

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        self.conn.execute("SAVEPOINT inner_block")
        try:
            yield
        except BaseException:
            # A full disk may have ended the transaction, and the savepoint with it.
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK TO inner_block")
                self.conn.execute("RELEASE inner_block")
            raise
        self.conn.execute("RELEASE inner_block")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        # The write lock at once: a transaction that begins by reading could not wait for it later.
        self.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            renew_events(self.conn)
            index_texts(self.conn)
            self.conn.execute("COMMIT")
        except BaseException:
            self.conn.rollback()
            raise

    def rows(self, sql: str, values: Sequence[Value] = ()) -> Iterator[sqlite3.Row]:
        """Yield the rows of a SELECT.

        Raises:
            SetupError: The file is damaged.
        """
        cursor = self.conn.cursor()
        cursor.row_factory = sqlite3.Row
        try:
            yield from cursor.execute(sql, values)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
                raise unreadable(self.path, error) from error
            raise

    def row_numbers(self, sql: str, values: Sequence[Value] = ()) -> array[int]:
        """The first column of a SELECT of row numbers: 8 bytes each, for many rows."""
        return array("q", (row[0] for row in self.rows(sql, values)))

    def query(self, sql: str, values: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """List the rows of a SELECT; `rows` for many.

        Raises:
            SetupError: The file is damaged.
        """
        return list(self.rows(sql, values))

    def tuples(self, sql: str, values: Sequence[Value] = ()) -> list[Any]:
        """List the rows of a SELECT as plain tuples, for very many.

        Raises:
            SetupError: The file is damaged.
        """
        cursor = self.conn.cursor()
        cursor.row_factory = None
        try:
            return cursor.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
                raise unreadable(self.path, error) from error
            raise


def open_database(path: Path, *, readonly: bool, older: bool = False) -> sqlite3.Connection:
    """Open an index, made or migrated unless `readonly`.

    Args:
        older: Accept an earlier version as it is, if it is only read.
    Raises:
        SetupError: It is not there (`readonly`), cannot be read, is not an index, or is of another version.
        WriteFailed: The disk is full.
    """
    if readonly and not path.is_file():
        raise SetupError(f"{path}: no index there; `scrapy reindex {path.parent}` makes one from the WARCs")
    conn: sqlite3.Connection | None = None
    try:
        conn = _connect(path, readonly)
        _prepare(path, conn, readonly, older)
    except (sqlite3.Error, SetupError) as error:
        if conn is not None:
            conn.close()
        if isinstance(error, sqlite3.Error) and (full := _full(path, error)) is not None:
            raise full from error
        raise unreadable(path, error) if isinstance(error, sqlite3.Error) else error from error
    return conn


def files_beside(path: Path) -> tuple[Path, Path]:
    """Files that SQLite keeps beside an open index: log and shared memory."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def remove_beside(path: Path) -> None:
    """Remove log and shared memory of a read index, unless it is open elsewhere."""
    # One who may write removes both as he closes, if nobody else is there; a reader never does.
    with suppress(sqlite3.Error, OSError):
        if all(file.exists() and not (file.suffix == ".db-wal" and file.stat().st_size) for file in files_beside(path)):
            with closing(sqlite3.connect(path, timeout=0)) as last:
                last.execute("SELECT 1 FROM sqlite_master").fetchone()


def _connect(path: Path, readonly: bool) -> sqlite3.Connection:
    """Connect, for the calling thread only; statements outside `atomic` commit by themselves."""
    uri = path.absolute().as_uri() + ("?mode=ro" if readonly else "?mode=rwc")
    wal = path.with_name(path.name + "-wal")
    if readonly and not os.access(path.parent, os.W_OK) and not (wal.exists() and wal.stat().st_size):
        # WAL needs a place for its shared memory; if there is none and no writer either, the file does not change.
        uri += "&immutable=1"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _prepare(path: Path, conn: sqlite3.Connection, readonly: bool, older: bool) -> None:
    """Check that a database is an index of this version, and migrate it."""
    conn.execute("PRAGMA foreign_keys = ON")
    tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    # The list of migrations is made in a transaction of its own: alone, it is an index that was cut short as it was made.
    tables.discard(MIGRATIONS_TABLE)
    applied, known = applied_migrations(conn), set(MIGRATIONS)
    if tables and not applied:
        raise SetupError(f"{path}: a database, but not an index of ours; move it aside and run `scrapy reindex {path.parent}`")
    if applied - known:
        raise OtherVersion(f"{path}: made by a newer version of this software; update it, or move the file aside and reindex")
    if readonly:
        conn.execute("PRAGMA query_only = ON")
        if known - applied and not (older and applied):
            error = OtherVersion if applied else SetupError
            raise error(f"{path}: {'made by an older version' if applied else 'empty'}; `scrapy reindex {path.parent}` makes it anew")
        return
    _bring_up_to_date(path, conn, new=not tables, older=bool(applied), pending=bool(known - applied))


def _bring_up_to_date(path: Path, conn: sqlite3.Connection, *, new: bool, older: bool, pending: bool) -> None:
    """Set how the file is written, and apply the migrations that it lacks."""
    if new:
        prepare_file(conn)
    mode = conn.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise SetupError(f"{path}: SQLite cannot keep a write-ahead log here (a network file system?); move the collection to a local disk")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute(UNINDEXED)
    if pending:
        if older:
            check_room(path)
        from sqlite_utils import Database

        from crawler.schema.migrations import migrations

        migrations.apply(Database(conn, execute_plugins=False, recursive_triggers=False))
        shrink(conn, path)
    watch(conn)
    if older and pending:
        conn.execute("BEGIN IMMEDIATE")
        renew_all(conn)
        conn.execute("COMMIT")


def _full(path: Path, error: sqlite3.Error) -> WriteFailed | None:
    """The error for a disk without the room that SQLite needs even to read."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        return None
    with suppress(OSError):
        if shutil.disk_usage(path.parent).free < _LEAST_FREE:
            return WriteFailed(path, OSError(errno.ENOSPC, f"the disk is full ({error})"))
    return None


def unreadable(path: Path, error: sqlite3.Error) -> SetupError:
    """The error for a user whose index SQLite cannot read; names the next step."""
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return SetupError(f"{path}: locked by another program for over {BUSY_SECONDS:.0f} seconds; close it and try again")
    advice = f"`scrapy repair {path.parent}` moves it aside and makes it anew from the WARCs"
    return SetupError(f"{path}: cannot be read as an index ({error}); {advice}")
