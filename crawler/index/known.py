"""What the index knows of single stories, over a read-only connection of its own."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path


class KnownStories:
    """Single stories of one index by their id; for one thread, the event loop's."""

    def __init__(self, path: Path | None = None) -> None:
        """Connect at first need.

        Args:
            path: Of `index.db`; None for an index that knows nothing.
        """
        self._path = path
        self._db: sqlite3.Connection | None = None

    def published(self, story_id: str) -> date | None:
        """The day of publication that the page of a story prints."""
        return _day(self._value("published", story_id))

    def first_seen(self, story_id: str) -> date | None:
        """The day of a story's first capture that shows it."""
        return _day(self._value("first_seen", story_id))

    def versions(self, story_id: str) -> int:
        """How many versions of a story are held; 0 where none was ever read."""
        return int(str(self._value("versions", story_id) or 0))

    def _value(self, column: str, story_id: str) -> object:
        if self._path is None:
            return None
        if self._db is None:
            self._db = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        found = self._db.execute(f"SELECT {column} FROM stories WHERE id = ?", (story_id,)).fetchone()
        return found[0] if found else None

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._db is not None:
            self._db.close()
            self._db = None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
