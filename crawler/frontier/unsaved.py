"""Rows that were changed and are not committed yet."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crawler.frontier.changes import Changed, RowChanges
from crawler.frontier.rows import FrontierRow

Submit = Callable[[Callable[[sqlite3.Connection], None], Callable[[], None]], None]
"""Takes a change, and a function to call in the caller's thread once it is committed."""


class Unsaved:
    """Rows laid over the table until the writer has committed them.

    Args:
        submit: Hands a change to the collection's writer, which commits changes in order.
        on_commit: Told of each row that is in the table now as it is in memory.
    """

    def __init__(self, submit: Submit, on_commit: Callable[[FrontierRow], None]) -> None:
        self.rows: dict[str, FrontierRow] = {}
        """The latest form of each, by key."""
        self._submit, self._on_commit = submit, on_commit
        self._gathered: dict[str, Changed] | None = None

    def put(self, row: FrontierRow, was: FrontierRow | None) -> None:
        """Have the writer save a row.

        Args:
            was: As it stood before, or None if it is new.
        """
        self.rows[row.key] = row
        if self._gathered is None:
            self._hand_over({row.key: (was, row)})
        else:
            self._gathered[row.key] = self._gathered.get(row.key, (was, row))[0], row

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Have all rows put meanwhile saved in one piece of work."""
        self._gathered = {}
        try:
            yield
        finally:
            changes, self._gathered = self._gathered, None
            self._hand_over(changes)

    def _hand_over(self, changes: dict[str, Changed]) -> None:
        versions = [(key, row.version) for key, (_, row) in changes.items()]

        def committed() -> None:
            for key, version in versions:
                if (current := self.rows.get(key)) and current.version == version:
                    del self.rows[key]
                    self._on_commit(current)

        if changes:
            self._submit(RowChanges(changes), committed)
