"""Opening `index.db`: for writing or only for reading, ours or refused with a word on what to do."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from crawler.errors import SetupError
from crawler.index.migrations import chapters, migrations

BUSY_SECONDS = 30.0


class OtherVersion(SetupError):
    """An index that another version of this software made: nothing is wrong with it."""


def open_database(path: Path, *, readonly: bool, older: bool = False) -> Database:
    """Open an index, made or brought up to date unless `readonly`.

    Args:
        older: Take one of an earlier version as it is, where it is only read.
    Raises:
        SetupError: It is not there (`readonly`), cannot be read, is not an index, or is of another version.
    """
    if readonly and not path.is_file():
        raise SetupError(f"{path}: no index there; `scrapy reindex {path.parent}` makes one from the WARCs")
    conn: sqlite3.Connection | None = None
    try:
        conn = _connect(path, readonly)
        db = Database(conn, execute_plugins=False, recursive_triggers=False)
        _prepare(path, db, readonly, older)
    except (sqlite3.Error, SetupError) as error:
        if conn is not None:
            conn.close()
        raise unreadable(path, error) if isinstance(error, sqlite3.Error) else error from error
    return db


def _connect(path: Path, readonly: bool) -> sqlite3.Connection:
    """One connection for the thread that opens it: SQLite refuses it in any other. Statements outside `atomic` commit by themselves."""
    uri = path.absolute().as_uri() + ("?mode=ro" if readonly else "?mode=rwc")
    wal = path.with_name(path.name + "-wal")
    if readonly and not os.access(path.parent, os.W_OK) and not (wal.exists() and wal.stat().st_size):
        # WAL needs a place for its shared memory; where there is none and no writer either, the file stands still.
        uri += "&immutable=1"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _prepare(path: Path, db: Database, readonly: bool, older: bool) -> None:
    """Check that it is ours and of our time; bring it up to date."""
    conn = db.conn
    conn.execute("PRAGMA foreign_keys = ON")
    tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    # The list of migrations is made in a transaction of its own: alone, it is an index that was cut short as it was made.
    tables.discard(migrations.migrations_table)
    applied, known = {m.name for m in migrations.applied(db)}, chapters()
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
    mode = conn.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise SetupError(f"{path}: SQLite cannot keep a write-ahead log here (a network file system?); move the collection to a local disk")
    conn.execute("PRAGMA synchronous = FULL")
    migrations.apply(db)


def unreadable(path: Path, error: sqlite3.Error) -> SetupError:
    """The error that tells the user what SQLite could not do with the file."""
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return SetupError(f"{path}: locked by another program for over {BUSY_SECONDS:.0f} seconds; close it and try again")
    mend = f"`scrapy repair {path.parent}` moves it aside and makes it anew from the WARCs"
    return SetupError(f"{path}: cannot be read as an index ({error}); {mend}")
