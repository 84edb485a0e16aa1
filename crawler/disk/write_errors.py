"""Classes of write errors: disk full, damage, fault of one job."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.errors import WriteFailed

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_FATAL = (*_DAMAGE, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)


def is_disk_full(error: BaseException) -> bool:
    """Test if an error says that the disk is full."""
    cause = error.error if isinstance(error, WriteFailed) else error
    if isinstance(cause, OSError):
        return cause.errno in (errno.ENOSPC, errno.EDQUOT)
    return _sqlite_code(cause) == sqlite3.SQLITE_FULL


def is_fatal(error: BaseException) -> bool:
    """Test if an error is the disk's or the file's, not that of one job."""
    return isinstance(error, WriteFailed | OSError | sqlite3.OperationalError) or _sqlite_code(error) in _FATAL


def write_failed(path: Path, error: BaseException) -> WriteFailed:
    """The error for every caller once writing a collection has failed.

    Args:
        path: Of the collection.
    """
    if isinstance(error, WriteFailed):
        return error
    if _sqlite_code(error) in _DAMAGE:
        return WriteFailed(path / "index.db", OSError(errno.EIO, f"{error}; `scrapy repair {path}` makes it anew from the WARCs"))
    if isinstance(error, OSError):
        return WriteFailed(path, error)
    detail = str(error) if isinstance(error, sqlite3.Error) else f"a fault of ours: {type(error).__name__}: {error}; see the log"
    return WriteFailed(path, OSError(errno.EIO, detail))


@contextmanager
def told_if_full(path: Path) -> Iterator[None]:
    """Raise WriteFailed if a block of writes finds the disk full or failing."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if is_disk_full(error) or _sqlite_code(error) == sqlite3.SQLITE_IOERR:
            raise write_failed(path, error) from error
        raise


def closed(path: Path) -> WriteFailed:
    """The error for callers of a collection that is closed."""
    return WriteFailed(path, OSError(errno.EBADF, "the collection is closed"))


def _sqlite_code(error: BaseException) -> int:
    """The primary result code of SQLite, 0 if it is another error."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
