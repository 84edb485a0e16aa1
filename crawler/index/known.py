"""Lookups of single stories, over a read-only connection of their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from crawler.schema.link_lists import links_at


class KnownStories:
    """Single stories of one index by their id; for one thread, the event loop's."""

    def __init__(self, path: Path | None = None) -> None:
        """Connect at first need.

        Args:
            path: Of `index.db`; None for an empty index.
        """
        self._path = path
        self._db: sqlite3.Connection | None = None

    def published(self, story_id: str) -> date | None:
        """The day of publication as printed on the page of a story."""
        return _day(self._value("published", story_id))

    def first_day(self, story_id: str) -> date | None:
        """The day of publication, else that of the first capture."""
        found = self._rows("SELECT published, first_seen FROM stories WHERE id = ?", (story_id,))
        return (_day(found[0][0]) or _day(found[0][1])) if found else None

    def versions(self, story_id: str) -> int:
        """Number of versions of a story; 0 if it is unknown."""
        return int(str(self._value("versions", story_id) or 0))

    def linked_on(self, site: str, role: str, wanted: Callable[[str], bool]) -> Iterator[str]:
        """Yield the addresses ever linked on pages of a role whose own address is wanted."""
        pages = self._rows("SELECT DISTINCT url FROM captures WHERE site = ? AND role = ?", (site, role))
        for (page,) in pages:
            if wanted(page):
                captures = self._rows("SELECT id FROM captures WHERE url = ? AND role = ?", (page, role))
                yield from self._linked_at([capture for (capture,) in captures])

    def _linked_at(self, captures: Sequence[int]) -> Iterator[str]:
        if self._db is not None:
            yield from dict.fromkeys(url for _, _, url, _ in links_at(self._db, captures))

    def rows(self, sql: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
        """Run a SELECT on the index as last committed; none if there is no index."""
        return self._rows(sql, values)

    def _value(self, column: str, story_id: str) -> object:
        found = self._rows(f"SELECT {column} FROM stories WHERE id = ?", (story_id,))
        return found[0][0] if found else None

    def _rows(self, sql: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
        if self._path is None:
            return []
        if self._db is None:
            self._db = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        return self._db.execute(sql, values).fetchall()

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
