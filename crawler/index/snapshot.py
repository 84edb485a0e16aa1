"""Several SELECTs of one moment, while other processes write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def snapshot(conn: sqlite3.Connection) -> Iterator[None]:
    """Read everything in a block as of its first SELECT.

    Inside a transaction it is so already.
    """
    if conn.in_transaction:
        yield
        return
    conn.execute("BEGIN")
    try:
        yield
    finally:
        conn.commit()  # nothing, where an error has ended it
